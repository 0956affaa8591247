"""Read the wide form: one row a person, one column a week (`y_yyww`) in any order, and the monthly `grad_yyyy_mm`.

Codes may stand as text, numbers, `651.0`, blank or `.`; 53-week years are placed by date. What the file held is told in a
`Reading`, so that nothing is dropped in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from snerydder.panel import Months, Panel, from_grid
from snerydder.registers import table, weeks
from snerydder.registers.dream.codes import FIRM, CodeList
from snerydder.registers.faults import BadInput, some


@dataclass(frozen=True)
class Unfirm:
    """A code that stands in the file and that nobody has vouched for."""

    code: str
    cells: int
    person: str
    week: str
    why: str  # "unknown", "likely" or "guess"
    label: str


@dataclass(frozen=True)
class Reading:
    panel: Panel
    rows_in_file: int
    first_week: str
    last_week: str
    absent_weeks: tuple[str, ...]
    unfirm: tuple[Unfirm, ...]
    code_cells: dict[str, int]


def read(file: Path, key: str, wanted: set[str], codes: CodeList) -> Reading:
    """The persons in `wanted`; the rest of the register is not kept."""
    raw = table.read(file, "registret")
    table.require(raw, file, [key], "[register] key")
    people = table.keys(raw, file, key)
    _no_person_twice(file, people, wanted)
    kept = [row for row, person in enumerate(people) if person in wanted]
    columns = _week_columns(file, raw.columns)
    first, last = min(columns.values()), max(columns.values())
    covered = np.zeros(last - first + 1, dtype=bool)
    covered[np.array(list(columns.values())) - first] = True
    chosen = raw[kept]
    grid = np.zeros((len(kept), last - first + 1), dtype=np.uint16)
    numbers = _codes(file, chosen, list(columns), [row + 2 for row in kept])
    for place, column in enumerate(columns):
        grid[:, columns[column] - first] = numbers[:, place]
    persons = tuple(people[row] for row in kept)
    present = np.unique(grid)
    present = present[present > 0]
    index = np.zeros(1000, dtype=np.uint16)
    index[present] = np.arange(1, len(present) + 1)
    names = ("", *(f"{number:03d}" for number in present))
    panel = Panel(from_grid(persons, names, index[grid], first, covered), _months(file, chosen))
    cells = {f"{number:03d}": int((grid == number).sum()) for number in present}
    absent = tuple(weeks.name(first + int(gap)) for gap in np.flatnonzero(~covered))
    return Reading(panel, raw.height, weeks.name(first), weeks.name(last), absent, _unfirm(grid, persons, first, cells, codes), cells)


def _no_person_twice(file: Path, people: list[str], wanted: set[str]) -> None:
    seen: dict[str, int] = {}
    for row, person in enumerate(people, start=2):
        if person in wanted and person in seen:
            raise BadInput(file, f"Personen {person} står to gange.", f"række {seen[person]} og {row}", "én række pr. person", "Behold den rigtige række, eller saml dem.")
        seen[person] = row


def _week_columns(file: Path, names: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    taken: dict[int, str] = {}
    for name in names:
        try:
            week = weeks.week_of_column(name)
        except ValueError:
            raise BadInput(file, f"Ugen {name} findes ikke i kalenderen.", f"kolonne {name}", "uge 53 kun i 1992, 1998, 2004, 2009, 2015, 2020 og 2026", "Ret kolonnens navn.") from None
        if week is None:
            continue
        if week in taken:
            raise BadInput(file, f"Ugen står to gange: {taken[week]} og {name}.", mend="Behold den ene kolonne.")
        taken[week] = name
        found[name] = week
    if not found:
        raise BadInput(file, "Der er ingen ugekolonner.", expected="kolonner som y_1234 (år 2012, uge 34)", mend="Er det den rigtige fil?")
    return found


def _codes(file: Path, chosen: pl.DataFrame, columns: list[str], rows: list[int]) -> NDArray[np.uint16]:
    parts = []
    for name in columns:
        series = chosen[name]
        if series.dtype == pl.String:
            plain = series.str.strip_chars()
            text = pl.select(pl.when(plain.is_in(table.BLANK)).then(None).otherwise(plain)).to_series()
            value = text.cast(pl.Float64, strict=False)
            fault = value.is_null() & text.is_not_null()
        else:
            value = series.cast(pl.Float64)
            fault = pl.Series([False] * len(value))
        filled = value.fill_null(0.0).fill_nan(0.0)
        fault = fault | (filled != filled.round(0)) | (filled < 0) | (filled > 999)
        if fault.any():
            row = int(fault.arg_max() or 0)
            raise BadInput(file, f"{series[row]!r} er ikke en DREAM-kode.", f"række {rows[row]}, kolonne {name}", "tre cifre som 651, tomt eller .", "Ret cellen, eller spørg den, der lavede udtrækket.")
        parts.append(filled.to_numpy().astype(np.uint16))
    return np.stack(parts, axis=1) if parts else np.zeros((chosen.height, 0), dtype=np.uint16)


def _months(file: Path, chosen: pl.DataFrame) -> dict[str, Months]:
    kinds: dict[str, dict[int, str]] = {}
    for name in chosen.columns:
        if found := weeks.month_of_column(name):
            kinds.setdefault(found[0], {})[found[1]] = name
    if "grad" not in kinds:
        return {}
    named = kinds["grad"]
    first, last = min(named), max(named)
    values = np.full((chosen.height, last - first + 1), np.nan)
    for month, name in named.items():
        values[:, month - first] = table.numbers(chosen, file, name)
    return {"grad": Months(first, values)}


def _unfirm(grid: NDArray[np.uint16], persons: tuple[str, ...], first: int, cells: dict[str, int], codes: CodeList) -> tuple[Unfirm, ...]:
    found = []
    for text, count in cells.items():
        row = codes.find(int(text))
        if row is None or row.confidence not in FIRM:
            person, week = np.argwhere(grid == int(text))[0]
            found.append(Unfirm(text, count, persons[person], weeks.name(first + int(week)), row.confidence if row else "unknown", row.label if row else ""))
    return tuple(found)


def refuse_unfirm(reading: Reading, codes: CodeList) -> None:
    """What a final run may not stand on."""
    if reading.unfirm:
        listed = [f"{one.code} ({one.why}, {one.cells} uger, først {one.person} {one.week})" for one in reading.unfirm]
        raise BadInput(codes.file, f"En endelig kørsel hviler på koder, ingen har bekræftet: {some(listed, 12)}.", expected="confidence = confirmed eller sure for hver kode i registret", mend='Slå koderne efter i udtrækkets kodebog og ret kodelisten, eller kør med status = "draft".')
