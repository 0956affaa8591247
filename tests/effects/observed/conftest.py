"""Invented people who were not drawn: who starts depends on what the register knows, and so does the outcome."""

from types import SimpleNamespace

import numpy as np
import pytest


def town(seed=5, n=600, weeks=5, effect=0.1, hidden=0.0):
    dice = np.random.default_rng(seed)
    x = np.column_stack([dice.normal(size=n), dice.random(n) < 0.4, dice.normal(24, 3, n)]).astype(float)
    unseen = dice.normal(size=n)
    chance = 1 / (1 + np.exp(-(-0.9 + 0.5 * x[:, 0] + 0.4 * x[:, 1] - 0.05 * (x[:, 2] - 24) + hidden * unseen)))
    started = dice.random(n) < chance
    level = 0.3 + 0.06 * x[:, 0] + 0.05 * x[:, 1] + 0.08 * hidden * unseen
    before = (dice.random((n, 4)) < np.clip(level, 0.02, 0.98)[:, None]).astype(float)
    outcome = (dice.random((n, weeks)) < np.clip(level + effect * started, 0.02, 0.98)[:, None]).astype(float)
    return SimpleNamespace(n=n, weeks=weeks, x=x, started=started, outcome=outcome, before=before, chance=chance)


@pytest.fixture(scope="module")
def t():
    return town()


def sandwich(moments, theta):
    """The plain stacked system: derivative by central differences, then A⁻¹ B A⁻ᵀ. `moments` gives persons × equations."""
    width = len(theta)
    slope = np.empty((width, width))
    for at in range(width):
        step = np.zeros(width)
        step[at] = 1e-5 * max(1.0, abs(theta[at]))
        slope[:, at] = (moments(theta + step).sum(axis=0) - moments(theta - step).sum(axis=0)) / (2 * step[at])
    inverse = np.linalg.inv(slope)
    here = moments(theta)
    return inverse @ (here.T @ here) @ inverse.T
