"""A complaint has its clock; the decision gives way or is sent on to Ankestyrelsen the same day."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from snerydder.audit.action import Refusal
from snerydder.casework.cases import actions as cases
from snerydder.casework.complaints import actions
from snerydder.casework.complaints.models import Complaint
from snerydder.casework.grants import actions as grants
from snerydder.casework.grants.letters import pdf
from snerydder.casework.grants.models import Grant, Letter
from tests import build
from tests.build import DAY

WHY = "Bostøtten kommer kun om eftermiddagen."
REASON = "Vi har talt med din bostøtte og ser på det på ny."


def refused(cast) -> Letter:
    _case, assessment = build.assessed(cast, conclusion="refuse")
    return grants.refuse(assessment, by=cast.bente, reason="Din bostøtte hjælper dig allerede.", ground="other_support", heard="agrees", on=DAY)


def stopped(cast) -> Letter:
    build.active(cast)
    last = DAY + timedelta(days=50)
    grants.stop(Grant.objects.get(), by=cast.bente, reason="Din bostøtte hjælper dig nu.", last_day=last, heard="agrees", on=DAY + timedelta(days=40))
    return Letter.objects.get(kind="stop")


def complain(cast, letter, day=DAY + timedelta(days=20)) -> Complaint:
    return actions.register(letter, by=cast.bente, text=WHY, received_on=day)


def test_the_clock_is_the_rulebook_s_weeks(cast):
    letter = grants.deliver(refused(cast), by=cast.bente, on=DAY + timedelta(days=2), proof="Kvittering")
    assert actions.last_day_to_complain(letter) == DAY + timedelta(days=30)
    row = complain(cast, letter)
    assert (row.reassess_by, row.in_time) == (DAY + timedelta(days=48), True)


@pytest.mark.parametrize(("day", "in_time"), [(date(2026, 8, 31), True), (date(2026, 9, 1), False)])
def test_on_both_sides_of_the_last_day_to_complain(cast, day, in_time):
    letter = grants.deliver(refused(cast), by=cast.bente, on=DAY, proof="Kvittering")
    assert complain(cast, letter, day).in_time is in_time  # a late one is taken in too


@pytest.mark.parametrize(
    ("came", "last"),
    [
        (date(2026, 8, 8), date(2026, 9, 7)),  # a Saturday, four weeks later a Saturday: Monday
        (date(2026, 11, 26), date(2026, 12, 28)),  # Christmas Eve is a Thursday, and the Monday after is the first workday
        (date(2026, 12, 3), date(2027, 1, 4)),  # New Year's Eve
        (date(2027, 2, 25), date(2027, 3, 30)),  # skærtorsdag to the Tuesday after Easter
        (date(2027, 4, 8), date(2027, 5, 7)),  # Kristi himmelfart to the Friday after it
        (date(2026, 8, 10), date(2026, 9, 7)),
    ],
)  # fmt: skip
def test_a_time_that_ends_on_a_day_off_runs_to_the_next_workday(cast, came, last):
    letter = grants.deliver(refused(cast), by=cast.bente, on=DAY, proof="Kvittering")
    letter.delivered_on = came
    assert actions.last_day_to_complain(letter) == last


def test_without_proof_that_the_letter_came_nobody_is_too_late(cast):
    assert complain(cast, refused(cast), DAY + timedelta(days=200)).in_time


def test_one_complaint_over_one_decision(cast):
    letter = refused(cast)
    complain(cast, letter)
    with pytest.raises(Refusal, match="allerede klaget"):
        complain(cast, letter)


def test_no_complaint_over_a_hearing_or_a_letter_taken_back(cast):
    letter = refused(cast)
    grants.undo_refusal(letter, by=cast.bente)
    letter.refresh_from_db()
    with pytest.raises(Refusal, match="står ved magt"):
        complain(cast, letter)


def test_upheld_is_sent_on_the_same_day_with_a_letter(cast):
    row = actions.reassess(complain(cast, refused(cast)), by=cast.bente, outcome="upheld", reason=REASON, on=DAY + timedelta(days=30))
    assert (row.sent_on, build.fresh(row.case).stage) == (DAY + timedelta(days=30), "refused")
    letter = Letter.objects.get(kind="reassess")
    assert "Vi fastholder afgørelsen." in letter.content["intro"] and "Ankestyrelsen" in str(letter.content) and REASON in str(letter.content)
    assert pdf(letter.content)[:4] == b"%PDF"
    row = actions.note_appeal(row, by=cast.bente, appeal="returned", on=DAY + timedelta(days=120))
    assert row.get_appeal_display() == "hjemvist til ny behandling"


def test_a_refusal_that_is_changed_opens_the_case_to_a_new_decision(cast):
    row = actions.reassess(complain(cast, refused(cast)), by=cast.bente, outcome="changed", reason=REASON, on=DAY + timedelta(days=30))
    case = build.fresh(row.case)
    assert (row.sent_on, case.stage, case.closed_on) == (None, "assessed", None)
    assert "ny afgørelse" in str(Letter.objects.get(kind="reassess").content)


@pytest.mark.parametrize("closed", [False, True])
def test_a_stop_that_is_changed_lets_the_grant_run_again(cast, closed):
    letter = stopped(cast)
    case = build.fresh(letter.case)
    if closed:
        cases.close(case, by=cast.bente, on=DAY + timedelta(days=52), goal_result="partly", result_text="Noget blev bedre.", follows="course")
    row = actions.reassess(complain(cast, letter, DAY + timedelta(days=55)), by=cast.bente, outcome="changed", reason=REASON, on=DAY + timedelta(days=60))
    grant, case = Grant.objects.get(), build.fresh(row.case)
    assert (grant.state, grant.end) == ("decided", DAY + timedelta(days=180))
    assert (case.grant_end, case.stage, case.closed_on) == (grant.end, "active", None)


def test_it_is_looked_at_once_and_after_it_came(cast):
    row = complain(cast, refused(cast))
    with pytest.raises(Refusal, match="før klagen"):
        actions.reassess(row, by=cast.bente, outcome="upheld", reason=REASON, on=DAY)
    actions.reassess(row, by=cast.bente, outcome="upheld", reason=REASON, on=DAY + timedelta(days=30))
    with pytest.raises(Refusal, match="allerede genvurderet"):
        actions.reassess(row, by=cast.bente, outcome="changed", reason=REASON, on=DAY + timedelta(days=31))


@pytest.mark.parametrize(
    "wrong",
    [{"outcome": "upheld"}, {"outcome": "upheld", "reassessed_on": DAY + timedelta(days=30), "reason": "Vi fastholder."}, {"appeal": "changed", "appeal_on": DAY}],
)
def test_the_database_holds_it_too(cast, wrong):
    row = complain(cast, refused(cast))
    by = {"reassessed_by": cast.bente} if "outcome" in wrong else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=row.pk).update(**wrong, **by)
