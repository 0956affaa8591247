"""Simultaneous bands and the lottery as yardstick, against brute force."""

import itertools

import numpy as np
import pytest
from scipy.special import ndtri

from snerydder.effects import bands, permutation
from snerydder.effects.difference import difference
from snerydder.effects.results import Refused
from snerydder.lottery import draw
from snerydder.lottery.draw import Scheme


def maxima(t, draws=40_000):
    return bands.maxima(difference(t.outcome, t.treated, t.stratum).covariance, draw.generator("a", "b"), draws)


def test_the_critical_value_lies_between_one_week_and_independence(t):
    band = bands.band(difference(t.outcome, t.treated, t.stratum), 0.9, maxima(t))
    sidak = float(-ndtri((1 - 0.9 ** (1 / t.weeks)) / 2))
    assert band.pointwise == pytest.approx(1.6448536, abs=1e-6)
    assert band.pointwise < band.simultaneous < sidak + 0.02


def test_independent_weeks_give_sidak():
    found = bands.maxima(np.diag([1.0, 4.0, 9.0, 0.25]), draw.generator("a", "b"), 200_000)
    assert np.quantile(found, 0.9) == pytest.approx(float(-ndtri((1 - 0.9**0.25) / 2)), abs=0.012)


def test_one_week_told_ten_times_needs_no_wider_band():
    found = bands.maxima(np.ones((10, 10)), draw.generator("a", "b"), 200_000)
    assert np.quantile(found, 0.9) == pytest.approx(1.645, abs=0.012)


def test_weeks_where_nothing_varies_take_no_part():
    covariance = np.zeros((3, 3))
    covariance[1, 1] = 2.0
    drawn = bands.absolute_draws(covariance, draw.generator("a", "b"), 1000)
    assert (drawn[:, [0, 2]] == 0).all() and (drawn[:, 1] > 0).all()
    assert isinstance(bands.maxima(np.zeros((3, 3)), draw.generator("a", "b"), 10), Refused)


def test_the_same_seed_gives_the_same_band(t):
    assert (maxima(t, 5000) == maxima(t, 5000)).all()


def test_adjusted_p_lies_between_the_plain_one_and_bonferroni(t):
    curve = difference(t.outcome, t.treated, t.stratum)
    p = bands.adjusted(curve, bands.absolute_draws(curve.covariance, draw.generator("a", "b"), 100_000))
    assert (p >= curve.p - 0.005).all() and (p <= np.minimum(curve.p * t.weeks, 1) + 0.005).all()
    assert (np.argsort(p, kind="stable") == np.argsort(curve.p, kind="stable")).all() or (np.diff(p[np.argsort(curve.p)]) >= 0).all()


def test_the_weeks_a_band_leaves_zero_out():
    weeks = np.arange(5)
    low = np.array([0.1, -1, 0.1, 0.2, 0.1])
    assert bands.first_week_outside(low, low + 2, weeks) == 2
    assert bands.first_week_ever(low, low + 2, weeks) == 0
    assert bands.first_week_outside(-np.ones(5), np.ones(5), weeks) is None
    assert bands.first_week_outside(low[2:], low[2:] + 2, weeks[2:]) == 2


def small():
    dice = np.random.default_rng(3)
    stratum = np.repeat([0, 1], [6, 7])
    treated = np.isin(np.arange(13), [0, 2, 5, 6, 9, 10])
    return (dice.random((13, 4)) < 0.5) | (treated[:, None] & (dice.random((13, 4)) < 0.5)), treated, stratum


def reach(curve):
    """|z|; where nobody differs within the arms, infinite when the arms do and nought when they do not."""
    return np.where(np.isnan(curve.error), np.where(curve.effect != 0, np.inf, 0.0), np.abs(curve.z))


def brute(y, treated, stratum):
    """Every lottery, the slow way: p per column, and max-T stepping down."""
    parts = [
        [
            set(np.flatnonzero(stratum == s)[list(chosen)])
            for chosen in itertools.combinations(range((stratum == s).sum()), int(treated[stratum == s].sum()))
        ]
        for s in np.unique(stratum)
    ]
    draws = np.array([[np.isin(np.arange(len(treated)), list(set().union(*together)))] for together in itertools.product(*parts)])[:, 0]
    tests = np.array([reach(difference(y, one, stratum)) for one in draws])
    mine = reach(difference(y, treated, stratum))
    p = (tests >= mine * (1 - 1e-5)).mean(axis=0)
    family, running = np.zeros(len(mine)), 0.0
    order = np.argsort(-mine, kind="stable")
    for place, column in enumerate(order):
        running = max(running, float((tests[:, order[place:]].max(axis=1) >= mine[column] * (1 - 1e-5)).mean()))
        family[column] = running
    return p, family, len(draws)


def test_all_lotteries_there_are_give_the_exact_p():
    y, treated, stratum = small()
    p, family, count = brute(y, treated, stratum)
    found = permutation.permutation(y, treated, stratum, Scheme.fixed(treated, stratum).every(), exact=True)
    assert Scheme.fixed(treated, stratum).possible() == count == found.redraws == 20 * 35
    assert np.abs(found.p - p).max() < 1e-9 and np.abs(found.p_family - family).max() < 1e-9


def test_the_statistic_is_the_stratified_difference_over_its_error(t):
    drawn = np.concatenate(list(Scheme.fixed(t.treated, t.stratum).redraws(6, draw.generator("s", "t"))))
    for columns in (t.outcome, t.outcome * 2.5e6 + 3e5, t.outcome * 2.5e-6):
        for one in drawn:
            found = permutation.permutation(columns, one, t.stratum, [one[None, :]])
            assert np.abs(found.statistic - np.abs(difference(columns.astype(float), one, t.stratum).z)).max() < 2e-4


def test_drawn_again_approaches_the_exact_p():
    y, treated, stratum = small()
    p, family, _ = brute(y, treated, stratum)
    found = permutation.permutation(y, treated, stratum, Scheme.fixed(treated, stratum).redraws(20_000, draw.generator("x", "y")))
    assert np.abs(found.p - p).max() < 0.015 and np.abs(found.p_family - family).max() < 0.015
    assert found.p.min() >= 1 / 20_001  # never zero


def test_a_redraw_keeps_the_numbers_and_takes_everybody_equally_often(t):
    drawn = np.concatenate(list(Scheme.fixed(t.treated, t.stratum).redraws(4000, draw.generator("x", "y"))))
    assert drawn.shape == (4000, t.n)
    for s in np.unique(t.stratum):
        rows = t.stratum == s
        assert (drawn[:, rows].sum(axis=1) == t.treated[rows].sum()).all()
        assert np.abs(drawn[:, rows].mean(axis=0) - t.treated[rows].mean()).max() < 0.04
    assert (np.concatenate(list(Scheme.fixed(t.treated, t.stratum).redraws(50, draw.generator("x", "y")))) == drawn[:50]).all()
    assert not (np.concatenate(list(Scheme.fixed(t.treated, t.stratum).redraws(50, draw.generator("x", "z")))) == drawn[:50]).all()
