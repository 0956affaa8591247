"""ISO weeks as whole numbers, and minutes shared without losing one."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from snerydder.casework.contacts.weeks import monday, split, week_of, weeks_between


def test_2026_has_53_weeks():
    assert week_of(date(2026, 12, 28)) == week_of(date(2027, 1, 3)) == 202653
    assert week_of(date(2027, 1, 4)) == 202701 and week_of(date(2026, 1, 1)) == 202601
    assert weeks_between(date(2026, 12, 27), date(2027, 1, 4)) == [202652, 202653, 202701]


@given(st.dates(date(2000, 1, 1), date(2040, 12, 31)), st.integers(0, 800))
def test_every_day_lies_in_one_week_of_the_row(first, more):
    last = first + timedelta(days=more)
    weeks = weeks_between(first, last)
    assert sorted(set(weeks)) == weeks == sorted({week_of(first + timedelta(days=day)) for day in range(more + 1)})
    assert all(monday(week).weekday() == 0 and week_of(monday(week)) == week for week in weeks)


def test_no_days_no_weeks():
    assert weeks_between(date(2026, 8, 3), date(2026, 8, 2)) == []


@given(st.integers(0, 1440), st.integers(1, 30))
def test_shares_add_up_and_differ_by_one_at_most(minutes, persons):
    shares = split(minutes, persons)
    assert sum(shares) == minutes and len(shares) == persons and max(shares) - min(shares) <= 1
