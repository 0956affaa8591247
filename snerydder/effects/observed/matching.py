"""Matching: each starter beside the k nearest who did not start, used again as often as needed.

Distance: Mahalanobis, or any position given, e.g. one column with the score's log odds (whose own uncertainty is then not counted: Abadie & Imbens 2016).
All who tie at the k-th distance share the place equally, so the order of the list does not matter.
ŷ_i(0) = mean over matches j of y_j + (x_i - x_j)'b,  b the line among the others, weighted by use (bias correction, Abadie & Imbens 2011)
τ = mean over starters of y_i - ŷ_i(0);  K_j = Σ_i 1/M_i over the starters i that use j, K'_j = Σ_i 1/M_i²
V = n_1⁻² [Σ_1 (y_i - ŷ_i(0) - τ)² + Σ_0 (K_j² - K'_j) σ²_j]   (Abadie & Imbens 2006)
σ²_j = J/(J+1) (y_j - mean of its J nearest among the others)². The bootstrap does not hold here (Abadie & Imbens 2008).
psi are the square roots with their signs, so psi'psi is V, and over weeks its covariance.
Persons × weeks in, effects in the outcome's unit. Refused as `propensity`, and where there are too few to match with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.given import checked
from snerydder.effects.observed.propensity import NO_COVARIATES, unusable, with_constant
from snerydder.effects.regression import fit
from snerydder.effects.results import Curve, Floats, Refused, as_weeks, settled, sum_by

if TYPE_CHECKING:
    from scipy.sparse import csr_array

TIE = 1e-9


@dataclass(frozen=True)
class Matched:
    curve: Curve
    weights: Floats  # persons: K_j/n_1, summing to one over the others


@dataclass(frozen=True)
class _Cells:
    """Persons with equal covariates are one point: fewer points, and ties are whole."""

    points: Floats
    cell: NDArray[np.int64]  # persons
    members: Floats


@checked
def matching(
    outcome: NDArray[np.generic], started: NDArray[np.bool_], covariates: Floats, neighbours: int = 1, correct: bool = True
) -> Matched | Refused:
    y = as_weeks(outcome)
    refused = unusable(y, started)
    if refused:
        return refused
    if not covariates.shape[1]:
        return NO_COVARIATES
    whole = fit(np.zeros((len(y), 1)), with_constant(covariates))
    if isinstance(whole, Refused):
        return whole
    if int((~started).sum()) <= neighbours:
        return Refused(f"Der er ikke {neighbours + 1} at matche med.", "too-few", f"There are not {neighbours + 1} to match with.")
    y1, y0, n1 = y[started], y[~started], int(started.sum())
    root: Floats = np.asarray(np.linalg.cholesky(np.linalg.inv(np.atleast_2d(np.cov(covariates.T)))), dtype=np.float64)
    cells = _cells(covariates[~started], root)
    sums = sum_by(y0, cells.cell)
    pairs = _nearest(covariates[started] @ root, cells, neighbours)
    size = pairs @ cells.members
    use, squared = ((pairs.T @ size**-power)[cells.cell] for power in (1, 2))
    predicted = (pairs @ sums) / size[:, None]
    used = np.flatnonzero(use > 0)
    if correct:
        x1, x0 = with_constant(covariates[started]), with_constant(covariates[~started])
        near = (pairs @ sum_by(x0, cells.cell)) / size[:, None]
        scale = np.sqrt(use[used])[:, None]
        line = fit(y0[used] * scale, x0[used] * scale)
        if isinstance(line, Refused):
            return line
        predicted = predicted + (x1 - near) @ line.coefficients
    gap = y1 - predicted
    effect = gap.mean(axis=0)
    psi = np.zeros_like(y)
    psi[started] = (gap - effect) / n1
    spread = _deviation(y0, sums, cells, used) * np.sqrt(np.maximum(use**2 - squared, 0.0))[used, None] / n1
    psi[np.flatnonzero(~started)[used]] = -spread
    weights = np.zeros(len(y))
    weights[~started] = use / n1
    return Matched(settled(Curve(effect, psi, f"ATT, {neighbours} nearest{', bias corrected' if correct else ''}, Abadie-Imbens", len(y)), y), weights)


def _cells(covariates: Floats, root: Floats) -> _Cells:
    points, cell = np.unique(covariates, axis=0, return_inverse=True)
    cell = cell.ravel().astype(np.int64)
    return _Cells(points @ root, cell, np.bincount(cell).astype(float))


def _deviation(y0: Floats, sums: Floats, cells: _Cells, used: NDArray[np.int64]) -> Floats:
    """√(J/(J+1)) (y_j - mean of the J nearest others of its kind): one neighbour, or all who tie. The query finds the person itself too."""
    own, place = np.unique(cells.cell[used], return_inverse=True)
    near = _nearest(cells.points[own], cells, 2)
    size = (near @ cells.members)[place.ravel()][:, None] - 1
    mean = ((near @ sums)[place.ravel()] - y0[used]) / size
    found: Floats = np.sqrt(size / (size + 1)) * (y0[used] - mean)
    return found


def _nearest(queries: Floats, cells: _Cells, wanted: int) -> csr_array:
    """Queries × cells, one where the cell is among the nearest holding `wanted` persons, ties included."""
    from scipy.sparse import csr_array
    from scipy.spatial import KDTree  # here, because importing it costs more than a small study

    tree = KDTree(cells.points)
    rows, columns = [], []
    pending, ask = np.arange(len(queries)), min(wanted + 1, len(cells.points))
    while len(pending):
        distance, index = tree.query(queries[pending], k=ask)
        distance, index = distance.reshape(len(pending), ask), index.reshape(len(pending), ask)
        held = cells.members[index].cumsum(axis=1)
        last = np.argmax(held >= wanted, axis=1)
        reach = np.take_along_axis(distance, last[:, None], axis=1)
        inside = distance <= reach + TIE * (1 + reach)
        done = (held[:, -1] >= wanted) & (~inside[:, -1] | (ask == len(cells.points)))
        chosen, which = np.nonzero(inside & done[:, None])
        rows.append(pending[chosen])
        columns.append(index[chosen, which])
        pending, ask = pending[~done], min(2 * ask, len(cells.points))
    row, column = np.concatenate(rows), np.concatenate(columns)
    return csr_array((np.ones(len(row)), (row, column)), shape=(len(queries), len(cells.points)))
