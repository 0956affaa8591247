"""Twelve ways to be paid for hours that were not worked, hidden in an honest half-year. How much, how often and how carefully differs
each time, and some take more care than a sign has patience for: what is not found is part of the count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from snerydder.casework.questions.proof.honest import FIRST, LAST, Case, Mentor, World, _minutes
from snerydder.casework.questions.signs.log import DAY, Grant, Row, is_weekend


@dataclass(frozen=True)
class Planted:
    """One person's fraud and the contacts of it."""

    kind: str
    ids: frozenset[Any]


Fraud = Callable[[World, Mentor, Random], set[Any]]
# Those the rules of money make impossible to be paid for, and those that are only a pattern.
RULE: dict[str, Fraud] = {}
PATTERN: dict[str, Fraud] = {}


def _kind(table: dict[str, Fraud]) -> Callable[[Fraud], Fraud]:
    def keep(fraud: Fraud) -> Fraud:
        table[fraud.__name__] = fraud
        return fraud

    return keep


def plant(made: World, each: int) -> list[Planted]:
    """`each` of every kind, every one by a mentor of its own."""
    able = [mentor for mentor in made.mentors if len(mentor.cases) >= 3]
    made.rng.shuffle(able)
    found = []
    for kind, fraud in (RULE | PATTERN).items():
        for _number in range(each):
            ids: set[Any] = set()
            while able and not ids:  # one who has nothing to do it with is left in peace
                ids = fraud(made, able.pop(), made.rng)
            if not ids:
                raise ValueError("too few mentors for so many frauds")
            found.append(Planted(kind, frozenset(ids)))
    return found


# --- Tools ---------------------------------------------------------------------------------------------------------
def own(made: World, mentor: Mentor) -> list[Row]:
    return [row for row in made.log.rows if row.staff == mentor.number and row.form != "tried"]


def write(made: World, mentor: Mentor, case: Case, at: int, minutes: int, *, written: int | None = None, form: str = "met", note: str | None = None) -> Any:
    """An invented contact, written as this mentor writes the real ones: with the time given, the same day or the next."""
    row = Row(
        made.new_id(), made.new_id(), mentor.number, case.number, at, minutes, minutes, form,
        at + minutes + made.rng.choice((20, 45, 200, DAY)) if written is None else written, mentor.pen.any() if note is None else note,
    )  # fmt: skip
    made.log.rows.append(row)
    return row.id


def replace(made: World, row: Row, **changes: Any) -> Any:
    made.log.rows[made.log.rows.index(row)] = row._replace(**changes)
    return row.id


def days_of_work(mentor: Mentor, rng: Random, number: int, first: int = FIRST + 7, last: int = LAST - 7) -> list[int]:
    days = [day for day in range(first, last) if not is_weekend(day) and not any(start <= day <= end for start, end in mentor.away)]
    return sorted(rng.sample(days, min(number, len(days))))


def open_on(mentor: Mentor, day: int) -> list[Case]:
    return [case for case in mentor.cases if case.start <= day and (case.closed is None or day <= case.closed)]


# --- What the rules of money rule out ------------------------------------------------------------------------------
@_kind(RULE)
def overlap(made: World, mentor: Mentor, rng: Random) -> set[Any]:
    """Another citizen is written down for the time of a real meeting."""
    real = [row for row in own(made, mentor) if row.form == "met" and row.minutes >= 30 and not row.just_now]
    found = set()
    for row in rng.sample(real, min(len(real), rng.randint(3, 8))):
        others = [case for case in open_on(mentor, row.day) if case.number != row.case]
        if others:
            found.add(write(made, mentor, rng.choice(others), row.at + rng.randint(-10, row.minutes - 18), rng.choice((30, 45, 60, 75))))
    return found


@_kind(RULE)
def two_mentors(made: World, mentor: Mentor, rng: Random) -> set[Any]:
    """Two share a citizen's hour and each writes it."""
    cases = {case.number: case for case in mentor.cases}
    real = [row for row in own(made, mentor) if row.form == "met" and row.minutes >= 30 and not row.just_now and row.case in cases]
    other = made.mentors[(mentor.number + 1) % len(made.mentors)]
    found = set()
    for row in rng.sample(real, min(len(real), rng.randint(2, 5))):
        found.add(write(made, other, cases[row.case], row.at + rng.randint(-5, 10), row.minutes))
    return found


