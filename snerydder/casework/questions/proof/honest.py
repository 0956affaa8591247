"""An invented half-year in a municipality where nobody cheats. All the untidiness of real logs is in it on purpose: rounded times, logs
written in the evening or after an illness, group activities, summer holidays, summing-up at the month's end, stock phrases, weekend
agreements, slips of the pen. What an honest person does that looks odd counts against the signs when they ask about it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from snerydder.casework.questions.proof.notes import Pen
from snerydder.casework.questions.signs.log import DAY, Away, Grant, Log, Row, is_weekend

FIRST, LAST = date(2026, 3, 2).toordinal(), date(2026, 8, 31).toordinal()
HOLIDAYS = frozenset(date(2026, month, day).toordinal() for month, day in ((4, 2), (4, 3), (4, 6), (5, 14), (5, 15), (5, 25), (6, 5)))
CONTACTS = 20_400  # some of them are turned into frauds


@dataclass
class Case:
    number: int
    rhythm: float  # meetings a week
    start: int
    end: int  # the last day of the grant
    closed: int | None
    weekly: int  # minutes granted a week
    weekend: bool  # agreed: the help is needed when school and work are closed
    routine: str = ""  # the note of a fixed activity, written in the same words each week


@dataclass
class Mentor:
    number: int
    pen: Pen
    cases: list[Case]
    step: int  # times are rounded to so many minutes
    usual: int | None  # a fixed length of every meeting
    clock: str  # when the log is written: now, evening, or with the time given
    late: float  # share written some days late
    sums_up: bool  # sees everybody before the month ends
    group: bool
    away: list[tuple[int, int]] = field(default_factory=list)
    known_away: list[tuple[int, int]] = field(default_factory=list)
    ill: tuple[int, int] | None = None  # the log of the weeks before was written afterwards


@dataclass
class World:
    rng: Random
    log: Log
    mentors: list[Mentor]
    approved: dict[Any, int] = field(default_factory=dict)

    def new_id(self) -> int:
        self._last = getattr(self, "_last", 0) + 1
        return self._last


def world(rng: Random, contacts: int = CONTACTS, untidy: float = 1.0) -> World:
    """`untidy`: how much oftener than usual people are late, slip, and leave things out."""
    made = World(rng, Log([], LAST + 5), [])
    while len(made.log.rows) < contacts:
        mentor = _mentor(rng, len(made.mentors), untidy)
        made.mentors.append(mentor)
        _work(made, mentor, untidy)
        _around(made, mentor, untidy)
    _slips(made, untidy)
    return made


# --- Who they are ------------------------------------------------------------------------------------------------
def _mentor(rng: Random, number: int, untidy: float) -> Mentor:
    size = rng.choices((rng.randint(1, 2), rng.randint(3, 6), rng.randint(8, 14)), (25, 45, 30))[0]
    cases = [_case(rng, number * 100 + place) for place in range(size)]
    weekend = rng.random() < 0.03
    for case in cases:
        case.weekend = rng.random() < (0.3 if weekend else 0.004)
    pen = Pen(rng)
    if rng.random() < 0.04:
        cases[0].routine = pen.long()
    usual = rng.choice((30, 45, 45, 60, 60)) if rng.random() < 0.1 else None
    mentor = Mentor(
        number, pen, cases, rng.choices((5, 15, 30), (20, 60, 20))[0], usual, rng.choices(("now", "evening", "given"), (35, 25, 40))[0],
        rng.choice((0.01, 0.03, 0.08)) * untidy, rng.random() < 0.2, rng.random() < 0.25,
    )  # fmt: skip
    summer = date(2026, 6, 29).toordinal() + 7 * rng.randint(0, 3)
    mentor.away = [(summer, summer + 7 * rng.randint(2, 3) - 1)]
    if rng.random() < 0.5:
        start = rng.randint(FIRST + 14, FIRST + 90)
        mentor.away.append((start, start + rng.randint(1, 6)))
    mentor.known_away = [span for span in mentor.away if rng.random() < 0.6]
    if rng.random() < 0.04 * untidy:
        start = rng.randint(FIRST + 30, LAST - 30)
        mentor.ill = (start, start + rng.randint(10, 24))
    return mentor


def _case(rng: Random, number: int) -> Case:
    start = FIRST - rng.randint(0, 120) if rng.random() < 0.6 else rng.randint(FIRST, LAST - 40)
    end = start + 182
    closed = rng.randint(max(start, FIRST) + 30, LAST + 60) if rng.random() < 0.45 else None
    return Case(number, rng.choices((0.5, 1.0, 1.5, 2.0), (20, 45, 25, 10))[0], start, end, closed, rng.choice((60, 60, 90, 120, 120, 150, 180)), False)


# --- What they do ------------------------------------------------------------------------------------------------
def _work(made: World, mentor: Mentor, untidy: float) -> None:
    rng = made.rng
    for day in range(FIRST, LAST + 1):
        if day in HOLIDAYS or any(start <= day <= end for start, end in mentor.away) or (mentor.ill and mentor.ill[0] <= day <= mentor.ill[1]):
            continue
        free = is_weekend(day)
        eager = 1.6 if mentor.sums_up and date.fromordinal(day + 5).day <= 5 else rng.choices((1.0, 2.0), (97, 3))[0]
        met = [case for case in mentor.cases if _runs(case, day) and rng.random() < eager * _chance(case, free)]
        rng.shuffle(met)
        group = [] if free or not mentor.group or day % 7 != mentor.number % 5 + 1 else [case for case in mentor.cases if _runs(case, day) and rng.random() < 0.6][:6]
        _day(made, mentor, day, [case for case in met if case not in group], group if len(group) > 1 else [])


def _runs(case: Case, day: int) -> bool:
    return case.start <= day <= (case.closed if case.closed is not None else LAST)


def _chance(case: Case, free: bool) -> float:
    if case.weekend:
        return case.rhythm / 7
    return case.rhythm * 0.01 / 2 if free else case.rhythm / 5


def _day(made: World, mentor: Mentor, day: int, met: list[Case], group: list[Case]) -> None:
    """Meetings one after the other, with the way between them; then it is written down."""
    rng = made.rng
    at = day * DAY + rng.randint(450, 620)
    evening = rng.randint(900, 1130)
    if group:
        minutes = rng.choice((90, 120, 120, 150, 180))
        at = day * DAY + rng.choice((540, 600, 780))
        apart = rng.random() < 0.02  # written as a meeting of its own for each: an honest mistake that must be asked about
        _put(made, mentor, group, at, minutes, "met", evening, note=mentor.pen.any(), apart=apart)
        at += minutes + rng.randint(5, 30)
    for case in met:
        form = rng.choices(("met", "phone", "sms", "tried"), (58, 20, 9, 13))[0]
        minutes = _minutes(rng, mentor, form)
        note = case.routine if form == "met" and case.routine and rng.random() < 0.7 else mentor.pen.any()
        told = at + rng.choice((0, 0, 0, -5, -10, 5)) if at % 5 == 0 else at - at % 5  # the time as it is remembered
        _put(made, mentor, [case], told, minutes, form, evening, note)
        at += minutes + rng.randint(5, 45)


def _minutes(rng: Random, mentor: Mentor, form: str) -> int:
    if form == "tried":
        return 0
    if form == "sms":
        return rng.choice((5, 5, 10))
    if form == "phone":
        return rng.choice((5, 10, 10, 15, 15, 20, 30))
    if mentor.usual and rng.random() < 0.93:
        return mentor.usual
    real = min(max(rng.lognormvariate(4.05, 0.5), 15), 420)
    return max(mentor.step * round(real / mentor.step), mentor.step if mentor.step > 5 else 10)


def _put(made: World, mentor: Mentor, cases: list[Case], at: int, minutes: int, form: str, evening: int, note: str = "", apart: bool = False) -> None:
    rng, entry = made.rng, made.new_id()
    written = at + minutes + rng.randint(1, 50)
    if rng.random() < mentor.late:
        written = at + DAY * min(int(rng.expovariate(1 / 3)) + 1, 40)
    elif mentor.ill and mentor.ill[0] - 10 <= at // DAY < mentor.ill[0] and rng.random() < 0.5:
        written = (mentor.ill[1] + 1) * DAY + 600 + rng.randint(0, 60)
    elif mentor.clock == "now" and rng.random() < 0.85:
        at = written = at + minutes + rng.randint(0, 15)
    elif mentor.clock == "evening":
        written = max(at + minutes, at // DAY * DAY + evening) + rng.randint(0, 15)
        at = written if rng.random() < 0.3 else at  # nobody changed the time that stood there
    written = min(written, (LAST + 4) * DAY)
    for place, case in enumerate(cases):
        share = minutes if apart else minutes // len(cases) + (place < minutes % len(cases))
        made.log.rows.append(Row(made.new_id(), made.new_id() if apart else entry, mentor.number, case.number, at, minutes, share, form, written, note))


# --- What is known around it -------------------------------------------------------------------------------------
def _around(made: World, mentor: Mentor, untidy: float) -> None:
    rng, log = made.rng, made.log
    log.away += [Away(mentor.number, *span) for span in mentor.known_away]
    for case in mentor.cases:
        log.grants += [Grant(case.number, case.start, case.end, case.weekly * 26, case.weekly), Grant(case.number, case.end + 1, case.end + 182, case.weekly * 26, case.weekly)]
        if case.closed is not None:
            log.closed[case.number] = case.closed
        meetings = sum(row.case == case.number and row.form == "met" for row in log.rows[-3000:])
        asked = sum(rng.random() < 0.1 for _each in range(meetings))
        answers = rng.choices((0.0, 0.3, 0.7, 0.9), (15, 20, 35, 30))[0]  # some never answer a text message
        yes = sum(rng.random() < answers for _each in range(asked))
        log.unanswered[case.number] = asked - yes
        others = any(rng.random() < 0.04 for _each in range(meetings))
        if yes or others or rng.random() < 0.85 / max(untidy, 1):  # a follow-up with the citizen
            log.heard.add(case.number)


def _slips(made: World, untidy: float) -> None:
    """One contact in a few hundred is wrong or unusual, and nobody meant anything by it."""
    rng, rows = made.rng, made.log.rows
    helpers = {mentor.number: mentor for mentor in made.mentors}
    for place, row in enumerate(rows):
        chance = rng.random() / untidy
        if chance < 0.0010:  # the wrong hour, for all who were there
            at = row.at // DAY * DAY + 60 * rng.randint(8, 16)
            for other in range(max(place - 6, 0), min(place + 7, len(rows))):
                if rows[other].entry == row.entry:
                    rows[other] = rows[other]._replace(at=at)
        elif chance < 0.0016 and row.form == "met" and row.counted == row.minutes:  # a trip
            rows[place] = row._replace(minutes=rng.choice((540, 600, 660)), at=row.day * DAY + 480)
            rows[place] = rows[place]._replace(counted=rows[place].minutes)
        elif chance < 0.0026:  # corrected after the month was approved
            made.log.raised[row.id] = (max(row.minutes - 15, 0), row.minutes)
        elif chance < 0.0032:  # the supplier sent it again
            made.log.billed[row.id] = ["A", "B"]
        elif chance < 0.0042 and row.counted == row.minutes and helpers[row.staff].known_away:  # a call home from the holiday
            start, end = rng.choice(helpers[row.staff].known_away)
            at = rng.randint(start, end) * DAY + row.at % DAY
            rows[place] = row._replace(at=at, written=at + 30)
        elif chance < 0.0048 and row.counted == row.minutes and made.log.closed.get(row.case, LAST) < LAST - 10:  # a goodbye after the last day
            at = (made.log.closed[row.case] + rng.randint(1, 6)) * DAY + row.at % DAY
            rows[place] = row._replace(at=at, written=at + 60, minutes=20, counted=20, form="phone")
        elif chance < 0.0052 and row.form == "met":  # two mentors at the handing over
            other = rng.choice(made.mentors).number
            rows.append(row._replace(id=made.new_id(), entry=made.new_id(), staff=other if other != row.staff else -1, note=""))
