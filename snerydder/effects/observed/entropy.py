"""Entropy balancing: the weights closest to equal that give the others exactly the starters' means.

w_i ∝ exp(λ'x_i), λ minimising log Σ_0 exp(λ'(x_i - x̄_1))   (Hainmueller 2012); the same as raking. Over several comparisons s at once, with
π_s their share of the starters, λ minimises Σ_s π_s log Σ_0s exp(λ'x_i) - λ'x̄_1: every comparison keeps its share, the means agree in all.
With β_t the weighted slopes of y_t on x among the others, and a_st their weighted mean of y_t - β_t'x:
psi_it = D(y - β'x - a_s - τ)/n_1 - (1-D) π_s w (y - β'x - a_s)
which is the stacked system of moments worked out, and right when either the logit or the line is (Zhao & Percival 2017).
The starters' mean must lie inside the others' convex hull; outside it no weights exist.
Persons × weeks in, effects in the outcome's unit. Refused as `propensity`, and where no weights exist.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.given import checked
from snerydder.effects.observed.propensity import NO_COVARIATES, Weighted, unusable, with_constant
from snerydder.effects.regression import fit
from snerydder.effects.results import Curve, Floats, Refused, as_weeks, settled

STEPS = 200
CLOSE = 1e-9  # of a standard deviation
OUTSIDE = Refused(
    "Ingen vægte kan gøre de andre lig dem, der begyndte: de ligger uden for, hvad de andre spænder over.", "outside-hull",
    "No weights make the others like those who started: their mean lies outside what the others span.",
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """One comparison: these started, these had not; outcomes are read from column `first`."""

    started: NDArray[np.int64]
    compared: NDArray[np.int64]
    first: int = 0


@dataclass(frozen=True)
class _Tilted:
    """One comparison's weights and weighted moments at some λ."""

    weights: Floats
    mean: Floats
    spread: Floats
    level: float  # log Σ exp(λ'x)
    top: float  # max λ'x


@checked
def entropy(outcome: NDArray[np.generic], started: NDArray[np.bool_], covariates: Floats) -> Weighted | Refused:
    y = as_weeks(outcome)
    refused = unusable(y, started)
    if refused:
        return refused
    return balanced(y, covariates, [Group(np.flatnonzero(started), np.flatnonzero(~started))], y.shape[1])


def balanced(y: Floats, covariates: Floats, groups: list[Group], width: int) -> Weighted | Refused:
    """`width` weeks from each comparison's own first column; every person's influence is summed over the comparisons it is in."""
    if not covariates.shape[1]:
        return NO_COVARIATES
    whole = fit(np.zeros((len(y), 1)), with_constant(covariates))
    if isinstance(whole, Refused):
        return whole
    x = (covariates - covariates.mean(axis=0)) / covariates.std(axis=0)
    starters = np.concatenate([group.started for group in groups])
    share = [len(group.started) / len(starters) for group in groups]
    tilted = _tilt(x, groups, share, x[starters].mean(axis=0))
    if isinstance(tilted, Refused):
        return tilted
    inside = sum(pi * t.spread for pi, t in zip(share, tilted, strict=True))
    pull = np.zeros((x.shape[1], width))
    one, zero, totals = np.zeros(width), np.zeros(width), np.zeros(len(y))
    means = []
    for group, pi, t in zip(groups, share, tilted, strict=True):
        mine = y[group.compared, group.first : group.first + width]
        mean = t.weights @ mine
        pull += pi * ((x[group.compared] * t.weights[:, None]).T @ mine - np.outer(t.mean, mean))
        zero += pi * mean
        one += y[group.started, group.first : group.first + width].sum(axis=0) / len(starters)
        totals[group.compared] += pi * t.weights
        means.append(mean)
    slopes = np.linalg.solve(inside, pull)
    psi = np.zeros((len(y), width))
    for group, pi, t, mean in zip(groups, share, tilted, means, strict=True):
        level = mean - t.mean @ slopes
        for rows, scale, left in ((group.started, 1 / len(starters), level + one - zero), (group.compared, -pi * t.weights[:, None], level)):
            psi[rows] += (y[rows, group.first : group.first + width] - x[rows] @ slopes - left) * scale
    return Weighted(settled(Curve(one - zero, psi, "ATT, entropy balancing", len(y)), np.full((1, width), np.abs(y).max())), zero, totals)


def _tilt(x: Floats, groups: list[Group], share: list[float], target: Floats) -> list[_Tilted] | Refused:
    """Newton on the convex dual, halving a step that does not go down."""
    lamda: Floats = np.zeros(x.shape[1])
    step = lamda
    before = np.inf
    for _ in range(STEPS):
        found = [_tilted(x[group.compared], lamda) for group in groups]
        now = sum(pi * t.level for pi, t in zip(share, found, strict=True)) - float(lamda @ target)
        if now > before + 1e-13 * max(abs(before), 1.0):
            step = step / 2
            lamda = lamda - step
            continue
        before = now
        if sum(pi * t.top for pi, t in zip(share, found, strict=True)) < lamda @ target - CLOSE:
            return OUTSIDE  # λ is a plane with all the others on one side of the target: a proof
        gap = sum(pi * t.mean for pi, t in zip(share, found, strict=True)) - target
        if np.abs(gap).max() < 1e-13:
            return found
        try:
            step = np.asarray(np.linalg.solve(sum(pi * t.spread for pi, t in zip(share, found, strict=True)), -gap), dtype=np.float64)
        except np.linalg.LinAlgError:
            return OUTSIDE
        if np.abs(gap).max() < CLOSE and np.abs(step).max() < 1e-12:  # as near as floating point comes
            return found
        lamda = lamda + step
    return found if np.abs(gap).max() < CLOSE else OUTSIDE


def _tilted(x: Floats, lamda: Floats) -> _Tilted:
    linear = x @ lamda
    top = float(linear.max())
    weights = np.exp(linear - top)
    total = float(weights.sum())
    weights /= total
    mean = weights @ x
    return _Tilted(weights, mean, (x * weights[:, None]).T @ x - np.outer(mean, mean), top + float(np.log(total)), top)
