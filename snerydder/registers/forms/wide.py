"""One row a person, one column a week (`y_yyww`) in any order, and the monthly columns beside them.

53-week years are placed by date. Codes may stand as text, numbers, `651.0`, blank or `.`.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from snerydder.panel import Months
from snerydder.registers import formats, quality, table, weeks
from snerydder.registers.faults import BadInput
from snerydder.registers.forms import cells, keys, monthly
from snerydder.registers.forms.raw import MonthsRead, Raw, RowOfPerson
from snerydder.registers.quality import Row
from snerydder.registers.source import Source

Places = NDArray[np.int64]


def read(source: Source, wanted: Set[str]) -> Raw:
    file = source.file
    raw = table.read(file, "registret")
    table.require(raw, file, [source.key], "[register] key")
    columns = week_columns(file, raw.columns)
    people, places, chosen, again = _rows(source, file, raw, wanted)
    numbers = cells.codes(file, chosen, list(columns), places)
    months = monthly.read(file, chosen, places)
    first, last = min(columns.values()), max(columns.values())
    covered = np.zeros(last - first + 1, dtype=bool)
    at = np.array(list(columns.values())) - first
    covered[at] = True
    grid = np.zeros((len(people), last - first + 1), dtype=np.uint16)
    grid[:, at] = numbers
    if again:
        grid, months = _merged(source, people, places, grid, first, months, again)
    kept = np.array([row for row in range(len(people)) if row not in again], dtype=np.int64)
    persons = tuple(people[row] for row in kept)
    numbered = [formats.row_number(file, int(places[row])) for row in kept]
    twice = Row(
        "register_twice", "rækker i registret om en person, der allerede stod der; de er lagt sammen uden modsigelser", "register rows about a person already there; merged without contradiction",
        len(again), len(people), f"same_person_twice = {source.same_person_twice}", file.name, quality.first([formats.row_number(file, int(places[row])) for row in again]),
    )  # fmt: skip
    return Raw(persons, grid[kept], first, covered, months, raw.height, RowOfPerson(np.array(numbered, dtype=np.int64)), (twice,))


def _rows(source: Source, file: Path, raw: pl.DataFrame, wanted: Set[str]) -> tuple[list[str], Places, pl.DataFrame, dict[int, int]]:
    """The wanted persons' rows in the order of their keys; and the rows about a person already there: row, first row."""
    everyone = table.keys(raw, file, source.key)
    keys.refuse_lookalikes(file, source.key, everyone, wanted, wanted - set(everyone))
    found = sorted((person, row) for row, person in enumerate(everyone) if person in wanted)
    places = np.array([row for _, row in found], dtype=np.int64)
    first: dict[str, int] = {}
    again = {}
    for row, (person, place) in enumerate(found):
        if (earlier := first.setdefault(person, row)) != row:
            again[row] = earlier
            if source.same_person_twice == "stop":
                rows = f"række {formats.row_number(file, int(places[earlier]))} og {formats.row_number(file, place)}"
                raise BadInput(
                    file,
                    f"Personen {person} står to gange.",
                    rows,
                    "én række pr. person",
                    'Behold den rigtige række, eller skriv same_person_twice = "merge" under [policy], hvis rækkerne kan lægges sammen.',
                )
    whole = np.array_equal(places, np.arange(raw.height))
    return [person for person, _ in found], places, raw if whole else raw[places.tolist()], again


def _merged(
    source: Source, people: list[str], places: Places, grid: NDArray[np.uint16], first: int, months: dict[str, MonthsRead], again: dict[int, int]
) -> tuple[NDArray[np.uint16], dict[str, MonthsRead]]:  # fmt: skip
    """A blank gives way to what the other row says. Two rows that say different things are for a person to settle."""
    values = {kind: one.months.values.copy() for kind, one in months.items()}
    for row, earlier in again.items():
        rows = f"række {formats.row_number(source.file, int(places[earlier]))} og {formats.row_number(source.file, int(places[row]))}"
        mend = "Find ud af hvilken række der gælder, og slet den anden."
        if (clash := np.flatnonzero((grid[row] > 0) & (grid[earlier] > 0) & (grid[row] != grid[earlier]))).size:
            week = int(clash[0])
            raise BadInput(
                source.file,
                f"To rækker om {people[row]} siger {grid[earlier, week]:03d} og {grid[row, week]:03d} om samme uge.",
                f"{rows}, kolonne {weeks.column(first + week)}",
                "rækker, der ikke siger hinanden imod",
                mend,
            )
        grid[earlier] = np.maximum(grid[earlier], grid[row])
        for kind, one in values.items():
            if (clash := np.flatnonzero(np.isfinite(one[row]) & np.isfinite(one[earlier]) & (one[row] != one[earlier]))).size:
                name = f"{kind}_{weeks.month_name(months[kind].months.first + int(clash[0]))}"
                raise BadInput(
                    source.file,
                    f"To rækker om {people[row]} siger hver sit om samme måned.",
                    f"{rows}, kolonne {name}",
                    "rækker, der ikke siger hinanden imod",
                    mend,
                )
            one[earlier] = np.where(np.isfinite(one[earlier]), one[earlier], one[row])
    kept = [row for row in range(len(people)) if row not in again]
    return grid, {kind: replace(one, months=Months(one.months.first, values[kind][kept])) for kind, one in months.items()}


def week_columns(file: Path, names: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    taken: dict[int, str] = {}
    for name in names:
        try:
            week = weeks.week_of_column(name)
        except ValueError:
            raise BadInput(
                file,
                f"Ugen {name} findes ikke i kalenderen.",
                f"kolonne {name}",
                "uge 53 kun i 1992, 1998, 2004, 2009, 2015, 2020 og 2026",
                "Ret kolonnens navn.",
            ) from None
        if week is None:
            continue
        if week in taken:
            raise BadInput(file, f"Ugen står to gange: {taken[week]} og {name}.", mend="Behold den ene kolonne.")
        taken[week] = name
        found[name] = week
    if not found:
        raise BadInput(
            file, "Der er ingen ugekolonner.", expected="kolonner som y_1234 (år 2012, uge 34)",
            mend='Er det den rigtige fil? Står ugerne i rækker, så skriv form = "long" eller "spells" under [register].',
        )  # fmt: skip
    return found


def months_of(file: Path, key: str, persons: tuple[str, ...]) -> dict[str, MonthsRead]:
    """The monthly columns from a file of their own; a person without a row there has blanks."""
    raw = table.read(file, "månederne")
    table.require(raw, file, [key], "[register] months")
    if not monthly.columns(file, raw.columns):
        raise BadInput(
            file, "Der er ingen månedskolonner.", expected="kolonner som grad_2012_08 eller branche_2012_08", mend="Ret months under [register]."
        )
    wanted = set(persons)
    people, places, chosen, again = _rows(Source(file, key), file, raw, wanted)
    row_of = {person: row for row, person in enumerate(people)}
    rows = np.array([row_of.get(person, -1) for person in persons])
    found = monthly.read(file, chosen, places)
    return {kind: replace(one, months=Months(one.months.first, _blank_where_absent(one.months.values, rows))) for kind, one in found.items()}


def _blank_where_absent(values: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    padded = np.vstack([values, np.full((1, values.shape[1]), np.nan)])
    return padded[rows]
