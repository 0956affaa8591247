"""Person × week: the one thing registers and effects share.

The weekly codes are kept as run-length spells: per person a slice of (code, from, to). A week without a spell is a week
without public benefit, an observed state; a week outside `covered` was not observed at all. The arrays may be memory-mapped
and as narrow as their numbers allow: all of Denmark is then half a gigabyte (registers.compact).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

NONE = 0  # the code index of "no benefit": never stored as a spell
Whole = NDArray[np.integer[Any]]  # whole numbers of any width


@dataclass(frozen=True)
class Spells:
    persons: Sequence[str]
    codes: tuple[str, ...]  # codes[0] is the blank
    offsets: Whole  # person i has spells offsets[i]:offsets[i + 1]
    code: Whole
    begin: Whole  # absolute week, see registers.weeks
    end: Whole  # exclusive
    first: int  # the first week of the file
    covered: NDArray[np.bool_]  # per week from `first`: was the week's column there


@dataclass(frozen=True)
class Months:
    """A monthly number per person, e.g. the degree of employment."""

    first: int
    values: NDArray[np.float64]  # persons × months, NaN where blank


@dataclass(frozen=True)
class Panel:
    spells: Spells
    months: dict[str, Months] = field(default_factory=dict)


def from_grid(persons: tuple[str, ...], codes: tuple[str, ...], grid: NDArray[np.uint16], first: int, covered: NDArray[np.bool_]) -> Spells:
    """Run-length encode a person × week grid of code indices."""
    rows, weeks = grid.shape
    edge = np.ones((rows, weeks), dtype=bool)
    edge[:, 1:] = grid[:, 1:] != grid[:, :-1]
    row, begin = np.nonzero(edge)
    end = np.append(begin[1:], weeks)
    end[np.append(row[1:] != row[:-1], True)] = weeks
    code = grid[row, begin]
    kept = code != NONE
    row, begin, end, code = row[kept], begin[kept], end[kept], code[kept]
    offsets = np.zeros(rows + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=rows), out=offsets[1:])
    return Spells(persons, codes, offsets, code, (begin + first).astype(np.int32), (end + first).astype(np.int32), first, covered)


def _chosen(spells: Spells, rows: Whole) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For the persons asked for: whose each spell is (place in `rows`), and which spell it is."""
    low = spells.offsets[rows].astype(np.int64)
    lengths = spells.offsets[rows + 1].astype(np.int64) - low
    owner = np.repeat(np.arange(len(rows)), lengths)
    which = np.arange(lengths.sum()) + np.repeat(low - np.cumsum(lengths) + lengths, lengths)
    return owner, which


def codes_from(spells: Spells, rows: Whole, start: Whole, weeks: int) -> NDArray[np.uint16]:
    """Code indices for `weeks` weeks from each person's own start week."""
    owner, which = _chosen(spells, rows)
    begin = np.clip(spells.begin[which].astype(np.int64) - start[owner], 0, weeks)
    length = np.clip(spells.end[which].astype(np.int64) - start[owner], 0, weeks) - begin
    grid = np.zeros((len(rows), weeks), dtype=np.uint16)
    inside = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    grid.reshape(-1)[np.repeat(owner * weeks + begin, length) + inside] = np.repeat(spells.code[which], length)
    return grid


def covered_from(spells: Spells, start: Whole, weeks: int) -> NDArray[np.bool_]:
    """Was the week in the file? Outside it nothing is known, and nothing is assumed."""
    place = start[:, None] - spells.first + np.arange(weeks)
    inside = (place >= 0) & (place < len(spells.covered))
    return inside & spells.covered[np.clip(place, 0, len(spells.covered) - 1)]


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
) -> NDArray[np.int64]:
    """The integer count cube: persons by cell (cluster × arm) × group of codes × week, each counted `weight` times (once).

    Every spell is +1 where it begins and -1 where it ends; a running sum over the weeks gives the counts. Whole numbers, so any
    engine that does the same has the same answer to the last bit. `group_of_code` is -1 where a code is in no group.
    This is the reference; `registers.kernels.count` takes the compiled twin of it where the data are large.
    """
    owner, which = _chosen(spells, rows)
    group = group_of_code[spells.code[which]]
    begin = np.clip(spells.begin[which].astype(np.int64) - start[owner], 0, weeks)
    end = np.clip(spells.end[which].astype(np.int64) - start[owner], 0, weeks)
    kept = (group >= 0) & (end > begin)
    base = (cell[owner[kept]] * groups + group[kept]) * (weeks + 1)
    size = cells * groups * (weeks + 1)
    if weight is None:
        steps = np.bincount(base + begin[kept], minlength=size) - np.bincount(base + end[kept], minlength=size)
    else:
        steps = np.zeros(size, dtype=np.int64)  # not bincount: its weights are floating point
        np.add.at(steps, base + begin[kept], weight[owner[kept]])
        np.subtract.at(steps, base + end[kept], weight[owner[kept]])
    return steps.reshape(cells, groups, weeks + 1).cumsum(axis=2)[:, :, :weeks]
