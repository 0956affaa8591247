"""Questions about invoices: the list, the lines beside what the log knows, and what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import Http404
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.access.permissions import Permission
from snerydder.casework.contacts.models import Contact
from snerydder.casework.payments.models import Correction, Engagement, Invoice, InvoiceLine, Posting, Supplier
from snerydder.casework.payments.states import InvoiceState
from snerydder.casework.people.models import Mentor

PEOPLE = ("supplier", "registered_by", "approved_by", "paid_by")
NONE = Decimal(0)


def listed(staff: Staff, state: str = "") -> QuerySet[Invoice]:
    """The invoices, those that wait first. One question with what is asked, what is to be paid, and lines nobody has decided."""
    waiting = Q(lines__handled_by__isnull=True, lines__approved_amount__lt=F("lines__amount"))
    rows = scope.rows(Invoice, staff).select_related("supplier").annotate(approved=Sum("lines__approved_amount"), open=Count("lines", filter=waiting))
    rows = rows.filter(state=state) if state in InvoiceState.values else rows
    return rows.order_by("-dated", "number", "pk")


def counts(staff: Staff) -> dict[str, int]:
    found = dict(scope.rows(Invoice, staff).order_by().values_list("state").annotate(count=Count("pk")))
    return {state: found.get(state, 0) for state in InvoiceState.values}


def get(staff: Staff, pk: UUID) -> Invoice:
    found = scope.rows(Invoice, staff).select_related(*PEOPLE).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def line_of(staff: Staff, pk: UUID) -> InvoiceLine:
    """One line; its citizen's look-up is written."""
    related = ("invoice__supplier", "case", "contact__mentor__staff", "handled_by")
    found = scope.rows(InvoiceLine, staff).select_related(*related).filter(pk=pk).first()
    if found is None:
        raise Http404
    scope.seen(staff, [found.case.citizen_id if found.case else None], purpose=_("Behandle en faktura"), page="payments.line", kind="page")
    return found


def correction_of(staff: Staff, pk: UUID) -> Correction:
    found = scope.rows(Correction, staff).select_related("line__invoice", "line__case").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Beside:
    """A line and, beside it, what the log knows."""

    line: InvoiceLine
    contact: Contact | None
    said: str  # what was answered about the contact: yes, no, unsure or nothing
    corrections: list[Correction]

    @property
    def is_open(self) -> bool:
        return self.line.differs and self.line.handled_by_id is None

    @property
    def corrected(self) -> Decimal:
        return sum((row.amount for row in self.corrections if row.decided_by_id), NONE)

    @property
    def paid(self) -> Decimal:
        return self.line.approved_amount + self.corrected

    @property
    def fell(self) -> bool:
        """Paid for more than the log shows now: the contact was changed after the payment."""
        minutes = self.line.approved_minutes + sum(row.minutes for row in self.corrections if row.decided_by_id)
        return self.contact is not None and minutes > (0 if self.contact.withdrawn else self.contact.counted_minutes)


def beside(line: InvoiceLine) -> list[Contact]:
    """All contacts of the line's case on its day, also another supplier's."""
    if line.case_id is None:
        return []
    rows = Contact.objects.filter(case=line.case_id, day=line.day, withdrawn=False).select_related("mentor__staff")
    return list(rows.prefetch_related("confirmations").order_by("at"))


def lines_of(invoice: Invoice, staff: Staff) -> list[Beside]:
    """Three questions, and the look-up of every citizen behind a line."""
    rows = invoice.lines.select_related("case", "contact__mentor__staff", "handled_by").prefetch_related("corrections__proposed_by", "contact__confirmations")
    found = []
    for line in rows.order_by("place"):
        said = next((each for each in line.contact.confirmations.all()), None) if line.contact else None
        holds = said is not None and line.contact is not None and (said.day, said.minutes) == (line.contact.day, line.contact.minutes)
        found.append(Beside(line, line.contact, said.answer if said and holds else "", list(line.corrections.all())))
    citizens = [each.line.case.citizen_id for each in found if each.line.case]
    scope.seen(staff, citizens, purpose=_("Behandle en faktura"), page="payments.invoice", kind="page")
    return found


