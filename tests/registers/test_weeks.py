"""Weeks by date: years of 53 weeks, the turn of the year, and the Thursday's month."""

from datetime import date, timedelta

import pytest

from snerydder.registers import weeks

LONG_YEARS = (1992, 1998, 2004, 2009, 2015, 2020, 2026)


def test_every_week_has_a_column_and_comes_back():
    first, last = weeks.week_of(date(1991, 8, 1)), weeks.week_of(date(2031, 1, 1))
    for week in range(first, last):
        assert weeks.week_of_column(weeks.column(week)) == week


@pytest.mark.parametrize("year", range(1991, 2028))
def test_week_53_is_there_only_in_long_years(year):
    name = f"y_{year % 100:02d}53"
    if year in LONG_YEARS:
        assert weeks.week_of_column(name) + 1 == weeks.from_iso(year + 1, 1)
    else:
        with pytest.raises(ValueError):
            weeks.week_of_column(name)


def test_the_days_around_new_year_belong_to_their_iso_week():
    for start in (date(2012, 12, 27), date(2009, 12, 27), date(2014, 12, 27)):
        for shift in range(8):
            day = start + timedelta(days=shift)
            year, number, _ = day.isocalendar()
            assert weeks.week_of(day) == weeks.from_iso(year, number)
            assert weeks.name(weeks.week_of(day)) == f"{year}-W{number:02d}"


def test_a_week_belongs_to_the_month_of_its_thursday():
    def month(day):
        return weeks.month_name(weeks.month_of(weeks.week_of(day)))

    assert month(date(2012, 10, 29)) == "2012_11"  # Thursday 1 November
    assert month(date(2012, 12, 31)) == "2013_01"  # Thursday 3 January
    assert month(date(2013, 4, 29)) == "2013_05"


def test_other_columns_are_no_weeks():
    assert weeks.week_of_column("pnr") is None
    assert weeks.week_of_column("y_12345") is None
    assert weeks.month_of_column("grad_2012_03") == ("grad", 2012 * 12 + 2)
