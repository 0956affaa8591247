"""The report as it is sent: says it plainly, stands alone, and is the same every time."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest

from snerydder.study import data, demo, protocol, provenance, writing
from snerydder.study.report.words import Words


def test_it_opens_with_the_finding_in_words(trial):
    first = re.search(r'<p class="lead">(.*?)</p>', trial.html)[1]
    assert re.sub(r"<[^>]+>", "", first).replace("\u00a0", " ") == (
        "Et år efter lodtrækningen var 16,1 % af dem, der blev tilbudt en mentor, i SU-berettiget uddannelse, mod 12,4 % i kontrolgruppen: 3,7 procentpoint flere."
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
    figures = re.findall(r"<figure>.*?</figure>", trial.html, re.DOTALL)
    assert len(figures) == 9
    for figure in figures:
        assert "<details>" in figure and "<caption>" in figure


def test_every_figure_is_a_file_too_and_is_well_formed(trial):
    from xml.etree import ElementTree

    files = sorted((trial.report.parent / "figures").glob("*.svg"))
    assert len(files) == 9
    for file in files:
        root = ElementTree.parse(file).getroot()  # noqa: S314  # our own file
        assert root.find("{*}title").text and root.find("{*}desc").text


def test_the_same_input_gives_the_same_bytes(trial, tmp_path):
    """Once more from the files, in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "snerydder", "study", "run", str(trial.file), "--out", str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "12,4 → 16,1 %" in done.stdout and str(tmp_path / "report.html") in done.stdout
    names = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(names) == 18
    for name in names:
        assert (tmp_path / name).read_bytes() == (trial.report.parent / name).read_bytes(), name


def test_provenance_names_every_file_by_its_hash_and_no_place(trial):
    told = json.loads((trial.report.parent / "provenance.json").read_text())
    assert set(told["files"]) == {"study.toml", *(f"data/{name}.csv" for name in ("dream", "lodtraekning", "personer", "kontakter", "mentorer", "koder"))}
    assert all(re.fullmatch("[0-9a-f]{64}", mark) for mark in told["files"].values())
    assert str(trial.folder) not in json.dumps(told) + trial.html


def test_english_leaves_no_danish_words_of_ours(trial, tmp_path):
    writing.write(tmp_path, trial.protocol, trial.found, provenance.trace(trial.protocol, trial.data.reading), english=True)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", page, flags=re.S))
    for given in (trial.protocol.title, str(trial.protocol.prices["source"]), *(one.name for one in trial.protocol.background), *(place.name for place in trial.found.places)):
        text = text.replace(given, "")
    text = re.sub(r"\S+\.csv", "", text)
    for group in trial.protocol.subgroups:
        for label in (group.name, *group.labels):
            text = text.replace(label, "")
    assert 'lang="en"' in page and "16.1" in page
    assert not re.findall(r"\b(og|ikke|uge|deltagere|mod|fra|andel|forskel|personer|bevilling)\b", text, re.IGNORECASE)


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


def test_the_study_runs_where_there_is_no_django(trial):
    code = (
        "import sys\n"
        "class Gone:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in ('django', 'psycopg', 'jinja2', 'statsmodels', 'pandas'): raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Gone())\n"
        "from snerydder.cli import main\n"
        f"sys.exit(main(['study', 'check', {str(trial.file)!r}]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "2588 personer" in done.stdout
