"""Before any effect is read: are there comparable people at all, are the groups alike once weighted, and does a time when nothing can have happened show nothing?

SMD = (x̄_1 - Σ w x_0)/√((s²_1 + s²_0)/2), the spread always the one before weighting (Austin 2009; Stuart 2010).
ESS = (Σw)²/Σw²: as many equally weighted persons would say as much (Kish 1965).
Placebo: the same estimator on an outcome from before the start; p is the chance of a gap that far from zero in any of the periods, max |z| under
the periods' joint normal. Not rejecting is no proof, so `reach` tells how large a gap could have hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.bands import maxima, within
from snerydder.effects.results import Curve, Floats, Refused

BINS = 20
OUTSIDE, ALIKE, EFFECTIVE, FEWEST = 0.05, 0.10, 50, 20
EVENTS = 5  # of each answer in each group, for a period before the start to tell anything


@dataclass(frozen=True)
class Overlap:
    """How many of each group have which chance of starting: twenty bins from 0 to 1. NaN where the disclosure gate holds a count back."""

    edges: Floats
    started: NDArray[Any]
    compared: NDArray[Any]
    outside: float  # share of starters with a chance higher or lower than anyone's among the others


@dataclass(frozen=True)
class Placebo:
    p: float
    largest: float  # the gap farthest from zero, in errors
    reach: float  # half the width of the widest simultaneous interval
    periods: int


@dataclass(frozen=True)
class Check:
    """One line of the list a reader sees."""

    key: str
    passed: bool
    value: float
    limit: float
    da: str
    en: str


def overlap(score: Floats, started: NDArray[np.bool_]) -> Overlap:
    edges = np.linspace(0, 1, BINS + 1)
    one, zero = score[started], score[~started]
    outside = (one < zero.min()) | (one > zero.max())
    return Overlap(edges, np.histogram(one, edges)[0], np.histogram(zero, edges)[0], float(outside.mean()))


def alike(covariates: Floats, started: NDArray[np.bool_], weights: Floats | None = None) -> Floats:
    """SMD per covariate, before (no weights) or after."""
    one, zero = covariates[started], covariates[~started]
    pooled = np.sqrt((one.var(axis=0, ddof=1) + zero.var(axis=0, ddof=1)) / 2)
    w = np.full(len(zero), 1.0) if weights is None else weights[~started]
    gap = one.mean(axis=0) - (w / w.sum()) @ zero
    return np.divide(gap, pooled, out=np.zeros_like(gap), where=pooled > 0)


def effective(weights: Floats) -> float:
    return float(weights.sum() ** 2 / (weights**2).sum())


def telling(past: Floats, started: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Periods in which a yes-or-no outcome has `EVENTS` of each answer among the starters and among the others.

    With fewer the error of a share near nought is nought, and two groups that are alike would be called unlike.
    """
    if not np.isin(past, (0, 1)).all():
        return np.ones(past.shape[1], dtype=bool)
    yes = np.array([past[arm].sum(axis=0) for arm in (started, ~started)])
    no = np.array([[started.sum()], [(~started).sum()]]) - yes
    return np.asarray((np.minimum(yes, no) >= EVENTS).all(axis=0))


def placebo(curve: Curve, level: float, generator: np.random.Generator, usable: NDArray[np.bool_] | None = None) -> Placebo | Refused:
    """`curve` holds only periods from before the start, `usable` those of them in which enough happened to tell anything."""
    if usable is not None and not usable.any():
        return Refused(
            f"Færre end {EVENTS} i en af grupperne havde udfaldet (eller manglede det) i tiden før start, så sammenligningen kan ikke prøves på den.", "no-placebo",
            f"Fewer than {EVENTS} in one of the groups had the outcome (or lacked it) before the start, so the comparison cannot be tried on it.",
        )  # fmt: skip
    if usable is not None:
        curve = curve.combine(np.eye(len(curve.effect))[:, usable])
    drawn = maxima(curve.covariance, generator, df=curve.df)
    if isinstance(drawn, Refused):
        return Refused(
            "Udfaldet varierer ikke i tiden før start, så sammenligningen kan ikke prøves på den.", "no-placebo",
            "The outcome does not vary before the start, so the comparison cannot be tried on it.",
        )  # fmt: skip
    largest = float(np.nanmax(np.abs(curve.normal)))
    p = (1 + int((drawn >= largest).sum())) / (1 + len(drawn))
    return Placebo(p, largest, within(float(np.quantile(drawn, level)), curve.df) * float(np.nanmax(curve.error)), len(curve.effect))


def comma(value: float, places: int = 1) -> str:
    return f"{value:.{places}f}".replace(".", ",")


def whole(value: float) -> str:
    return f"{value:,.0f}".replace(",", ".")


def outside_check(found: Overlap) -> Check:
    share = found.outside
    return Check(
        "overlap", share <= OUTSIDE, share, OUTSIDE,
        f"{comma(100 * share)} % af dem, der begyndte, har ingen sammenlignelige blandt de andre (højst {comma(100 * OUTSIDE, 0)} %).",
        f"{100 * share:.1f} % of the starters have no comparable others (at most {100 * OUTSIDE:.0f} %).",
    )  # fmt: skip


def alike_check(after: Floats) -> Check:
    worst = float(np.abs(after).max())
    return Check(
        "balance", worst <= ALIKE, worst, ALIKE,
        f"Efter vægtningen er den største forskel i baggrund {comma(worst, 2)} standardafvigelser (højst {comma(ALIKE, 2)}).",
        f"After weighting the largest difference in background is {worst:.2f} standard deviations (at most {ALIKE:.2f}).",
    )  # fmt: skip


def effective_check(size: float, persons: int) -> Check:
    return Check(
        "effective-size", size >= EFFECTIVE, size, EFFECTIVE,
        f"De {whole(persons)} i sammenligningsgruppen siger efter vægtningen så meget som {whole(size)} personer (mindst {EFFECTIVE}).",
        f"After weighting the {persons:,} compared say as much as {size:,.0f} persons (at least {EFFECTIVE}).",
    )  # fmt: skip


def placebo_check(found: Placebo | Refused, alpha: float) -> Check:
    if isinstance(found, Refused):
        return Check("placebo", False, np.nan, alpha, found.reason, found.reason_en)
    small = found.p < 0.0005
    p, p_en = ("p < 0,001", "p < 0.001") if small else (f"p = {comma(found.p, 3)}", f"p = {found.p:.3f}")
    if found.p <= alpha:
        return Check(
            "placebo", False, found.p, alpha,
            f"De to grupper gik ikke ens, allerede før nogen begyndte ({p}, grænse {comma(alpha, 2)}).",
            f"The two groups already differed before anyone started ({p_en}, limit {alpha:.2f}).",
        )  # fmt: skip
    return Check(
        "placebo", True, found.p, alpha,
        f"Før nogen begyndte, ses ingen forskel ({p}, grænse {comma(alpha, 2)}). En forskel under {comma(found.reach, 3)} kunne dog have skjult sig.",
        f"Before anyone started no difference is seen ({p_en}, limit {alpha:.2f}). A difference below {found.reach:.3f} could have hidden, though.",
    )  # fmt: skip