@_kind(RULE)
def after_the_end(made: World, mentor: Mentor, rng: Random) -> set[Any]:
    ended = [case for case in mentor.cases if case.closed is not None and case.closed < LAST - 25]
    if not ended:
        return set()
    case = rng.choice(ended)
    assert case.closed is not None
    days = [case.closed + rng.randint(1, 24) for _each in range(rng.randint(2, 6))]
    return {write(made, mentor, case, day * DAY + rng.randint(540, 900), rng.choice((30, 45, 60, 90))) for day in days}


@_kind(RULE)
def edited_after_approval(made: World, mentor: Mentor, rng: Random) -> set[Any]:
    rows = [row for row in own(made, mentor) if row.form == "met" and row.day < LAST - 31]
    found = set()
    for row in rng.sample(rows, min(len(rows), rng.randint(2, 6))):
        minutes = row.minutes + rng.choice((10, 15, 30, 60))
        made.log.raised[row.id] = (row.minutes, minutes)
        found.add(replace(made, row, minutes=minutes, counted=row.counted + minutes - row.minutes, corrections=1))
    return found


@_kind(RULE)
def split_invoices(made: World, mentor: Mentor, rng: Random) -> set[Any]:
    rows = [row for row in own(made, mentor) if row.form == "met"]
    chosen = rng.sample(rows, min(len(rows), rng.randint(2, 8)))
    for row in chosen:
        made.log.billed[row.id] = ["201", "202"]
    return {row.id for row in chosen}


# --- Patterns ------------------------------------------------------------------------------------------------------
@_kind(PATTERN)
def copied_text(made: World, mentor: Mentor, rng: Random) -> set[Any]:
    """One good note is used again, with a word changed here and there."""
    text = mentor.pen.long() + (" " + mentor.pen.long() if rng.random() < 0.5 else "")
    care = rng.uniform(0, 0.15)
    start = rng.randint(FIRST + 7, LAST - 85)
    cases = rng.sample(mentor.cases, rng.choice((1, 2, 3)))
    found = set()
    for day in days_of_work(mentor, rng, rng.randint(8, 16), start, start + 75):
        case = rng.choice(cases)
        note = " ".join(rng.choice(("godt", "lidt", "meget", "igen", "stadig", "nu")) if rng.random() < care else word for word in text.split())
        found.add(write(made, mentor, case, day * DAY + rng.randint(500, 960), rng.choice((30, 45, 60, 75, 90)), note=note))
    return found


@_kind(PATTERN)
def long_days(made: World, mentor: Mentor, rng: Random) -> set[Any]:
    found = set()
    for day in days_of_work(mentor, rng, rng.randint(2, 6)):
        rows = [row for row in own(made, mentor) if row.day == day]
        wanted, at = rng.choice((615, 630, 660, 720, 780)), max((row.ends for row in rows), default=day * DAY + 420) + 10
        lacking = wanted - sum(row.minutes for row in {row.entry: row for row in rows}.values())
        while lacking > 0:
            minutes = min(rng.choice((45, 60, 90, 120)), lacking) if lacking > 20 else 20
            found.add(write(made, mentor, rng.choice(mentor.cases), at, minutes, written=at + DAY))
            at, lacking = min(at + minutes + 5, day * DAY + 23 * 60), lacking - minutes
    return found


@_kind(PATTERN)
def backdated(made: World, mentor: Mentor, rng: Random) -> set[Any]:
    sat = rng.randint(FIRST + 60, LAST - 3)
    found = set()
    for day in days_of_work(mentor, rng, rng.randint(3, 9), sat - 55, sat - 14):
        found.add(write(made, mentor, rng.choice(mentor.cases), day * DAY + rng.randint(500, 900), rng.choice((30, 45, 60)), written=sat * DAY + rng.randint(600, 700)))
    return found


@_kind(PATTERN)
def same_minutes(made: World, mentor: Mentor, rng: Random) -> set[Any]:
    """Everything is an hour, also the calls."""
    first = LAST - 75
    rows = [row for row in own(made, mentor) if row.day >= first]
    if len({row.entry for row in rows}) < 24:
        return set()
    minutes, care = rng.choice((30, 45, 60, 90)), rng.uniform(0, 0.04)
    found = set()
    for row in rows:
        if rng.random() >= care:
            found.add(replace(made, row, minutes=minutes, counted=minutes))
    return found


