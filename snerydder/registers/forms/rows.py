"""The long form (a row a week) and the form of spells (a row from and to; the source says whether `to` is the last week or the one after).

A file of rows does not say which weeks the register knows of, so the protocol must. Two codes in one week are refused, or settled
by the protocol's stated priority; the same code twice is one.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from snerydder.registers import formats, quality, table, weeks
from snerydder.registers.faults import BadInput
from snerydder.registers.forms import cells, keys
from snerydder.registers.forms.raw import MonthsRead, Raw
from snerydder.registers.quality import Row
from snerydder.registers.source import Source

Whole = NDArray[np.int64]
WEEK = "2012-W34, 201234 eller en dato i ugen"


@dataclass(frozen=True)
class Records:
    """The file's rows about the persons wanted."""

    persons: tuple[str, ...]
    person: Whole
    begin: Whole
    end: Whole  # exclusive
    code: NDArray[np.uint16]
    place: Whole  # in the file


def read(source: Source, wanted: Set[str]) -> Raw:
    file = source.file
    raw = table.read(file, "registret")
    named = [source.key, *(name for name in (source.year, source.week, source.begin, source.end, source.code) if name)]
    if absent := [name for name in named if name not in raw.columns]:
        columns = sum(_is_week(name) for name in raw.columns)
        if columns > 1:
            raise BadInput(
                file,
                f"Kolonnen {absent[0]} findes ikke, men {columns} ugekolonner gør.",
                expected=f'rækker i formen "{source.form}"',
                mend='Filen ligner den brede form: skriv form = "wide" under [register].',
            )
    table.require(raw, file, named, "[register]")
    people = table.keys(raw, file, source.key)
    keys.refuse_lookalikes(file, source.key, people, wanted, wanted - set(people))
    places = np.array([row for row, person in enumerate(people) if person in wanted], dtype=np.int64)
    chosen = raw[places.tolist()]
    persons = tuple(sorted({people[row] for row in places}))
    index = {person: number for number, person in enumerate(persons)}
    person = np.array([index[people[row]] for row in places], dtype=np.int64)
    begin, last, open_ended = _span(source, chosen, places)
    code = cells.codes(file, chosen, [source.code], places)[:, 0] if len(places) else np.zeros(0, dtype=np.uint16)
    records = Records(persons, person, begin, last + 1, code, places)
    _inside(source, records)
    grid, told = _lay(source, records)
    open_row = Row(
        "open_spells", "forløb uden slutning; de regnes til og med registrets sidste uge", "spells without an end; taken to run through the register's last week",
        int(open_ended.sum()), len(places), f"last_week = {weeks.name(source.last_week)}", file.name, quality.first([formats.row_number(file, int(row)) for row in places[open_ended]]),
    )  # fmt: skip
    months: dict[str, MonthsRead] = {}
    return Raw(
        persons,
        grid,
        source.first_week,
        np.ones(grid.shape[1], dtype=bool),
        months,
        raw.height,
        RowOfRecord(source, records),
        (*told, *((open_row,) if source.form == "spells" else ())),
    )


def _is_week(name: str) -> bool:
    try:
        return weeks.week_of_column(name) is not None
    except ValueError:
        return True


@dataclass(frozen=True)
class RowOfRecord:
    source: Source
    records: Records

    def row(self, person: int, week: int) -> int:
        absolute, records = self.source.first_week + week, self.records
        here = (records.person == person) & (records.begin <= absolute) & (absolute < records.end)
        return formats.row_number(self.source.file, int(records.place[np.flatnonzero(here)[0]]))

    def first(self, code: int, cells: NDArray[np.bool_]) -> tuple[int, int]:
        for record in np.flatnonzero(self.records.code == code):  # in the order of the file, and nearly always the first
            person = int(self.records.person[record])
            begin, end = (int(week[record]) - self.source.first_week for week in (self.records.begin, self.records.end))
            if (inside := cells[person, begin:end]).any():
                return formats.row_number(self.source.file, int(self.records.place[record])), begin + int(inside.argmax())
        raise AssertionError("a cell of the grid came from some row")


