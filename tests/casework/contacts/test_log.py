"""Writing a contact: what is stored, what is refused, and that sending twice is sending once."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from snerydder.audit.action import Refusal
from snerydder.audit.models import Event
from snerydder.casework.cases import actions as cases
from snerydder.casework.contacts import actions
from snerydder.casework.contacts.models import CaseWeek, Contact
from tests import build
from tests.build import DAY
from tests.cast import fjordby

pytestmark = pytest.mark.django_db
ON = DAY + timedelta(days=10)


def at(day, hour=10):
    return timezone.make_aware(datetime.combine(day, time(hour)))


def log(cast, who, entry=None, **what):
    facts = {"at": at(ON), "form": "met", "minutes": 50, "help": ["conversation"]} | what
    return actions.log_entry(entry or uuid4(), who, by=facts.pop("by", cast.carl), **facts)


def test_it_is_one_row_with_its_event_and_the_cases_summary(cast, case):
    [row] = log(cast, [case], note="  Snakkede om skolen.\0 ").rows
    row = Contact.objects.get(pk=row.pk)
    assert (row.minutes, row.counted_minutes, row.together, row.mentor, row.made_by, row.note) == (50, 50, 1, cast.mentor, cast.carl, "Snakkede om skolen.")
    event = Event.objects.filter(verb="contacts.log").get()
    assert (event.object_id, event.case_id, event.citizen_id, event.staff_name, event.behalf_of_id) == (row.pk, case.pk, cast.amina.pk, "Carl Clausen", None)
    assert build.fresh(case).minutes_used == 50


def test_what_the_coordinator_writes_is_on_behalf_of_the_mentor(cast, case):
    log(cast, [case], by=cast.dorthe)
    event = Event.objects.filter(verb="contacts.log").get()
    assert (event.staff_id, event.behalf_of_id) == (cast.dorthe.pk, cast.carl.pk)


def test_minutes_with_several_are_shared_and_add_up(cast, case, other):
    rows = log(cast, [case, other], minutes=45).rows
    assert [row.counted_minutes for row in rows] == [23, 22] and {row.together for row in rows} == {2}
    assert build.fresh(case).minutes_used + build.fresh(other).minutes_used == 45


def test_an_attempt_in_vain_takes_no_time(cast, case):
    log(cast, [case], form="tried", minutes=30)
    week = CaseWeek.objects.get(case=case)
    assert (week.contacts, week.attempts, week.minutes) == (0, 1, 0) and build.fresh(case).last_contact_on is None


def test_sent_twice_is_sent_once(cast, case, other):
    entry = uuid4()
    first, again = log(cast, [case, other], entry), log(cast, [other, case], entry, help=["conversation"])
    assert (first.how, again.how) == ("new", "same")
    assert [row.pk for row in first.rows] == [row.pk for row in again.rows]
    assert Contact.objects.count() == 2 == Event.objects.filter(verb="contacts.log").count()


def test_sent_again_without_a_time_is_the_same_although_the_clock_went_on(cast, case, late_in_2026):
    entry = uuid4()
    log(cast, [case], entry, at=None)
    late_in_2026.shift(timedelta(hours=3))
    assert log(cast, [case], entry, at=None).how == "same"


def test_other_content_under_the_same_id_becomes_a_correction(cast, case):
    entry = uuid4()
    log(cast, [case], entry)
    again = log(cast, [case], entry, minutes=20, note="Kortere end jeg skrev")
    assert again.how == "corrected" and (again.rows[0].minutes, again.rows[0].corrections) == (20, 1)
    event = Event.objects.filter(verb="contacts.correct").get()
    assert event.data["before"] == {"minutes": 50, "note": ""} and event.data["after"]["minutes"] == 20
    assert build.fresh(case).minutes_used == 20


def test_one_more_citizen_under_the_same_id_shares_the_time_anew(cast, case, other):
    entry = uuid4()
    log(cast, [case], entry)
    assert log(cast, [case, other], entry).how == "corrected"
    assert {build.fresh(case).minutes_used, build.fresh(other).minutes_used} == {25}
    assert log(cast, [other], entry).how == "corrected"
    assert (build.fresh(case).minutes_used, build.fresh(other).minutes_used) == (0, 50)
    assert log(cast, [case, other], entry).how == "corrected"
    assert (build.fresh(case).minutes_used, build.fresh(other).minutes_used) == (25, 25)


def test_another_citizen_altogether_under_the_same_id_is_another_contact(cast, case, other):
    entry = uuid4()
    log(cast, [case], entry)
    assert log(cast, [other], entry).how == "new"
    assert log(cast, [other], entry).how == "same"
    assert (build.fresh(case).minutes_used, build.fresh(other).minutes_used) == (50, 50)


def test_an_id_somebody_else_used_harms_neither(cast, case):
    entry = uuid4()
    log(cast, [case], entry)
    assert log(cast, [case], entry, by=cast.dorthe, minutes=10).how == "new"
    assert Contact.objects.count() == 2 and build.fresh(case).minutes_used == 60


def test_a_deleted_entry_that_comes_again_stays_deleted(cast, case):
    entry = uuid4()
    actions.withdraw(log(cast, [case], entry).rows, by=cast.carl)
    assert log(cast, [case], entry).how == "withdrawn" and build.fresh(case).minutes_used == 0


def test_other_content_for_a_locked_day_is_refused_in_words(cast, case):
    entry = uuid4()
    log(cast, [case], entry)
    cases.follow_up(case, by=cast.bente, text="Det går fremad med at komme op.", decision="go_on", contacts_approved=True, on=ON + timedelta(days=5))
    assert log(cast, [case], entry).how == "same"
    with pytest.raises(Refusal, match="gennemgået ved en opfølgning"):
        log(cast, [case], entry, minutes=20)
    assert Contact.objects.get().minutes == 50


def test_work_on_a_locked_day_that_was_never_written_is_taken_all_the_same(cast, case):
    cases.follow_up(case, by=cast.bente, text="Det går fremad med at komme op.", decision="go_on", contacts_approved=True, on=ON + timedelta(days=5))
    assert log(cast, [case]).how == "new"


@pytest.mark.parametrize(
    ("what", "words", "field"),
    [
        ({"at": at(DAY + timedelta(days=700))}, "fremtiden", "day"),
        ({"at": at(DAY - timedelta(days=90))}, "først henvist", "day"),
        ({"minutes": 0}, "mellem 1 og 1.440", "minutes"),
        ({"minutes": -1}, "mellem 1 og 1.440", "minutes"),
        ({"minutes": 2000}, "mellem 1 og 1.440", "minutes"),
        ({"form": "telepathy"}, "Vælg hvordan", "form"),
        ({"help": ["flying"]}, "ikke kender: flying", "help"),
        ({"note": "æ" * 10_001}, "for lang: 10001 tegn", "note"),
    ],
)
def test_what_cannot_be_is_refused_in_words(cast, case, what, words, field):
    with pytest.raises(Refusal, match=words) as refused:
        log(cast, [case], **what)
    assert refused.value.field == field and not Contact.objects.exists()
    log(cast, [case])  # the same set-up with what can be


def test_nobody_chosen_is_refused(cast):
    with pytest.raises(Refusal, match="Vælg hvem"):
        log(cast, [])


def test_a_case_without_mentor_or_start_is_refused(cast):
    matched = build.matched(cast, build.citizen(cast, 9))
    with pytest.raises(Refusal, match="ikke sat i gang"):
        log(cast, [matched])
    with pytest.raises(Refusal, match="ingen mentor"):
        log(cast, [build.fresh(build.granted(cast, build.citizen(cast, 10)).case)])


def test_an_ended_case_takes_what_happened_before_it_ended(cast, case):
    closed = ON + timedelta(days=2)
    log(cast, [case])
    cases.follow_up(case, by=cast.bente, text="Det går fremad med at komme op.", decision="stop", on=ON + timedelta(days=1))
    cases.close(build.fresh(case), by=cast.bente, goal_result="reached", result_text="Hun er begyndt på hf.", follows="education", on=closed)
    assert log(cast, [build.fresh(case)], at=at(closed)).how == "new"
    with pytest.raises(Refusal, match="blev afsluttet"):
        log(cast, [build.fresh(case)], at=at(closed + timedelta(days=1)))


def test_a_contact_of_another_municipality_is_out_of_reach(cast, case):
    log(cast, [case])
    fjordby(902, "Bakkeby", "2")
    assert not Contact.objects.exists() and not CaseWeek.objects.exists()
