"""The demo's money: a month paid, and an invoice with seven faults for the payer to meet."""

import pytest
from django.utils import timezone

from snerydder.access.tenancy import within
from snerydder.casework.payments.models import Confirmation, Invoice, InvoiceLine, TimeSheet
from snerydder.project.demo import town
from snerydder.project.demo.cast import FJORDBY

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_town_has_an_invoice_paid_and_one_with_seven_faults():
    town.build_one("town", "1", 0, timezone.localdate())
    with within(FJORDBY):
        assert Invoice.objects.filter(state="paid").exists()
        faulty = Invoice.objects.get(state="registered")
        reasons = [line.reason for line in faulty.lines.order_by("place") if line.differs]
        assert set(reasons) >= {"more_than_logged", "price", "double", "no_contact", "unknown_case", "cost"} and reasons.count("cost") == 2
        assert TimeSheet.objects.filter(state="approved").count() > 5 and Confirmation.objects.count() > 10
        assert not InvoiceLine.objects.filter(invoice__state="paid", approved_minutes__gt=0, contact__isnull=True).exists()
