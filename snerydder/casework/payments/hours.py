"""Four columns of the same hours: granted, delivered, confirmed, invoiced; and behind each figure exactly the rows it is the sum of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import Case
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.spans import Span, minutes_in, month_of
from snerydder.casework.grants.states import GrantState
from snerydder.casework.payments.models import Correction, InvoiceLine

MOST_MONTHS = 24
ALL = Q()
Contacts = Callable[[str], Q]
# the word in an address, the heading
COLUMNS = {"bevilget": _("Bevilget"), "leveret": _("Leveret"), "bekraeftet": _("Bekræftet"), "faktureret": _("Faktureret")}
# A confirmation holds for the contact as it stood: once the day or the time is changed, nobody has confirmed it.
CONFIRMED = Q(confirmations__answer="yes", confirmations__day=F("day"), confirmations__minutes=F("minutes"))


@dataclass(frozen=True)
class Four:
    """Minutes of one case in one month."""

    granted: int = 0
    delivered: int = 0
    confirmed: int = 0
    invoiced: int = 0

    def cells(self) -> list[tuple[str, int]]:
        """With the word each has in an address."""
        return list(zip(COLUMNS, (self.granted, self.delivered, self.confirmed, self.invoiced), strict=True))


def grants_in(staff: Staff, span: Span) -> QuerySet[Grant]:
    return scope.rows(Grant, staff).filter(state__in=[GrantState.DECIDED, GrantState.STOPPED], start__lte=span.last, end__gte=span.first)


def contacts_in(staff: Staff, span: Span) -> QuerySet[Contact]:
    return scope.rows(Contact, staff).filter(day__range=(span.first, span.last), withdrawn=False).order_by()


def lines_in(staff: Staff, span: Span) -> QuerySet[InvoiceLine]:
    """What is invoiced and not refused, by the day of the contact."""
    found = InvoiceLine.objects.filter(municipality=staff.municipality_id, approved_minutes__gt=0)
    return found.filter(contact__day__range=(span.first, span.last)).order_by()


def corrections(staff: Staff) -> QuerySet[Correction]:
    return Correction.objects.filter(municipality=staff.municipality_id, decided_by__isnull=False).order_by()


def by_case(staff: Staff, span: Span, cases: Collection[UUID]) -> dict[UUID, Four]:
    """These cases' four columns in the span. Four questions, whatever their number."""
    found: dict[UUID, Four] = defaultdict(Four)
    if not cases:
        return found
    for grant in grants_in(staff, span).filter(case__in=cases):
        found[grant.case_id] = replace(found[grant.case_id], granted=found[grant.case_id].granted + minutes_in(grant, span))
    for case, delivered, confirmed in contacts_in(staff, span).filter(case__in=cases).values_list("case").annotate(**sums()):
        found[case] = replace(found[case], delivered=delivered, confirmed=confirmed)
    for case, minutes in invoiced(staff, span, cases).items():
        found[case] = replace(found[case], invoiced=minutes)
    return found


def sums() -> dict[str, Sum]:
    return {"delivered": Sum("counted_minutes", default=0), "confirmed": Sum("counted_minutes", filter=CONFIRMED, default=0)}


def delivered_by_case(staff: Staff, span: Span, only: Q = ALL) -> list[tuple[Any, ...]]:
    """(case, citizen, number, unit, delivered, confirmed) of every case with contact in the span: one question."""
    rows = contacts_in(staff, span).filter(only).values("case", "case__citizen", "case__number", "case__unit__name")
    listed: Any = rows.annotate(**sums()).filter(delivered__gt=0)  # type: ignore[misc]  # the sum above
    return list(listed.values_list("case", "case__citizen", "case__number", "case__unit__name", "delivered", "confirmed"))


def invoiced(staff: Staff, span: Span, cases: Collection[UUID] | None = None, *, only: tuple[Q, Q] = (ALL, ALL)) -> dict[UUID, int]:
    """Minutes invoiced, with what was corrected afterwards. `only`: a condition on the lines, and the same on what is corrected."""
    lines = lines_in(staff, span).filter(only[0])
    fixed = corrections(staff).filter(only[1], line__contact__day__range=(span.first, span.last))
    if cases is not None:
        lines, fixed = lines.filter(case__in=cases), fixed.filter(line__case__in=cases)
    found = dict(lines.values_list("case").annotate(sum=Sum("approved_minutes")))
    for case, minutes in fixed.values_list("line__case").annotate(sum=Sum("minutes")):
        found[case] = found.get(case, 0) + minutes
    return found


@dataclass(frozen=True)
class Month:
    span: Span
    four: Four

    @property
    def word(self) -> str:
        """As it stands in an address: 2026-08."""
        return f"{self.span.first:%Y-%m}"


