"""The money side of a demo municipality: time sheets approved, some contacts confirmed, and invoices: one paid, one with seven faults."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from random import Random
from typing import Any

from snerydder.access.models import Staff
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.cost import price_on
from snerydder.casework.grants.spans import Span, month_of
from snerydder.casework.payments import actions, budget, invoicing, suppliers
from snerydder.casework.payments.costs import known_account
from snerydder.casework.payments.models import Supplier, TimeSheet
from snerydder.casework.payments.states import SheetState
from snerydder.casework.payments.weighing import Asked
from snerydder.law import rulebook, target_groups
from snerydder.project.demo.place import Helper, Place, read

CVRS = ("10000009", "10000017", "10000025", "10000033", "10000041")  # they add up, and nobody has them
SHEETS = 3  # months back


def play(place: Place, today: date, rng: Random) -> None:
    """After everything else: what is corrected later opens an approval again, in the demo as in life."""
    _confirm(place, today, rng)
    for back in range(SHEETS, 0, -1):
        span = month_of(today.replace(day=1)).moved(-back)
        for number, helper in enumerate(place.helpers):
            if back > 1 or number:  # the first mentor has last month's sheet to approve
                _approve(helper, span)
    payer = Staff.objects.filter(municipality=place.number, roles__contains=["payer"]).exclude(pk=place.coordinates.pk).first()
    if payer is not None:
        _postings(payer, today)
        _invoices(place, payer, today)
        _budget(payer, today)


def _contacts(helper: Helper, span: Span) -> list[Contact]:
    rows = Contact.objects.filter(mentor=helper.mentor, withdrawn=False, counted_minutes__gt=0, day__range=(span.first, span.last))
    return list(rows.exclude(form="tried").select_related("case").order_by("at", "id"))


def _approve(helper: Helper, span: Span) -> None:
    if _contacts(helper, span):
        actions.approve_sheet(helper.mentor, span.first, by=helper.mentor.staff, on=span.last + timedelta(days=2))


def approve_again(place: Place, today: date) -> None:
    """The trial's contacts came after the approval: those who send invoices have looked at last month's sheet once more."""
    span = month_of(today.replace(day=1)).moved(-1)
    for helper in place.helpers:
        if helper.mentor.employer and TimeSheet.objects.filter(mentor=helper.mentor, month=span.first, state=SheetState.REOPENED).exists():
            actions.approve_sheet(helper.mentor, span.first, by=helper.mentor.staff, on=today)


def _confirm(place: Place, today: date, rng: Random) -> None:
    """One in six of the last weeks' meetings has somebody else's word for it."""
    sources = read("phrases.toml")["confirmed_by"]
    recent = Contact.objects.filter(municipality=place.number, form="met", withdrawn=False, day__gte=today - timedelta(days=70), together=1)
    recent = recent.exclude(case__confirmations__answer="unsure")  # that citizen is not easy to get hold of (`odd.never_heard`)
    for contact in recent.select_related("case__caseworker", "mentor__staff").order_by("at", "id"):
        if rng.random() < 1 / 6 and contact.case.caseworker:
            source, name = rng.choice(sources)
            actions.confirm(contact, by=contact.case.caseworker, source=source, source_name=name, answered="yes")


def _invoices(place: Place, payer: Staff, today: date) -> None:
    outside = [helper for helper in place.helpers if helper.mentor.employer]
    last, before = (month_of(today.replace(day=1)).moved(-back) for back in (1, 2))
    faulty = max(outside, key=lambda helper: len(_contacts(helper, last)), default=None)
    for number, helper in enumerate(outside):
        price = price_on(place.number, helper.mentor.kind, before.first)
        supplier = suppliers.add_supplier(helper.mentor.employer, CVRS[number], by=payer)
        suppliers.engage(supplier, helper.mentor, price, before.first - timedelta(days=365), by=payer)
        if rows := _contacts(helper, before):
            _paid(place, payer, supplier, [_line(place_, row, price) for place_, row in enumerate(rows, 1)], before)
        rows = _contacts(helper, last)
        if rows and helper is faulty:
            _registered(place, supplier, _with_faults([_line(place_, row, price) for place_, row in enumerate(rows, 1)], price, last), last, max(today - timedelta(days=2), last.last + timedelta(days=1)))


def _postings(payer: Staff, today: date) -> None:
    """The account the sources name, and for the other groups one that the invented municipality has itself."""
    first = date(today.year - 1, 1, 1)
    unpaid = rulebook.on(first).value("refusion.none_groups")
    for number, group in enumerate([*(key for key, _name in target_groups(first)), suppliers.OUTSIDE], 1):
        account = known_account(group, first) or f"5.68.98.9{number:02}"
        suppliers.set_posting(group, account, "none" if group in unpaid else "state", first, by=payer)


def _budget(payer: Staff, today: date) -> None:
    """A year's budget a little above where the year is going, in whole ten thousands; the share of the limit is the municipality's own draft."""
    expected = budget.year(payer, today.year, today).forecast
    if expected is not None:
        amount, share = (Decimal(10_000) * ceil(expected * part / 1_000_000) for part in (105, 120))
        budget.set_budget(today.year, amount, by=payer, share=share)


def _line(place: int, contact: Contact, price: Decimal) -> Asked:
    minutes = contact.counted_minutes
    return Asked(place, contact.day, minutes, max((price * minutes / 60).quantize(Decimal("0.01")), Decimal(1)), contact.case.number, text="Mentortimer")


def _registered(place: Place, supplier: Supplier, lines: list[Asked], span: Span, day: date) -> Any:
    return invoicing.register(supplier, f"{span.first:%Y%m}-1", span.last + timedelta(days=1), lines, by=place.coordinates, on=day)


def _paid(place: Place, payer: Staff, supplier: Supplier, lines: list[Asked], span: Span) -> None:
    day = span.last + timedelta(days=6)
    invoice = _registered(place, supplier, lines, span, day - timedelta(days=3))
    invoicing.accept_proposals(invoice, by=payer)
    invoicing.pay(invoicing.approve(invoice, by=payer, on=day), by=place.leader, on=day + timedelta(days=4))


def _with_faults(lines: list[Asked], price: Decimal, span: Span) -> list[Asked]:
    """What a payer should find: more than the log, too dear, twice, nobody there, no such case, kilometres, a fee."""
    often = Counter((each.day, each.case_number) for each in lines)
    clear = [each for each in lines if often[each.day, each.case_number] == 1] or lines  # no other contact that day it could be taken for
    first, longest = clear[0], clear[:2][-1]
    left = [each for each in lines if each not in (first, longest)]
    dear = (clear[2:] or left)[:1]  # that one may have another the same day: its price is too high, whichever it is taken for
    rest = [each for each in left if each not in dear]
    longer = Asked(0, longest.day, longest.minutes + 30, longest.amount + price / 2, longest.case_number, text=longest.text)
    dearer = [Asked(0, each.day, each.minutes, each.amount + 100, each.case_number, text=each.text) for each in dear]
    free = next(day for day in (span.first + timedelta(days=back) for back in range(28)) if day not in {each.day for each in lines})
    others = [
        first, Asked(0, free, 60, max(price, Decimal(1)), first.case_number, text="Mentortimer"),
        Asked(0, first.day, 60, max(price, Decimal(1)), f"{span.first.year}-99999", text="Mentortimer"),
        Asked(0, first.day, 0, Decimal("151.60"), kind="travel", text="Kørsel 40 km"), Asked(0, span.last, 0, Decimal(350), kind="overhead", text="Administration"),
    ]  # fmt: skip
    listed = [*([first] if longest is not first else []), longer, *dearer, *rest, *others]
    return [Asked(place, each.day, each.minutes, each.amount, each.case_number, each.kind, each.text) for place, each in enumerate(listed, 1)]
