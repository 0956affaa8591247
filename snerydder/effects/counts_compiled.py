"""The compiled twin of the closed form in `counts.regressions`. Import this only where there is much to do."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

compiled = njit(nogil=True, cache=True, error_model="numpy")


@compiled
def _by_cluster(cube: Any, g: int, persons: Any, stratum: Any, arm: Any, order: Any, cluster: Any, drawn: Any, fitted: Any, sums: Any) -> None:
    """The squared sum of scores of each cluster, summed over clusters, week by week."""
    cells, weeks, place = cube.shape[0], len(sums), 0
    score = np.empty(weeks)
    while place < cells:
        score[:] = 0.0
        here = cluster[order[place]]
        while place < cells and cluster[order[place]] == here:
            c = order[place]
            place += 1
            if persons[c] > 0:
                lever, people, count, line = arm[c] - drawn[stratum[c]], persons[c], cube[c, g], fitted[stratum[c], arm[c]]
                for t in range(weeks):
                    score[t] += lever * (count[t] - people * line[t])
        for t in range(weeks):
            sums[t] += score[t] ** 2


@compiled
def closed(
    cube: Any, persons: Any, stratum: Any, arm: Any, order: Any, cluster: Any, n: Any, columns: int, clusters: int, found: Any, low: int, high: int
) -> None:
    """For outcomes low to high: shares, effect, HC1 and CR1 errors into `found` (5 × outcomes × weeks). `order` sorts the cells by cluster."""
    cells, weeks, strata = cube.shape[0], found.shape[2], n.shape[0]
    total = n.sum()
    n1, n0 = n[:, 1].sum(), n[:, 0].sum()
    weight, drawn = np.zeros(strata), np.zeros(strata)
    for s in range(strata):
        both = n[s, 0] + n[s, 1]
        if both > 0:
            weight[s], drawn[s] = n[s, 0] * n[s, 1] / both, n[s, 1] / both
    scale = weight.sum()
    hc = np.sqrt(total / (total - columns)) / scale
    cr = np.sqrt(clusters / (clusters - 1) * (total - 1) / (total - columns)) / scale
    y, fitted = np.empty((strata, 2, weeks)), np.empty((strata, 2, weeks))
    for g in range(low, high):
        treated, control, effect, meat, sums = found[0, g], found[1, g], found[2, g], found[3, g], found[4, g]
        y[:] = 0.0
        found[:, g] = 0.0
        for c in range(cells):
            if persons[c] > 0:
                into, count = y[stratum[c], arm[c]], cube[c, g]
                for t in range(weeks):
                    into[t] += count[t]
        for s in range(strata):
            if weight[s] > 0:
                a, b, y1, y0 = weight[s] / n[s, 1] / scale, weight[s] / n[s, 0] / scale, y[s, 1], y[s, 0]
                for t in range(weeks):
                    treated[t] += y1[t]
                    control[t] += y0[t]
                    effect[t] += a * y1[t] - b * y0[t]
        for s in range(strata):
            both = n[s, 0] + n[s, 1]
            if both == 0:
                continue
            for z in range(2):
                lever, people, mine = (z - drawn[s]) ** 2, n[s, z], y[s, z]
                for t in range(weeks):
                    level = (y[s, 0, t] + y[s, 1, t]) / both + effect[t] * (z - drawn[s])
                    fitted[s, z, t] = level
                    meat[t] += lever * (mine[t] * (1 - level) ** 2 + (people - mine[t]) * level**2)
        _by_cluster(cube, g, persons, stratum, arm, order, cluster, drawn, fitted, sums)
        for t in range(weeks):
            treated[t] /= n1
            control[t] /= n0
            meat[t] = hc * np.sqrt(meat[t])
            sums[t] = cr * np.sqrt(sums[t])
