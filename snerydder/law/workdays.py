"""Days on which nobody can be expected to hand in anything: weekends, the holidays of the church, and the days that are held as such."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

PRAYER_DAY_ABOLISHED = 2024
FROM_EASTER = {"skærtorsdag": -3, "langfredag": -2, "2. påskedag": 1, "Kristi himmelfartsdag": 39, "2. pinsedag": 50}  # da: names nobody is shown
FIXED = {"nytårsdag": (1, 1), "grundlovsdag": (6, 5), "juleaftensdag": (12, 24), "juledag": (12, 25), "2. juledag": (12, 26), "nytårsaftensdag": (12, 31)}  # da: the same


@lru_cache(maxsize=256)
def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, over = divmod(century, 4)
    epact = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * over + 2 * (rest // 4) - epact - rest % 4) % 7
    moved = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * moved + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=256)
def days_off(year: int) -> frozenset[date]:
    """Sundays aside."""
    moving = {**FROM_EASTER, **({"store bededag": 26} if year < PRAYER_DAY_ABOLISHED else {})}
    return frozenset({*(easter(year) + timedelta(days=after) for after in moving.values()), *(date(year, month, day) for month, day in FIXED.values())})


def next_workday(day: date) -> date:
    """The day itself when it is one."""
    while day.weekday() > 4 or day in days_off(day.year):
        day += timedelta(days=1)
    return day
