"""The share of cases in order, month by month, from what the checks said on the day of each decision. It is never judged again,
so an earlier month says the same whenever one looks; only a case that is reopened or taken over later can move it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, Subquery

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import Case, StoredVerdict
from snerydder.desks.filters import running_on
from snerydder.desks.selection import Number, Selection
from snerydder.law.months import add_months
from snerydder.law.rulebook import Law

MONTHS = 12


@dataclass(frozen=True)
class Month:
    """How the cases stood on its last day; of this month today."""

    day: date
    running: Number
    in_order: Number

    @property
    def share(self) -> int:
        return round(100 * self.in_order.count / self.running.count)


def last_days(today: date) -> list[date]:
    """The last day of each of the months before this one."""
    first = today.replace(day=1)
    return [add_months(first, -back) - timedelta(days=1) for back in range(MONTHS - 1, -1, -1)]


def months(staff: Staff, law: Law, running: Number, in_order: Number) -> list[Month]:
    """From the first month with a case in progress until today's own figures. One question; each figure leads to its cases."""
    days = last_days(law.day)
    said = StoredVerdict.objects.filter(case=OuterRef("pk")).order_by().values("case")
    first_of = {name: Subquery(said.filter(level__in=levels).values(day=Min("judged_on"))) for name, levels in (("kept_on", ["ok"]), ("said_on", ["warn", "stop"]))}
    rows = scope.rows(Case, staff).filter(running_on(days[0]) | Q(started_on__gt=days[0])).annotate(**first_of)
    asked: dict[str, Any] = {}
    for place, day in enumerate(days):
        clean = Q(kept_on__lte=day) & (Q(said_on__isnull=True) | Q(said_on__gt=day))
        asked |= {f"running_{place}": Count("pk", filter=running_on(day)), f"clean_{place}": Count("pk", filter=running_on(day) & clean)}
    found = rows.aggregate(**asked)
    earlier = [
        Month(day, Number(found[f"running_{place}"], Selection("i-gang", day=day), law), Number(found[f"clean_{place}"], Selection("i-orden", day=day), law))
        for place, day in enumerate(days)
    ]  # fmt: skip
    return [month for month in (*earlier, Month(law.day, running, in_order)) if month.running.count]
