"""Equal minutes every time: nearly all of two months' contacts, meetings and calls alike, with several citizens."""

from collections import Counter
from collections.abc import Iterator

from snerydder.casework.questions.signs.log import Found, Log, entries, grouped, iso, of_entries

KEY = "same_minutes"
HOLDS = False
DAYS = 60
LEAST = 20
LEAST_NEW = 20
CASES = 3
SHARE = 0.95


def find(log: Log) -> Iterator[Found]:
    recent = [row for row in log.timed if row.day > log.today - DAYS]
    for staff, rows in grouped(recent, lambda row: row.staff).items():
        meetings = entries(rows)
        if len(meetings) < LEAST or len({row.case for row in rows}) < CASES:
            continue
        minutes, number = Counter(row.minutes for row in meetings).most_common(1)[0]
        if number >= SHARE * len(meetings):
            same = [row for row in meetings if row.minutes == minutes]
            facts = {"minutes": minutes, "number": number, "of": len(meetings), "since": iso(meetings[0].day)}
            yield Found(KEY, staff, of_entries(rows, same), facts)
