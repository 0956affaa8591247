"""The pages of the inspection. A leader reads and witnesses the draw; an auditor draws, answers and reports."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission as P
from snerydder.access.public_number import NumberForm
from snerydder.access.signing import key_of, short
from snerydder.casework.inspections import actions, forms, guide, lists, mending, population, published, queries
from snerydder.casework.inspections import procedures as register
from snerydder.casework.inspections.across import table
from snerydder.casework.inspections.across.papers import FILES as ROUND_FILES
from snerydder.casework.inspections.models import Finding, Measure, Sample
from snerydder.casework.inspections.papers import FILES
from snerydder.casework.inspections.states import SampleState
from snerydder.ui import flash
from snerydder.ui.forms import run

PEOPLE = ("municipality", "frozen_by", "typed_by", "confirmed_by", "ended_by")


def page(request: Request, name: str, values: dict[str, Any]) -> HttpResponse:
    """What one may do decides which buttons the page has."""
    rights = {"may_inspect": request.staff.may(P.INSPECT), "may_keep": request.staff.may(P.KEEP_PROCEDURES), "may_mend": request.staff.may(P.MEND_FINDINGS)}
    return render(request, f"inspections/{name}.html", values | rights)


def sample_of(request: Request, pk: UUID) -> Sample:
    return scope.get(Sample, pk, request.staff, purpose=_("tilsyn"), related=PEOPLE)


def cases_of(request: Request, pk: UUID) -> Sample:
    """A sample of cases; what is asked of cases is not asked of a round."""
    row = sample_of(request, pk)
    if row.is_round:
        raise Http404
    return row


def to_sample(sample: Sample) -> HttpResponse:
    return redirect("inspections:sample", sample.pk)


@needs(P.SEE_INSPECTIONS)
def overview(request: Request) -> HttpResponse:
    staff = request.staff
    values = {"samples": list(queries.samples(staff)), "measures": list(queries.measures(staff)), "register": register.register(staff)}
    return page(request, "overview", values)


# --- The draw ----------------------------------------------------------------------------------
@needs(P.INSPECT)
def new(request: Request) -> HttpResponse:
    """Counting first: the button Tæl shows the groups and stores nothing."""
    form, groups = forms.SampleForm(request.POST or None, staff=request.staff), []
    if request.method == "POST":
        if request.POST.get("do") == "freeze" and run(form, lambda given: _freeze(request, form, given)):
            flash.done(request, _("Listen er frosset. Offentliggør den nu, og vent på tallet."))
            return to_sample(form.outcome)
        form.is_valid()
        wanted = form.wanted()
        groups = [each.told() for each in population.strata(request.staff, wanted)] if wanted else []
        if request.POST.get("do") != "freeze":
            form.quiet()
    return page(request, "new", {"form": form, "groups": groups, "counted": request.method == "POST"})


def _freeze(request: Request, form: forms.SampleForm, given: dict[str, Any]) -> Sample:
    rest = {name: given[name] for name in ("title", "seed_source", "seed_day", "answer_by")}
    return actions.freeze(by=request.staff, wanted=form.wanted(), **rest)


@needs(P.SEE_INSPECTIONS)
def sample(request: Request, pk: UUID) -> HttpResponse:
    row = sample_of(request, pk)
    may_type = row.typed_by_id != request.staff.pk
    if row.is_round:
        values = {"sample": row, "round": table.result(row), "asks": table.asks(row), "chapters": guide.of(row.guide).chapters, "may_type": may_type}
        return page(request, "round", values | {"short": short})
    drawn = queries.drawn_cases(row)
    scope.seen(request.staff, (each.case.citizen_id for each in drawn), purpose=_("tilsyn"), page="inspections:sample")
    values = {
        "sample": row, "rows": queries.rows_of(row, drawn), "findings": queries.findings(row), "form": NumberForm(),
        "results": queries.results(row) if drawn else None, "may_type": may_type, "own_key": short(key_of(row.municipality_id)) if row.round_hash else "",
    }  # fmt: skip
    return page(request, "sample", values)


@needs(P.WITNESS_DRAW)
def number(request: Request, pk: UUID) -> HttpResponse:
    row = sample_of(request, pk)
    if request.method == "GET" and row.is_drawn:  # an old link; what was drawn stands on the page of the sample
        return to_sample(row)
    form = NumberForm(request.POST or None)
    if request.method == "POST" and run(form, lambda given: actions.type_number(row, by=request.staff, **given)):
        drawn = form.outcome.is_drawn
        flash.done(request, (_("Kommunerne er udtrukket.") if row.is_round else _("Sagerne er udtrukket.")) if drawn else _("Tallet er skrevet. Nu skal en anden person skrive det samme tal."))
        return to_sample(row)
    return page(request, "number", {"form": form, "sample": row})


@needs(P.WITNESS_DRAW)
@require_POST
def wipe(request: Request, pk: UUID) -> HttpResponse:
    row = sample_of(request, pk)
    flash.one_button(request, lambda: actions.wipe_number(row, by=request.staff), _("Tallet er slettet. Begge skal skrive det igen."))
    return to_sample(row)


@needs(P.INSPECT)
def give_up(request: Request, pk: UUID) -> HttpResponse:
    row = sample_of(request, pk)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and run(form, lambda given: actions.give_up(row, by=request.staff, **given)):
        flash.done(request, _("Stikprøven er opgivet. Den beholder sit nummer."))
        return to_sample(row)
    return page(request, "give_up", {"form": form, "sample": row})


@needs(P.SEE_INSPECTIONS)
def list_file(request: Request, pk: UUID) -> HttpResponse:
    row = sample_of(request, pk)
    answer = JsonResponse(lists.published(row, queries.drawn_of(row)), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{published.file_name(row)}"'
    return answer


@needs(P.SEE_INSPECTIONS)
def verifier(request: Request) -> HttpResponse:
    return page(request, "verifier", {"python": published.python(), "script": published.script()})


@needs(P.SEE_INSPECTIONS)
def verifier_file(request: Request, program: str) -> HttpResponse:
    if program not in published.FILES:
        raise Http404
    text, kind = published.FILES[program]
    return HttpResponse(text(), content_type=kind, headers={"Content-Disposition": f'attachment; filename="verify_draw.{program}"'})


# --- The room ----------------------------------------------------------------------------------
@needs(P.INSPECT)
def room(request: Request, pk: UUID) -> HttpResponse:
    drawn = queries.drawn(pk, request.staff, _("tilsyn med en udtrukket sag"))
    form = forms.AnswerForm(request.POST or None, asked=queries.asked(drawn.sample, drawn))
    if request.method == "POST" and run(form, lambda given: actions.answer(drawn.sample, drawn, by=request.staff, answers=form.answers())):
        flash.done(request, _("Svarene er gemt."))
        following = queries.next_unanswered(drawn.sample, drawn) if request.POST.get("do") == "next" else None
        return redirect(reverse("inspections:room", args=[following.pk]) + "#videre") if following else to_sample(drawn.sample)
    so_far = {"results": queries.results(drawn.sample), "findings": queries.findings(drawn.sample)}
    return page(request, "room", {"form": form, "drawn": drawn, "sample": drawn.sample, "case": drawn.case} | so_far)


@needs(P.INSPECT)
def part_one(request: Request, pk: UUID) -> HttpResponse:
    row = cases_of(request, pk)
    form = forms.AnswerForm(request.POST or None, asked=queries.asked(row, None))
    if request.method == "POST" and run(form, lambda given: actions.answer(row, None, by=request.staff, answers=form.answers())):
        flash.done(request, _("Svarene er gemt."))
        return to_sample(row)
    kept = {each.line.key: each for each in register.register(request.staff)}
    return page(request, "part_one", {"form": form, "sample": row, "kept": kept})


@needs(P.INSPECT)
def close(request: Request, pk: UUID) -> HttpResponse:
    row = sample_of(request, pk)
    form = forms.ConclusionForm(request.POST or None)
    if request.method == "POST" and run(form, lambda given: actions.report(row, by=request.staff, **given)):
        flash.done(request, _("Stikprøven er afsluttet. Rapporten og brevet er klar."))
        return to_sample(row)
    return page(request, "close", {"form": form, "sample": row})


@needs(P.SEE_INSPECTIONS)
def report(request: Request, pk: UUID, paper: str) -> HttpResponse:
    row = sample_of(request, pk)
    files = ROUND_FILES if row.is_round else FILES
    if paper not in files or row.state not in (SampleState.DRAWN, SampleState.REPORTED):
        raise Http404
    wanted = files[paper]
    named = f'attachment; filename="{wanted.name}-{row.number}.{paper.rpartition(".")[2]}"'
    return HttpResponse(wanted.make(row, request.staff), content_type=wanted.kind, headers={"Content-Disposition": named})


# --- Findings, measures, procedures ------------------------------------------------------------
@needs(P.INSPECT)
def find(request: Request, pk: UUID) -> HttpResponse:
    row = cases_of(request, pk)
    form = forms.FindingForm(request.POST or None, version=row.guide, initial={"line": request.GET.get("linje", "")})
    if request.method == "POST" and run(form, lambda given: mending.find(row, by=request.staff, **given)):
        flash.done(request, _("Fundet er skrevet. Aftal nu, hvad der skal gøres."))
        return redirect("inspections:plan", form.outcome.pk)
    return page(request, "find", {"form": form, "sample": row, "results": queries.results(row) if row.is_drawn else None})


@needs(P.SEE_INSPECTIONS)
def plan(request: Request, pk: UUID) -> HttpResponse:
    finding = scope.get(Finding, pk, request.staff, purpose=_("tilsyn"), related=("sample",))
    form = forms.MeasureForm(request.POST or None, staff=request.staff)
    if request.method == "POST" and run(form, lambda given: mending.plan(finding, by=request.staff, **given)):
        flash.done(request, _("Tiltaget er aftalt. Den ansvarlige ser det på sin egen liste."))
        return to_sample(finding.sample)
    return page(request, "plan", {"form": form, "finding": finding})


def measure_of(request: Request, pk: UUID) -> Measure:
    return scope.get(Measure, pk, request.staff, purpose=_("tilsyn"), related=("owner", "finding__sample"))


@needs(P.MEND_FINDINGS, P.SEE_INSPECTIONS)
def measures(request: Request) -> HttpResponse:
    values = {"own": queries.own_measures(request.staff), "all": list(queries.measures(request.staff)) if request.staff.may(P.SEE_INSPECTIONS) else []}
    return page(request, "measures", values)


@needs(P.MEND_FINDINGS)
def done(request: Request, pk: UUID) -> HttpResponse:
    row = measure_of(request, pk)
    form = forms.DoneForm(request.POST or None)
    if request.method == "POST" and run(form, lambda given: mending.done(row, by=request.staff, **given)):
        flash.done(request, _("Det er skrevet, at det er gjort. En anden ser efter, om det hjalp."))
        return redirect("inspections:measures")
    return page(request, "done", {"form": form, "measure": row})


@needs(P.INSPECT)
def check(request: Request, pk: UUID) -> HttpResponse:
    row = measure_of(request, pk)
    form = forms.CheckForm(request.POST or None)
    if request.method == "POST" and run(form, lambda given: mending.check(row, by=request.staff, helped=given["helped"] == "yes", text=given["text"])):
        flash.done(request, _("Eftersynet er gemt."))
        return to_sample(row.finding.sample)
    return page(request, "check", {"form": form, "measure": row})


@needs(P.SEE_INSPECTIONS)
def procedures(request: Request) -> HttpResponse:
    return page(request, "procedures", {"register": register.register(request.staff)})


def kept_of(request: Request, procedure: str) -> register.Kept:
    if kept := register.of(request.staff, procedure):
        return kept
    raise Http404


@needs(P.SEE_INSPECTIONS)
def unfollowed(request: Request, procedure: str) -> HttpResponse:
    """The cases behind the figure: where a check of the procedure has a remark."""
    kept = kept_of(request, procedure)
    side = Paginator(register.not_following(request.staff, kept), 50).get_page(request.GET.get("side"))
    scope.seen(request.staff, (case.citizen_id for case in side), purpose=_("tilsyn"), page="inspections:unfollowed")
    return page(request, "unfollowed", {"kept": kept, "side": side})


@needs(P.KEEP_PROCEDURES)
def procedure(request: Request, procedure: str) -> HttpResponse:
    kept = kept_of(request, procedure)
    form = forms.ProcedureForm(request.POST or None, staff=request.staff, latest=kept.latest)
    if request.method == "POST" and run(form, lambda given: mending.keep_procedure(procedure, by=request.staff, **given)):
        flash.done(request, _("Udgaven er gemt."))
        return redirect("inspections:procedures")
    return page(request, "procedure", {"form": form, "kept": kept, "versions": register.versions(request.staff, procedure)})
