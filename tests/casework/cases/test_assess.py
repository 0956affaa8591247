"""Konkret vurdering: by a named caseworker, corrected or undone until a decision stands on it."""

from datetime import timedelta

import pytest

from snerydder.audit.action import Refusal
from snerydder.audit.models import Event
from snerydder.casework.cases import actions
from snerydder.casework.cases.models import Assessment
from snerydder.casework.grants.models import Grant
from tests import build
from tests.build import DAY


def test_it_moves_the_case_on(cast):
    case, row = build.assessed(cast)
    case = build.fresh(case)
    assert (case.stage, row.made_by, row.made_on, case.next_deadline) == ("assessed", cast.bente, DAY, DAY + timedelta(weeks=2))


def test_it_gives_an_unassigned_case_its_caseworker(cast):
    case = actions.refer(cast.amina, by=cast.dorthe, need="Behov", on=DAY)
    build.assess_again(cast, case, DAY)
    assert build.fresh(case).caseworker == cast.bente


def test_in_a_running_case_it_is_for_a_new_period(cast):
    case = build.active(cast)
    build.assess_again(cast, case, DAY + timedelta(days=120))
    assert build.fresh(case).stage == "active"
    assert Assessment.objects.filter(case=case).count() == 2


def test_it_cannot_lie_before_the_referral(cast):
    case = build.referred(cast)
    with pytest.raises(Refusal) as told:
        build.assess_again(cast, case, DAY - timedelta(days=1))
    assert told.value.field == "on"


def test_a_closed_case_is_not_assessed(cast):
    case = build.referred(cast)
    actions.cancel(case, by=cast.bente, reason="Fejl i CPR.", on=DAY)
    with pytest.raises(Refusal, match="annulleret"):
        build.assess_again(cast, case, DAY)


def test_the_mentor_of_the_case_never_assesses_it(cast):
    case = build.active(cast)
    cast.carl.roles = ["mentor", "caseworker"]
    cast.carl.save()
    with pytest.raises(Refusal, match="du er mentor i sagen"):
        actions.assess(case, by=cast.carl, need="Behov", decisive=True, decisive_reason="x", conclusion="grant")


def test_it_is_corrected_before_the_decision(cast):
    case, row = build.assessed(cast, target_group="")
    actions.change_assessment(row, by=cast.bente, reason="Målgruppen manglede.", target_group="6.5", need=row.need)
    row.refresh_from_db()
    assert row.target_group == "6.5"
    data = Event.objects.get(verb="cases.change_assessment").data
    assert (data["before"], data["after"], data["reason"]) == ({"target_group": ""}, {"target_group": "6.5"}, "Målgruppen manglede.")


def test_after_the_decision_it_is_neither_corrected_nor_undone(cast):
    row = build.granted(cast).assessment
    with pytest.raises(Refusal, match="der er truffet afgørelse på den"):
        actions.change_assessment(row, by=cast.bente, reason="Nyt", need="Andet")
    with pytest.raises(Refusal, match="der er truffet afgørelse på den"):
        actions.undo_assessment(row, by=cast.bente)


def test_undoing_it_takes_the_case_and_the_draft_back(cast):
    grant = build.proposed(cast)
    actions.undo_assessment(grant.assessment, by=cast.bente)
    assert build.fresh(grant.case).stage == "referred"
    assert not Grant.objects.exists() and Assessment.objects.get().withdrawn
    with pytest.raises(Refusal, match="fortrudt"):
        actions.undo_assessment(Assessment.objects.get(), by=cast.bente)
