"""Nobody but the mentor has heard from the citizen: many contacts, questions to the citizen without a yes, never a try in vain."""

from collections.abc import Iterator

from snerydder.casework.questions.signs.log import Found, Log, grouped, iso

KEY = "never_heard"
HOLDS = True
LEAST_NEW = 8
WEEKS = 6
ASKED = 2


def find(log: Log) -> Iterator[Found]:
    tried = {row.case for row in log.rows if row.form == "tried"}
    alone = [row for row in log.timed if row.case not in log.heard and row.case not in tried and log.unanswered.get(row.case, 0) >= ASKED]
    for case, rows in grouped(alone, lambda row: row.case).items():
        rows.sort(key=lambda row: row.at)
        if len(rows) >= LEAST_NEW and len({row.day // 7 for row in rows}) >= WEEKS:
            yield Found(KEY, rows[-1].staff, rows, {"number": len(rows), "since": iso(rows[0].day), "asked": log.unanswered[case]})
