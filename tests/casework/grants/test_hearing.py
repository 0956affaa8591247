"""The citizen is heard before a refusal or a stop: no decision before the answer is in or the time for it has passed."""

from datetime import timedelta

import pytest

from snerydder.audit.action import Refusal
from snerydder.audit.models import Outbox
from snerydder.casework.grants import actions, hearings
from snerydder.casework.grants.models import Grant, Hearing, Letter
from tests import build
from tests.build import DAY

AGAINST = "Du får allerede hjælp til det samme af din bostøtte."
REASON = "Din bostøtte hjælper dig allerede med det."
UNTIL = DAY + timedelta(days=14)


def hear(cast, case, about="refusal", **details):
    return hearings.hear(case, by=cast.bente, about=about, against=AGAINST, **({"deadline": UNTIL, "on": DAY} | details))


def refuse(cast, assessment, day, **details):
    return actions.refuse(assessment, by=cast.bente, reason=REASON, on=day, **({"ground": "other_support", "heard": "heard"} | details))


def test_it_is_a_letter_with_what_speaks_against_and_a_day_to_answer_by(cast):
    case, _assessment = build.assessed(cast, conclusion="refuse")
    row = hear(cast, case)
    said = str(row.letter.content)
    assert AGAINST in said and "Svar senest 17. august 2026" in said and "afslag" in row.letter.content["title"]
    assert row.letter.kind == Letter.Kind.HEARING and Outbox.objects.filter(object_id=row.letter_id, state="waiting").exists()
    assert build.fresh(case).stage == "assessed"


def test_nothing_is_refused_before_the_citizen_is_heard(cast):
    case, assessment = build.assessed(cast, conclusion="refuse")
    with pytest.raises(Refusal, match="ikke hørt") as told:
        refuse(cast, assessment, DAY)
    assert told.value.field == "heard" and "§ 19" in told.value.why and told.value.link == f"/sager/{case.pk}/hoering/?om=refusal"
    assert not Letter.objects.exists()


@pytest.mark.parametrize(("day", "allowed"), [(UNTIL, False), (UNTIL + timedelta(days=1), True)])
def test_without_an_answer_only_after_the_day_to_answer_by(cast, day, allowed):
    case, assessment = build.assessed(cast, conclusion="refuse")
    hear(cast, case)
    if allowed:
        assert refuse(cast, assessment, day).kind == Letter.Kind.REFUSAL
    else:
        with pytest.raises(Refusal, match="Borgeren kan svare til og med"):
            refuse(cast, assessment, day)


def test_with_the_answer_at_once(cast):
    case, assessment = build.assessed(cast, conclusion="refuse")
    row = hearings.answer(hear(cast, case), by=cast.bente, answer="Det er rigtigt nok.", on=DAY + timedelta(days=2))
    refuse(cast, assessment, DAY + timedelta(days=2))
    row.refresh_from_db()
    assert (row.answer, row.answered_on, row.decided_on) == ("Det er rigtigt nok.", DAY + timedelta(days=2), DAY + timedelta(days=2))


def test_what_the_citizen_asks_for_needs_no_hearing(cast):
    _case, assessment = build.assessed(cast, conclusion="refuse")
    with pytest.raises(Refusal, match="skal høres først"):
        refuse(cast, assessment, DAY, heard="not_needed")
    assert refuse(cast, assessment, DAY, heard="not_needed", ground="citizen_declined")


def test_a_hearing_about_a_refusal_does_not_carry_a_stop(cast):
    case = build.active(cast)
    day = DAY + timedelta(days=40)
    hear(cast, case, on=day, deadline=day + timedelta(days=7))
    with pytest.raises(Refusal, match="ikke hørt"):
        actions.stop(Grant.objects.get(), by=cast.bente, reason=REASON, last_day=day + timedelta(days=20), on=day + timedelta(days=10))


def test_a_stop_after_the_hearing_and_again_after_it_was_taken_back(cast):
    case, day = build.active(cast), DAY + timedelta(days=40)
    hear(cast, case, "stop", on=day, deadline=day + timedelta(days=7))
    grant = Grant.objects.get()
    for _again in range(2):
        actions.stop(grant, by=cast.bente, reason=REASON, last_day=day + timedelta(days=20), on=day + timedelta(days=10))
        actions.undo_stop(Grant.objects.get(), by=cast.bente)
    assert Hearing.objects.get().decided_on is None


def test_one_hearing_at_a_time_and_one_that_is_let_be_carries_nothing(cast):
    case, assessment = build.assessed(cast, conclusion="refuse")
    row = hear(cast, case)
    with pytest.raises(Refusal, match="allerede"):
        hear(cast, case)
    hearings.let_be(row, by=cast.bente, on=DAY + timedelta(days=3))
    with pytest.raises(Refusal, match="ikke hørt"):
        refuse(cast, assessment, UNTIL + timedelta(days=5))
    with pytest.raises(Refusal, match="Afgørelsen er truffet"):
        hearings.answer(row, by=cast.bente, answer="Jo.", on=UNTIL)


@pytest.mark.parametrize("deadline", [DAY, DAY - timedelta(days=1)])
def test_there_must_be_time_to_answer(cast, deadline):
    case, _assessment = build.assessed(cast, conclusion="refuse")
    with pytest.raises(Refusal) as told:
        hear(cast, case, deadline=deadline)
    assert told.value.field == "deadline"
