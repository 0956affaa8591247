"""Many overlapping subgroups at once: every outcome × week of each, with robust and cluster errors, straight from the spells.

Each subgroup is counted and solved before the next begins, so its counts never leave the processor's own memory.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from snerydder.effects import counts
from snerydder.effects.counts import Cells, FromCounts
from snerydder.effects.results import Refused
from snerydder.panel import Spells, Whole
from snerydder.registers import kernels


def subgroups(
    spells: Spells, rows: Whole, start: Whole, weeks: int, cell: Whole, cells: Cells, members: NDArray[np.bool_], group_of_code: Whole, groups: int
) -> list[FromCounts | Refused]:
    """`members` is subgroups × persons; `cells` tells each cell's stratum, arm and cluster (its persons are counted here)."""
    from snerydder.effects.counts_compiled import closed
    from snerydder.registers import kernels_compiled as kernel

    order, arm, total = np.argsort(cells.cluster, kind="stable"), cells.treated.astype(np.int64), len(cells.stratum)
    found: list[FromCounts | Refused] = [Refused("", "")] * len(members)

    def work(_: int, low: int, high: int) -> None:
        cube = kernel.empty(total, groups, weeks, False)
        for place in range(low, high):
            chosen = np.flatnonzero(members[place])
            mine = cell[chosen]
            here = Cells(np.bincount(mine, minlength=total), cells.stratum, cells.treated, cells.cluster)
            shared = counts.frame(here)
            if isinstance(shared, Refused):
                found[place] = shared
                continue
            cube[:] = 0
            kernel.steps(
                spells.offsets, spells.code, spells.begin, spells.end, rows[chosen], start[chosen], mine, group_of_code, None, cube, 0, len(chosen)
            )
            kernel.running(cube, cube, 0, total)
            numbers = np.empty((5, groups, weeks))
            closed(cube, here.persons, cells.stratum, arm, order, cells.cluster, shared.n, shared.columns, shared.clusters, numbers, 0, groups)
            found[place] = FromCounts(*numbers)

    kernels.shared(work, len(members))
    return found
