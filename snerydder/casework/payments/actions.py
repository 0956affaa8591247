"""Approving a month's time sheet, asking the citizen, and writing what another source says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.audit.models import Outbox
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.spans import month_of
from snerydder.casework.payments.codes import code_of, hash_of
from snerydder.casework.payments.models import Confirmation, ConfirmationRequest, TimeSheet
from snerydder.casework.payments.states import SheetState
from snerydder.casework.people.models import Mentor
from snerydder.ui.formats import dato

OPEN_DAYS = 14  # so long may the citizen answer
OLDEST_DAYS = 62  # nobody remembers longer


@action
def approve_sheet(mentor: Mentor, month: date, *, by: Staff, minutes: int | None = None, on: date | None = None) -> TimeSheet:
    """The mentor says that the month's log is right. `minutes` is the sum the mentor saw."""
    day, span = on or timezone.localdate(), month_of(month)
    if mentor.staff_id not in scope.actors(by):
        raise Refusal(_("Kun mentoren selv kan godkende sine timer."), mend=_("Bed mentoren om at gøre det."))
    if span.last >= day:
        raise Refusal(_("Måneden er ikke slut."), mend=_("Godkend timerne fra %(day)s.") % {"day": dato(span.last + timedelta(days=1))})
    rows = Contact.objects.filter(mentor=mentor, withdrawn=False, day__range=(span.first, span.last))
    found = rows.aggregate(minutes=Sum("counted_minutes", default=0))["minutes"]
    if not found:
        raise Refusal(_("Der er ingen timer i den måned."), mend=_("Skriv de kontakter, der mangler."))
    if minutes is not None and minutes != found:
        raise Conflict(_("Loggen er ændret, siden du åbnede timesedlen."), mend=_("Se den igennem, og godkend den igen."))
    values = {"state": SheetState.APPROVED, "minutes": found, "approved_by": by, "approved_at": timezone.now(), "reopened_at": None}
    sheet, _new = TimeSheet.objects.update_or_create(municipality_id=by.municipality_id, mentor=mentor, month=span.first, defaults=values)
    record("payments.approve_sheet", sheet, by=by, on=day, minutes=found, month=span.first)
    return sheet


# --- The citizen -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class TheCitizen:
    """Who answers by the code: no member of staff, and named in the trail only as the citizen."""

    pk: UUID
    municipality_id: int
    name: str


@action
def ask(contact: Contact, *, by: Staff, on: date | None = None) -> ConfirmationRequest:
    """Put the one question to the citizen: a text message waits in the outbox, and the code is shown once to read aloud."""
    day = on or timezone.localdate()
    _may_speak_for(contact, by)
    _is_a_meeting(contact)
    if contact.day < day - timedelta(days=OLDEST_DAYS):
        raise Refusal(_("Kontakten er for gammel til at spørge om."), mend=_("Spørg en anden, der var med, og skriv det."))
    if Confirmation.objects.filter(contact=contact, answer="yes", day=contact.day, minutes=contact.minutes).exists():
        raise Refusal(_("Kontakten er allerede bekræftet."))
    waiting = ConfirmationRequest.objects.filter(contact=contact, answered_at__isnull=True, expires_on__gte=day)
    Outbox.objects.filter(object_id__in=waiting.values("pk"), state=Outbox.State.WAITING).update(state=Outbox.State.CANCELLED)
    waiting.update(expires_on=day - timedelta(days=1))  # an older code does not open a newer question
    request = ConfirmationRequest(
        municipality_id=by.municipality_id, case_id=contact.case_id, contact=contact, asked_by=by, asked_on=day, expires_on=day + timedelta(days=OPEN_DAYS)
    )
    request.code_hash = hash_of(code_of(request))
    request.save(force_insert=True)
    Outbox.objects.create(municipality_id=by.municipality_id, kind="sms.confirm", object_id=request.pk, case_id=contact.case_id)
    record("payments.ask", request, by=by, case=contact.case, on=day, day=contact.day)
    return request


def answer(request: ConfirmationRequest, answered: str) -> Confirmation:
    """What the citizen says. The code opens once."""
    return _answer(request, answered, by=TheCitizen(request.pk, request.municipality_id, _("Borgeren")))


@action
def _answer(request: ConfirmationRequest, answered: str, *, by: TheCitizen) -> Confirmation:
    found = ConfirmationRequest.objects.select_for_update(of=("self",)).select_related("contact__case").filter(pk=request.pk).first()
    if found is None or found.answered_at is not None or found.expires_on < timezone.localdate():
        raise Refusal(_("Spørgsmålet er besvaret, eller koden er for gammel."))
    if answered not in Confirmation.Answer.values:
        raise Refusal(_("Vælg et svar."), field="answer")
    found.answered_at = timezone.now()
    found.save(update_fields=["answered_at"])
    kept = _keep(found.contact, Confirmation.Source.CITIZEN, "", answered, None)
    record("payments.answer", kept, by=by, case=found.contact.case, answer=answered, day=found.contact.day)
    return kept


@action
def confirm(contact: Contact, *, by: Staff, source: str, source_name: str, answered: str) -> Confirmation:
    """Write what somebody other than the mentor says of the contact, and who said it."""
    _may_speak_for(contact, by)
    _is_a_meeting(contact)
    if not source_name.strip():
        raise Refusal(_("Skriv hvem der siger det."), field="source_name")
    known = Confirmation.objects.filter(contact=contact).first()
    by_citizen = known is not None and known.source == Confirmation.Source.CITIZEN and known.made_by_id is None
    if known is not None and by_citizen and known.answer == "no" and answered == "yes" and source != Confirmation.Source.CITIZEN:
        raise Refusal(
            _("Borgeren har selv svaret nej."), _("En andens ja kan ikke stå i stedet for borgerens nej."), _("Tal med borgeren, og spørg igen."), field="answered"
        )
    kept = _keep(contact, source, source_name.strip(), answered, by)
    record("payments.confirm", kept, by=by, case=contact.case, source=source, answer=answered, day=contact.day)
    return kept


def _keep(contact: Contact, source: str, name: str, answered: str, by: Staff | None) -> Confirmation:
    """One word for each contact: the newest. What was said before stands in the history."""
    values: dict[str, Any] = {
        "case_id": contact.case_id, "source": source, "source_name": name, "answer": answered, "day": contact.day, "minutes": contact.minutes, "made_by": by,
        "at": timezone.now(),
    }  # fmt: skip
    kept, _new = Confirmation.objects.update_or_create(municipality_id=contact.municipality_id, contact=contact, defaults=values)
    return kept


def _may_speak_for(contact: Contact, by: Staff) -> None:
    if by.pk in (contact.mentor.staff_id, contact.made_by_id):
        raise Refusal(
            _("Du kan ikke selv bekræfte den kontakt."), _("Bekræftelsen skal komme fra en anden end den, der havde eller skrev kontakten."),
            _("Bed sagsbehandleren om det."),
        )


def _is_a_meeting(contact: Contact) -> None:
    if contact.withdrawn or contact.form == Contact.Form.TRIED:
        raise Refusal(_("Der er ingen kontakt at bekræfte."))
