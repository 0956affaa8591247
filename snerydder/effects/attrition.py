"""When the outcome is known for some only: did the draw move who is seen, and what can the effect be then?

response     the stratified difference in the share seen. Without one, those seen are still comparable.
lee          for those who are seen whatever the draw says, if it moves everybody's being seen the same way (Lee 2009). With α_1 ≥ α_0 the shares seen
             and c = α_0/α_1, the mean of the c lowest (highest) of the treated seen less the control mean. psi of a trimmed mean with edge q:
             a_i/(α_1 c) (min(y_i,q) - E min) + (q - μ)/c · psi(c), whose squares sum to Lee's variance (his proposition 3).
manski       no assumption but the range of the outcome: those not seen at its ends (Horowitz & Manski 2000).
reweighted   those seen stand for those like them: weights 1/P(seen | arm, X), logit in each arm, stacked with the means so that the error
             knows the weights were estimated (Horvitz & Thompson 1952; Wooldridge 2007).
Interval for the effect itself, not for the bounds: [L - Cσ_L, U + Cσ_U], Φ(C + (U-L)/max σ) - Φ(-C) = 1-α (Imbens & Manski 2004).

Where clusters were drawn give `cluster`: Manski's ends by CR2, the others' influence by cluster (`clusters.by_lots`), and t in the place of Φ.
Outcomes persons × weeks, `seen` persons × weeks, in every function; effects in the outcome's unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtr

from snerydder.effects.clusters import by_lots, clustered
from snerydder.effects.difference import difference
from snerydder.effects.given import checked
from snerydder.effects.observed.propensity import propensity
from snerydder.effects.regression import patterns
from snerydder.effects.results import Curve, Floats, Refused, as_weeks, settled

Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Bounds:
    lower: Curve
    upper: Curve
    interval_lower: Floats  # of the effect, at the level asked for
    interval_upper: Floats
    trimmed: Floats  # per week: the share left out of the arm that is seen more; 0 where nobody is


@checked
def response(seen: Booleans, treated: Booleans, stratum: Integers) -> Curve | Refused:
    """The effect of the draw on being seen, week by week; `curve.p` is the test of differential attrition."""
    return difference(as_weeks(seen), treated, stratum)


@checked
def lee(
    outcome: NDArray[np.generic], seen: Booleans, treated: Booleans, stratum: Integers, alpha: float, cluster: Integers | None = None
) -> Bounds | Refused:
    y, known = as_weeks(outcome), as_weeks(seen) > 0
    weight = arm_weights(treated, stratum)
    if isinstance(weight, Refused):
        return weight
    counted = known & (weight > 0)[:, None]  # a stratum without two in each arm has left
    fewest = min((counted & treated[:, None]).sum(axis=0).min(), (counted & ~treated[:, None]).sum(axis=0).min())
    if fewest < 2:
        return Refused("I en uge er færre end to set i en af grupperne.", "too-few", "In some week fewer than two are seen in one arm.")
    y = np.where(known, y, 0.0)
    found = [_trimmed(y[:, week], known[:, week], treated, weight) for week in range(y.shape[1])]
    ends = [
        settled(Curve(np.array([one[0] for one in side]), np.column_stack([one[1] for one in side]), "Lee", len(y)), y)
        for side in ([f[0] for f in found], [f[1] for f in found])
    ]
    trimmed = np.array([one[2] for one in found])
    if cluster is None:
        return _between(ends[0], ends[1], alpha, trimmed)
    lower, upper = (by_lots(end, treated, cluster, stratum) for end in ends)
    if isinstance(lower, Refused):
        return lower
    assert isinstance(upper, Curve), "the same clusters"
    return _between(lower, upper, alpha, trimmed)


@checked
def manski(
    outcome: NDArray[np.generic], seen: Booleans, treated: Booleans, stratum: Integers, alpha: float, least: float = 0.0, most: float = 1.0,
    cluster: Integers | None = None,
) -> Bounds | Refused:  # fmt: skip
    y, known = as_weeks(outcome), as_weeks(seen) > 0
    if (known & ((y < least) | (y > most))).any():
        low, high = (f"{end:g}".replace(".", ",") for end in (least, most))
        return Refused(f"Udfaldet går ud over grænserne {low} og {high}.", "range", "The outcome leaves the range given.")
    ends = []
    for treated_end, control_end in ((least, most), (most, least)):
        filled = np.where(known, y, np.where(treated[:, None], treated_end, control_end))
        ends.append(difference(filled, treated, stratum) if cluster is None else clustered(filled, treated, cluster, stratum))
    lower, upper = ends
    if isinstance(lower, Refused):
        return lower
    assert isinstance(upper, Curve), "the same persons"
    return _between(lower, upper, alpha, np.zeros(y.shape[1]))


@checked
def reweighted(
    outcome: NDArray[np.generic], seen: Booleans, treated: Booleans, stratum: Integers, covariates: Floats, cluster: Integers | None = None
) -> Curve | Refused:
    """Put what decides both being seen and the outcome among the covariates, the strata too."""
    y, known = as_weeks(outcome), as_weeks(seen) > 0
    weight = arm_weights(treated, stratum)
    if isinstance(weight, Refused):
        return weight
    effect, psi = np.zeros(y.shape[1]), np.zeros(y.shape)
    for rows, weeks in patterns(known, y):
        mask = np.ones(len(y), dtype=bool) if isinstance(rows, slice) else np.isin(np.arange(len(y)), rows)
        for arm, sign in ((treated, 1.0), (~treated, -1.0)):
            mean = _stood_for(y[arm][:, weeks], mask[arm], covariates[arm], weight[arm])
            if isinstance(mean, Refused):
                return mean
            effect[weeks] += sign * mean[0]
            psi[np.ix_(np.flatnonzero(arm), np.arange(y.shape[1])[weeks])] = sign * mean[1]
    curve = settled(Curve(effect, psi, "response weights, logit", len(y)), np.where(known, y, 0.0))
    return curve if cluster is None else by_lots(curve, treated, cluster, stratum)


def arm_weights(treated: Booleans, stratum: Integers) -> Floats | Refused:
    """Each arm's weights sum to one, and each stratum weighs as its share of all drawn. A stratum without two in each arm leaves (weight 0)."""
    weight = np.zeros(len(treated))
    for label in np.unique(stratum):
        here = stratum == label
        if min((here & treated).sum(), (here & ~treated).sum()) > 1:
            for arm in (here & treated, here & ~treated):
                weight[arm] = here.sum() / arm.sum()
    if not weight.any():
        return Refused("Intet stratum har to personer i hver gruppe.", "one-arm", "No stratum has two persons in each arm.")
    return weight / weight[treated].sum()


