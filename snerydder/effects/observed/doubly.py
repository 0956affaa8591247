"""Doubly robust: a model of who started and a model of the outcome; one of them right is enough for the effect (Robins, Rotnitzky & Zhao 1994).

m_a(x): the least squares line of y on x among those with D = a, e(x): the logit, w = e/(1-e), p = n_1/n.
ATT: phi_i = [D(y - m_0) - (1-D) w (y - m_0) - Dτ]/p
ATE: phi_i = m_1 - m_0 + D(y - m_1)/e - (1-D)(y - m_0)/(1-e) - τ
τ makes the phi sum to zero and psi = phi/n. Fitted on the same persons, psi also carries what the estimated lines and logit do to τ (stacked
moments), so the error holds when only one of the models is right. With `fold` each person is predicted from the other folds (Chernozhukov et al.
2018), and psi is phi/n alone.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from snerydder.effects.given import checked
from snerydder.effects.observed.propensity import Propensity, propensity, unusable, with_constant
from snerydder.effects.regression import Fit, fit
from snerydder.effects.results import Curve, Floats, Refused, as_weeks, settled

Target = Literal["ATT", "ATE"]


def folds(started: NDArray[np.bool_], count: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """Folds of equal size among starters and others alike."""
    found = np.empty(len(started), dtype=np.int64)
    for rows in (np.flatnonzero(started), np.flatnonzero(~started)):
        found[generator.permutation(rows)] = np.arange(len(rows)) % count
    return found


@checked
def doubly(
    outcome: NDArray[np.generic], started: NDArray[np.bool_], covariates: Floats, target: Target = "ATT", fold: NDArray[np.int64] | None = None
) -> Curve | Refused:
    y, x = as_weeks(outcome), with_constant(covariates)
    refused = unusable(y, started)
    if refused:
        return refused
    if fold is None:
        return _together(y, x, started, covariates, target)
    score, line0, line1 = np.zeros(len(y)), np.zeros_like(y), np.zeros_like(y)
    for part in np.unique(fold):
        here, away = fold == part, fold != part
        models = _models(y[away], x[away], started[away], covariates[away], target)
        if isinstance(models, Refused):
            return models
        found, fit0, fit1 = models
        score[here] = expit(x[here] @ found.coefficients)
        line0[here] = x[here] @ fit0.coefficients
        line1[here] = x[here] @ fit1.coefficients
    effect, psi = _moments(y, started.astype(float)[:, None], score[:, None], line0, line1, target)
    return settled(Curve(effect, psi, f"{target}, doubly robust, cross-fitted", len(y)), y)


def _models(y: Floats, x: Floats, started: NDArray[np.bool_], covariates: Floats, target: Target) -> tuple[Propensity, Fit, Fit] | Refused:
    """The ATT needs no line among the starters; the others' stands in its place unused."""
    found = propensity(started, covariates)
    if isinstance(found, Refused):
        return found
    fit0 = fit(y[~started], x[~started])
    if isinstance(fit0, Refused):
        return fit0
    fit1 = fit(y[started], x[started]) if target == "ATE" else fit0
    return fit1 if isinstance(fit1, Refused) else (found, fit0, fit1)


def _moments(y: Floats, d: Floats, e: Floats, line0: Floats, line1: Floats, target: Target) -> tuple[Floats, Floats]:
    if target == "ATT":
        phi = (d - (1 - d) * e / (1 - e)) * (y - line0)
        effect = phi.sum(axis=0) / d.sum()
        return effect, (phi - d * effect) / d.sum()
    phi = line1 - line0 + d * (y - line1) / e - (1 - d) * (y - line0) / (1 - e)
    effect = phi.mean(axis=0)
    return effect, (phi - effect) / len(y)


def _together(y: Floats, x: Floats, started: NDArray[np.bool_], covariates: Floats, target: Target) -> Curve | Refused:
    models = _models(y, x, started, covariates, target)
    if isinstance(models, Refused):
        return models
    found, fit0, fit1 = models
    d, e = started.astype(float)[:, None], found.score[:, None]
    line0, line1 = x @ fit0.coefficients, x @ fit1.coefficients
    effect, psi = _moments(y, d, e, line0, line1, target)
    zero, odds = ~started, found.odds[:, None]
    if target == "ATT":
        size = d.sum()
        on_line0 = ((1 - d) * odds - d).T @ x
        on_score = found.basis.T @ (-(1 - d) * odds * (y - line0))
    else:
        size = float(len(y))
        on_line0 = (-1 + (1 - d) / (1 - e)).T @ x
        on_score = found.basis.T @ (-d * (y - line1) * (1 - e) / e - (1 - d) * (y - line0) * odds)
        psi[started] += fit1.residuals * ((1 - d / e).T @ x @ fit1.bread).T / size
    psi[zero] += fit0.residuals * (on_line0 @ fit0.bread).T / size
    psi += found.influence @ on_score / size
    return settled(Curve(effect, psi, f"{target}, doubly robust", len(y)), y)
