"""Few clusters drawn: the wild cluster bootstrap-t with the null imposed, which keeps its level where a normal or t would not.

Every cluster's residuals under no effect are kept or turned together, y* = Xβ̃ + v_g ũ_g, v_g = ±1 (Rademacher) or one of six values (Webb 2023);
t* = β*/√Σ_g s*_g², s*_g the cluster's score (Cameron, Gelbach & Miller 2008; MacKinnon, Nielsen & Webb 2023). With z̃ the draw less strata and
covariates, a_g = z̃_g'ũ_g, C_g = z̃_g'X_g(X'X)⁻¹ and D_h = X_h'ũ_h:  β* ∝ Σ_g v_g a_g,  s*_g = v_g a_g - Σ_h v_h C_g D_h
so no regression is run again. At most 12 clusters: all 2^G sign patterns, the one observed among them, and p is exact. Otherwise (1+#)/(1+B).
Persons × weeks in, p per week out; none (NaN) where all clusters of an arm are alike. Refused: under three clusters with persons in an arm, a week without one of the arms.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.given import checked
from snerydder.effects.regression import both_arms, design, fit, patterns
from snerydder.effects.results import ROUNDING, Floats, Refused, as_weeks, sum_by

MOST_LISTED = 12
FEWEST_WITH = 3
TIE = 1e-9
Weights = Literal["rademacher", "webb"]
WEBB = np.sqrt(np.array([1.5, 1.0, 0.5, 0.5, 1.0, 1.5])) * np.array([-1, -1, -1, 1, 1, 1])


@dataclass(frozen=True)
class Wild:
    effect: Floats  # per week, as the linear probability model has it
    t: Floats  # CR0
    p: Floats
    draws: int
    exact: bool


@checked
def wild(
    outcome: NDArray[np.generic],
    treated: NDArray[np.bool_],
    cluster: NDArray[np.int64],
    generator: np.random.Generator,
    stratum: NDArray[np.int64] | None = None,
    covariates: Floats | None = None,
    weights: Weights = "rademacher",
    draws: int = 9_999,
    observed: NDArray[np.bool_] | None = None,
) -> Wild | Refused:
    y, x = as_weeks(outcome), design(treated, stratum, covariates)
    effect, t, p, exact, count = np.zeros(y.shape[1]), np.zeros(y.shape[1]), np.zeros(y.shape[1]), True, 0
    for rows, at in patterns(observed, y):
        refused = both_arms(treated[rows], np.arange(y.shape[1])[at])
        if refused:
            return refused
        here = x[rows][:, x[rows].any(axis=0)]
        found = _one_pattern(y[rows][:, at], here, treated[rows], cluster[rows], generator, weights, draws)
        if isinstance(found, Refused):
            return found
        effect[at], t[at], p[at], exact, count = found.effect, found.t, found.p, exact and found.exact, max(count, found.draws)
    return Wild(effect, t, p, count, exact)


def _one_pattern(
    y: Floats, x: Floats, treated: NDArray[np.bool_], cluster: NDArray[np.int64], generator: np.random.Generator, weights: Weights, draws: int
) -> Wild | Refused:
    labels, member = np.unique(cluster, return_inverse=True)
    both = [len(np.unique(member[arm])) for arm in (treated, ~treated)]
    if min(both) < FEWEST_WITH:
        return Refused(
            f"Kun {min(both)} klynger har personer i den ene gruppe; der kræves {FEWEST_WITH}.", "few-clusters", f"Only {min(both)} clusters have persons in one arm; {FEWEST_WITH} are needed."
        )  # fmt: skip
    full, without, drawn = fit(y, x), fit(y, x[:, 1:]), fit(x[:, :1], x[:, 1:])
    for one in (full, without, drawn):
        if isinstance(one, Refused):
            return one
    assert not isinstance(full, Refused) and not isinstance(without, Refused) and not isinstance(drawn, Refused)
    z, null = drawn.residuals[:, 0], without.residuals
    a = sum_by(z[:, None] * null, member)
    reach = sum_by(z[:, None] * full.q, member)  # C_g, in the orthogonal basis of X
    held = sum_by((full.q[:, :, None] * null[:, None, :]).reshape(len(y), -1), member).reshape(len(labels), x.shape[1], y.shape[1])
    error = np.sqrt((sum_by(z[:, None] * full.residuals, member) ** 2).sum(axis=0))
    measured = error > ROUNDING * np.abs(y).max(axis=0, initial=0.0)  # else all clusters in an arm are alike, and there is no t
    observed = np.divide(np.abs(z @ y), error, out=np.full(y.shape[1], np.nan), where=measured)
    exact = weights == "rademacher" and len(labels) <= MOST_LISTED
    signs = _signs(len(labels), weights, generator, draws, exact)
    reached = np.zeros(y.shape[1])
    for week in range(y.shape[1]):
        score = signs * a[:, week] - signs @ (reach @ held[:, :, week].T).T
        spread = np.sqrt((score**2).sum(axis=1))
        t = np.divide(np.abs(signs @ a[:, week]), spread, out=np.full(len(signs), np.inf), where=spread > 1e-12 * np.abs(a[:, week]).max(initial=0.0))
        reached[week] = (t >= observed[week] * (1 - TIE)).sum() if measured[week] else np.nan
    plus = 0 if exact else 1
    return Wild(full.coefficients[0], observed * np.sign(full.coefficients[0]), (reached + plus) / (len(signs) + plus), len(signs), exact)


def _signs(clusters: int, weights: Weights, generator: np.random.Generator, draws: int, exact: bool) -> Floats:
    if exact:
        return np.array(list(product((1.0, -1.0), repeat=clusters)))
    values = np.array([-1.0, 1.0]) if weights == "rademacher" else WEBB
    return np.asarray(values[generator.integers(0, len(values), (draws, clusters))], dtype=np.float64)
