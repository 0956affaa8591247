"""How it went with a message: written by the program that sends, and by the person who says that it is to go again or not at all."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.audit.models import Outbox
from snerydder.casework.cases.models import Case
from snerydder.casework.payments.models import ConfirmationRequest
from snerydder.exchange.sms.words import Asked


@dataclass(frozen=True)
class TheProgram:
    """Who sends: nobody on the staff."""

    municipality_id: int
    pk: UUID = UUID(int=0)
    name: str = "Snerydder"


@action
def sent(row: Outbox, case: Case, *, by: TheProgram) -> None:
    row.state, row.sent_at, row.last_error, row.next_at = Outbox.State.SENT, timezone.now(), "", None
    row.save(update_fields=["state", "sent_at", "last_error", "next_at"])
    record("sms.sent", row, by=by, case=case)


@action
def failed(row: Outbox, case: Case | None, why: str, *, by: TheProgram) -> None:
    """It is not tried again by itself."""
    row.state, row.last_error, row.next_at = Outbox.State.FAILED, why, None
    row.save(update_fields=["state", "last_error", "next_at"])
    record("sms.failed", row, by=by, case=case)


@action
def again(row: Outbox, asked: Asked, *, by: Staff) -> None:
    """Send it at the next look, as if it were new."""
    row = Outbox.objects.select_for_update().get(pk=row.pk)
    if row.state not in (Outbox.State.FAILED, Outbox.State.WAITING):
        raise Refusal(_("Beskeden er %(state)s.") % {"state": row.get_state_display()})
    if asked.answered_at is not None:
        raise Refusal(_("Borgeren har svaret."))
    if asked.expires_on < timezone.localdate():
        raise Refusal(_("Koden i beskeden virker ikke mere."), mend=_("Spørg borgeren igen fra kontakten.") if isinstance(asked, ConfirmationRequest) else _("Borgeren bliver spurgt igen i næste runde."))
    row.state, row.tries, row.last_error, row.next_at = Outbox.State.WAITING, 0, "", None
    row.save(update_fields=["state", "tries", "last_error", "next_at"])
    record("sms.again", row, by=by, case=asked.case)


@action
def give_up(row: Outbox, asked: Asked, *, by: Staff) -> None:
    """It is not to be sent: the citizen was asked in another way, or not at all."""
    row = Outbox.objects.select_for_update().get(pk=row.pk)
    if row.state not in (Outbox.State.FAILED, Outbox.State.WAITING):
        raise Refusal(_("Beskeden er %(state)s.") % {"state": row.get_state_display()})
    row.state, row.next_at = Outbox.State.CANCELLED, None
    row.save(update_fields=["state", "next_at"])
    record("sms.give_up", row, by=by, case=asked.case)
