"""Real data in which nothing happens, or the same to everybody: figures have axes, and a band without width claims nothing."""

import html
import re

import numpy as np
import pytest

from snerydder.effects import permutation
from snerydder.lottery.draw import Scheme
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
    plain = html.unescape(re.sub(r"<style.*?</style>|<script.*?</script>|<[^>]*>", " ", markup, flags=re.DOTALL))
    return re.sub(r"[ \n]+", " ", plain)


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
    "nobody in either arm": (lambda place, treated: NEVER, small_study.PROTOCOL),
    "everybody in both arms": (lambda place, treated: ALWAYS, small_study.PROTOCOL),
    "everybody from some week on": (lambda place, treated: 25 + place % 8, small_study.PROTOCOL),
    "everybody in the shown weeks alone": (lambda place, treated: 26 + (place == 0), small_study.PROTOCOL),
    "one arm all and the other none": (lambda place, treated: ALWAYS if treated else NEVER, small_study.PROTOCOL),
    "one arm all and the other none, but for a few": (lambda place, treated: ALWAYS if treated or place % 80 < 24 else NEVER, small_study.PROTOCOL),
    "all of one place and none of the other": (lambda place, treated: ALWAYS if place % 4 < 2 else NEVER, small_study.PROTOCOL),
    "two weeks only": (lambda place, treated: 22 + place % 7, small_study.PROTOCOL.replace("last = 20", "last = 1").replace("week = 20", "week = 1")),
    "nobody met anybody": (lambda place, treated: 25 + place % 17, small_study.PROTOCOL),
}


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("shape", FLAT)
def test_what_does_not_vary_ends_in_a_report_that_says_so(tmp_path, shape, language, capsys):
    begins, protocol = FLAT[shape]
    file = made(tmp_path, begins, protocol=protocol, met=(lambda place: False) if shape == "nobody met anybody" else (lambda place: place % 5))
    assert command.main(["run", str(file), "--out", str(tmp_path / "out"), "--lang", language]) == 0, capsys.readouterr().err
    said = words_of((tmp_path / "out" / "report.html").read_text(encoding="utf-8"))
    assert not re.search(r"\bnan\b|\binf\b|∞|[-−]0[.,]0+(?![\d])|[-−]0(?![\d.,])", said)
    assert not re.search(r"[+−]?(\d+,\d+) til [+−]?\1 |\([+−]?(\d+,\d+); [+−]?\2\)", said), "a band without width claims to be certain"
    assert expected[shape][language == "en"] in said


ALIKE = ("Alle i samme gruppe og stratum var ens den uge, så usikkerheden kan ikke måles, og der er intet interval.", "All in the same arm and stratum were alike that week, so the uncertainty cannot be measured, and there is no interval.")
FEW = ("i uge 20 kan ikke vises: under fem i en af grupperne havde udfaldet", "in week 20 cannot be shown: fewer than five in one of the arms had the outcome")
expected = {
    "nobody in either arm": FEW, "everybody in both arms": ALIKE, "everybody from some week on": ALIKE, "everybody in the shown weeks alone": ALIKE, "one arm all and the other none": FEW,
    "one arm all and the other none, but for a few": ("en effekt på +70,0 procentpoint", "an effect of +70.0 percentage points"), "all of one place and none of the other": ALIKE,
    "two weeks only": ("Lagt sammen over uge 0-1", "Summed over weeks 0-1"), "nobody met anybody": ("Ingen af deltagerne havde en kontakt i vinduet.", "None of the participants had a contact within the window."),
}  # fmt: skip


def test_a_gap_with_nobody_alike_across_it_is_as_far_out_as_a_lottery_can_make_it():
    """All ten drawn have the outcome and none of the others: only the lottery itself and its mirror reach so far."""
    treated = np.arange(20) % 2 == 0
    scheme = Scheme.fixed(treated, np.zeros(20, dtype=np.int64))
    found = permutation.permutation(np.column_stack([treated, np.arange(20) < 9]), treated, np.zeros(20, dtype=np.int64), scheme.every(), exact=True)
    assert np.isinf(found.statistic[0]) and found.p[0] == pytest.approx(2 / 184_756) == found.p_family[0]
    assert found.p[1] > 0.5


def test_the_compiled_twin_puts_it_as_far_out():
    treated = np.arange(60) % 2 == 0
    outcome = np.column_stack([treated, np.arange(60) < 31, np.ones(60, dtype=bool), np.arange(60) % 3 == 0])
    redraws = list(Scheme.fixed(treated, np.zeros(60, dtype=np.int64)).redraws(400, np.random.default_rng(5)))
    order = np.argsort(-np.array([np.inf, 1.0, 0.0, 0.5]), kind="stable")
    lottery = permutation._Lottery.of(outcome, np.zeros(60, dtype=np.int64), None, None)
    plain, fast = (permutation._Tally(lottery, order, np.array([np.inf, 0.9, -1e-9, 0.4])) for _ in range(2))
    for chunk in [*redraws, treated[None, :]]:
        plain.add(chunk)
    fast.compiled(iter([*redraws, treated[None, :]]))
    assert np.array_equal(plain.single, fast.single) and np.array_equal(plain.family, fast.family) and plain.single[0] == 1
