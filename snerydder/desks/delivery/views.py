"""Is the support given as agreed? Read only: the coordinator, the leader and the auditor."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.export import FORMATS
from snerydder.access.permissions import Permission as P
from snerydder.casework.trials.models import Trial
from snerydder.casework.trials.states import TrialState
from snerydder.desks.delivery import cases, more, page


@needs(P.COORDINATOR_DESK, P.LEADER_DESK, P.AUDITOR_DESK)
def overview(request: Request) -> HttpResponse:
    if request.GET.get("format") in FORMATS:
        return page.respond(request.staff, request.GET)
    return render(request, "desks/delivery.html", page.overview(request.staff, request.GET))


@needs(P.COORDINATOR_DESK, P.LEADER_DESK, P.AUDITOR_DESK)
def behind(request: Request) -> HttpResponse:
    return render(request, "desks/delivery_list.html", page.behind(request.staff, request.GET))


@needs(P.COORDINATOR_DESK, P.LEADER_DESK, P.AUDITOR_DESK)
def given_help(request: Request) -> HttpResponse:
    return render(request, "desks/delivery_help.html", more.help_page(request.staff, request.GET))


@needs(P.COORDINATOR_DESK, P.LEADER_DESK, P.AUDITOR_DESK)
def way(request: Request) -> HttpResponse:
    return render(request, "desks/delivery_way.html", more.way_page(request.staff, request.GET))


@needs(P.COORDINATOR_DESK, P.LEADER_DESK, P.AUDITOR_DESK)
def behind_help(request: Request) -> HttpResponse:
    return render(request, "desks/delivery_cases.html", cases.behind_help(request.staff, request.GET))


@needs(P.COORDINATOR_DESK, P.LEADER_DESK, P.AUDITOR_DESK)
def behind_way(request: Request) -> HttpResponse:
    return render(request, "desks/delivery_cases.html", cases.behind_way(request.staff, request.GET))


@needs(P.WRITE_PROTOCOL)
def trial(request: Request, pk: UUID) -> HttpResponse:
    row = scope.get(Trial, pk, request.staff, purpose=_("forsøg"))
    if row.state not in (TrialState.OPEN, TrialState.CLOSED):
        return redirect("trials:trial", row.pk)  # nobody is in it yet
    return render(request, "desks/delivery_trial.html", more.trial_page(row, request.staff))
