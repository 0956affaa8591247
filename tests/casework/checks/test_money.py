"""The night also knows who else says that a meeting took place, and what is asked to be paid without a contact behind it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from snerydder.access.tenancy import set_context
from snerydder.casework.cases.spoken import told
from snerydder.casework.checks import nightly
from snerydder.casework.checks.models import CURRENT, CheckState
from snerydder.casework.payments import actions, invoicing, suppliers
from snerydder.casework.payments.models import Invoice
from snerydder.casework.payments.weighing import Asked
from tests import build
from tests.build import DAY

NIGHT = DAY + timedelta(days=40)


def night(case, day=NIGHT) -> dict[str, str]:
    nightly.of_municipality(case.municipality_id, day)
    set_context(case.municipality_id)
    return dict(CheckState.objects.filter(CURRENT, case=case).values_list("check_id", "level"))


@pytest.fixture
def met(cast, case):
    return [build.contact(cast, case, DAY + timedelta(days=8 + 7 * place)) for place in range(3)]


def confirm(cast, contact, answered="yes"):
    actions.confirm(contact, by=cast.bente, source="school", source_name="Sprogskolen, Lis Lund", answered=answered)


def test_a_contact_somebody_else_confirms(cast, case, met):
    assert night(case)["CHK-27"] == "warn"
    confirm(cast, met[0])
    assert night(case, NIGHT + timedelta(days=1))["CHK-27"] == "ok"
    confirm(cast, met[1], "no")
    assert night(case, NIGHT + timedelta(days=2))["CHK-27"] == "warn"
    assert "kender ikke 1 af kontakterne" in told(CheckState.objects.get(CURRENT, case=case, check_id="CHK-27").what)


def test_minutes_asked_for_beyond_the_log_stop_until_somebody_has_seen_to_them(cast, case, met):
    found = suppliers.add_supplier("Havnens Mentorer ApS", "10000009", by=cast.gitte)
    suppliers.engage(found, cast.mentor, Decimal(450), date(2026, 1, 1), by=cast.gitte)
    actions.approve_sheet(cast.mentor, DAY, by=cast.carl)
    asked = [Asked(1, met[0].day, 60, Decimal(450), case.number), Asked(2, met[1].day, 120, Decimal(900), case.number)]
    assert "CHK-25" not in night(case)
    invoice = invoicing.register(found, "F-1", date(2026, 9, 1), asked, by=cast.dorthe)
    assert night(case, NIGHT + timedelta(days=1))["CHK-25"] == "stop"
    invoicing.accept_proposals(Invoice.objects.get(pk=invoice.pk), by=cast.gitte)
    assert night(case, NIGHT + timedelta(days=2))["CHK-25"] == "ok"
