"""Exact intervals from whole numbers alone, held against the judges of the statistics part."""

from math import comb

import numpy as np
import pytest
from scipy import stats

from snerydder.effects import audits
from snerydder.lottery.shares import Counted, fewest, most, needed, share


@pytest.mark.parametrize(("faulty", "drawn"), [(0, 20), (1, 20), (7, 20), (20, 20), (3, 61)])
def test_of_a_long_list_it_is_clopper_and_pearson(faulty, drawn):
    cases = 2_000_000
    told, known = share([Counted(cases, drawn, faulty, faulty)]), audits.clopper_pearson(faulty, drawn, 0.05)
    assert told.estimate == pytest.approx(known.estimate)
    assert (told.lower, told.upper) == pytest.approx((known.lower, known.upper), abs=2e-5)


@pytest.mark.parametrize(("faulty", "drawn", "cases"), [(0, 5, 12), (2, 5, 12), (5, 5, 12), (4, 20, 130), (30, 60, 80)])
def test_of_a_short_list_it_holds_each_number_the_draw_does_not_contradict(faulty, drawn, cases):
    tail = 0.025
    held = [
        number for number in range(faulty, cases - (drawn - faulty) + 1)
        if stats.hypergeom.sf(faulty - 1, cases, number, drawn) > tail and stats.hypergeom.cdf(faulty, cases, number, drawn) > tail
    ]  # fmt: skip
    assert (fewest(faulty, drawn, cases, tail), most(faulty, drawn, cases, tail)) == (held[0], held[-1])


def test_all_looked_at_is_known():
    told = share([Counted(20, 20, 3, 3)])
    assert (told.lower, told.estimate, told.upper) == (0.15, 0.15, 0.15)


def test_the_groups_weigh_what_they_are():
    told = share([Counted(900, 10, 0, 0), Counted(100, 10, 10, 10)])
    assert told.estimate == pytest.approx(0.1)
    whole = share([Counted(10, 10, 4, 4), Counted(90, 10, 0, 0)])
    alone = share([Counted(90, 10, 0, 0)])
    assert whole.upper == pytest.approx((4 + 90 * alone.upper) / 100), "a group looked at in full takes no part of the level"


def test_what_nobody_could_judge_widens_both_ways():
    sure, unsure = share([Counted(100, 20, 4, 4)]), share([Counted(100, 20, 4, 7)])
    assert unsure.lower == sure.lower and unsure.upper > sure.upper


def test_nothing_drawn_gives_nothing():
    assert share([]) is None and share([Counted(10, 0, 0, 0)]) is None
    with pytest.raises(ValueError, match="more faulty"):
        Counted(10, 5, 4, 3)


def test_it_holds_the_truth_as_often_as_it_says():
    """Every possible draw from two groups, weighed by how likely it is: an exact level, not a simulation."""
    sizes, drawn, faulty = (30, 12), (8, 6), (9, 5)
    truth, held = sum(faulty) / sum(sizes), 0.0
    for one in range(drawn[0] + 1):
        for two in range(drawn[1] + 1):
            likely = np.prod([comb(k, x) * comb(n - k, d - x) / comb(n, d) for n, d, k, x in zip(sizes, drawn, faulty, (one, two), strict=True)])
            told = share([Counted(n, d, x, x) for n, d, x in zip(sizes, drawn, (one, two), strict=True)])
            held += likely * (told.lower <= truth <= told.upper)
    assert held >= 0.95


@pytest.mark.parametrize(("seen", "reach", "cases"), [(0.3, 0.1, 400), (0.3, 0.05, 400), (0.5, 0.1, 12), (0.2, 0.05, 100000)])
def test_how_many_would_be_enough(seen, reach, cases):
    assert needed(seen, reach, cases) == audits.cases_needed(seen, reach, cases, 0.05)
    assert needed(0.0, reach, cases) > 1, "none found is not a reason to look at one"
