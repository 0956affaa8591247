"""The list behind a number: the same rows, judged by the same words, so that the two cannot differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import Case
from snerydder.desks.delivery import mentors
from snerydder.desks.delivery.courses import Ground
from snerydder.desks.delivery.mentors import MentorRow
from snerydder.law.rulebook import Law

ROWS = 50
ANSWERS = {"nej": _("Ikke opfyldt"), "ja": _("Opfyldt"), "ved-ikke": _("Kan ikke siges endnu")}
VERDICT = {4: ("whole > 0", "NULL::boolean"), 5: ("true", "in_time"), 7: ("started_on IS NOT NULL", "not_too_long")}
WANTED = {"": "true", "ja": "verdict", "nej": "NOT verdict", "ved-ikke": "verdict IS NULL"}
LISTED = """
, listed AS (SELECT *, {verdict} AS verdict FROM judged WHERE {about}),
page AS (
  SELECT *, count(*) OVER () AS total FROM listed WHERE {wanted} ORDER BY verdict NULLS FIRST, begin DESC, number LIMIT %(rows)s OFFSET %(past)s
)
SELECT id, begin, ended, met_on, started_on, verdict, whole, (
  SELECT count(*) FROM contacts_caseweek w WHERE w.case_id = page.id AND w.contacts > 0
  AND to_date(w.week::text, 'IYYYIW') >= whole_from AND to_date(w.week::text, 'IYYYIW') < whole_until
), total FROM page ORDER BY verdict NULLS FIRST, begin DESC, number
"""


@dataclass(frozen=True)
class CourseRow:
    case: Case
    begin: Any
    ended: Any
    met_on: Any
    started_on: Any
    verdict: bool | None
    whole: int
    met: int


def courses(staff: Staff, ground: Ground, point: int, answer: str, page: int) -> tuple[list[CourseRow], int]:
    """One page of the courses a point is about, those that fail first; and how many there are. Two questions."""
    about, verdict = VERDICT[point]
    question = LISTED.format(verdict=verdict, about=about, wanted=WANTED[answer])
    found = ground.ask(question, rows=ROWS, past=ROWS * (page - 1))
    cases = {case.pk: case for case in scope.rows(Case, staff).filter(pk__in=[row[0] for row in found]).select_related("citizen", "mentor__staff", "unit")}
    scope.seen(staff, [case.citizen_id for case in cases.values()], purpose=str(_("Bliver støtten givet som aftalt?")), page="desks:delivery_list")
    return [CourseRow(cases[row[0]], *row[1:8]) for row in found if row[0] in cases], found[0][8] if found else 0


@dataclass(frozen=True)
class MentorLine:
    row: MentorRow
    verdict: bool | None

    @property
    def key(self) -> str:
        return {True: "ja", False: "nej", None: "ved-ikke"}[self.verdict]


def people(found: list[MentorRow], point: int, answer: str, law: Law) -> list[MentorLine]:
    lines = [MentorLine(row, _verdict(row, point, law)) for row in found if point != 3 or row.cases]
    return [line for line in lines if not answer or line.key == answer]


def _verdict(row: MentorRow, point: int, law: Law) -> bool | None:
    if point == 1:
        return row.both_courses
    if point == 2:
        return row.independent
    if point == 3:
        return row.cases / row.full_time < law.value("norm.caseload_bands")[-1]
    return mentors.kept(row, law)


