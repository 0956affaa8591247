"""What every form of the register becomes before anybody asks what a code means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snerydder.panel import Months
from snerydder.registers.quality import Row


@dataclass(frozen=True)
class MonthsRead:
    months: Months
    covered: NDArray[np.bool_]  # per month from months.first: was the column there


@dataclass(frozen=True)
class Raw:
    persons: tuple[str, ...]  # in order, so that the order of the file says nothing
    grid: NDArray[np.uint16]  # persons × weeks, 0 where blank
    first: int
    covered: NDArray[np.bool_]
    months: dict[str, MonthsRead]
    rows_in_file: int
    row_at: Callable[[int, int], int]  # (person, week from first) -> row number in the file
    told: tuple[Row, ...]
