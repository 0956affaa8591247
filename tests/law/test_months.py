"""Month arithmetic, above all at the ends of months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snerydder.law.months import add_months, last_day

DAYS = st.dates(date(2014, 1, 1), date(2040, 12, 31))
MONTHS = st.integers(1, 24)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 3, 1), date(2026, 8, 31)),
        (date(2026, 3, 2), date(2026, 9, 1)),
        (date(2026, 8, 28), date(2027, 2, 27)),
        (date(2026, 8, 29), date(2027, 2, 28)),
        (date(2026, 8, 30), date(2027, 2, 28)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2026, 9, 1), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2027, 8, 29), date(2028, 2, 28)),
        (date(2028, 2, 29), date(2028, 8, 28)),
        (date(2026, 12, 31), date(2027, 6, 30)),
        (date(2026, 10, 31), date(2027, 4, 30)),
    ],
)
def test_six_months_end_the_day_before_or_with_the_month(start: date, end: date) -> None:
    assert last_day(start, 6) == end


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 5, 31), -3, date(2026, 2, 28)),
        (date(2028, 5, 31), -3, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_are_counted_both_ways(day: date, months: int, result: date) -> None:
    assert add_months(day, months) == result


def slow_last_day(start: date, months: int) -> date:
    """The obvious twin: walk day by day until the month is right and the same day, or the month is over."""
    target = (start.year * 12 + start.month - 1) + months
    day = start
    while (day.year * 12 + day.month - 1, day.day) < (target, start.day):
        day += timedelta(days=1)
        if day.year * 12 + day.month - 1 > target:
            break
    return day - timedelta(days=1)


@given(DAYS, MONTHS)
def test_it_agrees_with_counting_on_the_fingers(start: date, months: int) -> None:
    assert last_day(start, months) == slow_last_day(start, months)


@given(DAYS, MONTHS)
def test_a_later_start_never_ends_earlier(start: date, months: int) -> None:
    assert last_day(start + timedelta(days=1), months) >= last_day(start, months)
