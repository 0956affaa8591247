"""How strong would something nobody measured have to be to explain the effect away?

E-value: RR + √(RR(RR-1)), RR turned so that it is above one; of the limit nearest one, and 1 when the interval holds one (VanderWeele & Ding 2017).
Robustness value: with f = q|t|/√df less its critical value t*/√(df-1) (nothing at α = 1), RV = (√(f⁴ + 4f²) - f²)/2: the share of what is left of both
the start and the outcome that a hidden covariate must explain to take away the share q of the effect (Cinelli & Hazlett 2020).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from snerydder.effects.observed.propensity import with_constant
from snerydder.effects.regression import fit
from snerydder.effects.results import Curve, Floats, Refused, as_weeks


@dataclass(frozen=True)
class Sensitivity:
    """Per week; NaN where the outcome never happens in a group, so that no ratio exists."""

    e_value: Floats
    e_value_limit: Floats
    robustness: Floats
    robustness_limit: Floats


def e_value(ratio: NDArray[np.float64]) -> Floats:
    above = np.maximum(ratio, 1 / ratio)
    found: Floats = above + np.sqrt(above * (above - 1))
    return found


def e_value_limit(low: NDArray[np.float64], high: NDArray[np.float64]) -> Floats:
    return e_value(np.where(low > 1, low, np.where(high < 1, high, np.where(np.isnan(low), np.nan, 1.0))))


def robustness(t: NDArray[np.float64], df: int, q: float = 1.0, alpha: float = 1.0) -> Floats:
    full = q * np.abs(t) / np.sqrt(df)
    critical = abs(stdtrit(df - 1, alpha / 2)) / np.sqrt(df - 1)
    f = np.maximum(full - critical, 0.0)
    found: Floats = (np.sqrt(f**4 + 4 * f**2) - f**2) / 2
    return np.where(full * critical > 1, (full**2 - critical**2) / (1 + full**2), found)  # the error alone would do, in the extreme


def sensitivity(curve: Curve, outcome: NDArray[np.generic], started: NDArray[np.bool_], covariates: Floats, alpha: float) -> Sensitivity | Refused:
    """The E-value from the curve's own risk ratio (yes/no outcomes); the robustness value from the least squares line on start and covariates."""
    y, d = as_weeks(outcome), started.astype(float)
    line = fit(y, np.column_stack([d, with_constant(covariates)]))
    if isinstance(line, Refused):
        return line
    df = len(y) - line.q.shape[1]
    error = np.sqrt((line.residuals**2).sum(axis=0) / df * float(line.bread[0] @ line.bread[0]))
    t = np.divide(line.coefficients[0], error, out=np.zeros_like(error), where=error > 0)
    one = y[started].mean(axis=0)
    psi_one = np.where(started[:, None], y - one, 0.0) / d.sum()
    zero, psi_zero = one - curve.effect, psi_one - curve.psi
    possible = (one > 0) & (zero > 0) & bool(((y == 0) | (y == 1)).all())
    ratio = np.where(possible, one, np.nan) / np.where(possible, zero, 1.0)
    spread = np.sqrt(((psi_one / np.where(possible, one, 1.0) - psi_zero / np.where(possible, zero, 1.0)) ** 2).sum(axis=0))
    reach = np.exp(-ndtri(alpha / 2) * spread)
    return Sensitivity(e_value(ratio), e_value_limit(ratio / reach, ratio * reach), robustness(t, df), robustness(t, df, alpha=alpha))
