"""What every form of the register becomes before anybody asks what a code means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from snerydder.panel import Months
from snerydder.registers.quality import Row


@dataclass(frozen=True)
class MonthsRead:
    months: Months
    covered: NDArray[np.bool_]  # per month from months.first: was the column there


class Places(Protocol):
    """Where in the file a cell of the grid came from, as the row number a reader would look up."""

    def row(self, person: int, week: int) -> int: ...

    def first(self, code: int, cells: NDArray[np.bool_]) -> tuple[int, int]:
        """Row number and week of the first of some cells (persons × weeks) that all hold `code`."""
        ...


@dataclass(frozen=True)
class Raw:
    persons: tuple[str, ...]  # in order, so that the order of the file says nothing
    grid: NDArray[np.uint16]  # persons × weeks, 0 where blank
    first: int
    covered: NDArray[np.bool_]
    months: dict[str, MonthsRead]
    rows_in_file: int
    places: Places
    told: tuple[Row, ...]


@dataclass(frozen=True)
class RowOfPerson:
    """Where each person has one row."""

    numbers: NDArray[np.int64]

    def row(self, person: int, week: int) -> int:
        return int(self.numbers[person])

    def first(self, code: int, cells: NDArray[np.bool_]) -> tuple[int, int]:
        persons = np.flatnonzero(cells.any(axis=1))
        person = int(persons[self.numbers[persons].argmin()])
        return self.row(person, 0), int(cells[person].argmax())
