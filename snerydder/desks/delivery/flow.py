"""From referral to contact, step by step, with those who left on the way: the town's own flow, and a trial's with its two arms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.casework.cases.states import Stage

# far: the farthest step that the case has come to, as `TEXTS` counts them
CASES = """
WITH way AS (
  SELECT k.id, k.stage, k.number, k.opened_on, CASE
    WHEN k.first_contact_on IS NOT NULL THEN 5 WHEN k.started_on IS NOT NULL THEN 4
    WHEN EXISTS (SELECT FROM agreements_match m WHERE m.case_id = k.id AND NOT m.withdrawn) THEN 3
    WHEN EXISTS (SELECT FROM grants_grant g WHERE g.case_id = k.id AND g.state IN ('decided', 'stopped')) THEN 2
    WHEN EXISTS (SELECT FROM cases_assessment a WHERE a.case_id = k.id AND NOT a.withdrawn) THEN 1 ELSE 0 END AS far
  FROM cases_case k WHERE k.municipality_id = %(town)s AND k.opened_on BETWEEN %(since)s AND %(today)s AND (%(unit)s::uuid IS NULL OR k.unit_id = %(unit)s::uuid)
)
"""
COUNTED = "SELECT stage, far, count(*) FROM way GROUP BY stage, far"
LISTED = "SELECT id, count(*) OVER () FROM way WHERE {wanted} ORDER BY opened_on, number LIMIT %(rows)s OFFSET %(past)s"
TEXTS = (_("Henvist"), _("Behovet er vurderet"), _("Mentor er bevilget"), _("Mentor er valgt"), _("Støtten er begyndt"), _("Har haft kontakt"))
# What a number of the page is about: all who came so far, those who left here by stage, those who wait.
LEFT = {"afslag": (Stage.REFUSED, _("fik afslag")), "annulleret": (Stage.CANCELLED, _("blev annulleret eller sagde nej tak")), "afsluttet": (Stage.CLOSED, _("er afsluttet"))}
WAITING = "her"


@dataclass(frozen=True)
class Step:
    """So many came here; of them so many left, and so many wait for the next."""

    text: str
    number: int
    left: tuple[tuple[str, str, int], ...] = ()  # the word in the address, what a page calls it, how many
    waiting: int = 0


def _told(staff: Staff, since: date, today: date, unit: UUID | None) -> dict[str, Any]:
    return {"town": staff.municipality_id, "since": since, "today": today, "unit": unit}


def way(staff: Staff, since: date, today: date, unit: UUID | None) -> list[Step]:
    """One question. A step counts those who came so far or farther, so that no number is larger than the one before it."""
    with connection.cursor() as cursor:
        cursor.execute(CASES + COUNTED, _told(staff, since, today, unit))
        rows = list(cursor.fetchall())
    return [_step(str(text), place, rows) for place, text in enumerate(TEXTS)]


def _step(text: str, place: int, rows: list[tuple[Any, int, int]]) -> Step:
    here = [(stage, number) for stage, far, number in rows if far == place]
    left = tuple((key, str(word), sum(number for stage, number in here if stage == gone)) for key, (gone, word) in LEFT.items())
    waiting = sum(number for stage, number in here if stage not in {gone for gone, _word in LEFT.values()})
    return Step(text, sum(number for _stage, far, number in rows if far >= place), tuple(each for each in left if each[2]), waiting)


def listed(staff: Staff, since: date, today: date, unit: UUID | None, place: int, where: str, *, rows: int, past: int) -> list[tuple[UUID, int]]:
    """(case, how many in all) behind one number of a step, the oldest first."""
    stages = [str(stage) for stage, _word in LEFT.values()]
    wanted = "far >= %(place)s"
    if where:
        wanted = "far = %(place)s AND " + ("NOT stage = ANY(%(stages)s)" if where == WAITING else "stage = %(stage)s")
    told = {"place": place, "stages": stages, "stage": str(LEFT[where][0]) if where in LEFT else "", "rows": rows, "past": past}
    with connection.cursor() as cursor:
        cursor.execute(CASES + LISTED.format(wanted=wanted), _told(staff, since, today, unit) | told)
        return list(cursor.fetchall())
