"""What was given, and whether as the method says: against calendars walked day by day and counts made by hand."""

import calendar
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snerydder.effects import dose, fidelity
from snerydder.effects.results import Refused

DAYS = st.dates(date(2004, 1, 1), date(2033, 12, 31))


@settings(max_examples=200, deadline=None)
@given(DAYS, DAYS, st.integers(1, 14))
def test_weeks_and_months_are_the_calendars(one, other, months):
    assert (int(dose.iso_week(one)) == int(dose.iso_week(other))) == (one.isocalendar()[:2] == other.isocalendar()[:2])
    assert dose.monday(dose.iso_week(one)).item() == one - timedelta(days=one.weekday())
    year, month = divmod(one.year * 12 + one.month - 1 + months, 12)
    expected = date(year, month + 1, min(one.day, calendar.monthrange(year, month + 1)[1]))
    assert dose.add_months(one, months).item() == expected


def test_a_month_is_no_thirty_days():
    assert dose.add_months(["2024-01-31", "2023-01-31", "2024-02-15"], 1).astype(str).tolist() == ["2024-02-29", "2023-02-28", "2024-03-15"]


@pytest.fixture(scope="module")
def met():
    """Four persons from week 52 of 2026, a year of 53 weeks: one alone, one in a group of three, a no-show, one never seen."""
    start = np.array(["2026-12-23", "2026-12-30", "2026-12-21", "2027-01-04"], dtype="datetime64[D]")
    person = np.array([0, 0, 1, 2, 0, 1])
    when = ["2026-12-27", "2026-12-28", "2027-01-04", "2026-12-22", "2027-01-05", "2027-02-01"]
    return start, dose.contacts(person, when, [60.0, 30, 90, 45, 60, 90], np.array([True, True, True, False, True, True]), [1.0, 1, 3, 1, 1, 1])


def test_minutes_by_week_count_those_who_got_nothing(met):
    start, given_ = met
    minutes, count = dose.grids(given_, start, 4)
    assert minutes.tolist() == [[60, 30, 60, 0], [0, 30, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    found = dose.weekly(minutes, count)
    assert found.share.tolist() == [0.25, 0.5, 0.25, 0] and found.minutes.tolist() == [15, 15, 15, 0] and found.persons.tolist() == [4] * 4
    seen = np.ones((4, 4), dtype=bool)
    seen[2:, 1] = False
    assert dose.weekly(minutes, count, seen).minutes.tolist() == [15, 30, 15, 0]
    seen[:, 3] = False
    assert dose.weekly(minutes, count, seen).key == "empty-week"


def test_with_a_mentor_by_week():
    start = ["2026-12-23", "2026-12-30"]
    share = dose.with_mentor(np.array([0, 0, 1]), ["2026-12-27", "2027-01-11", "2026-12-01"], ["2026-12-28", "NaT", "2026-12-29"], start, 5)
    assert share.tolist() == [1.0, 0.5, 0.0, 0.5, 0.5]


def test_months_weigh_by_days_under_way(met):
    start, given_ = met
    end = np.array(["2027-01-31", "2027-02-14", "2026-12-31", "2027-01-31"], dtype="datetime64[D]")
    found = dose.monthly(given_, start, end)
    persons = [9 / 31 + 2 / 31 + 11 / 31, 2 + 28 / 31, 14 / 28]
    assert found.month.astype(str).tolist() == ["2026-12", "2027-01", "2027-02"]
    assert np.allclose(found.persons, persons, atol=1e-12)
    assert np.allclose(found.contacts, [2 / persons[0], 2 / persons[1], 1 / persons[2]], atol=1e-12)
    assert np.allclose(found.minutes, [90 / persons[0], 90 / persons[1], 90 / persons[2]], atol=1e-12)
    assert dose.monthly(given_, start, start - 1).key == "dates"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-10, 80), st.booleans()), max_size=30), st.integers(0, 60), st.integers(0, 60))
def test_whole_weeks_with_contact_by_walking(rows, begin, lasting):
    origin = date(2026, 12, 1)
    starts = [origin + timedelta(days=begin + 3 * k) for k in range(4)]
    ends = [day + timedelta(days=lasting) for day in starts]
    given_ = dose.contacts(
        np.array([r[0] for r in rows], dtype=np.int64),
        [origin + timedelta(days=r[1]) for r in rows],
        np.ones(len(rows)),
        np.array([r[2] for r in rows], dtype=bool),
    )
    met_weeks = whole = 0
    for k in range(4):
        days = {starts[k] + timedelta(days=n) for n in range(lasting + 1)}
        for monday in {day - timedelta(days=day.weekday()) for day in days}:
            week = {monday + timedelta(days=n) for n in range(7)}
            if week <= days:
                whole += 1
                met_weeks += any(r[0] == k and r[2] and origin + timedelta(days=r[1]) in week for r in rows)
    found = fidelity.weekly_contact(given_, starts, ends)
    if whole == 0:
        assert isinstance(found, Refused) and found.key == "no-weeks"
        return
    assert (found[0].numerator, found[0].denominator) == (met_weeks, whole)


