"""With two citizens at once: two meetings that lie over each other, or more than there was time for before it was written."""

from collections.abc import Iterator

from snerydder.casework.questions.signs.log import DAY, SLACK, Found, Log, Row, clock, entries, grouped, iso, of_entries, overlapping

KEY = "two_places"
HOLDS = True
MORNING = 5 * 60  # nobody has met a citizen before five


def find(log: Log) -> Iterator[Found]:
    seen = [row for row in log.timed if row.form != "sms"]  # a message can be written while one sits with somebody
    for (staff, day), rows in grouped(seen, lambda row: (row.staff, row.day)).items():
        meetings = entries(rows)
        if len(meetings) < 2:
            continue
        given = [row for row in meetings if not row.just_now]
        pairs = list(overlapping(given))
        crowd = _no_room(meetings, day)
        if pairs or crowd:
            chosen = [row for pair in pairs for row in pair] + crowd
            times = [{"from": clock(row.at), "to": clock(row.ends)} for row in entries(chosen)]
            facts = {"day": iso(day), "kind": "overlap", "times": times} if pairs else {"day": iso(day), "kind": "crowd", "minutes": sum(row.minutes for row in crowd), "by": clock(max(row.at for row in crowd))}
            yield Found(KEY, staff, of_entries(rows, chosen), facts)


def _no_room(meetings: list[Row], day: int) -> list[Row]:
    """Those that were over when they were written, if there was not that much time between the morning and then."""
    over: list[Row] = []
    worst: list[Row] = []
    for row in meetings:
        if not row.just_now:
            continue
        over.append(row)
        given = sum(min(each.ends, row.at) - each.at for each in meetings if not each.just_now and each.at < row.at)
        if sum(each.minutes for each in over) + given > row.at - (day * DAY + MORNING) + SLACK:
            worst = list(over)
    return worst
