"""The comparisons in one call each: the checks first, then every estimator, or the reason why there is no number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.difference import difference
from snerydder.effects.given import checked
from snerydder.effects.observed.checks import (
    EVENTS,
    FEWEST,
    Check,
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
    telling,
)  # fmt: skip
from snerydder.effects.observed.doubly import doubly
from snerydder.effects.observed.entropy import entropy
from snerydder.effects.observed.matching import matching
from snerydder.effects.observed.propensity import propensity, unusable, weighting
from snerydder.effects.observed.sensitivity import Sensitivity, sensitivity
from snerydder.effects.observed.staggered import Controls, Staggered, staggered
from snerydder.effects.observed.starts import Starts, one_start, starts
from snerydder.effects.observed.verdict import Trust, trust
from snerydder.effects.results import Curve, Floats, Refused, as_weeks

MAIN = "doubly"
NO_TIME_BEFORE = Refused(
    "Der er ingen tid før start at prøve sammenligningen på.", "no-placebo", "There is no time before the start to try the comparison on."
)


@dataclass(frozen=True)
class Comparison:
    """`estimates` by name; the main one is "doubly". When a check fails each of them is a refusal, so no number can be shown by mistake."""

    trust: Trust
    checks: tuple[Check, ...]
    estimates: dict[str, Curve | Refused]
    sensitivity: Sensitivity | Refused
    overlap: Overlap
    before: Floats  # SMD per covariate as it was
    after: Floats  # and after weighting
    placebo: Placebo | Refused
    started: int
    compared: int
    effective: float


@dataclass(frozen=True)
class StartComparison:
    trust: Trust
    checks: tuple[Check, ...]
    estimate: Curve | Refused  # weeks 0..horizon-1 from the start
    control: Floats | Refused  # what the starters would have had
    found: Starts
    placebo: Placebo | Refused


@dataclass(frozen=True)
class RolloutComparison:
    trust: Trust
    checks: tuple[Check, ...]
    times: NDArray[np.int64]
    dynamic: Curve | Refused  # by periods since the start
    simple: Curve | Refused
    found: Staggered
    placebo: Placebo | Refused


@checked
def compare(
    outcome: NDArray[np.generic],
    started: NDArray[np.bool_],
    covariates: Floats,
    pre_outcome: NDArray[np.generic],
    alpha: float,
    generator: np.random.Generator,
    start: NDArray[np.int64] | None = None,
) -> Comparison | Refused:
    """Those who started against those who did not, from one common week 0.

    `pre_outcome` is the outcome in periods before week 0 that are not among the covariates: the comparison is tried on it first. `start` is the week
    each one started (NEVER if not); when it differs between starters the question is another, and the answer here would be wrong.
    """
    y, past = as_weeks(outcome), as_weeks(pre_outcome)
    refused = (one_start(start) if start is not None else None) or unusable(np.hstack([y, past]), started)
    if refused:
        return refused
    ones, zeros = int(started.sum()), int((~started).sum())
    if min(ones, zeros) < FEWEST:
        return Refused(
            f"{ones} begyndte og {zeros} gjorde ikke. Der skal være mindst {FEWEST} af hver.",
            "too-few",
            f"{ones} started and {zeros} did not; {FEWEST} of each are needed.",
        )
    score = propensity(started, covariates)
    if isinstance(score, Refused):
        return score
    weights = np.where(started, 0.0, score.odds)
    tried = doubly(past, started, covariates)
    place = tried if isinstance(tried, Refused) else placebo(tried, 1 - alpha, generator, telling(past, started))
    common, size = overlap(score.score, started), effective(weights)
    before, after = alike(covariates, started), alike(covariates, started, weights)
    checks = (outside_check(common), alike_check(after), effective_check(size, zeros), placebo_check(place, alpha))
    verdict = trust("weighting", checks)
    withheld = Refused(verdict.da, "checks-failed", verdict.en)
    estimates: dict[str, Curve | Refused] = dict.fromkeys((MAIN, "odds", "entropy", "matching", "plain"), withheld)
    hidden: Sensitivity | Refused = withheld
    if verdict.shown:
        odds, balance, matched = weighting(y, started, covariates), entropy(y, started, covariates), matching(y, started, covariates)
        main = doubly(y, started, covariates)
        estimates = {
            MAIN: main,
            "odds": odds if isinstance(odds, Refused) else odds.curve,
            "entropy": balance if isinstance(balance, Refused) else balance.curve,
            "matching": matched if isinstance(matched, Refused) else matched.curve,
            "plain": difference(y, started),
        }
        hidden = main if isinstance(main, Refused) else sensitivity(main, y, started, covariates, alpha)
    return Comparison(verdict, checks, estimates, hidden, common, before, after, place, ones, zeros, size)


@checked
def compare_starts(
    outcome: NDArray[np.generic],
    start: NDArray[np.int64],
    covariates: Floats,
    horizon: int,
    before: int,
    alpha: float,
    generator: np.random.Generator,
    eligible: NDArray[np.bool_] | None = None,
) -> StartComparison | Refused:
    """Those who start in a week against those still waiting. The `before` weeks ahead of the start are the placebo."""
    found = starts(outcome, start, covariates, horizon, before, eligible)
    if isinstance(found, Refused):
        return found
    if found.starters.sum() < FEWEST:
        return Refused(
            f"Kun {found.starters.sum()} begyndte, mens andre ventede. Der skal være {FEWEST}.",
            "too-few",
            f"Only {found.starters.sum()} started; {FEWEST} are needed.",
        )
    weeks = np.eye(before + horizon)
    curve = found.weighted.curve
    place = placebo(curve.combine(weeks[:, :before]), 1 - alpha, generator, _told_before(as_weeks(outcome), start, horizon, before, eligible)) if before else NO_TIME_BEFORE
    used = found.weighted.weights
    checks = (effective_check(effective(used), int((used > 0).sum())), placebo_check(place, alpha))
    verdict = trust("weighting", checks)
    withheld = Refused(verdict.da, "checks-failed", verdict.en)
    return StartComparison(
        verdict,
        checks,
        curve.combine(weeks[:, before:]) if verdict.shown else withheld,
        found.weighted.control[before:] if verdict.shown else withheld,
        found,
        place,
    )


def _told_before(y: Floats, start: NDArray[np.int64], horizon: int, before: int, eligible: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """By weeks ahead of the start: the starters as they were, against everybody in the weeks before."""
    began = np.flatnonzero((start >= before) & (start <= y.shape[1] - horizon))
    if eligible is not None:
        began = began[eligible[began, start[began]]]
    mine = np.array([y[person, start[person] - before : start[person]] for person in began])
    others = np.array([y[:, week - before : week].sum(axis=0) for week in np.unique(start[began])]).sum(axis=0)
    if not np.isin(y, (0, 1)).all():
        return np.ones(before, dtype=bool)
    return np.asarray((np.minimum(mine.sum(axis=0), (1 - mine).sum(axis=0)) >= EVENTS) & (others >= EVENTS))


@checked
def compare_rollout(
    outcome: Floats,
    first: NDArray[np.int64],
    cluster: NDArray[np.int64] | None,
    alpha: float,
    generator: np.random.Generator,
    controls: Controls = "not-yet",
) -> RolloutComparison | Refused:
    """Municipalities that began at different times. The periods before the start, apart from the base, are the placebo."""
    found = staggered(outcome, first, controls, cluster)
    if isinstance(found, Refused):
        return found
    times, curve = found.dynamic()
    early = np.flatnonzero(times < 0)
    place = placebo(curve.combine(np.eye(len(times))[:, early]), 1 - alpha, generator) if len(early) else NO_TIME_BEFORE
    checks = (placebo_check(place, alpha),)
    verdict = trust("roll-out", checks)
    withheld = Refused(verdict.da, "checks-failed", verdict.en)
    return RolloutComparison(
        verdict, checks, times, curve if verdict.shown else withheld, found.simple() if verdict.shown else withheld, found, place
    )