def test_the_first_contact_within_the_month():
    start = ["2024-01-31", "2024-01-31", "2024-01-31", "2024-01-31", "2024-05-20"]
    given_ = dose.contacts(
        np.array([0, 1, 2, 2]), ["2024-02-29", "2024-03-01", "2024-02-01", "2024-03-20"], np.ones(4), np.array([True, True, False, True])
    )
    found = fidelity.first_contact(given_, start, "2024-06-01")
    assert (found.numerator, found.denominator, found.unknown, found.point) == (1, 4, 1, 5)
    assert found.share == 0.25


def test_by_the_week_alone_there_are_two_answers():
    start = np.array(["2024-01-31"] * 3)  # a Wednesday; the deadline, 29 February, is a Thursday in week 4
    met = np.zeros((3, 8), dtype=bool)
    met[0, 2], met[1, 4], met[2, 5] = True, True, True
    sure, possible = fidelity.first_contact_by_week(met, start)
    assert (sure.numerator, possible.numerator, sure.denominator) == (1, 2, 3)
    assert fidelity.first_contact_by_week(met[:, :5], start).key == "too-few-weeks"


def test_persons_per_full_time_mentor():
    found = fidelity.caseload([12, 6, 20, 3, 5], [37, 18.5, 30, 37, 0])
    assert np.allclose(found.per_full_time[:4], [12, 12, 20 * 37 / 30, 3]) and np.isnan(found.per_full_time[4])
    assert found.bands == (1, 2, 0, 1)
    assert (found.measure.numerator, found.measure.denominator, found.measure.unknown) == (3, 4, 1)
    assert fidelity.caseload([14.9, 15, 19.9, 20], [37] * 4).bands == (0, 1, 2, 1)
    assert fidelity.caseload([5], [0]).key == "not-measurable"


def test_persons_in_hand_by_week():
    found = fidelity.persons_by_week(
        np.array([0, 0, 1]), ["2026-12-01", "2027-01-06", "2026-12-31"], ["2027-01-03", "NaT", "2026-12-31"], 2, "2026-12-28", 3
    )
    assert found.tolist() == [[1, 1, 1], [1, 0, 0]]


def test_courses_and_independence():
    found = fidelity.courses([1, 1, 0, np.nan, np.nan], [1, 0, np.nan, 1, 0])
    assert (found.numerator, found.denominator, found.unknown) == (1, 4, 1)
    found = fidelity.independence([1, 1, 0, 1], [0, 1, np.nan, np.nan])
    assert (found.numerator, found.denominator, found.unknown) == (1, 3, 1)
    assert fidelity.courses([np.nan], [1]).key == "not-measurable"


def test_supervision_without_long_pauses():
    sessions = [["2024-03-31", "2024-06-30", "2024-09-15"], ["2024-03-31", "2024-08-01"], [], [], ["2024-11-20"]]
    begin, end = ["2024-01-01", "2024-01-01", "2024-01-01", "2024-11-01", "2024-11-01"], ["2024-12-15"] * 5
    found = fidelity.supervision(sessions, begin, end, 3)
    assert (found.numerator, found.denominator, found.unknown) == (2, 4, 1)


def test_at_most_twelve_months():
    start = ["2023-01-10", "2023-01-10", "2023-01-10", "2024-01-10", "2024-02-29"]
    end = ["2024-01-10", "2024-01-11", "NaT", "NaT", "2024-05-01"]
    found = fidelity.length(start, end, "2024-06-01")
    assert (found.numerator, found.denominator, found.unknown, found.point) == (2, 4, 1, 7)


def test_refusals_speak_both_languages():
    for answer in (
        fidelity.length(["2024-01-01"], ["NaT"], "2024-02-01"),
        fidelity.weekly_contact(dose.contacts(np.array([], dtype=int), [], np.array([])), ["2024-01-01"], ["NaT"]),
    ):
        assert isinstance(answer, Refused) and answer.reason and answer.reason_en
