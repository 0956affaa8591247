"""After the end: a contact on a day when the case was closed."""

from collections.abc import Iterator

from snerydder.casework.questions.signs.log import Found, Log, grouped, iso

KEY = "after_closing"
HOLDS = True


def find(log: Log) -> Iterator[Found]:
    late = [row for row in log.timed if row.case in log.closed and row.day > log.closed[row.case]]
    for (staff, case), rows in grouped(late, lambda row: (row.staff, row.case)).items():
        yield Found(KEY, staff, rows, {"closed": iso(log.closed[case]), "number": len(rows)})
