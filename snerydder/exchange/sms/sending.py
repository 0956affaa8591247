"""One message at a time: taken, sent, and how it went written down. Taken and written in transactions of their own, so that
nothing is locked while the net is waited for; one that is lost between the two is sent again, with the same id."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.tenancy import within
from snerydder.audit.models import Outbox
from snerydder.exchange.sms import actions, queries
from snerydder.exchange.sms.gateway import NotSent, Send, gateway
from snerydder.exchange.sms.words import Asked, number_of, text_of

WAITS = (1, 5, 30, 2 * 60, 12 * 60)  # minutes until the next try; after the last it has failed


def run() -> tuple[int, int]:
    """Send all that is due: how many went, and how many did not."""
    send, went, stayed = gateway(), 0, 0
    for municipality in queries.municipalities() if send else ():
        while (tried := _one(municipality, timezone.now(), send)) is not None:  # type: ignore[arg-type]  # no gateway, no municipality
            went, stayed = went + tried, stayed + (not tried)
    return went, stayed


def _one(municipality: int, now: datetime, send: Send) -> bool | None:
    """Whether the next one went; None when there is no next one."""
    with within(municipality):
        row = queries.due(municipality, now)
        if row is None:
            return None
        asked = queries.behind(row)
        if not _sendable(row, asked):
            return False
        assert asked is not None
        row.tries += 1
        row.next_at = now + timedelta(minutes=WAITS[min(row.tries, len(WAITS)) - 1])  # also if this process dies now
        row.save(update_fields=["tries", "next_at"])
        number, text = number_of(asked.case.citizen.phone), text_of(asked)
    try:
        send(str(row.pk), number, text)
    except NotSent as fault:
        with within(municipality):
            _stays(row, asked, fault)
        return False
    with within(municipality):
        actions.sent(row, asked.case, by=actions.TheProgram(municipality))
    return True


def _sendable(row: Outbox, asked: Asked | None) -> bool:
    by = actions.TheProgram(row.municipality_id)
    if asked is None or not queries.is_open(asked):
        row.state = Outbox.State.CANCELLED  # nothing to answer any more
        row.save(update_fields=["state"])
        return False
    if not number_of(asked.case.citizen.phone):
        actions.failed(row, asked.case, _("Borgeren har ikke et mobilnummer, en sms kan sendes til."), by=by)
        return False
    return True


def _stays(row: Outbox, asked: Asked, fault: NotSent) -> None:
    if fault.final or row.tries > len(WAITS):
        actions.failed(row, asked.case, str(fault), by=actions.TheProgram(row.municipality_id))
        return
    row.last_error = str(fault)
    row.save(update_fields=["last_error"])
