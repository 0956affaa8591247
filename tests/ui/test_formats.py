"""Dates, hours, money and numbers as people write them."""

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation

from snerydder.law.text import Text
from snerydder.ui import figures, formats

TODAY = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))
D = datetime.date


@pytest.fixture(autouse=True)
def the_second_of_march():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.mark.parametrize(("day", "form", "shown"), [
    (D(2026, 3, 3), "", "tirsdag den 3. marts"),
    (D(2026, 2, 9), "", "mandag den 9. februar"),
    (D(2026, 2, 8), "", "8. februar 2026"),
    (D(2026, 3, 24), "", "24. marts 2026"),
    (D(2026, 3, 3), "lang", "3. marts 2026"),
    (D(2026, 3, 3), "kort", "03-03-2026"),
    (None, "", ""),
    (datetime.datetime(2026, 3, 2, 23, 30, tzinfo=datetime.UTC), "lang", "3. marts 2026"),
])  # fmt: skip
def test_a_day_is_written_near_or_far(day, form, shown):
    assert formats.dato(day, form) == shown


@pytest.mark.parametrize(("days", "shown"), [
    (0, "i dag"), (1, "i morgen"), (-1, "i går"), (2, "om 2 dage"), (7, "om 7 dage"), (-7, "for 7 dage siden"),
    (8, "tirsdag den 10. marts"), (-8, "søndag den 22. februar"),
])  # fmt: skip
def test_relative_only_within_a_week(days, shown):
    assert formats.dage(D(2026, 3, 2) + datetime.timedelta(days=days)) == shown


@pytest.mark.parametrize(("minutes", "of", "shown"), [
    (90, None, "1 t 30 min"), (45, None, "45 min"), (120, None, "2 t"), (0, None, "0 min"), (-30, None, "−30 min"),
    (840, 1200, "14 af 20 timer"), (90, 60, "1,5 af 1 time"), (None, None, ""), (60000, None, "1.000 t"),
])  # fmt: skip
def test_hours(minutes, of, shown):
    assert formats.timer(minutes, of) == shown


def test_money_and_numbers():
    assert formats.kr(12345) == "12.345 kr."
    assert formats.kr(Decimal("12345.5")) == "12.345,50 kr."
    assert formats.kr(Decimal("12.4"), decimals=0) == "12 kr."
    assert formats.kr(-5) == "−5 kr."
    assert formats.antal(1234.5) == "1.234,5"
    assert formats.antal(2, decimals=1) == "2,0"


def test_the_time():
    assert formats.klokken(datetime.datetime(2026, 3, 2, 13, 5, tzinfo=datetime.UTC)) == "kl. 14.05"
    assert formats.klokken(datetime.time(9, 0)) == "kl. 09.00"


def test_in_english():
    with translation.override("en"):
        assert formats.dato(D(2026, 3, 3)) == "Tuesday 3 March"
        assert formats.dato(D(2025, 3, 3)) == "3 March 2025"
        assert formats.antal(1234.5) == "1,234.5"


@pytest.mark.parametrize("number", ["0101581234", "010158-1234", "", None, "12"])
def test_a_cpr_number_never_shows_its_last_four(number):
    shown = formats.cpr_mask(number)
    assert "1234" not in shown
    assert shown.endswith("-xxxx")


def test_a_sentence_of_the_law_follows_the_language(monkeypatch):
    monkeypatch.setattr(formats, "gettext", lambda text: text.replace("Senest", "By"))
    sentence = Text("Senest {day}.", day=D(2026, 7, 1))
    assert formats.in_language(sentence) == "Senest 1. juli 2026."
    with translation.override("en"):
        assert formats.in_language(sentence) == "By 1 July 2026."


def test_the_hours_bar_keeps_its_marks_inside():
    drawn = figures.hours_bar(600, 750, 300, 0)
    assert (drawn["granted"], drawn["delivered"], drawn["confirmed"], drawn["over"]) == ("80%", "100%", "40%", "20%")
    assert figures.hours_bar(0, 0)["delivered"] == "0%"
    assert [key for key, *_rest in figures.hours_bar(60, 30)["marks"]] == ["granted", "delivered"]


def test_a_gap_of_two_weeks_is_drawn_and_said():
    monday = D(2026, 1, 5)
    weeks = [{"start": monday + datetime.timedelta(weeks=i), "contacts": n} for i, n in enumerate([1, 0, 2, 0, 0, 0])]
    drawn = figures.week_columns(weeks)
    assert [(gap["x"], gap["wide"]) for gap in drawn["gaps"]] == [(42, 42)]
    assert drawn["sentence"] == "Kontakt i 2 af 6 uger siden 5. januar 2026. Længste tid uden kontakt: 3 uger."
    assert figures.week_columns([])["sentence"] == "Ingen uger endnu."


@pytest.mark.parametrize(("cases", "full_time", "band", "said"), [
    (9, 1.0, 0, "9 sager på fuld tid"), (10, 1.0, 1, "10 sager på fuld tid"), (14, 0.8, 2, "17,5 sager på fuld tid"),
    (20, 1.0, 3, "20 sager på fuld tid"), (60, 1.0, 3, "60 sager på fuld tid"), (1, 1.0, 0, "1 sag på fuld tid"), (3, 0, 0, "0 sager på fuld tid"),
])  # fmt: skip
def test_the_bands_of_the_caseload(cases, full_time, band, said):
    drawn = figures.caseload_bar(cases, full_time)
    assert (drawn["band"], drawn["sentence"]) == (band, said)
    assert float(drawn["load"].rstrip("%")) <= 100
