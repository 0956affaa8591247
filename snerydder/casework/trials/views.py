"""The pages of a trial for those who write the protocol and draw. Those of a caseworker are in `enrolling`."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission as P
from snerydder.access.public_number import NumberForm
from snerydder.access.signing import key_of, short
from snerydder.audit.action import Refusal
from snerydder.casework.trials import actions, drawing, forms, joint, power, protocol, published, queries
from snerydder.casework.trials.models import Enrolment, Trial
from snerydder.casework.trials.plan import OUTCOMES, Plan, in_words
from snerydder.casework.trials.states import TrialState
from snerydder.ui import flash
from snerydder.ui.forms import run


def page(request: Request, name: str, values: dict[str, Any]) -> HttpResponse:
    """What one may do decides which buttons the page has."""
    may = request.staff.may
    rights = {"may_write": may(P.WRITE_PROTOCOL), "may_draw": may(P.DRAW_TRIAL), "may_enrol": may(P.ENROL)}
    late = queries.late(values["trial"]) if values.get("trial") and "late" not in values else []
    return render(request, f"trials/{name}.html", rights | {"late": late} | values)


def trial_of(request: Request, pk: UUID) -> Trial:
    return scope.get(Trial, pk, request.staff, purpose=_("forsøg"), related=queries.WITH_PEOPLE)


def to(name: str, row: Any) -> HttpResponse:
    return redirect(f"trials:{name}", row.pk)


@needs(P.SEE_TRIALS)
def overview(request: Request) -> HttpResponse:
    return page(request, "overview", {"trials": list(queries.trials(request.staff))})


# --- The protocol --------------------------------------------------------------------------------
@needs(P.WRITE_PROTOCOL)
def new(request: Request) -> HttpResponse:
    boxes = request.session.pop("trial_file", None) if request.method == "GET" else None
    form = forms.ProtocolForm(request.POST or None, boxes=boxes)
    return _protocol(request, form, None, lambda given: actions.write(by=request.staff, plan=form.plan(), **form.texts()))


@needs(P.WRITE_PROTOCOL)
def edit(request: Request, pk: UUID) -> HttpResponse:
    trial = trial_of(request, pk)
    form = forms.ProtocolForm(request.POST or None, trial=trial)
    return _protocol(request, form, trial, lambda given: actions.rewrite(trial, by=request.staff, plan=form.plan(), **form.texts()))


def _protocol(request: Request, form: forms.ProtocolForm, trial: Trial | None, verb: Any) -> HttpResponse:
    """`Regn styrken` tells what such a trial can show, and stores nothing."""
    told = None
    if request.method == "POST" and request.POST.get("do") == "power":
        form.is_valid()
        plan = form.plan()
        told = power.told(plan, len(plan.strata(request.staff.municipality_id))) if plan else None
        form.errors.pop("title", None)
    elif request.method == "POST" and run(form, verb):
        flash.done(request, _("Protokollen er gemt som kladde."))
        return to("trial", form.outcome)
    return page(request, "protocol", {"form": form, "trial": trial, "told": told})


@needs(P.WRITE_PROTOCOL)
def import_file(request: Request) -> HttpResponse:
    """A protocol of one's own fills the boxes; one that another municipality leads is shown, and nothing is kept before a person says so."""
    form = forms.FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and run(form, lambda given: _read(given["file"].read(joint.LARGEST))):
        if isinstance(form.outcome, str):
            request.session["trial_joint"] = form.outcome
            return redirect("trials:join")
        request.session["trial_file"] = form.outcome
        flash.told(request, _("Filen er læst. Se felterne igennem, og gem protokollen som kladde."))
        return redirect("trials:new")
    return page(request, "import", {"form": form})


def _read(content: bytes) -> str | dict[str, Any]:
    text = content.decode("utf-8", "replace")
    if not text.lstrip().startswith("{"):
        return protocol.read(text)
    joint.read(content)
    return text


