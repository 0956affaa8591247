"""Correcting: the whole entry, with history, by those whose it is, until it is locked."""

from datetime import timedelta
from uuid import uuid4

import pytest

from snerydder.access import actions as access
from snerydder.audit.action import Conflict, Refusal
from snerydder.audit.models import Event
from snerydder.casework.agreements import actions as agreements
from snerydder.casework.cases import actions as cases
from snerydder.casework.contacts import actions
from snerydder.casework.contacts.models import CaseWeek, Contact
from snerydder.casework.contacts.weeks import week_of
from snerydder.casework.people import actions as people
from tests import build
from tests.build import DAY
from tests.casework.contacts.test_log import at

pytestmark = pytest.mark.django_db
ON = DAY + timedelta(days=10)


@pytest.fixture
def pair(cast, case, other):
    return actions.log(uuid4(), [case, other], by=cast.carl, at=at(ON), form="met", minutes=60, help=["walk"])


def test_it_says_what_it_said_before(cast, case):
    row = build.contact(cast, case, ON)
    actions.correct(row, by=cast.carl, reason="Tastede forkert", form="phone", minutes=25)
    row = Contact.objects.get()
    assert (row.form, row.minutes, row.counted_minutes, row.corrections) == ("phone", 25, 25, 1)
    event = Event.objects.filter(verb="contacts.correct").get()
    assert event.data == {"reason": "Tastede forkert", "before": {"form": "met", "minutes": 60}, "after": {"form": "phone", "minutes": 25}}
    assert build.fresh(case).minutes_used == 25


def test_it_moves_the_contact_to_another_week(cast, case):
    row = build.contact(cast, case, ON)
    actions.correct(row, by=cast.carl, reason="Det var ugen før", at=at(ON - timedelta(days=2)))
    assert list(CaseWeek.objects.values_list("week", "contacts")) == [(week_of(ON - timedelta(days=2)), 1)]
    assert build.fresh(case).last_contact_on == ON - timedelta(days=2)


def test_to_an_attempt_it_takes_no_time(cast, case):
    actions.correct(build.contact(cast, case, ON), by=cast.carl, reason="Hun kom ikke", form="tried")
    assert build.fresh(case).minutes_used == 0 and build.fresh(case).last_contact_on is None


def test_minutes_of_several_are_shared_anew_over_all_rows(cast, pair, case, other):
    actions.correct(pair[1], by=cast.carl, reason="Det blev længere", minutes=75)
    rows = Contact.objects.order_by("case_id")
    assert [(row.minutes, row.counted_minutes) for row in rows] == [(75, 38), (75, 37)]
    assert build.fresh(case).minutes_used + build.fresh(other).minutes_used == 75
    assert Event.objects.filter(verb="contacts.correct").count() == 2


def test_who_was_there_can_be_corrected(cast, pair, case, other):
    actions.correct(pair[0], by=cast.carl, reason="Bo var der ikke", cases=[case])
    assert (build.fresh(case).minutes_used, build.fresh(other).minutes_used) == (60, 0)
    assert Contact.objects.get(withdrawn=False).together == 1


def test_one_locked_case_locks_the_entry(cast, pair, case, other):
    cases.follow_up(other, by=cast.bente, text="Det går fremad med at komme op.", decision="go_on", contacts_approved=True, on=ON + timedelta(days=5))
    mine = next(row for row in pair if row.case_id == case.pk)
    with pytest.raises(Refusal, match="gennemgået"):
        actions.correct(mine, by=cast.carl, reason="For sent", minutes=15)
    with pytest.raises(Refusal, match="gennemgået"):
        actions.withdraw([mine], by=cast.carl)
    assert {row.minutes for row in Contact.objects.all()} == {60}


def test_it_cannot_be_moved_into_locked_days(cast, case):
    row = build.contact(cast, case, ON + timedelta(days=10))
    cases.follow_up(case, by=cast.bente, text="Det går fremad med at komme op.", decision="go_on", contacts_approved=True, on=ON)
    with pytest.raises(Refusal, match="gennemgået"):
        actions.correct(row, by=cast.carl, reason="Dagen før", at=at(ON))


def test_it_needs_a_reason(cast, case):
    with pytest.raises(Refusal, match="hvorfor"):
        actions.correct(build.contact(cast, case, ON), by=cast.carl, reason="  ", minutes=10)


def test_what_cannot_be_is_refused(cast, case):
    row = build.contact(cast, case, ON)
    with pytest.raises(Refusal, match="fremtiden"):
        actions.correct(row, by=cast.carl, reason="x", at=at(DAY + timedelta(days=700)))
    with pytest.raises(Refusal, match=r"1\.440"):
        actions.correct(row, by=cast.carl, reason="x", minutes=2000)


def test_the_second_of_two_is_told(cast, case):
    row = build.contact(cast, case, ON)
    actions.correct(row, by=cast.dorthe, reason="Talte med Carl", minutes=30, seen=0)
    with pytest.raises(Conflict, match="En anden har rettet"):
        actions.correct(row, by=cast.carl, reason="Nej", minutes=40, seen=0)
    assert Contact.objects.get().minutes == 30


def test_a_new_mentor_does_not_rewrite_the_former_ones_log(cast, case):
    row = build.contact(cast, case, ON)
    ulla = access.appoint("Ulla Uhd", ["mentor"], by=cast.henrik, unit=cast.unit)
    helper = people.register_mentor(ulla, by=cast.dorthe, kind="municipal", hours_per_week=37)
    agreements.replace_mentor([case], by=cast.dorthe, mentor=helper, reason="Carl har fået nyt job")
    with pytest.raises(Refusal, match="skrevet af Carl Clausen"):
        actions.correct(row, by=ulla, reason="Det passer ikke", minutes=10)
    access.let_stand_in(cast.carl, ulla, by=cast.henrik, start=ON, end=ON + timedelta(days=300))
    ulla = type(ulla).objects.get(pk=ulla.pk)
    actions.correct(row, by=ulla, reason="Aftalt med Carl", minutes=10)


def test_a_deleted_one_is_not_corrected(cast, case):
    row = build.contact(cast, case, ON)
    actions.withdraw([row], by=cast.carl)
    with pytest.raises(Refusal, match="slettet"):
        actions.correct(row, by=cast.carl, reason="x", minutes=10)
