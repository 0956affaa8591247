"""Each fraud that the rules of money rule out, done in the real tables; then somebody writes past the program and pays it all the same.

The database refuses, and by the rule that the page of the count names (docs/method/questions.md).
"""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from snerydder.casework.cases.models import Case
from snerydder.casework.contacts import actions as contacts
from snerydder.casework.contacts.models import Contact
from snerydder.casework.payments import actions, invoicing, suppliers
from snerydder.casework.payments.models import Invoice, InvoiceLine
from snerydder.casework.people import actions as people
from snerydder.casework.questions.proof import report
from snerydder.casework.questions.proof.frauds import RULE
from tests import build
from tests.casework.payments.test_invoices import DAY, PRICE, booked, line
from tests.casework.payments.test_invoices import supplier as supplier  # noqa: PLC0414 a fixture


def pay_by_hand(cast, *invoices):
    """Every line whole, approved and paid, with plain statements and three persons."""
    for invoice in invoices:
        for row in invoice.lines.all():
            contact = row.contact_id or Contact.objects.get(case=row.case_id, day=row.day).pk
            InvoiceLine.objects.filter(pk=row.pk).update(contact=contact, approved_minutes=row.minutes, approved_amount=row.amount, reason="")
        rows = Invoice.objects.filter(pk=invoice.pk)
        rows.update(state="approved", approved_by=cast.gitte, approved_on=date(2026, 9, 3))
        rows.update(state="paid", paid_by=cast.henrik, paid_on=date(2026, 9, 7))


def at(hour, minute=0):
    return timezone.make_aware(datetime.combine(DAY, time(hour, minute)))


def overlap(cast, case, other, supplier):
    build.contact(cast, case, DAY)
    contacts.log(uuid4(), [other], by=cast.carl, at=at(10, 30), form="met", minutes=60, help=["walk"])
    actions.approve_sheet(cast.mentor, DAY, by=cast.carl)
    return [booked(cast, supplier, line(1, case, DAY), line(2, other, DAY))]


def two_mentors(cast, case, other, supplier):
    build.contact(cast, case, DAY)
    second = people.welcome_mentor("Mogens Moe", by=cast.henrik, unit=cast.unit, kind="consultant", hours_per_week=10)
    Case.objects.filter(pk=case.pk).update(mentor=second)
    contacts.log(uuid4(), [build.fresh(case)], by=second.staff, at=at(10, 15), form="met", minutes=60, help=["walk"])
    suppliers.engage(supplier, second, PRICE, date(2026, 1, 1), by=cast.gitte)
    for mentor in (cast.mentor, second):
        actions.approve_sheet(mentor, DAY, by=mentor.staff)
    return [booked(cast, supplier, line(1, case, DAY), line(2, case, DAY))]


def after_the_end(cast, case, other, supplier):
    build.contact(cast, case, DAY)
    actions.approve_sheet(cast.mentor, DAY, by=cast.carl)
    Case.objects.filter(pk=case.pk).update(closed_on=DAY - timedelta(days=3))
    return [booked(cast, supplier, line(1, case, DAY))]


def edited_after_approval(cast, case, other, supplier):
    row = build.contact(cast, case, DAY)
    actions.approve_sheet(cast.mentor, DAY, by=cast.carl)
    invoice = booked(cast, supplier, line(1, case, DAY, minutes=90))
    contacts.correct(row, by=cast.carl, reason="Det varede længere", minutes=90)
    return [invoice]


def split_invoices(cast, case, other, supplier):
    build.contact(cast, case, DAY)
    actions.approve_sheet(cast.mentor, DAY, by=cast.carl)
    return [booked(cast, supplier, line(1, case, DAY)), booked(cast, supplier, line(1, case, DAY), number="F-2")]


FRAUDS = {each.__name__: each for each in (overlap, two_mentors, after_the_end, edited_after_approval, split_invoices)}


def test_all_of_them():
    assert set(FRAUDS) == set(RULE)


@pytest.mark.parametrize("kind", FRAUDS)
def test_it_cannot_be_paid(cast, case, other, supplier, kind):
    invoices = FRAUDS[kind](cast, case, other, supplier)
    wanted = report.NAMES[kind][1].strip("`")
    with pytest.raises(IntegrityError, match=wanted), transaction.atomic():
        pay_by_hand(cast, *invoices)


def test_the_same_by_hand_without_a_fraud_is_paid(cast, case, supplier):
    """The control: what refuses above is the fraud and not the way of writing."""
    build.contact(cast, case, DAY)
    actions.approve_sheet(cast.mentor, DAY, by=cast.carl)
    invoice = booked(cast, supplier, line(1, case, DAY))
    pay_by_hand(cast, invoice)
    invoice.refresh_from_db()
    assert invoice.state == "paid" and invoicing.to_pay(invoice) == PRICE
