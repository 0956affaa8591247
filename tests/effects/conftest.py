"""A trial small enough to judge by other means: strata of unlike size and share, clusters within them, covariates, receipt."""

import os
from types import SimpleNamespace

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command does, and before NumPy wakes

import numpy as np
import pytest


def trial(seed=11, n=400, weeks=7, strata=5):
    dice = np.random.default_rng(seed)
    stratum = np.sort(dice.integers(0, strata, n))
    share = np.linspace(0.35, 0.65, strata)[stratum]
    treated = dice.random(n) < share
    cluster = stratum * 8 + dice.integers(0, 8, n)
    x = np.column_stack([dice.normal(size=n), dice.random(n) < 0.4, dice.normal(24, 3, n)]).astype(float)
    level = 0.15 + 0.05 * stratum + 0.03 * x[:, 0]
    outcome = dice.random((n, weeks)) < np.clip(level[:, None] + 0.08 * treated[:, None], 0.02, 0.98)
    received = treated & (dice.random(n) < 0.8) | (~treated & (dice.random(n) < 0.1))
    return SimpleNamespace(n=n, weeks=weeks, stratum=stratum, treated=treated, cluster=cluster, x=x, outcome=outcome, received=received, dice=dice)


@pytest.fixture(scope="module")
def t():
    return trial()
