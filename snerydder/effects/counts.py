"""Effects straight from the integer count cube: yes/no outcomes with a dummy per stratum need no person-week table.

With z̃ = Z - p_s (p_s the share drawn in the stratum) the regression on arm and strata dummies has
β_t = Σ_s (n_1s n_0s / n_s) d_st / S,  S = Σ_s n_1s n_0s / n_s   (Frisch & Waugh 1933; Lovell 1963)
and its residual takes one value for each (stratum, arm, yes/no), so HC1 = n/(n-k) Σ z̃² e² / S² needs counts alone. The cluster
form CR1 = C/(C-1) · (n-1)/(n-k) Σ_c (Σ_{i in c} z̃ e)² / S² needs the counts by cluster (Liang & Zeger 1986).
Few cells take NumPy; many take the compiled twin, which keeps one outcome's numbers close at hand.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

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


LARGE = 1_000_000  # numbers in the cube; below it the compiled form would not win back its start


@dataclass(frozen=True)
class Frame:
    """What the regressions of a cube share: persons by stratum and arm, columns in the model, clusters with anybody in them."""

    n: Floats
    columns: int
    clusters: int


def frame(cells: Cells) -> Frame | Refused:
    """A cell, cluster or stratum may be empty, as in a subgroup."""
    strata = int(cells.stratum.max()) + 1
    n = np.bincount(cells.stratum * 2 + cells.treated, weights=cells.persons, minlength=2 * strata).reshape(strata, 2).astype(float)
    total = n.sum(axis=1)
    if ((n == 0).any(axis=1) & (total > 0)).any():
        return Refused("Et stratum mangler den ene gruppe.", "one-arm-stratum", "A stratum lacks one arm.")
    columns = int((total > 0).sum()) + 1
    clusters = int((np.bincount(cells.cluster, weights=cells.persons) > 0).sum())
    if clusters < 2:
        return Refused("Der er kun én klynge, så usikkerheden kan ikke måles.", "one-cluster", "There is only one cluster.")
    if (persons := int(total.sum())) <= columns:
        return Refused(f"{persons} personer kan ikke bære {columns} kolonner.", "too-few", f"{persons} persons cannot carry {columns} columns.")
    return Frame(n, columns, clusters)


def regressions(cube: NDArray[np.integer[Any]], cells: Cells, compiled: bool | None = None) -> FromCounts | Refused:
    """Every outcome × week at once: `cube` is cells × outcomes × weeks of counts."""
    shared = frame(cells)
    if isinstance(shared, Refused):
        return shared
    if cube.size >= LARGE if compiled is None else compiled:
        return _compiled(cube, cells, shared)
    return _plain(cube, cells, shared)


def _compiled(cube: NDArray[np.integer[Any]], cells: Cells, shared: Frame) -> FromCounts:
    from snerydder.effects.counts_compiled import closed

    order = np.argsort(cells.cluster, kind="stable")
    found = np.empty((5, *cube.shape[1:]))

    def work(low: int, high: int) -> None:
        closed(
            cube,
            cells.persons,
            cells.stratum,
            cells.treated.astype(np.int64),
            order,
            cells.cluster,
            shared.n,
            shared.columns,
            shared.clusters,
            found,
            low,
            high,
        )

    outcomes = cube.shape[1]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, (0, outcomes // 2), (outcomes // 2, outcomes)))
    return FromCounts(*found)


def _plain(cube: NDArray[np.integer[Any]], cells: Cells, shared: Frame) -> FromCounts:
    n, columns, clusters = shared.n, shared.columns, shared.clusters
    strata, arm = len(n), cells.treated.astype(int)
    block = cells.stratum * 2 + arm
    total = np.maximum(n.sum(axis=1), 1)
    persons = int(n.sum())
    counts = cube.astype(float)
    y = np.zeros((2 * strata, *cube.shape[1:]))
    summed = sum_by(counts, block)
    y[: len(summed)] = summed
    y = y.reshape(strata, 2, *cube.shape[1:])
    wide = (slice(None), *(None,) * (cube.ndim - 1))
    share1, share0 = y[:, 1] / np.maximum(n[:, 1], 1)[wide], y[:, 0] / np.maximum(n[:, 0], 1)[wide]
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
    small = clusters / (clusters - 1) * (persons - 1) / (persons - columns)
    cr1 = np.sqrt(small * (sums**2).sum(axis=0)) / scale
    return FromCounts(y[:, 1].sum(axis=0) / n[:, 1].sum(), y[:, 0].sum(axis=0) / n[:, 0].sum(), effect, hc1, cr1)
