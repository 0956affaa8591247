"""A deleted entry counts again, as it was."""

from datetime import timedelta
from uuid import uuid4

import pytest

from snerydder.audit.action import Refusal
from snerydder.audit.models import Event
from snerydder.casework.cases import actions as cases
from snerydder.casework.contacts import actions
from snerydder.casework.contacts.models import Contact
from tests import build
from tests.build import DAY
from tests.casework.contacts.test_log import at

pytestmark = pytest.mark.django_db
ON = DAY + timedelta(days=10)


def test_it_counts_again(cast, case):
    row = build.contact(cast, case, ON)
    actions.withdraw([row], by=cast.carl)
    actions.restore([row], by=cast.carl)
    assert build.fresh(case).minutes_used == 60 and Event.objects.filter(verb="contacts.restore", case_id=case.pk).exists()


def test_who_was_taken_out_by_a_correction_stays_out(cast, case, other):
    rows = actions.log(uuid4(), [case, other], by=cast.carl, at=at(ON), form="met", minutes=60)
    actions.correct(rows[0], by=cast.carl, reason="Var der ikke", cases=[case])
    actions.withdraw(rows[:1], by=cast.carl)
    actions.restore(rows[:1], by=cast.carl)
    assert (build.fresh(case).minutes_used, build.fresh(other).minutes_used) == (60, 0)


def test_what_was_not_deleted_is_refused(cast, case):
    with pytest.raises(Refusal, match="ikke slettet"):
        actions.restore([build.contact(cast, case, ON)], by=cast.carl)


def test_a_locked_day_is_refused(cast, case):
    row = build.contact(cast, case, ON)
    actions.withdraw([row], by=cast.carl)
    cases.follow_up(case, by=cast.bente, text="Det går fremad med at komme op.", decision="go_on", contacts_approved=True, on=ON)
    with pytest.raises(Refusal, match="gennemgået"):
        actions.restore([row], by=cast.carl)
    assert Contact.objects.get().withdrawn