@dataclass(frozen=True)
class Sums:
    asked: Decimal
    to_pay: Decimal
    corrected: Decimal
    open: int

    @property
    def refused(self) -> Decimal:
        return self.asked - self.to_pay

    @property
    def paid(self) -> Decimal:
        return self.to_pay + self.corrected


def sums(lines: list[Beside]) -> Sums:
    return Sums(
        sum((each.line.amount for each in lines), NONE), sum((each.line.approved_amount for each in lines), NONE),
        sum((each.corrected for each in lines), NONE), sum(each.is_open for each in lines),
    )  # fmt: skip


@dataclass(frozen=True)
class May:
    """What this person may do with the invoice now. The verb and the database say it again."""

    decide: bool
    approve: bool
    take_back: bool
    pay: bool
    send_back: bool
    correct: bool
    note: bool  # what the supplier answers, also after the payment
    why_not: str = ""  # the person who must not be the next


def may(invoice: Invoice, staff: Staff) -> May:
    here, hands = invoice.state, {invoice.registered_by_id, invoice.approved_by_id}
    approves = staff.may(Permission.APPROVE_INVOICE)
    registered, approved = here == InvoiceState.REGISTERED, here == InvoiceState.APPROVED
    may_approve = approves and registered and staff.pk != invoice.registered_by_id
    may_pay = staff.may(Permission.PAY_INVOICE) and approved and staff.pk not in hands
    waits = (registered and approves and not may_approve) or (approved and staff.may(Permission.PAY_INVOICE) and not may_pay)
    return May(
        approves and registered, may_approve, approves and approved, may_pay, approves and registered,
        staff.may(Permission.PAY_INVOICE) and here == InvoiceState.PAID,
        approves and here != InvoiceState.RETURNED, staff.name if waits else "",
    )  # fmt: skip


# --- Suppliers and postings -------------------------------------------------------------------------
def suppliers(staff: Staff) -> list[Supplier]:
    return list(scope.rows(Supplier, staff).order_by("name"))


def supplier_of(staff: Staff, pk: UUID) -> Supplier:
    found = scope.rows(Supplier, staff).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def engagements_of(supplier: Supplier) -> list[Engagement]:
    return list(Engagement.objects.filter(supplier=supplier).select_related("mentor__staff").order_by("mentor__staff__sort_key", "-valid_from"))


def mentors(staff: Staff) -> list[Mentor]:
    return list(scope.rows(Mentor, staff).select_related("staff").order_by("staff__sort_key"))


def postings(staff: Staff) -> list[Posting]:
    return sorted(scope.rows(Posting, staff), key=lambda row: (row.target_group == "", [int(part) for part in row.target_group.split(".") if part], -row.valid_from.toordinal()))


@dataclass(frozen=True)
class PaidHour:
    """What an hour that was delivered has cost at a supplier, corrections and all."""

    supplier: Supplier
    minutes: int
    amount: Decimal

    @property
    def per_hour(self) -> Decimal | None:
        return (self.amount * 60 / self.minutes).quantize(Decimal("0.01")) if self.minutes else None


def paid_hours(staff: Staff, first: date, last: date) -> list[PaidHour]:
    """By supplier, what was paid in these days. Three questions."""
    lines = InvoiceLine.objects.filter(municipality=staff.municipality_id, invoice__state=InvoiceState.PAID, invoice__paid_on__range=(first, last)).order_by()
    fixed = Correction.objects.filter(municipality=staff.municipality_id, decided_on__range=(first, last)).order_by()
    found: dict[Any, list[Any]] = {}
    for supplier, minutes, amount in [
        *lines.values_list("invoice__supplier").annotate(minutes_sum=Sum("approved_minutes"), kroner=Sum("approved_amount")),
        *fixed.values_list("line__invoice__supplier").annotate(minutes_sum=Sum("minutes"), kroner=Sum("amount")),
    ]:
        sums = found.setdefault(supplier, [0, NONE])
        sums[0], sums[1] = sums[0] + minutes, sums[1] + amount
    known = {supplier.pk: supplier for supplier in suppliers(staff)}
    rows = [PaidHour(known[pk], minutes, amount) for pk, (minutes, amount) in found.items()]
    return sorted(rows, key=lambda row: row.supplier.name)
