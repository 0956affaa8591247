"""Finding, registering and reading about a citizen."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission
from snerydder.casework.people import actions, queries
from snerydder.casework.people.forms import CitizenEditForm, CitizenForm, PurposeForm
from snerydder.casework.people.models import Citizen
from snerydder.law import target_groups
from snerydder.ui import flash, forms


@needs(Permission.FIND_PEOPLE)
def search(request: Request) -> HttpResponse:
    """By POST, so that neither a number nor a name is ever in an address. Whoever is shown is in the log."""
    text, staff = request.POST.get("q", ""), request.staff
    found = queries.find(text, staff) if request.method == "POST" else None
    shown = queries.with_open_case(found.citizens, staff) if found else []
    if found:
        persons = [*found.citizens, *([found.elsewhere] if found.elsewhere else [])]
        purposes = {"cpr": _("Søgning på CPR-nummer"), "name": _("Søgning på navn"), "case": _("Søgning på sagsnummer")}
        scope.seen(staff, [person.pk for person in persons], purpose=purposes.get(found.kind, ""), page="people.search", kind="search")
    may_register = staff.may(Permission.REGISTER_CITIZEN)
    return render(request, "people/search.html", {"q": text, "found": found, "shown": shown, "may_register": may_register})


@needs(Permission.REGISTER_CITIZEN)
def citizen_new(request: Request) -> HttpResponse:
    """`begin`: from the search, with the number that was not found."""
    begun = request.method == "POST" and "begin" in request.POST
    initial = {"unit": request.staff.unit, "cpr": request.POST.get("cpr", "") if begun else ""}
    form = CitizenForm(request.staff, request.POST if request.method == "POST" and not begun else None, initial=initial)
    if form.is_bound and forms.run(form, lambda facts: actions.register_citizen(**facts, by=request.staff)):
        flash.done(request, _("%(name)s er oprettet.") % {"name": form.outcome.name})
        return redirect("people:citizen", form.outcome.pk)
    return render(request, "people/citizen_form.html", {"form": form, "citizen": None, "areas": queries.areas(request.staff)})


def _citizen(request: Request, pk: Any, purpose: Any) -> Citizen:
    return scope.get(Citizen, pk, request.staff, purpose=purpose, page="people.citizen", related=("unit",))


@needs(Permission.FIND_PEOPLE, Permission.SEE_HISTORY)
def citizen(request: Request, pk: Any) -> HttpResponse:
    row = _citizen(request, pk, _("Se borgerens oplysninger"))
    times, looks = queries.looks_at(row)
    values = {
        "citizen": row, "cases": list(queries.cases_of([row.pk], request.staff)), "times": times, "looks": looks[:10],
        "group": dict(target_groups(timezone.localdate())).get(row.target_group, row.target_group), "staff": request.staff, "may": Permission,
    }
    return render(request, "people/citizen.html", values)


@needs(Permission.REGISTER_CITIZEN)
def citizen_edit(request: Request, pk: Any) -> HttpResponse:
    row = _citizen(request, pk, _("Rette borgerens oplysninger"))
    form = CitizenEditForm(row, request.staff, request.POST or None)
    if request.method == "POST" and forms.run(form, lambda facts: actions.change_citizen(row, by=request.staff, **facts)):
        flash.done(request, _("Oplysningerne er rettet."))
        return redirect("people:citizen", pk)
    return render(request, "people/citizen_form.html", {"form": form, "citizen": row, "areas": queries.areas(request.staff)})


@needs(Permission.SHOW_CPR)
@sensitive_post_parameters("password")
def show_cpr(request: Request, pk: Any) -> HttpResponse:
    """Shown in the answer to the POST and nowhere else: to see it again is to ask again."""
    row = _citizen(request, pk, _("Bede om CPR-nummeret"))
    form = PurposeForm(request, PurposeForm.CPR)
    number = ""
    if request.method == "POST" and forms.run(form, lambda facts: actions.show_cpr(row, by=request.staff, purpose=facts["purpose"])):
        number = f"{form.outcome[:6]}-{form.outcome[6:]}"
    return render(request, "people/show_cpr.html", {"form": form, "citizen": row, "number": number})


@needs(Permission.SHOW_PROTECTED)
@sensitive_post_parameters("password")
def show_protected(request: Request, pk: Any) -> HttpResponse:
    row = _citizen(request, pk, _("Bede om beskyttede oplysninger"))
    form = PurposeForm(request, PurposeForm.PROTECTED)
    shown = request.method == "POST" and forms.run(form, lambda facts: actions.show_protected(row, by=request.staff, purpose=facts["purpose"]))
    return render(request, "people/show_protected.html", {"form": form, "citizen": row, "shown": shown})
