"""More than a working day: over ten hours with citizens from one morning to the next."""

from collections.abc import Iterator

from snerydder.casework.questions.signs.log import Found, Log, entries, grouped, iso

KEY = "long_day"
HOLDS = False
MOST = 10 * 60


def find(log: Log) -> Iterator[Found]:
    for (staff, day), rows in grouped(log.timed, lambda row: (row.staff, row.day)).items():
        minutes = sum(row.minutes for row in entries(rows))
        if minutes > MOST:
            yield Found(KEY, staff, rows, {"day": iso(day), "minutes": minutes})
