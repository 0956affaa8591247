"""Real data in which nothing happens, or the same to everybody: figures have axes, and a band without width claims nothing."""

import html
import re

import numpy as np
import pytest

from snerydder.study import command
from snerydder.study.report import svg
from tests import small_study

NOTHING = np.full(3, np.nan)


@pytest.mark.parametrize(
    ("edges", "step", "expected"),
    [
        ((np.zeros(5), 0.0), 0.01, (-0.01, 0.01)), ((NOTHING,), 0.02, (-0.02, 0.02)), ((np.ones(4),), 0.02, (0.98, 1.02)), ((0.0, np.ones(4)), 0.5, (0.0, 1.0)),
        ((np.array([np.nan, -0.013, 0.07]),), 0.01, (-0.02, 0.07)), ((np.array([-np.inf, np.inf, 0.5]), 0.0), 0.1, (0.0, 0.5)), ((-3999.2, -12.0), 1.0, (-4000.0, -12.0)),
    ],
)  # fmt: skip
def test_an_axis_has_two_finite_ends_that_hold_all_that_is_drawn(edges, step, expected):
    low, high = svg.ends(*edges, step=step)
    assert (low, high) == pytest.approx(expected) and low < high
    assert all(one.startswith("<") for one in [svg.Board(10, 10, "a", "b", "c").markup()])


@pytest.mark.parametrize("high", [0.004, 0.01, 0.03, 0.2, 1.0])
def test_no_two_marks_of_an_axis_have_the_same_name(high):
    names = [name for _, name in svg.marks(-high, high, 8, lambda value: f"{100 * value:.0f}".replace("-0", "0"))]
    assert names and len(set(names)) == len(names)


NEVER, ALWAYS = 999, 0


def words_of(markup):
    """What a reader sees, figures included."""
    return html.unescape(re.sub(r"<style.*?</style>|<script.*?</script>|<[^>]*>", " ", markup, flags=re.DOTALL))


def made(folder, begins, persons=80, protocol=small_study.PROTOCOL, met=lambda place: place % 5):
    """The small study, with the week of the register in which each begins an education: `begins(place, treated)`; the draw is week 22."""
    small_study.files(folder / "data", persons)
    rows = [",".join(["pnr", *small_study.WEEKS])]
    for place in range(persons):
        week = begins(place, place % 2 == 0)
        rows.append(",".join([f"P{place:03d}", *("651" if at >= week else "731" for at in range(len(small_study.WEEKS)))]))
    (folder / "data" / "dream.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    contacts = ["pnr,uge,minutter", *(f"P{place:03d},{week},45" for place in range(0, persons, 2) if met(place) for week in range(2, 18, 2))]
    (folder / "data" / "kontakter.csv").write_text("\n".join(contacts) + "\n", encoding="utf-8")
    (folder / "study.toml").write_text(protocol, encoding="utf-8")
    return folder / "study.toml"


FLAT = {
    "everybody from some week on": (lambda place, treated: 25 + place % 8, small_study.PROTOCOL),
    "everybody in the shown weeks alone": (lambda place, treated: 26 + (place == 0), small_study.PROTOCOL),
    "one arm all and the other none, but for a few": (lambda place, treated: ALWAYS if treated or place % 80 < 24 else NEVER, small_study.PROTOCOL),
}


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("shape", FLAT)
def test_what_does_not_vary_ends_in_a_report_that_says_so(tmp_path, shape, language, capsys):
    begins, protocol = FLAT[shape]
    file = made(tmp_path, begins, protocol=protocol, met=(lambda place: False) if shape == "nobody met anybody" else (lambda place: place % 5))
    assert command.main(["run", str(file), "--out", str(tmp_path / "out"), "--lang", language]) == 0, capsys.readouterr().err
    said = words_of((tmp_path / "out" / "report.html").read_text(encoding="utf-8"))
    assert not re.search(r"\bnan\b|\binf\b|∞|[-−]0[.,]0+(?![\d])|[-−]0(?![\d.,])", said)
