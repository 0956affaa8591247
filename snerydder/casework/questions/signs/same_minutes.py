"""Equal minutes every time: nearly all of a stretch of contacts, meetings and calls alike, with several citizens."""

from collections import Counter
from collections.abc import Iterator

from snerydder.casework.questions.signs.log import Found, Log, Row, entries, grouped, iso, of_entries

KEY = "same_minutes"
HOLDS = False
DAYS = 90
LEAST = 20
LEAST_NEW = 20
CASES = 3
SHARE = 0.9


def find(log: Log) -> Iterator[Found]:
    recent = [row for row in log.timed if row.day > log.today - DAYS]
    for staff, rows in grouped(recent, lambda row: row.staff).items():
        meetings = sorted(entries(rows), key=lambda row: (row.at, row.minutes))
        if len(meetings) < LEAST:
            continue
        times = Counter(row.minutes for row in meetings)
        minutes = max(times, key=lambda each: (times[each], each))
        stretch = _stretch(meetings, minutes)
        same = [row for row in stretch if row.minutes == minutes]
        if len(same) >= LEAST and len({row.case for row in of_entries(rows, same)}) >= CASES:
            facts = {"minutes": minutes, "number": len(same), "of": len(stretch), "since": iso(stretch[0].day), "to": iso(stretch[-1].day)}
            yield Found(KEY, staff, of_entries(rows, same), facts)


def _stretch(meetings: list[Row], minutes: int) -> list[Row]:
    """The longest in a row of which at least SHARE are of this length: each of them weighs 1, and each other one so much that SHARE comes to nought."""
    other = SHARE / (1 - SHARE)
    best, first, last, total, begin = 0.0, 0, 0, 0.0, 0
    for place, row in enumerate(meetings, start=1):
        total += 1 if row.minutes == minutes else -other
        if total <= 0:
            total, begin = 0.0, place
        elif total > best:
            best, first, last = total, begin, place
    return meetings[first:last]