@needs(P.WRITE_PROTOCOL)
def join(request: Request) -> HttpResponse:
    """All of what another municipality asks one to follow, and the two boxes that are one's own; or what it has changed since."""
    kept = request.session.get("trial_joint")
    if kept is None:
        return redirect("trials:import_file")
    asked = joint.read(kept.encode())
    mine, form = joint.followed(asked, request.staff), forms.JoinForm(request.POST if request.method == "POST" else None)
    new = [each | {"made_on": date.fromisoformat(each["made_on"])} for each in asked.amendments[mine.amendments.count() if mine else 0 :]]
    if mine:
        form.fields.clear()
    verb = (lambda given: joint.take_changes(mine, asked, by=request.staff)) if mine else (lambda given: joint.join(asked, by=request.staff, **given))
    if request.method == "POST" and run(form, verb):
        del request.session["trial_joint"]
        flash.done(request, _("Ændringerne er taget ind.") if mine else _("Kommunen er med. Protokollen er låst med det samme fingeraftryk som hos de andre."))
        return to("trial", form.outcome)
    labels, strata = _labels(), asked.plan.strata(request.staff.municipality_id)
    values = {"form": form, "asked": asked, "mine": mine, "new": new, "labels": labels, "plan": asked.plan, "strata": strata, "outcomes": OUTCOMES, "in_words": in_words}
    return page(request, "join", values | {"told": power.told(asked.plan, len(strata))})


def _labels() -> dict[str, Any]:
    return {name: each.label for name, each in forms.ProtocolForm.base_fields.items()}


@needs(P.WRITE_PROTOCOL)
def joint_file(request: Request, pk: UUID) -> HttpResponse:
    """What the lead gives the others."""
    row = trial_of(request, pk)
    try:
        told = joint.told(row)
    except Refusal as refusal:
        flash.refused(request, refusal)
        return to("trial", row)
    answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="faelles-protokol-{row.municipality_id}-{row.number}.json"'
    return answer


