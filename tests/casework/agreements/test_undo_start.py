from datetime import timedelta

import pytest

from snerydder.audit.action import Refusal
from snerydder.casework.agreements import actions
from snerydder.casework.agreements.models import Agreement
from tests import build
from tests.casework.agreements.test_start import START, agree

pytestmark = pytest.mark.django_db


def test_before_any_contact_it_is_as_if_it_had_not_begun(cast):
    case = build.active(cast)
    row = actions.undo_start(Agreement.objects.get(case=case), by=cast.dorthe, reason="Forkert dag")
    case = build.fresh(case)
    assert (row.state, row.started_on, case.stage, case.started_on, case.follow_up_due) == ("agreed", None, "agreed", None, None)
    assert actions.start(row, by=cast.dorthe, on=START + timedelta(days=1))


def test_after_a_contact_it_is_too_late(cast):
    case = build.active(cast)
    build.contact(cast, case, START)
    with pytest.raises(Refusal, match="har været kontakt"):
        actions.undo_start(Agreement.objects.get(case=case), by=cast.dorthe)


def test_an_undone_renewal_lets_the_one_before_run_on(cast):
    case = build.active(cast)
    first = Agreement.objects.get(case=case)
    build.contact(cast, case, START)
    day = START + timedelta(days=30)
    second = actions.start(agree(cast, case, start=day), by=cast.dorthe, on=day)
    actions.undo_start(second, by=cast.dorthe)
    first.refresh_from_db()
    case = build.fresh(case)
    assert (first.state, first.ended_on, case.stage, case.started_on) == ("active", None, "active", START)
    assert Agreement.objects.get(pk=second.pk).state == "agreed"


def test_what_does_not_run_is_refused(cast):
    with pytest.raises(Refusal, match="ikke i gang"):
        actions.undo_start(build.agreed(cast), by=cast.dorthe)
