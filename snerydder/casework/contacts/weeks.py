"""ISO weeks as whole numbers, yyyyww. The week's year is the ISO year: 2026 has 53 weeks."""

from datetime import date, timedelta


def week_of(day: date) -> int:
    iso = day.isocalendar()
    return iso.year * 100 + iso.week


def monday(week: int) -> date:
    return date.fromisocalendar(week // 100, week % 100, 1)


def weeks_between(first: date, last: date) -> list[int]:
    """Every week from the one of `first` to the one of `last`, both included."""
    start = first - timedelta(days=first.weekday())
    return [week_of(start + timedelta(weeks=n)) for n in range(((last - start).days // 7) + 1)] if last >= start else []


def split(minutes: int, persons: int) -> list[int]:
    """Minutes together with several citizens, shared so that the sum is the minutes and none counts twice."""
    whole, rest = divmod(minutes, persons)
    return [whole + (1 if place < rest else 0) for place in range(persons)]
