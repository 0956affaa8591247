"""The pages of a complaint."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.door import needs
from snerydder.access.permissions import Permission
from snerydder.casework.cases.forms import attempt
from snerydder.casework.cases.views import WITH_CASE, to_case
from snerydder.casework.complaints import actions, forms
from snerydder.casework.complaints.models import Complaint
from snerydder.casework.grants.models import Letter
from snerydder.ui import flash

VIA_CASE = tuple(f"case__{each}" for each in WITH_CASE)


@needs(Permission.DECIDE)
def register(request: HttpRequest, pk: UUID) -> HttpResponse:
    letter = scope.get(Letter, pk, request.staff, purpose=_("modtage en klage"), related=(*VIA_CASE, "grant"))
    form = forms.ComplaintForm(request.POST or None, case=letter.case)
    if request.method == "POST" and attempt(form, lambda given: actions.register(letter, by=request.staff, **given)):
        flash.done(request, _("Klagen er modtaget. Fristen for at se på sagen igen står på sagen og på din forside."))
        return to_case(letter.case)
    last = actions.last_day_to_complain(letter)
    return render(request, "complaints/register.html", {"form": form, "case": letter.case, "letter": letter, "last": last})


def _complaint(request: HttpRequest, pk: UUID, purpose: str) -> Complaint:
    return scope.get(Complaint, pk, request.staff, purpose=purpose, related=(*VIA_CASE, "letter__grant"))


@needs(Permission.DECIDE)
def reassess(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = _complaint(request, pk, _("genvurdere en afgørelse"))
    form = forms.ReassessForm(request.POST or None, case=row.case)
    if request.method == "POST" and attempt(form, lambda given: actions.reassess(row, by=request.staff, **given)):
        flash.done(request, _("Klagen er behandlet. Brevet er klar til at blive sendt."))
        return to_case(row.case)
    return render(request, "complaints/reassess.html", {"form": form, "case": row.case, "complaint": row})


@needs(Permission.DECIDE)
def appeal(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = _complaint(request, pk, _("skrive Ankestyrelsens afgørelse ned"))
    form = forms.AppealForm(request.POST or None, case=row.case)
    if request.method == "POST" and attempt(form, lambda given: actions.note_appeal(row, by=request.staff, **given)):
        flash.done(request, _("Ankestyrelsens afgørelse er skrevet på sagen."))
        return to_case(row.case)
    return render(request, "complaints/appeal.html", {"form": form, "case": row.case, "complaint": row})
