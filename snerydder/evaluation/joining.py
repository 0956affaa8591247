"""The pages of a study that several municipalities share: their packages come in one by one, and one delivery is laid of them."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission as P
from snerydder.audit.action import Refusal
from snerydder.evaluation import forms, parts, queries
from snerydder.evaluation.models import Part
from snerydder.evaluation.views import PURPOSE, do, study_of
from snerydder.ui import flash
from snerydder.ui.forms import run


@needs(P.EVALUATE)
def take_parts(request: Request, pk: UUID) -> HttpResponse:
    """Each package is taken in or refused by itself: one that is wrong does not stop the others."""
    row = study_of(request, pk)
    form = forms.PartsForm(request.POST, request.FILES) if request.method == "POST" else forms.PartsForm()
    if request.method == "POST" and form.is_valid():
        taken = []
        for file in form.cleaned_data["files"]:
            try:
                taken.append(parts.take(row, file, by=request.staff).name)
            except Refusal as refusal:
                form.add_error("files", f"{file.name}: {refusal}")
        if taken:
            flash.done(request, _("Taget ind: %(towns)s.") % {"towns": ", ".join(taken)})
        if not form.errors:
            return redirect("evaluation:study", pk)
    return render(request, "evaluation/take_parts.html", {"form": form, "study": row, "late": queries.late(row)})


@require_POST
@needs(P.EVALUATE)
def withdraw_part(request: Request, pk: UUID) -> HttpResponse:
    part = scope.get(Part, pk, request.staff, purpose=PURPOSE, related=("study",))
    do(request, parts.withdraw, part, _("Pakken fra %(town)s er trukket tilbage. Saml dataene igen, så den ikke er med.") % {"town": part.name})
    return redirect("evaluation:study", part.study_id)


@needs(P.EVALUATE)
def join(request: Request, pk: UUID) -> HttpResponse:
    """The packages and the register's file become one delivery."""
    row = study_of(request, pk)
    form = forms.FilesForm(request.POST, request.FILES) if request.method == "POST" else forms.FilesForm()
    form.fields["files"].help_text = _("Registerfilen, en eventuel kodeliste og registrets manifest.json. Kommunernes filer kommer med af sig selv.")
    if request.method == "POST" and run(form, lambda given: parts.join(row, by=request.staff, **given)):
        return redirect("evaluation:delivery", form.outcome.pk)
    return render(request, "evaluation/join.html", {"form": form, "study": row, "parts": queries.parts(row), "towns": queries.municipalities(row), "late": queries.late(row)})
