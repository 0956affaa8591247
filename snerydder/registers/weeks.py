"""ISO weeks as whole numbers, so that a year of 53 weeks needs no thought.

Week 0 is the week of Monday 5 January 1970. Never computed from day/7, `%W`, `%U`, or by sorting y_yyww as text.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

ORIGIN = date(1970, 1, 5)
_COLUMN = re.compile(r"y_(\d{2})(\d{2})", re.IGNORECASE)
_MONTH = re.compile(r"(grad|branche|br)_(\d{4})_(\d{2})", re.IGNORECASE)


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
    return found[1].lower(), int(found[2]) * 12 + int(found[3]) - 1
