"""Small counts are not shown, nor what would let a reader work them out.

A count from 1 to limit-1 is held back (primary). Where totals are shown, a row or column with a single count held back, or whose held-back
counts add up to less than the limit, gives them away; so the smallest other count is held back too, until none is left like that (secondary,
as in Danmarks Statistik's and Sundhedsdatastyrelsen's rules for tables; Hundepool et al. 2012, ch. 4). A zero is shown: it is nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LIMIT = 5


@dataclass(frozen=True)
class Published:
    """Counts that may be shown. Only `publish` makes one; None is a count held back."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    limit: int

    @property
    def held_back(self) -> int:
        return sum(cell is None for row in self.cells for cell in row)


def publish(rows: tuple[str, ...], columns: tuple[str, ...], counts: NDArray[np.integer], limit: int = LIMIT, totals: bool = True) -> Published:
    """`counts` is rows × columns of persons, each in one cell of its row, with the totals of both known to the reader (unless `totals` is False)."""
    table = np.asarray(counts, dtype=np.int64)
    if table.shape != (len(rows), len(columns)) or (table < 0).any():
        raise ValueError("a count for each row and column, none below zero")
    hidden = (table > 0) & (table < limit)
    while totals and (line := _open(table, hidden, limit)) is not None:
        candidates = [place for place in line if not hidden[place]]
        if not candidates:
            break  # the whole line is held back: there is no more to take
        hidden[min(candidates, key=lambda place: (table[place] == 0, table[place]))] = True
    cells = tuple(tuple(None if hide else int(count) for count, hide in zip(line, mask, strict=True)) for line, mask in zip(table, hidden, strict=True))
    return Published(rows, columns, cells, limit)


def _open(table: NDArray[np.int64], hidden: NDArray[np.bool_], limit: int) -> list[tuple[int, int]] | None:
    """The first row or column whose held-back counts its total gives away."""
    rows, columns = table.shape
    for line in [[(r, c) for c in range(columns)] for r in range(rows)] + [[(r, c) for r in range(rows)] for c in range(columns)]:
        away = [place for place in line if hidden[place]]
        if away and len(away) < len(line) and (len(away) == 1 or sum(int(table[place]) for place in away) < limit):
            return line
    return None
