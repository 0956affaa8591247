"""A pack that contradicts itself is refused, with file and line."""

import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from snerydder.law import rulebook
from snerydder.law.packs import RulebookError, load
from snerydder.law.sources import Standing

PACKS = Path(rulebook.__file__).parent / "packs"

HEAD = '[a.b]\nlabel = "Noget"\nunit = "uger"\n'
VALUE = '[[a.b.values]]\nfrom = {start}\nvalue = {value}\nsource = "lab-6"\nstanding = "read"\nread = 2026-11-01\n'


def value(start: str, number: str = "4", extra: str = "") -> str:
    return VALUE.format(start=start, value=number) + extra


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(PACKS / "sources.toml", tmp_path)
    return tmp_path


def refusal(folder: Path, text: str, name: str = "new.toml") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load(folder)
    return str(caught.value)


def test_it_takes_values_in_any_order_and_closes_each_the_day_before_the_next(folder: Path) -> None:
    (folder / "new.toml").write_text(HEAD + value("2022-01-01", "6") + value("2020-01-01", '"none"'), encoding="utf-8")
    old, new = load(folder).entries["a.b"].values
    assert (str(old.start), str(old.until), old.value) == ("2020-01-01", "2021-12-31", None)
    assert (str(new.start), new.until, new.value) == ("2022-01-01", None, 6)


def test_a_value_may_hold_one_day_and_end_on_the_eve_of_the_next(folder: Path) -> None:
    text = HEAD + value("2020-01-01", extra="until = 2020-01-01\n") + value("2020-01-02", "5")
    (folder / "new.toml").write_text(text, encoding="utf-8")
    assert [found.value for found in load(folder).entries["a.b"].values] == [4, 5]


def test_a_change_is_a_new_value_or_a_new_standing_and_nothing_else(folder: Path) -> None:
    same, other, unread = value("2021-01-01"), value("2022-01-01", "5"), value("2023-01-01", "5")
    unread = unread.replace('standing = "read"', 'standing = "assumed"')
    (folder / "new.toml").write_text(HEAD + value("2020-01-01") + same + other + unread, encoding="utf-8")
    assert [str(day) for day in load(folder).entries["a.b"].change_dates] == ["2022-01-01", "2023-01-01"]


def test_it_says_where_two_values_begin_on_the_same_day(folder: Path) -> None:
    said = refusal(folder, HEAD + value("2020-01-01") + value("2020-01-01", "5"))
    assert said == "new.toml:10: 'a.b' overlapper værdien på linje 4 (fra 2020-01-01)"


def test_it_says_where_a_value_reaches_into_the_next(folder: Path) -> None:
    said = refusal(folder, HEAD + value("2020-01-01", extra="until = 2022-01-01\n") + value("2022-01-01", "5"))
    assert said.startswith("new.toml:11: 'a.b' overlapper")


def test_a_gap_must_be_written(folder: Path) -> None:
    said = refusal(folder, HEAD + value("2020-01-01", extra="until = 2021-01-01\n") + value("2022-01-01", "5"))
    assert said.startswith("new.toml:11: 'a.b' har et hul") and 'value = "none"' in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + value("2020-01-01", extra="until = 2019-01-01\n"), "new.toml:4: slutter 2019-01-01, før den begynder"),
        (HEAD + value("2020-01-01").replace("lab-6", "lab-66"), "new.toml:4: kilden 'lab-66' står ikke"),
        (HEAD + value("2020-01-01").replace('"read"', '"sure"'), "new.toml:4: 'standing' skal være"),
        (HEAD + value("2020-01-01").replace("read = 2026-11-01\n", ""), "new.toml:4: mangler 'read'"),
        (HEAD + value("2020-01-01").replace("value = 4\n", ""), "new.toml:4: mangler 'value'"),
        (HEAD + value('"i går"'), "new.toml:4: 'from' har en forkert type"),
        (HEAD + value("2020-01-01", extra="untill = 2021-01-01\n"), "new.toml:4: ukendt felt: untill"),
        ("\n" + HEAD.replace('unit = "uger"\n', "") + value("2020-01-01"), "new.toml:2: mangler 'unit'"),
        (HEAD + "values = []\n", "new.toml:1: 'a.b' har ingen værdier"),
        (HEAD + "[a.b\n", "new.toml:4: kan ikke læses"),
    ],
)
def test_it_names_the_line_of_a_fault(folder: Path, text: str, said: str) -> None:
    assert refusal(folder, text).startswith(said)


