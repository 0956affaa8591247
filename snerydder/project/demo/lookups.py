"""What people have looked at: two months drawn and judged, one that waits, and some that a rule points at."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from snerydder.access import actions as access
from snerydder.access.models import Staff
from snerydder.audit.models import Lookup
from snerydder.casework.cases.models import Case
from snerydder.casework.lookups import actions
from snerydder.casework.lookups.models import PickedLookup
from snerydder.project.demo.course import weekday
from snerydder.project.demo.days import moment
from snerydder.project.demo.place import Place, read

DAYS = 100  # so far back the log begins in the demo
DRAWN = 8
PURPOSES = ("Se sagen", "Følge op", "Skrive til borgeren", "Se sagen", "Se sagen")
SOURCE = "Opdigtede vindertal, lørdagens Lotto"


def play(place: Place, today: date, rng: Random) -> None:
    """The log is written as the pages would have written it; from there on everything goes through the verbs."""
    cases = list(Case.objects.filter(municipality=place.number, mentor__isnull=False).select_related("citizen", "mentor").order_by("number"))
    if len(cases) < 2:
        return
    rows = [look for case in cases for look in _daily(place, case, today, rng)] + _planted(place, cases, today)
    Lookup.objects.bulk_create(sorted(rows, key=lambda look: (look.at, str(look.staff_id), look.purpose)))
    auditor = Staff.objects.filter(municipality=place.number, roles__contains=["auditor"]).first()
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    before = (last - timedelta(days=1)).replace(day=1)
    for month in (before, last):
        following = (month + timedelta(days=32)).replace(day=1)
        actions.look_through(month, by=place.leader, on=following)
        if auditor:
            _draw(place, auditor, month, following, min(today, following + timedelta(days=(5 - following.weekday()) % 7)), rng)
    _judge(place, before, auditor or place.leader)


def _look(place: Place, staff: Staff, citizens: list[Any], at: Any, kind: str = "page", purpose: str = "Se sagen") -> Lookup:
    page = {"protected": "people.citizen", "list": "desks:caseworker"}.get(kind, "desks:case")
    return Lookup(municipality_id=place.number, staff_id=staff.pk, purpose=purpose, kind=kind, page=page, citizen_ids=citizens, at=at)


def _daily(place: Place, case: Case, today: date, rng: Random) -> list[Lookup]:
    """About once a week the caseworker, and the mentor after a meeting."""
    rows, citizen = [], case.citizen_id
    for back in range(DAYS, 0, -1):
        day = today - timedelta(days=back)
        if day.weekday() > 4 or day < case.opened_on:
            continue
        if rng.random() < 0.12:
            rows.append(_look(place, case.caseworker, [citizen], moment(day, rng.randint(8, 15), rng.randint(0, 59)), purpose=rng.choice(PURPOSES)))
        if rng.random() < 0.15 and case.mentor:
            rows.append(_look(place, case.mentor.staff, [citizen], moment(day, rng.randint(9, 16), rng.randint(0, 59)), purpose="Skrive kontakt"))
    return rows


def _planted(place: Place, cases: list[Case], today: date) -> list[Lookup]:
    """In each of the last two months: a late evening at one's own case, somebody else's case, a protected name, and a neighbour's."""
    rows = []
    for back in (70, 38):
        day = weekday(today - timedelta(days=back))
        own, other = cases[0], next((case for case in cases if case.caseworker_id != cases[0].caseworker_id), cases[-1])
        rows.append(_look(place, own.caseworker, [own.citizen_id], moment(day, 22, 47)))
        stranger = own.caseworker if other is not cases[-1] else place.leader
        rows += [_look(place, stranger, [other.citizen_id], moment(day, 11, minute)) for minute in (4, 9, 31)]
        hidden = next((case for case in cases if case.citizen.protected), None)
        if hidden:
            rows.append(_look(place, hidden.caseworker, [hidden.citizen_id], moment(day, 9, 20), kind="protected", purpose="Sende et brev"))
    lives = next((case for case in cases if case.citizen.address and case.mentor), None)
    if lives and lives.mentor:
        access.change_staff(lives.mentor.staff, by=place.leader, address=lives.citizen.address)
    return rows


def _draw(place: Place, auditor: Staff, month: date, frozen_on: date, saturday: date, rng: Random) -> None:
    sample = actions.freeze(month, by=auditor, size=DRAWN, seed_source=SOURCE, seed_day=saturday, on=frozen_on)
    number = " ".join(str(each) for each in sorted(rng.sample(range(1, 37), 7)))
    for person in (auditor, place.leader):
        sample = actions.type_number(sample, by=person, number=number, on=saturday)


def _judge(place: Place, month: date, other: Staff) -> None:
    """All but the last two of the older month: most were work, one was a slip, one should not have been."""
    told = read("phrases.toml")["lookups"]
    rows = list(PickedLookup.objects.filter(municipality=place.number, month=month).select_related("looked_by", "lookup").order_by("lookup__at", "pk"))
    day = (month + timedelta(days=45)).replace(day=12)
    for at, row in enumerate(rows[:-2]):
        reviewer = other if row.looked_by_id == place.leader.pk else place.leader
        rules = {reason["rule"] for reason in row.reasons}
        if "odd_hours" in rules:
            actions.explain(row, by=row.looked_by, text=told["night"], on=day)
            actions.judge(row, by=reviewer, verdict="explained", note=told["night"], on=day)
        elif "no_task" in rules:
            actions.judge(row, by=reviewer, verdict="no_reason", note=told["no_reason"], on=day)
            actions.follow_up(row, by=reviewer, follow_up="talk", note=told["no_reason_done"], on=day + timedelta(days=3))
        elif at == 0:
            actions.judge(row, by=reviewer, verdict="mistake", note=told["mistake"], on=day)
            actions.follow_up(row, by=reviewer, follow_up="routine", note=told["mistake_done"], on=day + timedelta(days=3))
        else:
            actions.judge(row, by=reviewer, verdict="job", note=told["job"][at % len(told["job"])], on=day)
