"""Effects by municipality, and whether they follow how well the method was kept: thirteen uncertain points, never a league table.

y_j = θ_j + e_j with known variance v_j, θ_j spread with variance τ² round their mean (DerSimonian & Laird 1986):
τ² = max(0, (Q - (k-1))/(Σw - Σw²/Σw)), Q = Σ w (y-ȳ_w)², w = 1/v.  Drawn towards the mean (Efron & Morris 1975):
θ̂_j = B_j μ + (1-B_j) y_j, B_j = v_j/(v_j+τ²), variance (1-B_j) v_j + B_j² Var μ.
Where clusters were drawn the errors rest on few degrees of freedom ν_j, and weighing by them would find differences that are not there. Then
τ² = max(0, s²_y - mean v) (Hedges & Olkin 1985), which weighs by nothing and is right on average however few; are the places alike? by Welch's (1951)
F = Q/(k-1) / (1 + 2(k-2)Λ), Λ = Σ (1-w_j/Σw)²/ν_j /(k²-1), F(k-1, 1/(3Λ)); and the mean's error by Hartung & Knapp (2001): Σ w*(y-μ)²/((k-1) Σw*), to be held against t(k-1).
Against a measure x of the place: weighted least squares with 1/(v+τ²), τ² what the line leaves (moments). Places were not drawn to how well they
did it, so the slope describes and explains nothing.
One effect and error per place. Refused: under two places (five for the line), an error of nought, the same measure everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, fdtrc, ndtr

from snerydder.effects.results import Floats, Refused

FEWEST = 5


@dataclass(frozen=True)
class Shrunk:
    mean: float
    mean_error: float
    between: float  # τ²
    homogeneity_p: float  # of the same effect everywhere
    effect: Floats  # by place, drawn towards the mean
    error: Floats


@dataclass(frozen=True)
class Slope:
    """The effect's change with one unit of x."""

    slope: float
    error: float
    p: float
    level: float  # at x = 0
    between: float


def shrunk(effect: ArrayLike, error: ArrayLike, df: ArrayLike | None = None) -> Shrunk | Refused:
    """`df` of each error, where it is not known as well as a normal takes it to be."""
    y, v = np.asarray(effect, dtype=float), np.asarray(error, dtype=float) ** 2
    refused = _unfit(y, v, 2)
    if refused:
        return refused
    between, q = _between(y, v, np.ones((len(y), 1)))
    alike = float(chdtrc(len(y) - 1, q))
    if df is not None:
        between, alike = max(0.0, float(y.var(ddof=1) - v.mean())), _welch(v, np.asarray(df, dtype=float), q)
    weight = 1 / (v + between)
    mean, variance = float((weight * y).sum() / weight.sum()), float(1 / weight.sum())
    if df is not None:
        variance = float((weight * (y - mean) ** 2).sum() / ((len(y) - 1) * weight.sum()))
    pull = v * weight
    return Shrunk(
        mean,
        variance**0.5,
        between,
        alike,
        pull * mean + (1 - pull) * y,
        np.sqrt((1 - pull) * v + pull**2 * variance),
    )


def slope(effect: ArrayLike, error: ArrayLike, measure: ArrayLike) -> Slope | Refused:
    y, v, x = np.asarray(effect, dtype=float), np.asarray(error, dtype=float) ** 2, np.asarray(measure, dtype=float)
    refused = _unfit(y, v, FEWEST)
    if refused:
        return refused
    if not np.isfinite(x).all() or np.ptp(x) == 0:
        return Refused(
            "Målet skal kendes for alle steder og være forskelligt.", "no-variation", "The measure must be known for all places, and differ."
        )
    design = np.column_stack([np.ones(len(x)), x])
    between, _ = _between(y, v, design)
    inverse = np.linalg.inv(design.T @ (design / (v + between)[:, None]))
    level, rise = inverse @ design.T @ (y / (v + between))
    wide = float(inverse[1, 1]) ** 0.5
    return Slope(float(rise), wide, float(2 * ndtr(-abs(rise / wide))), float(level), between)


def _welch(v: Floats, df: Floats, q: float) -> float:
    k, share = len(v), (1 / v) / (1 / v).sum()
    loss = float(((1 - share) ** 2 / df).sum()) / (k * k - 1)
    return float(fdtrc(k - 1, 1 / (3 * loss), q / (k - 1) / (1 + 2 * (k - 2) * loss)))


def _between(y: Floats, v: Floats, design: Floats) -> tuple[float, float]:
    """(Q - (k-p)) / tr P with P = W - WX(X'WX)^-1 X'W, Q = y'Py."""
    weighted = design / v[:, None]
    p = np.diag(1 / v) - weighted @ np.linalg.solve(design.T @ weighted, weighted.T)
    q = float(y @ p @ y)
    return max(0.0, (q - (len(y) - design.shape[1])) / float(np.trace(p))), q


def _unfit(y: Floats, v: Floats, fewest: int) -> Refused | None:
    if len(y) < fewest:
        return Refused(f"Der kræves mindst {fewest} steder.", "too-few-places", f"At least {fewest} places are needed.")
    if not (np.isfinite(y) & np.isfinite(v) & (v > 0)).all():
        return Refused("Et sted mangler en effekt med usikkerhed.", "no-effect", "A place lacks an effect with its uncertainty.")
    return None
