"""The verbs of an invoice: registered, every line decided, approved, paid. Three persons; nothing half-booked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.casework.payments.models import Invoice, InvoiceLine, Supplier
from snerydder.casework.payments.states import TRANSITIONS, InvoiceState
from snerydder.casework.payments.told import refused_in_words
from snerydder.casework.payments.weighing import ORE, Asked, Weighed, weigh
from snerydder.ui.formats import dato, kr

ANSWER_DAYS = 14  # so long may the supplier answer a refused line
MOST_LINES = 500
WEIGHED = ("case", "contact", "approved_minutes", "approved_amount", "reason", "note", "answer_by", "handled_by")
Reason = InvoiceLine.Reason


@action
@refused_in_words
def register(supplier: Supplier, number: str, dated: date, lines: Sequence[Asked], *, by: Staff, total: Decimal | None = None, on: date | None = None) -> Invoice:
    """Book the whole invoice, each line held against the log, the grant and the price. `total`: what the invoice itself says."""
    day = on or timezone.localdate()
    _check(number, dated, lines, total, day)
    if Invoice.objects.filter(supplier=supplier, number=number.strip()).exclude(state=InvoiceState.RETURNED).exists():
        raise Refusal(_("Faktura %(number)s fra %(name)s er registreret før.") % {"number": number, "name": supplier.name}, field="number")
    asked = sum((line.amount for line in lines), Decimal(0))
    invoice = Invoice.objects.create(
        municipality_id=by.municipality_id, supplier=supplier, number=number.strip(), dated=dated, total=asked, registered_by=by, registered_on=day
    )
    InvoiceLine.objects.bulk_create([_line(invoice, weighed, day) for weighed in weigh(supplier, lines)])
    record("payments.register", invoice, by=by, on=day, number=invoice.number, supplier=supplier.name, total=asked, lines=len(lines))
    return invoice


def _check(number: str, dated: date, lines: Sequence[Asked], total: Decimal | None, day: date) -> None:
    if not number.strip():
        raise Refusal(_("Fakturaen mangler et nummer."), field="number")
    if dated > day:
        raise Refusal(_("Fakturadatoen ligger i fremtiden."), mend=_("Ret datoen."), field="dated")
    if not 0 < len(lines) <= MOST_LINES:
        raise Refusal(_("En faktura skal have mellem 1 og %(most)s linjer.") % {"most": MOST_LINES}, field="lines")
    for line in lines:
        said = {"line": line.place}
        if line.amount <= 0 or line.minutes < 0:
            raise Refusal(
                _("Linje %(line)s er negativ eller uden beløb.") % said, _("Et fradrag hører til en rettelse af den faktura, det handler om."),
                _("Bed leverandøren om en ny faktura uden linjen."), field="lines",
            )
        if line.kind == InvoiceLine.Kind.HOURS and not 0 < line.minutes <= 24 * 60:
            raise Refusal(_("Linje %(line)s har ikke mellem 1 minut og 24 timer.") % said, mend=_("Skriv én linje for hver dag og borger."), field="lines")
        if line.day > dated:
            raise Refusal(_("Linje %(line)s er for en dag efter fakturadatoen.") % said, mend=_("Ret dagen."), field="lines")
    asked = sum((line.amount for line in lines), Decimal(0))
    if total is not None and asked != total:
        told = {"sum": kr(asked, 2), "total": kr(total, 2)}
        raise Refusal(_("Linjerne giver %(sum)s, men fakturaen lyder på %(total)s.") % told, mend=_("Se efter, om der mangler en linje."), field="total")


def _line(invoice: Invoice, found: Weighed, day: date) -> InvoiceLine:
    asked = found.asked
    line = InvoiceLine(
        municipality_id=invoice.municipality_id, invoice=invoice, place=asked.place, kind=asked.kind, case_number=asked.case_number, day=asked.day,
        text=asked.text[:200], minutes=asked.minutes, amount=asked.amount,
    )
    return _put(line, found, day)


def _put(line: InvoiceLine, found: Weighed, day: date) -> InvoiceLine:
    """What can be paid of the line is proposed; somebody decides, unless all of it can be."""
    line.case, line.contact = found.case, found.contact
    line.approved_minutes, line.approved_amount = found.minutes, found.amount
    line.reason, line.note = found.reason, found.note[:1000]
    line.answer_by = day + timedelta(days=ANSWER_DAYS) if found.reason else None
    line.handled_by = None
    return line


def asked_of(line: InvoiceLine) -> Asked:
    return Asked(line.place, line.day, line.minutes, line.amount, line.case_number, line.kind, line.text)


def _locked(invoice: Invoice, version: int | None = None) -> Invoice:
    """The invoice as it stands now; the second who comes with an older page is told what the first did."""
    found = Invoice.objects.select_for_update().get(pk=invoice.pk)  # no joins: they would be as before the wait
    if version is not None and found.version != version:
        raise Conflict(_what_happened(found), mend=_("Se fakturaen igennem igen."))
    return found


def _what_happened(invoice: Invoice) -> str:
    told = {"number": invoice.number}
    if invoice.state == InvoiceState.PAID and invoice.paid_by:
        return _("%(name)s har betalt faktura %(number)s.") % (told | {"name": invoice.paid_by.name})
    if invoice.state == InvoiceState.APPROVED and invoice.approved_by:
        return _("%(name)s har godkendt faktura %(number)s.") % (told | {"name": invoice.approved_by.name})
    return _("Faktura %(number)s er ændret, siden du åbnede den.") % told


def _move(invoice: Invoice, state: str) -> None:
    if state not in TRANSITIONS[invoice.state]:
        raise Conflict(_what_happened(invoice), _("Fakturaen er %(state)s.") % {"state": InvoiceState(invoice.state).label})
    invoice.state, invoice.version = state, invoice.version + 1


@action
@refused_in_words
def decide_line(
    line: InvoiceLine, *, by: Staff, refuse: bool = False, reason: str = "", note: str = "", answer_by: date | None = None, on: date | None = None
) -> InvoiceLine:
    """Pay what the log shows, or refuse the whole line with a reason from the list. The supplier is told until when to answer."""
    day, invoice = on or timezone.localdate(), _locked(line.invoice)
    if invoice.state != InvoiceState.REGISTERED:
        raise Conflict(_what_happened(invoice))
    found = weigh(invoice.supplier, [asked_of(each) for each in invoice.lines.order_by("place")], but=invoice.pk)[line.place - 1]
    before = {"approved_amount": line.approved_amount, "reason": line.reason}
    _put(line, found, day)
    if refuse:
        line.approved_minutes, line.approved_amount = 0, Decimal(0)
        line.reason = reason or found.reason
        if line.reason not in Reason.values:
            raise Refusal(_("Vælg en grund."), field="reason")
    if line.differs:
        line.note, line.answer_by = note.strip() or line.note, answer_by or line.answer_by or day + timedelta(days=ANSWER_DAYS)
        if line.answer_by < day:
            raise Refusal(_("Fristen er gået."), mend=_("Giv leverandøren en frist, der kommer."), field="answer_by")
    line.handled_by = by
    line.save()
    after = {"approved_amount": line.approved_amount, "reason": line.reason}
    record("payments.decide_line", line, by=by, case=line.case, on=day, number=invoice.number, line=line.place, before=before, after=after)
    return line


@action
@refused_in_words
def accept_proposals(invoice: Invoice, *, by: Staff, on: date | None = None) -> int:
    """Take every open line as the log shows it now: one decision each, and as many questions for three hundred lines as for three."""
    day, invoice = on or timezone.localdate(), _locked(invoice)
    if invoice.state != InvoiceState.REGISTERED:
        raise Conflict(_what_happened(invoice))
    lines = list(invoice.lines.order_by("place").select_related("case"))
    taken: list[InvoiceLine] = []
    for line, found in zip(lines, weigh(invoice.supplier, [asked_of(each) for each in lines], but=invoice.pk), strict=True):
        if line.differs and line.handled_by_id is None:
            before = {"approved_amount": line.approved_amount, "reason": line.reason}
            _put(line, found, day).handled_by = by
            after = {"approved_amount": line.approved_amount, "reason": line.reason}
            record("payments.decide_line", line, by=by, case=line.case, on=day, number=invoice.number, line=line.place, before=before, after=after)
            taken.append(line)
    _save_all(taken)
    if not taken:
        record("payments.accept_proposals", invoice, by=by, on=day, number=invoice.number, lines=0)
    return len(taken)


def _save_all(lines: list[InvoiceLine]) -> None:
    """What is given up before what is taken: a contact is in at most one line at any moment."""
    for some in ([line for line in lines if not line.approved_minutes], [line for line in lines if line.approved_minutes]):
        InvoiceLine.objects.bulk_update(some, WEIGHED)


@action
def note_answer(line: InvoiceLine, text: str, *, by: Staff) -> InvoiceLine:
    """What the supplier says about a refused line."""
    if not text.strip():
        raise Refusal(_("Skriv hvad leverandøren svarer."), field="answer")
    if not line.differs:
        raise Refusal(_("Linjen er betalt fuldt ud."))
    line.answer = text.strip()[:2000]
    line.save(update_fields=["answer"])
    record("payments.note_answer", line, by=by, case=line.case, line=line.place)
    return line


@action
@refused_in_words
def check_again(invoice: Invoice, *, by: Staff, on: date | None = None) -> list[InvoiceLine]:
    """Hold every line against the log as it is now. A line that comes out otherwise must be decided again."""
    day, invoice = on or timezone.localdate(), _locked(invoice)
    if invoice.state != InvoiceState.REGISTERED:
        raise Conflict(_what_happened(invoice))
    lines = list(invoice.lines.order_by("place"))
    changed = []
    for line, found in zip(lines, weigh(invoice.supplier, [asked_of(each) for each in lines], but=invoice.pk), strict=True):
        stands = line.approved_minutes <= found.minutes and line.approved_amount <= found.amount and line.contact_id == getattr(found.contact, "pk", None)
        if not stands or (line.differs and line.handled_by_id is None):
            changed.append(_put(line, found, day))
    _save_all(changed)
    record("payments.check_again", invoice, by=by, on=day, number=invoice.number, lines=[line.place for line in changed])
    return changed


@action
@refused_in_words
def approve(invoice: Invoice, *, by: Staff, version: int | None = None, on: date | None = None) -> Invoice:
    day, invoice = on or timezone.localdate(), _locked(invoice, version)
    _move(invoice, InvoiceState.APPROVED)
    invoice.approved_by, invoice.approved_on, invoice.reopened_at = by, day, None
    invoice.save()
    record("payments.approve", invoice, by=by, on=day, number=invoice.number, amount=to_pay(invoice))
    return invoice


@action
@refused_in_words
def take_back(invoice: Invoice, *, by: Staff) -> Invoice:
    """An approval that is not paid yet falls when somebody who may approve says so."""
    invoice = _locked(invoice)
    _move(invoice, InvoiceState.REGISTERED)
    invoice.approved_by, invoice.approved_on, invoice.reopened_at = None, None, timezone.now()
    invoice.save()
    record("payments.take_back", invoice, by=by, number=invoice.number)
    return invoice


@action
@refused_in_words
def send_back(invoice: Invoice, *, by: Staff, reason: str, on: date | None = None) -> Invoice:
    """The whole invoice goes back: nothing of it is paid, and its number may be used again."""
    day, invoice = on or timezone.localdate(), _locked(invoice)
    if not reason.strip():
        raise Refusal(_("Skriv hvorfor fakturaen går retur."), field="reason")
    for line in invoice.lines.all():
        line.approved_minutes, line.approved_amount, line.handled_by = 0, Decimal(0), by
        line.reason, line.answer_by = line.reason or Reason.RETURNED, line.answer_by or day + timedelta(days=ANSWER_DAYS)
        line.save()
    _move(invoice, InvoiceState.RETURNED)
    invoice.returned_reason = reason.strip()[:1000]
    invoice.save()
    record("payments.send_back", invoice, by=by, on=day, number=invoice.number, reason=reason.strip())
    return invoice


@action
@refused_in_words
def pay(invoice: Invoice, *, by: Staff, version: int | None = None, on: date | None = None) -> Invoice:
    day, invoice = on or timezone.localdate(), _locked(invoice, version)
    _move(invoice, InvoiceState.PAID)
    invoice.paid_by, invoice.paid_on = by, day
    invoice.save()
    record("payments.pay", invoice, by=by, on=day, number=invoice.number, amount=to_pay(invoice))
    return invoice


def to_pay(invoice: Invoice) -> Decimal:
    return sum((line.approved_amount for line in invoice.lines.all()), Decimal(0)).quantize(ORE)


def words_of(line: InvoiceLine) -> Any:
    """Why not all of it is paid, in one sentence, for the page and for the supplier."""
    if not line.differs:
        return ""
    told = _("%(reason)s. Svar senest %(day)s.") % {"reason": line.get_reason_display(), "day": dato(line.answer_by, "lang")}
    return told[:1].upper() + told[1:] + (f" {line.note}" if line.note else "")
