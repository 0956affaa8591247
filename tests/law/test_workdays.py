"""Days off, against the calendar as it was printed."""

from datetime import date, timedelta

import pytest

from snerydder.law.workdays import days_off, easter, next_workday


@pytest.mark.parametrize(
    "sunday",
    [date(2014, 4, 20), date(2016, 3, 27), date(2019, 4, 21), date(2020, 4, 12), date(2023, 4, 9), date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25)],
)
def test_easter(sunday):
    assert easter(sunday.year) == sunday


def test_the_days_off_of_a_year():
    assert sorted(days_off(2026)) == [
        date(2026, 1, 1), date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25), date(2026, 6, 5), date(2026, 12, 24),
        date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 31),
    ]  # fmt: skip


def test_store_bededag_until_2023():
    assert next_workday(date(2023, 5, 5)) == date(2023, 5, 8) and next_workday(date(2024, 4, 26)) == date(2024, 4, 26)


def test_it_is_a_workday_never_sooner_and_never_a_week_later():
    for number in range(366 * 14):
        day = date(2014, 1, 1) + timedelta(days=number)
        found = next_workday(day)
        assert day <= found <= day + timedelta(days=6) and found.weekday() < 5 and found not in days_off(found.year)
        assert (found == day) == (day.weekday() < 5 and day not in days_off(day.year))
