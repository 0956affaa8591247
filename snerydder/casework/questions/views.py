"""The pages of the questions. A mentor reads and answers their own; somebody named closes them."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission as P
from snerydder.casework.questions import actions, forms, queries, told
from snerydder.casework.questions.models import OPEN, Question
from snerydder.ui import flash
from snerydder.ui.forms import run

PER_PAGE = 50
CHOICES = {"": gettext_lazy("Åbne"), "mine": gettext_lazy("Til mig"), "leder": gettext_lazy("Hos lederen"), "afsluttet": gettext_lazy("Afsluttede")}


@needs(P.SEE_QUESTIONS)
def overview(request: Request) -> HttpResponse:
    staff, chosen = request.staff, request.GET.get("vis", "")
    rows = queries.questions(staff)
    if chosen == "afsluttet":
        rows = rows.exclude(OPEN).order_by("-closed_on", "pk")
    elif chosen == "leder":
        rows = rows.filter(OPEN, with_leader=True)
    elif chosen == "mine":
        rows = rows.filter(OPEN, named=staff)
    else:
        chosen, rows = "", rows.filter(OPEN)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("side"))
    listed = [{"question": row, "name": told.name(row), "seen": told.seen(row)} for row in page]
    sees_all = queries.sees_all(staff)
    choices = CHOICES if sees_all else {"": _("Åbne"), "afsluttet": _("Afsluttede")}
    return render(request, "questions/overview.html", {"page": page, "listed": listed, "chosen": chosen, "choices": choices, "sees_all": sees_all})


def _page(request: Request, row: Question, name: str, **values: Any) -> HttpResponse:
    said = {"question": row, "name": told.name(row), "seen": told.seen(row), "ask": told.ask(row), "own": row.about_id == request.staff.pk}
    return render(request, f"questions/{name}.html", said | values)


@needs(P.SEE_QUESTIONS)
def question(request: Request, pk: UUID) -> HttpResponse:
    row = queries.get(pk, request.staff)
    contacts = queries.contacts_of(row)
    scope.seen(request.staff, (each.contact.case.citizen_id for each in contacts), purpose=_("Spørgsmål om kontakter"), page="questions:question")
    may_close = request.staff.may(P.CLOSE_QUESTION) and row.about_id != request.staff.pk and (not row.with_leader or "leader" in request.staff.roles)
    return _page(
        request, row, "question", contacts=contacts, history=told.history(queries.history(row)), may_close=may_close,
        may_pass_on=may_close and "leader" not in request.staff.roles, may_case=request.staff.may(P.SEE_CASE), note=_note(row, contacts),
    )  # fmt: skip


def _note(row: Question, contacts: list[Any]) -> str:
    """The text that comes again is shown: it is what the question is about."""
    return contacts[0].contact.note if row.sign == "copied_notes" and contacts else ""


def _to(row: Question) -> HttpResponse:
    return redirect("questions:question", row.pk)


@needs(P.ANSWER_QUESTION)
def answer(request: Request, pk: UUID) -> HttpResponse:
    row = queries.get(pk, request.staff)
    form = forms.AnswerForm(request.POST or None, initial={"answer": row.answer})
    if request.method == "POST" and run(form, lambda given: actions.answer(row, by=request.staff, **given)):
        flash.done(request, _("Svaret er gemt. %(name)s kan se det.") % {"name": row.named.name})
        return _to(row)
    return _page(request, row, "answer", form=form)


@needs(P.CLOSE_QUESTION)
def pass_on(request: Request, pk: UUID) -> HttpResponse:
    row = queries.get(pk, request.staff)
    form = forms.PassOnForm(request.POST or None, staff=request.staff)
    if request.method == "POST" and run(form, lambda given: actions.pass_on(row, by=request.staff, **given)):
        flash.done(request, _("Spørgsmålet ligger nu hos %(name)s.") % {"name": form.outcome.named.name})
        return _to(row)
    return _page(request, row, "pass_on", form=form)


@needs(P.CLOSE_QUESTION)
def close(request: Request, pk: UUID) -> HttpResponse:
    row = queries.get(pk, request.staff)
    form = forms.CloseForm(request.POST or None, staff=request.staff)
    if request.method == "POST" and run(form, lambda given: actions.close(row, by=request.staff, **given)):
        flash.done(request, _("Spørgsmålet er afsluttet."), undo=reverse("questions:reopen", args=[row.pk]))
        return _to(row)
    return _page(request, row, "close", form=form)


@needs(P.CLOSE_QUESTION)
def reopen(request: Request, pk: UUID) -> HttpResponse:
    """From the link right after closing there is nothing to explain; else somebody says why."""
    row = queries.get(pk, request.staff)
    given = {"reason": _("Fortrudt")} if request.method == "POST" and "reason" not in request.POST else request.POST or None
    form = forms.ReopenForm(given)
    if request.method == "POST" and run(form, lambda said: actions.reopen(row, by=request.staff, **said)):
        flash.done(request, _("Spørgsmålet er åbnet igen."))
        return _to(row)
    return _page(request, row, "reopen", form=form)
