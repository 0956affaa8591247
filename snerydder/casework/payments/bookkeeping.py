"""What is paid in a month, as the finance system takes it: a row for each invoice, group and account: the account and the reimbursement
are those of the day of the work, so that an invoice over a change of account is two rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from snerydder.access import export
from snerydder.access.models import Staff
from snerydder.audit.action import Refusal
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.spans import Span
from snerydder.casework.grants.states import GrantState
from snerydder.casework.payments.costs import known_account
from snerydder.casework.payments.models import Correction, InvoiceLine, Posting
from snerydder.casework.payments.states import InvoiceState
from snerydder.law import choices, rulebook

OUTSIDE = ""  # employees outside LAB § 6


@dataclass
class Booked:
    """One row: what of an invoice falls on one group and one account, or a correction of it."""

    day: date
    invoice: Any
    group: str
    account: str = ""
    reimbursement: str = ""
    minutes: int = 0
    amount: Decimal = Decimal(0)
    is_correction: bool = False


def booked(staff: Staff, span: Span) -> list[Booked]:
    """Four questions. The group is the one the support was assessed for when it was granted."""
    lines = InvoiceLine.objects.filter(
        municipality=staff.municipality_id, invoice__state=InvoiceState.PAID, invoice__paid_on__range=(span.first, span.last), approved_minutes__gt=0
    ).select_related("invoice__supplier", "contact")
    fixed = Correction.objects.filter(municipality=staff.municipality_id, decided_on__range=(span.first, span.last))
    listed = list(lines)
    corrected = list(fixed.select_related("line__invoice__supplier", "line__contact"))
    groups = _groups({line.case_id for line in [*listed, *(row.line for row in corrected)]})
    accounts = _accounts(staff)
    found: dict[tuple[Any, ...], Booked] = {}
    booked: list[tuple[Any, ...]] = [
        *((line.invoice.paid_on, line, line.approved_minutes, line.approved_amount, False) for line in listed),
        *((row.decided_on, row.line, row.minutes, row.amount, True) for row in corrected),
    ]
    for day, line, minutes, amount, is_correction in booked:
        group = groups(line)
        account, reimbursement = accounts(group, line.contact.day)
        key = (day, line.invoice_id, group, account, reimbursement, is_correction)
        row = found.setdefault(key, Booked(day, line.invoice, group, account, reimbursement, is_correction=is_correction))
        row.minutes, row.amount = row.minutes + minutes, row.amount + amount
    return sorted(found.values(), key=lambda row: (row.day, row.invoice.supplier.name, row.invoice.number, row.group, row.account, row.reimbursement, row.is_correction))


def _groups(cases: set[Any]) -> Callable[[InvoiceLine], str]:
    grants = list(Grant.objects.filter(case__in=cases, state__in=[GrantState.DECIDED, GrantState.STOPPED]).select_related("assessment"))

    def group(line: InvoiceLine) -> str:
        assert line.contact is not None  # nothing is paid without
        day = line.contact.day
        found = next((each for each in grants if each.case_id == line.case_id and each.covers(day)), None)
        return found.assessment.target_group if found else OUTSIDE

    return group


def _accounts(staff: Staff) -> Callable[[str, date], tuple[str, str]]:
    """The municipality's own posting first; else the account the sources name. Never a guess."""
    own = sorted(Posting.objects.filter(municipality=staff.municipality_id), key=lambda row: row.valid_from)

    def account(group: str, day: date) -> tuple[str, str]:
        typed = [row for row in own if row.target_group == group and row.valid_from <= day]
        if typed:
            return typed[-1].account, typed[-1].reimbursement
        return known_account(group, day), "none" if group in (rulebook.on(day).value("refusion.none_groups") or ()) else ""

    return account


def missing(rows: list[Booked]) -> list[str]:
    """Groups without an account or a class of reimbursement."""
    return sorted({row.group or _("uden for § 6") for row in rows if not (row.account and row.reimbursement)})


def respond(staff: Staff, span: Span) -> HttpResponse:
    """CSV for the finance system. Refused while a group has no account: somebody knows it, and the program does not guess."""
    rows = booked(staff, span)
    if lacking := missing(rows):
        raise Refusal(_("Der mangler konto eller refusion for målgruppe %(groups)s.") % {"groups": ", ".join(lacking)}, mend=_("Skriv konteringen først."))
    names = {choice.key: str(choice.name) for choice in choices("refusion")}
    columns = (
        export.Column(_("Bogføringsdato"), lambda row: row.day), export.Column(_("CVR-nummer"), lambda row: row.invoice.supplier.cvr),
        export.Column(_("Leverandør"), lambda row: row.invoice.supplier.name), export.Column(_("Fakturanummer"), lambda row: row.invoice.number),
        export.Column(_("Konto"), lambda row: row.account), export.Column(_("Refusion"), lambda row: names.get(row.reimbursement, row.reimbursement)),
        export.Column(_("Målgruppe"), lambda row: row.group or _("uden for § 6")), export.Column(_("Timer"), lambda row: row.minutes / 60, decimals=2),
        export.Column(_("Beløb"), lambda row: row.amount, decimals=2),
        export.Column(_("Tekst"), lambda row: _("Rettelse") if row.is_correction else _("Mentorstøtte")),
    )  # fmt: skip
    name = _("Bogføring %(month)s") % {"month": f"{span.first:%Y-%m}"}
    return export.respond(staff, name, columns, rows, "csv", persons=None, purpose=name)
