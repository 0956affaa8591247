"""The pages of the one who follows a trial in the service: where it went another way than the lot. Only those it concerns are named."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission as P
from snerydder.casework.trials import noticing, queries
from snerydder.ui import flash


@needs(P.FOLLOW_TRIAL)
def departures(request: Request) -> HttpResponse:
    rows = queries.departures(request.staff)
    scope.seen(request.staff, [row.case.citizen_id for row in rows], purpose=_("forsøg"), page="trials:departures")
    return render(request, "trials/departures.html", {"rows": rows, "running": queries.running(request.staff)})


@needs(P.FOLLOW_TRIAL)
@require_POST
def look(request: Request) -> HttpResponse:
    found = sum(len(noticing.notice(trial, by=request.staff)) for trial in queries.under_way(request.staff))
    flash.done(request, ngettext("Der er skrevet %(num)s ny afvigelse.", "Der er skrevet %(num)s nye afvigelser.", found) % {"num": found} if found else _("Der er ingen nye afvigelser."))
    return redirect("trials:departures")
