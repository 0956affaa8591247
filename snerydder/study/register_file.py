"""The register as the protocol declares it, and the drawn persons found in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from snerydder.panel import Months, Panel
from snerydder.registers import codes, outcomes, quality, weeks
from snerydder.registers.faults import BadInput, some
from snerydder.registers.quality import Row
from snerydder.registers.reading import Reading
from snerydder.registers.source import Source
from snerydder.study.lottery_file import Lottery
from snerydder.study.protocol import Protocol

COLUMNS = ("week", "year", "from", "to", "to_is", "code")
NEEDED: dict[str, tuple[str, ...]] = {
    "wide": (),
    "compact": (),
    "long": ("week", "code", "first_week", "last_week"),
    "spells": ("from", "to", "to_is", "code", "first_week", "last_week"),
}
EXPECTED = {
    **dict.fromkeys(("first_week", "last_week"), 'en uge, fx "2012-W34"'),
    "to_is": '"last", når to er forløbets sidste uge eller dag, "after", når to er den første efter det',
}
ALLOWED = {"wide": (), "compact": (), "long": (*NEEDED["long"], "year", "priority"), "spells": (*NEEDED["spells"], "priority")}


def source(protocol: Protocol) -> Source:
    """Keys that do not belong to the form are refused: they would be believed and not used."""
    part, form = protocol.register, protocol.register["form"]
    for key in (*COLUMNS, "first_week", "last_week", "priority"):
        if part[key] and key not in ALLOWED[form]:
            raise BadInput(
                protocol.file,
                f'Nøglen bruges ikke, når form = "{form}".',
                f"afsnit [register], nøgle {key}",
                mend='Fjern linjen, eller skriv form = "long" eller "spells", hvis ugerne står i rækker.',
            )
        if not part[key] and key in NEEDED[form]:
            raise BadInput(
                protocol.file,
                f'Nøglen mangler; den skal være der, når form = "{form}".',
                f"afsnit [register], nøgle {key}",
                EXPECTED.get(key, "navnet på en kolonne"),
            )
    first, last = (_week(protocol, key) for key in ("first_week", "last_week"))
    if last < first:
        raise BadInput(
            protocol.file,
            f"Registret slutter i {part['last_week']}, før det begynder i {part['first_week']}.",
            "afsnit [register], nøgle last_week",
            "first_week før last_week",
        )
    return Source(
        protocol.path(part), part["key"], part["scheme"], form, part["week"], part["year"], part["from"], part["to"], part["to_is"], part["code"], first, last, _priority(protocol),
        protocol.path(part, "months") if part["months"] else None, protocol.policy["same_person_twice"], protocol.policy["paid_after_death"],
    )  # fmt: skip


def _week(protocol: Protocol, key: str) -> int:
    text = protocol.register[key]
    try:
        week = weeks.week_of_text(text) if text else 0
    except ValueError:
        week = None
    if week is None:
        raise BadInput(protocol.file, f"{text!r} er ikke en uge.", f"afsnit [register], nøgle {key}", "fx 2012-W34; uge 53 kun i de lange år")
    return week


def _priority(protocol: Protocol) -> tuple[str, ...]:
    for text in protocol.register["priority"]:
        parts = str(text).split("-")
        if (
            not isinstance(text, str)
            or len(parts) > 2
            or not all(part.isdigit() and 0 < int(part) < 1000 for part in parts)
            or int(parts[-1]) < int(parts[0])
        ):
            raise BadInput(
                protocol.file, f"{text!r} er ikke en kode.", "afsnit [register], nøgle priority", 'fx ["651", "730-739"], den vigtigste først'
            )
    return tuple(protocol.register["priority"])


def suits(protocol: Protocol, reading: Reading) -> tuple[str, ...]:
    """Every outcome has the codes and the monthly columns it stands on. The kinds of month it takes."""
    kinds: set[str] = set()
    file = protocol.path(protocol.register)
    for name in (name for one in protocol.outcomes for name in (one.name, *one.also)):
        module = outcomes.find(name)
        assert module is not None, "the protocol has been read"
        for need in module.NEEDS:
            if need in codes.SCHEMES and need != reading.scheme:
                fitting = [other for other in outcomes.names() if reading.scheme in getattr(outcomes.find(other), "NEEDS", ())]
                raise BadInput(
                    protocol.file,
                    f"Udfaldet {name} hører til koder fra {need.upper()}, og registrets er fra {reading.scheme.upper()}.",
                    "afsnit [[outcome]]",
                    f"et af: {', '.join(fitting)}",
                )
            if need not in codes.SCHEMES and need not in reading.panel.months:
                raise BadInput(
                    file,
                    f"Udfaldet {name} kræver månedlige kolonner {need}_åååå_mm, og dem er der ingen af.",
                    mend="Bestil dem med udtrækket, skriv filen med dem som months under [register], eller vælg et andet udfald.",
                )
        kinds |= set(module.NEEDS) - set(codes.SCHEMES)
    return tuple(sorted(kinds))


def _within(protocol: Protocol, lottery: Lottery, reading: Reading) -> None:
    """A day of the draw outside the register's weeks is a wrong day or a wrong register."""
    spells = reading.panel.spells
    outside = (lottery.start < spells.first) | (lottery.start >= spells.first + len(spells.covered))
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        raise BadInput(
            protocol.path(protocol.lottery), f"Lodtrækningen ligger i {weeks.name(int(lottery.start[row]))}, og registret går fra {reading.first_week} til {reading.last_week}.",
            f"række {lottery.row[row]}, kolonne {protocol.lottery['date']}", "en dag inden for registrets uger", "Ret datoen, eller hent et udtræk, der dækker den.",
        )  # fmt: skip


