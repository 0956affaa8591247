"""What the night needs to know of hours confirmed and hours asked to be paid."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F

from snerydder.casework.cases.models import Case
from snerydder.casework.payments.models import Confirmation, InvoiceLine, Posting
from snerydder.casework.payments.states import InvoiceState
from snerydder.law import facts

Said = dict[Any, list[tuple[date, str]]]


def confirmed(cases: Sequence[Case]) -> Said:
    """What somebody other than the mentor says of each case's contacts, where the contact still stands as it was asked about."""
    rows = Confirmation.objects.filter(case__in=cases, contact__withdrawn=False, day=F("contact__day"), minutes=F("contact__minutes"))
    found: Said = {}
    for case_id, day, answer in rows.values_list("case_id", "day", "answer"):
        found.setdefault(case_id, []).append((day, answer))
    return found


def lines(cases: Sequence[Case]) -> dict[Any, list[InvoiceLine]]:
    found: dict[Any, list[InvoiceLine]] = {}
    asked = InvoiceLine.objects.filter(case__in=cases).exclude(invoice__state=InvoiceState.RETURNED)
    for line in asked.select_related("contact").order_by("day", "pk"):
        found.setdefault(line.case_id, []).append(line)
    return found


def postings() -> list[Posting]:
    return list(Posting.objects.order_by("valid_from"))


def asked_for(rows: Sequence[InvoiceLine], group: str, own: Sequence[Posting]) -> tuple[facts.PaymentFacts, date] | None:
    """What is approved of the lines somebody has seen, and all that is asked on the others; and the last day of the work."""
    open_ones = [row for row in rows if row.handled_by_id is None or row.approved_minutes]
    if not open_ones:
        return None
    asked = [(row, row.minutes if row.handled_by_id is None else row.approved_minutes) for row in open_ones]
    hours = [(row, minutes) for row, minutes in asked if row.kind == InvoiceLine.Kind.HOURS]
    traced = [(minutes, 0 if row.contact.withdrawn else row.contact.counted_minutes) for row, minutes in hours if row.contact]
    day = max(row.day for row in open_ones)
    posting = next((row for row in reversed(own) if row.target_group == group and row.valid_from <= day), None)
    told = facts.PaymentFacts(
        invoiced_minutes=tuple(minutes for minutes, _logged in traced), registered_minutes=tuple(logged for _minutes, logged in traced),
        untraced_minutes=sum(minutes for row, minutes in hours if row.contact is None),
        cost_kinds=tuple(dict.fromkeys(row.kind for row in open_ones if row.kind != InvoiceLine.Kind.HOURS)),
        account=posting.account if posting else "", refusion=posting.reimbursement if posting else "",
    )  # fmt: skip
    return told, day
