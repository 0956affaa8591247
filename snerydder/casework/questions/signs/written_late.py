"""Backdating: written more than fourteen days after. What was written in one sitting is one question."""

from collections.abc import Iterator

from snerydder.casework.questions.signs.log import DAY, Found, Log, grouped, iso

KEY = "written_late"
HOLDS = False
DAYS = 14


def find(log: Log) -> Iterator[Found]:
    late = [row for row in log.timed if row.written // DAY - row.day > DAYS]
    for (staff, written), rows in grouped(late, lambda row: (row.staff, row.written // DAY)).items():
        facts = {"written": iso(written), "number": len(rows), "days": max(written - row.day for row in rows)}
        yield Found(KEY, staff, rows, facts)
