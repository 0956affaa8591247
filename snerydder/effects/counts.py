"""Effects straight from the integer count cube: yes/no outcomes with a dummy per stratum need no person-week table.

With z̃ = Z - p_s (p_s the share drawn in the stratum) the regression on arm and strata dummies has
β_t = Σ_s (n_1s n_0s / n_s) d_st / S,  S = Σ_s n_1s n_0s / n_s   (Frisch & Waugh 1933; Lovell 1963)
and its residual takes one value for each (stratum, arm, yes/no), so HC1 = n/(n-k) Σ z̃² e² / S² needs counts alone. The cluster
form CR1 = C/(C-1) · (n-1)/(n-k) Σ_c (Σ_{i in c} z̃ e)² / S² needs the counts by cluster (Liang & Zeger 1986).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.results import Floats, Refused, sum_by


@dataclass(frozen=True)
class Cells:
    """One row per cluster and arm: how many persons it has, which stratum it lies in, which arm it is."""

    persons: NDArray[np.int64]
    stratum: NDArray[np.int64]
    treated: NDArray[np.bool_]
    cluster: NDArray[np.int64]


@dataclass(frozen=True)
class FromCounts:
    treated: Floats  # outcomes × weeks
    control: Floats
    effect: Floats
    hc1: Floats  # standard errors
    cr1: Floats


def regressions(cube: NDArray[np.int64], cells: Cells) -> FromCounts | Refused:
    """Every outcome × week at once: `cube` is cells × outcomes × weeks of counts."""
    strata = int(cells.stratum.max()) + 1
    arm = cells.treated.astype(int)
    block = cells.stratum * 2 + arm
    n = np.bincount(block, weights=cells.persons, minlength=2 * strata).reshape(strata, 2)
    total = n.sum(axis=1)
    if (n == 0).any():
        return Refused("Et stratum mangler den ene gruppe.", "one-arm-stratum", "A stratum lacks one arm.")
    persons, columns = int(total.sum()), strata + 1
    counts = cube.astype(float)
    y = np.zeros((2 * strata, *cube.shape[1:]))
    summed = sum_by(counts, block)
    y[: len(summed)] = summed
    y = y.reshape(strata, 2, *cube.shape[1:])
    wide = (slice(None), *(None,) * (cube.ndim - 1))
    share1, share0 = y[:, 1] / n[:, 1][wide], y[:, 0] / n[:, 0][wide]
    weight = n[:, 1] * n[:, 0] / total
    scale = weight.sum()
    effect = np.tensordot(weight, share1 - share0, axes=1) / scale
    drawn = n[:, 1] / total
    level = y.sum(axis=1) / total[wide]
    fitted = np.stack([level - effect * drawn[wide], level + effect * (1 - drawn)[wide]], axis=1)  # control, treated
    lever = np.stack([-drawn, 1 - drawn], axis=1)
    spread = y * (1 - fitted) ** 2 + (n[(...,) + (None,) * (cube.ndim - 1)] - y) * fitted**2
    meat = np.tensordot(lever**2, spread, axes=2)
    hc1 = np.sqrt(persons / (persons - columns) * meat) / scale
    score = fitted.reshape(2 * strata, *cube.shape[1:])[block]
    score *= -cells.persons[wide]
    score += counts
    score *= lever[cells.stratum, arm][wide]
    sums = sum_by(score, cells.cluster)
    clusters = len(sums)
    small = clusters / (clusters - 1) * (persons - 1) / (persons - columns)
    cr1 = np.sqrt(small * (sums**2).sum(axis=0)) / scale
    return FromCounts(y[:, 1].sum(axis=0) / n[:, 1].sum(), y[:, 0].sum(axis=0) / n[:, 0].sum(), effect, hc1, cr1)
