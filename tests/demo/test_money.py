"""The demo's money: a month paid, and an invoice with seven faults for the payer to meet."""

import pytest
from django.utils import timezone

from snerydder.access.models import Staff
from snerydder.access.tenancy import within
from snerydder.casework.grants.spans import month_of
from snerydder.casework.payments import bookkeeping
from snerydder.casework.payments.models import Confirmation, Invoice, InvoiceLine, TimeSheet
from snerydder.casework.people.models import Mentor
from snerydder.casework.questions.models import Question
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
        span = month_of(Invoice.objects.get(state="paid").paid_on)
        rows = bookkeeping.booked(Staff.objects.get(name="Gitte Gram"), span)
        assert rows and not bookkeeping.missing(rows), "the month can be taken to the finance system"
        held = Question.objects.filter(holds=True).values("about")
        assert held and not Mentor.objects.filter(staff__in=held).exclude(employer="").exists(), "the questions leave the seven faults alone"
        assert not InvoiceLine.objects.filter(invoice__state="paid", approved_minutes__gt=0, contact__isnull=True).exists()
