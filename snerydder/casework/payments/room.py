"""Whether there was time for what is to be paid. A contact without a time of its own was over when it was written, and nobody knows
when it began; all such, and the meetings that have a time, must still have had room between midnight and then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

SLACK = timedelta(minutes=10)  # as in migration 0006, which holds the same


class Spell(NamedTuple):
    """One meeting of one mentor, or with one citizen."""

    at: datetime
    minutes: int
    just_now: bool


def same_time(one: Spell, other: Spell) -> bool:
    """For two mentors with one citizen. One without a time of its own is taken to have ended when it was written, give or take."""
    (since, until), (start, end) = _likely(one), _likely(other)
    return min(until, end) - max(since, start) > (SLACK if one.just_now or other.just_now else timedelta())


def _likely(spell: Spell) -> tuple[datetime, datetime]:
    lasted = timedelta(minutes=spell.minutes)
    return (spell.at - lasted, spell.at) if spell.just_now else (spell.at, spell.at + lasted)


def has_room(spells: Sequence[Spell], midnight: datetime) -> bool:
    return all(sum((_before(each, last.at) for each in spells), timedelta()) <= last.at - midnight + SLACK for last in spells if last.just_now)


def _before(spell: Spell, until: datetime) -> timedelta:
    """How much of it was over by then."""
    lasted = timedelta(minutes=spell.minutes)
    if spell.just_now:
        return lasted if spell.at <= until else timedelta()
    return min(max(until - spell.at, timedelta()), lasted)
