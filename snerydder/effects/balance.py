"""Did the draw make two groups alike? Means by arm, standardised gaps, and one joint test instead of a row of stars.

SMD = (x̄_1 - x̄_0) / √((s²_1 + s²_0)/2)  (Austin 2009). Joint: F of all covariates in the regression of the arm on strata and them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc, stdtr

from snerydder.effects.regression import fit
from snerydder.effects.results import Floats, Refused


@dataclass(frozen=True)
class Line:
    name: str
    control: float
    treated: float
    smd: float
    variance_ratio: float
    p: float  # Welch
    n_control: int
    n_treated: int


@dataclass(frozen=True)
class Joint:
    f: float
    df1: int
    df2: int
    p: float


def line(name: str, values: Floats, treated: NDArray[np.bool_]) -> Line | Refused:
    """Missing values are left out here; how many there are is a line of its own."""
    one, zero = values[treated & np.isfinite(values)], values[~treated & np.isfinite(values)]
    if min(len(one), len(zero)) < 2:
        return Refused(f"{name}: færre end to personer med værdi i en af grupperne.", "too-few", f"{name}: fewer than two persons with a value in one arm.")
    v1, v0 = one.var(ddof=1), zero.var(ddof=1)
    gap, pooled = one.mean() - zero.mean(), np.sqrt((v1 + v0) / 2)
    if pooled == 0:
        return Line(name, float(zero.mean()), float(one.mean()), 0.0, 1.0, 1.0, len(zero), len(one))
    s1, s0 = v1 / len(one), v0 / len(zero)
    df = (s1 + s0) ** 2 / (s1**2 / (len(one) - 1) + s0**2 / (len(zero) - 1))
    p = 2 * stdtr(df, -abs(gap) / np.sqrt(s1 + s0))
    ratio = v1 / v0 if v0 > 0 else np.inf
    return Line(name, float(zero.mean()), float(one.mean()), float(gap / pooled), float(ratio), float(p), len(zero), len(one))


def joint(covariates: Floats, treated: NDArray[np.bool_], stratum: NDArray[np.int64]) -> Joint | Refused:
    """F of the covariates in z ~ strata + covariates, against strata alone."""
    z = treated.astype(float)[:, None]
    dummies = (stratum[:, None] == np.unique(stratum)[None, :]).astype(float)
    full, short = fit(z, np.hstack([dummies, covariates])), fit(z, dummies)
    if isinstance(full, Refused):
        return full
    if isinstance(short, Refused):
        return short
    df1 = covariates.shape[1]
    df2 = len(z) - df1 - dummies.shape[1]
    left, before = float((full.residuals**2).sum()), float((short.residuals**2).sum())
    f = (before - left) / df1 / (left / df2)
    return Joint(f, df1, df2, float(fdtrc(df1, df2, f)))
