"""An invoice: the list, the lines beside the log, and the buttons of the three persons."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission
from snerydder.audit.action import Refusal
from snerydder.casework.grants import spans
from snerydder.casework.payments import bookkeeping, correcting, invoices, invoicing
from snerydder.casework.payments.forms import CorrectionForm, LineForm, NoteForm, ReturnForm
from snerydder.casework.payments.states import InvoiceState
from snerydder.ui import flash, forms
from snerydder.ui.formats import kr, timer


@needs(Permission.SEE_INVOICES)
def listed(request: Request) -> HttpResponse:
    state = request.GET.get("tilstand", "")
    rows = invoices.listed(request.staff, state)
    page = {
        "rows": list(rows[:200]), "counts": invoices.counts(request.staff), "states": InvoiceState.choices, "state": state,
        "may_register": request.staff.may(Permission.REGISTER_INVOICE), "may_keep": request.staff.may(Permission.KEEP_SUPPLIERS),
        "span": spans.month_of(timezone.localdate()),
    }  # fmt: skip
    return render(request, "payments/invoices.html", page)


@needs(Permission.SEE_INVOICES)
def invoice(request: Request, pk: UUID) -> HttpResponse:
    found = invoices.get(request.staff, pk)
    lines = invoices.lines_of(found, request.staff)
    values = {"invoice": found, "lines": lines, "sums": invoices.sums(lines), "may": invoices.may(found, request.staff), "day": timezone.localdate()}
    return render(request, "payments/invoice.html", values)


def _button(request: Request, pk: UUID, verb: Callable[[Any], Any], said: Callable[[Any], str]) -> HttpResponse:
    found = invoices.get(request.staff, pk)
    try:
        flash.done(request, said(verb(found)))
    except Refusal as refusal:
        flash.refused(request, refusal)
    return redirect("payments:invoice", pk)


def _version(request: Request) -> int | None:
    seen = request.POST.get("version", "")
    return int(seen) if seen.isdecimal() else None


@needs(Permission.APPROVE_INVOICE)
@require_POST
def accept_proposals(request: Request, pk: UUID) -> HttpResponse:
    text = _("Du har taget stilling til %(count)s linjer.")
    return _button(request, pk, lambda found: invoicing.accept_proposals(found, by=request.staff), lambda count: text % {"count": count})


@needs(Permission.APPROVE_INVOICE)
@require_POST
def check_again(request: Request, pk: UUID) -> HttpResponse:
    text = _("Fakturaen er holdt op mod loggen. %(count)s linjer kom anderledes ud.")
    return _button(request, pk, lambda found: invoicing.check_again(found, by=request.staff), lambda rows: text % {"count": len(rows)})


@needs(Permission.APPROVE_INVOICE)
@require_POST
def approve(request: Request, pk: UUID) -> HttpResponse:
    verb: Callable[[Any], Any] = lambda found: invoicing.approve(found, by=request.staff, version=_version(request))  # noqa: E731
    return _button(request, pk, verb, lambda row: _("Fakturaen er godkendt til betaling med %(sum)s.") % {"sum": kr(invoicing.to_pay(row), 2)})


@needs(Permission.APPROVE_INVOICE)
@require_POST
def take_back(request: Request, pk: UUID) -> HttpResponse:
    return _button(request, pk, lambda found: invoicing.take_back(found, by=request.staff), lambda row: _("Godkendelsen er trukket tilbage."))


@needs(Permission.PAY_INVOICE)
@require_POST
def pay(request: Request, pk: UUID) -> HttpResponse:
    verb: Callable[[Any], Any] = lambda found: invoicing.pay(found, by=request.staff, version=_version(request))  # noqa: E731
    return _button(request, pk, verb, lambda row: _("Fakturaen er betalt med %(sum)s.") % {"sum": kr(invoicing.to_pay(row), 2)})


@needs(Permission.APPROVE_INVOICE)
def send_back(request: Request, pk: UUID) -> HttpResponse:
    found, form = invoices.get(request.staff, pk), ReturnForm(request.POST or None)
    if request.method == "POST" and forms.run(form, lambda given: invoicing.send_back(found, by=request.staff, **given)):
        flash.done(request, _("Fakturaen er sendt retur. Der bliver ikke betalt noget af den."))
        return redirect("payments:invoice", pk)
    return render(request, "payments/send_back.html", {"invoice": found, "form": form})


@needs(Permission.APPROVE_INVOICE)
def line(request: Request, pk: UUID) -> HttpResponse:
    """One line to the left, what the log knows to the right, and what is to happen."""
    found = invoices.line_of(request.staff, pk)
    form = LineForm(request.POST or None, line=found, payable=_payable(found))
    if request.method == "POST" and forms.run(form, lambda given: invoicing.decide_line(found, by=request.staff, **form.facts())):
        flash.done(request, _("Linje %(line)s er afgjort.") % {"line": found.place})
        return redirect("payments:invoice", found.invoice_id)
    return render(request, "payments/line.html", {"line": found, "form": form, "log": invoices.beside(found)})


def _payable(found: Any) -> str:
    if not found.contact:
        return _("Følg forslaget: betal ikke noget")
    return _("Betal det, loggen og aftalen giver, højst %(time)s") % {"time": timer(min(found.minutes, found.contact.counted_minutes))}


@needs(Permission.APPROVE_INVOICE)
def note_answer(request: Request, pk: UUID) -> HttpResponse:
    found, form = invoices.line_of(request.staff, pk), NoteForm(request.POST or None)
    if request.method == "POST" and forms.run(form, lambda given: invoicing.note_answer(found, given["answer"], by=request.staff)):
        flash.done(request, _("Leverandørens svar er noteret."))
        return redirect("payments:invoice", found.invoice_id)
    return render(request, "payments/note_answer.html", {"line": found, "form": form})


@needs(Permission.PAY_INVOICE)
def correct(request: Request, pk: UUID) -> HttpResponse:
    found, form = invoices.line_of(request.staff, pk), CorrectionForm(request.POST or None)
    if request.method == "POST" and forms.run(form, lambda given: correcting.propose_correction(found, by=request.staff, **form.facts())):
        flash.done(request, _("Rettelsen er foreslået. En kollega skal beslutte den."))
        return redirect("payments:invoice", found.invoice_id)
    return render(request, "payments/correct.html", {"line": found, "form": form})


@needs(Permission.PAY_INVOICE)
@require_POST
def decide_correction(request: Request, pk: UUID) -> HttpResponse:
    row = invoices.correction_of(request.staff, pk)
    return _button(request, row.line.invoice_id, lambda _i: correcting.decide_correction(row, by=request.staff), lambda _r: _("Rettelsen er besluttet."))


@needs(Permission.PAY_INVOICE)
@require_POST
def drop_correction(request: Request, pk: UUID) -> HttpResponse:
    row = invoices.correction_of(request.staff, pk)
    return _button(request, row.line.invoice_id, lambda _i: correcting.drop_correction(row, by=request.staff), lambda _r: _("Forslaget er afvist."))


@needs(Permission.PAY_INVOICE)
def export(request: Request) -> HttpResponse:
    try:
        return bookkeeping.respond(request.staff, spans.read(request.GET, timezone.localdate()))
    except Refusal as refusal:
        flash.refused(request, refusal)
        return redirect("payments:postings")
