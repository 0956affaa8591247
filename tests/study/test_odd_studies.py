"""Thirty odd studies, each to a report without a wrong word or to a refusal that names its cause; and their numbers counted again by other programs."""

import pytest

from snerydder.evaluation.papers import parts, pdf, som, word
from snerydder.study import command
from snerydder.study.report import png
from tests.study import judged, odd_studies

SHAPES = range(30)  # `python -m tests.study.odd_studies` runs thousands
PAPERS = 446  # two weeks, one of them in the summary


@pytest.mark.parametrize("seed", SHAPES)
def test_an_odd_study_ends_in_a_report_or_a_plain_refusal(tmp_path, monkeypatch, seed):
    monkeypatch.setattr(png, "png", lambda svg: svg.encode())  # the drawing is looked at as SVG
    _, said, wrong = odd_studies.faults(tmp_path, seed, twice=seed % 6 == 0)
    assert not wrong, said


def test_the_papers_of_an_odd_study_are_made(tmp_path):
    file = odd_studies.made(tmp_path, PAPERS)
    assert command.main(["run", str(file), "--out", str(tmp_path / "out")]) == 0
    paper = parts.read((tmp_path / "out" / "report.html").read_text(encoding="utf-8"))
    made = [one.render(paper, tmp_path / "out" / "figures", "fod", "Fjordby") for one in (pdf, word)]
    assert made[0].startswith(b"%PDF") and made[1].startswith(b"PK")
    book = som.render(tmp_path / "out", "Skæv", [])
    assert (book is not None) == (tmp_path / "out" / "money.csv").is_file()


def test_the_numbers_are_those_other_programs_and_a_hand_would_find():
    found = judged.table(range(24))
    assert len(found) >= 9 and max(gap for _, gap in found.values()) < 1e-9, found
