"""Every night's questions: the signs look at each municipality's log, and what gives reason to ask becomes a question to somebody named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from snerydder.access.models import Municipality, Staff
from snerydder.access.permissions import Permission
from snerydder.access.roles import ROLES, roles_with
from snerydder.access.tenancy import within
from snerydder.casework.checks.log import BACK, read
from snerydder.casework.contacts.models import Contact
from snerydder.casework.questions import actions
from snerydder.casework.questions.models import OPEN, AskedContact, Question
from snerydder.casework.questions.signs import look


def run(day: date | None = None) -> tuple[int, int]:
    """Questions asked, and those nobody could be named for."""
    today = day or timezone.localdate()
    done = [of_municipality(pk, today) for pk in Municipality.objects.order_by("pk").values_list("pk", flat=True)]
    return sum(asked for asked, _left in done), sum(left for _asked, left in done)


def of_municipality(municipality: int, today: date) -> tuple[int, int]:
    """All of a night's questions, or none: the next night asks what this one did not."""
    with within(municipality):
        asked = AskedContact.objects.filter(municipality=municipality, only_shown=False, contact__day__gte=today - BACK)
        found = look(read(municipality, today), set(asked.values_list("sign", "contact", "corrections")))
        people = list(Staff.objects.filter(municipality=municipality).order_by("sort_key", "pk"))
        waiting = Counter(Question.objects.filter(OPEN, municipality=municipality).order_by().values_list("named", flat=True))
        wanted = {row.id for each in found for row in (*each.rows, *each.shown)}
        contacts = {contact.pk: contact for contact in Contact.objects.filter(pk__in=wanted)}
        by_id = {person.pk: person for person in people}
        left = 0
        for each in found:
            about = by_id[each.staff]
            named = who_sees_to(about, people, waiting)
            if named is None:
                left += 1
                continue
            waiting[named.pk] += 1
            beside = {row.id for row in each.shown} - {row.id for row in each.rows}
            actions.ask(
                each.sign, about, [contacts[row.id] for row in each.rows], each.facts, named=named, shown=[contacts[pk] for pk in beside], by=actions.TheNight(municipality), on=today
            )
    return len(found) - left, left


def who_sees_to(about: Staff, people: Sequence[Staff], waiting: dict[Any, int]) -> Staff | None:
    """A coordinator, of the same unit if there is one, and the one with fewest to see to; else a leader. Never the one it is about."""
    able = {role.key for role in roles_with(Permission.CLOSE_QUESTION)}
    others = [person for person in people if person.active and person.pk != about.pk and able & set(person.roles)]
    order = list(ROLES)
    return min(
        others, default=None,
        key=lambda person: (min(order.index(role) for role in person.roles if role in able), person.unit_id != about.unit_id, waiting.get(person.pk, 0), person.sort_key, str(person.pk)),
    )  # fmt: skip
