"""The four columns' rows, the month's time sheet, and who confirms a contact."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access import export, scope
from snerydder.access.door import Request, needs, open_to_all
from snerydder.access.permissions import Permission
from snerydder.audit.action import Refusal
from snerydder.casework.cases.models import Case
from snerydder.casework.grants import spans
from snerydder.casework.payments import actions, codes, hours, paper, queries, sheets, whose
from snerydder.casework.payments.forms import AnswerForm, CodeForm, ConfirmForm
from snerydder.ui import flash, forms


def month_of(word: str) -> spans.Span:
    """2026-08, or nothing is there."""
    span = spans.read({"maaned": word}, timezone.localdate())
    if f"{span.first:%Y-%m}" != word:
        raise Http404
    return span


@needs(Permission.SEE_HOURS)
def rows(request: Request, pk: UUID, month: str) -> HttpResponse:
    """Exactly the rows a figure is the sum of: one column, or all four."""
    span = month_of(month)
    case = scope.get(Case, pk, request.staff, purpose=_("Se timerne i en måned"), page="payments.hours", related=("citizen", "unit"))
    chosen = request.GET.get("kolonne", "")
    keys = [chosen] if chosen in hours.COLUMNS else list(hours.COLUMNS)
    of = whose.read(request.GET, request.staff)
    shown = [hours.cell(case, request.staff, span, key, *([of.contacts] if of else [])) for key in keys]
    return render(request, "payments/hours.html", {
        "case": case, "span": span, "month": month, "cells": shown, "one": len(keys) == 1, "of": of, "may_name": request.staff.may(Permission.SEE_CASE),
        "may_confirm": request.staff.may(Permission.CONFIRM_CONTACT),
    })  # fmt: skip


@needs(Permission.SEE_SHEETS)
def sheet_list(request: Request) -> HttpResponse:
    today = timezone.localdate()
    span = spans.read(request.GET, today)
    span = spans.month_of(today.replace(day=1)).moved(-1) if not request.GET or span.is_year else span
    listed = sheets.sheets_of(request.staff, span)
    return render(request, "payments/sheets.html", {"span": span, "listed": listed, "month": f"{span.first:%Y-%m}"})


def _sheet(request: Request, pk: UUID, month: str, kind: str) -> sheets.Sheet:
    found = sheets.sheet(sheets.mentor_of(request.staff, pk), month_of(month))
    persons = [line.contact.case.citizen_id for line in found.lines]
    scope.seen(request.staff, persons, purpose=_("Timeseddel"), page="payments.sheet", kind=kind)
    return found


@needs(Permission.SEE_SHEETS)
def sheet(request: Request, pk: UUID, month: str) -> HttpResponse:
    found = _sheet(request, pk, month, "page")
    own = request.staff.may(Permission.APPROVE_SHEET) and found.mentor.staff_id in scope.actors(request.staff)
    if request.method == "POST":
        return _approve(request, found)
    over = found.span.last < timezone.localdate()
    return render(request, "payments/sheet.html", {"sheet": found, "month": month, "own": own, "over": over})


def _approve(request: Request, found: sheets.Sheet) -> HttpResponse:
    seen = request.POST.get("minutes", "")
    try:
        actions.approve_sheet(found.mentor, found.span.first, by=request.staff, minutes=int(seen) if seen.isdecimal() else None)
        flash.done(request, _("Timerne er godkendt."))
    except Refusal as refusal:
        flash.refused(request, refusal)
    return redirect(request.path)


def _file(content: bytes, kind: str, found: sheets.Sheet) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="timeseddel-{found.span.first:%Y-%m}.{"pdf" if kind == "application/pdf" else "xlsx"}"'
    return answer


@needs(Permission.SEE_SHEETS)
def sheet_pdf(request: Request, pk: UUID, month: str) -> HttpResponse:
    found = _sheet(request, pk, month, "export")
    return _file(paper.pdf(found, request.staff.municipality), "application/pdf", found)


@needs(Permission.SEE_SHEETS)
def sheet_xlsx(request: Request, pk: UUID, month: str) -> HttpResponse:
    found = _sheet(request, pk, month, "export")
    return _file(paper.xlsx(found), export.TYPES["xlsx"], found)


@needs(Permission.CONFIRM_CONTACT)
def confirm(request: Request, pk: UUID) -> HttpResponse:
    contact = queries.contact_of(request.staff, pk)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and forms.run(form, lambda given: actions.confirm(contact, by=request.staff, **given)):
        flash.done(request, _("Svaret er skrevet."))
        return redirect("payments:hours", contact.case_id, f"{contact.day:%Y-%m}")
    asked = queries.asked_about(contact)
    return render(request, "payments/confirm.html", {"contact": contact, "form": form, "said": queries.said_of(contact), "asked": asked, "message": queries.message_of(asked)})


@needs(Permission.CONFIRM_CONTACT)
@require_POST
def ask(request: Request, pk: UUID) -> HttpResponse:
    """The code is shown once, to be read aloud to a citizen who has no telephone."""
    contact = queries.contact_of(request.staff, pk)
    try:
        asked = actions.ask(contact, by=request.staff)
    except Refusal as refusal:
        flash.refused(request, refusal)
        return redirect("payments:confirm", pk)
    return render(request, "payments/asked.html", {"contact": contact, "asked": asked, "code": codes.code_of(asked)})


# --- The citizen, without a sign-in -----------------------------------------------------------------
@open_to_all
def code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("payments:answer", form.cleaned_data["code"].strip().upper().replace("/", ""))
    return render(request, "payments/code.html", {"form": form})


@open_to_all
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """One question, one answer, and thanks. To look does not use the code up; to answer does."""
    asked = queries.request_behind(code)
    if asked is None:
        return render(request, "payments/code_used.html", status=404)
    request.speaks_for = asked.municipality  # type: ignore[attr-defined]  # the citizen knows the municipality, not the program
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and forms.run(form, lambda given: actions.answer(asked, given["answer"])):
        return render(request, "payments/thanks.html", {"asked": asked})
    shown: dict[str, Any] = {"form": form, "contact": asked.contact, "mentor": asked.contact.mentor.staff.name.split()[0], "municipality": asked.municipality}
    return render(request, "payments/answer.html", shown)