def test_a_key_lives_in_one_pack(folder: Path) -> None:
    (folder / "first.toml").write_text(HEAD + value("2020-01-01"), encoding="utf-8")
    assert refusal(folder, HEAD + value("2020-01-01")) == "new.toml:4: 'a.b' står også i first.toml"


def test_a_choice_stands_once(folder: Path) -> None:
    row = '[[party]]\nkey = "citizen"\nname = "Borgeren"\n'
    assert refusal(folder, row + row, "choices.toml") == "choices.toml:4: 'citizen' står to gange"


def test_a_source_says_what_kind_it_is(folder: Path) -> None:
    text = (PACKS / "sources.toml").read_text(encoding="utf-8").replace('kind = "norm"', 'kind = "rygte"')
    assert re.match(r"sources.toml:\d+: 'kind' er ukendt: 'rygte'", refusal(folder, text, "sources.toml"))


def test_every_value_can_be_traced() -> None:
    for entry in rulebook.entries().values():
        for found in entry.values:
            source = rulebook.sources()[found.source]
            assert source.address or source.kind == "norm", f"{entry.key}: no address"
            assert not (source.standing is not Standing.READ and found.standing is Standing.READ), (
                f"{entry.key}: read, though its source {source.key} is not"
            )


def test_what_was_not_read_says_why() -> None:
    for source in rulebook.sources().values():
        assert source.standing is Standing.READ or source.note, source.key
    for entry in rulebook.entries().values():
        for found in entry.values:
            explained = found.note or rulebook.sources()[found.source].standing is not Standing.READ
            assert found.standing is Standing.READ or explained, entry.key


def test_a_norm_of_the_municipality_is_never_law() -> None:
    local = [entry for entry in rulebook.entries().values() if entry.is_local]
    assert local
    for entry in local:
        assert {rulebook.sources()[found.source].kind for found in entry.values} <= {"norm", "trial"}


REPLACES = '[replaces]\nfrom = 2027-01-01\nby = "{by}"\nsources = ["{source}"]\n'


def test_a_text_that_gives_way_to_an_unread_one_is_unread_from_that_day(folder: Path) -> None:
    (folder / "new.toml").write_text(REPLACES.format(by="lov-2027", source="lab-6"), encoding="utf-8")
    source = load(folder).sources["lab-6"]
    assert [source.standing_on(day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [Standing.READ, Standing.ASSUMED]


@pytest.mark.parametrize(
    ("by", "source", "said"),
    [("lov-2027", "lab-66", "new.toml:1: kilden 'lab-66'"), ("lov-66", "lab-6", "new.toml:1: kilden 'lov-66'"), ("il-23d", "lab-6", "new.toml:1: 'il-23d' er læst")],
)
def test_only_an_unread_text_that_is_known_may_be_said_to_come(folder: Path, by: str, source: str, said: str) -> None:
    text = REPLACES.format(by=by, source=source)
    assert refusal(folder, text).startswith(said)


@pytest.mark.parametrize("verb", ["serve", "demo"])
def test_a_pack_that_contradicts_itself_stops_the_start_with_file_and_line(tmp_path: Path, verb: str) -> None:
    """The whole program, not only the reading of packs: one sentence, before the database or anything else is touched."""
    package = PACKS.parents[1]
    shutil.copytree(package, tmp_path / "snerydder", ignore=shutil.ignore_patterns("__pycache__", "static", "templates", "node_modules", "locale"))
    broken = tmp_path / "snerydder" / "law" / "packs" / "local.toml"
    text = broken.read_text(encoding="utf-8")
    row = text[text.index("[[norm.silent_days.values]]") : text.index("[norm.expiry_warning_weeks]")]
    broken.write_text(text.replace(row, row + row), encoding="utf-8")
    line = text[: text.index(row)].count("\n") + row.count("\n") + 1
    environment = {"PYTHONPATH": str(tmp_path), "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-m", "snerydder", verb, "--port", "0"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "") and "Traceback" not in done.stderr
    assert f"local.toml:{line}: 'norm.silent_days' overlapper" in done.stderr and "intet er startet" in done.stderr
