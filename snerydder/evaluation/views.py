"""The evaluator's pages: a protocol, data, a calculation, and the report; and the one page others see, when two have let it out."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission as P
from snerydder.audit.action import Refusal
from snerydder.evaluation import actions, forms, queries, shown, store
from snerydder.evaluation.models import Delivery, Release, Run, Study
from snerydder.evaluation.sources.claims import compare
from snerydder.ui import flash
from snerydder.ui.forms import run as run_form

PURPOSE = "evaluering"
# The report stands alone: its style and its letters are in it, it runs nothing, and nothing is fetched.
ALONE = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; sandbox allow-downloads; frame-ancestors 'none'"

WORDS, CELLS = (f"application/vnd.openxmlformats-officedocument.{kind}" for kind in ("wordprocessingml.document", "spreadsheetml.sheet"))
PAPERS = {"pdf": "application/pdf", "docx": WORDS, "xlsx": CELLS}


def study_of(request: Request, pk: UUID) -> Study:
    return scope.get(Study, pk, request.staff, purpose=PURPOSE, related=("made_by",))


def delivery_of(request: Request, pk: UUID) -> Delivery:
    return scope.get(Delivery, pk, request.staff, purpose=PURPOSE, related=("study", "made_by"))


def run_of(request: Request, pk: UUID) -> Run:
    """404 for a report this person may not read."""
    found = scope.get(Run, pk, request.staff, purpose=PURPOSE, related=("study", "delivery", "made_by"))
    if not queries.may_read(found, request.staff):
        raise Http404
    return found


def folder_of(run: Run) -> Path:
    folder = store.results(run, get_language() or "da")
    if not (folder / "report.html").is_file():
        raise Http404
    return folder


@needs(P.EVALUATE, P.SEE_RESULTS, P.WATCH_STUDY)
def studies(request: Request) -> HttpResponse:
    may, reads = request.staff.may(P.EVALUATE), request.staff.may(P.SEE_RESULTS)
    values = {"studies": queries.studies(request.staff), "may_evaluate": may, "may_read": reads, "releases": queries.released(request.staff) if reads else []}
    return render(request, "evaluation/studies.html", values | {"may_release": request.staff.may(P.RELEASE_RESULTS)})


@needs(P.WATCH_STUDY)
def watched(request: Request, pk: UUID) -> HttpResponse:
    """How it goes so far, for whoever looks every week."""
    row = study_of(request, pk)
    delivery = queries.watched(row)
    values: dict[str, Any] = {"study": row, "delivery": delivery, "may_evaluate": request.staff.may(P.EVALUATE), "state": "none"}
    if delivery is not None:
        folder = store.watch_of(delivery)
        found, progress = store.outcome(folder), store.progress(folder)
        values |= {"found": found, "progress": progress, "state": "done" if found and found["done"] else "failed" if found else "running" if progress["running"] else "stopped"}
    if values["state"] == "done":
        values["body"] = shown.watched(values["found"], get_language() or "da")
    return render(request, "evaluation/watched.html", values)


@needs(P.WATCH_STUDY)
def watched_progress(request: Request, pk: UUID) -> HttpResponse:
    delivery = queries.watched(study_of(request, pk))
    if delivery is None:
        raise Http404
    return JsonResponse(store.progress(store.watch_of(delivery)))


@require_POST
@needs(P.EVALUATE)
def watch(request: Request, pk: UUID) -> HttpResponse:
    delivery = queries.watched(study_of(request, pk))
    if delivery is None:
        raise Http404
    do(request, actions.watch, delivery, "")
    return redirect("evaluation:watched", pk)


@needs(P.EVALUATE)
def new(request: Request) -> HttpResponse:
    own = request.GET.get("udfald") == "eget"
    form = forms.BeginForm(request.POST or None, request.FILES or None, own=own)
    if request.method == "POST" and run_form(form, lambda given: actions.begin(by=request.staff, **given)):
        flash.done(request, _("Undersøgelsen er oprettet. Hent nu data."))
        return redirect("evaluation:study", form.outcome.pk)
    return render(request, "evaluation/new.html", {"form": form, "own": own})


@needs(P.EVALUATE)
def study(request: Request, pk: UUID) -> HttpResponse:
    row = study_of(request, pk)
    deliveries = queries.deliveries(row)
    used = next((each for each in deliveries if each.state == Delivery.State.USED), None)
    values = {"study": row, "deliveries": deliveries, "used": used, "runs": queries.runs(row), "amendments": queries.amendments(row)}
    towns = queries.municipalities(row)
    values |= {"towns": towns, "parts": queries.parts(row) if towns > 1 else [], "late": [each for each in values["amendments"] if each.after_data]}
    return render(request, "evaluation/study.html", values)


# --- Protocol, data, calculation -----------------------------------------------------------------
@needs(P.EVALUATE)
def protocol(request: Request, pk: UUID) -> HttpResponse:
    row = study_of(request, pk)
    form = forms.AmendForm(request.POST or None, initial={"protocol": row.protocol, "seen": row.protocol_hash})
    if request.method == "POST" and run_form(form, lambda given: actions.amend(row, by=request.staff, **given)):
        flash.done(request, _("Protokollen er ændret. Den gamle er gemt."))
        return redirect("evaluation:study", pk)
    return render(request, "evaluation/protocol.html", {"form": form, "study": row, "has_data": row.deliveries.exists()})


@needs(P.EVALUATE)
def protocol_file(request: Request, pk: UUID) -> HttpResponse:
    return _sent(study_of(request, pk).protocol.encode(), "text/plain; charset=utf-8", "study.toml")


@needs(P.EVALUATE)
def deliver(request: Request, pk: UUID) -> HttpResponse:
    row = study_of(request, pk)
    form = forms.FilesForm(request.POST, request.FILES) if request.method == "POST" else forms.FilesForm()
    if request.method == "POST" and run_form(form, lambda given: actions.deliver(row, by=request.staff, **given)):
        return redirect("evaluation:delivery", form.outcome.pk)
    return render(request, "evaluation/deliver.html", {"form": form, "study": row})


@needs(P.EVALUATE)
def delivery(request: Request, pk: UUID) -> HttpResponse:
    row = delivery_of(request, pk)
    folder = store.trial_of(row)
    found, earlier = store.outcome(folder), queries.before(row)
    values = {
        "delivery": row, "study": row.study, "found": found, "progress": store.progress(folder), "earlier": earlier,
        "was": store.outcome(store.trial_of(earlier)) if earlier else None, "changes": queries.changes(row, earlier), "missing": queries.missing(row, earlier), "late": queries.late(row.study),
    }  # fmt: skip
    return render(request, "evaluation/delivery.html", values)


@needs(P.EVALUATE)
def delivery_progress(request: Request, pk: UUID) -> HttpResponse:
    return JsonResponse(store.progress(store.trial_of(delivery_of(request, pk))))


def do(request: Request, verb: Any, row: Any, done: str, undo: str = "") -> Any:
    """A verb in one button: what it made, or None when it was refused and the person has been told."""
    try:
        made = verb(row, by=request.staff)
    except Refusal as refusal:
        flash.refused(request, refusal)
        return None
    if done:
        flash.done(request, done, undo=undo)
    return made


@require_POST
@needs(P.EVALUATE)
def use(request: Request, pk: UUID) -> HttpResponse:
    row = delivery_of(request, pk)
    made = do(request, actions.use, row, _("Leverancen er i brug."))
    return redirect("evaluation:study", row.study_id) if made else redirect("evaluation:delivery", pk)


@require_POST
@needs(P.EVALUATE)
def check_again(request: Request, pk: UUID) -> HttpResponse:
    do(request, actions.check_again, delivery_of(request, pk), "")
    return redirect("evaluation:delivery", pk)


@require_POST
@needs(P.EVALUATE)
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    row = delivery_of(request, pk)
    do(request, actions.withdraw, row, _("Leverancen er trukket tilbage."))
    return redirect("evaluation:study", row.study_id)


@require_POST
@needs(P.EVALUATE)
def run_study(request: Request, pk: UUID) -> HttpResponse:
    made = do(request, actions.run, study_of(request, pk), "")
    return redirect("evaluation:run", made.pk) if made else redirect("evaluation:study", pk)


@needs(P.EVALUATE, P.SEE_RESULTS)
def run(request: Request, pk: UUID) -> HttpResponse:
    row = run_of(request, pk)
    told = queries.told(row)
    values = {"run": row, "study": row.study, "told": told, "late": queries.late_amendments(row), "progress": store.progress(store.of_run(row))}
    if told.state == "done":
        folder = folder_of(row)
        values |= {"body": shown.report(row, folder), "has_sources": shown.is_invented_trial(row), "has_money": (folder / "money.csv").is_file(), "tables": shown.tables(folder)}
    rights = {"may_evaluate": request.staff.may(P.EVALUATE), "may_release": request.staff.may(P.RELEASE_RESULTS)}
    return render(request, "evaluation/run.html", values | rights)


@needs(P.EVALUATE)
def run_progress(request: Request, pk: UUID) -> HttpResponse:
    return JsonResponse(store.progress(store.of_run(run_of(request, pk))))


@needs(P.EVALUATE, P.SEE_RESULTS)
def report(request: Request, pk: UUID) -> HttpResponse:
    """The page that stands alone, to be kept, sent or printed."""
    row = run_of(request, pk)
    answer = _sent((folder_of(row) / "report.html").read_bytes(), "text/html; charset=utf-8", "")
    answer["Content-Security-Policy"] = ALONE
    return answer


@needs(P.EVALUATE, P.SEE_RESULTS)
def paper(request: Request, pk: UUID, document: str) -> HttpResponse:
    """The same report as PDF or as a Word file, or its numbers as SØM asks for them."""
    row = run_of(request, pk)
    made = shown.whole(row, folder_of(row), document) if document in PAPERS else None
    if made is None:
        raise Http404
    return _sent(made, PAPERS[document], f"{'som' if document == 'xlsx' else 'rapport'}-{row.number}.{document}")


@needs(P.EVALUATE, P.SEE_RESULTS)
def sources(request: Request, pk: UUID) -> HttpResponse:
    """Each published figure beside our own. Only the invented trial was made to meet them."""
    row = run_of(request, pk)
    rows = compare(folder_of(row)) if shown.is_invented_trial(row) else []
    return render(request, "evaluation/sources.html", {"run": row, "study": row.study, "rows": rows, "agree": sum(each.agrees for each in rows)})


@needs(P.EVALUATE, P.SEE_RESULTS)
def file(request: Request, pk: UUID, name: str) -> HttpResponse:
    found = shown.file(folder_of(run_of(request, pk)), name)
    if found is None:
        raise Http404
    return _sent(*found, name)


@needs(P.EVALUATE)
def ask_release(request: Request, pk: UUID) -> HttpResponse:
    row = run_of(request, pk)
    form = forms.ReleaseForm(request.POST or None)
    if request.method == "POST" and run_form(form, lambda given: actions.ask_release(row, by=request.staff, **given)):
        flash.done(request, _("Lederen er bedt om at frigive rapporten."))
        return redirect("evaluation:run", pk)
    return render(request, "evaluation/ask_release.html", {"form": form, "run": row, "study": row.study})


@require_POST
@needs(P.RELEASE_RESULTS)
def approve_release(request: Request, pk: UUID) -> HttpResponse:
    row = scope.get(Release, pk, request.staff, purpose=PURPOSE)
    do(request, actions.approve_release, row, _("Rapporten er frigivet."))
    return redirect("evaluation:run", row.run_id)


@needs(P.EVALUATE, P.SEE_RESULTS, P.WATCH_STUDY)
def style(request: Request) -> HttpResponse:
    """The report's own style, kept to the report."""
    answer = HttpResponse(shown.style(), content_type="text/css; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def _sent(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    if name:
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
