"""Closing says what the support led to and what follows; reopening takes the case up where it was."""

from datetime import timedelta

import pytest

from snerydder.audit.action import Refusal
from snerydder.casework.cases import actions
from snerydder.casework.cases.models import Closing, StoredVerdict
from tests import build
from tests.build import DAY

END = DAY + timedelta(days=100)


def close(cast, case, on=END, **details):
    values = {"goal_result": "reached", "result_text": "Hun er begyndt på hf.", "follows": "education"} | details
    return actions.close(case, by=cast.bente, on=on, **values)


def test_it_closes_and_settles_open_goals(cast):
    case = build.active(cast)
    goal = actions.set_goal(case, by=cast.bente, text="Begynde på hf", on=DAY)
    settled = actions.set_goal(case, by=cast.bente, text="Få styr på post", on=DAY)
    actions.change_goal(settled, by=cast.bente, result="not")
    row = close(cast, case)
    case = build.fresh(case)
    assert (case.stage, case.closed_on, case.next_deadline, case.follow_up_due) == ("closed", END, None, None)
    goal.refresh_from_db(), settled.refresh_from_db()
    assert (goal.result, settled.result) == ("reached", "not")
    assert StoredVerdict.objects.get(step="closing", object_id=row.pk, check_id="CHK-29").level == "ok"


def test_without_an_effect_it_is_stopped_by_the_law(cast):
    case = build.active(cast)
    with pytest.raises(Refusal) as told:
        close(cast, case, result_text=" ")
    assert told.value.field == "result_text" and "CHK-29" in told.value.why
    assert build.fresh(case).stage == "active" and not Closing.objects.exists()


@pytest.mark.parametrize(
    ("details", "field"), [({"on": DAY - timedelta(days=1)}, "on"), ({"after_care_until": END - timedelta(days=1)}, "after_care_until")]
)
def test_dates_in_the_wrong_order_are_refused(cast, details, field):
    with pytest.raises(Refusal) as told:
        close(cast, build.active(cast), **details)
    assert told.value.field == field


def test_it_is_not_closed_twice(cast):
    case = build.active(cast)
    close(cast, case)
    with pytest.raises(Refusal, match="afsluttet"):
        close(cast, case)
    assert Closing.objects.count() == 1


def test_a_case_nobody_decided_on_is_cancelled_not_closed(cast):
    with pytest.raises(Refusal, match="henvist"):
        close(cast, build.referred(cast))


def test_reopening_undoes_what_the_closing_did(cast):
    case = build.active(cast)
    goal = actions.set_goal(case, by=cast.bente, text="Begynde på hf", on=DAY)
    settled = actions.set_goal(case, by=cast.bente, text="Få styr på post", on=DAY)
    actions.change_goal(settled, by=cast.bente, result="reached")
    close(cast, case)
    actions.reopen(case, by=cast.bente, reason="Hun faldt fra.", on=END)
    case = build.fresh(case)
    assert (case.stage, case.closed_on, case.follow_up_due) == ("active", None, END + timedelta(weeks=1))
    goal.refresh_from_db(), settled.refresh_from_db()
    assert (goal.result, settled.result) == ("open", "reached"), "a goal that was reached before the closing stays reached"
    assert Closing.objects.get().reopened


def test_reopening_is_refused_while_another_case_runs(cast):
    first = build.active(cast)
    close(cast, first)
    second = build.referred(cast, on=END)
    with pytest.raises(Refusal) as told:
        actions.reopen(first, by=cast.bente, reason="Nyt", on=END)
    assert second.number in told.value.what and told.value.link == f"/sager/{second.pk}/"


def test_an_open_case_is_not_reopened(cast):
    with pytest.raises(Refusal, match="ikke afsluttet"):
        actions.reopen(build.referred(cast), by=cast.bente, reason="Nyt")


@pytest.mark.parametrize(
    ("made", "stage"),
    [(build.referred, "referred"), (lambda cast: build.assessed(cast)[0], "assessed"), (lambda cast: build.granted(cast).case, "granted"),
     (build.matched, "matched"), (lambda cast: build.agreed(cast).case, "agreed")],
)  # fmt: skip
def test_a_cancelled_case_comes_back_to_the_step_it_was_at(cast, made, stage):
    case = build.fresh(made(cast))
    assert case.stage == stage
    actions.cancel(case, by=cast.bente, reason="Borgeren ønsker det ikke.", on=END)
    assert (build.fresh(case).stage, build.fresh(case).closed_on) == ("cancelled", END)
    actions.reopen(case, by=cast.bente, reason="Borgeren har ombestemt sig.", on=END)
    assert build.fresh(case).stage == stage


def test_a_running_case_is_not_cancelled(cast):
    with pytest.raises(Refusal, match="i gang"):
        actions.cancel(build.active(cast), by=cast.bente, reason="Fejl i sagen")


def test_cancelling_asks_why(cast):
    with pytest.raises(Refusal) as told:
        actions.cancel(build.referred(cast), by=cast.bente, reason=" ")
    assert told.value.field == "reason"
