"""The coordinator's overview. It stands on the case row alone and on the small index over open cases, so that it costs the same
with ten times the cases or ten times the contacts (tests/pages/desks/test_speed.py, bench/desks.py)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Func, IntegerField, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import OPEN, Case
from snerydder.casework.cases.queries import Step, next_step
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.spans import month_of
from snerydder.casework.inspections import queries as inspections
from snerydder.casework.payments import hours
from snerydder.casework.people.models import Mentor
from snerydder.casework.questions import queries as questions
from snerydder.desks import caselist
from snerydder.desks.filters import counts_hours
from snerydder.desks.filters import silent as silent_where
from snerydder.desks.selection import Number, Selection, by_key, count, law_today
from snerydder.law.rulebook import Law

ON_TOP = ("uden-kontakt", "foerste-kontakt", "udloeber", "mangler-aftale")
QUEUE = ("mangler-mentor", "mangler-start", "udloebet", "kontrol-stopper")
QUEUE_ROWS = 5


class Days(Func):
    """Whole days from one date to another: date minus date."""

    template, arg_joiner, output_field = "(%(expressions)s)", " - ", IntegerField()


def even_pace(day: date) -> Any:
    """Minutes that would have been used by that day, had they been spread evenly over the period."""
    gone = Greatest(Days(Least(F("period_end"), Value(day)), F("grant_start")) + 1, Value(0))
    return F("minutes_granted") * gone / (Days(F("period_end"), F("grant_start")) + 1)


@dataclass(frozen=True)
class MentorRow:
    pk: UUID
    name: str
    kind: str
    hours_per_week: float
    cases: int
    silent: int
    used: int
    expected: int
    granted: int
    law: Law

    @property
    def full_time(self) -> float:
        return self.hours_per_week / 37

    @property
    def hours(self) -> tuple[int, int, int]:
        """Whole hours used, expected by now, and granted."""
        used, expected, granted = (round(minutes / 60) for minutes in (self.used, self.expected, self.granted))
        return used, expected, granted

    @property
    def cases_number(self) -> Number:
        return Number(self.cases, Selection(mentor=self.pk), self.law)

    @property
    def silent_number(self) -> Number:
        return Number(self.silent, Selection("uden-kontakt", mentor=self.pk), self.law)

    @property
    def deviates(self) -> bool:
        """Used far from what an even pace would be (CHK-24)."""
        margin = self.expected * self.law.value("norm.hours_deviation_percent") / 100
        return self.expected > 0 and abs(self.used - self.expected) > margin


def overview(staff: Staff, opened: UUID | None) -> dict[str, Any]:
    law = law_today()
    numbers = count(staff, by_key(*ON_TOP, *QUEUE))
    mentors = mentor_rows(staff, law)
    waiting = waiting_for_mentor(staff) if numbers["mangler-mentor"].count else []
    inside = open_cases(staff, opened, law) if opened else []
    shown = [case.citizen_id for case in waiting] + [line.case.citizen_id for line in inside]
    scope.seen(staff, shown, purpose=_("Overblik over sager og mentorer"), page="desks:coordinator")
    return {
        "zero": UUID(int=0), "day": law.day, "on_top": [numbers[key] for key in ON_TOP], "queue": {key: numbers[key] for key in QUEUE},
        "mentors": mentors, "bands": law.value("norm.caseload_bands"), "waiting": waiting, "opened": opened, "lines": inside, "span": month_of(law.day), "column_names": hours.COLUMNS,
        "measures": inspections.own_measures(staff), "questions": questions.to_see_to(staff),
    }  # fmt: skip


def mentor_rows(staff: Staff, law: Law) -> list[MentorRow]:
    """Every mentor who takes cases or has one, by name. Two questions: the mentors, and their open cases summed."""
    silent, counted = silent_where(law), counts_hours(law)
    open_ones = scope.rows(Case, staff).filter(OPEN, mentor__isnull=False).order_by()
    sums = open_ones.values("mentor").annotate(
        cases=Count("pk"), silent=Count("pk", filter=silent), used=Coalesce(Sum("minutes_used", filter=counted), 0),
        expected=Coalesce(Sum(even_pace(law.day), filter=counted), 0), granted=Coalesce(Sum("minutes_granted", filter=counted), 0),
    )  # fmt: skip
    found = {mentor: numbers for mentor, *numbers in sums.values_list("mentor", "cases", "silent", "used", "expected", "granted")}
    fields = ("pk", "staff__name", "kind", "hours_per_week", "active", "staff__active")
    mentors = scope.rows(Mentor, staff).order_by("staff__sort_key").values_list(*fields)
    kinds = dict(Mentor.Kind.choices)
    return [
        MentorRow(pk, name, str(kinds[kind]), float(hours), *found.get(pk, (0, 0, 0, 0, 0)), law)  # type: ignore[call-arg]  # five numbers
        for pk, name, kind, hours, active, employed in mentors
        if pk in found or (active and employed)
    ]


def waiting_for_mentor(staff: Staff) -> list[Case]:
    """The citizens who have waited longest for somebody."""
    chosen = Selection("mangler-mentor")
    return list(caselist.with_names(chosen.rows(staff)).order_by(*chosen.filter.order)[:QUEUE_ROWS])


@dataclass(frozen=True)
class Line:
    """One case below its mentor."""

    case: Case
    silence: str
    is_silent: bool
    step: Step | None
    four: hours.Four  # this month's hours


def open_cases(staff: Staff, mentor: UUID, law: Law) -> list[Line]:
    """A mentor's open cases, the longest silent first."""
    rows: QuerySet[Case] = caselist.with_names(Selection(mentor=mentor).rows(staff)).only(*caselist.SHOWN, "period_end")
    norm = law.value("norm.silent_days")
    found = []
    listed = list(rows.order_by(Coalesce("last_contact_on", "started_on").asc(nulls_last=True), "number"))
    months = hours.by_case(staff, month_of(law.day), [case.pk for case in listed])
    for case in listed:
        days = caselist.days_silent(case, law.day)
        found.append(Line(case, caselist.silence(case, law.day), days is not None and days > norm, next_step(case, today=law.day), months[case.pk]))
    return found


def opened_mentor(staff: Staff, mentor: Mentor) -> dict[str, Any]:
    """What opens below a mentor's row: the cases, and the hours of this month from the log."""
    law = law_today()
    lines = open_cases(staff, mentor.pk, law)
    scope.seen(staff, [line.case.citizen_id for line in lines], purpose=_("En mentors sager"), page="desks:coordinator_mentor")
    return {"lines": lines, "day": law.day, "span": month_of(law.day), "column_names": hours.COLUMNS, "this_month": minutes_this_month(staff, mentor.pk, law.day)}


def minutes_this_month(staff: Staff, mentor: UUID, day: date) -> int:
    found = scope.rows(Contact, staff).filter(mentor=mentor, day__gte=day.replace(day=1), withdrawn=False)
    return found.aggregate(minutes=Coalesce(Sum("counted_minutes"), 0))["minutes"]
