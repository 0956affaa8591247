"""Follow-up by the authority: it decides, sets the next date and locks what was looked through. It can be undone."""

from datetime import timedelta

import pytest

from snerydder.audit.action import Refusal
from snerydder.casework.cases import actions
from snerydder.casework.cases.models import StoredVerdict
from snerydder.casework.contacts import actions as contacts
from tests import build
from tests.build import DAY

HELD = DAY + timedelta(days=60)


def follow(cast, case, on=HELD, **details):
    values = {"text": "Det går fremad.", "decision": "go_on"} | details
    return actions.follow_up(case, by=cast.bente, on=on, **values)


def test_it_sets_the_next_date_and_keeps_what_the_law_said(cast):
    case = build.active(cast)
    row = follow(cast, case, next_on=HELD + timedelta(days=40))
    case = build.fresh(case)
    assert (case.follow_up_due, case.next_deadline) == (HELD + timedelta(days=40), HELD + timedelta(days=40))
    assert case.locked_until is None, "contacts not looked through stay open"
    assert StoredVerdict.objects.filter(step="follow_up", object_id=row.pk, check_id="CHK-22", level="warn").exists(), "no contact yet is a warning"


def test_approving_locks_the_contacts_up_to_that_day(cast):
    case = build.active(cast)
    before, after = build.contact(cast, case, HELD - timedelta(days=1)), build.contact(cast, case, HELD + timedelta(days=1))
    follow(cast, case, contacts_approved=True)
    with pytest.raises(Refusal, match="gennemgået"):
        contacts.correct(before, by=cast.carl, reason="Tastefejl", minutes=30)
    contacts.correct(after, by=cast.carl, reason="Tastefejl", minutes=30)
    after.refresh_from_db()
    assert after.minutes == 30


def test_undoing_it_opens_them_again_but_not_those_an_earlier_one_locked(cast):
    case = build.active(cast)
    early, late = build.contact(cast, case, DAY + timedelta(days=20)), build.contact(cast, case, HELD)
    follow(cast, case, on=DAY + timedelta(days=30), contacts_approved=True, next_on=HELD)
    row = follow(cast, case, contacts_approved=True)
    actions.withdraw_follow_up(row, by=cast.bente, reason="Forkert sag.")
    case = build.fresh(case)
    assert (case.locked_until, case.follow_up_due) == (DAY + timedelta(days=30), HELD)
    contacts.correct(late, by=cast.carl, reason="Tastefejl", minutes=30)
    with pytest.raises(Refusal):
        contacts.correct(early, by=cast.carl, reason="Tastefejl", minutes=30)
    with pytest.raises(Refusal, match="allerede fortrudt"):
        actions.withdraw_follow_up(row, by=cast.bente, reason="Igen")


def test_undoing_the_only_one_brings_back_the_first_date(cast):
    case = build.active(cast)
    first_due = case.follow_up_due
    actions.withdraw_follow_up(follow(cast, case, next_on=HELD + timedelta(days=70)), by=cast.bente, reason="Fejl")
    assert build.fresh(case).follow_up_due == first_due == case.started_on + timedelta(weeks=8)


def test_before_the_support_runs_there_is_nothing_to_follow_up(cast):
    with pytest.raises(Refusal, match="når støtten er i gang"):
        follow(cast, build.granted(cast).case)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"next_on": HELD}, "next_on"),
        ({"decision": "change", "change": " "}, "change"),
        ({"text": ""}, "text"),
        ({"on": DAY}, "on"),
    ],
)
def test_what_is_missing_is_said_at_its_box(cast, details, field):
    case = build.active(cast)
    with pytest.raises(Refusal) as told:
        follow(cast, case, **details)
    assert told.value.field == field
    assert not case.follow_ups.exists()
