"""An invoice line by line against the log, the grant, the confirmation and the price agreed. Nothing is written here.

The first thing that is wrong with a line is its reason. What can be paid of it is what is left: hours that were delivered, were
granted, are this supplier's and are not paid yet, at the price agreed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.casework.cases.models import Case
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.states import GrantState
from snerydder.casework.payments.costs import refused_cost
from snerydder.casework.payments.models import Confirmation, Correction, Engagement, InvoiceLine, Supplier
from snerydder.casework.payments.room import Spell, has_room, same_time
from snerydder.casework.questions import queries as questions

Reason = InvoiceLine.Reason
ORE = Decimal("0.01")


@dataclass(frozen=True)
class Asked:
    """A line as the supplier wrote it."""

    place: int
    day: date
    minutes: int
    amount: Decimal
    case_number: str = ""
    kind: str = "hours"
    text: str = ""


@dataclass(frozen=True)
class Weighed:
    """What can be paid of a line, and why not the rest."""

    asked: Asked
    case: Case | None = None
    contact: Contact | None = None
    minutes: int = 0
    amount: Decimal = Decimal(0)
    reason: str = ""
    note: str = ""


@dataclass
class Known:
    """All that the lines of one invoice are held against: read at once, so that three hundred lines cost what three do."""

    supplier: Supplier
    cases: dict[str, Case]
    contacts: dict[tuple[UUID, date], list[Contact]]
    engagements: dict[UUID, list[Engagement]]
    grants: dict[UUID, list[Grant]]
    left: dict[UUID, int]  # minutes of each grant that nobody has been paid for
    taken: set[UUID]
    busy: dict[UUID, list[tuple[Any, Any, UUID]]] = field(default_factory=lambda: defaultdict(list))  # mentor: from, to, entry
    with_citizen: dict[UUID, list[tuple[Spell, UUID]]] = field(default_factory=lambda: defaultdict(list))  # case: when, mentor
    spells: dict[tuple[UUID, date], dict[UUID, Spell]] = field(default_factory=lambda: defaultdict(dict))  # mentor or case, and day: entry or contact
    denied: set[UUID] = field(default_factory=set)
    questioned: set[UUID] = field(default_factory=set)

    def grant_on(self, case: Case, day: date) -> Grant | None:
        return next((each for each in self.grants.get(case.pk, ()) if each.covers(day)), None)

    def engagement_on(self, mentor: UUID, day: date) -> Engagement | None:
        """Whose mentor it was that day, and at what price: the last agreed before."""
        return max((each for each in self.engagements.get(mentor, ()) if each.valid_from <= day), key=lambda each: each.valid_from, default=None)

    def is_ours(self, contact: Contact) -> bool:
        found = self.engagement_on(contact.mentor_id, contact.day)
        return found is not None and found.supplier_id == self.supplier.pk

    def is_elsewhere(self, contact: Contact) -> bool:
        """The mentor is paid for another entry at the same time."""
        if contact.just_now:
            return False  # nobody knows when it was: the sum of the day is held against the clock instead (`has_no_room`)
        start, end = _times(contact)
        return any(start < until and since < end and entry != contact.entry for since, until, entry in self.busy[contact.mentor_id])

    def has_company(self, contact: Contact) -> bool:
        """Another mentor is paid for the same citizen at the same time."""
        own = spell_of(contact)
        return any(mentor != contact.mentor_id and same_time(own, spell) for spell, mentor in self.with_citizen[contact.case_id])

    def has_no_room(self, contact: Contact) -> bool:
        """The mentor, or the citizen, would have had more hours than there were before it was written."""
        midnight, spell = timezone.make_aware(datetime.combine(contact.day, time())), spell_of(contact)
        known = ((contact.mentor_id, contact.entry), (contact.case_id, contact.pk))
        return not all(has_room([*(self.spells[whose, contact.day] | {what: spell}).values()], midnight) for whose, what in known)

    def take(self, contact: Contact, grant: Grant, minutes: int) -> None:
        self.taken.add(contact.pk)
        self.left[grant.pk] -= minutes
        self.occupy(contact)

    def occupy(self, contact: Contact) -> None:
        """The time of what is paid."""
        self.spells[contact.mentor_id, contact.day][contact.entry] = self.spells[contact.case_id, contact.day][contact.pk] = spell_of(contact)
        self.with_citizen[contact.case_id].append((spell_of(contact), contact.mentor_id))
        if not contact.just_now:
            self.busy[contact.mentor_id].append((*_times(contact), contact.entry))


def spell_of(contact: Contact) -> Spell:
    return Spell(contact.at, contact.minutes, contact.just_now)


def _times(contact: Contact) -> tuple[Any, Any]:
    return contact.at, contact.at + timedelta(minutes=contact.minutes)


def weigh(supplier: Supplier, lines: Sequence[Asked], *, but: UUID | None = None) -> list[Weighed]:
    """In the order of the invoice. `but`: an invoice whose own lines do not count as paid before."""
    known = _known(supplier, lines, but)
    return [_one(line, known) for line in lines]


def _one(asked: Asked, known: Known) -> Weighed:
    if asked.kind != InvoiceLine.Kind.HOURS:
        return Weighed(asked, known.cases.get(asked.case_number), reason=Reason.COST, note=refused_cost(asked.kind, asked.day))
    case = known.cases.get(asked.case_number)
    if case is None:
        return Weighed(asked, reason=Reason.UNKNOWN_CASE)
    met = known.contacts.get((case.pk, asked.day), [])
    free = [contact for contact in met if known.is_ours(contact) and contact.pk not in known.taken]
    if not free:
        ours = [contact for contact in met if known.is_ours(contact)]
        reason = Reason.DOUBLE if ours else Reason.OTHER_SUPPLIER if met else Reason.NO_CONTACT
        return Weighed(asked, case, reason=reason)
    return _held_against(asked, case, _nearest(free, asked.minutes), known)


def _nearest(contacts: list[Contact], minutes: int) -> Contact:
    """The contact that is meant: as long as what is asked for, else the shortest that is longer, else the longest."""
    longer = [contact for contact in contacts if contact.counted_minutes >= minutes]
    return min(longer, key=lambda each: each.counted_minutes) if longer else max(contacts, key=lambda each: each.counted_minutes)


def _held_against(asked: Asked, case: Case, contact: Contact, known: Known) -> Weighed:
    grant = known.grant_on(case, contact.day)
    if contact.pk in known.denied:
        return Weighed(asked, case, contact, reason=Reason.CITIZEN_SAYS_NO)
    if contact.pk in known.questioned:
        return Weighed(asked, case, contact, reason=Reason.QUESTION, note=_("Send linjen igen, når spørgsmålet er afsluttet."))
    if known.is_elsewhere(contact):
        return Weighed(asked, case, contact, reason=Reason.OVERLAP)
    if known.has_company(contact):
        return Weighed(asked, case, contact, reason=Reason.TWO_MENTORS)
    if known.has_no_room(contact):
        return Weighed(asked, case, contact, reason=Reason.NO_ROOM)
    if case.closed_on and contact.day > case.closed_on:
        return Weighed(asked, case, contact, reason=Reason.AFTER_CLOSING)
    if grant is None:
        return Weighed(asked, case, contact, reason=Reason.OUTSIDE_GRANT)
    minutes, reason = min(asked.minutes, contact.counted_minutes), ""
    if minutes < asked.minutes:
        reason = Reason.MORE_THAN_LOGGED
    if minutes > known.left[grant.pk]:
        minutes, reason = max(known.left[grant.pk], 0), reason or Reason.OVER_GRANT
    if not minutes:
        return Weighed(asked, case, contact, reason=reason)
    amount, too_dear = _amount(asked, minutes, known.engagement_on(contact.mentor_id, contact.day))
    known.take(contact, grant, minutes)
    note = "" if not reason else _("Loggen viser %(minutes)s minutter.") % {"minutes": contact.counted_minutes}
    return Weighed(asked, case, contact, minutes, amount, reason or (Reason.PRICE if too_dear else ""), note)


def _amount(asked: Asked, minutes: int, engagement: Engagement | None) -> tuple[Decimal, bool]:
    """What is asked for these minutes, and at most the price agreed."""
    assert engagement is not None  # the contact is ours
    wanted = asked.amount * minutes / asked.minutes
    agreed = engagement.hourly_price * minutes / 60
    return min(wanted, agreed).quantize(ORE), wanted.quantize(ORE) > agreed.quantize(ORE)


# --- What is known: nine questions, whatever the number of lines ---------------------------------------------------
def _known(supplier: Supplier, lines: Sequence[Asked], but: UUID | None) -> Known:
    cases = {case.number: case for case in Case.objects.filter(number__in={line.case_number for line in lines})}
    days = {line.day for line in lines}
    rows = Contact.objects.filter(case__in=cases.values(), day__in=days, withdrawn=False, counted_minutes__gt=0).exclude(form=Contact.Form.TRIED)
    contacts: dict[tuple[UUID, date], list[Contact]] = defaultdict(list)
    for row in rows.order_by("at", "id"):
        contacts[row.case_id, row.day].append(row)
    engagements: dict[UUID, list[Engagement]] = defaultdict(list)
    for engagement in Engagement.objects.filter(municipality=supplier.municipality_id):
        engagements[engagement.mentor_id].append(engagement)
    paid = InvoiceLine.objects.filter(approved_minutes__gt=0).exclude(invoice=but)
    grants = _grants(cases)
    listed = [contact for group in contacts.values() for contact in group]
    said_no = Confirmation.objects.filter(contact__in=listed, answer="no", source="citizen")
    known = Known(
        supplier, cases, contacts, engagements, grants, _left(grants, but), set(paid.filter(contact__in=listed).values_list("contact", flat=True)),
        denied=set(said_no.values_list("contact", flat=True)), questioned=questions.held(listed),
    )
    for contact in Contact.objects.filter(pk__in=paid.filter(contact__day__in=days).values("contact")):
        known.occupy(contact)
    return known


def _grants(cases: dict[str, Case]) -> dict[UUID, list[Grant]]:
    found: dict[UUID, list[Grant]] = defaultdict(list)
    for grant in Grant.objects.filter(case__in=cases.values(), state__in=[GrantState.DECIDED, GrantState.STOPPED]):
        found[grant.case_id].append(grant)
    return found


def _left(grants: dict[UUID, list[Grant]], but: UUID | None) -> dict[UUID, int]:
    """Granted, less what has been invoiced of it and not refused, with corrections."""
    left = {grant.pk: grant.total_minutes for group in grants.values() for grant in group}
    lines = InvoiceLine.objects.filter(case__in=grants, approved_minutes__gt=0).exclude(invoice=but).order_by()
    fixed = Correction.objects.filter(line__case__in=grants, decided_by__isnull=False).order_by()
    spent = [
        *lines.values_list("case", "contact__day").annotate(sum=Sum("approved_minutes")),
        *fixed.values_list("line__case", "line__contact__day").annotate(sum=Sum("minutes")),
    ]
    for case, day, minutes in spent:
        for grant in grants[case]:
            if grant.start <= day <= grant.end:
                left[grant.pk] -= minutes
    return left
