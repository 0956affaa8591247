"""Beside the trial: a mapping of courses and what followed them, what was answered in a survey, and a sample of cases. Described, not explained."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from snerydder.effects import audits, disclosure, incidence, spells, survival
from snerydder.effects.incidence import Incidence
from snerydder.effects.results import Curve, Floats, Refused
from snerydder.effects.survival import Survival
from snerydder.registers import table, weeks
from snerydder.registers.faults import BadInput
from snerydder.study.protocol import Protocol

HALF_YEAR = 26
FEWEST = disclosure.LIMIT  # persons behind a mean or a median that is shown


@dataclass(frozen=True)
class Share:
    name: str
    yes: float
    of: float
    share: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Minutes:
    group: str
    courses: int
    mean: float
    median: float
    one_to_two: float  # share with 60-120 minutes a week


@dataclass(frozen=True)
class Courses:
    spell: str
    persons: int
    courses: int
    ended: float
    length: Survival
    over_half_year: float  # weeks 27 and on, with its interval
    over_lower: float
    over_upper: float
    kinds: tuple[str, ...]  # what can follow
    active: int  # so many of them, the first ones, are active offers
    company: int  # and so many of those, the first ones, are with a company
    after: Incidence
    followed: int  # courses whose time after the end is known
    active_share: float
    active_lower: float
    active_upper: float
    company_share: float  # of those followed by an active offer
    company_lower: float
    company_upper: float
    minutes: tuple[Minutes, ...]


@dataclass(frozen=True)
class Inspected:
    municipalities: int
    population: int
    cases: int
    not_followed: float
    lower: float
    upper: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class Mapped:
    courses: Courses | Refused | None
    survey: tuple[Share, ...]
    answered: int
    inspected: Inspected | Refused | None


def read(protocol: Protocol) -> Mapped:
    shares, answered = _survey(protocol) if protocol.survey else ((), 0)
    return Mapped(_courses(protocol) if protocol.courses else None, shares, answered, _inspected(protocol) if protocol.inspection else None)


def _courses(protocol: Protocol) -> Courses | Refused:
    part, file = protocol.courses, protocol.path(protocol.courses)
    found = table.read(file, "forløbene")
    columns = [part[name] for name in ("key", "state", "begin", "end")] + [part[name] for name in ("group", "minutes") if part[name]]
    table.require(found, file, columns, "[courses]")
    kinds = (*part["company"], *(name for name in part["active"] if name not in part["company"]), *part["other"])
    known = {name: number for number, name in enumerate((part["spell"], *kinds))}
    states = table.texts(found, part["state"])
    if (strange := next((row for row, name in enumerate(states) if name not in known), None)) is not None:
        raise BadInput(file, f"Indsatsen {states[strange]!r} er hverken spell, active, company eller other.", f"række {strange + 2}, kolonne {part['state']}", f"en af: {', '.join(known)}", "Ret cellen, eller skriv indsatsen i protokollen.")
    low, high = weeks.week_of(_day(protocol, "first")), weeks.week_of(_day(protocol, "last"))
    begin, end = (np.array([weeks.week_of(day) for day in table.dates(found, file, part[name])]) for name in ("begin", "end"))
    if (turned := np.flatnonzero(end < begin)).size:
        raise BadInput(file, "Perioden slutter, før den begynder.", f"række {turned[0] + 2}", "til på eller efter fra", "Ret rækken.")
    persons, row = np.unique(table.keys(found, file, part["key"]), return_inverse=True)
    number = np.array([known[name] for name in states])
    inside = _grid(row[number == 0], begin[number == 0] - low, end[number == 0] - low, len(persons), high - low + 1)
    state = np.zeros(inside.shape, dtype=np.int64)
    for kind in range(len(kinds), 0, -1):  # the first named wins a week with two
        mine = number == kind
        state[_grid(row[mine], begin[mine] - low, end[mine] - low, len(persons), high - low + 1)] = kind
    groups = np.array(table.texts(found, part["group"])) if part["group"] else np.full(len(row), "")
    minutes = table.numbers(found, file, part["minutes"]) if part["minutes"] else np.full(len(row), np.nan)
    return _followed(protocol, inside, state, kinds, _by_group(groups[number == 0], minutes[number == 0], row[number == 0]))


def _followed(protocol: Protocol, inside: NDArray[np.bool_], state: NDArray[np.int64], kinds: tuple[str, ...], minutes: tuple[Minutes, ...]) -> Courses | Refused:
    part, level = protocol.courses, 1 - protocol.alpha
    found = spells.episodes(inside, None, part["gap"], np.zeros(len(inside), dtype=np.int64))
    used = found.where(found.usable)
    length = survival.kaplan_meier(used.exit, used.ended, used.entry, used.person, level)
    if isinstance(length, Refused):
        return length
    place = int(np.searchsorted(length.time, HALF_YEAR, side="right")) - 1
    over = (1.0, 1.0, 1.0) if place < 0 else (float(length.share[place]), float(length.lower[place]), float(length.upper[place]))
    ended = used.where(used.ended)
    what = spells.followed(ended, state, None, part["horizon"])
    seen = np.flatnonzero(what.weeks > 0)
    after = incidence.incidence(what.weeks[seen], what.kind[seen], np.arange(1.0, part["horizon"] + 1), person=ended.person[seen], kinds=len(kinds))
    if isinstance(after, Refused):
        return after
    active, company = len({*part["active"], *part["company"]}), len(part["company"])
    last = [curve.combine(np.eye(part["horizon"])[-1]) for curve in after.curves]
    offered = _sum(last[:active])
    with_company = _sum(last[:company])
    z = _z(protocol.alpha)
    share, error = float(offered.effect[0]), float(offered.error[0])
    part_share = float(with_company.effect[0]) / share if share else float("nan")
    part_error = float(np.sqrt((((with_company.psi - part_share * offered.psi) / share) ** 2).sum())) if share else float("nan")
    return Courses(
        part["spell"], len(np.unique(used.person)), len(used.person), int(used.ended.sum()), length, *over, kinds, active, company, after, len(seen),
        share, share - z * error, share + z * error, part_share, part_share - z * part_error, part_share + z * part_error, minutes,
    )  # fmt: skip


def _sum(curves: list[Curve]) -> Curve:
    return replace(curves[0], effect=sum((curve.effect for curve in curves[1:]), curves[0].effect), psi=sum((curve.psi for curve in curves[1:]), curves[0].psi))


def _by_group(groups: NDArray[np.str_], minutes: Floats, person: NDArray[np.int64]) -> tuple[Minutes, ...]:
    """Everybody first, then each group of at least `FEWEST` persons of whom no two have most of the minutes."""
    known = np.isfinite(minutes)
    chosen = [("", known)] + [(str(name), known & (groups == name)) for name in np.unique(groups) if name]
    return tuple(
        Minutes(name, int(rows.sum()), float(minutes[rows].mean()), float(np.median(minutes[rows])), float(((minutes[rows] >= 60) & (minutes[rows] <= 120)).mean()))
        for name, rows in chosen
        if len(np.unique(person[rows])) >= FEWEST and not disclosure.dominated(np.bincount(person[rows], minutes[rows]).astype(float)[:, None])[0]
    )


def _day(protocol: Protocol, key: str) -> date:
    try:
        return date.fromisoformat(protocol.courses[key])
    except ValueError:
        raise BadInput(protocol.file, f"{protocol.courses[key]!r} er ikke en dato.", f"afsnit [courses], nøgle {key}", "fx 2014-01-01", "Skriv dagen som åååå-mm-dd.") from None


def _survey(protocol: Protocol) -> tuple[tuple[Share, ...], int]:
    """One row per answer, 1 for yes; a blank did not answer that question."""
    file = protocol.path(protocol.survey)
    found = table.read(file, "spørgeskemaet")
    table.require(found, file, [one["column"] for one in protocol.questions], "[[question]]")
    shares = []
    for one in protocol.questions:
        answers = table.numbers(found, file, one["column"])
        if (odd := np.flatnonzero(np.isfinite(answers) & (answers != 0) & (answers != 1))).size:
            raise BadInput(file, f"Svaret {answers[odd[0]]:g} er hverken 1 (ja) eller 0 (nej).", f"række {odd[0] + 2}, kolonne {one['column']}", "1, 0 eller tomt", "Ret cellen.")
        yes, looked_at = int(np.nansum(answers)), int(np.isfinite(answers).sum())
        share = audits.wilson(yes, looked_at, protocol.alpha)
        if isinstance(share, Refused):
            raise BadInput(file, share.reason, f"kolonne {one['column']}", "mindst ét svar")
        shares.append(Share(one["name"], yes, looked_at, share.estimate, share.lower, share.upper))
    return tuple(shares), found.height


def _inspected(protocol: Protocol) -> Inspected | Refused:
    part, file = protocol.inspection, protocol.path(protocol.inspection)
    found = table.read(file, "stikprøven")
    table.require(found, file, [part[name] for name in ("municipality", "size", "followed")], "[inspection]")
    names, place = np.unique(table.texts(found, part["municipality"]), return_inverse=True)
    size, followed = table.numbers(found, file, part["size"]), table.numbers(found, file, part["followed"])
    if (odd := np.flatnonzero(~np.isin(followed, (0, 1)))).size:
        raise BadInput(file, "Opfølgningen skal være 1 (fulgt op) eller 0.", f"række {odd[0] + 2}, kolonne {part['followed']}", "1 eller 0", "Ret cellen.")
    looked_at = np.bincount(place)
    missed = np.bincount(place, weights=1 - followed).astype(np.int64)
    first = np.unique(place, return_index=True)[1]
    if (odd := np.flatnonzero(size != size[first][place])).size:
        raise BadInput(file, "Kommunens antal sager er ikke det samme i alle dens rækker.", f"række {odd[0] + 2}, kolonne {part['size']}", f"{size[first][place][odd[0]]:g}", "Ret cellen.")
    share = audits.two_stage(missed, looked_at, size[first].astype(np.int64), part["population"], protocol.alpha)
    if isinstance(share, Refused):
        return share
    each = missed / looked_at
    return Inspected(len(names), part["population"], len(place), share.estimate, share.lower, share.upper, float(each.min()), float(each.max()))


def _z(alpha: float) -> float:
    from scipy.special import ndtri

    return float(-ndtri(alpha / 2))


def _grid(row: NDArray[np.int64], begin: NDArray[np.int64], end: NDArray[np.int64], persons: int, weeks_: int) -> NDArray[np.bool_]:
    """Both weeks are in it; what lies outside the register is cut."""
    edge = np.zeros((persons, weeks_ + 1), dtype=np.int64)
    np.add.at(edge, (row, np.clip(begin, 0, weeks_)), 1)
    np.add.at(edge, (row, np.clip(end + 1, 0, weeks_)), -1)
    found: NDArray[np.bool_] = edge.cumsum(axis=1)[:, :weeks_] > 0
    return found