def _trimmed(y: Floats, seen: Booleans, treated: Booleans, weight: Floats) -> tuple[tuple[float, Floats], tuple[float, Floats], float]:
    """Lower and upper bound with their psi, and the share trimmed."""
    rate = {arm: float(weight[(treated == arm) & seen].sum()) for arm in (True, False)}
    more = rate[True] >= rate[False]
    many, few = (treated == more) & seen, (treated != more) & seen
    kept = rate[not more] / rate[more]
    share = {arm: np.where(treated == arm, weight * (seen - rate[arm]) / rate[arm], 0.0) for arm in (True, False)}
    psi_kept = kept * (share[not more] - share[more])
    few_weight = np.where(few, weight, 0.0) / rate[not more]
    few_mean = float(few_weight @ y)
    psi_few = few_weight * (y - few_mean)
    sign = 1.0 if more else -1.0
    ends = []
    for side in (1.0, -1.0):  # the lowest, the highest
        mean, edge, low = _lowest(side * y[many], weight[many] / rate[more], kept)
        psi = np.zeros(len(y))
        psi[many] = weight[many] / rate[more] * (np.minimum(side * y[many], edge) - low) / kept
        if kept < 1:
            psi += (edge - mean) / kept * psi_kept
        ends.append((sign * (side * mean - few_mean), sign * (side * psi - psi_few)))
    lower, upper = ends if more else ends[::-1]
    return lower, upper, 1 - kept


def _lowest(y: Floats, weight: Floats, kept: float) -> tuple[float, float, float]:
    """Mean of the lowest `kept`, the value at its edge, and E min(y, edge). The one at the edge counts by the part that is inside."""
    order = np.argsort(y, kind="stable")
    before = np.cumsum(weight[order]) - weight[order]
    inside = np.clip(kept - before, 0.0, weight[order])
    edge = float(y[order][np.flatnonzero(inside > 0)[-1]])
    return float(inside @ y[order]) / kept, edge, float(weight @ np.minimum(y, edge))


def _stood_for(y: Floats, seen: Booleans, covariates: Floats, weight: Floats) -> tuple[Floats, Floats] | Refused:
    """One arm: the mean of those seen, standing for all, and its psi."""
    if seen.all():
        mean = weight @ y
        return mean, weight[:, None] * (y - mean)
    found = propensity(seen, covariates)
    if isinstance(found, Refused):
        if found.key != "separation":
            return found
        return Refused(
            "En baggrundsoplysning afgør (næsten) alene, hvem der er set, så nogle har ingen til at stå for sig.", "separation",
            "A covariate (all but) decides who is seen, so some have nobody to stand for them.",
        )  # fmt: skip
    stands = np.where(seen, weight / found.score, 0.0)
    stands /= stands.sum()
    mean = stands @ np.where(seen[:, None], y, 0.0)
    psi = stands[:, None] * np.where(seen[:, None], y - mean, 0.0)
    return mean, psi - found.influence @ (found.basis.T @ (psi * (1 - found.score)[:, None]))


def _between(lower: Curve, upper: Curve, alpha: float, trimmed: Floats) -> Bounds:
    gap = np.maximum(upper.effect - lower.effect, 0.0)
    reach = np.array(
        [
            _reach(width / wide if wide > 0 else np.inf, alpha, df)
            for width, wide, df in zip(gap, np.fmax(lower.error, upper.error), np.full(len(gap), np.inf) if lower.df is None else lower.df, strict=True)
        ]
    )
    return Bounds(lower, upper, lower.effect - reach * lower.error, upper.effect + reach * upper.error, trimmed)


def _reach(width: float, alpha: float, df: float = np.inf) -> float:
    def below(value: float) -> float:
        return float(ndtr(value) if np.isinf(df) else stdtr(df, value))

    low, high = 0.0, 10.0 if np.isinf(df) else 1e3
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle + width) - below(-middle) < 1 - alpha else (low, middle)
    return high
