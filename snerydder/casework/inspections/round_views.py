"""The pages of a round across municipalities: calling it, going along, sending and receiving."""

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission as P
from snerydder.audit.action import Refusal
from snerydder.casework.inspections.across import calling, joining, receiving, sending
from snerydder.casework.inspections.across.forms import AnswerFileForm, CallForm, JoinForm
from snerydder.casework.inspections.views import cases_of, page, sample_of, to_sample
from snerydder.ui import flash
from snerydder.ui.forms import run


@needs(P.INSPECT)
def call(request: Request) -> HttpResponse:
    form = CallForm(request.POST or None)
    if request.method == "POST" and run(form, lambda given: calling.call(by=request.staff, **given)):
        flash.done(request, _("Listen over kommuner er frosset. Send den nu til kommunerne."))
        return to_sample(form.outcome)
    return page(request, "call", {"form": form})


@needs(P.INSPECT)
def join(request: Request) -> HttpResponse:
    form = JoinForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and run(form, lambda given: joining.join(joining.read(given["file"]), by=request.staff)):
        flash.done(request, _("Kommunen er med i runden, og listen over sager er frosset. Svar nu på forretningsgangene."))
        return to_sample(form.outcome)
    return page(request, "join", {"form": form})


@needs(P.INSPECT)
@require_POST
def send(request: Request, pk: UUID) -> HttpResponse:
    row = cases_of(request, pk)
    try:
        told: dict[str, Any] = sending.send(row, by=request.staff)
    except Refusal as refusal:
        flash.refused(request, refusal)
        return to_sample(row)
    named = f'attachment; filename="svar-{row.municipality_id}-{row.number}.json"'
    return HttpResponse(json.dumps(told, ensure_ascii=False, indent=1), content_type="application/json", headers={"Content-Disposition": named})


@needs(P.INSPECT)
def receive(request: Request, pk: UUID) -> HttpResponse:
    row = sample_of(request, pk)
    if not row.is_round:
        raise Http404
    form = AnswerFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and run(form, lambda given: receiving.receive(row, given["file"], by=request.staff)):
        flash.done(request, _("Svaret fra %(town)s er modtaget.") % {"town": form.outcome.name})
        return to_sample(row)
    return page(request, "receive", {"form": form, "sample": row})
