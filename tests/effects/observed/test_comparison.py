"""The checks, the words and the refusal to show: what a reader of a comparison without a lottery is told."""

import numpy as np
import pytest
import statsmodels.api as sm

from snerydder.effects import balance
from snerydder.effects.difference import difference
from snerydder.effects.observed import compare, compare_rollout, compare_starts
from snerydder.effects.observed.checks import (
    Overlap,
    Placebo,
    alike,
    alike_check,
    effective,
    effective_check,
    outside_check,
    overlap,
    placebo,
    placebo_check,
)
from snerydder.effects.observed.doubly import doubly
from snerydder.effects.observed.sensitivity import e_value, e_value_limit, robustness, sensitivity
from snerydder.effects.observed.starts import NEVER
from snerydder.effects.observed.verdict import RANKING, trust
from snerydder.effects.results import Curve, Refused
from tests.effects.observed.conftest import town
from tests.effects.observed.test_rollout import rollout
from tests.effects.observed.test_starts import waiting

ALPHA = 0.10
CLOSE = 1e-9


def dice():
    return np.random.default_rng(7)


def close(ours, theirs, bound=CLOSE):
    assert np.max(np.abs(np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float))) < bound


def test_published_e_values():
    """VanderWeele & Ding (2017): a risk ratio of 3.9 with lower limit 1.8 gives 7.2 and 3.0; a ratio below one is turned."""
    close(e_value(np.array([3.9, 1 / 3.9])), 7.26, 0.005)
    close(e_value_limit(np.array([1.8, 0.2, 0.5]), np.array([8.7, 1 / 1.8, 1.2])), [3.0, 3.0, 1.0])


def test_published_robustness_values():
    """Cinelli & Hazlett (2020), Darfur: t = 4.18 with 783 degrees of freedom gives 13.9 % and, at 5 %, 7.6 %."""
    close(robustness(np.array([4.184]), 783), 0.139, 0.0005)
    close(robustness(np.array([4.184]), 783, alpha=0.05), 0.076, 0.0005)
    close(robustness(np.array([1.0]), 783, alpha=0.05), 0)


def test_a_covariate_as_strong_as_the_robustness_value_takes_the_effect_away():
    """The definition itself: leave out a covariate that explains RV of what is left of both, and put it back."""
    t, whole = np.array([30.0]), np.array([200.0])
    rv = robustness(t, 200)
    bias = np.sqrt(rv * rv / (1 - rv)) * np.sqrt(whole)  # in standard errors: bias = se √(R²R²/(1-R²)) √df
    close(bias, t)


def test_balance_before_is_the_reports_own(t):
    lines = [balance.line("x", t.x[:, at], t.started).smd for at in range(3)]
    close(alike(t.x, t.started), lines)
    found = compare(t.outcome, t.started, t.x, t.before, ALPHA, dice())
    close(found.before, lines)
    assert np.abs(found.after).max() < 0.1 < np.abs(found.before).max()


def test_effective_size_and_overlap_by_hand():
    close(effective(np.array([1.0, 1, 1, 0])), 3)
    close(effective(np.array([2.0, 1])), 9 / 5)
    found = overlap(np.array([0.1, 0.2, 0.3, 0.25, 0.9]), np.array([False, False, False, True, True]))
    close(found.outside, 0.5)
    assert found.started.sum() == 2 and found.compared.sum() == 3 and found.started[18] == 1


def test_the_placebo_counts_all_its_periods():
    """Two independent periods: the chance that either is that far out is 1 - (1 - p)²."""
    psi = np.kron(np.eye(2), np.full((50, 1), 0.1))
    found = placebo(Curve(np.array([0.3, 1.2]), psi, "", 100), 0.9, dice())
    single = Curve(np.array([1.2]), psi[:, :1], "", 100)
    close(found.largest, single.z[0])
    close(found.p, 1 - (1 - single.p[0]) ** 2, 0.005)


