"""What the desks and the case page ask about contacts."""

from datetime import date, timedelta

import pytest

from snerydder.access import actions as access
from snerydder.casework.contacts import queries
from snerydder.casework.contacts.models import Contact
from tests import build
from tests.build import DAY
from tests.cast import fjordby
from tests.pages.visit import counted

pytestmark = pytest.mark.django_db
START = DAY + timedelta(days=7)  # a Monday


def again(staff):
    return type(staff).objects.get(pk=staff.pk)


def test_my_cases_are_those_longest_silent_first(cast, case, other):
    build.contact(cast, case, START + timedelta(days=3))
    waiting = build.agreed(cast, build.citizen(cast, 9)).case
    rows = queries.my_cases(again(cast.carl), on=START + timedelta(days=20))
    assert [(row.case.pk, row.silent_days, row.never, row.can_log) for row in rows] == [
        (other.pk, 20, True, True), (case.pk, 17, False, True), (waiting.pk, None, True, False),
    ]  # fmt: skip


def test_a_stand_in_sees_whose_case_it_is(cast, case):
    ulla = access.appoint("Ulla Uhd", ["mentor"], by=cast.henrik)
    assert queries.my_cases(ulla) == []
    access.let_stand_in(cast.carl, ulla, by=cast.henrik, start=DAY, end=DAY + timedelta(days=300))
    [row] = queries.my_cases(again(ulla))
    assert (row.case.pk, row.stands_in_for) == (case.pk, "Carl Clausen")


def test_whom_to_choose_is_last_used_first(cast, case, other):
    build.contact(cast, other, START + timedelta(days=3))
    assert [row.pk for row in queries.to_choose(again(cast.carl))] == [other.pk, case.pk]
    assert queries.to_choose(cast.dorthe) == [] and [row.pk for row in queries.to_choose(cast.dorthe, {case.pk})] == [case.pk]


def test_the_number_of_questions_does_not_grow_with_the_cases(cast, case, other):
    with counted() as few:
        queries.my_cases(again(cast.carl))
    for number in range(20, 24):
        build.active(cast, build.citizen(cast, number))
    with counted() as many:
        queries.my_cases(again(cast.carl))
    assert len(few) == len(many) == 3  # the person, the stand-ins, the cases


def test_usual_help_is_the_most_used_first(cast, case):
    for day, kinds in enumerate((["walk"], ["walk", "letters"], ["letters"], ["walk"])):
        build.contact(cast, case, START + timedelta(days=day), help=kinds)
    assert queries.usual_help([cast.mentor.pk]) == ["walk", "letters"]


def test_contacts_of_a_case_are_the_newest_first_without_the_deleted(cast, case, other):
    from snerydder.casework.contacts import actions

    days = [START + timedelta(days=day) for day in range(3)]
    rows = [build.contact(cast, case, day) for day in days]
    build.contact(cast, other, days[0])
    actions.withdraw([rows[1]], by=cast.carl)
    assert [row.day for row in queries.contacts_of(case)] == [days[2], days[0]]
    assert [row.day for row in queries.contacts_of(case, 1)] == [days[2]]


def test_weeks_show_the_ones_without_contact_too(cast, case):
    build.contact(cast, case, START, minutes=30)
    build.contact(cast, case, START + timedelta(days=15), form="tried")
    build.contact(cast, case, START + timedelta(days=22), minutes=45)
    weeks = queries.weeks_of(build.fresh(case), on=START + timedelta(days=36))
    assert [week["start"] for week in weeks] == [START + timedelta(weeks=number) for number in range(6)]
    assert [(week["contacts"], week["attempts"], week["minutes"]) for week in weeks] == [(1, 0, 30), (0, 0, 0), (0, 1, 0), (1, 0, 45), (0, 0, 0), (0, 0, 0)]


def test_weeks_go_over_week_53(cast, case, late_in_2026):
    late_in_2026.move_to("2027-01-20T10:00:00+01:00")
    starts = [week["start"] for week in queries.weeks_of(case, on=date(2027, 1, 5))]
    assert starts[-3:] == [date(2026, 12, 21), date(2026, 12, 28), date(2027, 1, 4)]


def test_a_case_that_has_not_begun_has_no_weeks_and_no_hours(cast):
    case = build.referred(cast, build.citizen(cast, 1))
    assert queries.weeks_of(case) == [] and queries.hours_of(case) is None


def test_hours_are_those_of_the_period_that_runs(cast, case):
    build.contact(cast, case, START, minutes=90)
    hours = queries.hours_of(case, on=START + timedelta(days=6))
    total = round(120 * 174 / 7)
    assert hours == queries.Hours(granted=total, used=90, expected=round(total * 7 / 174), weeks_left=23)


def test_silent_are_those_without_contact_for_two_weeks(cast, case, other):
    build.contact(cast, case, START + timedelta(days=10))
    day = START + timedelta(days=20)
    assert list(queries.silent(cast.dorthe, on=day)) == [other]
    assert set(queries.silent(cast.dorthe, 5, on=day)) == {case, other}
    assert list(queries.silent(cast.dorthe, on=START + timedelta(days=14))) == []
    assert list(queries.silent(fjordby(902, "Bakkeby", "2").dorthe, on=day)) == []


def test_a_week_counts_a_meeting_with_several_once(cast, case, other):
    from tests.casework.contacts.test_log import log

    log(cast, [case, other], minutes=45)
    log(cast, [case], form="tried")
    assert queries.week_sum([cast.mentor.pk], DAY + timedelta(days=10)) == queries.Week(contacts=1, minutes=45, attempts=1)


def test_attempts_in_a_row_are_counted_from_the_last_contact(cast, case):
    for day, form in enumerate(("tried", "met", "tried", "tried")):
        build.contact(cast, case, START + timedelta(days=day), form=form)
    assert queries.attempts_in_a_row(build.fresh(case)) == 2 and queries.agreed_tries(case) == 3


def test_an_entry_is_seen_by_those_who_reach_its_case(cast, case):
    row = build.contact(cast, case, START)
    stranger = access.appoint("Ulla Uhd", ["mentor"], by=cast.henrik)
    assert queries.entry_of(cast.carl, row.entry) == [row] == queries.entry_of(cast.dorthe, row.entry)
    assert queries.entry_of(stranger, row.entry) == []
    assert Contact.objects.filter(entry=row.entry).exists()
