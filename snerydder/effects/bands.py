"""Simultaneous bands: the whole curve inside at once, with the chance asked for.

c = the (1-α) quantile of max_t |Z_t|, Z ~ N(0, R), R the correlation of the weekly effects (Freyberger & Rai 2018; Montiel Olea &
Plagborg-Møller 2019). R is singular or near it (neighbouring weeks), so Z is drawn by the eigen square root, never by Cholesky.
Weeks where nothing varies take no part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from snerydder.effects.multiplicity import romano_wolf
from snerydder.effects.results import Curve, Floats, Refused

DRAWS = 100_000


@dataclass(frozen=True)
class Band:
    level: float
    pointwise: float  # critical values
    simultaneous: float
    lower: Floats
    upper: Floats
    simultaneous_lower: Floats
    simultaneous_upper: Floats
    weeks: int


def maxima(covariance: Floats, generator: np.random.Generator, draws: int = DRAWS) -> Floats | Refused:
    """Draws of max_t |Z_t|, smallest first."""
    z = absolute_draws(covariance, generator, draws)
    return z if isinstance(z, Refused) else np.sort(z.max(axis=1)).astype(float)


def absolute_draws(covariance: Floats, generator: np.random.Generator, draws: int = DRAWS) -> NDArray[np.float32] | Refused:
    """|Z| by draw and week, in single precision: the Monte Carlo error is ten thousand times larger."""
    error = np.sqrt(np.diag(covariance))
    varies = error > 1e-12 * max(float(error.max(initial=0.0)), 1e-300)
    if not varies.any():
        return Refused("Intet udfald varierer i nogen uge, så der er intet bånd at regne.", "no-variation", "No outcome varies in any week.")
    scaled = covariance[np.ix_(varies, varies)] / np.outer(error[varies], error[varies])
    values, vectors = np.linalg.eigh(scaled)
    kept = values > 1e-9
    root = (vectors[:, kept] * np.sqrt(values[kept])).astype(np.float32)
    z = np.zeros((draws, len(error)), dtype=np.float32)
    for first in range(0, draws, 20_000):
        last = min(first + 20_000, draws)
        normal = generator.standard_normal((last - first, int(kept.sum())), dtype=np.float32)
        z[first:last, varies] = np.abs(normal @ root.T)
    return z


def band(curve: Curve, level: float, sorted_maxima: Floats) -> Band:
    pointwise = float(-ndtri((1 - level) / 2))
    simultaneous = max(pointwise, float(np.quantile(sorted_maxima, level)))
    if curve.df is not None:  # few clusters: both are widened as the t of the fewest degrees of freedom is wider than the normal
        wider = float(stdtrit(curve.df.min(), (1 + level) / 2)) / pointwise
        pointwise, simultaneous = pointwise * wider, simultaneous * wider
    error = curve.error
    return Band(
        level, pointwise, simultaneous, curve.effect - pointwise * error, curve.effect + pointwise * error,
        curve.effect - simultaneous * error, curve.effect + simultaneous * error, len(error),
    )  # fmt: skip


def first_week_outside(lower: Floats, upper: Floats, weeks: NDArray[np.int64]) -> int | None:
    """The first week from which the band leaves zero out to the end of the window."""
    outside = (lower > 0) | (upper < 0)
    if not outside[-1]:
        return None
    inside = np.flatnonzero(~outside)
    return int(weeks[0 if not len(inside) else inside[-1] + 1])


def first_week_ever(lower: Floats, upper: Floats, weeks: NDArray[np.int64]) -> int | None:
    """The first single week in which the band leaves zero out."""
    outside = np.flatnonzero((lower > 0) | (upper < 0))
    return int(weeks[outside[0]]) if len(outside) else None


def adjusted(z: Floats, absolute: NDArray[np.float32]) -> Floats:
    """Step-down p-values under the joint normal: p_(j) = P(max over the weeks not yet rejected ≥ |z_(j)|)."""
    found = romano_wolf(z, absolute)
    assert not isinstance(found, Refused), "there are draws"
    return found
