"""The monthly columns: `grad_yyyy_mm`, the degree of employment, and `branche_yyyy_mm` (or `br_`), the industry worked in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from snerydder.panel import Months
from snerydder.registers import formats, table, weeks
from snerydder.registers.faults import BadInput
from snerydder.registers.forms.raw import MonthsRead

Grouped = dict[str, dict[int, str]]


def columns(file: Path, names: list[str]) -> Grouped:
    """Kind, month, column."""
    kinds: Grouped = {}
    for name in names:
        try:
            found = weeks.month_of_column(name)
        except ValueError:
            raise BadInput(file, "Måneden findes ikke.", f"kolonne {name}", "en måned fra 01 til 12", "Ret kolonnens navn.") from None
        if found:
            kind, month = found
            if month in kinds.setdefault(kind, {}):
                raise BadInput(file, f"Måneden står to gange: {kinds[kind][month]} og {name}.", mend="Behold den ene kolonne.")
            kinds[kind][month] = name
    return kinds


def read(file: Path, chosen: pl.DataFrame, rows: NDArray[np.int64]) -> dict[str, MonthsRead]:
    """`rows` are the places the rows had in the file."""
    found = {}
    for kind, named in columns(file, chosen.columns).items():
        first, last = min(named), max(named)
        values = np.full((chosen.height, last - first + 1), np.nan)
        covered = np.zeros(last - first + 1, dtype=bool)
        for month, name in named.items():
            column = table.numbers(chosen, file, name, rows)
            _sensible(file, kind, name, column, rows)
            values[:, month - first] = column
            covered[month - first] = True
        found[kind] = MonthsRead(Months(first, values), covered)
    return found


def _sensible(file: Path, kind: str, name: str, column: NDArray[np.float64], rows: NDArray[np.int64]) -> None:
    wrong = column < 0 if kind == "grad" else (column <= 0) | (column != np.round(column)) & ~np.isnan(column)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        where = f"række {formats.row_number(file, int(rows[row]))}, kolonne {name}"
        if kind == "grad":
            raise BadInput(
                file,
                f"Beskæftigelsesgraden er {column[row]:g}.",
                where,
                "0 eller derover, eller tomt",
                "Ret cellen, eller spørg den, der lavede udtrækket.",
            )
        raise BadInput(
            file,
            f"Branchen {column[row]:g} er ikke en branchekode.",
            where,
            "cifre som 561010, eller tomt uden job",
            "0 kan betyde intet job eller ukendt branche: slå det op i kodebogen, og gør cellen tom eller skriv koden for uoplyst.",
        )
