"""The report as it is sent: says it plainly, stands alone, and is the same every time."""

import html
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from snerydder.study import data, demo, gate, protocol, provenance, tables, writing
from snerydder.study.progress import ENGLISH, Progress
from snerydder.study.report import made, png
from snerydder.study.words import Words


def test_it_opens_with_the_finding_in_words(trial):
    first = re.search(r'<p class="lead">(.*?)</p>', trial.html)[1]
    assert re.sub(r"<[^>]+>", "", first).replace("\u00a0", " ") == (
        "Et år efter lodtrækningen var 16,1 % af dem, der blev tilbudt en mentor, i SU-berettiget uddannelse, mod 12,4 % i kontrolgruppen: "
        "en effekt på +3,7 procentpoint (90 %-interval +1,4 til +5,9)."
    )


@pytest.mark.parametrize("words", ["12\u00a0% → 16\u00a0%", "5\u00a0% → 7\u00a0%", "statistisk sikker fra uge 50", "fra uge 52", "statistisk sikker fra uge 60", "Det kan man ikke slutte", "ingen enkelt uge skelnes fra tilfældighed", "4,27", "23,81", "Opdigtede data"])
def test_it_shows(trial, words):
    assert words in trial.html


def test_it_stands_alone(trial):
    assert not re.findall(r'(?:src|href)="(?!#)', trial.html) and "<script" not in trial.html and "@import" not in trial.html
    assert "http" not in trial.html.replace("http://www.w3.org/2000/svg", "")


class Outline(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.targets, self.headings, self.labels, self.tables, self.captions = [], [], [], [], 0, 0

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.targets.append(values["href"][1:])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.labels += values.get("aria-labelledby", "").split()
        self.tables += tag == "table"
        self.captions += tag == "caption"


def test_it_can_be_read_by_everybody(trial):
    page = Outline()
    page.feed(trial.html)
    assert len(page.ids) == len(set(page.ids))
    assert set(page.targets + page.labels) <= set(page.ids)
    assert page.headings[0] == 1 and page.headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(page.headings, page.headings[1:], strict=False))
    assert page.tables == page.captions > 5


def test_every_figure_has_its_table_folded_beneath_it(trial):
    figures = re.findall(r"<figure.*?</figure>", trial.html, re.DOTALL)
    assert len(figures) >= 9
    for figure in figures:
        assert "<details>" in figure and "<caption>" in figure
        name = re.search(r'data-figure="([^"]+)"', figure)[1]
        assert (trial.report.parent / f"{made.table(name)}.csv").is_file(), name


def test_every_figure_says_how_it_is_counted_and_what_it_was_made_of(trial):
    files = json.loads((trial.report.parent / "provenance.json").read_text(encoding="utf-8"))["files"]
    for figure in re.findall(r"<figure.*?</figure>", trial.html, re.DOTALL):
        told = re.search(r'<p class="made">(.*?)</p>', figure)[1]
        assert re.search(r'class="formula">[^<]+<', told)
        assert files["study.toml"][:12] in told and files["data/dream.csv"][:12] in told


def figure_files(trial, kind):
    return sorted((trial.report.parent / "figures").glob(f"*.{kind}"))


def test_every_figure_is_a_file_too_and_is_well_formed(trial):
    from xml.etree import ElementTree

    shown = len(re.findall("<figure[ >]", trial.html))
    assert len(figure_files(trial, "svg")) == len(figure_files(trial, "png")) == shown
    for file in figure_files(trial, "svg"):
        root = ElementTree.parse(file).getroot()  # noqa: S314  # our own file
        assert root.find("{*}title").text and root.find("{*}desc").text


def test_every_figure_has_its_words_in_the_png_too(trial):
    """The letters are in the package: where a machine has none, a figure must not come out without words."""
    for file in figure_files(trial, "svg"):
        drawn = file.read_text(encoding="utf-8")
        without = re.sub("<text.*?</text>", "", drawn)
        assert drawn != without
        made = file.with_suffix(".png").read_bytes()
        assert made.startswith(b"\x89PNG") and int.from_bytes(made[16:20], "big") == 1140
        assert len(made) > len(png.png(without)) + 2000, file.name


def test_the_letters_of_the_figures_hold_every_sign_that_is_written(trial, tmp_path):
    from itertools import chain

    covered = {*map(chr, chain(range(0x20, 0x7F), range(0xA0, 0x180))), *"–—‘’“”•…→−≈≠≤≥∞Δ"}
    writing.write(tmp_path, trial.protocol, gate.apply(trial.found, trial.data), provenance.trace(trial.protocol, trial.data.reading), english=True)
    for file in [*figure_files(trial, "svg"), *sorted((tmp_path / "figures").glob("*.svg"))]:
        assert set(re.sub("<[^>]+>", "", file.read_text(encoding="utf-8"))) - {"\n"} <= covered, file.name


BARE = (
    "import runpy, sys\n"
    "class Gone:\n"
    "    def find_spec(self, name, path=None, target=None):\n"
    "        if name.partition('.')[0] in ('django', 'psycopg', 'jinja2', 'statsmodels', 'pandas'): raise ModuleNotFoundError(name)\n"
    "sys.meta_path.insert(0, Gone())\n"
    "runpy.run_module('snerydder', run_name='__main__', alter_sys=True)\n"
)


