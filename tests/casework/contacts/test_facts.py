"""What was delivered, as the law sees it."""

from datetime import timedelta

import pytest

from snerydder.casework.contacts.facts import delivery_facts
from snerydder.law.facts import DeliveryFacts
from tests import build
from tests.build import DAY

pytestmark = pytest.mark.django_db
START = DAY + timedelta(days=7)


def test_it_speaks_of_the_days_gone_by(cast, case):
    for day, form, minutes in ((0, "met", 60), (3, "tried", 0), (12, "phone", 20), (40, "met", 30)):
        build.contact(cast, case, START + timedelta(days=day), form=form, minutes=minutes)
    seen = delivery_facts(case, START + timedelta(days=20))
    assert seen == DeliveryFacts(
        first_contact_on=START, last_contact_on=START + timedelta(days=12), longest_gap_days=12, minutes_registered=80, minutes_granted=360,
    )  # fmt: skip


def test_nothing_delivered_is_said_as_nothing(cast, case):
    assert delivery_facts(case, START + timedelta(days=6)) == DeliveryFacts(minutes_granted=120)


def test_without_a_grant_there_is_nothing_to_deliver(cast):
    assert delivery_facts(build.referred(cast, build.citizen(cast, 1)), START) == DeliveryFacts()