def test_each_check_has_its_limit():
    assert alike_check(np.array([0.05, -0.10])).passed and not alike_check(np.array([0.05, -0.101])).passed
    assert effective_check(50.0, 400).passed and not effective_check(49.9, 400).passed
    large = effective_check(1234.4, 45678)
    assert "De 45.678 i" in large.da and "1.234 personer" in large.da and "the 45,678 compared" in large.en and "1,234 persons" in large.en
    edges, none = np.linspace(0, 1, 21), np.zeros(20, dtype=np.int64)
    assert outside_check(Overlap(edges, none, none, 0.05)).passed and not outside_check(Overlap(edges, none, none, 0.051)).passed
    assert placebo_check(Placebo(0.11, 1.5, 0.02, 4), ALPHA).passed and not placebo_check(Placebo(0.10, 1.6, 0.02, 4), ALPHA).passed
    assert "10,1 %" in outside_check(Overlap(edges, none, none, 0.101)).da and "10.1 %" in outside_check(Overlap(edges, none, none, 0.101)).en


def test_an_honest_comparison_is_shown_with_its_reservation():
    t = town(seed=5, n=2000)
    found = compare(t.outcome, t.started, t.x, t.before, ALPHA, dice())
    assert found.trust.shown and found.trust.rank == 3 and "svageste" in found.trust.da and "weakest" in found.trust.en
    assert [check.key for check in found.checks] == ["overlap", "balance", "effective-size", "placebo"] and all(
        check.passed for check in found.checks
    )
    main = found.estimates["doubly"]
    assert (np.abs(main.effect - 0.1) < 3 * main.error).all()
    for name in ("odds", "entropy", "matching"):
        assert np.abs(found.estimates[name].effect - main.effect).max() < 2 * main.error.max()
    assert (found.sensitivity.e_value > found.sensitivity.e_value_limit).all() and (
        found.sensitivity.robustness > found.sensitivity.robustness_limit
    ).all()


def test_what_the_register_does_not_know_is_seen_in_the_past_and_nothing_is_shown():
    t = town(seed=5, n=2000, hidden=1.5)
    found = compare(t.outcome, t.started, t.x, t.before, ALPHA, dice())
    assert not found.trust.shown and [check.key for check in found.checks if not check.passed] == ["placebo"]
    assert "allerede før nogen begyndte (p < 0,001, grænse 0,10)" in found.trust.da and "already differed" in found.trust.en
    assert all(isinstance(estimate, Refused) and estimate.key == "checks-failed" for estimate in found.estimates.values())
    assert isinstance(found.sensitivity, Refused)


def test_people_unlike_all_others_are_not_compared():
    t = town(seed=5, n=1000)
    x = t.x.copy()
    x[t.started, 0] += 3.0
    found = compare(t.outcome, t.started, x, t.before, ALPHA, dice())
    failed = {check.key for check in found.checks if not check.passed}
    assert {"overlap", "effective-size"} <= failed and not found.trust.shown
    assert all(isinstance(estimate, Refused) for estimate in found.estimates.values())


def test_a_past_without_variation_proves_nothing(t):
    found = compare(t.outcome, t.started, t.x, np.zeros((t.n, 2)), ALPHA, dice())
    assert not found.trust.shown and found.placebo.key == "no-placebo"


def test_ever_against_never_is_refused(t):
    start = np.where(t.started, np.arange(t.n) % 9, NEVER)
    assert compare(t.outcome, t.started, t.x, t.before, ALPHA, dice(), start).key == "immortal-time"
    same = np.where(t.started, 4, NEVER)
    assert compare(t.outcome, t.started, t.x, t.before, ALPHA, dice(), same).trust.shown


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"started": np.arange(600) < 10}, "too-few"),
        ({"outcome": np.full((600, 2), np.nan)}, "missing-outcome"),
        ({"started": np.ones(600, dtype=bool)}, "one-arm"),
    ],
)
def test_refusals(t, change, key):
    given = {"outcome": t.outcome, "started": t.started, "covariates": t.x, "pre_outcome": t.before, "alpha": ALPHA, "generator": dice()} | change
    found = compare(**given)
    assert isinstance(found, Refused) and found.key == key


def test_the_ranking():
    assert RANKING == ("lottery", "roll-out", "weighting")
    assert [trust(design, ()).rank for design in RANKING] == [1, 2, 3]
    assert "stærkeste" in trust("lottery", ()).da and "svagere end en lodtrækning" in trust("roll-out", ()).da


