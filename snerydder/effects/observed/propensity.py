"""Without a lottery: weigh the others until they look like those who started (ATT), and let the error know that the weights were estimated.

e(x) = P(started | x), logit. Starters count 1, the others e/(1-e), each group's weights summing to one (Hájek 1971; Hirano, Imbens & Ridder 2003):
τ_t = ȳ_1t - Σ_0 w y_t / Σ_0 w
The score, both means and τ are one stacked system of moments (Stefanski & Boos 2002). With γ the logit's coefficients, H its information,
W = Σ_0 w and G_t = Σ_0 w (y_t - μ_0t) x:
psi_it = D(y - μ_1)/n_1 - [(1-D) w (y - μ_0) + G_t' H⁻¹ x_i (D - e_i)] / W
"Weights known" leaves the G term out and is another number.
Outcomes persons × weeks, covariates persons × columns. Refused: a background that decides (separation), a missing outcome or covariate, fewer than two in a group.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from snerydder.effects.given import checked
from snerydder.effects.regression import fit
from snerydder.effects.results import Curve, Floats, Refused, as_weeks, settled

STEPS = 100
CERTAIN = 30.0  # log odds: the chance is below 1e-13, so the logit is running away


@dataclass(frozen=True)
class Propensity:
    score: Floats  # persons: the chance of starting
    coefficients: Floats  # the constant first, then the covariates
    influence: Floats  # persons × basis: what each person does to the coefficients
    basis: Floats  # persons × basis: the same columns made orthogonal

    @property
    def odds(self) -> Floats:
        found: Floats = self.score / (1 - self.score)
        return found


@dataclass(frozen=True)
class Weighted:
    curve: Curve
    control: Floats  # weeks: what the starters would have had, by the weighted others
    weights: Floats  # persons: zero for starters, summing to one over the others


NO_COVARIATES = Refused("Der er ingen baggrund at sammenligne efter.", "no-covariates", "There is no background to compare by.")


def with_constant(covariates: Floats) -> Floats:
    return np.column_stack([np.ones(len(covariates)), covariates])


def unusable(outcome: Floats, started: NDArray[np.bool_]) -> Refused | None:
    """What no estimator here can work with."""
    if min(int(started.sum()), int((~started).sum())) < 2:
        return Refused("Der skal være mindst to, der begyndte, og to, der ikke gjorde.", "one-arm", "Two who started and two who did not are needed.")
    if not np.isfinite(outcome).all():
        return Refused(
            "Udfaldet kendes ikke for alle i alle uger. Forkort vinduet, eller tiden før start, til de uger, registret dækker for alle.", "missing-outcome",
            "The outcome is missing for some. Shorten the window, or the time before the start, to the weeks covered for everyone.",
        )  # fmt: skip
    return None


@checked
def propensity(started: NDArray[np.bool_], covariates: Floats) -> Propensity | Refused:
    """Logit by Newton's method, in an orthogonal basis so that the scale of a covariate does not matter."""
    d = started.astype(float)
    base = fit(d[:, None], with_constant(covariates))
    if isinstance(base, Refused):
        return base
    x = base.q * np.sqrt(len(d))
    gamma = np.zeros(x.shape[1])
    likelihood = -np.inf
    step = gamma
    for _ in range(STEPS):
        linear = x @ gamma
        now = float(d @ linear - np.logaddexp(0, linear).sum())
        if now < likelihood - 1e-9 * abs(likelihood):  # a step too far: half of it
            step = step / 2
            gamma = gamma - step
            continue
        likelihood = now
        if np.abs(linear).max() > CERTAIN:
            break
        e = expit(linear)
        inverse = np.linalg.inv((x * (e * (1 - e))[:, None]).T @ x)
        step = inverse @ (x.T @ (d - e))
        if np.abs(step).max() < 1e-11:
            raw = np.linalg.solve(base.r, gamma * np.sqrt(len(d)))
            return Propensity(e, raw, (x * (d - e)[:, None]) @ inverse, x)
        gamma = gamma + step
    return Refused(
        "Alle eller ingen med en bestemt baggrund begyndte, så de kan ikke sammenlignes. Slå baggrunde sammen, eller tag dem ud.", "separation",
        "All or none of those with a certain background started, so they cannot be compared. Merge backgrounds or take them out.",
    )  # fmt: skip


@checked
def weighting(outcome: NDArray[np.generic], started: NDArray[np.bool_], covariates: Floats) -> Weighted | Refused:
    y = as_weeks(outcome)
    refused = unusable(y, started)
    if refused:
        return refused
    found = propensity(started, covariates)
    if isinstance(found, Refused):
        return found
    weights = np.where(started, 0.0, found.odds)
    weights /= weights.sum()
    return _weighted(y, started, found, weights)


def _weighted(y: Floats, started: NDArray[np.bool_], found: Propensity, weights: Floats) -> Weighted:
    one, zero = y[started].mean(axis=0), weights @ y
    pulled = weights[:, None] * (y - zero)
    psi = -pulled - found.influence @ (found.basis.T @ pulled)
    psi[started] += (y[started] - one) / started.sum()
    return Weighted(settled(Curve(one - zero, psi, "ATT, odds weights", len(y)), y), zero, weights)
