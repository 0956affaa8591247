"""The hours granted and used on the case row speak of one and the same period, and move on with the calendar."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from snerydder.access.tenancy import set_context
from snerydder.casework.cases import actions as cases
from snerydder.casework.contacts import actions as contacts
from snerydder.casework.grants import actions
from snerydder.casework.grants.models import Grant
from tests import build

DAY = date(2025, 3, 3)  # a Monday, and the second period over too: no contact lies in the future

FIRST_END, SECOND_START, SECOND_END = DAY + timedelta(days=180), DAY + timedelta(days=190), DAY + timedelta(days=300)


@pytest.fixture
def two_periods(cast):
    case = build.active(cast, on=DAY)
    later = DAY + timedelta(days=150)
    cases.follow_up(case, by=cast.bente, text="Godt.", decision="go_on", on=later)
    draft = build.propose_for(
        cast, build.fresh(case), build.assess_again(cast, case, later), later, hjemmel="lab-167-1-new", start=SECOND_START, end=SECOND_END, minutes=60
    )
    actions.decide(draft, by=cast.bente, on=later)
    return build.fresh(case)


def row(case):
    case = build.fresh(case)
    return case.grant_start, case.period_end, case.grant_end, case.minutes_granted, case.minutes_used


FIRST = (DAY + timedelta(days=7), FIRST_END, SECOND_END, round(120 * 174 / 7))
SECOND = (SECOND_START, SECOND_END, SECOND_END, round(60 * 111 / 7))


def test_a_decision_ahead_leaves_the_running_period_and_moves_the_expiry(cast, two_periods):
    build.contact(cast, two_periods, DAY + timedelta(days=8))
    assert row(two_periods) == (*FIRST, 60)


def test_the_first_contact_after_the_period_moves_the_row_on(cast, two_periods):
    build.contact(cast, two_periods, FIRST_END)
    assert row(two_periods) == (*FIRST, 60)
    build.contact(cast, two_periods, SECOND_START, minutes=45)
    assert row(two_periods) == (*SECOND, 45)


def test_a_contact_between_two_periods_counts_in_neither(cast, two_periods):
    build.contact(cast, two_periods, FIRST_END + timedelta(days=3))
    assert row(two_periods) == (*SECOND, 0)


def test_a_contact_written_late_for_the_first_does_not_count_in_the_second(cast, two_periods):
    build.contact(cast, two_periods, SECOND_START)
    late = build.contact(cast, two_periods, FIRST_END, minutes=30)
    assert row(two_periods) == (*SECOND, 60)
    contacts.correct(late, by=cast.carl, reason="Var længere", minutes=120)
    assert row(two_periods) == (*SECOND, 60)


def test_many_at_once_over_both_periods_count_in_the_last(cast, two_periods):
    days = [DAY + timedelta(days=8), FIRST_END, SECOND_START, SECOND_START + timedelta(days=7)]
    rows = []
    for number, day in enumerate(days):
        at = timezone.make_aware(datetime.combine(day, time(10)))
        rows += contacts.rows_of(UUID(int=number + 1), [two_periods], by=cast.carl, at=at, form="met", minutes=50)
    contacts.log_many(rows, by=cast.carl)
    assert row(two_periods) == (*SECOND, 100)


def test_the_daily_job_moves_on_those_without_contact(two_periods):
    assert actions.roll(FIRST_END) == 0 and row(two_periods) == (*FIRST, 0)
    assert actions.roll(FIRST_END + timedelta(days=1)) == 1
    assert row(two_periods) == (*SECOND, 0)
    assert actions.roll(SECOND_END + timedelta(days=1)) == 0, "nothing later is granted"


def test_stopping_the_running_period_keeps_the_next(cast, two_periods):
    first = Grant.objects.order_by("start").first()
    actions.stop(first, by=cast.bente, reason="Flytter for en tid til Bakkeby.", last_day=DAY + timedelta(days=160), heard="agrees", on=DAY + timedelta(days=155))
    assert row(two_periods)[:3] == (FIRST[0], DAY + timedelta(days=160), SECOND_END)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(minutes=st.integers(1, 5000), per=st.sampled_from(["week", "total"]), days=st.integers(1, 400), ran=st.integers(1, 400))
def test_the_model_and_the_database_agree_on_the_minutes(minutes, per, days, ran):
    ran = min(ran, days)
    start = date(2026, 1, 1)
    end, decided = start + timedelta(days=ran - 1), start + timedelta(days=days - 1)
    grant = Grant(start=start, end=end, decided_end=decided if ran < days else None, minutes=minutes, minutes_per=per)
    words = """SELECT CASE WHEN %(per)s = 'week' THEN round(%(minutes)s * (%(end)s::date - %(start)s::date + 1) / 7.0)
        WHEN %(decided)s::date IS NULL THEN %(minutes)s
        ELSE round(%(minutes)s::numeric * (%(end)s::date - %(start)s::date + 1) / (%(decided)s::date - %(start)s::date + 1)) END"""
    with connection.cursor() as cursor:
        cursor.execute(words, {"per": per, "minutes": minutes, "start": start, "end": end, "decided": grant.decided_end})
        assert grant.total_minutes == cursor.fetchone()[0]


def test_the_daily_command_goes_through_every_municipality(two_periods, capsys):
    with time_machine.travel(FIRST_END + timedelta(days=1)):
        call_command("periods")
    assert capsys.readouterr().out == "1 sager er flyttet videre til deres næste periode.\n"
    set_context(two_periods.municipality_id)
    assert row(two_periods) == (*SECOND, 0)


def test_asked_about_an_earlier_day_it_counts_that_days_period_alone(cast, two_periods):
    build.contact(cast, two_periods, DAY + timedelta(days=8), minutes=50)
    build.contact(cast, two_periods, SECOND_START, minutes=45)
    actions.refresh_case(build.fresh(two_periods), FIRST_END)
    assert row(two_periods) == (*FIRST, 50)
