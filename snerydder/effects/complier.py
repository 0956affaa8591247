"""The effect of receiving the mentor, for those who received one because the draw said so (LATE).

β_t = z̃'y_t / z̃'d with z̃ the draw less its strata (and covariates); psi_it = z̃_i (ỹ_it - β_t d̃_i)/(z̃'d) · √(n/(n-k)), HC1
(Imbens & Angrist 1994; Angrist, Imbens & Rubin 1996). Strata must be saturated when the lottery's share differs between them
(Blandhol, Bonney, Mogstad & Torgovitsky 2022). The Anderson-Rubin set {b : |π_y - bπ_d| ≤ c·se} holds its level however weak the
first stage is (Anderson & Rubin 1949); it may be an interval, two rays, the whole line, or empty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from snerydder.effects.difference import difference, shares
from snerydder.effects.regression import design, fit
from snerydder.effects.results import Curve, Floats, Refused, as_weeks

WEAK = 10.0


@dataclass(frozen=True)
class Complier:
    curve: Curve
    first_stage: float
    first_stage_error: float
    robust_f: float
    always: float
    never: float
    control_mean: Floats  # of compliers, had they not been drawn
    anderson_rubin: tuple[tuple[tuple[float, float], ...], ...]  # per week: intervals, () when empty


def complier(
    outcome: NDArray[np.generic], received: NDArray[np.bool_], treated: NDArray[np.bool_], stratum: NDArray[np.int64], alpha: float, covariates: Floats | None = None
) -> Complier | Refused:
    y, d = as_weeks(outcome), received.astype(float)
    n = len(d)
    first = difference(d, treated, stratum)
    if isinstance(first, Refused):
        return first
    x = design(treated, stratum, covariates)
    others = fit(np.column_stack([x[:, 0], d, y]), x[:, 1:])
    if isinstance(others, Refused):
        return others
    z, d_rest, y_rest = others.residuals[:, 0], others.residuals[:, 1], others.residuals[:, 2:]
    small = np.sqrt(n / (n - x.shape[1]))
    pull, spread = z @ d_rest, z @ z
    stage = pull / spread
    psi_d = z * (d_rest - stage * z) / spread * small
    variance_d = float(psi_d @ psi_d)
    robust_f = stage**2 / variance_d if variance_d > 0 else np.inf
    if robust_f < WEAK:
        return Refused(
            f"Lodtrækningen flytter for lidt, hvem der fik mentor (F = {robust_f:.1f}, der kræves 10).".replace(".", ",", 1), "weak-first-stage",
            f"The draw moves receipt too little (F = {robust_f:.1f}, 10 is needed).",
        )  # fmt: skip
    effect = (z @ y_rest) / pull
    psi = z[:, None] * (y_rest - effect * d_rest[:, None]) / pull * small
    reduced = (z @ y_rest) / spread
    psi_y = z[:, None] * (y_rest - reduced * z[:, None]) / spread * small
    sets = tuple(
        _anderson_rubin(float(reduced[t]), float(stage), float(psi_y[:, t] @ psi_y[:, t]), variance_d, float(psi_y[:, t] @ psi_d), float(ndtri(alpha / 2)) ** 2) for t in range(y.shape[1])
    )
    always, never = float(d[~treated].mean()), float(1 - d[treated].mean())
    return Complier(Curve(effect, psi, "2SLS, HC1", n), float(stage), variance_d**0.5, float(robust_f), always, never, _control_mean(y, d, treated), sets)


def _control_mean(y: Floats, d: Floats, treated: NDArray[np.bool_]) -> Floats:
    """[E(Y(1-D)|Z=1) - E(Y(1-D)|Z=0)] / [E(1-D|Z=1) - E(1-D|Z=0)]."""
    without = y * (1 - d)[:, None]
    above, below, _, _ = shares(without, treated)
    one, zero, _, _ = shares(1 - d, treated)
    found: Floats = (above - below) / (one - zero)
    return found


def _anderson_rubin(y: float, d: float, v_yy: float, v_dd: float, v_yd: float, c: float) -> tuple[tuple[float, float], ...]:
    """Solve (d² - cV_dd) b² - 2(yd - cV_yd) b + (y² - cV_yy) ≤ 0."""
    a, half, rest = d * d - c * v_dd, y * d - c * v_yd, y * y - c * v_yy
    inside = half * half - a * rest
    if abs(a) < 1e-300:
        return ((-np.inf, np.inf),)
    if inside < 0:
        return ((-np.inf, np.inf),) if a < 0 else ()
    low, high = sorted(((half - inside**0.5) / a, (half + inside**0.5) / a))
    return ((low, high),) if a > 0 else ((-np.inf, low), (high, np.inf))
