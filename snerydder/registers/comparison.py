"""A comparison group out of everybody: for each person who began, those who could have begun the same week and did not.

Exact cells (kind of person × share of the year before on transfer × index week). Within a cell every candidate weighs
(number who began) / (number of candidates), as a whole number of 2⁻²⁰ rounded down, so that sums do not depend on their order and any
engine has the same. Whoever began in a cell without candidates is left out and counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snerydder.panel import Spells, Whole
from snerydder.registers import kernels

ONE = 1 << 20  # the weight of a person who began
YEAR = 52


@dataclass(frozen=True)
class Comparison:
    cube: NDArray[np.int64]  # those who began, their comparison × groups of codes × weeks; in units of ONE
    began: int
    alone: int  # began where nobody could be compared
    candidates: int  # person-weeks with any weight
    total: NDArray[np.int64]  # summed weight of each arm, in units of ONE


def comparison(
    spells: Spells,
    kind: Whole,
    kinds: int,
    rows: Whole,
    week: Whole,
    could: NDArray[np.bool_],
    transfer: NDArray[np.bool_],
    bands: int,
    before: int,
    weeks: int,
    group_of_code: Whole,
    groups: int,
) -> Comparison:
    """`kind` of every person in the register (municipality × age × sex; -1 for nobody's comparison), `rows` who began and in which absolute `week`.

    `could` tells the codes a person must be in to begin that week; `transfer` the codes of the year before, in `bands` equal bands.
    The curve runs `weeks` weeks from `before` weeks before the index week.
    """
    first, span = int(week.min()), int(week.max() - week.min()) + 1
    candidate, place = np.divmod(np.flatnonzero(kernels.present(spells, first, span, could)), span)
    asked, already = np.zeros(span, dtype=bool), np.zeros(len(spells.persons), dtype=bool)
    asked[week - first], already[rows] = True, True
    open_to = asked[place] & ~already[candidate] & (kind[candidate] >= 0)  # a week in which nobody began compares with nothing
    candidate, place = candidate[open_to], place[open_to]
    people = np.concatenate([rows, candidate])
    index = np.concatenate([week, place + first])
    degree = kernels.weeks_in(spells, people, index - YEAR, YEAR, transfer).astype(np.int64) * bands // (YEAR + 1)
    cell = (kind[people].astype(np.int64) * bands + degree) * span + index - first
    size, n = kinds * bands * span, len(rows)
    began, there = np.bincount(cell[:n][kind[rows] >= 0], minlength=size), np.bincount(cell[n:], minlength=size)
    each = np.where(there > 0, began * ONE // np.maximum(there, 1), 0)
    with_any = (kind[rows] >= 0) & (there[cell[:n] * (kind[rows] >= 0)] > 0)
    weight = np.concatenate([np.where(with_any, ONE, 0), each[cell[n:]]])
    kept = np.flatnonzero(weight)
    arm = (kept >= n).astype(np.int64)
    cube = kernels.count(spells, people[kept], index[kept] - before, weeks, arm, 2, group_of_code, groups, weight[kept])
    total = np.array([weight[:n].sum(), weight[n:].sum()])
    return Comparison(cube.astype(np.int64), int(with_any.sum()), n - int(with_any.sum()), int((arm == 1).sum()), total)
