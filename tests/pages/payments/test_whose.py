"""The four columns by mentor and by supplier: a figure leads to its cases, and each case to the rows that make it up."""

from datetime import date
from decimal import Decimal

import pytest

from snerydder.access import actions as access
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.spans import month_of
from snerydder.casework.payments import invoicing, suppliers, whose
from snerydder.casework.payments.weighing import Asked
from snerydder.casework.people import actions as people
from snerydder.desks import payer
from tests.pages.payments.conftest import FIRST
from tests.pages.visit import Page, counted

AUGUST = month_of(FIRST)


@pytest.fixture
def second(cast, month):
    """Another mentor of another supplier, who met the same citizen once; and from 20 August Carl works through that supplier too."""
    staff = access.appoint("Nina Norup", ["mentor"], by=cast.henrik, unit=cast.unit, username="nina")
    nina = people.register_mentor(staff, by=cast.dorthe, kind="consultant", hours_per_week=10, languages=["dansk"], areas=[])
    other = suppliers.add_supplier("Broens Mentorer", "10000017", by=cast.gitte)
    suppliers.engage(other, nina, Decimal(400), date(2026, 1, 1), by=cast.gitte)
    suppliers.engage(other, cast.mentor, Decimal(400), date(2026, 8, 20), by=cast.gitte)
    Contact.objects.filter(pk=month.contacts[1].pk).update(mentor=nina)
    return nina, other


def test_by_mentor_and_by_supplier_each_hour_stands_once(cast, month, second):
    nina, other = second
    by_mentor = {each.name: each.four for each in whose.groups(cast.gitte, AUGUST, "mentor")}
    assert (by_mentor["Carl Clausen"].delivered, by_mentor["Nina Norup"].delivered) == (210, 60)
    assert by_mentor["Carl Clausen"].granted > 0 and by_mentor["Nina Norup"].granted == 0
    by_supplier = {each.name: each.four.delivered for each in whose.groups(cast.gitte, AUGUST, "leverandoer")}
    assert by_supplier == {"Havnens Mentorer ApS": 150, "Broens Mentorer": 120}, "the mentor's supplier of the day"
    whole = payer.sums(payer.lines(cast.gitte, AUGUST))
    assert whole.used == sum(each.delivered for each in by_mentor.values()) == sum(by_supplier.values()) == 270


@pytest.mark.parametrize(("kind", "name"), [("mentor", "Carl Clausen"), ("mentor", "Nina Norup"), ("leverandoer", "Havnens Mentorer ApS"), ("leverandoer", "Broens Mentorer")])
def test_each_figure_is_the_sum_of_its_cases_and_they_of_their_rows(as_staff, cast, month, second, kind, name):
    gitte = as_staff("gitte")
    group = next(each for each in whose.groups(cast.gitte, AUGUST, kind) if each.name == name)
    page = Page(gitte.get(f"/oekonomi/?maaned=2026-08&efter={kind}"))
    assert f"?maaned=2026-08&{kind}={group.pk}" in [href for _text, href in page.links]
    of = whose.read({kind: str(group.pk)}, cast.gitte)
    rows = payer.lines(cast.gitte, AUGUST, of)
    assert (sum(row.used for row in rows), sum(row.confirmed for row in rows)) == (group.four.delivered, group.four.confirmed)
    cases = Page(gitte.get(f"/oekonomi/?maaned=2026-08&{kind}={group.pk}"))
    assert name in cases.words
    (address,) = [href for _text, href in cases.links if "kolonne=leveret" in href]
    hours, minutes = divmod(group.four.delivered, 60)
    assert f"Leveret: {hours} t" + (f" {minutes} min" if minutes else "") in Page(gitte.get(address)).words


def test_what_is_invoiced_stands_with_whom_it_is_paid(as_staff, cast, month):
    line = Asked(1, FIRST, 60, Decimal(450), month.case.number)
    invoicing.register(month.supplier, "F-1", date(2026, 9, 1), [line], by=cast.dorthe)
    (group,) = whose.groups(cast.gitte, AUGUST, "leverandoer")
    assert (group.name, group.four.invoiced) == ("Havnens Mentorer ApS", 60)
    gitte = as_staff("gitte")
    with counted() as queries:
        page = Page(gitte.get("/oekonomi/?maaned=2026-08&efter=leverandoer"))
    assert "Havnens Mentorer ApS" in page.words and "I alt" in page.words and len(queries) <= 16, len(queries)


def test_nobody_and_nonsense(as_staff, cast, month):
    gitte = as_staff("gitte")
    for asked in ("mentor=x", f"mentor={month.supplier.pk}", f"leverandoer={cast.mentor.pk}"):
        assert gitte.get(f"/oekonomi/?maaned=2026-08&{asked}").status_code == 404
    assert "Ingen timer er bevilget eller leveret" in Page(gitte.get("/oekonomi/?maaned=2025-01&efter=mentor")).words
