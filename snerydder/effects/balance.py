"""Did the draw make two groups alike? Means by arm, standardised gaps, and one joint test instead of a row of stars.

SMD = (x̄_1 - x̄_0) / √((s²_1 + s²_0)/2)  (Austin 2009); beside it s²_1/s²_0 and Welch's p.
`joint`       F of all covariates in the regression of the arm on strata and them.
`joint_wald`  the same coefficients γ with HC2: γ'V⁻¹γ, chi-square; holds also when the spread differs between the arms.
`permuted`    the share of lotteries whose F is as large, drawn as the true one was: no distribution assumed (Hansen & Bowers 2008).
Covariates persons × columns. Refused: columns that follow from each other or from the strata, and columns that tell exactly who is in which arm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, fdtrc, stdtr

from snerydder.effects.clusters import clustered
from snerydder.effects.given import checked
from snerydder.effects.regression import alone_in, fit
from snerydder.effects.results import Floats, Refused

NOTHING_LEFT = 1e-20  # of the arm's spread, when the covariates tell everybody's arm
NONE = Refused("Der er ingen baggrundsoplysninger at sammenligne.", "no-covariates", "There are no covariates to compare.")
DECIDED = Refused(
    "Baggrundsoplysningerne siger præcis, hvem der er i hvilken gruppe, så det er ikke en lodtrækning, tallene kan prøve.", "separation",
    "The covariates tell exactly who is in which arm, so there is no draw to test.",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    name: str
    control: float
    treated: float
    smd: float
    variance_ratio: float
    p: float  # Welch; CR2 where clusters were drawn
    n_control: int
    n_treated: int


@dataclass(frozen=True)
class Joint:
    f: float
    df1: int
    df2: int
    p: float


@dataclass(frozen=True)
class Wald:
    statistic: float
    df: int
    p: float


@dataclass(frozen=True)
class Permuted:
    f: float
    p: float
    redraws: int
    exact: bool


@checked
def line(
    name: str, values: Floats, treated: NDArray[np.bool_], cluster: NDArray[np.int64] | None = None, stratum: NDArray[np.int64] | None = None
) -> Line | Refused:
    """Missing values are left out here; how many there are is a line of its own. `cluster` (and its `stratum`) when clusters were drawn."""
    one, zero = values[treated & np.isfinite(values)], values[~treated & np.isfinite(values)]
    if min(len(one), len(zero)) < 2:
        return Refused(
            f"{name}: færre end to personer med værdi i en af grupperne.", "too-few", f"{name}: fewer than two persons with a value in one arm."
        )
    v1, v0 = one.var(ddof=1), zero.var(ddof=1)
    gap, pooled = one.mean() - zero.mean(), np.sqrt((v1 + v0) / 2)
    if pooled == 0 and gap != 0:
        return Refused(f"{name} er ens for alle i den ene gruppe og noget andet for alle i den anden; så kan forskellen ikke måles i spredninger.", "no-variation",
                       f"{name} is the same for all in one arm and something else for all in the other.")  # fmt: skip
    if pooled == 0:
        return Line(name, float(zero.mean()), float(one.mean()), 0.0, 1.0, 1.0, len(zero), len(one))
    s1, s0 = v1 / len(one), v0 / len(zero)
    df = (s1 + s0) ** 2 / (s1**2 / (len(one) - 1) + s0**2 / (len(zero) - 1))
    p = 2 * stdtr(df, -abs(gap) / np.sqrt(s1 + s0))
    if cluster is not None:
        known = np.isfinite(values)
        curve = clustered(values[known], treated[known], cluster[known], None if stratum is None else stratum[known])
        if isinstance(curve, Refused):
            return replace(curve, reason=f"{name}: {curve.reason}", reason_en=f"{name}: {curve.reason_en}")
        p = curve.p[0]
    ratio = v1 / v0 if v0 > 0 else np.inf
    return Line(name, float(zero.mean()), float(one.mean()), float(gap / pooled), float(ratio), float(p), len(zero), len(one))


@checked
def joint(covariates: Floats, treated: NDArray[np.bool_], stratum: NDArray[np.int64]) -> Joint | Refused:
    """F of the covariates in z ~ strata + covariates, against strata alone."""
    if not covariates.shape[1]:
        return NONE
    z = treated.astype(float)[:, None]
    dummies = _dummies(stratum)
    full, short = fit(z, np.hstack([dummies, covariates])), fit(z, dummies)
    if isinstance(full, Refused):
        return full
    if isinstance(short, Refused):
        return short
    df1 = covariates.shape[1]
    df2 = len(z) - df1 - dummies.shape[1]
    left, before = float((full.residuals**2).sum()), float((short.residuals**2).sum())
    if left <= NOTHING_LEFT * len(z):
        return DECIDED
    f = (before - left) / df1 / (left / df2)
    return Joint(f, df1, df2, float(fdtrc(df1, df2, f)))


@checked
def joint_wald(covariates: Floats, treated: NDArray[np.bool_], stratum: NDArray[np.int64]) -> Wald | Refused:
    if not covariates.shape[1]:
        return NONE
    found = fit(treated.astype(float)[:, None], np.hstack([covariates, _dummies(stratum)]))
    if isinstance(found, Refused):
        return found
    if alone := alone_in(found, "HC2"):
        return alone
    if (found.residuals**2).sum() <= NOTHING_LEFT * len(found.residuals):
        return DECIDED
    k = covariates.shape[1]
    psi = found.bread[:k].T * found.residuals / np.sqrt(1 - found.leverage)[:, None]
    gap = found.coefficients[:k, 0]
    statistic = float(gap @ np.linalg.solve(psi.T @ psi, gap))
    return Wald(statistic, k, float(chdtrc(k, statistic)))


@checked
def permuted(
    covariates: Floats,
    treated: NDArray[np.bool_],
    stratum: NDArray[np.int64],
    redraws: Iterable[NDArray[np.bool_]],
    exact: bool = False,
    likelihood: Callable[[NDArray[np.bool_]], Floats] | None = None,
) -> Permuted | Refused:
    """With the covariates less their strata made orthogonal (Q), F is (n-k)/k · |Q'z̃|² / (|z̃|² - |Q'z̃|²)."""
    if not covariates.shape[1]:
        return NONE
    dummies = _dummies(stratum)
    short = fit(covariates, dummies)
    full = fit(covariates[:, :1], np.hstack([covariates, dummies]))
    for one in (short, full):
        if isinstance(one, Refused):
            return one
    assert not isinstance(short, Refused)
    q = np.linalg.qr(short.residuals)[0]
    df1, df2 = covariates.shape[1], len(treated) - covariates.shape[1] - dummies.shape[1]

    def f(drawn: NDArray[np.bool_]) -> Floats:
        z = drawn - (drawn @ dummies / dummies.sum(axis=0)) @ dummies.T
        explained = ((z @ q) ** 2).sum(axis=1)
        found: Floats = explained / df1 / np.maximum((z**2).sum(axis=1) - explained, 1e-300) * df2
        return found

    observed = float(f(treated[None, :])[0])
    reached, total, count = 0.0, 0.0, 0
    for chunk in redraws:
        weight = np.ones(len(chunk)) if likelihood is None else likelihood(chunk)
        reached += float(weight @ (f(chunk) >= observed * (1 - 1e-9)))
        total, count = total + float(weight.sum()), count + len(chunk)
    if not count:
        return Refused("Der er ingen trækninger at holde tallene op mod.", "no-draws", "There are no draws to hold the statistic against.")
    plus = 0.0 if exact else total / count
    return Permuted(observed, (reached + plus) / (total + plus), count, exact)


def _dummies(stratum: NDArray[np.int64]) -> Floats:
    return np.asarray(stratum[:, None] == np.unique(stratum)[None, :], dtype=np.float64)
