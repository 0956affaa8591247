"""Stopping is a decision: reasons, a letter, and hours that follow the days it ran."""

from datetime import date, timedelta

import pytest

from snerydder.audit.action import Refusal
from snerydder.audit.models import Outbox
from snerydder.casework.cases.models import StoredVerdict
from snerydder.casework.grants import actions
from snerydder.casework.grants.cost import cost_of
from snerydder.casework.grants.models import Grant, Letter
from tests import build
from tests.build import DAY

LAST = DAY + timedelta(days=93)  # half of the 174 days, the first day counted: 87
REASON = "Du er begyndt på hf og klarer det selv nu."


def stop(cast, grant, last_day=LAST, **details):
    return actions.stop(grant, by=cast.bente, reason=details.pop("reason", REASON), last_day=last_day, on=DAY + timedelta(days=80), **({"heard": "agrees"} | details))


def test_it_cuts_the_period_and_the_case_knows(cast):
    case = build.active(cast)
    build.contact(cast, case, LAST)
    build.contact(cast, case, LAST + timedelta(days=1))
    grant = stop(cast, Grant.objects.get(), ground="no_need", heard="agrees")
    case = build.fresh(case)
    assert (grant.state, grant.end, grant.decided_end) == ("stopped", LAST, DAY + timedelta(days=180))
    assert (case.grant_end, case.period_end, case.minutes_granted, case.minutes_used) == (LAST, LAST, round(120 * 87 / 7), 60)
    letter = Letter.objects.get(kind="stop")
    assert REASON in str(letter.content) and "Sidste dag er 4. november 2026" in letter.content["intro"]
    assert "Du får en mentor" not in str(letter.content)
    assert Outbox.objects.filter(object_id=letter.pk, state="waiting").exists()


def test_hours_in_total_are_shared_over_the_days_it_ran(cast):
    build.granted(cast, minutes=6000, minutes_per="total")
    grant = stop(cast, Grant.objects.get())
    assert grant.days == 87 and grant.total_minutes == 3000
    assert build.fresh(grant.case).minutes_granted == 3000
    assert cost_of(grant).total == 50 * 310


@pytest.mark.parametrize(("last_day", "field"), [(DAY, "last_day"), (DAY + timedelta(days=181), "last_day")])
def test_the_last_day_lies_in_the_period(cast, last_day, field):
    with pytest.raises(Refusal) as told:
        stop(cast, build.granted(cast), last_day=last_day)
    assert told.value.field == field


def test_it_asks_for_reasons(cast):
    with pytest.raises(Refusal) as told:
        stop(cast, build.granted(cast), reason="slut")
    assert told.value.field == "reason"


def test_a_right_is_not_stopped_for_budget(cast):
    grant = build.granted(cast, hjemmel="lab-167-2", discharge_on=DAY + timedelta(days=30), end=DAY + timedelta(days=200))
    with pytest.raises(Refusal) as told:
        stop(cast, grant, ground="budget")
    assert told.value.field == "ground" and "CHK-09" in told.value.why
    stop(cast, grant, ground="citizen_declined")
    assert set(StoredVerdict.objects.filter(step="stop").values_list("check_id", "level")) == {("CHK-07", "ok"), ("CHK-09", "ok")}


def test_the_right_at_a_discharge_is_not_cut_below_its_six_months(cast):
    grant = build.granted(cast, hjemmel="lab-167-2", discharge_on=DAY + timedelta(days=30), end=DAY + timedelta(days=280))
    least = date(2027, 2, 9)  # from 10 August: six months, both days counted
    with pytest.raises(Refusal, match="mindst 6 måneder i alt") as told:
        stop(cast, grant, ground="no_need", last_day=least - timedelta(days=1))
    assert told.value.field == "ground" and "CHK-07" in told.value.why and not Letter.objects.filter(kind="stop").exists()
    stop(cast, grant, ground="no_need", last_day=least)
    assert set(StoredVerdict.objects.filter(step="stop").values_list("check_id", "level")) == {("CHK-07", "ok"), ("CHK-09", "ok")}


def test_it_is_stopped_once(cast):
    grant = build.granted(cast)
    stop(cast, grant)
    with pytest.raises(Refusal, match="Kun en bevilling i kraft"):
        stop(cast, grant)


def test_it_is_taken_back_while_the_letter_waits(cast):
    grant = build.granted(cast, minutes=6000, minutes_per="total")
    stop(cast, grant)
    actions.undo_stop(grant, by=cast.bente)
    grant.refresh_from_db()
    assert (grant.state, grant.end, grant.decided_end, grant.total_minutes) == ("decided", DAY + timedelta(days=180), None, 6000)
    assert build.fresh(grant.case).grant_end == grant.end
    letters = {letter.kind: letter.withdrawn for letter in Letter.objects.all()}
    assert letters == {"grant": False, "stop": True}


def test_once_the_letter_is_sent_the_stop_stands(cast):
    grant = build.granted(cast)
    stop(cast, grant)
    Outbox.objects.update(state="sent")
    with pytest.raises(Refusal, match="Brevet er sendt"):
        actions.undo_stop(grant, by=cast.bente)
    assert Grant.objects.get().state == "stopped"
