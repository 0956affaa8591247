"""Most of a citizen's contacts on Saturdays and Sundays, or a large part of a person's."""

from collections.abc import Iterator

from snerydder.casework.questions.signs.log import Found, Log, Row, entries, grouped, is_weekend, iso, of_entries

KEY = "weekends"
HOLDS = False
DAYS = 90
LEAST = 6
LEAST_NEW = 6
OF_A_CASE = 0.35
OF_A_PERSON = 0.25


def find(log: Log) -> Iterator[Found]:
    recent = [row for row in log.timed if row.day > log.today - DAYS and row.form == "met"]
    for staff, rows in grouped(recent, lambda row: row.staff).items():
        chosen = [row for of_case in grouped(rows, lambda row: row.case).values() if _many(of_case, OF_A_CASE) for row in of_case if is_weekend(row.day)]
        if _many(rows, OF_A_PERSON):
            chosen = [row for row in rows if is_weekend(row.day)]
        if chosen:
            days = entries(chosen)
            yield Found(KEY, staff, of_entries(rows, chosen), {"number": len(days), "of": len(entries(rows)), "since": iso(days[0].day)})


def _many(rows: list[Row], share: float) -> bool:
    meetings = entries(rows)
    free = sum(is_weekend(row.day) for row in meetings)
    return free >= LEAST and free >= share * len(meetings)
