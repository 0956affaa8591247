"""What counts as an outcome: one file each, found by its name.

A file says `LABEL`, `LABEL_EN`, `NEEDS`, `COUNTS` and `DOES_NOT_COUNT` (Danish, printed in the report) and gives
`weekly(seen)`: persons × weeks of yes and no.
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
from snerydder.registers.dream.codes import Code, CodeList


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

    def meaning(self, mark: str) -> NDArray[np.bool_]:
        """Per code index: does the code list say so? An unknown code says nothing."""
        rows: list[Code | None] = [None, *(self.codes.find(int(text)) for text in self.panel.spells.codes[1:])]
        return np.array([row is not None and bool(getattr(row, mark)) for row in rows])

    def in_month(self, kind: str) -> NDArray[np.float64]:
        """The month's number for each week, by the week's Thursday; NaN outside the file."""
        months = self.panel.months[kind]
        low, high = int(self.start.min()), int(self.start.max()) + self.weeks
        month = np.array([weeks.month_of(week) for week in range(low, high)]) - months.first
        place = month[self.start[:, None] - low + np.arange(self.weeks)]
        inside = (place >= 0) & (place < months.values.shape[1])
        found = months.values[self.rows[:, None], np.clip(place, 0, months.values.shape[1] - 1)]
        return np.where(inside, found, np.nan)


def find(name: str) -> ModuleType | None:
    return importlib.import_module(f"{__name__}.{name}") if name in names() else None


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__))
