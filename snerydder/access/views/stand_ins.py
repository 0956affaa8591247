"""Who takes over while somebody is away."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access import actions, queries, scope
from snerydder.access.door import Request, needs
from snerydder.access.forms import StandInForm
from snerydder.access.models import StandIn
from snerydder.access.permissions import Permission
from snerydder.ui import flash, forms


@needs(Permission.SIGNED_IN)
def stand_ins(request: Request) -> HttpResponse:
    """All of them for whoever manages them; for others their own."""
    staff = request.staff
    manages = staff.may(Permission.STAND_IN)
    rows = queries.stand_ins(staff) if manages else queries.stand_ins_of(staff, staff)
    return render(request, "access/stand_ins.html", {"rows": rows, "day": timezone.localdate(), "manages": manages})


@needs(Permission.STAND_IN)
def stand_in_new(request: Request) -> HttpResponse:
    form = StandInForm(request.staff, request.POST or None, initial={"start": timezone.localdate()})
    if request.method == "POST" and forms.run(form, lambda facts: actions.let_stand_in(**facts, by=request.staff)):
        row = form.outcome
        flash.done(request, _("%(stand_in)s er stedfortræder for %(away)s.") % {"stand_in": row.stand_in.name, "away": row.away.name})
        return redirect("access:stand_ins")
    return render(request, "access/stand_in_form.html", {"form": form})


@needs(Permission.STAND_IN)
@require_POST
def stand_in_end(request: Request, pk: object) -> HttpResponse:
    row = scope.get(StandIn, pk, request.staff, purpose=_("stedfortræder"), related=("away", "stand_in"))
    actions.end_stand_in(row, by=request.staff)
    flash.done(request, _("%(away)s har selv sine sager igen.") % {"away": row.away.name})
    return redirect("access:stand_ins")