def _span(source: Source, chosen: pl.DataFrame, places: Whole) -> tuple[Whole, Whole, NDArray[np.bool_]]:
    """First week, last week, and whether the last was left open."""
    closed = np.zeros(chosen.height, dtype=bool)
    if source.form == "long":
        week = _year_and_week(source, chosen, places) if source.year else _weeks(source, chosen, source.week, places)
        return week, week, closed
    begin = _weeks(source, chosen, source.begin, places)
    end = _weeks(source, chosen, source.end, places, blank=source.last_week, after=source.to_is == "after")
    blank = np.array([text in table.BLANK for text in table.texts(chosen, source.end)], dtype=bool)
    if (wrong := np.flatnonzero(end < begin)).size:
        row = int(wrong[0])
        what = (
            "Forløbet begynder efter registrets sidste uge."
            if blank[row]
            else f"Forløbet slutter i {weeks.name(int(end[row]))}, før det begynder i {weeks.name(int(begin[row]))}."
        )
        raise BadInput(
            source.file,
            what,
            table.place(source.file, int(places[row]), source.end),
            "en slutning samme uge som begyndelsen eller senere",
            "Ret rækken, eller se efter om kolonnerne er byttet om i protokollen.",
        )
    return begin, end, blank


def _weeks(source: Source, chosen: pl.DataFrame, column: str, places: Whole, blank: int | None = None, after: bool = False) -> Whole:
    """Each different text is read once. `after`: the text names the week or day after the one that is meant."""
    texts = table.texts(chosen, column)
    known: dict[str, int] = {}
    months = True
    for row, text in enumerate(texts):
        if text in known:
            continue
        where = table.place(source.file, int(places[row]), column)
        if text in table.BLANK:
            if blank is None:
                raise BadInput(source.file, "Ugen er tom.", where, WEEK, "Ret cellen, eller fjern rækken.")
            known[text] = blank
            continue
        try:
            week = weeks.week_before(text) if after else weeks.week_of_text(text)
        except ValueError:
            raise BadInput(
                source.file,
                f"Ugen {text!r} findes ikke i kalenderen.",
                where,
                "uge 53 kun i 1992, 1998, 2004, 2009, 2015, 2020 og 2026",
                "Ret cellen; er det en måned, så brug datoer i stedet.",
            ) from None
        if week is None:
            raise table.no_day(source.file, int(places[row]), column, text, WEEK)
        months = months and weeks.may_be_month(text)
        known[text] = week
    if months and len(known) > 12:
        raise BadInput(
            source.file,
            "Intet ugenummer er over 12, så det ligner måneder (201208).",
            f"kolonne {column}",
            WEEK,
            "Bestil ugerne, eller skriv datoer.",
        )
    return np.array([known[text] for text in texts], dtype=np.int64)


def _year_and_week(source: Source, chosen: pl.DataFrame, places: Whole) -> Whole:
    year, number = (table.numbers(chosen, source.file, name, places) for name in (source.year, source.week))
    found: dict[tuple[float, float], int] = {}
    for row, pair in enumerate(zip(year.tolist(), number.tolist(), strict=True)):
        if pair not in found:
            try:
                if pair[0] < 1970 or pair[0] != int(pair[0]) or pair[1] != int(pair[1]):
                    raise ValueError(pair)
                found[pair] = weeks.from_iso(int(pair[0]), int(pair[1]))
            except ValueError:
                where = f"{table.place(source.file, int(places[row]), source.year)} og {source.week}"
                raise BadInput(
                    source.file,
                    f"År {pair[0]:g}, uge {pair[1]:g} findes ikke i kalenderen.",
                    where,
                    "ISO-år med fire cifre og uge 1-52, 53 i de lange år",
                    "Ret cellerne.",
                ) from None
    return np.array([found[pair] for pair in zip(year.tolist(), number.tolist(), strict=True)], dtype=np.int64)


def _inside(source: Source, records: Records) -> None:
    outside = (records.begin < source.first_week) | (records.end > source.last_week + 1)
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        week = records.begin[row] if records.begin[row] < source.first_week else records.end[row] - 1
        column = source.week or (source.begin if records.begin[row] < source.first_week else source.end)
        raise BadInput(
            source.file, f"Ugen {weeks.name(int(week))} ligger uden for registrets uger.", table.place(source.file, int(records.place[row]), column),
            f"{weeks.name(source.first_week)} til {weeks.name(source.last_week)}, som protokollen siger", "Ret first_week og last_week under [register], eller ret rækken.",
        )  # fmt: skip


