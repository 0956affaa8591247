"""Contacts that are written as "just now" have no time of their own. They cannot be used to be paid for time that was not there, nor for
two mentors with one citizen: the program proposes to refuse the line, and the database refuses whoever writes past it."""

from datetime import date, datetime, time, timedelta
from itertools import combinations_with_replacement
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from snerydder.casework.contacts import actions as contacts
from snerydder.casework.contacts.models import Contact
from snerydder.casework.payments import actions, invoicing, suppliers
from snerydder.casework.payments.models import Invoice, InvoiceLine
from snerydder.casework.payments.room import Spell, has_room, same_time
from snerydder.casework.people import actions as people
from tests import build
from tests.casework.payments.test_frauds import pay_by_hand
from tests.casework.payments.test_invoices import DAY, PRICE, booked, line, reasons
from tests.casework.payments.test_invoices import supplier as supplier  # noqa: PLC0414 a fixture


def moment(hour, minute=0):
    return timezone.make_aware(datetime.combine(DAY, time(hour, minute)))


def wrote(case, by, at, minutes, just_now=True):
    """A contact as it stands in the log: written when its time says, or the day after."""
    [row] = contacts.log(uuid4(), [case], by=by, at=at, form="met", minutes=minutes, help=["walk"])
    Contact.objects.filter(pk=row.pk).update(written_at=at + timedelta(minutes=4) if just_now else at + timedelta(days=1))
    return Contact.objects.get(pk=row.pk)


@pytest.fixture
def second(cast, case, supplier):
    mentor = people.welcome_mentor("Mogens Moe", by=cast.henrik, unit=cast.unit, kind="consultant", hours_per_week=10)
    suppliers.engage(supplier, mentor, PRICE, date(2026, 1, 1), by=cast.gitte)
    return mentor


def both(cast, case, second, first_at, second_at, just_now=(True, True)):
    """One hour with each of two mentors, and the months approved."""
    wrote(case, cast.carl, first_at, 60, just_now[0])
    type(case).objects.filter(pk=case.pk).update(mentor=second)
    wrote(build.fresh(case), second.staff, second_at, 60, just_now[1])
    for mentor in (cast.mentor, second):
        actions.approve_sheet(mentor, DAY, by=mentor.staff)


@pytest.mark.parametrize("just_now", [(True, True), (True, False), (False, True)])
def test_two_mentors_who_write_the_same_hour_as_just_now_are_paid_once(cast, case, supplier, second, just_now):
    at = [moment(14, 5) if ours else moment(13) for ours in just_now]
    both(cast, case, second, *at, just_now=just_now)
    invoice = booked(cast, supplier, line(1, case, DAY), line(2, case, DAY))
    assert reasons(invoice) == ["", "two_mentors"] and invoicing.to_pay(invoice) == PRICE
    whole = InvoiceLine.objects.filter(pk=invoice.lines.get(place=2).pk)
    with pytest.raises(IntegrityError, match="line_citizen_with_one_mentor"), transaction.atomic():
        whole.update(approved_minutes=60, approved_amount=450, reason="price")
        pay_by_hand(cast, invoice)


def test_two_mentors_each_their_own_hour_are_both_paid(cast, case, supplier, second):
    both(cast, case, second, moment(12), moment(14))
    invoice = booked(cast, supplier, line(1, case, DAY), line(2, case, DAY))
    assert reasons(invoice) == ["", ""]
    pay_by_hand(cast, invoice)
    assert Invoice.objects.get().state == "paid"


def test_the_second_invoice_counts_the_first(cast, case, supplier, second):
    both(cast, case, second, moment(14), moment(14, 5))
    paid = booked(cast, supplier, line(1, case, DAY))
    pay_by_hand(cast, paid)
    later = booked(cast, supplier, line(1, case, DAY), number="F-2")
    assert reasons(later) == ["two_mentors"]
    with pytest.raises(IntegrityError, match="line_citizen_with_one_mentor"), transaction.atomic():
        pay_by_hand(cast, later)


