"""What one has looked at oneself, and what one may say about those that were picked."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission as P
from snerydder.casework.lookups import actions, queries
from snerydder.casework.lookups.forms import ExplainForm
from snerydder.ui import flash
from snerydder.ui.forms import run

PAGE = 50


@needs(P.SIGNED_IN)
def mine(request: Request) -> HttpResponse:
    """Without names: the log says how many persons, and one has seen them already."""
    page = Paginator(queries.own(request.staff), PAGE).get_page(request.GET.get("side"))
    picked = [(row, queries.short_reasons(row)) for row in queries.own_picked(request.staff)]
    return render(request, "lookups/mine.html", {"page": page, "picked": picked, "kinds": queries.KINDS})


@needs(P.SIGNED_IN)
def explain(request: Request, pk: UUID) -> HttpResponse:
    row = queries.picked(pk, request.staff)
    if row.looked_by_id != request.staff.pk:
        return redirect("lookups:mine")
    about = queries.around(row)
    scope.seen(request.staff, (each.pk for each in about.citizens), purpose=_("Forklare et opslag"), page="lookups:explain", kind="page")
    form = ExplainForm(request.POST or None, initial={"text": row.explanation})
    if request.method == "POST" and run(form, lambda given: actions.explain(row, by=request.staff, **given)):
        flash.done(request, _("Din forklaring er gemt."))
        return redirect("lookups:mine")
    return render(request, "lookups/explain.html", {"row": row, "form": form, "about": about, "reasons": queries.reasons_of(row), "kinds": queries.KINDS})
