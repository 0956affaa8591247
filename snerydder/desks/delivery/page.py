"""The page: the seven points, the curves, unit by unit, and the mentors. Every number is counted when one looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from snerydder.access import export
from snerydder.access.models import Staff
from snerydder.access.permissions import Permission as P
from snerydder.desks.delivery import lists, mentors, points, weeks
from snerydder.desks.delivery.asked import Asked, AskedForm
from snerydder.desks.delivery.cases import page_of
from snerydder.desks.delivery.courses import Part
from snerydder.desks.delivery.mentors import MentorRow
from snerydder.desks.delivery.points import OF_COURSES, OF_MENTORS
from snerydder.desks.selection import law_today
from snerydder.effects.fidelity import Measure
from snerydder.law.rulebook import Law


@dataclass(frozen=True)
class Place:
    """One unit, or the whole municipality, as a row of the table."""

    name: str
    part: Part
    mentors: list[MentorRow]
    law: Law

    @cached_property
    def points(self) -> list[points.Point]:
        return points.seven(self.part, mentors.points(self.mentors, self.law), self.law)

    def share(self, number: int) -> str:
        point = self.points[number - 1]
        return point.share or (point.figure if point.told else "–")

    @property
    def cases(self) -> int:
        return sum(row.cases for row in self.mentors)

    @property
    def full_time(self) -> float:
        return sum(row.full_time for row in self.mentors)

    @property
    def make_up(self) -> str:
        return mentors.make_up(self.mentors)

    @property
    def a_post(self) -> float | None:
        """Courses of the whole span on a full-time post: how the talk parts the municipalities."""
        return self.part.persons / self.full_time if self.full_time else None


def places(staff: Staff, asked: Asked, law: Law, found: Mapping[str, Part]) -> list[Place]:
    """Each unit with a course or a mentor, and the whole municipality last."""
    people = mentors.rows(staff, law)
    rows = [Place(name, found.get(str(pk), Part()), [row for row in people if row.unit == pk], law) for pk, name in asked.units]
    return [*(row for row in rows if row.part.persons or row.mentors), Place(_("Hele kommunen"), sum(found.values(), Part()), people, law)]


def overview(staff: Staff, given: Mapping[str, str]) -> dict[str, Any]:
    law, asked = law_today(), Asked.read(given, staff)
    counted = asked.counted(staff, law)
    rows = places(staff, asked, law, counted.parts)
    chosen = next((row for row in rows if row.name == asked.unit_name), rows[-1]) if asked.unit else rows[-1]
    if asked.unit and chosen is rows[-1]:  # a unit with neither courses nor mentors
        chosen = Place(asked.unit_name, Part(), [], law)
    curve = weeks.weeks(chosen.part)
    return {
        "day": law.day, "asked": asked, "form": AskedForm(asked), "since": asked.since(counted.day), "counted_at": counted.at, "here": chosen, "places": rows, "least": weeks.LEAST, "curve": curve,
        "shares": as_markup(weeks.shares(curve)) if curve else None, "minutes": as_markup(weeks.minutes(curve)) if curve else None,
        "said": weeks.said_of(curve), "minutes_said": weeks.minutes_said(curve), "percent": weeks.percent,
        "bands": mentors.bands(chosen.mentors, law), "traits": mentors.traits(chosen.mentors, law.day), "may_export": staff.may(P.EXPORT), "may_follow": staff.may(P.FOLLOW_TRIAL),
        "supervise": _supervise(chosen.mentors) if staff.may(P.MANAGE_MENTORS) else "",
    }  # fmt: skip


def _supervise(rows: list[MentorRow]) -> str:
    """The form that plans a day, with those ticked who have waited too long and have none planned."""
    due = [("mentor", str(row.pk)) for row in rows if row.overdue and not row.planned]
    return f"{reverse('people:supervision_new')}?{urlencode(due)}"


def as_markup(pictures: Mapping[str, str]) -> dict[str, Markup]:
    return {key: Markup(each) for key, each in pictures.items()}  # noqa: S704  drawn here, every word escaped by the board


def respond(staff: Staff, given: Mapping[str, str]) -> HttpResponse:
    """The table of units as a file, so that several municipalities' can be laid together."""
    law, asked = law_today(), Asked.read(given, staff)

    def of(number: int, part: str) -> Any:
        def value(row: Place) -> Any:
            measure = row.points[number - 1].measure
            return getattr(measure, part) if isinstance(measure, Measure) else None

        return value

    columns = [export.Column(_("Kommune"), lambda row: staff.municipality.name, 24), export.Column(_("Enhed"), lambda row: row.name, 24)]
    columns += [export.Column(_("Forløb"), lambda row: row.part.persons), export.Column(_("Mentorer"), lambda row: len(row.mentors))]
    columns += [export.Column(_("Fuldtidsstillinger"), lambda row: row.full_time, decimals=2), export.Column(_("Ansat"), lambda row: row.make_up)]
    columns.append(export.Column(_("Forløb pr. fuldtidsstilling"), lambda row: row.a_post, decimals=1))
    for point in Place("", Part(), [], law).points:
        columns.append(export.Column(_("%(number)s. %(name)s: opfyldt") % {"number": point.number, "name": point.name}, of(point.number, "numerator"), 20))
        columns.append(export.Column(_("%(number)s. %(name)s: af") % {"number": point.number, "name": point.name}, of(point.number, "denominator"), 20))
    name = _("Støtten som aftalt")
    return export.respond(staff, name, columns, places(staff, asked, law, asked.counted(staff, law).parts), given["format"], persons=None, purpose=name)


def behind(staff: Staff, given: Mapping[str, str]) -> dict[str, Any]:
    """The list behind one point; contact every week when the address names none."""
    law, asked = law_today(), Asked.read(given, staff)
    number = int(given["punkt"]) if given.get("punkt") in [str(each) for each in (*OF_MENTORS, *OF_COURSES)] else 4
    answer = given.get("svar", "") if given.get("svar", "") in lists.ANSWERS and number != 4 else ""
    people = mentors.rows(staff, law, asked.unit) if number in OF_MENTORS else []
    counted = asked.counted(staff, law)
    here = [part for unit, part in counted.parts.items() if asked.unit is None or unit == str(asked.unit)]
    point = points.seven(sum(here, Part()), mentors.points(people, law), law)[number - 1]
    values = {"point": point, "asked": asked, "answer": answer, "answers": lists.ANSWERS, "since": asked.since(law.day), "base": reverse("desks:delivery"), "day": law.day, "counted_at": counted.at}
    if number in OF_MENTORS:
        lines = lists.people(people, number, answer, law)
        return values | {"lines": lines, "total": len(lines), "page": None}
    ground, page = asked.ground(staff, law), page_of(given.get("side"))
    rows, total = lists.courses(staff, ground, number, answer, page)
    if page > 1 and not rows:
        page, (rows, total) = 1, lists.courses(staff, ground, number, answer, 1)
    return values | {"rows": rows, "lines": None, "total": total, "page": Paginator(range(total), lists.ROWS).get_page(page)}