@_kind(PATTERN)
def month_end(made: World, mentor: Mentor, rng: Random) -> set[Any]:
    """What is left of the grants is written on the last days."""
    last = date(2026, rng.choice((3, 4, 5, 6, 8)), 1)
    end = (date(last.year, last.month + 1, 1).toordinal()) - 1
    days = [day for day in range(end - 6, end + 1) if not is_weekend(day)][-3:]
    found = set()
    for day in days:
        at = day * DAY + 430
        for _each in range(rng.randint(3, 6)):
            minutes = rng.choice((45, 60, 60, 90))
            found.add(write(made, mentor, rng.choice(mentor.cases), at, minutes, written=day * DAY + 1150))
            at += minutes + 5
    return found


@_kind(PATTERN)
def while_away(made: World, mentor: Mentor, rng: Random) -> set[Any]:
    if not mentor.known_away:
        return set()
    start, end = rng.choice(mentor.known_away)
    return {write(made, mentor, rng.choice(mentor.cases), rng.randint(start, end) * DAY + rng.randint(540, 900), rng.choice((30, 45, 60))) for _each in range(rng.randint(2, 6))}


@_kind(PATTERN)
def weekends(made: World, mentor: Mentor, rng: Random) -> set[Any]:
    """Nobody else is at work to see it."""
    start = rng.randint(FIRST + 7, LAST - 85)
    days = [day for day in range(start, start + 80) if is_weekend(day)]
    cases = sorted(mentor.cases, key=lambda case: case.rhythm)[: rng.choice((1, 1, 2))]
    return {write(made, mentor, rng.choice(cases), day * DAY + rng.randint(600, 900), rng.choice((60, 90, 120))) for day in rng.sample(days, rng.randint(8, 18))}


@_kind(PATTERN)
def exact_hours(made: World, mentor: Mentor, rng: Random) -> set[Any]:
    """The last contact of each month makes up what is lacking to the grant."""
    months = [(date(2026, month, 1).toordinal(), date(2026, month + 1, 1).toordinal() - 1) for month in range(3, 9)]
    whole = [case for case in mentor.cases if case.start <= months[0][0] and (case.closed is None or case.closed > LAST)]
    if not whole:
        return set()
    case, run = rng.choice(whole), rng.randint(3, 5)
    grant = Grant(case.number, case.start, case.start + 364, case.weekly * 52, case.weekly)  # one grant for the year
    made.log.grants = [each for each in made.log.grants if each.case != case.number] + [grant]
    place = rng.randint(0, len(months) - run)
    found = set()
    for first, last in months[place : place + run]:
        granted = round(grant.minutes * (last - first + 1) / 365)
        rows = [row for row in made.log.rows if row.case == case.number and first <= row.day <= last and row.form != "tried"]
        lacking = granted - sum(row.counted for row in rows)
        for row in sorted(rows, key=lambda row: -row.counted):
            if lacking < 0:
                less = min(row.counted - 5, -lacking)
                replace(made, row, minutes=row.counted - less, counted=row.counted - less)
                lacking += less
        while lacking > 0:
            minutes = min(lacking, rng.choice((60, 90, 120))) if lacking > 40 else lacking
            found.add(write(made, mentor, case, rng.choice(days_of_work(mentor, rng, 9, first, last + 1) or [first]) * DAY + rng.randint(500, 900), minutes))
            lacking -= minutes
    return found


@_kind(PATTERN)
def ghost(made: World, mentor: Mentor, rng: Random) -> set[Any]:
    """A citizen nobody meets: not moved from the file when they left, or never told that they have a mentor."""
    case = Case(900_000 + mentor.number, 1.0, FIRST, FIRST + 181, None, 120, False)
    start, found = rng.randint(FIRST, LAST - 100), set()
    made.log.grants.append(Grant(case.number, case.start, case.end, 120 * 26, 120))
    for day in days_of_work(mentor, rng, rng.randint(12, 26), start, start + rng.randint(75, 100)):
        form = rng.choices(("met", "phone"), (80, 20))[0]
        found.add(write(made, mentor, case, day * DAY + rng.randint(500, 960), _minutes(rng, mentor, form), form=form))
    if rng.random() < 0.05:  # careful enough to write down a try in vain
        write(made, mentor, case, (start + 30) * DAY + 600, 0, form="tried")
    made.log.unanswered[case.number] = rng.choices((1, 2, 3, 4), (8, 40, 35, 17))[0]
    return found
