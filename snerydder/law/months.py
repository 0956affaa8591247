"""Counting months the way a period in a decision is counted."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta


def _month(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1


def add_months(day: date, months: int) -> date:
    """The same day of the month; the last day of the month when that day does not exist there."""
    year, month = _month(day, months)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def last_day(start: date, months: int) -> date:
    """The last day of a period of whole months that begins on `start`, both days counted.

    1 March + 6 months ends 31 August. When the last month has no such day, the period ends on that month's
    last day: 31 August + 6 months ends 28 February (29 in a leap year).
    29 February + 6 months ends 28 August.
    """
    year, month = _month(start, months)
    length = monthrange(year, month)[1]
    if start.day > length:
        return date(year, month, length)
    return date(year, month, start.day) - timedelta(days=1)
