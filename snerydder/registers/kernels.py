"""Counting over spells, by whichever way is quickest for this much data: NumPy for a trial, compiled kernels for a population.

Both give the same whole numbers. The choice is made here and nowhere else: a compiled kernel costs most of a second when a
process first asks for it, which a study of some thousand persons would never win back.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snerydder import panel
from snerydder.panel import Spells, Whole

LARGE = 200_000  # spells to visit; NumPy takes some 40 ms for so many


def threads() -> int:
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 8)


def large(spells: Spells, rows: Whole) -> bool:
    return len(rows) * len(spells.code) >= LARGE * max(len(spells.persons), 1)


def shared(work: Callable[[int, int, int], None], total: int, workers: int | None = None) -> None:
    """Run work(worker, low, high) over `total` things, a stretch for each thread."""
    workers = max(min(workers or threads(), total), 1)
    edges = [total * place // workers for place in range(workers + 1)]
    if workers == 1:
        work(0, 0, total)
        return
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers), edges[:-1], edges[1:]))


def count(
    spells: Spells,
    rows: Whole,
    start: Whole,
    weeks: int,
    cell: Whole,
    cells: int,
    group_of_code: Whole,
    groups: int,
    weight: NDArray[np.int64] | None = None,
    compiled: bool | None = None,
    workers: int | None = None,
) -> NDArray[np.integer[Any]]:
    """`panel.count`: cells × groups × weeks, bit for bit the same."""
    if not (large(spells, rows) if compiled is None else compiled):
        return panel.count(spells, rows, start, weeks, cell, cells, group_of_code, groups, weight)
    from snerydder.registers import kernels_compiled as kernel

    workers = max(min(workers or threads(), len(rows)), 1)
    if weight is None and _narrow(spells, weeks):
        return _wide(spells, rows, start, weeks, cell, cells, group_of_code, groups, workers)
    steps = [kernel.empty(cells, groups, weeks, weight is not None) for _ in range(workers)]

    def walk(worker: int, low: int, high: int) -> None:
        kernel.steps(spells.offsets, spells.code, spells.begin, spells.end, rows, start, cell, group_of_code, weight, steps[worker], low, high)

    shared(walk, len(rows), workers)
    found = np.empty((cells, groups, weeks), dtype=np.int32 if weight is None else np.int64)

    def sum_up(_: int, low: int, high: int) -> None:
        for other in steps[1:]:
            steps[0][low:high] += other[low:high]
        kernel.running(steps[0], found, low, high)

    shared(sum_up, cells, workers)
    return found


def _narrow(spells: Spells, weeks: int) -> bool:
    """Are the arrays the compact form's, and the window so short that four bytes tell a spell?"""
    from snerydder.registers import kernels_wide

    kinds = (spells.code.dtype, spells.begin.dtype, spells.end.dtype)
    return kinds == (np.uint8, np.uint16, np.uint16) and weeks < kernels_wide.LONGEST


def _wide(
    spells: Spells, rows: Whole, start: Whole, weeks: int, cell: Whole, cells: int, group_of_code: Whole, groups: int, workers: int
) -> NDArray[np.int32]:
    """The same by `kernels_wide`: each worker has its own steps, with a group for codes of no group and a week after the last."""
    from snerydder.registers import kernels_wide as kernel

    line = np.zeros(256, dtype=np.uint32)
    line[: len(group_of_code)] = np.where(group_of_code < 0, groups, group_of_code) * (weeks + 1)
    steps = np.zeros((workers, cells, (groups + 1) * (weeks + 1)), dtype=np.int8)
    carried: list[NDArray[np.int64]] = [np.empty(0, dtype=np.int64)] * workers

    def walk(worker: int, low: int, high: int) -> None:
        lists = np.empty((cells, kernel.ROOM + kernel.SLACK), dtype=np.uint32)
        carried[worker] = kernel.steps(
            spells.offsets, spells.code, spells.begin, spells.end, rows, start, cell, line, weeks, steps[worker], lists, low, high
        )

    shared(walk, len(rows), workers)
    found = np.zeros((cells, groups, weeks), dtype=np.int32)
    for some in carried:
        kernel.add_carried(some, found)
    parts = steps.reshape(workers, cells, groups + 1, weeks + 1)
    shared(lambda _, low, high: kernel.running(parts, found, low, high), cells, workers)
    return found


def weeks_in(spells: Spells, rows: Whole, start: Whole, weeks: int, wanted: NDArray[np.bool_]) -> NDArray[np.int32]:
    """For each person the number of weeks in a wanted code, of `weeks` weeks from the own start."""
    if not large(spells, rows):
        return wanted[panel.codes_from(spells, rows, start, weeks)].sum(axis=1, dtype=np.int32)
    from snerydder.registers import kernels_compiled as kernel

    found = np.zeros(len(rows), dtype=np.int32)

    def walk(_: int, low: int, high: int) -> None:
        kernel.weeks_in(spells.offsets, spells.code, spells.begin, spells.end, rows, start, weeks, wanted, found, low, high)

    shared(walk, len(rows))
    return found


def present(spells: Spells, first: int, weeks: int, wanted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Everybody × calendar weeks from `first`: is the person in a wanted code?"""
    rows = np.arange(len(spells.persons))
    if not large(spells, rows):
        return wanted[panel.codes_from(spells, rows, np.full(len(rows), first), weeks)]
    from snerydder.registers import kernels_compiled as kernel

    found = np.zeros((len(rows), weeks), dtype=np.bool_)

    def walk(_: int, low: int, high: int) -> None:
        kernel.present(spells.offsets, spells.code, spells.begin, spells.end, first, weeks, wanted, found, low, high)

    shared(walk, len(rows))
    return found