def test_the_e_value_is_of_the_curves_own_ratio(t):
    curve = doubly(t.outcome, t.started, t.x)
    found = sensitivity(curve, t.outcome, t.started, t.x, ALPHA)
    one = t.outcome[t.started].mean(axis=0)
    close(found.e_value, e_value(one / (one - curve.effect)))
    line = sm.OLS(t.outcome[:, 2], np.column_stack([t.started, np.ones(t.n), t.x])).fit()
    close(found.robustness_limit[2], robustness(line.tvalues[:1], int(line.df_resid), alpha=ALPHA))
    assert np.isnan(sensitivity(curve, t.outcome * 2.5, t.started, t.x, ALPHA).e_value).all()


def test_the_limit_of_the_ratio_is_the_usual_one():
    """For a plain difference the variance of log RR is (1-p₁)/(n₁p₁) + (1-p₀)/(n₀p₀)."""
    t = town(effect=0.2)
    y, d, zeros = t.outcome[:, :1], t.started[:, None], int((~t.started).sum())
    one, zero = y[t.started].mean(), y[~t.started].mean()
    psi = np.where(d, (y - one) / t.started.sum(), -(y - zero) / zeros)
    found = sensitivity(Curve(np.array([one - zero]), psi, "", t.n), y, t.started, t.x, ALPHA)
    low = np.exp(np.log(one / zero) - 1.6448536269514722 * np.sqrt((1 - one) / (t.started.sum() * one) + (1 - zero) / (zeros * zero)))
    close(found.e_value_limit, e_value(np.array([low])))
    assert low > 1


def test_starts_with_a_time_before():
    job, start, x, waits = waiting(n=5000)
    found = compare_starts(job, start, x, 5, 1, ALPHA, dice(), waits)
    assert not found.trust.shown and found.placebo.key == "no-placebo"  # nobody waiting had a job the week before
    past = np.hstack([(np.random.default_rng(3).random((5000, 3)) < 0.3).astype(float), job])
    moved = np.where(start == NEVER, NEVER, start + 3)
    could = np.hstack([np.zeros((5000, 3), dtype=bool), waits])
    found = compare_starts(past, moved, x, 5, 4, ALPHA, dice(), could)
    assert found.trust.shown and found.trust.design == "weighting" and len(found.estimate.effect) == 5 == len(found.control)
    assert compare_starts(job, start, x, 5, 0, ALPHA, dice(), waits).placebo.key == "no-placebo"
    assert compare_starts(job[:60], start[:60], x[:60], 12, 0, ALPHA, dice(), waits[:60]).key == "too-few"


def test_a_rollout_that_went_together_is_shown_and_one_that_did_not_is_not():
    y, first = rollout(units=400)
    found = compare_rollout(y, first, None, ALPHA, dice())
    assert found.trust.shown and found.trust.rank == 2
    since = found.times >= 0
    assert (np.abs(found.dynamic.effect[since] - (0.3 + 0.1 * found.times[since])) < 3 * found.dynamic.error[since]).all()
    apart = y + np.where(first[:, None] == NEVER, 0, 0.3 * np.arange(y.shape[1]))
    found = compare_rollout(apart, first, None, ALPHA, dice())
    assert not found.trust.shown and isinstance(found.dynamic, Refused) and isinstance(found.simple, Refused)


def test_a_period_with_few_events_tells_nothing():
    """1,200 who start at random beside 4,000 who wait, and nine in ten thousand had the outcome before: nought among the starters proves no difference."""
    from snerydder.effects.observed.checks import telling

    dice, started = np.random.default_rng(2), np.arange(5200) < 1200
    past = np.column_stack([dice.random((5200, 2)) < 0.0009, dice.random(5200) < 0.05])
    past[started, 0] = False
    assert telling(past.astype(float), started).tolist() == [False, False, True]
    assert telling(past + 0.5, started).all()  # no yes or no: a mean
    naive = difference(past[:, 0], started)
    assert abs(naive.z[0]) > 1.645 > 0  # what would have been called a difference
