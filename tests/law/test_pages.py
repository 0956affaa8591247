"""docs/law is what the rules say today, and reads as Danish."""

import dataclasses
import re
import typing
from io import BytesIO
from pathlib import Path

import pytest

from snerydder.law import facts, rulebook
from snerydder.law.__main__ import DOCS, STORIES, main, write
from snerydder.law.catalogue import extract
from snerydder.law.labels import CHOICES, FIELDS, PARTS, STEPS, field_label
from snerydder.law.pages import pages

PAGES = pages(STORIES)
PACKS = Path(rulebook.__file__).parent / "packs"


def test_the_pages_are_fresh() -> None:
    on_disk = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
    stale = sorted(name for name in PAGES.keys() | on_disk.keys() if PAGES.get(name) != on_disk.get(name))
    assert not stale, f"run python -m snerydder.law docs: {stale}"


def test_a_page_without_a_rule_is_removed(tmp_path: Path) -> None:
    (tmp_path / "chk-77.md").write_text("gammel", encoding="utf-8")
    assert write(tmp_path) == len(PAGES)
    assert {path.name for path in tmp_path.iterdir()} == set(PAGES)


def test_what_was_not_read_is_marked() -> None:
    assert "**ikke læst i kilden**" in PAGES["chk-19.md"].lower()
    assert "Reglen må ikke stoppe nogen" not in PAGES["chk-05.md"]
    assert "advarer reglen kun" in PAGES["chk-18.md"]
    row = next(line for line in PAGES["README.md"].splitlines() if "chk-33" in line)
    assert "advarer" in row and "**ikke læst i kilden**" in row


def test_every_link_leads_somewhere() -> None:
    for name, text in PAGES.items():
        for target in re.findall(r"\]\(([^)]+)\)", text):
            if target.startswith("http"):
                continue
            page, _, anchor = target.partition("#")
            assert page in PAGES, f"{name}: {target}"
            assert not anchor or f'<a id="{anchor}"></a>' in PAGES[page], f"{name}: {target}"


def test_no_key_of_the_program_shows() -> None:
    for name, text in PAGES.items():
        prose = re.sub(r"<!--.*?-->|\([^)]*\)|`[^`]*`|<[^>]*>", "", text)
        assert not re.search(r"\b[a-z]+_[a-z_]+\b|\{|\bTrue\b|\bNone\b", prose), name


def test_every_field_and_step_has_a_name() -> None:
    parts = typing.get_type_hints(facts.Facts)
    assert set(PARTS) == set(parts)
    assert set(FIELDS) == {f.name for part in parts.values() for f in dataclasses.fields(part)}
    assert set(STEPS) == {"grant", "agreement", "start", "follow_up", "closing", "refusal", "payment", "nightly"}
    assert all(rulebook.choices(kind) for kind in CHOICES.values())
    assert field_label("grant.end") == "Bevillingen: sidste dag"


def test_the_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "docs" in capsys.readouterr().out


def test_the_catalogue_gets_the_texts_of_the_packs() -> None:
    def found(name: str) -> dict[str, int]:
        rows = extract(BytesIO((PACKS / name).read_bytes()), (), (), {})
        return {text: line for line, _, text, _ in rows}

    assert {"jobcenteret", "kommunen"} <= found("words.toml").keys()
    assert {"Samtale", "Bisidder i retten"} <= found("tasks.toml").keys()
    assert "flere borgere deler mentorens timer" in found("choices.toml")
    assert "none" not in found("lab_26_mentor.toml")
    line = found("tasks.toml")["Samtale"]
    assert "Samtale" in (PACKS / "tasks.toml").read_text(encoding="utf-8").splitlines()[line - 1]
