"""What counts as an outcome: one file each, found by its name.

A file says `LABEL`, `LABEL_EN`, `NEEDS`, `COUNTS` and `DOES_NOT_COUNT` (Danish, printed in the report) and gives
`weekly(seen)`: persons × weeks of yes and no. `NEEDS` names the scheme of the codes and the monthly columns.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from snerydder import panel
from snerydder.panel import Panel
from snerydder.registers import weeks
from snerydder.registers.codes import CodeList


@dataclass(frozen=True)
class Seen:
    """Persons (rows of the panel), each from a start week of their own."""

    panel: Panel
    codes: CodeList
    rows: NDArray[np.int64]
    start: NDArray[np.int64]
    weeks: int

    def grid(self, before: int = 0, after: int = 0) -> NDArray[np.uint16]:
        return panel.codes_from(self.panel.spells, self.rows, self.start - before, before + self.weeks + after)

    def covered(self, before: int = 0, after: int = 0) -> NDArray[np.bool_]:
        return panel.covered_from(self.panel.spells, self.start - before, before + self.weeks + after)

    def marked(self, mark: str, before: int = 0, after: int = 0) -> NDArray[np.bool_]:
        """Persons × weeks: does the code list say so of the week's code in that week? An unknown code says nothing."""
        edges, told = self.codes.table(self.panel.spells.codes, mark)
        grid = self.grid(before, after)
        if len(told) == 1:
            return told[0][grid]
        stretch = np.searchsorted(edges, self.start[:, None] - before + np.arange(grid.shape[1]), side="right")
        return told[stretch, grid]

    def in_month(self, kind: str) -> NDArray[np.float64]:
        """The month's number for each week, by the week's Thursday; NaN outside the file."""
        months = self.panel.months[kind]
        place, inside = self.month_place(months.first, months.values.shape[1])
        return np.where(inside, months.values[self.rows[:, None], place], np.nan)

    def month_place(self, first: int, months: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """For each week the place of its month, counted from `first`, and whether it is one of the `months`."""
        low, high = int(self.start.min()), int(self.start.max()) + self.weeks
        month = np.array([weeks.month_of(week) for week in range(low, high)]) - first
        place = month[self.start[:, None] - low + np.arange(self.weeks)]
        return np.clip(place, 0, months - 1), (place >= 0) & (place < months)


def find(name: str) -> ModuleType | None:
    return importlib.import_module(f"{__name__}.{name}") if name in names() else None


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def kin(one: str, other: str) -> bool:
    """Both about work, or neither: what the one counts, the other may count and a few more."""
    return ("job" in one) == ("job" in other)
