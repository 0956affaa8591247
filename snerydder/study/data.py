"""From the protocol's files to arrays: who was drawn to what and when, what they bring, and what was left out and why."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from snerydder.registers import codes as code_list
from snerydder.registers import formats, quality, reading, table
from snerydder.registers.codes import CodeList
from snerydder.registers.faults import BadInput, some
from snerydder.registers.outcomes import Seen
from snerydder.registers.quality import Quality, Row
from snerydder.registers.reading import Reading
from snerydder.study import lottery_file, register_file
from snerydder.study.keys import FIDELITY
from snerydder.study.lottery_file import Lottery
from snerydder.study.observed import observed as observe
from snerydder.study.protocol import Background, Protocol

MOST_MINUTES = 7 * 24 * 60
MOST_HOURS = 80  # a week


@dataclass(frozen=True)
class Data:
    protocol: Protocol
    persons: tuple[str, ...]
    treated: NDArray[np.bool_]
    stratum: NDArray[np.int64]
    stratum_names: tuple[str, ...]
    start: NDArray[np.int64]
    reading: Reading
    codes: CodeList
    seen: Seen
    observed: NDArray[np.bool_]
    background: dict[str, NDArray[np.float64]]
    minutes: NDArray[np.float64] | None
    mentors: pl.DataFrame | None
    drawn: int
    quality: Quality
    cluster: NDArray[np.int64] | None = None  # when whole clusters were drawn
    probability: NDArray[np.float64] | None = None  # when each person had a chance of its own
    block: NDArray[np.int64] | None = None  # when so many were drawn in each block of a stratum
    share: NDArray[np.float64] | None = None  # the chance the file says each had
    begin: NDArray[np.int64] | None = None  # without lots: weeks from `start` until each began


def load(protocol: Protocol) -> Data:
    lottery, drawn_twice = lottery_file.read(protocol)
    source = register_file.source(protocol)
    codes = code_list.read(protocol.path(protocol.register, "codes") if protocol.register["codes"] else None, source.scheme)
    read = reading.read(source, set(lottery.persons), codes)
    if protocol.status == "final":
        reading.refuse_unfirm(read, codes)
    kinds = register_file.suits(protocol, read)
    lottery, panel, absent = register_file.matched(protocol, lottery, read)
    place = {person: row for row, person in enumerate(panel.spells.persons)}
    rows = np.array([place[person] for person in lottery.persons])
    seen = Seen(panel, codes, rows, lottery.start, protocol.weeks)
    observed, weekly = observe(protocol, lottery, read, seen, kinds)
    background = {one.name: _background(protocol, one, lottery, seen) for one in protocol.background}
    minutes, contacts = _contacts(protocol, lottery) if protocol.contacts else (None, [])
    mentors, elsewhere = _mentors(protocol, set(lottery.names)) if protocol.mentors else (None, [])
    told = (drawn_twice, absent, *read.quality, *weekly, *_unfirm(protocol, read), *_missing(protocol, background, lottery), *contacts, *elsewhere, *_thin(lottery))
    return Data(
        protocol, tuple(lottery.persons), lottery.treated, lottery.stratum, lottery.names, lottery.start, read, codes, seen, observed, background,
        minutes, mentors, lottery.drawn, Quality(told), lottery.cluster, lottery.probability, lottery.block, lottery.share, lottery.begin,
    )  # fmt: skip


def _unfirm(protocol: Protocol, read: Reading) -> list[Row]:
    """One line for each code a final run may not stand on."""
    file, cells = protocol.path(protocol.register).name, sum(read.code_cells.values())
    words = {
        "unknown": ("der ikke står i kodelisten", "not in the code list"), "likely": ("som kodelisten kun kalder sandsynlig", "that the code list only calls likely"),
        "guess": ("som kodelisten kalder et gæt", "that the code list calls a guess"), "outside": ("uden for den tid, kodelisten siger, at den gælder", "outside the time the code list says it holds"),
    }  # fmt: skip
    scheme = read.scheme.upper()
    return [
        Row(f"code:{one.code}:{one.why}", f"uger med {scheme} {one.code} {one.label}, {words[one.why][0]}; først i {one.week}", f"weeks with {scheme} {one.code}, {words[one.why][1]}; first in {one.week}",
            one.cells, cells, f"status = {protocol.status}", file, (one.row,))
        for one in read.unfirm
    ]  # fmt: skip


def _thin(lottery: Lottery) -> list[Row]:
    """A stratum with fewer than two in an arm has no difference that can be trusted, so the main figure leaves it out."""
    if lottery.cluster is not None or lottery.probability is not None:
        return []
    drawn, everybody = np.bincount(lottery.stratum, lottery.treated, len(lottery.names)), np.bincount(lottery.stratum, minlength=len(lottery.names))
    thin = np.minimum(drawn, everybody - drawn)[lottery.stratum] < 2
    return [
        Row("thin_stratum", "personer i strata med færre end to i den ene gruppe; de kan ikke indgå i forskellen", "persons in strata with fewer than two in one arm; they cannot enter the difference",
            int(thin.sum()), len(thin), file=lottery.file, examples=quality.first(lottery.row[thin].tolist()))
    ]  # fmt: skip


def _missing(protocol: Protocol, background: dict[str, NDArray[np.float64]], lottery: Lottery) -> list[Row]:
    """Persons without a value stay: the covariates mark them, the subgroups have a part for them."""
    found = []
    for one in protocol.background:
        if one.column:
            absent = np.isnan(background[one.name])
            found.append(
                Row(
                    f"missing:{one.name}",
                    f"personer mangler {one.name}; de bliver, mærket som manglende",
                    f"persons lack {one.name}; they stay, marked as missing",
                    int(absent.sum()),
                    len(absent),
                    file=lottery.file,
                    examples=quality.first(lottery.row[absent].tolist()),
                )
            )
    return found


def _background(protocol: Protocol, one: Background, lottery: Lottery, seen: Seen) -> NDArray[np.float64]:
    if one.history:
        year = replace(seen, start=lottery.start - 52 * (one.year + one.years - 1), weeks=52 * one.years)
        if not year.covered().any(axis=1).all():
            raise BadInput(
                protocol.path(protocol.register),
                f"Registret dækker ikke {one.year + one.years - 1} år før lodtrækningen for alle.",
                f"baggrunden {one.name!r}",
                mend="Hent et udtræk, der begynder tidligere, eller tag baggrunden ud.",
            )
        education = year.marked("education")
        chosen = education if one.history == "education" else year.marked("on_transfer") & ~education
        return (chosen & year.covered()).sum(axis=1) / year.covered().sum(axis=1)
    file = protocol.path(protocol.persons)
    found = table.read(file, "personerne")
    column = one.column or one.missing_of
    table.require(found, file, [protocol.persons["key"], column], f"[[background]] {one.name}")
    keys = table.keys(found, file, protocol.persons["key"])
    value: dict[str, float] = {}
    for row, (person, number) in enumerate(zip(keys, table.numbers(found, file, column).tolist(), strict=True)):
        if person in value:
            raise BadInput(
                file,
                f"Personen {person} står to gange.",
                f"række {formats.row_number(file, keys.index(person))} og {formats.row_number(file, row)}",
                "én række pr. person",
                "Behold den rigtige række.",
            )
        value[person] = number
    if absent := [person for person in lottery.persons if person not in value]:
        raise BadInput(
            file,
            f"{len(absent)} trukne personer mangler: {some(absent)}.",
            expected="en række for hver trukken person, med tomme celler hvor intet vides",
            mend="Se efter, om nøglen er den samme i begge filer, og om filen er hel.",
        )
    values = np.array([value[person] for person in lottery.persons])
    if np.isnan(values).all():
        raise BadInput(file, "Kolonnen er tom for alle trukne.", f"kolonne {column}", f"tal, for baggrunden {one.name!r}", "Ret filen, eller tag baggrunden ud af protokollen.")
    return np.isnan(values).astype(float) if one.missing_of else values


def _contacts(protocol: Protocol, lottery: Lottery) -> tuple[NDArray[np.float64], list[Row]]:
    part, file = protocol.contacts, protocol.path(protocol.contacts)
    found = table.read(file, "kontakterne", empty=True)  # nobody has met anybody
    table.require(found, file, [part["key"], part["week"], part["minutes"]], "[contacts]")
    place = {person: row for row, person in enumerate(lottery.persons)}
    keys = table.keys(found, file, part["key"])
    rows = np.array([place.get(person, -1) for person in keys], dtype=np.int64)
    if len(rows) and (rows < 0).all():  # nobody met anybody, or the keys are another pseudonym's
        raise BadInput(file, "Ingen af kontakterne hører til en, der er trukket.", f"kolonne {part['key']}", f"nøgler som {some(list(lottery.persons[:2]), 2)}", "Er det den rigtige kolonne i begge filer, og er nøglen det samme pseudonym?")
    week, minutes = table.numbers(found, file, part["week"]), table.numbers(found, file, part["minutes"])
    if (bad := np.flatnonzero(~np.isfinite(week) | ~np.isfinite(minutes) | (minutes < 0) | (minutes > MOST_MINUTES) | (week != np.round(week)))).size:
        raise BadInput(
            file,
            f"Ugen eller minutterne giver ingen mening: uge {week[bad[0]]:g}, {minutes[bad[0]]:g} minutter.",
            f"række {formats.row_number(file, int(bad[0]))}",
            f"en hel uge, og minutter fra 0 til de {MOST_MINUTES}, en uge har",
            "Ret rækken.",
        )
    inside = (rows >= 0) & (week >= 0) & (week < protocol.weeks)
    total = np.zeros((len(lottery.persons), protocol.weeks))
    np.add.at(total, (rows[inside], week[inside].astype(int)), minutes[inside])
    beyond = (rows >= 0) & ~inside
    again = np.ones(len(rows), bool)
    again[np.unique(np.column_stack([rows, week]), axis=0, return_index=True)[1]] = False  # all but the first of a person and week
    told = [
        Row(
            key,
            text,
            text_en,
            int(which.sum()),
            len(rows),
            file=file.name,
            examples=quality.first([formats.row_number(file, int(row)) for row in np.flatnonzero(which)[: quality.EXAMPLES]]),
        )
        for key, text, text_en, which in (
            (
                "contact_stranger",
                "kontakter hører til personer, der ikke er trukket, og er udeladt",
                "contacts belong to persons not drawn and are left out",
                rows < 0,
            ),
            ("contact_beyond", "kontakter ligger uden for vinduet og er udeladt", "contacts lie outside the window and are left out", beyond),
            (
                "contact_again",
                "rækker er om en person og uge, der også har en anden række, og minutterne er lagt sammen",
                "rows are of a person and week that has another row too, and their minutes are added",
                again & inside,
            ),
        )
    ]
    return total, told


def _mentors(protocol: Protocol, places: Set[str]) -> tuple[pl.DataFrame, list[Row]]:
    file = protocol.path(protocol.mentors)
    found = table.read(file, "mentorerne")
    part = protocol.mentors
    table.require(found, file, [part["municipality"], part["hours"], *(part[name] for name in FIDELITY if part[name])], "[mentors]")
    hours = table.numbers(found, file, part["hours"])
    if (wrong := np.flatnonzero(~((hours > 0) & (hours <= MOST_HOURS)))).size:
        told = "Timetallet er tomt." if np.isnan(hours[wrong[0]]) else f"Timetallet {hours[wrong[0]]:g} giver ingen mening."
        raise BadInput(file, told, table.place(file, int(wrong[0]), part["hours"]), f"timer om ugen, over 0 og højst {MOST_HOURS}", "Ret cellen, eller fjern rækken.")
    names = table.texts(found, part["municipality"])
    if "" in names:
        raise BadInput(file, "Stedet er tomt.", table.place(file, names.index(""), part["municipality"]), "det sted, mentoren hører til", "Ret cellen, eller fjern rækken.")
    away = [row for row, name in enumerate(names) if name not in places]
    if any(places) and names and len(away) == len(names):  # without strata there are no places to belong to
        raise BadInput(file, "Ingen af mentorerne hører til et sted, hvor nogen er trukket.", f"kolonne {part['municipality']}", f"steder som {some(sorted(places)[:2], 2)}", "Skriv stederne, som de står i lodtrækningen.")
    told_of = Row(
        "mentor_elsewhere", "mentorer hører til et sted, hvor ingen er trukket, og er ikke med i stedernes tal", "mentors belong to a place where nobody was drawn and are not among the places' figures",
        len(away), len(names), file=file.name, examples=quality.first([formats.row_number(file, row) for row in away]),
    )  # fmt: skip
    return found.with_columns(pl.Series(part["municipality"], names), pl.Series(part["hours"], hours)), [told_of]
