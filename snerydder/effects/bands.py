"""Simultaneous bands: the whole curve inside at once, with the chance asked for.

c = the (1-α) quantile of max_t |Z_t|, Z ~ N(0, R), R the correlation of the weekly effects (Freyberger & Rai 2018; Montiel Olea &
Plagborg-Møller 2019). R is singular or near it (neighbouring weeks), so Z is drawn by the eigen square root, never by Cholesky.
Weeks where nothing varies take no part.
With few degrees of freedom ν (clusters) c is t's with the tail that c has under the normal, so each week's t by itself has its right law and the weeks go
together as normals do; and R, of rank ν at most, is drawn towards no correlation (Schäfer & Strimmer 2005), for it makes the weeks fewer than they are.
Weeks × weeks of covariance in, critical values without unit out. Refused: nothing varies in any week.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtrit

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


def maxima(covariance: Floats, generator: np.random.Generator, draws: int = DRAWS, df: Floats | None = None) -> Floats | Refused:
    """Draws of max_t |Z_t|, smallest first. `df` as the curve has it."""
    z = absolute_draws(covariance, generator, draws, df)
    return z if isinstance(z, Refused) else np.sort(z.max(axis=1)).astype(float)


def absolute_draws(covariance: Floats, generator: np.random.Generator, draws: int = DRAWS, df: Floats | None = None) -> NDArray[np.float32] | Refused:
    """|Z| by draw and week, in single precision: the Monte Carlo error is ten thousand times larger."""
    error = np.sqrt(np.diag(covariance))
    varies = error > 1e-12 * max(float(error.max(initial=0.0)), 1e-300)
    if not varies.any():
        return Refused("Intet udfald varierer i nogen uge, så der er intet bånd at regne.", "no-variation", "No outcome varies in any week.")
    scaled = covariance[np.ix_(varies, varies)] / np.outer(error[varies], error[varies])
    if df is not None:
        scaled = shrunk(scaled, float(df.min()))
    values, vectors = np.linalg.eigh(scaled)
    kept = values > 1e-9
    root = (vectors[:, kept] * np.sqrt(values[kept])).astype(np.float32)
    z = np.zeros((draws, len(error)), dtype=np.float32)
    for first in range(0, draws, 20_000):
        last = min(first + 20_000, draws)
        normal = generator.standard_normal((last - first, int(kept.sum())), dtype=np.float32)
        z[first:last, varies] = np.abs(normal @ root.T)
    return z


def shrunk(correlation: Floats, df: float) -> Floats:
    """(1-λ)R + λI, λ = min(1, Σ (1-r²)²/ν / Σ r²) over the pairs: as far as ν degrees of freedom make neighbours look more alike than they are."""
    away = ~np.eye(len(correlation), dtype=bool)
    square = correlation[away] ** 2
    lost = min(1.0, float(((1 - square) ** 2).sum()) / df / max(float(square.sum()), 1e-300))
    return np.asarray(np.where(away, (1 - lost) * correlation, correlation))


def band(curve: Curve, level: float, sorted_maxima: Floats) -> Band:
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")
    pointwise = float(-ndtri((1 - level) / 2))
    simultaneous = max(pointwise, float(np.quantile(sorted_maxima, level)))
    pointwise, simultaneous = within(pointwise, curve.df), within(simultaneous, curve.df)
    error = curve.error
    return Band(
        level, pointwise, simultaneous, curve.effect - pointwise * error, curve.effect + pointwise * error,
        curve.effect - simultaneous * error, curve.effect + simultaneous * error, len(error),
    )  # fmt: skip


def within(critical: float, df: Floats | None) -> float:
    """The t of the fewest degrees of freedom with the normal's own tail beyond it: the farther out, the more it is wider."""
    return critical if df is None else float(-stdtrit(df.min(), ndtr(-critical)))


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


def adjusted(curve: Curve, absolute: NDArray[np.float32]) -> Floats:
    """Step-down p-values under the joint normal: p_(j) = P(max over the weeks not yet rejected ≥ |z_(j)|), t on the normal's scale."""
    found = romano_wolf(curve.normal, absolute)
    assert not isinstance(found, Refused), "there are draws"
    return found
