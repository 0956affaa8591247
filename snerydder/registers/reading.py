"""A register file, of any form and format, as one panel; and everything about the file that a reader must be told.

The panel is the same whatever the order of rows and columns, the spelling of the codes, the form and the format.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snerydder.panel import Panel, from_grid
from snerydder.registers import codes as code_list
from snerydder.registers import quality, weeks
from snerydder.registers.codes import ALWAYS, Code, CodeList
from snerydder.registers.faults import BadInput, some
from snerydder.registers.forms import mapped, rows, wide
from snerydder.registers.forms.raw import MonthsRead, Raw
from snerydder.registers.quality import Row
from snerydder.registers.source import Source

READERS = {"wide": wide.read, "long": rows.read, "spells": rows.read, "compact": mapped.read}


@dataclass(frozen=True)
class Unfirm:
    """A code that stands in the file and that a final run may not stand on."""

    code: str
    cells: int
    row: int  # the first place: row in the file, and week
    week: str
    why: str  # "unknown", "likely", "guess", or "outside" the weeks its line in the code list holds
    label: str


@dataclass(frozen=True)
class Reading:
    panel: Panel
    scheme: str
    rows_in_file: int
    first_week: str
    last_week: str
    absent_weeks: tuple[str, ...]
    unfirm: tuple[Unfirm, ...]
    code_cells: dict[str, int]
    months_covered: dict[str, NDArray[np.bool_]]  # as Raw's: per month from the kind's first
    quality: tuple[Row, ...]


def read(source: Source, wanted: Set[str], codes: CodeList) -> Reading:
    """The persons in `wanted`; the rest of the register is not kept."""
    assert source.scheme == codes.scheme, "a list of codes of one scheme says nothing of another's"
    raw = READERS[source.form](source, wanted)
    months = dict(raw.months)
    if source.months:
        apart = wide.months_of(source.months, source.key, raw.persons)
        if both := sorted(set(months) & set(apart)):
            raise BadInput(
                source.months,
                f"Månederne {both[0]}_åååå_mm står både her og i registret.",
                expected="hver slags måneder ét sted",
                mend="Fjern den ene, eller fjern months under [register].",
            )
        months |= apart
    unfirm, cells = _weighed(source, raw, codes)
    grid, told = _after_death(source, raw, codes)
    present = np.flatnonzero(np.bincount(grid.reshape(-1), minlength=1000)[1:]) + 1
    index = np.zeros(1000, dtype=np.uint16)
    index[present] = np.arange(1, len(present) + 1)
    names = ("", *(f"{number:03d}" for number in present))
    panel = Panel(from_grid(raw.persons, names, index[grid], raw.first, raw.covered), {kind: one.months for kind, one in months.items()})
    absent = tuple(weeks.name(raw.first + int(gap)) for gap in np.flatnonzero(~raw.covered))
    last = raw.first + len(raw.covered) - 1
    facts = (*raw.told, *told, *_gaps(source, raw, absent, months))
    return Reading(
        panel,
        source.scheme,
        raw.rows_in_file,
        weeks.name(raw.first),
        weeks.name(last),
        absent,
        unfirm,
        cells,
        {kind: one.covered for kind, one in months.items()},
        facts,
    )


def _gaps(source: Source, raw: Raw, absent: tuple[str, ...], months: dict[str, MonthsRead]) -> tuple[Row, ...]:
    said = f": {some(absent)}" if absent else ""
    found = [
        Row(
            "absent_weeks",
            f"uger mellem registrets første og sidste uden kolonne{said}",
            f"weeks between the register's first and last without a column{said}",
            len(absent),
            len(raw.covered),
            file=source.file.name,
        )
    ]
    for kind, one in sorted(months.items()):
        gone = [weeks.month_name(one.months.first + int(gap)) for gap in np.flatnonzero(~one.covered)]
        said = f": {some(gone)}" if gone else ""
        found.append(
            Row(
                f"absent_months_{kind}",
                f"måneder uden kolonne {kind}_åååå_mm{said}",
                f"months without a column {kind}_yyyy_mm{said}",
                len(gone),
                len(one.covered),
                file=(source.months or source.file).name,
            )
        )
    return tuple(found)


def _weighed(source: Source, raw: Raw, codes: CodeList) -> tuple[tuple[Unfirm, ...], dict[str, int]]:
    """Each code's weeks; those nobody vouches for, and those that belong to another scheme."""
    counts = np.bincount(raw.grid.reshape(-1), minlength=1000)
    edges = codes.edges
    stretch = np.searchsorted(edges, raw.first + np.arange(raw.grid.shape[1]), side="right")
    unfirm: list[Unfirm] = []
    for number in (int(one) for one in np.flatnonzero(counts[1:]) + 1):
        meant = {int(one): codes.find(number, int(edges[one - 1]) if one else ALWAYS[0]) for one in np.unique(stretch)}
        why = {one: _why(codes, number, row) for one, row in meant.items()}
        for reason in sorted(set(why.values()) - {""}):
            doubtful = [one for one, said in why.items() if said == reason]
            cells = (raw.grid == number) & np.isin(stretch, doubtful)
            if cells.any():
                row, week = raw.places.first(number, cells)
                listed = meant[int(stretch[week])] or codes.find(number)
                unfirm.append(Unfirm(f"{number:03d}", int(cells.sum()), row, weeks.name(raw.first + week), reason, listed.label if listed else ""))
    _no_other_scheme(source, codes, unfirm)
    return tuple(unfirm), {f"{number:03d}": int(counts[number]) for number in np.flatnonzero(counts[1:]) + 1}


