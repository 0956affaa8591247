# mypy: disable-error-code="operator,call-overload"
"""The compiled twins of `panel.count` and of what a comparison group needs. Import this only where the data are large.

Each kernel walks persons and their spells once, without the interpreter's lock, adding whole numbers: however the persons are
shared between threads, the sum is the same to the last bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

compiled = njit(nogil=True, cache=True)


@compiled
def steps(
    offsets: Any, code: Any, begin: Any, end: Any, rows: Any, start: Any, cell: Any, group_of_code: Any, weight: Any, cube: Any, low: int, high: int
) -> None:
    """+weight where a spell begins in the window, -weight where it ends; persons low to high of `rows`. `cube` has one week more than the window."""
    weeks = cube.shape[2] - 1
    for i in range(low, high):
        row, zero, mine = rows[i], np.int64(start[i]), cube[cell[i]]
        amount = 1
        if weight is not None:
            amount = weight[i]
        for spell in range(offsets[row], offsets[row + 1]):
            group = group_of_code[code[spell]]
            first, last = np.int64(begin[spell]) - zero, np.int64(end[spell]) - zero
            if group >= 0 and last > 0 and first < weeks:
                mine[group, max(first, 0)] += amount
                mine[group, min(last, weeks)] -= amount


@compiled
def running(steps: Any, counts: Any, low: int, high: int) -> None:
    """From steps to counts (which may be the same array)."""
    for cell in range(low, high):
        for group in range(counts.shape[1]):
            level = np.int64(0)
            for week in range(counts.shape[2]):
                level += steps[cell, group, week]
                counts[cell, group, week] = level


@compiled
def weeks_in(offsets: Any, code: Any, begin: Any, end: Any, rows: Any, start: Any, weeks: int, wanted: Any, found: Any, low: int, high: int) -> None:
    """For each person the number of weeks in a wanted code, of `weeks` weeks from the own start."""
    for i in range(low, high):
        row, zero, total = rows[i], np.int64(start[i]), 0
        for spell in range(offsets[row], offsets[row + 1]):
            if wanted[code[spell]]:
                total += max(min(np.int64(end[spell]) - zero, weeks) - max(np.int64(begin[spell]) - zero, 0), 0)
        found[i] = total


@compiled
def present(offsets: Any, code: Any, begin: Any, end: Any, first: int, weeks: int, wanted: Any, found: Any, low: int, high: int) -> None:
    """persons × weeks: is the person in a wanted code that week? `found` is persons × weeks, false at the outset."""
    for row in range(low, high):
        for spell in range(offsets[row], offsets[row + 1]):
            if wanted[code[spell]]:
                for week in range(max(np.int64(begin[spell]) - first, 0), min(np.int64(end[spell]) - first, weeks)):
                    found[row, week] = True


def empty(cells: int, groups: int, weeks: int, weighted: bool) -> NDArray[Any]:
    return np.zeros((cells, groups, weeks + 1), dtype=np.int64 if weighted else np.int32)
