"""A draft may be half filled; nothing is decided by it."""

from datetime import timedelta

import pytest

from snerydder.audit.action import Conflict, Refusal
from snerydder.audit.models import Event
from snerydder.casework.cases import actions as cases
from snerydder.casework.grants import actions
from snerydder.casework.grants.models import Grant
from tests import build
from tests.build import DAY


def test_it_keeps_what_there_is(cast):
    case, assessment = build.assessed(cast)
    draft = actions.propose(case, by=cast.bente, assessment=assessment, hjemmel="lab-167-1", purpose="At blive i skolen.", on=DAY)
    assert (draft.state, draft.start, draft.minutes, draft.days, draft.total_minutes) == ("draft", None, 0, 0, 0)
    assert build.fresh(case).stage == "assessed" and build.fresh(case).grant_end is None


def test_writing_again_is_the_same_draft(cast):
    draft = build.proposed(cast)
    again = build.propose_for(cast, draft.case, draft.assessment, DAY, minutes=60)
    assert again.pk == draft.pk and Grant.objects.get().minutes == 60


def test_two_who_write_at_once_are_told(cast):
    case, assessment = build.assessed(cast)
    seen = build.fresh(case).version
    actions.propose(case, by=cast.bente, assessment=assessment, purpose="Mit", version=seen)
    with pytest.raises(Conflict, match="Bente Bak har netop skrevet et udkast til bevilling"):
        actions.propose(case, by=cast.dorthe, assessment=assessment, purpose="Dit", version=seen)
    assert Grant.objects.get().purpose == "Mit"


def test_dates_in_the_wrong_order_are_refused(cast):
    with pytest.raises(Refusal) as told:
        build.proposed(cast, start=DAY, end=DAY - timedelta(days=1))
    assert told.value.field == "end"


def test_an_assessment_carries_one_period(cast):
    grant = build.granted(cast)
    with pytest.raises(Refusal) as told:
        build.propose_for(cast, build.fresh(grant.case), grant.assessment, DAY)
    assert "ny konkret vurdering" in told.value.mend and told.value.link == f"/sager/{grant.case_id}/vurdering/"


def test_a_withdrawn_assessment_carries_none(cast):
    case, assessment = build.assessed(cast)
    cases.undo_assessment(assessment, by=cast.bente)
    with pytest.raises(Refusal, match="fortrudt"):
        build.propose_for(cast, case, assessment, DAY)


def test_another_cases_assessment_carries_none(cast):
    case, _ = build.assessed(cast)
    _, other = build.assessed(cast, build.citizen(cast, 1))
    with pytest.raises(Refusal):
        build.propose_for(cast, case, other, DAY)


def test_a_draft_can_be_thrown_away_and_a_decision_cannot(cast):
    actions.discard(build.proposed(cast), by=cast.bente)
    assert not Grant.objects.exists() and Event.objects.filter(verb="grants.discard").exists()
    with pytest.raises(Refusal, match="Kun et udkast"):
        actions.discard(build.granted(cast, build.citizen(cast, 1)), by=cast.bente)
