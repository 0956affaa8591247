"""Two people at the same moment, each with their own connection: one does it, the other is told, and no hour is paid twice."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from snerydder.access.models import Staff
from snerydder.access.tenancy import within
from snerydder.audit.action import Conflict, Refusal
from snerydder.casework.payments import actions, invoicing, suppliers
from snerydder.casework.payments.models import Invoice, InvoiceLine, Supplier
from snerydder.casework.payments.weighing import Asked
from tests import build
from tests.casework.grants.test_two_at_once import at_once
from tests.cast import FJORDBY, fjordby

DAY = date(2026, 8, 11)


@pytest.fixture
def town(own_database: str) -> dict[str, Any]:
    with within(FJORDBY):
        cast = fjordby()
        case = build.active(cast)
        for place in range(3):
            build.contact(cast, case, DAY + timedelta(days=place))
        actions.approve_sheet(cast.mentor, DAY, by=cast.carl)
        supplier = suppliers.add_supplier("Havnens Mentorer ApS", "10000009", by=cast.gitte)
        suppliers.engage(supplier, cast.mentor, Decimal(450), DAY, by=cast.gitte)
        return {"supplier": supplier.pk, "number": case.number, "dorthe": cast.dorthe.pk, "gitte": cast.gitte.pk, "henrik": cast.henrik.pk}


def lines(town):
    return [Asked(place + 1, DAY + timedelta(days=place), 60, Decimal(450), town["number"]) for place in range(3)]


def register(town, number):
    supplier, by = Supplier.objects.get(pk=town["supplier"]), Staff.objects.get(pk=town["dorthe"])
    return invoicing.register(supplier, number, date(2026, 9, 1), lines(town), by=by)


def test_of_two_approvers_one_approves_and_the_other_is_told_by_whom(town):
    with within(FJORDBY):
        invoice = register(town, "1").pk

    def approve(who):
        return lambda: invoicing.approve(Invoice.objects.get(pk=invoice), by=Staff.objects.get(pk=town[who]), version=1)

    results = at_once(approve("gitte"), approve("henrik"))
    refused = [each for each in results if isinstance(each, Refusal)]
    assert len(refused) == 1 and isinstance(refused[0], Conflict), results
    winner = "Henrik Holm" if results[0] is refused[0] else "Gitte Gram"
    assert refused[0].what == f"{winner} har godkendt faktura 1."
    with within(FJORDBY):
        assert Invoice.objects.get().approved_by.name == winner


def test_two_invoices_for_the_same_hours_at_once_are_paid_once(town):
    results = at_once(lambda: register(town, "1"), lambda: register(town, "2"))
    refused = [each for each in results if isinstance(each, Refusal)]
    with within(FJORDBY):
        paid = InvoiceLine.objects.filter(approved_minutes__gt=0)
        assert paid.count() == 3 and len({line.contact_id for line in paid}) == 3
        assert Invoice.objects.count() == 2 - len(refused), "refused whole, or booked whole"
        assert all("allerede faktureret" in each.what for each in refused)
