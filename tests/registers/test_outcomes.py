"""What counts, drawn week by week. Rows are persons, columns are weeks; o is yes and - is no."""

import numpy as np
import pytest

from snerydder import panel
from snerydder.panel import Months, Panel
from snerydder.registers import codes, outcomes, weeks

START = weeks.from_iso(2012, 40)  # Monday 1 October; week 44's Thursday is 1 November
TEXTS = ("", "651", "731", "661", "999", "555")
# each person: the codes of ten weeks from START, and the months October, November, December with pay
PERSONS = {
    "SU, then benefit": ("651 651 651 731 731 731 731 731 731 731", (0, 0, 0)),
    "SVU counts, an unknown code does not": ("661 661 555 555 555 731 731 731 731 731", (0, 0, 0)),
    "blank without pay is no job": ("- - - - - - - - - -", (0, 0, 0)),
    "pay in November only": ("- - - - - - - - - -", (0, 1, 0)),
    "pay beside a benefit": ("731 731 731 731 731 731 731 731 731 731", (1, 1, 1)),
    "three weeks between benefits": ("731 - - - 731 731 731 731 731 731", (1, 1, 1)),
    "dead in week 5": ("- - - - - 999 999 999 999 999", (1, 1, 1)),
    "month not in the file": ("- - - - - - - - - -", (None, None, None)),
}
DRAWN = {
    "su_education": ["ooo-------", "oo--------", "----------", "----------", "----------", "----------", "----------", "----------"],
    "job_week": ["----------", "----------", "----------", "----ooooo-", "----------", "-ooo------", "ooooo-----", "----------"],
    "job_grad": ["----------", "----------", "----------", "----ooooo-", "oooooooooo", "oooooooooo", "ooooo-----", "----------"],
    "job_branche": ["----------", "----------", "----------", "----ooooo-", "oooooooooo", "oooooooooo", "ooooo-----", "----------"],
    "job_self_support": ["----------", "----------", "----------", "----ooooo-", "----------", "----------", "ooooo-----", "----------"],
}


def seen():
    grid = np.array([[0 if cell == "-" else TEXTS.index(cell) for cell in row.split()] for row, _ in PERSONS.values()], dtype=np.uint16)
    spells = panel.from_grid(tuple(PERSONS), TEXTS, grid, START, np.ones(10, dtype=bool))
    pay = np.array([[np.nan if value is None else float(value) for value in months] for _, months in PERSONS.values()])
    n = len(PERSONS)
    months = {"grad": Months(2012 * 12 + 9, pay), "branche": Months(2012 * 12 + 9, np.where(pay > 0, 561010, np.nan))}
    return outcomes.Seen(Panel(spells, months), codes.read(), np.arange(n), np.full(n, START), 10)


def seen_ras():
    texts = ("", "131", "136", "351", "511", "517", "514")
    grid = np.array([[0, 1, 2, 3, 4, 5, 6]], dtype=np.uint16)
    return outcomes.Seen(
        Panel(panel.from_grid(("P",), texts, grid, START, np.ones(7, dtype=bool))), codes.read(scheme="ras"), np.arange(1), np.full(1, START), 7
    )


def seen_own():
    grid = np.array([[0, 1, 2, 3, 4, 5, 0]], dtype=np.uint16)
    spells = panel.from_grid(("P",), ("", "101", "102", "103", "104", "105"), grid, START, np.ones(7, dtype=bool))
    return outcomes.Seen(Panel(spells), codes.read(scheme="egen"), np.arange(1), np.full(1, START), 7)


DRAWN_RAS = {"job_ras": "-oo----", "education_ras": "----oo-"}
DRAWN_OWN = {"education_own": "-o-----", "job_own": "--o----"}


def test_every_outcome_has_its_drawing():
    assert {*DRAWN, *DRAWN_RAS, *DRAWN_OWN} == set(outcomes.names())


@pytest.mark.parametrize(("name", "drawn"), DRAWN_RAS.items())
def test_an_outcome_of_the_other_scheme_as_drawn(name, drawn):
    assert "".join("o" if yes else "-" for yes in outcomes.find(name).weekly(seen_ras())[0]) == drawn


@pytest.mark.parametrize(("name", "drawn"), DRAWN_OWN.items())
def test_an_outcome_of_the_municipality_s_own_file_as_drawn(name, drawn):
    assert "".join("o" if yes else "-" for yes in outcomes.find(name).weekly(seen_own())[0]) == drawn


@pytest.mark.parametrize("name", DRAWN)
def test_each_outcome_as_drawn(name):
    found = ["".join("o" if yes else "-" for yes in row) for row in outcomes.find(name).weekly(seen())]
    assert dict(zip(PERSONS, found, strict=True)) == dict(zip(PERSONS, DRAWN[name], strict=True))


@pytest.mark.parametrize("name", outcomes.names())
def test_each_outcome_says_what_counts_in_both_languages(name):
    module = outcomes.find(name)
    for word in ("LABEL", "SHORT", "COUNTS", "DOES_NOT_COUNT"):
        assert getattr(module, word) and getattr(module, f"{word}_EN")
