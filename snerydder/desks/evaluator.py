"""Numbers without names. A cell under five is hidden, and so are more where the total would give the hidden ones away (`effects.disclosure`).
What is shown is rounded to the nearest five: the page is new each day, and yesterday's beside today's must not tell of one person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, DateField, F, Func, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, TruncMonth, TruncWeek

from snerydder.access.models import Staff
from snerydder.casework.cases.models import Case, Closing, Goal
from snerydder.casework.cases.states import Stage
from snerydder.casework.contacts.models import CaseWeek
from snerydder.casework.people.models import Mentor
from snerydder.desks.coordinator import Days
from snerydder.desks.selection import law_today
from snerydder.law.rulebook import Law

LEAST = 5
WEEKS = 52
MONTHS = 12
FULL_TIME = 37  # hours a week


def hidden(cells: Mapping[Any, int]) -> dict[Any, int | None]:
    """Cells that stand beside their sum: those of one to four are None, and so are others until the hidden ones have five between them."""
    import numpy as np  # here: most who visit the site never count

    from snerydder.effects import disclosure

    small = disclosure.line(np.array(list(cells.values()), dtype=np.int64), LEAST)
    return {key: None if hide else near(value) for (key, value), hide in zip(cells.items(), small.tolist(), strict=True)}


def near(count: float) -> int:
    return LEAST * round(count / LEAST)


@dataclass(frozen=True)
class Week:
    """How it stood in one week after the start."""

    number: int
    cases: int  # that had got so far
    share: int | None  # per cent with contact
    minutes: int | None  # on average, those without contact counted as nothing


def numbers(staff: Staff) -> dict[str, Any]:
    law = law_today()
    return {
        "day": law.day, "least": LEAST, "stages": stages(staff), "months": months(staff, law.day), "weeks": weeks(staff, law.day),
        "results": results(staff), "bands": bands(staff, law),
    }  # fmt: skip


def _all(model: Any, staff: Staff) -> QuerySet[Any]:
    """The municipality's rows, for counting only: this role reaches no case, and nothing but sums leaves this module."""
    return model._default_manager.filter(municipality=staff.municipality_id)


def stages(staff: Staff) -> dict[str, Any]:
    found = dict(_all(Case, staff).order_by().values_list("stage").annotate(Count("pk")))
    return {"rows": hidden({str(stage.label).capitalize(): found.get(stage.value, 0) for stage in Stage}), "total": _total(found)}


def results(staff: Staff) -> dict[str, Any]:
    found = dict(_all(Closing, staff).filter(reopened=False).order_by().values_list("goal_result").annotate(Count("pk")))
    chosen = [result for result in Goal.Result if result != Goal.Result.OPEN]
    return {"rows": hidden({str(result.label).capitalize(): found.get(result.value, 0) for result in chosen}), "total": _total(found)}


def months(staff: Staff, day: date) -> dict[str, Any]:
    """Begun in each of the last twelve months."""
    first = day.replace(day=1)
    for _step in range(MONTHS - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    begun = _all(Case, staff).filter(started_on__gte=first, started_on__lte=day).order_by()
    found = dict(begun.annotate(month=TruncMonth("started_on")).values_list("month").annotate(Count("pk")))
    wanted = []
    while first <= day:
        wanted.append(first)
        first = (first + timedelta(days=31)).replace(day=1)
    return {"rows": hidden({month: found.get(month, 0) for month in wanted}), "total": _total(found)}


def bands(staff: Staff, law: Law) -> dict[str, Any]:
    """Mentors by open cases on a full-time post."""
    low, middle, high = law.value("norm.caseload_bands")
    found = {f"0-{low - 1}": 0, f"{low}-{middle - 1}": 0, f"{middle}-{high - 1}": 0, f"{high}+": 0}
    names = list(found)
    having = _all(Mentor, staff).annotate(open=Count("cases", filter=Q(cases__closed_on__isnull=True))).filter(Q(active=True) | Q(open__gt=0))
    for cases, hours in having.values_list("open", "hours_per_week"):
        found[names[sum(cases * FULL_TIME >= edge * hours for edge in (low, middle, high))]] += 1
    return {"rows": hidden(found), "total": _total(found)}


def _total(found: Mapping[Any, int]) -> int | None:
    total = sum(found.values())
    return near(total) if total == 0 or total >= LEAST else None


def weeks(staff: Staff, day: date) -> list[Week]:
    """Share with contact and minutes in each week after the start, of the courses that got so far (facts T10)."""
    before = Value(day - timedelta(days=day.weekday() + 7), DateField())
    reached, of = _reached(staff, before), Func(Cast(F("week"), CharField()), Value("IYYYIW"), function="TO_DATE", output_field=DateField())
    rows = _all(CaseWeek, staff).filter(case__started_on__isnull=False).order_by()
    whole = rows.annotate(of=of).filter(of__lte=_last("case__", before))  # this week is not over, and after the last one there is no course
    by_week = whole.annotate(days=Days(F("of"), _week("case__started_on"))).values("days").annotate(met=Count("pk", filter=Q(contacts__gt=0)), spent=Coalesce(Sum("minutes"), 0))
    told = {days // 7: (met, spent) for days, met, spent in by_week.values_list("days", "met", "spent")}
    return [_told(number, reached[number], *told.get(number, (0, 0))) for number in range(WEEKS) if reached[number] >= LEAST]


def _week(field: str) -> Any:
    return Cast(TruncWeek(field), DateField())


def _last(case: str, before: Value) -> Any:
    """The Monday of a course's last week: of an open one last week, of an ended one the week it ended."""
    return Coalesce(_week(f"{case}closed_on"), before)


def _reached(staff: Staff, before: Value) -> list[int]:
    """How many courses lasted so many whole weeks."""
    begun = _all(Case, staff).filter(started_on__isnull=False).order_by()
    lasted = dict(begun.annotate(days=Days(_last("", before), _week("started_on"))).values_list("days").annotate(Count("pk")))
    return [sum(cases for days, cases in lasted.items() if days // 7 >= number) for number in range(WEEKS)]


def _told(number: int, cases: int, met: int, minutes: int) -> Week:
    few = 0 < met < LEAST or 0 < cases - met < LEAST
    return Week(number + 1, near(cases), None if few else near(100 * met / cases), None if few else near(minutes / cases))
