"""The mentors as the trial told of them: hours, persons in hand, courses, supervision, and who they are. Nobody is held against another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.access.permissions import Permission as P
from snerydder.access.roles import permissions_of
from snerydder.casework.cases.models import OPEN, Case
from snerydder.casework.people.models import Course, Mentor
from snerydder.desks.selection import Number, Selection
from snerydder.effects import fidelity
from snerydder.effects.dose import days
from snerydder.effects.fidelity import Measure
from snerydder.effects.results import Refused
from snerydder.law.months import add_months
from snerydder.law.rulebook import Law

FULL_TIME = 30  # hours a week; over it the talk calls a mentor full-time
LOOKED_BACK = 12  # months of supervision that are asked about
TRAITS = ("birth_year", "woman", "education", "mentor_since", "came_from")


@dataclass
class MentorRow:
    pk: UUID
    name: str
    unit: UUID | None
    kind: str
    hours: float
    roles: list[str]
    since: date | None
    traits: dict[str, Any]
    cases: int
    law: Law
    held: list[date] = field(default_factory=list)  # supervision, oldest first
    planned: date | None = None
    courses: set[str] = field(default_factory=set)

    @property
    def full_time(self) -> float:
        return self.hours / fidelity.FULL_TIME

    @property
    def cases_number(self) -> Number:
        return Number(self.cases, Selection(mentor=self.pk), self.law)

    @property
    def last_held(self) -> date | None:
        return self.held[-1] if self.held else None

    @property
    def overdue(self) -> bool:
        last = self.last_held or self.since
        return last is None or add_months(last, self.law.value("norm.supervision_months")) < self.law.day

    def attended(self, kind: str) -> float:
        """Of one whose register holds no course at all it is not known."""
        return float(kind in self.courses) if self.courses else float("nan")

    @property
    def both_courses(self) -> bool | None:
        return {Course.Kind.CENTRAL, Course.Kind.LOCAL} <= self.courses if self.courses else None

    @property
    def independent(self) -> bool:
        return self.kind == Mentor.Kind.MUNICIPAL and P.DECIDE not in permissions_of(self.roles)


def rows(staff: Staff, law: Law, unit: UUID | None = None) -> list[MentorRow]:
    """Every mentor who takes cases or has one, by name. Two questions."""
    fields = ("pk", "staff__name", "staff__unit", "kind", "hours_per_week", "staff__roles", *TRAITS, "active", "staff__active", "in_hand")
    in_hand = scope.rows(Case, staff).filter(OPEN, mentor=OuterRef("pk")).order_by().values("mentor").annotate(number=Count("pk")).values("number")
    people = scope.rows(Mentor, staff).annotate(in_hand=Coalesce(Subquery(in_hand), 0)).order_by("staff__sort_key")
    found = {}
    for pk, name, of, kind, hours, roles, *rest in people.values_list(*fields):
        traits, (active, employed, has) = dict(zip(TRAITS, rest[:-3], strict=True)), rest[-3:]
        if (has or (active and employed)) and (unit is None or of == unit):
            found[pk] = MentorRow(pk, name, of, kind, float(hours), roles, traits["mentor_since"], traits, has, law)
    for mentor, kind, day, planned in scope.rows(Course, staff).order_by("held_on").values_list("mentor", "kind", "held_on", "planned"):
        if row := found.get(mentor):
            _course(row, kind, day, planned)
    return list(found.values())


def _course(row: MentorRow, kind: str, day: date, planned: bool) -> None:
    if kind == Course.Kind.SUPERVISION:
        if planned:
            row.planned = row.planned or day
        elif day <= row.law.day:
            row.held.append(day)
    elif not planned:
        row.courses.add(kind)


def points(found: list[MentorRow], law: Law) -> dict[int, Measure | Refused]:
    """The four of the seven points that are about mentors, by the engine's own definitions."""
    if not found:
        nobody = Refused(_("Der er ingen mentorer."), "nobody")
        return dict.fromkeys((1, 2, 3, 6), nobody)
    first = add_months(law.day, -LOOKED_BACK)
    begin = np.array([max(first, row.since) if row.since else first for row in found], dtype="datetime64[D]")
    in_hand = [row for row in found if row.cases]
    load = fidelity.caseload([row.cases for row in in_hand], [row.hours for row in in_hand], law.value("norm.caseload_bands")[-1])
    return {
        1: fidelity.courses([row.attended(Course.Kind.CENTRAL) for row in found], [row.attended(Course.Kind.LOCAL) for row in found]),
        2: fidelity.independence([1.0 if row.kind == Mentor.Kind.MUNICIPAL else 0.0 for row in found], [float(P.DECIDE in permissions_of(row.roles)) for row in found]),
        3: load if isinstance(load, Refused) else load.measure,
        6: fidelity.supervision([days(np.array(row.held, dtype="datetime64[D]")) for row in found], begin, np.maximum(begin, np.datetime64(law.day)), law.value("norm.supervision_months")),
    }  # fmt: skip


def kept(row: MentorRow, law: Law) -> bool | None:
    """Whether this mentor never went too long without supervision; None while it is not known."""
    found = points([row], law)[6]
    return None if isinstance(found, Refused) else bool(found.numerator)


def bands(found: list[MentorRow], law: Law) -> list[tuple[str, int]]:
    """Mentors by persons in hand on a full-time post."""
    low, middle, high = law.value("norm.caseload_bands")
    names = [_("under %(low)s") % {"low": low}, f"{low}-{middle - 1}", f"{middle}-{high - 1}", _("%(high)s og flere") % {"high": high}]
    count = [0, 0, 0, 0]
    for row in found:
        if row.cases:
            count[sum(row.cases / row.full_time >= edge for edge in (low, middle, high))] += 1
    return list(zip(names, count, strict=True))


@dataclass(frozen=True)
class Trait:
    text: str
    number: int
    of: int  # those of whom it is known


def traits(found: list[MentorRow], day: date) -> list[Trait]:
    """The talk's table of the mentors, of those who have said."""
    ages = [day.year - row.traits["birth_year"] for row in found if row.traits["birth_year"]]
    women = [row.traits["woman"] for row in found if row.traits["woman"] is not None]
    since = [row.since for row in found if row.since]
    return [
        Trait(_("Kvinder"), sum(women), len(women)),
        Trait(_("Under 30 år"), sum(age < 30 for age in ages), len(ages)),
        Trait(_("Over 50 år"), sum(age > 50 for age in ages), len(ages)),
        Trait(_("Mindre end to år som mentor"), sum(day - each < timedelta(days=730) for each in since), len(since)),
        Trait(_("Over 30 timer om ugen"), sum(row.hours > FULL_TIME for row in found), len(found)),
    ]  # fmt: skip


def make_up(found: list[MentorRow]) -> str:
    """The talk's five words for how a place employs its mentors."""
    full = sum(row.hours > FULL_TIME for row in found)
    part = len(found) - full
    if not found:
        return _("ingen mentorer")
    if not part:
        return _("kun fuld tid")
    if not full:
        return _("kun deltid")
    return _("flest på fuld tid") if full > part else _("flest på deltid") if part > full else _("lige mange")
