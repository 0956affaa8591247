"""Deleting takes the whole entry; the rows stay, marked."""

from datetime import timedelta
from uuid import uuid4

import pytest

from snerydder.audit.action import Refusal
from snerydder.audit.models import Event
from snerydder.casework.contacts import actions
from snerydder.casework.contacts.models import CaseWeek, Contact
from tests import build
from tests.build import DAY
from tests.casework.contacts.test_log import at

pytestmark = pytest.mark.django_db
ON = DAY + timedelta(days=10)


def test_it_takes_all_who_were_there(cast, case, other):
    rows = actions.log(uuid4(), [case, other], by=cast.carl, at=at(ON), form="met", minutes=60)
    build.contact(cast, case, ON + timedelta(days=1), minutes=20)
    assert actions.withdraw(rows[:1], by=cast.carl, reason="Skrevet på forkert dag") == 2
    assert Contact.objects.filter(withdrawn=True).count() == 2
    assert (build.fresh(case).minutes_used, build.fresh(other).minutes_used) == (20, 0)
    assert not CaseWeek.objects.filter(case=other).exists()
    assert {event.data["reason"] for event in Event.objects.filter(verb="contacts.withdraw")} == {"Skrevet på forkert dag"}


def test_twice_is_told(cast, case):
    row = build.contact(cast, case, ON)
    actions.withdraw([row], by=cast.carl)
    with pytest.raises(Refusal, match="allerede slettet"):
        actions.withdraw([row], by=cast.carl)


def test_the_caseworker_does_not_delete_the_mentors_log(cast, case):
    with pytest.raises(Refusal, match="skrevet af Carl"):
        actions.withdraw([build.contact(cast, case, ON)], by=cast.bente)
