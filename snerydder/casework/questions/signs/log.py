"""The rows a sign looks at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from snerydder.casework.contacts.models import JUST_NOW

DAY = 24 * 60
SLACK = 10  # minutes: times are given roughly; two that overlap less than this are not asked about


class Row(NamedTuple):
    """One contact with one citizen. Times are minutes in local time since day 0 of `date.toordinal`."""

    id: Any
    entry: Any  # rows of one entry were one meeting with several citizens
    staff: Any  # who was there: the mentor, or the stand-in
    case: Any
    at: int
    minutes: int
    counted: int  # the citizen's share of the minutes
    form: str  # met, phone, sms or tried
    written: int
    note: str = ""
    corrections: int = 0

    @property
    def day(self) -> int:
        return self.at // DAY

    @property
    def ends(self) -> int:
        return self.at + self.minutes

    @property
    def just_now(self) -> bool:
        return abs(self.written - self.at) <= JUST_NOW


class Grant(NamedTuple):
    case: Any
    start: int  # days
    end: int
    minutes: int  # in all
    weekly: int  # when it is granted a week at a time


class Away(NamedTuple):
    staff: Any
    start: int
    end: int


class Found(NamedTuple):
    """A question: whose contacts, which, and the facts. `shown`: contacts that stand beside them without being asked about."""

    sign: str
    staff: Any
    rows: list[Row]
    facts: dict[str, Any]
    shown: list[Row] = []


@dataclass
class Log:
    """Contacts that count, and what is known around them."""

    rows: list[Row]
    today: int
    closed: dict[Any, int] = field(default_factory=dict)  # case: the day it ended
    grants: list[Grant] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)
    raised: dict[Any, tuple[int, int]] = field(default_factory=dict)  # contact: minutes before and after, when the month was approved
    billed: dict[Any, list[str]] = field(default_factory=dict)  # contact: the invoices it stands on
    heard: set[Any] = field(default_factory=set)  # cases where somebody else has said that a contact took place, or the citizen was at a follow-up
    unanswered: dict[Any, int] = field(default_factory=dict)  # case: questions to the citizen without a yes

    @property
    def timed(self) -> list[Row]:
        return [row for row in self.rows if row.form != "tried" and row.minutes > 0]


def grouped(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def entries(rows: Iterable[Row]) -> list[Row]:
    """One row for each meeting, in the order of the clock."""
    return sorted({row.entry: row for row in rows}.values(), key=lambda row: row.at)


def of_entries(rows: Iterable[Row], chosen: Iterable[Row]) -> list[Row]:
    """All rows of these meetings."""
    wanted = {row.entry for row in chosen}
    return [row for row in rows if row.entry in wanted]


def overlapping(rows: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Pairs that lie over each other by more than the slack. `rows` stand in the order of the clock."""
    open_ones: list[Row] = []
    for row in rows:
        open_ones = [each for each in open_ones if each.ends > row.at + SLACK]
        yield from ((each, row) for each in open_ones if min(each.ends, row.ends) - row.at > SLACK)
        open_ones.append(row)


def clock(at: int) -> str:
    return f"{at % DAY // 60:02}:{at % 60:02}"


def iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def is_weekend(day: int) -> bool:
    return (day + 6) % 7 > 4
