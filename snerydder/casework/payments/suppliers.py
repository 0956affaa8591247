"""Suppliers, whose mentors they send, at what price, and where a group is posted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.casework.cases.spoken import say
from snerydder.casework.cases.verdicts import cited
from snerydder.casework.payments.costs import wrong_posting
from snerydder.casework.payments.models import Engagement, Posting, Supplier
from snerydder.casework.people.models import Mentor
from snerydder.law import target_groups

WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)


def is_cvr(text: str) -> bool:
    """Eight digits whose weighted sum is a multiple of eleven."""
    return text.isascii() and text.isdigit() and len(text) == 8 and text[0] != "0" and sum(int(d) * w for d, w in zip(text, WEIGHTS, strict=True)) % 11 == 0


@action
def add_supplier(name: str, cvr: str, *, by: Staff, email: str = "") -> Supplier:
    digits = cvr.replace(" ", "").removeprefix("DK")
    if not name.strip():
        raise Refusal(_("Leverandøren mangler et navn."), field="name")
    if not is_cvr(digits):
        raise Refusal(_("CVR-nummeret kan ikke passe."), _("De otte cifre har en indbygget kontrol, og den går ikke op."), _("Se efter på fakturaen."), field="cvr")
    if known := Supplier.objects.filter(municipality=by.municipality_id, cvr=digits).first():
        raise Refusal(_("%(name)s har det CVR-nummer.") % {"name": known.name}, field="cvr")
    supplier = Supplier.objects.create(municipality_id=by.municipality_id, name=name.strip(), cvr=digits, email=email)
    record("payments.add_supplier", supplier, by=by, name=supplier.name, cvr=digits)
    return supplier


@action
def engage(supplier: Supplier, mentor: Mentor, hourly_price: Decimal, valid_from: date, *, by: Staff) -> Engagement:
    """The mentor works through the supplier from that day. The same mentor and day again corrects it."""
    if hourly_price < 0:
        raise Refusal(_("En timepris kan ikke være under 0 kr."), field="hourly_price")
    known = Engagement.objects.filter(mentor=mentor, valid_from=valid_from).select_related("supplier").first()
    before = {"supplier": known.supplier.name, "hourly_price": known.hourly_price} if known else None
    values = {"supplier": supplier, "hourly_price": hourly_price}
    row, _new = Engagement.objects.update_or_create(municipality_id=by.municipality_id, mentor=mentor, valid_from=valid_from, defaults=values)
    record("payments.engage", row, by=by, mentor=mentor.name, supplier=supplier.name, hourly_price=hourly_price, valid_from=valid_from, was=before)
    return row


OUTSIDE = "outside"  # employees outside LAB § 6, whose assessment names no group


@action
def set_posting(target_group: str, account: str, reimbursement: str, valid_from: date, *, by: Staff) -> Posting:
    if target_group not in {OUTSIDE, *(key for key, _name in target_groups(valid_from))}:
        raise Refusal(_("Vælg en målgruppe."), field="target_group")
    values = {"account": account.strip(), "reimbursement": reimbursement.strip()}
    if not all(values.values()):
        raise Refusal(_("Skriv både konto og refusion."), field="account" if not values["account"] else "reimbursement")
    group = "" if target_group == OUTSIDE else target_group
    row, _new = Posting.objects.update_or_create(municipality_id=by.municipality_id, target_group=group, valid_from=valid_from, defaults=values)
    record("payments.set_posting", row, by=by, target_group=target_group, valid_from=valid_from, **values)
    return row


def posting_warnings(row: Posting) -> list[str]:
    """What the sources say against it. They warn; the municipality knows its own accounts."""
    return [f"{say(each.what)} {cited(each.citation_text)}." for each in wrong_posting(row.target_group, row.account, row.reimbursement, row.valid_from)]