def matched(protocol: Protocol, lottery: Lottery, reading: Reading) -> tuple[Lottery, Panel, Row]:
    """The drawn persons and the panel's; those the register never heard of by the protocol's policy."""
    _within(protocol, lottery, reading)
    file, policy = protocol.path(protocol.register), protocol.policy["not_in_register"]
    present = set(reading.panel.spells.persons)
    absent = [row for row, person in enumerate(lottery.persons) if person not in present]
    names = [lottery.persons[row] for row in absent]
    if len(absent) == len(lottery.persons):
        raise BadInput(
            file,
            f"Ingen af de {len(absent)} trukne personer findes i registret.",
            f"kolonne {protocol.register['key']}",
            f"nøgler som {some(names, 2)}",
            "Er det den rigtige kolonne i begge filer, og er nøglen det samme pseudonym?",
        )
    if absent and policy == "stop":
        raise BadInput(
            file, f"{len(absent)} af {len(lottery.persons)} trukne personer findes ikke i registret: {some(names)}.", expected="alle trukne personer",
            mend='Se efter om nøglen er den samme i begge filer. Har de aldrig fået en ydelse, så skriv not_in_register = "zero" under [policy].',
        )  # fmt: skip
    what = {
        "stop": ("trukne personer findes ikke i registret", "drawn persons are not in the register"),
        "zero": (
            "trukne personer har aldrig stået i registret; de tæller med, uden ydelse",
            "drawn persons never stood in the register; they count, without benefit",
        ),
        "drop": ("trukne personer uden for registret er taget ud", "drawn persons outside the register were taken out"),
    }[policy]
    told = Row(
        "not_in_register",
        *what,
        len(absent),
        len(lottery.persons),
        f"not_in_register = {policy}",
        protocol.path(protocol.lottery).name,
        quality.first([lottery.row[row] for row in absent]),
    )
    panel = reading.panel
    if policy == "drop":
        return lottery.keep(np.array([row for row, person in enumerate(lottery.persons) if person in present])), panel, told
    spells = panel.spells
    wider = replace(spells, persons=(*spells.persons, *names), offsets=np.append(spells.offsets, np.full(len(absent), spells.offsets[-1])))
    months = {
        kind: Months(one.first, np.vstack([one.values, np.full((len(absent), one.values.shape[1]), np.nan)])) for kind, one in panel.months.items()
    }
    return lottery, Panel(wider, months), told
