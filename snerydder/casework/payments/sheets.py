"""A month's time sheet, made from the contact log each time it is looked at. Nothing of it is typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models.functions import TruncMonth
from django.http import Http404

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.access.roles import ROLES
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.spans import Span
from snerydder.casework.grants.states import GrantState
from snerydder.casework.payments.models import TimeSheet
from snerydder.casework.payments.states import SheetState
from snerydder.casework.people.models import Mentor


@dataclass(frozen=True)
class Line:
    """One contact as the state's time sheet asks for it. `per`: person or plads, as the grant of the day was given."""

    contact: Contact
    per: str

    @property
    def minutes(self) -> int:
        return self.contact.counted_minutes


@dataclass(frozen=True)
class Sheet:
    mentor: Mentor
    span: Span
    lines: list[Line]
    approval: TimeSheet | None

    @property
    def minutes(self) -> int:
        """A meeting with several citizens is shared among them, so that its time counts once."""
        return sum(line.minutes for line in self.lines)

    def per(self, kind: str) -> int:
        return sum(line.minutes for line in self.lines if line.per == kind)

    @property
    def is_approved(self) -> bool:
        return self.approval is not None and self.approval.state == SheetState.APPROVED

    @property
    def by_case(self) -> list[tuple[str, int]]:
        sums: dict[str, int] = {}
        for line in self.lines:
            sums[line.contact.case.number] = sums.get(line.contact.case.number, 0) + line.minutes
        return sorted(sums.items())


def mentor_of(staff: Staff, pk: UUID) -> Mentor:
    """The mentor whose sheet it is: a mentor's own, or anybody's for those who see the whole municipality. Else it does not exist."""
    found = scope.rows(Mentor, staff).select_related("staff").filter(pk=pk).first()
    if found is None or not (_sees_all(staff) or found.staff_id in scope.actors(staff)):
        raise Http404
    return found


def _sees_all(staff: Staff) -> bool:
    return any(ROLES[key].reach == "municipality" for key in staff.roles if key in ROLES)


def sheet(mentor: Mentor, span: Span) -> Sheet:
    """Three questions."""
    rows = Contact.objects.filter(mentor=mentor, withdrawn=False, day__range=(span.first, span.last), counted_minutes__gt=0)
    contacts = list(rows.select_related("case__citizen").order_by("at", "case__number"))
    grants = Grant.objects.filter(
        case__in={contact.case_id for contact in contacts}, state__in=[GrantState.DECIDED, GrantState.STOPPED], start__lte=span.last, end__gte=span.first
    )
    known = list(grants)
    approval = TimeSheet.objects.filter(mentor=mentor, month=span.first).select_related("approved_by").first()
    return Sheet(mentor, span, [Line(contact, _per(contact, known)) for contact in contacts], approval)


def _per(contact: Contact, grants: list[Grant]) -> str:
    """Hours on a day that no grant covers are a person's."""
    grant = next((each for each in grants if each.case_id == contact.case_id and each.covers(contact.day)), None)
    return grant.counted_per if grant else Grant.CountedPer.PERSON


@dataclass(frozen=True)
class Waiting:
    """A month gone by with hours of one's own that one has not approved."""

    mentor: UUID
    month: date

    @property
    def word(self) -> str:
        return f"{self.month:%Y-%m}"


def waiting(staff: Staff, today: date) -> list[Waiting]:
    """The oldest first; at most a year back. Two questions."""
    first = today.replace(day=1)
    rows = Contact.objects.filter(mentor__staff=staff, withdrawn=False, counted_minutes__gt=0, day__lt=first, day__gte=first.replace(year=first.year - 1))
    months = rows.annotate(month=TruncMonth("day")).values_list("mentor", "month").distinct().order_by("month")
    approved = set(TimeSheet.objects.filter(mentor__staff=staff, state=SheetState.APPROVED).values_list("mentor", "month"))
    return [Waiting(mentor, month) for mentor, month in months if (mentor, month) not in approved]


def sheets_of(staff: Staff, span: Span) -> list[tuple[Mentor, int, TimeSheet | None]]:
    """Each mentor with hours in the month, the sum, and the approval if there is one; a mentor's own only. Two questions."""
    sums: dict[UUID, int] = {}
    rows = scope.rows(Contact, staff).filter(day__range=(span.first, span.last), withdrawn=False, counted_minutes__gt=0)
    for mentor, minutes in rows.values_list("mentor", "counted_minutes"):
        sums[mentor] = sums.get(mentor, 0) + minutes
    approvals = {row.mentor_id: row for row in scope.rows(TimeSheet, staff).filter(month=span.first)}
    mentors = scope.rows(Mentor, staff).filter(pk__in=sums).select_related("staff").order_by("staff__sort_key")
    if not _sees_all(staff):  # a stand-in's hours with one's own citizens are not one's own sheet
        mentors = mentors.filter(staff__in=scope.actors(staff))
    return [(mentor, sums[mentor.pk], approvals.get(mentor.pk)) for mentor in mentors]
