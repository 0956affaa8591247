"""A citizen's own list of look-ups: on the screen with the citizen, as a letter, and behind a code without a sign-in."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import Request, needs, open_to_all
from snerydder.access.permissions import Permission as P
from snerydder.casework.lookups import actions, papers, queries
from snerydder.casework.payments.codes import code_of
from snerydder.casework.payments.forms import CodeForm
from snerydder.casework.people.models import Citizen


def citizen_of(request: Request, pk: UUID, purpose: Any) -> Citizen:
    return scope.get(Citizen, pk, request.staff, purpose=purpose, page="lookups.citizen", related=("unit",))


def year_of(request: HttpRequest) -> int | None:
    word = request.GET.get("aar", "")
    return int(word) if word.isascii() and word.isdigit() and len(word) == 4 else None


@needs(P.FIND_PEOPLE)
def looks(request: Request, pk: UUID) -> HttpResponse:
    row = citizen_of(request, pk, _("Vise borgeren, hvornår oplysningerne er set"))
    return render(request, "lookups/citizen.html", {"citizen": row, "found": queries.looks_of(row, year_of(request)), "kinds": queries.KINDS})


@needs(P.FIND_PEOPLE)
def letter(request: Request, pk: UUID) -> HttpResponse:
    row = citizen_of(request, pk, _("Skrive til borgeren, hvornår oplysningerne er set"))
    made = papers.letter(row, queries.looks_of(row, year_of(request)), request.staff)
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": 'attachment; filename="opslag.pdf"'})


@needs(P.FIND_PEOPLE)
@require_POST
def give_code(request: Request, pk: UUID) -> HttpResponse:
    """The code is shown once, to be read aloud to a citizen who has no telephone."""
    row = citizen_of(request, pk, _("Give borgeren en kode til opslagene"))
    made = actions.give_code(row, by=request.staff)
    return render(request, "lookups/code_given.html", {"citizen": row, "made": made, "code": code_of(made)})


# --- The citizen, without a sign-in -----------------------------------------------------------------
@open_to_all
def code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("lookups:own_list", form.cleaned_data["code"].strip().upper().replace("/", ""))
    return render(request, "lookups/code.html", {"form": form})


@open_to_all
@never_cache
def own_list(request: HttpRequest, code: str) -> HttpResponse:
    """Dates and purposes; neither the citizen's name nor anybody else's."""
    found = queries.code_behind(code)
    if found is None:
        return render(request, "lookups/code_used.html", status=404)
    request.speaks_for = found.municipality  # type: ignore[attr-defined]  # the citizen knows the municipality, not the program
    values = {"found": queries.looks_of(found.citizen, year_of(request)), "kinds": queries.KINDS, "municipality": found.municipality, "made": found}
    return render(request, "lookups/own_list.html", values)
