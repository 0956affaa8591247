"""Operating character: spells as registers show them give the truth back, and the bands hold what they promise."""

import numpy as np
import pytest

from snerydder.effects.bands import maxima
from snerydder.effects.incidence import incidence_difference
from snerydder.effects.spells import episodes
from snerydder.effects.survival import kaplan_meier, restricted_mean_difference

WEEKS = np.arange(4, 41)


def register(dice, persons, length=90):
    """Weibull spells begun up to a year before the register, with a pause of one to four weeks, deaths and a register that ends."""
    start, lasts = dice.integers(-52, length, persons), np.ceil(30 * dice.weibull(1.15, persons)).astype(int)
    age = np.arange(length) - start[:, None]
    inside = (age >= 0) & (age < lasts[:, None])
    pause, long = dice.integers(1, 40, (persons, 1)), dice.integers(1, 5, (persons, 1))
    inside &= (age < pause) | (age >= pause + long) | (age == lasts[:, None] - 1)  # the last week is the last
    observed = np.arange(length) < np.where(dice.random(persons) < 0.1, dice.integers(30, length, persons), length)[:, None]
    return inside, observed, np.maximum(-start, 0)


def test_the_truth_comes_back_from_a_register_with_pauses_late_entry_and_an_end():
    inside, observed, began = register(np.random.default_rng(8), 12_000)
    found = episodes(inside, observed, began=began)
    found = found.where(found.usable)
    ours = kaplan_meier(found.exit, found.ended, found.entry)
    for week in (8, 20, 40, 60):
        truth, at = np.exp(-((week / 30) ** 1.15)), np.searchsorted(ours.time, week, side="right") - 1
        assert abs(ours.share[at] - truth) < 4 * ours.error[at]
    naive = episodes(inside, observed, gap=0, began=began)  # every pause an end
    naive = naive.where(naive.usable)
    at = np.searchsorted(ours.time, 20, side="right") - 1
    wrong = kaplan_meier(naive.exit, naive.ended, naive.entry)
    assert wrong.share[np.searchsorted(wrong.time, 20, side="right") - 1] < ours.share[at] - 10 * ours.error[at]


def coverage(trials, persons=300, seed=9):
    """Two kinds of ending with steady hazards, so the truth is a sum; a third come under observation late."""
    dice = np.random.default_rng(seed)
    hazard = {True: (0.035, 0.02), False: (0.022, 0.02)}
    inside = {arm: (1 - sum(h)) ** np.arange(0, 41) for arm, h in hazard.items()}
    truth = sum(sign * hazard[arm][0] * np.cumsum(inside[arm][:-1])[WEEKS - 1] for arm, sign in ((True, 1), (False, -1)))
    mean = inside[True][:40].sum() - inside[False][:40].sum()
    hit = np.zeros(3)
    for _ in range(trials):
        arm = dice.random(persons) < 0.5
        total = np.where(arm, sum(hazard[True]), sum(hazard[False]))
        length = dice.geometric(total)
        kind = np.where(dice.random(persons) < np.where(arm, hazard[True][0], hazard[False][0]) / total, 1, 2)
        entry = np.where(dice.random(persons) < 0.33, dice.integers(1, 15, persons), 0)
        limit = np.where(dice.random(persons) < 0.5, dice.integers(20, 60, persons), 60)
        kept = (length > entry) & (limit > entry)
        exit_, event = np.minimum(length, limit)[kept], np.where(length <= limit, kind, 0)[kept]
        curve = incidence_difference(exit_, event, arm[kept], WEEKS, 1, entry[kept])
        critical = np.quantile(maxima(curve.covariance, dice, 2_000), 0.9)
        z = np.abs(curve.effect - truth) / curve.error
        area = restricted_mean_difference(exit_, event > 0, arm[kept], 40, entry[kept])
        hit += [np.mean(z <= 1.645), np.all(z <= critical), abs(area.effect[0] - mean) <= 1.645 * area.error[0]]
    return hit / trials


def test_short_form():
    pointwise, whole, area = coverage(300)
    assert 0.86 < pointwise < 0.94 and 0.84 < whole < 0.96 and 0.84 < area < 0.96


@pytest.mark.slow
def test_long_form():
    pointwise, whole, area = coverage(4_000)
    print(f"week by week {pointwise:.3f}, whole curve {whole:.3f}, restricted mean {area:.3f}")
    assert 0.88 < pointwise < 0.92 and 0.88 < whole < 0.925 and 0.88 < area < 0.92
