"""From referral to contact, step by step, with those who left on the way: the town's own flow, and a trial's with its two arms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.casework.cases.states import Stage

WAY = """
SELECT c.stage, c.assessed, c.granted, c.matched, c.started_on IS NOT NULL, c.first_contact_on IS NOT NULL, count(*)
FROM (
  SELECT k.stage, k.started_on, k.first_contact_on,
    EXISTS (SELECT FROM cases_assessment a WHERE a.case_id = k.id AND NOT a.withdrawn) AS assessed,
    EXISTS (SELECT FROM grants_grant g WHERE g.case_id = k.id AND g.state IN ('decided', 'stopped')) AS granted,
    EXISTS (SELECT FROM agreements_match m WHERE m.case_id = k.id AND NOT m.withdrawn) AS matched
  FROM cases_case k WHERE k.municipality_id = %(town)s AND k.opened_on BETWEEN %(since)s AND %(today)s AND (%(unit)s::uuid IS NULL OR k.unit_id = %(unit)s::uuid)
) c GROUP BY 1, 2, 3, 4, 5, 6
"""


@dataclass(frozen=True)
class Step:
    """So many came here; of them so many left, and so many wait for the next."""

    text: str
    number: int
    left: tuple[tuple[str, int], ...] = ()
    waiting: int = 0


def way(staff: Staff, since: date, today: date, unit: UUID | None) -> list[Step]:
    """One question. A step counts those who came so far or farther, so that no number is larger than the one before it."""
    with connection.cursor() as cursor:
        cursor.execute(WAY, {"town": staff.municipality_id, "since": since, "today": today, "unit": unit})
        rows = [(stage, _far(*signs), number) for stage, *signs, number in cursor.fetchall()]
    texts = (_("Henvist"), _("Behovet er vurderet"), _("Mentor er bevilget"), _("Mentor er valgt"), _("Støtten er begyndt"), _("Har haft kontakt"))
    return [_step(text, place, rows) for place, text in enumerate(texts)]


def _far(assessed: bool, granted: bool, matched: bool, started: bool, met: bool) -> int:
    """The farthest step that the case has come to."""
    return max((place for place, came in enumerate((True, assessed, granted, matched, started, met)) if came), default=0)


def _step(text: str, place: int, rows: list[tuple[Any, int, int]]) -> Step:
    here = [(stage, number) for stage, far, number in rows if far == place]
    words = {Stage.REFUSED: _("fik afslag"), Stage.CANCELLED: _("blev annulleret eller sagde nej tak"), Stage.CLOSED: _("er afsluttet")}
    left = tuple((words[key], sum(number for stage, number in here if stage == key)) for key in words)
    waiting = sum(number for stage, number in here if stage not in words)
    return Step(text, sum(number for _stage, far, number in rows if far >= place), tuple(each for each in left if each[1]), waiting)