@needs(P.SEE_TRIALS)
def protocol_file(request: Request, pk: UUID) -> HttpResponse:
    trial = trial_of(request, pk)
    text = trial.protocol_text or protocol.text_of(trial, Plan.of(trial.plan).strata(trial.municipality_id), status="draft")
    return HttpResponse(text, content_type="application/toml; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="study.toml"'})


@needs(P.SEE_TRIALS)
def trial(request: Request, pk: UUID) -> HttpResponse:
    row = trial_of(request, pk)
    plan, counts = Plan.of(row.plan), request.staff.may(P.WRITE_PROTOCOL) and row.state in (TrialState.OPEN, TrialState.CLOSED)
    amendments = queries.amendments(row)
    values = {
        "trial": row, "plan": plan, "amendments": amendments, "late": [each for each in amendments if each.enrolled], "flow": queries.flow(row) if counts else None,
        "promised": (row.evaluator_promise if "evaluator" in request.staff.roles else row.town_promise) != "",
        "has_typed": row.typed_by_id == request.staff.pk, "labels": _labels(), "in_words": in_words, "outcomes": OUTCOMES, "joining": queries.joining(row) if plan.is_joint else None,
        "groups": [key for key, _places in row.strata] or [each.key for each in plan.strata(row.municipality_id)], "key": short(key_of(row.municipality_id)),
    }  # fmt: skip
    return page(request, "trial", values)


@needs(P.WRITE_PROTOCOL)
def lock(request: Request, pk: UUID) -> HttpResponse:
    row = trial_of(request, pk)
    plan, form = Plan.of(row.plan), forms.forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and run(form, lambda given: actions.lock(row, by=request.staff)):
        flash.done(request, _("Protokollen er låst. Fra nu af kan den kun ændres med dato og begrundelse."))
        return to("trial", row)
    strata = plan.strata(row.municipality_id)
    return page(request, "lock", {"form": form, "trial": row, "strata": strata, "told": power.told(plan, len(strata))})


@needs(P.WRITE_PROTOCOL)
def amend(request: Request, pk: UUID) -> HttpResponse:
    row = trial_of(request, pk)
    form = forms.AmendForm(request.POST or None)
    if request.method == "POST" and run(form, lambda given: actions.amend(row, by=request.staff, **given)):
        flash.done(request, _("Ændringen er skrevet. Den står på alt, der kommer ud af forsøget."))
        return to("trial", row)
    return page(request, "amend", {"form": form, "trial": row})


# --- The lottery ---------------------------------------------------------------------------------
@needs(P.WRITE_PROTOCOL)
def promise(request: Request, pk: UUID) -> HttpResponse:
    row = trial_of(request, pk)
    form = forms.PromiseForm(request.POST or None, trial=row)
    if request.method == "POST" and run(form, lambda given: drawing.promise(row, by=request.staff, **given)):
        flash.done(request, _("Hemmeligheden er forseglet, og dens SHA-256 er offentlig."))
        return to("trial", row)
    return page(request, "promise", {"form": form, "trial": row})


@needs(P.DRAW_TRIAL)
def number(request: Request, pk: UUID) -> HttpResponse:
    row = trial_of(request, pk)
    form = NumberForm(request.POST or None)
    if request.method == "POST" and run(form, lambda given: drawing.type_number(row, by=request.staff, **given)):
        second = form.outcome.state == TrialState.DRAWN
        flash.done(request, _("Tallet er bekræftet. Nu kan listen forsegles.") if second else _("Tallet er skrevet. Nu skal en anden person skrive det samme tal."))
        return to("trial", row)
    return page(request, "number", {"form": form, "trial": row})


def _one_button(request: Request, row: Trial, verb: Any, said: str) -> HttpResponse:
    flash.one_button(request, lambda: verb(row, by=request.staff), said)
    return to("trial", row)


@needs(P.DRAW_TRIAL)
@require_POST
def wipe(request: Request, pk: UUID) -> HttpResponse:
    return _one_button(request, trial_of(request, pk), drawing.wipe_number, _("Tallet er slettet. Begge skal skrive det igen."))


@needs(P.DRAW_TRIAL)
@require_POST
def seal(request: Request, pk: UUID) -> HttpResponse:
    said = _("Listen er lavet og forseglet. Sagsbehandlerne kan tage borgere ind.")
    return _one_button(request, trial_of(request, pk), drawing.seal_list, said)


@needs(P.WRITE_PROTOCOL)
def end(request: Request, pk: UUID) -> HttpResponse:
    """Before the promises a trial is given up; when it runs, the intake is closed."""
    row = trial_of(request, pk)
    runs = row.state == TrialState.OPEN
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and run(form, lambda given: (drawing.close if runs else actions.give_up)(row, by=request.staff, **given)):
        flash.done(request, _("Indtaget er slut. Hele lodtrækningen kan nu prøves efter.") if runs else _("Forsøget er opgivet. Det beholder sit nummer."))
        return to("trial", row)
    return page(request, "end", {"form": form, "trial": row, "runs": runs})


@needs(P.SEE_TRIALS)
def list_file(request: Request, pk: UUID) -> HttpResponse:
    return told(trial_of(request, pk), None)


def told(row: Trial, receipt: Enrolment | None) -> HttpResponse:
    if not row.protocol_hash:
        raise Http404
    answer = JsonResponse(published.told(row, receipt), json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = f"kvittering-{receipt.number}.json" if receipt else published.file_name(row)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@needs(P.SEE_TRIALS)
def verifier(request: Request) -> HttpResponse:
    return page(request, "verifier", {"script": published.script()})


@needs(P.SEE_TRIALS)
def verifier_file(request: Request, file: str) -> HttpResponse:
    if file not in published.FILES:
        raise Http404
    text, kind = published.FILES[file]
    return HttpResponse(text(), content_type=kind, headers={"Content-Disposition": f'attachment; filename="verify_lottery.{file}"'})