@pytest.fixture(scope="module")
def again(trial, tmp_path_factory):
    """The command once more from the files, in a process of its own where there is no Django: what it said, and where it wrote."""
    folder = tmp_path_factory.mktemp("again")
    return subprocess.run([sys.executable, "-c", BARE, "study", "run", str(trial.file), "--out", str(folder)], capture_output=True, text=True), folder


def test_the_same_input_gives_the_same_bytes(trial, again):
    """Report, figures, tables, all of it."""
    done, folder = again
    assert done.returncode == 0, done.stderr
    assert "12,4 → 16,1 %" in done.stdout and str(folder / "report.html") in done.stdout
    names = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert {path.suffix for path in names} == {".html", ".json", ".csv", ".parquet", ".svg", ".png"}
    assert names == sorted(path.relative_to(trial.report.parent) for path in trial.report.parent.rglob("*") if path.is_file())
    for name in names:
        assert (folder / name).read_bytes() == (trial.report.parent / name).read_bytes(), name


def test_a_run_tells_how_far_it_is(trial, tmp_path):
    log = io.StringIO()
    progress = Progress(10, log)
    progress.stage("læser")
    progress.stage("læser")
    progress.step(5)
    progress.stage("regner")
    assert log.getvalue() == "læser ...\nregner ...\n"  # in a log: a line a stage, once

    told = io.StringIO()
    for stage in ENGLISH:
        Progress(10, told, english=True).stage(stage)
    assert not re.search(r"[æøåÆØÅ]|regner|finder", told.getvalue()) and "drawing lots again ..." in told.getvalue()

    class Screen(io.StringIO):
        def isatty(self):
            return True

    screen = Screen()
    progress = Progress(10, screen)
    progress.stage("læser")
    progress.step(5)
    progress.step(50)
    progress.close()
    shown = screen.getvalue().split("\r\033[K")
    assert [line[-12:] for line in shown[1:]] == ["   0 %  læser"[-12:], "  50 %  læser"[-12:], " 100 %  læser"[-12:], ""]
    assert shown[2].count("█") == shown[2].count("░") == 12


def documented():
    text = (Path(__file__).parents[2] / "docs" / "method" / "tables.md").read_text(encoding="utf-8")
    found = {}
    for part in text.split("\n## ")[1:]:
        cells = re.findall(r"^\| (`.+?) \|", part, re.M)
        found[part.split("\n")[0].strip()] = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    return found


def test_every_table_has_the_documented_columns_in_both_forms(trial):
    told = documented()
    assert told == {name: list(columns) for name, columns in tables.COLUMNS.items()}
    written = {file.stem for file in trial.report.parent.glob("*.csv")}
    assert written == {file.stem for file in trial.report.parent.glob("*.parquet")} == set(told) - {"compared", "described"}
    kinds = {str: pl.String, int: pl.Int64, float: pl.Float64}
    for name, columns in tables.COLUMNS.items():
        if name in ("compared", "described"):  # only without a lottery
            continue
        parquet = pl.read_parquet(trial.report.parent / f"{name}.parquet")
        assert dict(parquet.schema) == {column: kinds[kind] for column, kind in columns.items()}
        again = pl.read_csv(trial.report.parent / f"{name}.csv", schema=dict(parquet.schema), null_values=[""])
        same = parquet.with_columns(pl.col(pl.String).fill_null(""))
        assert again.with_columns(pl.col(pl.String).fill_null("")).equals(same), name


def test_the_tables_and_the_report_say_the_same(trial):
    weekly = pl.read_parquet(trial.report.parent / "weekly.parquet").filter((pl.col("outcome") == "su_education") & (pl.col("week") == 52))
    assert Words().percent(weekly["share_treated"][0]) in trial.html and Words().percent(weekly["share_control"][0]) in trial.html
    written = (trial.report.parent / "results.json").read_text(encoding="utf-8")
    assert "psi" not in written and len(written) < 1_500_000  # nothing about single persons
    found = json.loads(written)
    assert found["outcomes"][0]["effect"]["effect"] == pytest.approx(weekly["effect"][0], abs=1e-9)


def test_provenance_names_every_file_by_its_hash_and_no_place(trial):
    told = json.loads((trial.report.parent / "provenance.json").read_text())
    assert set(told["files"]) == {"study.toml", *(f"data/{name}.csv" for name in ("dream", "lodtraekning", "personer", "kontakter", "mentorer", "koder", "sagsbehandlere", "opfoelgning", "forloeb", "jobcentre", "tilsyn"))}
    assert all(re.fullmatch("[0-9a-f]{64}", mark) for mark in told["files"].values())
    assert str(trial.folder) not in json.dumps(told) + trial.html


