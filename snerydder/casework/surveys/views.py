"""The questionnaires: one's own list, one's own answer, the citizen's answer by a code, and the coordinator's count."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import Request, needs, open_to_all
from snerydder.access.permissions import Permission as P
from snerydder.casework.cases.models import Case
from snerydder.casework.surveys import actions, queries
from snerydder.casework.surveys.forms import SurveyForm
from snerydder.casework.surveys.instrument import newest
from snerydder.ui import flash, formats, forms


@needs(P.ANSWER_SURVEY, P.ASK_SURVEY)
def overview(request: Request) -> HttpResponse:
    day, staff = timezone.localdate(), request.staff
    rows = queries.due(staff, day)
    scope.seen(staff, [row.case.citizen_id for row in rows], purpose=_("spørgeskemaer"), page="surveys:overview")
    counts = queries.counts(staff, day) if staff.may(P.ASK_SURVEY) else None
    return render(request, "surveys/overview.html", {"rows": rows, "counts": counts, "day": day})


@needs(P.ANSWER_SURVEY)
def answer(request: Request, pk: UUID) -> HttpResponse:
    case = scope.get(Case, pk, request.staff, purpose=_("spørgeskemaer"), related=("citizen", "mentor__staff"))
    voice = queries.voice_of(case, request.staff)
    if queries.waits_for(case, voice, timezone.localdate()) is None:
        flash.told(request, _("Spørgeskemaet om den sag er ikke åbent for dig nu. Det kommer på listen, når det er."))
        return redirect("surveys:overview")
    instrument = newest(voice).said(formats.language())
    form = SurveyForm(request.POST or None, instrument=instrument)
    if request.method == "POST" and forms.run(form, lambda given: actions.answer(case, by=request.staff, voice=voice, answers=form.answers)):
        flash.done(request, _("Tak. Dit svar er gemt."))
        return redirect("surveys:overview")
    return render(request, "surveys/answer.html", {"form": form, "case": case, "instrument": instrument})


@needs(P.ASK_SURVEY)
@require_POST
def ask(request: Request) -> HttpResponse:
    """All whose round is open, at once; the night does the same."""
    asked = actions.ask_all(request.staff.municipality_id, timezone.localdate(), by=request.staff)
    flash.done(request, ngettext("%(num)s borger er spurgt.", "%(num)s borgere er spurgt.", asked) % {"num": asked} if asked else _("Alle, der kan spørges nu, er spurgt."))
    return redirect("surveys:overview")


@open_to_all
def citizen(request: HttpRequest, code: str) -> HttpResponse:
    """Four questions, and thanks. To look does not use the code up; to answer does."""
    asked = queries.request_behind(code)
    if asked is None:
        return render(request, "payments/code_used.html", status=404)
    request.speaks_for = asked.municipality  # type: ignore[attr-defined]  # the citizen knows the municipality, not the program
    instrument = newest("citizen").said(formats.language())
    form = SurveyForm(request.POST if request.method == "POST" else None, instrument=instrument)
    if request.method == "POST" and forms.run(form, lambda given: actions.answer_by_code(asked, form.answers)):
        return render(request, "surveys/thanks.html", {"asked": asked})
    mentor = asked.case.mentor.staff.name.split()[0] if asked.case.mentor else ""
    return render(request, "surveys/citizen.html", {"form": form, "mentor": mentor, "municipality": asked.municipality, "instrument": instrument})