def test_no_more_hours_than_had_gone_of_the_day(cast, case, other, supplier):
    """Five hours with one and five with another, both over by nine in the morning."""
    for whose in (case, other):
        wrote(whose, cast.carl, moment(9), 300)
    actions.approve_sheet(cast.mentor, DAY, by=cast.carl)
    invoice = booked(cast, supplier, line(1, case, DAY, 300, 2250), line(2, other, DAY, 300, 2250))
    assert reasons(invoice) == ["", "no_room"] and "ikke tid" in invoicing.words_of(invoice.lines.get(place=2))
    with pytest.raises(IntegrityError, match="line_time_there_was"), transaction.atomic():
        pay_by_hand(cast, invoice)
    invoicing.accept_proposals(invoice, by=cast.gitte)
    invoicing.approve(invoice, by=cast.gitte)
    assert invoicing.to_pay(invoice) == 2250


def test_a_day_written_down_in_the_evening_is_paid(cast, case, other, supplier):
    """The usual: everything is written when one is home."""
    for whose, minutes in ((case, 200), (other, 240)):
        wrote(whose, cast.carl, moment(17), minutes)
    actions.approve_sheet(cast.mentor, DAY, by=cast.carl)
    invoice = booked(cast, supplier, line(1, case, DAY, 200, 1500), line(2, other, DAY, 240, 1800))
    assert reasons(invoice) == ["", ""]
    pay_by_hand(cast, invoice)


def test_one_meeting_with_two_citizens_is_one_time(cast, case, other, supplier):
    """Eight hours with both of them together, over by half past eight: it fits once, and would not twice."""
    rows = contacts.log(uuid4(), [case, other], by=cast.carl, at=moment(8, 30), form="met", minutes=480, help=["walk"])
    Contact.objects.filter(pk__in=[row.pk for row in rows]).update(written_at=moment(8, 34))
    actions.approve_sheet(cast.mentor, DAY, by=cast.carl)
    invoice = booked(cast, supplier, line(1, case, DAY, 240, 1800), line(2, other, DAY, 240, 1800))
    assert reasons(invoice) == ["", ""]
    pay_by_hand(cast, invoice)


SPELLS = [Spell(moment(hour, minute), minutes, just_now) for hour, minute, minutes, just_now in (
    (1, 0, 60, True), (1, 0, 65, True), (1, 0, 71, True), (2, 30, 60, True), (2, 0, 90, False), (0, 30, 60, False), (3, 0, 100, True),
)]  # fmt: skip


def of_the_database(spells, midnight):
    """The sum of migration 0006, asked of rows that are only values."""
    rows = ", ".join("(%s::timestamptz, %s * interval '1 minute', %s)" for _each in spells)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH spells(at, lasted, just_now) AS (VALUES {rows})
            SELECT NOT EXISTS (SELECT FROM spells last WHERE last.just_now AND (
              SELECT sum(CASE WHEN NOT each.just_now THEN greatest(least(last.at - each.at, each.lasted), interval '0') WHEN each.at <= last.at THEN each.lasted END)
              FROM spells each) > last.at - %s + interval '10 minutes')""",  # noqa: S608 our own words
            [*(value for each in spells for value in each), midnight],
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_program_and_the_database_count_alike(db, number):
    midnight, answers = moment(0), set()
    for spells in combinations_with_replacement(SPELLS, number):
        assert has_room(spells, midnight) == of_the_database(spells, midnight), spells
        answers.add(has_room(spells, midnight))
    assert answers == {True, False}


@pytest.mark.parametrize(("other", "same"), [((14, 50, True), False), ((14, 49, True), True), ((14, 50, False), False), ((13, 9, False), True), ((13, 50, False), False)])
def test_give_or_take_ten_minutes(other, same):
    hour, minute, just_now = other
    first, second = Spell(moment(14), 60, True), Spell(moment(hour, minute), 60, just_now)
    assert same_time(first, second) == same_time(second, first) == same
