"""A grant is annulled before the support is agreed and before the citizen has the letter."""

import pytest

from snerydder.audit.action import Conflict, Refusal
from snerydder.audit.models import Outbox
from snerydder.casework.agreements.models import Match
from snerydder.casework.grants import actions
from snerydder.casework.grants.models import Grant, Letter
from tests import build
from tests.build import DAY


def test_it_draws_the_letter_back_and_takes_the_case_back(cast):
    grant = build.granted(cast)
    actions.annul(grant, by=cast.bente, reason="Forkert timetal.")
    case = build.fresh(grant.case)
    assert (case.stage, case.grant_end, case.minutes_granted) == ("assessed", None, 0)
    assert Letter.objects.get().withdrawn and Outbox.objects.get().state == "cancelled"
    assert build.propose_for(cast, case, grant.assessment, DAY).state == "draft", "the assessment is free again"


def test_the_mentor_that_was_chosen_is_let_go(cast):
    case = build.matched(cast)
    actions.annul(Grant.objects.get(), by=cast.bente, reason="Forkert timetal.")
    case = build.fresh(case)
    assert (case.stage, case.mentor) == ("assessed", None)
    assert Match.objects.get().withdrawn


def test_after_the_agreement_it_is_stopped_instead(cast):
    agreement = build.agreed(cast)
    with pytest.raises(Refusal) as told:
        actions.annul(agreement.grant, by=cast.bente, reason="Forkert timetal.")
    assert told.value.link == f"/bevillinger/{agreement.grant_id}/stop/"
    assert Grant.objects.get().state == "decided"


def test_once_the_letter_is_sent_it_stands(cast):
    grant = build.granted(cast)
    Outbox.objects.update(state="sent")
    with pytest.raises(Refusal, match="Brevet er sendt"):
        actions.annul(grant, by=cast.bente, reason="Forkert timetal.")
    assert Grant.objects.get().state == "decided" and build.fresh(grant.case).stage == "granted"


def test_it_is_annulled_once_and_says_why(cast):
    grant = build.granted(cast)
    with pytest.raises(Refusal) as told:
        actions.annul(grant, by=cast.bente, reason=" ")
    assert told.value.field == "reason"
    actions.annul(grant, by=cast.bente, reason="Forkert timetal.")
    with pytest.raises(Refusal, match="annulleret"):
        actions.annul(grant, by=cast.bente, reason="Igen.")


def test_the_second_is_told(cast):
    grant = build.granted(cast)
    seen = build.fresh(grant.case).version
    build.assess_again(cast, grant.case, DAY)
    with pytest.raises(Conflict):
        actions.annul(grant, by=cast.bente, reason="Forkert timetal.", version=seen)
