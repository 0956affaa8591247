"""What the nights before have asked about in the demo: one question is answered, one taken to the leader, one closed. And one for the next night."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Q
from django.utils import timezone

from snerydder.casework.cases.models import Case
from snerydder.casework.contacts import actions as contacts
from snerydder.casework.contacts.models import Contact
from snerydder.casework.questions import actions
from snerydder.casework.questions.models import Question
from snerydder.project.demo.course import weekday
from snerydder.project.demo.days import FIRST, LAST, moment
from snerydder.project.demo.ids import uuid_from
from snerydder.project.demo.place import Helper, Place, read


def play(place: Place, today: date, rng: Random) -> None:
    """Where the municipality's own mentors have citizens enough."""
    said = read("phrases.toml")["questions"]
    own = [(helper, cases) for helper in place.helpers if not helper.mentor.employer and not helper.habit and (cases := _running(helper, today))]
    if own:
        _trip(place, *own[1 % len(own)], _sunday(today), today, rng, said)
    if several := [(helper, cases) for helper, cases in own if len(cases) > 1]:
        _overlap(*several[0], weekday(today - timedelta(days=4)), rng)
        _mistyped(place, *several[1 % len(several)], weekday(today - timedelta(days=9)), today, rng, said)
        _on_holiday(place, today, rng, said)


def _running(helper: Helper, today: date) -> list[Case]:
    """Citizens whose last days no follow-up has looked through: a contact of theirs can still be corrected."""
    free = Q(locked_until__isnull=True) | Q(locked_until__lt=today - timedelta(days=15))
    return list(Case.objects.filter(free, mentor=helper.mentor, stage="active", closed_on__isnull=True, started_on__lt=today - timedelta(days=15)).order_by("number")[:3])


def _sunday(today: date) -> date:
    """Some days ago, and nobody was at work."""
    return today - timedelta(days=(today.weekday() - 6) % 7 + (7 if (today.weekday() - 6) % 7 < 3 else 0))


def _log(helper: Helper, case: Case, at: datetime, minutes: int, rng: Random, form: str = "met") -> Contact:
    rows = contacts.rows_of(uuid_from(rng), [case], by=helper.mentor.staff, at=at, form=form, minutes=minutes, help=["conversation"])
    for row in rows:
        row.written_at = moment(row.day, 21)  # in the evening, when the day is over
    contacts.log_many(rows, by=helper.mentor.staff)
    return rows[0]


def _ask(place: Place, sign: str, helper: Helper, rows: Sequence[Contact], facts: dict[str, Any], on: date) -> Question:
    return actions.ask(sign, helper.mentor.staff, rows, facts, named=place.coordinates, by=actions.TheNight(place.number), on=on)


def _pair(helper: Helper, cases: Sequence[Case], day: date, rng: Random) -> list[Contact]:
    """An hour with one citizen, and another's begins half an hour into it."""
    at = helper.days.take(day, moment(day, 10), 75, most=LAST - FIRST)
    assert at is not None
    later = at + timedelta(minutes=30)
    return [_log(helper, cases[0], at, 60, rng), _log(helper, cases[1], later, 45, rng)]


def _overlap(helper: Helper, cases: Sequence[Case], day: date, rng: Random) -> None:
    """Not asked about yet: the night will."""
    _pair(helper, cases, day, rng)


def _trip(place: Place, helper: Helper, cases: Sequence[Case], day: date, today: date, rng: Random, said: dict[str, str]) -> None:
    """Answered; the coordinator has not read it."""
    rows = [_log(helper, case, moment(day, hour), 220, rng) for case, hour in zip((cases[0], cases[1 % len(cases)], cases[-1]), (7, 11, 15), strict=True)]
    question = _ask(place, "long_day", helper, rows, {"day": day.isoformat(), "minutes": 660}, day + timedelta(days=1))
    actions.answer(question, by=helper.mentor.staff, answer=said["trip_answer"], on=min(day + timedelta(days=2), today))


def _mistyped(place: Place, helper: Helper, cases: Sequence[Case], day: date, today: date, rng: Random, said: dict[str, str]) -> None:
    """Closed: the contact was corrected."""
    rows = _pair(helper, cases, day, rng)
    times = [{"from": f"{start:%H:%M}", "to": f"{start + timedelta(minutes=row.minutes):%H:%M}"} for row in rows for start in [timezone.localtime(row.at)]]
    question = _ask(place, "two_places", helper, rows, {"day": day.isoformat(), "kind": "overlap", "times": times}, day + timedelta(days=1))
    contacts.correct(rows[1], by=helper.mentor.staff, reason=said["mistyped"], at=helper.days.take(day, moment(day, 14), 45, most=LAST - FIRST))
    actions.answer(question, by=helper.mentor.staff, answer=said["mistyped_answer"], on=day + timedelta(days=2))
    actions.close(question, by=place.coordinates, outcome="corrected", reason=said["mistyped_reason"], on=min(day + timedelta(days=3), today))


def _on_holiday(place: Place, today: date, rng: Random, said: dict[str, str]) -> None:
    """Taken to the leader. The third mentor is on holiday (`town._everyday`)."""
    if len(place.helpers) < 3 or not (cases := _running(helper := place.helpers[2], today)):
        return
    row = _log(helper, cases[0], moment(today - timedelta(days=2), 11), 30, rng, form="phone")
    facts = {"from": (today - timedelta(days=3)).isoformat(), "to": (today + timedelta(days=11)).isoformat(), "number": 1}
    question = _ask(place, "while_away", helper, [row], facts, today - timedelta(days=1))
    actions.answer(question, by=helper.mentor.staff, answer=said["away_answer"], on=today - timedelta(days=1))
    actions.pass_on(question, by=place.coordinates, leader=place.leader, reason=said["away_reason"], on=today)
