"""Was it done as the method says? The trial's seven points, each as so many of so many.

(1) central and local course, (2) paid by the municipality and without authority, (3) a suitable number of persons per mentor, (4) contact every
week throughout, (5) first contact within a month, (6) supervision, (7) at most twelve months. A month is a calendar month: the same date of the
next. Those never reached stay in the denominator; what is not known yet, or not recorded, is counted as unknown and is in neither number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snerydder.effects.dose import Contacts, Flags, Ints, add_months, days, iso_week, monday
from snerydder.effects.results import Floats, Refused

FULL_TIME = 37.0  # hours a week
BANDS = (10.0, 15.0, 20.0)  # under 10, 10-14, 15-19, 20 and more


@dataclass(frozen=True)
class Measure:
    point: int  # 1-7
    label: str
    label_en: str
    numerator: int
    denominator: int
    unknown: int

    @property
    def share(self) -> float:
        return self.numerator / self.denominator


@dataclass(frozen=True)
class Caseload:
    measure: Measure
    per_full_time: Floats  # per mentor (or place), NaN where hours are not known
    bands: tuple[int, int, int, int]


def courses(central: ArrayLike, local: ArrayLike) -> Measure | Refused:
    """One per mentor (or case worker): 1 attended, 0 did not, NaN not recorded."""
    both = _and(central, local)
    return _recorded(1, "Både centralt og lokalt kursus", "Both central and local course", both)


def independence(paid_by_municipality: ArrayLike, has_authority: ArrayLike) -> Measure | Refused:
    fits = _and(paid_by_municipality, 1 - np.asarray(has_authority, dtype=float))
    return _recorded(2, "Lønnet af kommunen og uden myndighed", "Paid by the municipality and without authority", fits)


def caseload(persons: ArrayLike, hours: ArrayLike, most: float = BANDS[-1]) -> Caseload | Refused:
    """Persons per full-time mentor, persons / (hours / 37), by mentor or by place. `most` is the number that is too many."""
    count, time = np.asarray(persons, dtype=float), np.asarray(hours, dtype=float)
    load = np.divide(count, time / FULL_TIME, out=np.full(len(count), np.nan), where=time > 0)
    found = _recorded(
        3,
        f"Under {most:g} personer pr. fuldtidsmentor",
        f"Fewer than {most:g} persons per full-time mentor",
        np.where(np.isnan(load), np.nan, load < most),
    )
    if isinstance(found, Refused):
        return found
    counted = np.bincount(np.searchsorted(BANDS, load[~np.isnan(load)], side="right"), minlength=4)
    return Caseload(found, load, (int(counted[0]), int(counted[1]), int(counted[2]), int(counted[3])))


def persons_by_week(mentor: Ints, begin: ArrayLike, end: ArrayLike, mentors: int, first: ArrayLike, weeks: int) -> Ints:
    """Mentors × ISO weeks from the one with the day `first`: persons in hand on some day of the week. `end` is the last day, NaT while it runs."""
    origin = int(iso_week(first))
    start, last = days(begin), days(end)
    from_ = np.clip(iso_week(start) - origin, 0, weeks)
    to = np.where(np.isnat(last), weeks, iso_week(np.where(np.isnat(last), start, last)) - origin + 1)
    edge = np.zeros((mentors, weeks + 1), dtype=np.int64)
    np.add.at(edge, (mentor, from_), 1)
    np.add.at(edge, (mentor, np.maximum(np.clip(to, 0, weeks), from_)), -1)
    return edge.cumsum(axis=1)[:, :weeks]


def weekly_contact(given: Contacts, start: ArrayLike, end: ArrayLike) -> tuple[Measure, Floats] | Refused:
    """Whole ISO weeks of the courses with at least one effective contact, and the share for each person (NaN for a course without a whole week)."""
    begin, last = days(start), days(end)
    if np.isnat(last).any():
        return Refused(
            "Hvert forløb skal have en sidste dag (eller opgørelsens dag).", "dates", "Each course needs a last day (or the day of the report)."
        )
    first = iso_week(begin + 6)  # the first week whose Monday is not before the start
    until = iso_week(last + 1)  # exclusive: the week the day after the last lies in
    whole = np.maximum(until - first, 0)
    week = iso_week(given.date)
    counts = given.met & (week >= first[given.person]) & (week < until[given.person])
    seen = np.unique(np.column_stack([given.person[counts], week[counts]]), axis=0)
    met = np.bincount(seen[:, 0], minlength=len(begin))
    if not whole.sum():
        return Refused("Intet forløb har varet en hel uge.", "no-weeks", "No course has lasted a whole week.")
    share = np.divide(met, whole, out=np.full(len(begin), np.nan), where=whole > 0)
    return Measure(4, "Hele uger med kontakt", "Whole weeks with contact", int(met.sum()), int(whole.sum()), 0), share


def first_contact(given: Contacts, start: ArrayLike, today: ArrayLike, months: int = 1) -> Measure | Refused:
    """Persons met by the same date of the next month. Never reached counts as no; less than a month since the start, and not met, as unknown."""
    begin = days(start)
    earliest = np.full(len(begin), np.datetime64("9999-12-31"), dtype="datetime64[D]")
    counts = given.met & (given.date >= begin[given.person])
    np.minimum.at(earliest, given.person[counts], given.date[counts])
    deadline = add_months(begin, months)
    reached = (earliest <= deadline).astype(float)
    reached[(reached == 0) & (deadline >= days(today))] = np.nan
    return _recorded(5, "Første kontakt inden en måned", "First contact within a month", reached)


def first_contact_by_week(met: Flags, start: ArrayLike) -> tuple[Measure, Measure] | Refused:
    """When contacts are told by the week alone (persons × ISO weeks since the start's): surely, and possibly, within the month."""
    begin = days(start)
    if met.shape[1] < 6:
        return Refused("Der skal være mindst seks uger at se en måned i.", "too-few-weeks", "It takes six weeks to see a month.")
    opens = monday(iso_week(begin)[:, None] + np.arange(met.shape[1]))
    deadline = add_months(begin, 1)[:, None]
    text = ("Første kontakt inden en måned", "First contact within a month")
    sure, possible = (int((met & inside).any(axis=1).sum()) for inside in (opens + 6 <= deadline, opens <= deadline))
    return Measure(5, *text, sure, len(begin), 0), Measure(5, *text, possible, len(begin), 0)


def supervision(sessions: Sequence[ArrayLike], begin: ArrayLike, end: ArrayLike, months: int) -> Measure | Refused:
    """Mentors who never went longer than `months` without supervision, from their first day to their last (or the day of the report).

    `sessions` holds each mentor's dates. The method says supervision, not how often: the number of months is the asker's.
    """
    first, last = days(begin), days(end)
    kept = np.full(len(first), np.nan)
    for at, dates in enumerate(sessions):
        stops = np.sort(days(dates))
        stops = np.concatenate([first[at : at + 1], stops[(stops >= first[at]) & (stops <= last[at])], last[at : at + 1]])
        held = bool((stops[1:] <= add_months(stops[:-1], months)).all())
        if not held or len(stops) > 2:  # without a session and not yet due: not known
            kept[at] = held
    return _recorded(6, f"Supervision mindst hver {months}. måned", f"Supervision at least every {months} months", kept)


def length(start: ArrayLike, end: ArrayLike, today: ArrayLike, months: int = 12) -> Measure | Refused:
    """Courses that ended by the same date a year on. Those under way for less are not known yet; `end` is the last day, NaT while it runs."""
    begin, last, now = days(start), days(end), days(today)
    limit = add_months(begin, months)
    running = np.isnat(last) | (last > now)
    fits = np.where(running, np.where(now > limit, 0.0, np.nan), (last <= limit).astype(float))
    return _recorded(7, f"Højst {months} måneder", f"At most {months} months", fits)


def _and(one: ArrayLike, other: ArrayLike) -> Floats:
    """No when either is no, also when the other is not recorded."""
    a, b = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    return np.where((a == 0) | (b == 0), 0.0, a * b)


def _recorded(point: int, label: str, label_en: str, answers: NDArray[np.float64]) -> Measure | Refused:
    known = answers[~np.isnan(answers)]
    return measure(point, label, label_en, int(known.sum()), len(known), len(answers) - len(known))


def measure(point: int, label: str, label_en: str, numerator: int, denominator: int, unknown: int) -> Measure | Refused:
    """So many of so many; of nobody there is no share."""
    if not denominator:
        return Refused(
            f"Punkt {point} kan ikke opgøres: Intet er registreret endnu.", "not-measurable", f"Point {point} cannot be measured: nothing is recorded yet.",
        )  # fmt: skip
    return Measure(point, label, label_en, numerator, denominator, unknown)
