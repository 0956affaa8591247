"""A refusal has reasons, a hjemmel and complaint guidance; a right is not refused for money or by a draw."""

from datetime import timedelta

import pytest

from snerydder.audit.action import Refusal
from snerydder.audit.models import Outbox
from snerydder.casework.cases import actions as cases
from snerydder.casework.cases.models import StoredVerdict
from snerydder.casework.grants import actions
from snerydder.casework.grants.models import Grant, Letter
from tests import build
from tests.build import DAY

REASON = "Din kontaktperson i bostøtten hjælper dig allerede med det."


def refuse(cast, assessment, on=DAY, **details):
    values = {"reason": REASON, "ground": "other_support", "heard": "agrees"} | details
    return actions.refuse(assessment, by=cast.bente, on=on, **values)


def test_it_ends_the_case_with_a_letter(cast):
    case, assessment = build.assessed(cast, conclusion="refuse")
    letter = refuse(cast, assessment)
    case = build.fresh(case)
    assert (case.stage, case.closed_on) == ("refused", DAY)
    assert (letter.kind, letter.content["title"]) == ("refusal", "Du får ikke en mentor")
    said = str(letter.content)
    assert REASON in said and "§ 167, stk. 1, 1. pkt., i lov om en aktiv beskæftigelsesindsats" in said and "Ankestyrelsen" in said
    assert Outbox.objects.get().object_id == letter.pk
    assert StoredVerdict.objects.filter(step="refusal", check_id="CHK-02", level="ok").exists()


@pytest.mark.parametrize(("hjemmel", "stops"), [("lab-167-1", False), ("lab-167-2", True), ("lab-167-3", True)])
@pytest.mark.parametrize("ground", ["budget", "draw"])
def test_a_right_is_never_refused_for_budget_or_by_a_draw(cast, hjemmel, ground, stops):
    _, assessment = build.assessed(cast, conclusion="refuse")
    if not stops:
        refuse(cast, assessment, hjemmel=hjemmel, ground=ground)
        return
    with pytest.raises(Refusal) as told:
        refuse(cast, assessment, hjemmel=hjemmel, ground=ground)
    assert told.value.field == "ground" and "CHK-09" in told.value.why


@pytest.mark.parametrize("ground", ["budget", "draw"])
@pytest.mark.parametrize("told", [{"right": "lab-167-2"}, {"right": "lab-167-3"}], ids=["discharge", "admission"])
def test_nobody_gets_round_a_right_by_another_rule(cast, ground, told):
    _, assessment = build.assessed(cast, conclusion="refuse")
    with pytest.raises(Refusal, match="ret til en mentor"):
        refuse(cast, assessment, hjemmel="lab-167-1", ground=ground, **told)
    letter = refuse(cast, assessment, hjemmel="lab-167-1", ground="not_target_group", **told)
    assert f"§ 167, stk. {told['right'][-1]}" in str(letter.content), "the letter names the rule that was refused"


@pytest.mark.parametrize("fact", [{"hjemmel": "lab-167-2"}, {"discharge_on": DAY + timedelta(days=30)}, {"admission_on": DAY}], ids=["hjemmel", "discharge", "admission"])
def test_a_draft_that_tells_of_a_right_is_heard(cast, fact):
    draft = build.proposed(cast, **fact)
    for right in ("", "none"):
        with pytest.raises(Refusal, match="ret til en mentor"):
            refuse(cast, draft.assessment, ground="budget", right=right)
    refuse(cast, draft.assessment, ground="other_support")


def test_it_asks_for_reasons(cast):
    with pytest.raises(Refusal) as told:
        refuse(cast, build.assessed(cast)[1], reason=" nej ")
    assert told.value.field == "reason" and "§ 22" in told.value.why
    assert not Letter.objects.exists()


def test_a_draft_does_not_outlive_it(cast):
    draft = build.proposed(cast)
    refuse(cast, draft.assessment)
    assert not Grant.objects.exists()


def test_in_a_running_case_only_the_new_period_is_refused(cast):
    case = build.active(cast)
    later = DAY + timedelta(days=150)
    letter = refuse(cast, build.assess_again(cast, case, later, conclusion="refuse"), on=later)
    case = build.fresh(case)
    assert (case.stage, case.closed_on, letter.dated) == ("active", None, later)


def test_it_is_taken_back_while_the_letter_waits(cast):
    case, assessment = build.assessed(cast, conclusion="refuse")
    letter = refuse(cast, assessment)
    actions.undo_refusal(letter, by=cast.bente)
    letter.refresh_from_db()
    assert (build.fresh(case).stage, build.fresh(case).closed_on, letter.withdrawn) == ("assessed", None, True)
    assert Outbox.objects.get().state == "cancelled"
    with pytest.raises(Refusal, match="intet afslag"):
        actions.undo_refusal(letter, by=cast.bente)


def test_once_the_letter_is_sent_it_stands(cast):
    case, assessment = build.assessed(cast, conclusion="refuse")
    letter = refuse(cast, assessment)
    Outbox.objects.update(state="sent")
    with pytest.raises(Refusal, match="Brevet er sendt"):
        actions.undo_refusal(letter, by=cast.bente)
    assert build.fresh(case).stage == "refused"
    cases.reopen(case, by=cast.bente, reason="Nye oplysninger fra lægen.")
    assert build.fresh(case).stage == "assessed"
