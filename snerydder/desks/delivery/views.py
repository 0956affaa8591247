"""Is the support given as agreed? Read only: the coordinator, the leader and the auditor."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from snerydder.access.door import Request, needs
from snerydder.access.export import FORMATS
from snerydder.access.permissions import Permission as P
from snerydder.desks.delivery import page


@needs(P.COORDINATOR_DESK, P.LEADER_DESK, P.AUDITOR_DESK)
def overview(request: Request) -> HttpResponse:
    if request.GET.get("format") in FORMATS:
        return page.respond(request.staff, request.GET)
    return render(request, "desks/delivery.html", page.overview(request.staff, request.GET))


@needs(P.COORDINATOR_DESK, P.LEADER_DESK, P.AUDITOR_DESK)
def behind(request: Request, number: int) -> HttpResponse:
    if number not in range(1, 8):
        raise Http404
    return render(request, "desks/delivery_list.html", page.behind(request.staff, number, request.GET))
