"""The lottery's file: who was drawn to what, when, and within which stratum."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.observed.starts import NEVER
from snerydder.registers import formats, quality, table, weeks
from snerydder.registers.faults import BadInput
from snerydder.registers.quality import Row
from snerydder.study.keys import IN_TIME
from snerydder.study.protocol import Protocol

PER_CENT = "Er det procent, så del med 100."


@dataclass(frozen=True)
class Lottery:
    persons: list[str]
    treated: NDArray[np.bool_]
    stratum: NDArray[np.int64]
    names: tuple[str, ...]
    start: NDArray[np.int64]
    file: str
    row: NDArray[np.int64]  # row number in the file
    drawn: int
    cluster: NDArray[np.int64] | None = None  # when whole clusters were drawn
    probability: NDArray[np.float64] | None = None  # when each had a chance of its own
    block: NDArray[np.int64] | None = None  # when so many were drawn in each block of a stratum
    share: NDArray[np.float64] | None = None  # the chance the file says each had
    begin: NDArray[np.int64] | None = None  # without lots: weeks from `start` until each began, NEVER if not

    def keep(self, rows: NDArray[np.int64]) -> Lottery:
        return replace(
            self,
            persons=[self.persons[row] for row in rows],
            treated=self.treated[rows],
            stratum=self.stratum[rows],
            start=self.start[rows],
            row=self.row[rows],
            cluster=None if self.cluster is None else np.unique(self.cluster[rows], return_inverse=True)[1],
            probability=None if self.probability is None else self.probability[rows],
            block=None if self.block is None else self.block[rows],
            share=None if self.share is None else self.share[rows],
            begin=None if self.begin is None else self.begin[rows],
        )


def read(protocol: Protocol) -> tuple[Lottery, Row]:
    part, file = protocol.lottery, protocol.path(protocol.lottery)
    if protocol.design in IN_TIME:
        return _in_time(protocol, file)
    found = table.read(file, "lodtrækningen")
    wanted = [part["key"], part["arm"], part["date"], *part["strata"], *(part[name] for name in ("cluster", "share", "block") if part[name])]
    table.require(found, file, wanted, "[lottery]")
    persons, arms = table.keys(found, file, part["key"]), table.texts(found, part["arm"])
    for row, arm in enumerate(arms):
        if arm not in (part["treated"], part["control"], *part["others"]):
            raise BadInput(
                file,
                f"Gruppen {arm!r} kendes ikke.",
                table.place(file, row, part["arm"]),
                f"{part['treated']!r} eller {part['control']!r}",
                "Ret cellen, eller ret treated og control i protokollen.",
            )
    for word in (part["treated"], part["control"]):
        if word not in arms:
            raise BadInput(file, f"Ingen er trukket til {word!r}.", f"kolonne {part['arm']}", "personer i begge grupper", "Er filen hel, og er treated og control skrevet rigtigt i protokollen?")
    dates = table.dates(found, file, part["date"])
    for name in part["strata"]:  # a blank would be a stratum of its own, with nobody to be compared to
        if (empty := next((row for row, cell in enumerate(table.texts(found, name)) if not cell), None)) is not None:
            raise BadInput(file, "Cellen er tom, så det vides ikke, hvad loddet blev trukket inden for.", table.place(file, empty, name), "et navn", "Skriv navnet; blev der trukket lod inden for dem, der ikke har noget, så skriv fx uoplyst.")
    labels = (
        [" · ".join(cells) for cells in zip(*(table.texts(found, name) for name in part["strata"]), strict=True)]
        if part["strata"]
        else [""] * len(persons)
    )
    names = tuple(sorted(set(labels)))
    share = table.numbers(found, file, part["share"]) if part["share"] else None
    probability = None
    if share is not None and part["chances"] == "personal":
        probability = _own_chance(file, part["share"], share)
    elif share is not None:
        _one_share(file, part["share"], share.tolist(), labels)
    blocks = _blocks(file, part["block"], table.texts(found, part["block"]), labels) if part["block"] else None
    index = {name: number for number, name in enumerate(names)}
    lottery = Lottery(
        persons, np.array([arm == part["treated"] for arm in arms]), np.array([index[label] for label in labels]), names,
        np.array([weeks.week_of(day) for day in dates]), file.name, np.array([formats.row_number(file, row) for row in range(len(persons))]), len(persons),
        _clusters(file, part["cluster"], table.texts(found, part["cluster"]), arms, blocks or labels) if part["cluster"] else None, probability,
        None if blocks is None else np.unique(blocks, return_inverse=True)[1], share,
    )  # fmt: skip
    compared = np.array([row for row, arm in enumerate(arms) if arm not in part["others"]], dtype=np.int64)  # a third arm has a protocol of its own
    return _once(protocol, file, lottery.keep(compared), [dates[row] for row in compared])


def _in_time(protocol: Protocol, file: Path) -> tuple[Lottery, Row]:
    """No lots: the day from which each is followed, and the day each began, blank for those who did not."""
    part, found = protocol.lottery, table.read(file, "personerne, der følges")
    table.require(found, file, [part["key"], part["date"], part["start"], *([part["cluster"]] if part["cluster"] else [])], "[lottery]")
    persons, dates = table.keys(found, file, part["key"]), table.dates(found, file, part["date"])
    texts, week = table.texts(found, part["start"]), np.array([weeks.week_of(day) for day in dates])
    blank, begin = np.array([text == "" for text in texts]), np.full(len(persons), NEVER)
    for row in np.flatnonzero(~blank).tolist():
        day = weeks.day_of_text(texts[row])
        if day is None:
            raise table.no_day(file, row, part["start"], texts[row], "2012-08-20 eller 20-08-2012, eller tomt")
        begin[row] = weeks.week_of(day) - week[row]
        if begin[row] < 0 and protocol.design == "starts":
            raise BadInput(file, f"Begyndte {day}, før {dates[row]}, hvor personen følges fra.", table.place(file, row, part["start"]), "en dag efter den første, eller tomt", "Ret dagen, eller tag personen ud.")
    if blank.all():
        raise BadInput(file, "Ingen begyndte.", f"kolonne {part['start']}", "dagen for dem, der begyndte")
    if protocol.design == "roll-out" and (other := np.flatnonzero(week != week[0])).size:
        raise BadInput(file, f"Nogle følges fra {dates[0]} og andre fra {dates[other[0]]}.", table.place(file, int(other[0]), part["date"]), "den samme uge for alle, for perioderne er kalenderens")
    names = table.texts(found, part["cluster"]) if part["cluster"] else []
    lottery = Lottery(
        persons, ~blank, np.zeros(len(persons), dtype=np.int64), ("",), week, file.name, np.array([formats.row_number(file, row) for row in range(len(persons))]), len(persons),
        _began_together(file, part, names, begin) if names else None, begin=begin if protocol.design == "starts" else np.where(blank, NEVER, np.maximum(begin, 0)),
    )  # fmt: skip
    return _once(protocol, file, lottery, dates)


def _began_together(file: Path, part: dict[str, Any], names: list[str], begin: NDArray[np.int64]) -> NDArray[np.int64]:
    first: dict[str, int] = {}
    for row, name in enumerate(names):
        if not name:
            raise BadInput(file, "Klyngen er tom.", table.place(file, row, part["cluster"]), "en klynge i hver række")
        if begin[first.setdefault(name, row)] != begin[row]:
            raise BadInput(file, f"{name} begynder på to tidspunkter.", table.place(file, row, part["start"]), "ét tidspunkt for hele klyngen", "Ret rækken, eller del klyngen op.")
    index = {name: number for number, name in enumerate(first)}
    return np.array([index[name] for name in names])


def _one_share(file: Path, column: str, shares: list[float], labels: list[str]) -> None:
    """A stratum is where one chance held. Two chances inside it would make the difference between the arms a difference between people."""
    first: dict[str, float] = {}
    for row, (share, label) in enumerate(zip(shares, labels, strict=True)):
        if not 0 < share < 1:
            raise BadInput(file, f"Chancen {share} for at blive trukket giver ingen mening.", table.place(file, row, column), "et tal mellem 0 og 1", PER_CENT if 1 < share <= 100 else "")
        if abs(first.setdefault(label, share) - share) > 1e-6:
            raise BadInput(
                file,
                f"Chancen er {share}, men {first[label]} for andre i {label or 'samme stratum'}.",
                table.place(file, row, column),
                "én chance inden for hvert stratum",
                "Skriv også det, chancen skiftede med (fx en periode), i strata.",
            )


def _own_chance(file: Path, column: str, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    if (wrong := np.flatnonzero(~((chances > 0) & (chances < 1)))).size:
        raise BadInput(file, f"Chancen {chances[wrong[0]]:g} for at blive trukket giver ingen mening.", table.place(file, int(wrong[0]), column), "et tal mellem 0 og 1, begge ikke med", PER_CENT if 1 < chances[wrong[0]] <= 100 else "Hold dem, der kun kunne trækkes til den ene gruppe, ude af filen.")
    return chances


def _blocks(file: Path, column: str, names: list[str], labels: list[str]) -> list[str]:
    """A block is known by its stratum and its name: every stratum may have a block 1. An unfinished one needs no size, for the lots are drawn
    again among those who are there, so many to each arm as there were."""
    if "" in names:
        raise BadInput(file, "Blokken er tom.", table.place(file, names.index(""), column), "en blok i hver række")
    return [f"{label} · {name}" for label, name in zip(labels, names, strict=True)]


def _clusters(file: Path, column: str, names: list[str], arms: list[str], labels: list[str]) -> NDArray[np.int64]:
    """A cluster has one lot and lies in one stratum."""
    first: dict[str, int] = {}
    for row, name in enumerate(names):
        place = table.place(file, row, column)
        if not name:
            raise BadInput(file, "Klyngen er tom.", place, "en klynge i hver række")
        seen = first.setdefault(name, row)
        if arms[seen] != arms[row]:
            raise BadInput(file, f"I klyngen {name} er nogle trukket til {arms[seen]} og nogle til {arms[row]}.", place, "ét lod for hele klyngen", "Ret rækken, eller fjern cluster, hvis der blev trukket lod om personer.")
        if labels[seen] != labels[row]:
            raise BadInput(file, f"Klyngen {name} ligger både i {labels[seen]} og {labels[row]}.", place, "én klynge i ét stratum")
    held = {arm: sum(arms[row] == arm for row in first.values()) for arm in sorted(set(arms))}
    if fewest := [arm for arm, count in held.items() if count < 2]:
        raise BadInput(file, f"Kun én klynge er trukket til {fewest[0]}.", f"kolonne {column}", "mindst to klynger i hver gruppe, for ellers kan klyngen og indsatsen ikke skilles ad", "Er det den rigtige kolonne?")
    index = {name: number for number, name in enumerate(first)}
    return np.array([index[name] for name in names])


def _once(protocol: Protocol, file: Path, lottery: Lottery, dates: list[date]) -> tuple[Lottery, Row]:
    """A person is the first valid draw. A second one is told of, never averaged in."""
    first: dict[str, int] = {}
    for row in sorted(range(len(dates)), key=lambda row: (dates[row], row)):
        first.setdefault(lottery.persons[row], row)
    again = [row for row, person in enumerate(lottery.persons) if first[person] != row]
    if again and protocol.policy["drawn_twice"] == "stop":
        person = lottery.persons[again[0]]
        raise BadInput(
            file,
            f"Personen {person} er trukket to gange.",
            f"række {lottery.row[first[person]]} og {lottery.row[again[0]]}",
            "én lodtrækning pr. person",
            'Find den gyldige, eller skriv drawn_twice = "first" under [policy].',
        )
    told = Row(
        "drawn_twice", "lodtrækninger af en person, der allerede var trukket; den første gælder", "draws of a person already drawn; the first counts",
        len(again), lottery.drawn, f"drawn_twice = {protocol.policy['drawn_twice']}", file.name, quality.first([lottery.row[row] for row in again]),
    )  # fmt: skip
    return lottery.keep(np.array(sorted(first.values()))), told
