"""From the protocol's files to arrays: who was drawn to what and when, what they bring, and what was left out and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from snerydder.panel import Months, Panel
from snerydder.registers import table, weeks
from snerydder.registers.dream import codes as code_list
from snerydder.registers.dream import wide
from snerydder.registers.dream.codes import CodeList
from snerydder.registers.faults import BadInput, some
from snerydder.registers.outcomes import Seen
from snerydder.study.protocol import Background, Protocol


@dataclass(frozen=True)
class Note:
    """Something about the data that a reader must be told: how many, and what was done."""

    what: str
    what_en: str
    count: int


@dataclass(frozen=True)
class Data:
    protocol: Protocol
    persons: tuple[str, ...]
    treated: NDArray[np.bool_]
    stratum: NDArray[np.int64]
    stratum_names: tuple[str, ...]
    start: NDArray[np.int64]
    reading: wide.Reading
    codes: CodeList
    seen: Seen
    observed: NDArray[np.bool_]
    background: dict[str, NDArray[np.float64]]
    minutes: NDArray[np.float64] | None
    mentors: pl.DataFrame | None
    drawn: int
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Lottery:
    persons: list[str]
    treated: NDArray[np.bool_]
    stratum: NDArray[np.int64]
    names: tuple[str, ...]
    start: NDArray[np.int64]
    drawn: int

    def keep(self, rows: NDArray[np.int64]) -> Lottery:
        return replace(self, persons=[self.persons[row] for row in rows], treated=self.treated[rows], stratum=self.stratum[rows], start=self.start[rows])


def load(protocol: Protocol) -> Data:
    notes: list[Note] = []
    lottery = _lottery(protocol, notes)
    codes = code_list.read(protocol.path(protocol.register, "codes")) if protocol.register["codes"] else code_list.read()
    file = protocol.path(protocol.register)
    reading = wide.read(file, protocol.register["key"], set(lottery.persons), codes)
    if protocol.status == "final":
        wide.refuse_unfirm(reading, codes)
    lottery, panel = _matched(protocol, file, lottery, reading, notes)
    place = {person: row for row, person in enumerate(panel.spells.persons)}
    rows = np.array([place[person] for person in lottery.persons])
    seen = Seen(panel, codes, rows, lottery.start, protocol.weeks)
    observed = _observed(protocol, file, seen, notes)
    background = {one.name: _background(protocol, one, lottery, seen) for one in protocol.background}
    minutes = _contacts(protocol, lottery, notes) if protocol.contacts else None
    mentors = _mentors(protocol) if protocol.mentors else None
    return Data(
        protocol, tuple(lottery.persons), lottery.treated, lottery.stratum, lottery.names, lottery.start, reading, codes, seen, observed, background,
        minutes, mentors, lottery.drawn, tuple(notes),
    )  # fmt: skip


def _lottery(protocol: Protocol, notes: list[Note]) -> Lottery:
    part, file = protocol.lottery, protocol.path(protocol.lottery)
    found = table.read(file, "lodtrækningen")
    wanted = [part["key"], part["arm"], part["date"], *part["strata"], *(part[name] for name in ("cluster", "share") if part[name])]
    table.require(found, file, wanted, "[lottery]")
    persons, arms = table.keys(found, file, part["key"]), table.texts(found, part["arm"])
    for row, arm in enumerate(arms):
        if arm not in (part["treated"], part["control"]):
            raise BadInput(file, f"Gruppen {arm!r} kendes ikke.", f"række {row + 2}, kolonne {part['arm']}", f"{part['treated']!r} eller {part['control']!r}", "Ret cellen, eller ret treated og control i protokollen.")
    if part["cluster"]:
        raise BadInput(file, "Lodtrækning af klynger (fx jobcentre eller mentorer) kan endnu ikke regnes her.", "afsnit [lottery], nøgle cluster", mend="Fjern nøglen, hvis der blev trukket lod om personer. Ellers regn fra Python med snerydder.effects.clusters.")
    dates = table.dates(found, file, part["date"])
    labels = [" · ".join(cells) for cells in zip(*(table.texts(found, name) for name in part["strata"]), strict=True)] if part["strata"] else [""] * len(persons)
    names = tuple(sorted(set(labels)))
    if part["share"]:
        _one_share(file, part["share"], table.numbers(found, file, part["share"]).tolist(), labels)
    index = {name: number for number, name in enumerate(names)}
    lottery = Lottery(
        persons, np.array([arm == part["treated"] for arm in arms]), np.array([index[label] for label in labels]), names,
        np.array([weeks.week_of(day) for day in dates]), len(persons),
    )  # fmt: skip
    return _once(protocol, file, lottery, dates, notes)


def _one_share(file: Path, column: str, shares: list[float], labels: list[str]) -> None:
    """A stratum is where one chance held. Two chances inside it would make the difference between the arms a difference between people."""
    first: dict[str, float] = {}
    for row, (share, label) in enumerate(zip(shares, labels, strict=True)):
        if not 0 < share < 1:
            raise BadInput(file, f"Chancen {share} for at blive trukket giver ingen mening.", f"række {row + 2}, kolonne {column}", "et tal mellem 0 og 1")
        if abs(first.setdefault(label, share) - share) > 1e-6:
            raise BadInput(file, f"Chancen er {share}, men {first[label]} for andre i {label or 'samme stratum'}.", f"række {row + 2}, kolonne {column}", "én chance inden for hvert stratum", "Skriv også det, chancen skiftede med (fx en periode), i strata.")


def _once(protocol: Protocol, file: Path, lottery: Lottery, dates: list[date], notes: list[Note]) -> Lottery:
    """A person is the first valid draw. A second one is told of, never averaged in."""
    first: dict[str, int] = {}
    for row in sorted(range(len(dates)), key=lambda row: (str(dates[row]), row)):
        first.setdefault(lottery.persons[row], row)
    if len(first) == len(lottery.persons):
        return lottery
    twice = next(row for row, person in enumerate(lottery.persons) if first[person] != row)
    if protocol.policy["drawn_twice"] == "stop":
        person = lottery.persons[twice]
        raise BadInput(file, f"Personen {person} er trukket to gange.", f"række {first[person] + 2} og {twice + 2}", "én lodtrækning pr. person", 'Find den gyldige, eller skriv drawn_twice = "first" under [policy].')
    count = len(lottery.persons) - len(first)
    notes.append(Note("lodtrækninger af en person, der allerede var trukket; den første gælder", "draws of a person already drawn; the first counts", count))
    return lottery.keep(np.array(sorted(first.values())))


def _matched(protocol: Protocol, file: Path, lottery: Lottery, reading: wide.Reading, notes: list[Note]) -> tuple[Lottery, Panel]:
    present = set(reading.panel.spells.persons)
    absent = [person for person in lottery.persons if person not in present]
    if not absent:
        return lottery, reading.panel
    policy = protocol.policy["not_in_register"]
    if policy == "stop":
        raise BadInput(
            file, f"{len(absent)} af {len(lottery.persons)} trukne personer findes ikke i registret: {some(absent)}.", expected="alle trukne personer",
            mend='Se efter om nøglen er den samme i begge filer. Har de aldrig fået en ydelse, så skriv not_in_register = "zero" under [policy].',
        )  # fmt: skip
    if policy == "drop":
        notes.append(Note("trukne personer uden for registret er taget ud", "drawn persons outside the register were taken out", len(absent)))
        return lottery.keep(np.array([row for row, person in enumerate(lottery.persons) if person in present])), reading.panel
    notes.append(Note("trukne personer har aldrig stået i registret; de tæller med, uden ydelse", "drawn persons never stood in the register; they count, without benefit", len(absent)))
    spells = reading.panel.spells
    wider = replace(spells, persons=(*spells.persons, *absent), offsets=np.append(spells.offsets, np.full(len(absent), spells.offsets[-1])))
    months = {kind: Months(one.first, np.vstack([one.values, np.full((len(absent), one.values.shape[1]), np.nan)])) for kind, one in reading.panel.months.items()}
    return lottery, Panel(wider, months)


def _observed(protocol: Protocol, file: Path, seen: Seen, notes: list[Note]) -> NDArray[np.bool_]:
    observed = seen.covered()
    if not observed.any(axis=0).all():
        week = int(np.flatnonzero(~observed.any(axis=0))[0])
        raise BadInput(file, f"Registret dækker ikke uge {week} efter lodtrækningen for nogen.", "kolonnerne y_åauu", f"uger til og med {protocol.last} efter den sidste lodtrækning", "Hent et nyere udtræk, eller sæt last lavere under [window].")
    if uncovered := int((~observed).sum()):
        notes.append(Note("personuger ligger uden for registrets uger og er udeladt i deres uge", "person-weeks lie outside the register's weeks and are left out that week", uncovered))
    gone = np.array([False, *((row := seen.codes.find(int(text))) is not None and row.gone for text in seen.panel.spells.codes[1:])])[seen.grid()]
    if gone.any():
        persons = int(gone.any(axis=1).sum())
        if protocol.policy["dead_or_abroad"] == "drop":
            observed = observed & ~gone
            notes.append(Note("personer er døde eller udvandrede i vinduet; de uger er udeladt", "persons died or emigrated in the window; those weeks are left out", persons))
        else:
            notes.append(Note("personer er døde eller udvandrede i vinduet; de bliver i nævneren med udfald nej", "persons died or emigrated in the window; they stay in the denominator with outcome no", persons))
    return observed


def _background(protocol: Protocol, one: Background, lottery: Lottery, seen: Seen) -> NDArray[np.float64]:
    if one.history:
        year = replace(seen, start=lottery.start - 52 * (one.year + one.years - 1), weeks=52 * one.years)
        if not year.covered().any(axis=1).all():
            raise BadInput(protocol.path(protocol.register), f"Registret dækker ikke {one.year + one.years - 1} år før lodtrækningen for alle.", f"baggrunden {one.name!r}", mend="Hent et udtræk, der begynder tidligere, eller tag baggrunden ud.")
        grid, education = year.grid(), year.meaning("education")
        chosen = education if one.history == "education" else year.meaning("on_transfer") & ~education
        return np.where(year.covered(), chosen[grid], False).sum(axis=1) / year.covered().sum(axis=1)
    file = protocol.path(protocol.persons)
    found = table.read(file, "personerne")
    column = one.column or one.missing_of
    table.require(found, file, [protocol.persons["key"], column], f"[[background]] {one.name}")
    keys = table.keys(found, file, protocol.persons["key"])
    value = dict(zip(keys, table.numbers(found, file, column).tolist(), strict=True))
    if absent := [person for person in lottery.persons if person not in value]:
        raise BadInput(file, f"{len(absent)} trukne personer mangler: {some(absent)}.", expected="en række for hver trukken person, med tomme celler hvor intet vides")
    values = np.array([value[person] for person in lottery.persons])
    return np.isnan(values).astype(float) if one.missing_of else values


def _contacts(protocol: Protocol, lottery: Lottery, notes: list[Note]) -> NDArray[np.float64]:
    part, file = protocol.contacts, protocol.path(protocol.contacts)
    found = table.read(file, "kontakterne")
    table.require(found, file, [part["key"], part["week"], part["minutes"]], "[contacts]")
    place = {person: row for row, person in enumerate(lottery.persons)}
    rows = np.array([place.get(person, -1) for person in table.keys(found, file, part["key"])])
    week, minutes = table.numbers(found, file, part["week"]), table.numbers(found, file, part["minutes"])
    if (bad := np.flatnonzero(~np.isfinite(week) | ~np.isfinite(minutes) | (minutes < 0) | (week != np.round(week)))).size:
        raise BadInput(file, "Ugen eller minutterne giver ingen mening.", f"række {bad[0] + 2}", "en hel uge og minutter fra 0 og op")
    if strangers := int((rows < 0).sum()):
        notes.append(Note("kontakter hører til personer, der ikke er trukket, og er udeladt", "contacts belong to persons not drawn and are left out", strangers))
    inside = (rows >= 0) & (week >= 0) & (week < protocol.weeks)
    total = np.zeros((len(lottery.persons), protocol.weeks))
    np.add.at(total, (rows[inside], week[inside].astype(int)), minutes[inside])
    return total


def _mentors(protocol: Protocol) -> pl.DataFrame:
    file = protocol.path(protocol.mentors)
    found = table.read(file, "mentorerne")
    table.require(found, file, [protocol.mentors["municipality"], protocol.mentors["hours"]], "[mentors]")
    return found
