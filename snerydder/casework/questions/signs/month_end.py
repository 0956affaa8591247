"""A burst before the month's end: its last three working days hold far more than any other three of this person's."""

from collections.abc import Iterator
from datetime import date
from statistics import median

from snerydder.casework.questions.signs.log import Found, Log, entries, grouped, is_weekend, iso, of_entries

KEY = "month_end"
HOLDS = False
LEAST_NEW = 6
TIMES = 1.3  # so many times the fullest three working days otherwise
MORE = 600  # and ten hours more than the usual three
USUAL_DAYS = 20  # so many other working days must be known


def find(log: Log) -> Iterator[Found]:
    for staff, rows in grouped(log.timed, lambda row: row.staff).items():
        meetings = entries(rows)
        spent: dict[int, int] = {}
        for row in meetings:
            spent[row.day] = spent.get(row.day, 0) + row.minutes
        ends = {first: last for last in {_end(day) for day in spent} if last < log.today for first in [_first(last)]}
        for first, last in ends.items():
            inside = [row for row in meetings if first <= row.day <= last]
            if len(inside) < LEAST_NEW:
                continue
            minutes, others = sum(row.minutes for row in inside), _others(spent, ends)
            if len(others) >= USUAL_DAYS and minutes >= TIMES * max(others) and minutes - median(others) >= MORE:
                facts = {"minutes": minutes, "usual": round(median(others)), "most": max(others), "number": len(inside), "from": iso(first), "to": iso(last)}
                yield Found(KEY, staff, of_entries(rows, inside), facts)


def _end(day: int) -> int:
    on = date.fromordinal(day)
    return date(on.year + on.month // 12, on.month % 12 + 1, 1).toordinal() - 1


def _first(last: int) -> int:
    """The third last working day of the month."""
    days = [day for day in range(last - 8, last + 1) if not is_weekend(day)]
    return days[-3]


def _others(spent: dict[int, int], ends: dict[int, int]) -> list[int]:
    """Minutes of every three working days in a row, in the weeks in which there was work, but for the months' ends."""
    weeks = {(day + 6) // 7 for day in spent}
    inside = {day for first, last in ends.items() for day in range(first, last + 1)}
    days = [day for week in sorted(weeks) for day in range(week * 7 - 6, week * 7 - 1) if day not in inside]
    return [sum(spent.get(day, 0) for day in days[place : place + 3]) for place in range(len(days) - 2)]
