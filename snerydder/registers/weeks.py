"""ISO weeks as whole numbers, so that a year of 53 weeks needs no thought.

Week 0 is the week of Monday 5 January 1970. Never computed from day/7, `%W`, `%U`, or by sorting y_yyww as text.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

ORIGIN = date(1970, 1, 5)
_COLUMN = re.compile(r"y_(\d{2})(\d{2})", re.IGNORECASE)
_MONTH = re.compile(r"(grad|branche|br)_(\d{4})_(\d{2})", re.IGNORECASE)
_WEEK = re.compile(r"(\d{4})-?[WwUu](\d{2})|(\d{4})(\d{2})(?:[.,]0+)?")
_NUMBER = re.compile(r"(\d{5})(?:[.,]0+)?")
_DAY = ("%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y", "%Y%m%d")


def week_of(day: date) -> int:
    return (day - ORIGIN).days // 7


def monday(week: int) -> date:
    return ORIGIN + timedelta(weeks=week)


def from_iso(year: int, week: int) -> int:
    """ValueError for a week 53 in a year that has 52."""
    return week_of(date.fromisocalendar(year, week, 1))


def name(week: int) -> str:
    year, number, _ = monday(week).isocalendar()
    return f"{year}-W{number:02d}"


def month_of(week: int) -> int:
    """Months since January of year 0: a week belongs to the month of its Thursday."""
    thursday = monday(week) + timedelta(days=3)
    return thursday.year * 12 + thursday.month - 1


def month_name(month: int) -> str:
    return f"{month // 12}_{month % 12 + 1:02d}"


def column(week: int) -> str:
    """DREAM's name for a week: y_yyww."""
    year, number, _ = monday(week).isocalendar()
    return f"y_{year % 100:02d}{number:02d}"


def week_of_column(text: str) -> int | None:
    """None when it is no week column at all; ValueError when it names a week that never was."""
    if not (found := _COLUMN.fullmatch(text.strip())):
        return None
    short, number = int(found[1]), int(found[2])
    return from_iso(1900 + short if short >= 90 else 2000 + short, number)


def month_of_column(text: str) -> tuple[str, int] | None:
    if not (found := _MONTH.fullmatch(text.strip())):
        return None
    if not 1 <= int(found[3]) <= 12:
        raise ValueError(text)
    kind = found[1].lower()
    return "branche" if kind == "br" else kind, int(found[2]) * 12 + int(found[3]) - 1


def week_of_text(text: str) -> int | None:
    """2012-W34, 2012W34, 201234, y_1234, or a date in the week. None when it is none of them; ValueError for a week that never was."""
    if found := _WEEK.fullmatch(text):
        return from_iso(int(found[1] or found[3]), int(found[2] or found[4]))
    if (week := week_of_column(text)) is not None:
        return week
    day = day_of_text(text)
    return None if day is None else week_of(day)


def week_before(text: str) -> int | None:
    """The last week of what ends before the week, or the day, that the text names."""
    if (day := day_of_text(text)) is not None:
        return week_of(day - timedelta(days=1))
    week = week_of_text(text)
    return None if week is None else week - 1


def may_be_month(text: str) -> bool:
    """201208: the eighth week or August?"""
    found = _WEEK.fullmatch(text)
    return bool(found and found[4] and int(found[4]) <= 12)


def day_of_text(text: str) -> date | None:
    """A day with four digits to its year; a time of day after it is left out. 08/20/2012 is no day, and 20-08-12 could be two."""
    plain = text.strip()
    if len(plain) > 10 and plain[10] in " T":
        plain = plain[:10]
    if plain.isdigit() and len(plain) != 8:
        return None
    for form in _DAY:
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007  # a day of the calendar has no zone
        except ValueError:
            continue
    return None


def serial_of_text(text: str) -> tuple[str, date] | None:
    """A day written as a bare number, and the program whose number it looks like. The two spans do not meet within 1990-2049."""
    if not (found := _NUMBER.fullmatch(text.strip())):
        return None
    for program, origin in (("Excel", date(1899, 12, 30)), ("SAS eller Stata", date(1960, 1, 1))):
        if 1990 <= (day := origin + timedelta(days=int(found[1]))).year < 2050:
            return program, day
    return None
