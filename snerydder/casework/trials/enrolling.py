"""The caseworker's pages of a trial: whom lots may be drawn about, the draw, and what came of it. Nobody sees an arm they need not know."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission as P
from snerydder.casework.cases.models import Case
from snerydder.casework.trials import delivery, forms, intake, queries, standing
from snerydder.casework.trials.models import Enrolment, Screening
from snerydder.casework.trials.views import page, to, told, trial_of
from snerydder.ui import flash
from snerydder.ui.forms import run


@needs(P.ENROL)
def citizens(request: Request, pk: UUID) -> HttpResponse:
    row = trial_of(request, pk)
    waiting, inside = queries.candidates(row, request.staff), queries.participants(row, request.staff)
    shown = [case.citizen_id for case in waiting] + [each.enrolment.citizen_id for each in inside]
    scope.seen(request.staff, shown, purpose=_("forsøg"), page="trials:citizens")
    known = standing.known((each.enrolment for each in inside), request.staff)
    return page(request, "citizens", {"trial": row, "waiting": waiting, "inside": inside, "known": known})


@needs(P.ENROL)
def screen(request: Request, trial: int, pk: UUID) -> HttpResponse:
    row = queries.by_number(request.staff, trial)
    of = scope.get(Case, pk, request.staff, purpose=_("forsøg"), related=("citizen", "unit", "mentor"))
    form = forms.ScreeningForm(request.POST or None, initial=queries.cleared(row, of))
    if request.method == "POST" and run(form, lambda given: intake.screen(row, of, by=request.staff, **given)):
        return to("draw", form.outcome) if form.outcome.is_eligible else to("citizens", row)
    return page(request, "screen", {"form": form, "trial": row, "case": of})


@needs(P.ENROL)
def draw(request: Request, pk: UUID) -> HttpResponse:
    """The last look before what cannot be taken back."""
    row = scope.get(Screening, pk, request.staff, purpose=_("forsøg"), related=("trial", "case__citizen", "assessment"))
    form = forms.forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and run(form, lambda given: intake.enrol(row, by=request.staff)):
        return to("person", form.outcome)
    return page(request, "draw", {"form": form, "screening": row, "trial": row.trial})


def enrolment_of(request: Request, pk: UUID) -> Enrolment:
    """404 for a colleague's citizen: only whoever drew, or has the case, or stands in for them, must know the lot."""
    row = scope.get(Enrolment, pk, request.staff, purpose=_("forsøg"), related=("trial__municipality", "case__citizen", "case__mentor__staff", "enrolled_by"))
    if not standing.known([row], request.staff):
        raise Http404
    return row


@needs(P.ENROL)
def person(request: Request, pk: UUID) -> HttpResponse:
    row = enrolment_of(request, pk)
    return page(request, "person", {"enrolment": row, "trial": row.trial, "case": row.case, "inside": queries.participant(row), "form": forms.AnswerForm()})


@needs(P.ENROL)
def receipt(request: Request, pk: UUID) -> HttpResponse:
    row = enrolment_of(request, pk)
    return told(row.trial, row)


@needs(P.ENROL)
@require_POST
def offer(request: Request, pk: UUID) -> HttpResponse:
    row = enrolment_of(request, pk)
    flash.one_button(request, lambda: delivery.offer(row, by=request.staff), _("Det er skrevet, at borgeren er tilbudt en mentor."))
    return to("person", row)


@needs(P.ENROL)
def answer(request: Request, pk: UUID) -> HttpResponse:
    row = enrolment_of(request, pk)
    inside, form = queries.participant(row), forms.AnswerForm(request.POST or None)
    if inside.offer is None:  # nothing to answer: the citizen's page says what to do
        return to("person", row)
    if request.method == "POST" and run(form, lambda given: delivery.answer(inside.offer, by=request.staff, **given)):
        flash.done(request, _("Borgerens svar er gemt."))
        return to("person", row)
    return page(request, "answer", {"form": form, "enrolment": row, "trial": row.trial, "case": row.case})


@needs(P.ENROL)
def depart(request: Request, pk: UUID) -> HttpResponse:
    row = enrolment_of(request, pk)
    form = forms.DepartureForm(request.POST or None, initial={"kind": request.GET.get("hvad", "")})
    if request.method == "POST" and run(form, lambda given: delivery.depart(row, by=request.staff, **given)):
        flash.done(request, _("Afvigelsen er skrevet. Borgeren bliver i sin gruppe i analysen."))
        return to("person", row)
    return page(request, "depart", {"form": form, "enrolment": row, "trial": row.trial, "case": row.case})
