"""What was given: contacts and minutes by ISO week since the start and by calendar month, always with those who got nothing.

The mean over all n persons of a week is Σ_i minutes_i / n, not over those who met anyone. A group's minutes are parted between those who came;
a no-show is zero minutes and no contact. More contact inside the support group is not a cause of what follows: who gets more is chosen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snerydder.effects.results import Floats, Refused

Dates = NDArray[np.datetime64]  # whole days; NaT where there is none
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Contacts:
    """One row per person and meeting."""

    person: Ints
    date: Dates
    minutes: Floats
    met: Flags  # False for a no-show
    size: Floats  # persons in the room who came; 1 when alone

    @property
    def own_minutes(self) -> Floats:
        return np.where(self.met, self.minutes / np.maximum(self.size, 1), 0.0)


@dataclass(frozen=True)
class Weekly:
    share: Floats  # with a contact, of all seen that week
    minutes: Floats  # mean, zeros counted
    persons: Ints


@dataclass(frozen=True)
class Monthly:
    """A person under way for half the month's days counts as half a person."""

    month: Dates
    contacts: Floats  # per person and month
    minutes: Floats
    persons: Floats  # days under way over the days of the month


def contacts(person: Ints, date: ArrayLike, minutes: Floats, met: Flags | None = None, size: Floats | None = None) -> Contacts:
    one = np.ones(len(person))
    return Contacts(
        person, days(date), np.asarray(minutes, dtype=float), one > 0 if met is None else met, one if size is None else np.asarray(size, dtype=float)
    )


def days(dates: ArrayLike) -> Dates:
    return np.asarray(dates, dtype="datetime64[D]")


def iso_week(dates: ArrayLike) -> Ints:
    """Weeks since the one that began Monday 29 December 1969; years with 53 weeks need no thought."""
    return (days(dates).astype(np.int64) + 3) // 7


def monday(week: ArrayLike) -> Dates:
    return (np.asarray(week, dtype=np.int64) * 7 - 3).astype("datetime64[D]")


def add_months(dates: ArrayLike, months: int) -> Dates:
    """The same date that many months later, or the month's last day where it has no such date (31 January, one month: 28 or 29 February)."""
    day = days(dates)
    month = day.astype("datetime64[M]")
    target = month + months
    last = (target + 1).astype("datetime64[D]") - 1
    return np.minimum(target.astype("datetime64[D]") + (day - month.astype("datetime64[D]")), last)


def grids(given: Contacts, start: ArrayLike, weeks: int) -> tuple[Floats, Ints]:
    """Minutes and effective contacts, persons × ISO weeks since the week of each person's start."""
    begin = days(start)
    minutes, count = np.zeros((len(begin), weeks)), np.zeros((len(begin), weeks), dtype=np.int64)
    week = iso_week(given.date) - iso_week(begin)[given.person]
    kept = (week >= 0) & (week < weeks) & given.met
    place = (given.person[kept], week[kept])
    np.add.at(minutes, place, given.own_minutes[kept])
    np.add.at(count, place, 1)
    return minutes, count


def weekly(minutes: Floats, count: NDArray[np.generic] | None = None, observed: Flags | None = None) -> Weekly | Refused:
    """`minutes` and `count` as from `grids`; weeks not `observed` (before the report's day, after death) leave the week's mean."""
    seen = np.ones(minutes.shape, dtype=bool) if observed is None else observed
    met = (minutes if count is None else np.asarray(count)) > 0
    persons = seen.sum(axis=0)
    if not (persons > 0).all():
        week = int((persons == 0).argmax())
        return Refused(f"I uge {week} er ingen personer set.", "empty-week", f"In week {week} nobody was seen.")
    return Weekly((met & seen).sum(axis=0) / persons, np.where(seen, minutes, 0.0).sum(axis=0) / persons, persons)


def with_mentor(person: Ints, begin: ArrayLike, end: ArrayLike, start: ArrayLike, weeks: int) -> Floats:
    """Share of all persons with a mentor at some day of each ISO week since their start. `end` is the last day, NaT while it runs."""
    origin = iso_week(start)
    first = np.clip(iso_week(begin) - origin[person], 0, weeks)
    open_ = np.isnat(days(end))
    last = np.where(open_, weeks, iso_week(np.where(open_, days(begin), days(end))) - origin[person] + 1)
    edge = np.zeros((len(origin), weeks + 1), dtype=np.int64)
    last = np.maximum(np.clip(last, 0, weeks), first)
    np.add.at(edge, (person, first), 1)
    np.add.at(edge, (person, last), -1)
    return np.asarray((edge.cumsum(axis=1)[:, :weeks] > 0).mean(axis=0), dtype=float)


def monthly(given: Contacts, start: ArrayLike, end: ArrayLike) -> Monthly | Refused:
    """From the first month anyone began to the last anyone was under way; `end` is each person's last day (or the day of the report)."""
    begin, last = days(start), days(end)
    if not len(begin) or np.isnat(begin).any() or np.isnat(last).any() or (last < begin).any():
        return Refused("Hvert forløb skal have en første og en sidste dag.", "dates", "Each course needs a first and a last day.")
    month = np.arange(begin.min().astype("datetime64[M]"), last.max().astype("datetime64[M]") + 1)
    opens, closes = month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]")
    under_way = np.minimum(last[:, None] + 1, closes) - np.maximum(begin[:, None], opens)
    persons = (np.maximum(under_way.astype(np.int64), 0) / (closes - opens).astype(np.int64)).sum(axis=0)
    inside = given.met & (given.date >= begin[given.person]) & (given.date <= last[given.person])
    place = (given.date[inside].astype("datetime64[M]") - month[0]).astype(np.int64)
    number, time = (np.bincount(place, weights=weights, minlength=len(month)) for weights in (np.ones(inside.sum()), given.own_minutes[inside]))
    empty = persons == 0
    safe = np.where(empty, 1, persons)
    return Monthly(month, np.where(empty, np.nan, number / safe), np.where(empty, np.nan, time / safe), persons)
