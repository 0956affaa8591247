"""The summary kept by the trigger against its brute-force twin, whatever is written, corrected, deleted and restored."""

import threading
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from snerydder.access.tenancy import set_context
from snerydder.casework.cases.models import Case
from snerydder.casework.contacts import actions
from snerydder.casework.contacts.models import Contact
from snerydder.casework.contacts.weeks import week_of
from tests import build
from tests.build import DAY
from tests.casework.contacts.twin import counted, stored
from tests.cast import fjordby

FIRST = DAY + timedelta(days=8)
DAYS = st.integers(0, 110).map(lambda days: FIRST + timedelta(days=days))
FORMS = st.sampled_from(["met", "met", "phone", "sms", "tried"])
WRITE = st.tuples(st.just("write"), DAYS, FORMS, st.integers(1, 600), st.sets(st.integers(0, 2), min_size=1))
CHANGE = st.tuples(st.just("change"), DAYS, FORMS, st.integers(1, 600), st.sets(st.integers(0, 2), min_size=1))
UNDO = st.tuples(st.sampled_from(["withdraw", "restore"]), DAYS, FORMS, st.integers(1, 600), st.sets(st.integers(0, 2), min_size=1))


def at(day, hour=12):
    return timezone.make_aware(datetime.combine(day, time(hour)))


@pytest.fixture
def three(cast, case, other):
    return [case, other, build.active(cast, build.citizen(cast, 8))]


def perform(step, number, entries, cases, by):
    verb, day, form, minutes, who = step
    there = [cases[place] for place in sorted(who)]
    if verb == "write" or not entries:
        entries.append(actions.log(UUID(int=number), there, by=by, at=at(day), form=form, minutes=minutes))
        return
    rows = entries[minutes % len(entries)]
    live = [row for row in Contact.objects.filter(entry=rows[0].entry) if not row.withdrawn]
    if verb == "change" and live:
        actions.correct(live[0], by=by, reason="test", at=at(day), form=form, minutes=minutes, cases=there)
    elif verb == "withdraw" and live:
        actions.withdraw(live[:1], by=by)
    elif verb == "restore" and not live:
        actions.restore(rows[:1], by=by)


@pytest.mark.django_db
def test_it_equals_counting_everything_again(cast, three):
    """A hundred and some courses of events: over 0.1 s since each is a dozen real statements."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], derandomize=True)
    @given(st.lists(st.one_of(WRITE, WRITE, CHANGE, UNDO), min_size=1, max_size=12))
    def course(steps):
        with transaction.atomic():
            before, entries = transaction.savepoint(), []
            for number, step in enumerate(steps, 1):
                perform(step, number, entries, three, cast.carl)
            for case in Case.objects.filter(pk__in=[case.pk for case in three]):
                assert stored(case) == counted(case)
            for group in {row.entry for rows in entries for row in rows}:
                live = list(Contact.objects.filter(entry=group, withdrawn=False))
                assert not live or sum(row.counted_minutes for row in live) == live[0].minutes
            transaction.savepoint_rollback(before)

    course()


@pytest.mark.django_db
def test_ten_at_once_count_as_ten_one_by_one(cast, three):
    rows = [
        row
        for number in range(30)
        for row in actions.rows_of(uuid4(), three[: number % 3 + 1], by=cast.carl, at=at(FIRST + timedelta(days=number)), form="met", minutes=number + 1)
    ]
    actions.log_many(rows, by=cast.carl)
    for case in Case.objects.filter(pk__in=[case.pk for case in three]):
        assert stored(case) == counted(case) and case.weeks_with_contact


@pytest.mark.django_db
def test_week_53_of_2026_is_a_week_of_its_own(cast, case, late_in_2026):
    late_in_2026.move_to("2027-01-20T10:00:00+01:00")
    for day in (date(2026, 12, 27), date(2026, 12, 28), date(2027, 1, 3), date(2027, 1, 4)):
        build.contact(cast, case, day, minutes=10)
    case = build.fresh(case)
    assert stored(case) == counted(case)
    assert stored(case)["weeks"] == {202652: (1, 0, 10), 202653: (2, 0, 20), 202701: (1, 0, 10)} and case.last_week == 202701


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("utc", "day"),
    [
        ("2026-10-24T21:59:00+00:00", date(2026, 10, 24)),  # 23.59 summer time
        ("2026-10-25T00:30:00+00:00", date(2026, 10, 25)),  # 02.30 for the first time
        ("2026-10-25T01:30:00+00:00", date(2026, 10, 25)),  # 02.30 once more
        ("2026-10-25T22:59:00+00:00", date(2026, 10, 25)),  # 23.59 winter time: a Sunday, last of week 43
        ("2026-10-25T23:00:00+00:00", date(2026, 10, 26)),  # midnight: week 44
    ],
)
def test_the_night_the_clock_goes_back_every_moment_has_one_day(cast, case, utc, day):
    [row] = actions.log(uuid4(), [case], by=cast.carl, at=datetime.fromisoformat(utc), form="met", minutes=60)
    row.refresh_from_db()
    assert (row.day, row.week, row.minutes) == (day, week_of(day), 60)
    assert stored(build.fresh(case)) == counted(build.fresh(case))


def in_threads(*works):
    """Each in its own connection and transaction, all at the same moment. The faults that came out."""
    gate, faults = threading.Barrier(len(works)), []

    def run(work):
        try:
            with transaction.atomic():
                set_context(901)
                gate.wait(10)
                work()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    return faults


def test_contacts_at_the_same_moment_neither_wait_for_ever_nor_lose_a_count(own_database):
    """Needs real transactions in several connections, so it takes some seconds."""
    with transaction.atomic():
        cast = fjordby()
        cases = [build.active(cast), *(build.active(cast, build.citizen(cast, number)) for number in (7, 8))]
        known = build.contact(cast, cases[0], FIRST)

    def write(number):
        order = cases if number % 2 else cases[::-1]
        return lambda: actions.log(uuid4(), order, by=cast.carl, at=at(FIRST + timedelta(days=7 * number)), form="met", minutes=30)

    def change():
        actions.correct(known, by=cast.carl, reason="samtidig", minutes=5)

    for round in range(3):
        assert in_threads(*(write(4 * round + number) for number in range(4)), change) == []
    with transaction.atomic():
        set_context(901)
        for case in Case.objects.filter(pk__in=[case.pk for case in cases]):
            assert stored(case) == counted(case)
            assert case.weeks_with_contact >= 11


def test_the_same_entry_twice_at_the_same_moment_is_one(own_database):
    with transaction.atomic():
        cast = fjordby()
        case, entry = build.active(cast), uuid4()
    hows = []

    def send():
        hows.append(actions.log_entry(entry, [case], by=cast.carl, at=at(FIRST), form="met", minutes=30, known=False).how)

    assert in_threads(*[send] * 4) == []
    with transaction.atomic():
        set_context(901)
        assert Contact.objects.count() == 1 and build.fresh(case).minutes_used == 30
    assert sorted(hows) == ["new", "same", "same", "same"]
