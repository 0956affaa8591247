"""After the payment: more to the supplier, or money back. One proposes, another decides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.casework.payments.models import Correction, InvoiceLine
from snerydder.casework.payments.told import refused_in_words


@action
@refused_in_words
def propose_correction(line: InvoiceLine, *, by: Staff, minutes: int, amount: Decimal, reason: str, on: date | None = None) -> Correction:
    """`amount` and `minutes` below zero claim back."""
    if not reason.strip():
        raise Refusal(_("Skriv hvorfor betalingen skal rettes."), field="reason")
    if minutes * amount < 0:
        raise Refusal(_("Tid og beløb skal gå samme vej."), field="amount")
    row = Correction.objects.create(
        municipality_id=by.municipality_id, line=line, minutes=minutes, amount=amount, reason=reason.strip()[:1000], proposed_by=by,
        proposed_on=on or timezone.localdate(),
    )
    record("payments.propose_correction", row, by=by, case=line.case, minutes=minutes, amount=amount, reason=row.reason)
    return row


@action
@refused_in_words
def decide_correction(row: Correction, *, by: Staff, on: date | None = None) -> Correction:
    found = Correction.objects.select_for_update(of=("self",)).select_related("line__case").get(pk=row.pk)
    if found.decided_by_id is not None:
        raise Refusal(_("Rettelsen er besluttet."))
    found.decided_by, found.decided_on = by, on or timezone.localdate()
    found.save(update_fields=["decided_by", "decided_on"])
    record("payments.decide_correction", found, by=by, case=found.line.case, minutes=found.minutes, amount=found.amount)
    return found


@action
@refused_in_words
def drop_correction(row: Correction, *, by: Staff) -> None:
    """A proposal nobody has decided is taken away; the trail keeps it."""
    record("payments.drop_correction", row, by=by, case=row.line.case, amount=row.amount, reason=row.reason)
    row.delete()
