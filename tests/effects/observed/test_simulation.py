"""Do the intervals hold what they promise when people were not drawn? Short in the suite, R = 4,000 with -m slow."""

import numpy as np
import pytest

from snerydder.effects.observed.doubly import doubly
from snerydder.effects.observed.entropy import entropy
from snerydder.effects.observed.matching import matching
from snerydder.effects.observed.propensity import weighting
from snerydder.effects.observed.staggered import staggered
from snerydder.effects.observed.starts import starts
from tests.effects.observed.test_rollout import rollout
from tests.effects.observed.test_starts import waiting

N, WEEKS = 800, 3
ESTIMATORS = {
    "odds": lambda y, d, x: weighting(y, d, x).curve,
    "entropy": lambda y, d, x: entropy(y, d, x).curve,
    "doubly": doubly,
    "matching": lambda y, d, x: matching(y, d, x).curve,
}


def coverage(rounds, seed):
    """Effects that differ with the covariates, so that the effect among the starters is a number of its own."""
    dice = np.random.default_rng(seed)
    hits, bias, truth = dict.fromkeys(ESTIMATORS, 0.0), dict.fromkeys(ESTIMATORS, 0.0), []
    big = np.random.default_rng(1).normal(size=(1_000_000, 2))
    chance = 1 / (1 + np.exp(-(-0.8 + 0.5 * big[:, 0] - 0.4 * big[:, 1])))
    truth = np.average(0.1 + 0.05 * big[:, 0], weights=chance)
    for _ in range(rounds):
        x = dice.normal(size=(N, 2))
        started = dice.random(N) < 1 / (1 + np.exp(-(-0.8 + 0.5 * x[:, 0] - 0.4 * x[:, 1])))
        y = (
            0.3 * x[:, :1]
            + 0.2 * x[:, 1:]
            + started[:, None] * (0.1 + 0.05 * x[:, :1])
            + dice.normal(0, 0.5, (N, WEEKS))
            + dice.normal(0, 0.5, (N, 1))
        )
        for name, estimator in ESTIMATORS.items():
            curve = estimator(y, started, x)
            low, high = curve.interval(0.10)
            hits[name] += ((low < truth) & (truth < high)).mean() / rounds
            bias[name] += (curve.effect.mean() - truth) / rounds
    return hits, bias


def coverage_in_time(rounds, seed):
    """Starts week by week without an effect, and roll-outs over 40 municipalities whose effect is known."""
    hits = {"starts": 0.0, "roll-out": 0.0}
    for at in range(rounds):
        job, start, x, waits = waiting(seed + at, n=600)
        low, high = starts(job, start, x, 5, 0, waits).weighted.curve.interval(0.10)
        hits["starts"] += ((low < 0) & (high > 0)).mean() / rounds
        y, first = rollout(seed + at, units=40)
        times, curve = staggered(y, first).dynamic()
        low, high = curve.interval(0.10)
        truth = np.where(times >= 0, 0.3 + 0.1 * times, 0.0)
        hits["roll-out"] += ((low < truth) & (truth < high)).mean() / rounds
    return hits


def test_intervals_cover():
    hits, bias = coverage(300, 12)
    for name in ESTIMATORS:
        assert 0.85 < hits[name] < 0.95, name  # ± 2.9 errors of 300 rounds
        assert abs(bias[name]) < 0.015, name


@pytest.mark.slow
def test_intervals_cover_long():
    hits, bias = coverage(4000, 20)
    print({name: (round(hits[name], 4), round(bias[name], 5)) for name in ESTIMATORS})
    for name in ESTIMATORS:
        assert 0.885 < hits[name] < 0.915, name
        assert abs(bias[name]) < 0.004, name


def test_intervals_cover_in_time():
    hits = coverage_in_time(150, 100)
    assert 0.84 < hits["starts"] < 0.95 and 0.84 < hits["roll-out"] < 0.95, hits


@pytest.mark.slow
def test_intervals_cover_in_time_long():
    hits = coverage_in_time(4000, 10_000)
    print(hits)
    assert 0.88 < hits["starts"] < 0.915 and 0.87 < hits["roll-out"] < 0.915
