"""The obvious twin of the trigger: count everything from the rows, in Python."""

from collections import defaultdict
from typing import Any

from snerydder.casework.cases.models import Case
from snerydder.casework.contacts.models import CaseWeek, Contact


def counted(case: Case) -> dict[str, Any]:
    """What the case row and its weeks should say."""
    rows = [row for row in Contact.objects.filter(case=case) if not row.withdrawn]
    met = [row for row in rows if row.form != "tried"]
    weeks: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        week = weeks[row.day.isocalendar().year * 100 + row.day.isocalendar().week]
        week[0] += row.form != "tried"
        week[1] += row.form == "tried"
        week[2] += row.counted_minutes
    return {
        "first_contact_on": min((row.day for row in met), default=None),
        "last_contact_on": max((row.day for row in met), default=None),
        "last_week": max((row.day.isocalendar().year * 100 + row.day.isocalendar().week for row in met), default=None),
        "weeks_with_contact": len([week for week in weeks.values() if week[0]]),
        "minutes_used": sum(row.counted_minutes for row in rows if case.grant_start and case.grant_start <= row.day <= case.period_end),
        "weeks": {week: tuple(numbers) for week, numbers in weeks.items()},
    }


def stored(case: Case) -> dict[str, Any]:
    names = ("first_contact_on", "last_contact_on", "last_week", "weeks_with_contact", "minutes_used")
    weeks = CaseWeek.objects.filter(case=case).values_list("week", "contacts", "attempts", "minutes")
    return {name: getattr(case, name) for name in names} | {"weeks": {week: (contacts, tries, minutes) for week, contacts, tries, minutes in weeks}}
