"""Hours exactly equal to the grant: three whole months in a row, or twelve whole weeks, to within the rounding of the grant."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from snerydder.casework.questions.signs.log import Found, Grant, Log, Row, grouped, iso

KEY = "exact_hours"
HOLDS = False
LEAST_NEW = 6
MONTHS = 3
WEEKS = 12
SLACK = 5  # minutes: what rounding a month's share of a grant can come to
BACK = 200  # days


def find(log: Log) -> Iterator[Found]:
    by_case = grouped(log.timed, lambda row: row.case)
    for grant in log.grants:
        rows = [row for row in by_case.get(grant.case, ()) if grant.start <= row.day <= grant.end and row.day > log.today - BACK]
        if len(rows) < LEAST_NEW:
            continue
        for spans, least, unit in ((_months(grant, log.today), MONTHS, "months"), (_weeks(grant, log.today), WEEKS, "weeks")):
            run = _longest(rows, spans) if len(spans) >= least else []
            if len(run) >= least:
                inside = [row for row in rows if run[0][0] <= row.day <= run[-1][1]]
                facts = {"number": len(run), "unit": unit, "minutes": sum(row.counted for row in inside), "from": iso(run[0][0]), "to": iso(run[-1][1])}
                yield Found(KEY, max(inside, key=lambda row: row.day).staff, inside, facts)
                break


Span = tuple[int, int, int]  # first and last day, and what is granted for them


def _months(grant: Grant, today: int) -> list[Span]:
    """The whole months of the grant that are over."""
    found: list[Span] = []
    days = grant.end - grant.start + 1
    first = date.fromordinal(grant.start)
    first = first if first.day == 1 else (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while True:
        following = (first + timedelta(days=32)).replace(day=1)
        last = following.toordinal() - 1
        if last > grant.end or last >= today:
            return found
        found.append((first.toordinal(), last, round(grant.minutes * (last - first.toordinal() + 1) / days)))
        first = following


def _weeks(grant: Grant, today: int) -> list[Span]:
    if not grant.weekly:
        return []
    monday = grant.start + (-(grant.start + 6)) % 7
    return [(day, day + 6, grant.weekly) for day in range(monday, min(grant.end, today - 1) - 5, 7)]


def _longest(rows: list[Row], spans: list[Span]) -> list[Span]:
    """The longest run of spans in which exactly the granted was delivered."""
    spent: dict[int, int] = defaultdict(int)
    for row in rows:
        spent[row.day] += row.counted
    best: list[Span] = []
    known = min(spent)
    spans = [span for span in spans if span[1] >= known]
    run: list[Span] = []
    for span in spans:
        delivered = sum(spent.get(day, 0) for day in range(span[0], span[1] + 1))
        run = [*run, span] if delivered and abs(delivered - span[2]) <= SLACK else []
        best = run if len(run) > len(best) else best
    return best
