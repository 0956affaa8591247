"""During known absence: a contact the person is said to have had on a day somebody else stood in."""

from collections import defaultdict
from collections.abc import Iterator

from snerydder.casework.questions.signs.log import Away, Found, Log, iso

KEY = "while_away"
HOLDS = True


def find(log: Log) -> Iterator[Found]:
    spans: dict[object, list[Away]] = defaultdict(list)
    for each in log.away:
        spans[each.staff].append(each)
    rows = defaultdict(list)
    for row in log.timed:
        for span in spans.get(row.staff, ()):
            if span.start <= row.day <= span.end:
                rows[span].append(row)
                break
    for span, found in rows.items():
        yield Found(KEY, span.staff, found, {"from": iso(span.start), "to": iso(span.end), "number": len(found)})