def of_period(case: Case, staff: Staff, span: Span) -> tuple[int, int]:
    """Confirmed and invoiced minutes of a period. Three questions."""
    found = contacts_in(staff, span).filter(case=case).aggregate(**sums())
    return found["confirmed"], invoiced(staff, span, [case.pk]).get(case.pk, 0)


def months_of(case: Case, staff: Staff, grants: Sequence[Grant] | None = None) -> list[Month]:
    """Every month with hours of any kind, the newest first. Three questions when the periods are known."""
    if grants is None:
        grants = list(Grant.objects.filter(case=case, state__in=[GrantState.DECIDED, GrantState.STOPPED]))
    contacts = scope.rows(Contact, staff).filter(case=case, withdrawn=False).order_by()
    by_month = {month: rest for month, *rest in contacts.annotate(month=TruncMonth("day")).values_list("month").annotate(**sums())}
    lines = InvoiceLine.objects.filter(case=case, approved_minutes__gt=0).order_by()
    asked = dict(lines.annotate(month=TruncMonth("contact__day")).values_list("month").annotate(sum=Sum("approved_minutes")))
    fixed = corrections(staff).filter(line__case=case).annotate(month=TruncMonth("line__contact__day"))
    for month, minutes in fixed.values_list("month").annotate(sum=Sum("minutes")):
        asked[month] = asked.get(month, 0) + minutes
    months = {first for grant in grants for first in _firsts(grant)} | set(by_month) | set(asked)
    found = []
    for first in sorted(months, reverse=True)[:MOST_MONTHS]:
        span = month_of(first)
        delivered, confirmed = by_month.get(first, (0, 0))
        granted = sum(minutes_in(grant, span) for grant in grants if grant.start and grant.end and grant.start <= span.last and grant.end >= span.first)
        found.append(Month(span, Four(granted, delivered, confirmed, asked.get(first, 0))))
    return found


def _firsts(grant: Grant) -> list[date]:
    assert grant.start and grant.end
    span, found = month_of(grant.start), []
    while span.first <= grant.end:
        found.append(span.first)
        span = span.moved(1)
    return found


@dataclass(frozen=True)
class Row:
    """One row behind a figure."""

    day: date
    what: Any
    minutes: int
    said: str = ""  # what was answered, or the state of the invoice
    contact: Contact | None = None
    invoice: Any = None


@dataclass(frozen=True)
class Cell:
    key: str
    heading: Any
    rows: list[Row] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.rows)


def cell(case: Case, staff: Staff, span: Span, key: str, contacts: Contacts = lambda prefix: ALL) -> Cell:
    """The rows of one column of one case and month. Their sum is the figure. `contacts`: a condition on the contact that lies `prefix` away."""
    rows = {"bevilget": _granted, "leveret": _delivered, "bekraeftet": _confirmed, "faktureret": _invoiced}[key](case, staff, span, contacts)
    return Cell(key, COLUMNS[key], rows)


def _granted(case: Case, staff: Staff, span: Span, contacts: Contacts) -> list[Row]:
    found = grants_in(staff, span).filter(case=case).order_by("start")
    return [Row(max(grant.start or span.first, span.first), grant, minutes_in(grant, span)) for grant in found]


def _delivered(case: Case, staff: Staff, span: Span, contacts: Contacts, only: Q = ALL) -> list[Row]:
    found = contacts_in(staff, span).filter(case=case).exclude(form=Contact.Form.TRIED).select_related("mentor__staff").prefetch_related("confirmations").order_by("at", "id")
    rows = []
    for contact in found.filter(contacts(""), only):
        said = next((each for each in contact.confirmations.all()), None)
        holds = said is not None and (said.day, said.minutes) == (contact.day, contact.minutes)
        rows.append(Row(contact.day, contact, contact.counted_minutes, said.answer if said and holds else "changed" if said else "", contact))
    return rows


def _confirmed(case: Case, staff: Staff, span: Span, contacts: Contacts) -> list[Row]:
    return _delivered(case, staff, span, contacts, CONFIRMED)


def _invoiced(case: Case, staff: Staff, span: Span, contacts: Contacts) -> list[Row]:
    lines = lines_in(staff, span).filter(contacts("contact__"), case=case).select_related("invoice__supplier", "contact").order_by("contact__day", "pk")
    rows = [Row(line.contact.day, line, line.approved_minutes, line.invoice.state, line.contact, line.invoice) for line in lines if line.contact]
    fixed = corrections(staff).filter(contacts("line__contact__"), line__case=case, line__contact__day__range=(span.first, span.last)).select_related("line__invoice__supplier")
    return rows + [Row(row.decided_on or row.proposed_on, row, row.minutes, "corrected", None, row.line.invoice) for row in fixed.order_by("decided_on")]