def given_words(read, found):
    """What the protocol and the files named; the report may not translate those."""
    yield read.title
    yield from (one.name for one in (*read.background, *read.interactions))
    yield from (place.name for place in found.places)
    for group in read.subgroups:
        yield from (group.name, *group.labels)
    yield from (one["name"] for one in read.questions)
    yield from (one["name"] for one in read.answer_list)
    yield read.survey["title"]
    for kind in (*found.mapped.courses.kinds, *(group.group for group in found.mapped.courses.minutes)):
        yield kind.replace("_", " ")


DANISH = r"\b(og|ikke|uge|uger|deltagere|deltagerne|mod|fra|til|andel|andele|forskel|personer|bevilling|kommune|kommunen|efter|lodtrækning|lodtrækningen|hvis|eller|kroner pr|der|det|den|som|af|er|var)\b|[æøåÆØÅ]"


def test_english_leaves_no_danish_words_of_ours(trial, tmp_path):
    writing.write(tmp_path, trial.protocol, gate.apply(trial.found, trial.data), provenance.trace(trial.protocol, trial.data.reading), english=True)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    page = re.sub(r'<svg[^>]*aria-labelledby="(?:parts|places|definitions)-.*?</desc>.*?</svg>', "", page, flags=re.DOTALL)  # names of groups, cut where there is no room
    text = re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))
    labels = " ".join(re.findall(r'aria-label="([^"]*)"', page))
    text = re.sub(r"\S+\.(csv|toml)", "", f"{text} {labels}")
    for given in sorted(given_words(trial.protocol, trial.found), key=len, reverse=True):
        text = text.replace(html.escape(given), "").replace(given, "").replace(given[:1].lower() + given[1:], "")
    assert 'lang="en"' in page and "16.1" in page
    assert [text[max(found.start() - 40, 0) : found.end() + 40] for found in re.finditer(DANISH, text)] == []


def test_numbers_as_each_language_writes_them():
    da, en = Words(), Words(english=True)
    assert (da.number(1234567.891, 2), en.number(1234567.891, 2)) == ("1.234.567,89", "1,234,567.89")
    assert (da.number(-0.004, 2), da.number(-0.4, 1), da.points(0.0004), da.points(0.041)) == ("0,00", "−0,4", "0,0", "+4,1")
    assert (da.p(0.00001), da.p(0.05), da.number(float("nan"))) == ("<\u00a00,001", "0,050", "–")


def test_parquet_is_read_as_the_csv_is(trial, tmp_path):
    read = protocol.read(demo.write(tmp_path, form="parquet"))
    assert read.register["file"].endswith(".parquet")
    loaded = data.load(read)
    assert (loaded.seen.grid() == trial.data.seen.grid()).all() and loaded.persons == trial.data.persons
    assert np.array_equal(loaded.seen.in_month("grad"), trial.data.seen.in_month("grad"), equal_nan=True)


def test_the_study_runs_where_there_is_no_django(again):
    done, _folder = again
    assert done.returncode == 0, done.stderr
    assert "12,4 → 16,1 %" in done.stdout


def test_the_report_says_where_the_season_falls(trial):
    """Draws from August to November meet the next school year 39 to 52 weeks later."""
    said = trial.html.replace("\u00a0", " ")
    assert "lodtrækningerne lå fra august til november" in said and "Et skoleår begynder derfor omkring uge 39-52" in said


def test_a_number_and_its_sign_stay_together(trial):
    assert not re.search(r"\d %", trial.html[trial.html.index("<main") :])


def grey(colour):
    """How light a colour is on a grey print, 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_keep_apart_in_grey():
    from snerydder.study.report import durations, svg

    assert abs(grey(svg.TREATED) - grey(svg.CONTROL)) > 0.15 and abs(grey(svg.BAND) - grey(svg.BAND_WIDE)) > 0.15
    assert all(abs(grey(one) - grey(other)) > 0.12 for one, other in zip(durations.STACK, durations.STACK[1:], strict=False))


def test_small_counts_are_not_in_the_report(trial, tmp_path):
    """A week in which three controls had the outcome shows neither arm's share, and a part of three persons no number."""
    from dataclasses import replace

    one = trial.found.outcomes[0]
    few = one.yes_control.copy()
    few[10] = 3
    split = one.splits[0]
    small = replace(split, parts=(replace(split.parts[0], persons=3), *split.parts[1:]))
    found = replace(trial.found, outcomes=(replace(one, yes_control=few, splits=(small, *one.splits[1:])), *trial.found.outcomes[1:]))
    writing.write(tmp_path, trial.protocol, gate.apply(found, trial.data), provenance.trace(trial.protocol, trial.data.reading))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    table = page[page.index("Uddannelse uge for uge</caption>") :]
    row = re.search(r'<tr><th scope="row">10</th>(.*?)</tr>', table)[1]
    assert re.findall(r"<td class=n>(.*?)</td>", row)[:2] == ["·", "·"] and "(3/" not in row
    before = trial.html[trial.html.index("Uddannelse uge for uge</caption>") :]
    assert "/1289)" in re.search(r'<tr><th scope="row">10</th>(.*?)</tr>', before)[1]
    assert "under 4 (·)" in page and "under 4 (3)" not in page and "under 4 (505)" in trial.html