def _why(codes: CodeList, number: int, row: Code | None) -> str:
    if row:
        return "" if row.firm else row.confidence
    return "outside" if codes.find(number) else "unknown"


def _no_other_scheme(source: Source, codes: CodeList, unfirm: list[Unfirm]) -> None:
    """A number the declared scheme does not know and another does: the file is not what the protocol says it is."""
    for scheme in code_list.SCHEMES:
        if scheme != codes.scheme:
            other = code_list.read(scheme=scheme)
            for one in unfirm:
                if one.why == "unknown" and (row := other.find(int(one.code))):
                    raise BadInput(
                        source.file, f"Koden {one.code} findes ikke i {codes.scheme.upper()}, men er {row.label!r} i {scheme.upper()} ({one.cells} uger).", f"række {one.row}, uge {one.week}",
                        f"koder fra {codes.scheme.upper()}, som scheme under [register] siger", f'Skriv scheme = "{scheme}", hvis registret er derfra. Er koden rigtig nok {codes.scheme.upper()}, så føj den til kodelisten.',
                    )  # fmt: skip


def _after_death(source: Source, raw: Raw, codes: CodeList) -> tuple[NDArray[np.uint16], tuple[Row, ...]]:
    """Death lasts: blanks after it are the dead's. A benefit after it is an error somewhere, and the protocol says what counts."""
    grid = raw.grid.copy()
    dead = np.array([(row := codes.find(number)) is not None and row.dead for number in range(1000)])
    died = dead[grid]
    paid: list[int] = []
    paid_weeks = 0
    for person in np.flatnonzero(died.any(axis=1)):
        begin = int(died[person].argmax())
        after = grid[person, begin:]
        later = (after > 0) & ~dead[after]
        if later.any():
            week = begin + int(later.argmax())
            place = raw.places.row(int(person), week)
            paid.append(place)
            paid_weeks += int(later.sum())
            if source.paid_after_death == "stop":
                raise BadInput(
                    source.file, f"Der står koden {grid[person, week]:03d} efter en død i {weeks.name(raw.first + begin)}.", f"række {place}, uge {weeks.name(raw.first + week)}", "ingen ydelse efter døden",
                    'Find ud af hvad der er rigtigt, eller skriv paid_after_death = "dead" (døden gælder) eller "keep" (koderne gælder) under [policy].',
                )  # fmt: skip
        if source.paid_after_death != "keep":
            after[:] = after[0]
    return grid, (
        Row("paid_after_death", "personer med en ydelse efter deres død", "persons with a benefit after their death", len(paid), len(raw.persons), f"paid_after_death = {source.paid_after_death}", source.file.name, quality.first(paid)),
        Row("weeks_paid_after_death", "personuger med en ydelse efter en død", "person-weeks with a benefit after a death", paid_weeks, grid.size, f"paid_after_death = {source.paid_after_death}", source.file.name),
    )  # fmt: skip


WHY = {"unknown": "står ikke i kodelisten", "likely": "sandsynlig", "guess": "gæt", "outside": "uden for kodens gyldighed"}


def refuse_unfirm(reading: Reading, codes: CodeList) -> None:
    """What a final run may not stand on."""
    if reading.unfirm:
        scheme = reading.scheme.upper()
        listed = [f"{scheme} {one.code} ({WHY[one.why]}, {one.cells} {'uge' if one.cells == 1 else 'uger'}, først i række {one.row}, {one.week})" for one in reading.unfirm]
        raise BadInput(
            codes.file,
            f"En endelig kørsel hviler på koder, ingen har bekræftet: {some(listed, 12)}.",
            expected="confidence = confirmed eller sure for hver kode i registret, gyldig i sine uger",
            mend='Slå koderne efter i udtrækkets kodebog og ret kodelisten, eller kør med status = "draft".',
        )
