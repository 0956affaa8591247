"""Changed after approval: the month's time sheet was approved, and then the contact became longer."""

from collections.abc import Iterator

from snerydder.casework.questions.signs.log import Found, Log, grouped

KEY = "raised"
HOLDS = True


def find(log: Log) -> Iterator[Found]:
    later = [row for row in log.timed if row.id in log.raised]
    for (staff, _entry), rows in grouped(later, lambda row: (row.staff, row.entry)).items():
        before, after = log.raised[rows[0].id]
        yield Found(KEY, staff, rows, {"before": before, "after": after})
