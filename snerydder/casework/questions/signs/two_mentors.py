"""Two mentors with the same citizen at the same time."""

from collections.abc import Iterator

from snerydder.casework.questions.signs.log import Found, Log, clock, grouped, iso, overlapping

KEY = "two_mentors"
HOLDS = True


def find(log: Log) -> Iterator[Found]:
    seen = [row for row in log.timed if row.form != "sms" and not row.just_now]
    for rows in grouped(seen, lambda row: (row.case, row.day)).values():
        if len({row.staff for row in rows}) < 2:
            continue
        for sooner, later in overlapping(sorted(rows, key=lambda row: row.at)):
            if sooner.staff != later.staff:
                facts = {"day": iso(later.day), "from": clock(later.at), "to": clock(min(sooner.ends, later.ends))}
                first, second = sorted((sooner, later), key=lambda row: row.written)
                yield Found(KEY, second.staff, [second], facts, [first])
                yield Found(KEY, first.staff, [first], facts, [second])
