"""The short form of `python -m tests.effects.coverage`: thirteen strata, a year of 53 weeks, a rare outcome, 5 % lost from sight. Seeds are fixed, so a red is a change and not luck."""

from datetime import date, timedelta

import numpy as np

from snerydder.registers import weeks
from tests.effects import coverage


def test_the_claims_at_95_percent():
    found = coverage.run(40, 3)
    shares = {name: value / 40 for name, value in found.items()}
    for name, share in shares.items():
        if ": a week alone" in name:
            assert 0.92 <= share <= 0.98, name
        elif "whole curve" in name or ": week" in name and "redrawn" not in name:
            assert share >= 0.87, name
        elif "redrawn" in name:
            assert share <= 0.15, name
    assert shares["largest bias in errors, summed"] < 0.55  # of 57 weeks the largest of normal means of 40


def test_the_truth_is_the_laws_own():
    """The chances as they are told, by drawing very many persons; and the calendar by dates, over week 53 of 2020."""
    known, dice = coverage.law(), np.random.default_rng(5)
    yes, received, arm, times = np.zeros(coverage.WEEKS), 0.0, np.zeros((2, coverage.WEEKS)), 80
    for _ in range(times):
        t = coverage.trial(known, dice)
        yes, received = yes + t.y[~t.treated & ~t.received].mean(axis=0), received + t.received[t.treated].mean()
        weight = [np.where(t.treated == side, 1 / np.bincount(known.stratum, t.treated == side)[known.stratum], 0.0) * np.bincount(known.stratum)[known.stratum] / len(t.y) for side in (False, True)]
        arm += [w @ t.y for w in weight]
    assert abs(received / times - 0.73) < 0.005
    assert np.abs((arm[1] - arm[0]) / times - known.effect).max() < 4.5 * 0.011 / times**0.5
    at, person = 30, int(np.flatnonzero(known.start == known.start.max())[0])
    monday = weeks.monday(int(known.start[person]) + at)
    assert monday == weeks.monday(int(known.start[person])) + timedelta(days=7 * at) and date(2020, 12, 28).isocalendar().week == 53
    assert (known.start <= weeks.from_iso(2020, 53)).all() and (known.start + coverage.WEEKS > weeks.from_iso(2021, 1)).all()