def _lay(source: Source, records: Records) -> tuple[NDArray[np.uint16], tuple[Row, ...]]:
    """Every record over its weeks; where two meet, they say the same, or the priority says which."""
    width = source.last_week + 1 - source.first_week
    grid = np.zeros(len(records.persons) * width, dtype=np.uint16)
    meet = _meet(records)
    flat, which = _cells(source, records, np.flatnonzero(~meet), width)
    grid[flat] = records.code[which]
    flat, which = _cells(source, records, np.flatnonzero(meet), width)
    rank = _ranks(source)[records.code]  # of each record
    order = np.lexsort((records.code[which], rank[which], flat))
    flat, which = flat[order], which[order]
    first = np.append(True, flat[1:] != flat[:-1])[: len(flat)]
    winner = which[np.maximum.accumulate(np.where(first, np.arange(len(flat)), 0))] if len(flat) else which
    differs = records.code[which] != records.code[winner]
    unsettled = np.flatnonzero(differs & (rank[which] == rank[winner]))
    if unsettled.size:
        raise _two_codes(source, records, int(winner[unsettled[0]]), int(which[unsettled[0]]), int(flat[unsettled[0]]), width)
    grid[flat[first]] = records.code[winner[first]]
    policy = f"priority = {', '.join(source.priority)}" if source.priority else "priority: ingen, to koder i én uge stopper kørslen"
    same = ~first & ~differs
    told = (
        Row("same_code_twice", "personuger, som flere rækker giver den samme kode; de tæller én gang", "person-weeks that several rows give the same code; counted once",
            len(np.unique(flat[same])), grid.size, file=source.file.name, examples=_examples(source, records, which[same])),
        Row("two_codes", "personuger med flere koder, afgjort af protokollens rækkefølge", "person-weeks with several codes, settled by the protocol's priority",
            len(np.unique(flat[differs])), grid.size, policy, source.file.name, _examples(source, records, which[differs])),
    )  # fmt: skip
    return grid.reshape(len(records.persons), width), told


def _meet(records: Records) -> NDArray[np.bool_]:
    """The records of persons two of whose records share a week; few, and only they need sorting week by week."""
    order = np.lexsort((records.begin, records.person))
    person, begin, end = records.person[order], records.begin[order], records.end[order]
    shared = (person[1:] == person[:-1]) & (begin[1:] < end[:-1])
    crowded = np.zeros(len(records.persons), dtype=bool)
    crowded[person[1:][shared]] = True
    return crowded[records.person]


def _cells(source: Source, records: Records, chosen: Whole, width: int) -> tuple[Whole, Whole]:
    """The cells the chosen records cover, and which record each is from."""
    length = (records.end - records.begin)[chosen]
    start = records.person[chosen] * width + records.begin[chosen] - source.first_week
    which = np.repeat(chosen, length)
    return np.arange(length.sum()) + np.repeat(start - (np.cumsum(length) - length), length), which


def _ranks(source: Source) -> Whole:
    """Place in the priority of each code number; the unnamed share the last place."""
    rank = np.full(1000, len(source.priority), dtype=np.int64)
    for number, text in reversed(list(enumerate(source.priority))):
        low, _, high = text.partition("-")
        rank[int(low) : int(high or low) + 1] = number
    return rank


def _examples(source: Source, records: Records, which: Whole) -> tuple[int, ...]:
    return quality.first([formats.row_number(source.file, int(row)) for row in np.unique(records.place[which])[: quality.EXAMPLES]])


def _two_codes(source: Source, records: Records, one: int, other: int, cell: int, width: int) -> BadInput:
    """Two codes in one week need a stated order between them."""
    first, second = sorted((one, other), key=lambda record: int(records.place[record]))
    rows = " og ".join(str(formats.row_number(source.file, int(records.place[record]))) for record in (first, second))
    told = [f"{records.code[record]:03d}" if records.code[record] else "ingen ydelse" for record in (first, second)]
    return BadInput(
        source.file, f"{records.persons[cell // width]} har to koder i {weeks.name(source.first_week + cell % width)}: {told[0]} og {told[1]}.",
        f"række {rows}", "én kode om ugen", 'Ret rækkerne, eller skriv under [register], hvilken kode der går forud, fx priority = ["651", "730-739"].',
    )  # fmt: skip
