"""The door's pages: what has gone out, who said yes, and from the package to a study."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission as P
from snerydder.audit.action import Refusal
from snerydder.casework.trials.models import Trial
from snerydder.casework.trials.plan import Plan
from snerydder.exchange.research import actions, forms, queries, sheets
from snerydder.exchange.research.models import AnswerFile, Package
from snerydder.ui import flash
from snerydder.ui.forms import run


def package_of(request: Request, pk: UUID) -> Package:
    return scope.get(Package, pk, request.staff, purpose=_("udlevering til undersøgelse"), related=("trial__municipality", "asked_by", "approved_by"))


def page(request: Request, name: str, values: dict[str, Any]) -> HttpResponse:
    rights = {"may_ask": request.staff.may(P.EVALUATE), "may_let_out": request.staff.may(P.RELEASE_RESULTS)}
    return render(request, f"research/{name}.html", values | rights)


@needs(P.EVALUATE, P.RELEASE_RESULTS)
def packages(request: Request) -> HttpResponse:
    return page(request, "packages", {"packages": queries.packages(request.staff), "joint": queries.led(request.staff)})


@needs(P.EVALUATE)
def ask(request: Request) -> HttpResponse:
    form = forms.AskForm(request.POST or None, staff=request.staff)
    if request.method == "POST" and run(form, lambda given: actions.ask(by=request.staff, **given)):
        flash.done(request, _("Lederen er bedt om at udlevere pakken."))
        return redirect("research:package", form.outcome.pk)
    return page(request, "ask", {"form": form, "trials": list(queries.drawn_trials(request.staff))})


@needs(P.EVALUATE, P.RELEASE_RESULTS)
def package(request: Request, pk: UUID) -> HttpResponse:
    row = package_of(request, pk)
    return page(request, "package", {"package": row, "joint": Plan.of(row.trial.plan).is_joint, "answers": queries.answer_files(row)})


@require_POST
@needs(P.RELEASE_RESULTS)
def let_out(request: Request, pk: UUID) -> HttpResponse:
    row = package_of(request, pk)
    flash.one_button(request, lambda: actions.let_out(row, by=request.staff), _("Pakken er lavet og udleveret."))
    return redirect("research:package", pk)


@needs(P.EVALUATE, P.RELEASE_RESULTS)
def zip_file(request: Request, pk: UUID) -> HttpResponse:
    row = package_of(request, pk)
    if row.approved_by_id is None:
        flash.told(request, _("Pakken er ikke udleveret endnu."))
        return redirect("research:package", pk)
    return _sent(actions.zipped(row), "application/zip", f"forsoeg-{row.trial.number}-pakke-{row.number}.zip")


@require_POST
@needs(P.RELEASE_RESULTS)
def keys(request: Request, pk: UUID) -> HttpResponse:
    row = package_of(request, pk)
    try:
        pairs = actions.keys(row, by=request.staff)
    except Refusal as refusal:
        flash.refused(request, refusal)
        return redirect("research:package", pk)
    lines = ["cpr;noegle", *(";".join(pair) for pair in pairs)]
    return _sent(("\r\n".join(lines) + "\r\n").encode(), "text/csv; charset=utf-8", f"noeglefil-forsoeg-{row.trial.number}.csv")


@needs(P.EVALUATE)
def study(request: Request, pk: UUID) -> HttpResponse:
    row = package_of(request, pk)
    plan, sent = Plan.of(row.trial.plan), (request.POST, request.FILES) if request.method == "POST" else ()
    form = forms.OffersForm(*sent, more_offer=plan.more_offer) if plan.more else forms.RegisterForm(*sent)
    if request.method == "POST" and run(form, lambda given: actions.study(row, by=request.staff, **given)):
        return redirect("evaluation:delivery", form.outcome.pk)
    return page(request, "study", {"form": form, "package": row})


@needs(P.EVALUATE)
def survey_list(request: Request, pk: UUID) -> HttpResponse:
    row = package_of(request, pk)
    form = forms.SurveyListForm(request.POST or None)
    if request.method == "POST" and run(form, lambda given: actions.survey_list(row, by=request.staff, **given)):
        kind = form.cleaned_data["kind"]
        return _sent(form.outcome, sheets.KINDS[kind], f"spoergeskema-forsoeg-{row.trial.number}.{kind}")
    return page(request, "survey_list", {"form": form, "package": row})


@needs(P.EVALUATE)
def fetch_answers(request: Request, pk: UUID) -> HttpResponse:
    row = package_of(request, pk)
    form = forms.AnswersForm(request.POST, request.FILES) if request.method == "POST" else forms.AnswersForm()
    if request.method == "POST" and run(form, lambda given: actions.fetch_answers(row, by=request.staff, **given)):
        return redirect("research:answers", form.outcome.pk)
    return page(request, "fetch_answers", {"form": form, "package": row})


def answers_at(request: Request, pk: UUID) -> AnswerFile:
    return scope.get(AnswerFile, pk, request.staff, purpose=_("svar til en undersøgelse"), related=("package__trial", "made_by"))


@needs(P.EVALUATE)
def answers(request: Request, pk: UUID) -> HttpResponse:
    row = answers_at(request, pk)
    return page(request, "answers", {"row": row, "package": row.package, "earlier": queries.answers_before(row)})


@require_POST
@needs(P.EVALUATE)
def use_answers(request: Request, pk: UUID) -> HttpResponse:
    row = answers_at(request, pk)
    flash.one_button(request, lambda: actions.use_answers(row, by=request.staff), _("Svarene er i brug."))
    return redirect("research:answers", pk)


@require_POST
@needs(P.EVALUATE)
def withdraw_answers(request: Request, pk: UUID) -> HttpResponse:
    row = answers_at(request, pk)
    flash.one_button(request, lambda: actions.withdraw_answers(row, by=request.staff), _("Svarene er trukket tilbage."))
    return redirect("research:answers", pk)


@require_POST
@needs(P.EVALUATE)
def open_study(request: Request, pk: UUID) -> HttpResponse:
    """The study of a trial that several municipalities follow, of one of its offers, with the amendments there are now."""
    trial = scope.get(Trial, pk, request.staff, purpose=_("udlevering til undersøgelse"), related=("municipality",))
    found: list[Any] = []
    if not flash.one_button(request, lambda: found.append(actions.open_study(trial, by=request.staff, offer=request.POST.get("offer", "offered"))), _("Undersøgelsen er åben. Tag kommunernes pakker ind.")):
        return redirect("research:packages")
    return redirect("evaluation:study", found[0].pk)


def _sent(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
