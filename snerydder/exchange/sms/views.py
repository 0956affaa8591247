"""What waits to be sent to citizens, and what to do when it does not go."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission
from snerydder.audit.action import Refusal
from snerydder.exchange.sms import actions, queries, words
from snerydder.ui import flash

PAGE = "exchange_sms:messages"


@needs(Permission.CONFIRM_CONTACT)
def messages(request: Request) -> HttpResponse:
    lines = queries.listed(request.staff, timezone.now())
    scope.seen(request.staff, [line.asked.case.citizen_id for line in lines], purpose=_("Se beskeder til borgere"), page=PAGE)
    return render(request, "sms/messages.html", {"lines": lines, "gateway": settings.SMS_GATEWAY.partition(":")[0]})


def _done(request: Request, pk: UUID, verb: Any, text: str) -> HttpResponse:
    line = queries.one(request.staff, pk)
    try:
        verb(line.row, line.asked, by=request.staff)
        flash.done(request, text)
    except Refusal as refusal:
        flash.refused(request, refusal)
    return redirect(PAGE)


@needs(Permission.CONFIRM_CONTACT)
@require_POST
def again(request: Request, pk: UUID) -> HttpResponse:
    return _done(request, pk, actions.again, _("Beskeden bliver sendt igen om lidt."))


@needs(Permission.CONFIRM_CONTACT)
@require_POST
def give_up(request: Request, pk: UUID) -> HttpResponse:
    return _done(request, pk, actions.give_up, _("Beskeden bliver ikke sendt. Koden virker stadig, hvis borgeren får den på anden måde."))


@needs(Permission.CONFIRM_CONTACT)
def letter(request: Request, pk: UUID) -> HttpResponse:
    """The question on paper. Its name says neither who nor about what."""
    asked = queries.asked_of(request.staff, pk)
    if not queries.is_open(asked):
        flash.refused(request, Refusal(_("Koden virker ikke mere, så brevet kan ikke bruges."), mend=_("Spørg borgeren igen fra kontakten.")))
        return redirect(PAGE)
    scope.seen(request.staff, [asked.contact.case.citizen_id], purpose=_("Skrive brev til borgeren"), page="exchange_sms:letter", kind="page")
    answer = HttpResponse(words.letter(asked), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="spoergsmaal-{asked.contact.case.number}.pdf"'
    return answer
