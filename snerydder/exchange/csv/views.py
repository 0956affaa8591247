"""Import: choose a file, see what would come of it, import or not."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.export import FORMATS
from snerydder.access.permissions import Permission
from snerydder.audit.action import Refusal
from snerydder.exchange.csv import actions, files, queries, work
from snerydder.exchange.csv.forms import FileForm
from snerydder.exchange.csv.models import Import
from snerydder.ui import flash, forms


def _job(request: Request, pk: Any) -> Import:
    return scope.get(Import, pk, request.staff, purpose=_("Importere fra fil"), related=("made_by",))


@needs(Permission.IMPORT)
def upload(request: Request) -> HttpResponse:
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and forms.run(form, lambda facts: actions.read_in(*facts["file"], facts["kind"], by=request.staff)):
        return redirect("exchange:preview", form.outcome.pk)
    return render(request, "exchange/upload.html", {"form": form, "jobs": queries.latest(request.staff), "kinds": Import.Kind.choices})


@needs(Permission.IMPORT)
def preview(request: Request, pk: Any) -> HttpResponse:
    job = _job(request, pk)
    if queries.is_under_way(job):
        return render(request, "exchange/waiting.html", {"job": job, "progress": queries.progress(job)})
    counts, common = queries.counts(job), queries.common_notes(job)
    said = [note for note, count in common if count == job.total_rows - counts["refused"] - counts["same"]]
    shown = [(outcome, queries.lines(job, outcome, request.staff, said)) for outcome in queries.ORDER if counts[outcome]]
    values = {
        "job": job, "counts": counts, "shown": shown, "most": queries.SHOWN, "common": common, "cut_off": queries.was_cut_off(job),
        "unknown": [heading for heading, key in zip(job.headings, job.keys, strict=False) if heading and not key],
        "coming": counts["new"] + counts["changed"], "is_done": job.state == Import.State.DONE,
    }  # fmt: skip
    return render(request, "exchange/preview.html", values)


@require_POST
@needs(Permission.IMPORT)
def run(request: Request, pk: Any) -> HttpResponse:
    job = _job(request, pk)
    try:
        work.start(actions.begin(job, by=request.staff), request.staff)
    except Refusal as refusal:
        flash.refused(request, refusal)
    return redirect("exchange:preview", pk)


@needs(Permission.IMPORT)
def progress(request: Request, pk: Any) -> HttpResponse:
    return JsonResponse(queries.progress(_job(request, pk)))


@require_POST
@needs(Permission.IMPORT)
def drop(request: Request, pk: Any) -> HttpResponse:
    try:
        actions.drop(_job(request, pk), by=request.staff)
    except Refusal as refusal:
        flash.refused(request, refusal)
        return redirect("exchange:preview", pk)
    flash.done(request, _("Filen er fjernet."))
    return redirect("exchange:import")


@needs(Permission.IMPORT)
def refused(request: Request, pk: Any, form: str) -> HttpResponse:
    return files.refused(_job(request, pk), request.staff, form)


@needs(Permission.IMPORT)
def template(request: Request, kind: str, form: str) -> HttpResponse:
    if kind not in Import.Kind.values or form not in FORMATS:
        raise Http404
    return files.template(kind, form)

