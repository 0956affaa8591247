"""Operating character: do bands cover what they claim, and does the draw's own test keep its size? Short here, long with -m slow."""

import numpy as np
import pytest

from snerydder.effects import bands, permutation
from snerydder.effects.difference import difference
from snerydder.lottery.draw import Scheme

STRATUM = np.repeat(np.arange(4), [40, 60, 80, 100])
DRAWN = np.array([20, 24, 44, 50])  # unequal shares
LEVEL = np.array([0.10, 0.25, 0.40, 0.20])
LIFT = np.array([0.00, 0.10, -0.05, 0.15])
WEEKS = 12


def population(dice):
    """Both answers of everybody, with runs over weeks as registers have them; the truth is their weighted mean difference."""
    wave = np.cumsum(dice.normal(size=(len(STRATUM), WEEKS)), axis=1) / np.sqrt(np.arange(1, WEEKS + 1))
    rank = wave.argsort(axis=0).argsort(axis=0) / len(STRATUM)
    without = rank < LEVEL[STRATUM][:, None]
    given = rank < (LEVEL + LIFT)[STRATUM][:, None]
    return without, given


def lottery(dice):
    treated = np.zeros(len(STRATUM), dtype=bool)
    for s, count in enumerate(DRAWN):
        treated[dice.permutation(np.flatnonzero(s == STRATUM))[:count]] = True
    return treated


def coverage(repeats, seed):
    dice = np.random.default_rng(seed)
    inside, whole, estimates = [], [], []
    without, given = population(dice)
    truth = (given.astype(float) - without).mean(axis=0)
    for _ in range(repeats):
        treated = lottery(dice)
        curve = difference(np.where(treated[:, None], given, without), treated, STRATUM)
        band = bands.band(curve, 0.9, bands.maxima(curve.covariance, dice, 2000))
        inside.append((band.lower <= truth) & (truth <= band.upper))
        whole.append(bool(((band.simultaneous_lower <= truth) & (truth <= band.simultaneous_upper)).all()))
        estimates.append(curve.effect - truth)
    return np.mean(inside), np.mean(whole), np.abs(np.mean(estimates, axis=0)).max()


def sizes(repeats, seed, redraws=199):
    """Under no effect at all: how often is p, and the smallest family p, below 10 %?"""
    dice = np.random.default_rng(seed)
    alone, family = [], []
    for _ in range(repeats):
        without, _ = population(dice)
        treated = lottery(dice)
        found = permutation.permutation(without, treated, STRATUM, Scheme.fixed(treated, STRATUM).redraws(redraws, dice))
        alone.append(found.p <= 0.10)
        family.append(found.p_family.min() <= 0.10)
    return np.mean(alone), np.mean(family)


def test_bands_cover_and_the_estimate_is_unbiased_under_unequal_shares():
    """Neyman's variance is too large when effects differ, so coverage may lie above; it may not lie below."""
    pointwise, simultaneous, bias = coverage(300, 21)
    assert 0.87 <= pointwise <= 0.97 and 0.85 <= simultaneous <= 0.97 and bias < 0.01


def test_the_draws_own_test_keeps_its_size():
    alone, family = sizes(250, 22)
    assert 0.06 <= alone <= 0.14 and 0.05 <= family <= 0.16


@pytest.mark.slow
def test_bands_cover_in_the_long_run():
    pointwise, simultaneous, bias = coverage(4000, 23)
    print(f"pointwise {pointwise:.4f}, simultaneous {simultaneous:.4f}, largest bias {bias:.5f}")
    assert 0.89 <= pointwise <= 0.95 and 0.885 <= simultaneous <= 0.95 and bias < 0.003


@pytest.mark.slow
def test_the_draws_own_test_keeps_its_size_in_the_long_run():
    alone, family = sizes(4000, 24)
    print(f"alone {alone:.4f}, family {family:.4f}")
    assert 0.085 <= alone <= 0.115 and 0.085 <= family <= 0.115
