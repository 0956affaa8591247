"""What stands in a cell: dates, CPR numbers, hours and words as Danes write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snerydder.casework.people import vault
from snerydder.exchange.csv import values

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(DAYS, st.sampled_from(["{d:02d}-{m:02d}-{y}", "{d}.{m}.{y}", "{d}/{m}/{y}", "{y}-{m:02d}-{d:02d}", "{d:02d}-{m:02d}-{y} 00:00", "{y}-{m:02d}-{d:02d} 00:00:00"]))
def test_a_date_is_the_same_however_it_is_written(day, form):
    assert values.day(form.format(d=day.day, m=day.month, y=day.year)) == day


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_one_sentence(text):
    try:
        assert isinstance(values.day(text), date)
    except values.Unclear as unclear:
        assert str(unclear).endswith((".", "?"))


@pytest.mark.parametrize(
    ("text", "words"),
    [("12-31-2026", "byttet om"), ("31-02-2026", "findes ikke"), ("02-03-26", "to cifre"), ("45292", "Excels eget tal"), ("i går", "ikke en dato"), ("01-01-1726", "1726")],
)
def test_a_date_that_cannot_be_is_told_why(text, words):
    with pytest.raises(values.Unclear, match=words):
        values.day(text)


@st.composite
def cpr_numbers(draw):
    day = draw(DAYS)
    return f"{day.day:02d}{day.month:02d}{day.year % 100:02d}{draw(st.integers(0, 9999)):04d}"


@given(cpr_numbers(), st.sampled_from(["{0}-{1}", "{0}{1}", "{0} {1}", "{0}–{1}"]))
def test_a_cpr_number_is_read_with_and_without_hyphen(number, form):
    assert values.cpr(form.format(number[:6], number[6:]), zeros_kept=True) == (number, "")


@given(cpr_numbers())
def test_a_nought_that_was_eaten_is_put_back_only_when_none_was_kept(number):
    if not number.startswith("0"):
        return
    eaten = number[1:]
    found, note = values.cpr(eaten, zeros_kept=False)
    assert found == number and "nul foran" in note and vault.masked(number) in note and number[6:] not in note
    with pytest.raises(values.Unclear, match="ni cifre"):
        values.cpr(eaten, zeros_kept=True)


@given(st.text(alphabet="0123456789- ", max_size=14), st.booleans())
def test_no_text_becomes_a_cpr_number_it_is_not(text, kept):
    digits = "".join(letter for letter in text if letter.isdigit())
    try:
        found, note = values.cpr(text, zeros_kept=kept)
    except values.Unclear:
        return
    assert vault.normal(found) == found
    assert (found == digits and not note) or (found == "0" + digits and note and not kept)


@pytest.mark.parametrize("text", ["31329-0011", "999999-9999", "5,03895E+08", "12345678", "320190-1234", ""])
def test_a_wrong_cpr_number_is_refused(text):
    with pytest.raises(values.Unclear):
        values.cpr(text, zeros_kept=False)


@pytest.mark.parametrize(("text", "minutes"), [("2", 120), ("2,5", 150), ("2:30", 150), ("90 min", 90), ("1.000", 60_000), ("0,75 timer", 45), ("37.5", 2250)])
def test_hours_are_read_as_they_are_written(text, minutes):
    assert values.minutes(text) == minutes


@pytest.mark.parametrize("text", ["0", "-2", "mange", "99999", "2;5"])
def test_hours_that_cannot_be_are_refused(text):
    with pytest.raises(values.Unclear):
        values.minutes(text)


def test_numbers_yes_and_lists():
    assert values.number("1.234,50") == Decimal("1234.50")
    assert values.yes("Ja") and values.yes("x") and not values.yes("NEJ")
    assert values.several("dansk, arabisk og polsk; dansk") == ["dansk", "arabisk", "polsk"]
    with pytest.raises(values.Unclear, match="hverken ja eller nej"):
        values.yes("måske")
    with pytest.raises(values.Unclear, match="for lang"):
        values.written("x" * 10_001)
