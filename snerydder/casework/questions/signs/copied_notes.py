"""Copied notes: a text of some length that comes again and again, on other days and often on other citizens."""

from collections.abc import Iterator

from snerydder.casework.questions.signs import texts
from snerydder.casework.questions.signs.log import Found, Log, entries, grouped, iso, of_entries

KEY = "copied_notes"
HOLDS = False
DAYS = 90
LEAST_NEW = 3
ACROSS = 5  # meetings, when they are with several citizens
WITHIN = 8  # meetings with the same citizen: a fixed activity is often described in the same words


def find(log: Log) -> Iterator[Found]:
    recent = [row for row in log.rows if row.note and row.day > log.today - DAYS]
    for staff, rows in grouped(recent, lambda row: row.staff).items():
        meetings = entries(rows)
        for group in texts.alike(enumerate(row.note for row in meetings)):
            same = [meetings[place] for place in group]
            cases, days = {row.case for row in same}, {row.day for row in same}
            if len(days) >= (ACROSS if len(cases) > 1 else WITHIN):
                facts = {"number": len(same), "cases": len(cases), "since": iso(same[0].day)}
                yield Found(KEY, staff, of_entries(rows, same), facts)
