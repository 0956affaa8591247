"""Split invoices: the same contact stands on more than one line or invoice."""

from collections.abc import Iterator

from snerydder.casework.questions.signs.log import Found, Log, grouped

KEY = "billed_twice"
HOLDS = True


def find(log: Log) -> Iterator[Found]:
    twice = [row for row in log.timed if len(log.billed.get(row.id, ())) > 1]
    for (staff, invoices), rows in grouped(twice, lambda row: (row.staff, tuple(sorted(log.billed[row.id])))).items():
        yield Found(KEY, staff, rows, {"invoices": list(invoices), "number": len(rows)})
