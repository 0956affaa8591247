"""The year's figures once more, as somebody would in a spreadsheet: a row for each day, nothing borrowed from the program."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine

from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants import actions as grants
from snerydder.casework.grants.models import Grant
from snerydder.casework.payments import actions, budget, correcting, invoices, invoicing, suppliers
from snerydder.casework.payments.models import Invoice
from snerydder.casework.payments.weighing import Asked
from tests import build
from tests.build import DAY

TODAY = date(2026, 11, 20)
PRICES = {date(2026, 1, 1): 310, date(2026, 9, 1): 395}  # kroner an hour of a municipal mentor, from a day


@pytest.fixture
def year(cast, case):
    """Three grants over two years at two prices, one of them stopped before time; contacts inside and outside of them; an invoice of which part is claimed back."""
    for valid_from, price in PRICES.items():
        grants.set_price(by=cast.henrik, mentor_kind="municipal", per_hour=Decimal(price), valid_from=valid_from)
    second = build.active(cast, build.citizen(cast, 2), on=date(2026, 9, 7))
    third = build.granted(cast, build.citizen(cast, 3), on=date(2026, 9, 21), minutes=2400, minutes_per="total").case
    grants.stop(Grant.objects.get(case=case), by=cast.bente, last_day=date(2026, 10, 31), ground="no_need", reason="Hun er kommet i gang og klarer sig selv.", heard="agrees", on=date(2026, 10, 12))
    for place in range(9):
        build.contact(cast, build.fresh(case), date(2026, 8, 11) + timedelta(days=7 * place), minutes=35 + 10 * place)
        build.contact(cast, second, date(2026, 9, 15) + timedelta(days=6 * place), minutes=95)
    build.contact(cast, build.fresh(case), date(2026, 11, 12))  # after the last day of the grant
    with time_machine.travel("2026-11-20T10:00:00+01:00", tick=False):
        yield pay(cast, case), second, third


def pay(cast, case):
    supplier = suppliers.add_supplier("Havnens Mentorer ApS", "10000009", by=cast.gitte)
    suppliers.engage(supplier, cast.mentor, Decimal(450), DAY, by=cast.gitte)
    actions.approve_sheet(cast.mentor, DAY, by=cast.carl, on=TODAY)
    lines = [Asked(1, date(2026, 8, 11), 35, Decimal("262.50"), case.number), Asked(2, date(2026, 8, 18), 45, Decimal("337.50"), case.number)]
    invoice = invoicing.register(supplier, "1", date(2026, 9, 1), lines, by=cast.dorthe, on=date(2026, 9, 2))
    invoicing.approve(invoice, by=cast.gitte, on=date(2026, 9, 3))
    invoicing.pay(Invoice.objects.get(), by=cast.henrik, on=date(2026, 9, 30))
    row = correcting.propose_correction(invoice.lines.get(place=2), by=cast.gitte, minutes=-15, amount=Decimal("-112.50"), reason="Loggen er rettet", on=date(2026, 10, 1))
    correcting.decide_correction(row, by=cast.henrik, on=date(2026, 10, 2))
    return supplier


def price_of(decided):
    return Fraction([price for day, price in PRICES.items() if day <= decided][-1])


def sheet_of_days():
    """(day: kroner granted, kroner delivered) of 2026."""
    granted, delivered = defaultdict(Fraction), defaultdict(Fraction)
    rows = list(Grant.objects.filter(state__in=["decided", "stopped"]))
    for grant in rows:
        planned = (grant.decided_end or grant.end) - grant.start
        each_day = Fraction(grant.minutes, 7) if grant.minutes_per == "week" else Fraction(grant.minutes, planned.days + 1)
        for number in range((grant.end - grant.start).days + 1):
            granted[grant.start + timedelta(days=number)] += each_day / 60 * price_of(grant.decided_on)
    for contact in Contact.objects.filter(withdrawn=False):
        grant = next((each for each in rows if each.case_id == contact.case_id and each.start <= contact.day <= each.end), None)
        if grant:
            delivered[contact.day] += Fraction(contact.counted_minutes, 60) * price_of(grant.decided_on)
    return granted, delivered


def month_sum(days, month):
    return sum((kroner for day, kroner in days.items() if (day.year, day.month) == (2026, month)), Fraction(0))


def test_each_month_and_the_year_s_end(cast, year):
    granted, delivered = sheet_of_days()
    budget.set_budget(2026, Decimal(40_000), by=cast.gitte, share=Decimal(60_000))
    shown = budget.year(cast.gitte, 2026, TODAY)
    near = {"abs": Decimal("1.50")}  # minutes and øre are rounded once in each grant and month
    for month in shown.months:
        number = month.span.first.month
        assert month.granted == pytest.approx(Decimal(float(month_sum(granted, number))), **near), number
        assert month.delivered == pytest.approx(Decimal(float(month_sum(delivered, number))), abs=Decimal("0.02")), number
    assert {month.span.first.month: month.paid for month in shown.months if month.paid} == {9: Decimal("600.00"), 10: Decimal("-112.50")}
    gone = range(1, 11)
    rate = sum(month_sum(delivered, number) for number in gone) / sum(month_sum(granted, number) for number in gone)
    by_hand = sum(month_sum(delivered, number) for number in gone) + rate * (month_sum(granted, 11) + month_sum(granted, 12))
    assert 0 < rate < 1 and shown.forecast == pytest.approx(Decimal(float(by_hand)), abs=Decimal(5))
    assert shown.left == Decimal(40_000) - shown.forecast and shown.left_of_share == Decimal(60_000) - shown.forecast


def test_a_contact_outside_every_grant_costs_nothing(cast, year):
    november = budget.year(cast.gitte, 2026, TODAY).months[10]
    _granted, delivered = sheet_of_days()
    assert Contact.objects.filter(day=date(2026, 11, 12)).exists() and date(2026, 11, 12) not in delivered
    assert november.delivered == pytest.approx(Decimal(float(month_sum(delivered, 11))), abs=Decimal("0.02"))


def test_the_price_of_an_hour_that_was_delivered(cast, year):
    """487,50 kr. for 65 minutes, when a quarter has been claimed back."""
    [row] = invoices.paid_hours(cast.gitte, date(2026, 1, 1), date(2026, 12, 31))
    assert (row.minutes, row.amount, row.per_hour) == (65, Decimal("487.50"), Decimal("450.00"))
