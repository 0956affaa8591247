"""The four working factors as far as the log can tell, each sign with the rows it counts: the number and its list are one question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.desks.delivery import helped
from snerydder.law.months import add_months
from snerydder.law.rulebook import Law

SETTLED = timedelta(weeks=4)  # a course that has run so long can be asked whether it has had anything
AGAIN = 14  # days within which one tries again
# The talk's words, and the kinds of help that answer to them.
MEDIATOR = ["mediate", "jobcentre"]
ADVICE = ["school", "visit"]
PRACTICAL = ["wake", "fetch", "doctor", "letters", "digital", "economy", "court"]

LIVE = """
WITH live AS (
  SELECT id, number FROM cases_case WHERE municipality_id = %(town)s AND closed_on IS NULL AND stage = 'active' AND started_on <= %(settled)s
    AND (%(unit)s::uuid IS NULL OR unit_id = %(unit)s::uuid)
), told AS (
  SELECT l.id, l.number,
    EXISTS (SELECT FROM cases_goal g WHERE g.case_id = l.id AND g.result = 'open')
      AND EXISTS (SELECT FROM agreements_agreement a WHERE a.case_id = l.id AND a.state = 'active' AND a.who_does_what <> '') AS together,
    EXISTS (SELECT FROM cases_followup f WHERE f.case_id = l.id AND NOT f.withdrawn AND f.held_on >= %(followed)s) AS followed,
    coalesce(bool_or(t.help && %(mediator)s), false) AS mediated, coalesce(bool_or(t.help && %(advice)s), false) AS advised,
    coalesce(bool_or(t.help && %(practical)s), false) AS practical
  FROM live l LEFT JOIN contacts_contact t ON t.case_id = l.id AND t.day >= %(since)s AND NOT t.withdrawn AND t.form <> 'tried' GROUP BY l.id, l.number
), tries AS (
  SELECT r.*, EXISTS (
    SELECT FROM contacts_caseweek n WHERE n.case_id = r.id AND to_date(n.week::text, 'IYYYIW') > r.monday AND to_date(n.week::text, 'IYYYIW') <= r.monday + %(again)s
  ) AS again
  FROM (
    SELECT l.id, l.number, to_date(w.week::text, 'IYYYIW') AS monday FROM live l JOIN contacts_caseweek w ON w.case_id = l.id
    WHERE w.attempts > 0 AND w.contacts = 0 AND to_date(w.week::text, 'IYYYIW') BETWEEN %(since)s AND %(ripe)s
  ) r
)
"""
COUNTED = """
SELECT count(*), count(*) FILTER (WHERE together), count(*) FILTER (WHERE followed), count(*) FILTER (WHERE mediated), count(*) FILTER (WHERE advised),
  count(*) FILTER (WHERE practical), (SELECT count(*) FROM tries), (SELECT count(*) FROM tries WHERE again)
FROM told
"""
LISTED = """
SELECT id, {verdict} AS verdict, {monday}, count(*) OVER () FROM {rows} WHERE {wanted} ORDER BY verdict, {monday} DESC, number LIMIT %(rows)s OFFSET %(past)s
"""
# The word in the address: the column that is the verdict. A row is a course, or a week with tries only.
SIGNS = {"maal": "together", "opfoelgning": "followed", "bro": "mediated", "raad": "advised", "praktisk": "practical", "igen": "again"}


@dataclass(frozen=True)
class Sign:
    """One thing the log says about a factor: so many of so many."""

    key: str
    text: str
    number: int
    of: int
    what: str


@dataclass(frozen=True)
class Factor:
    name: str
    why: str
    signs: tuple[Sign, ...]


def _told(staff: Staff, unit: UUID | None, law: Law) -> dict[str, Any]:
    day = law.day
    return helped.told(staff, unit, day) | {
        "settled": day - SETTLED, "followed": add_months(day, -law.value("norm.follow_up_months")), "mediator": MEDIATOR, "advice": ADVICE, "practical": PRACTICAL,
        "ripe": day - timedelta(days=AGAIN + 7), "again": AGAIN,
    }  # fmt: skip


def factors(staff: Staff, unit: UUID | None, law: Law) -> list[Factor]:
    """One question. What a log cannot see, the questionnaires ask about."""
    with connection.cursor() as cursor:
        cursor.execute(LIVE + COUNTED, _told(staff, unit, law))
        whole, together, followed, mediated, advised, practical, tries, again = cursor.fetchone()
    courses = _("forløb i gang")
    return [
        Factor(_("Tæt samarbejde om ét mål"), _("Mentor og sagsbehandler arbejder mod det samme mål og ved, hvem der gør hvad."), (
            Sign("maal", _("Har et åbent mål og en aftale, der siger, hvem der gør hvad"), together, whole, courses),
            Sign("opfoelgning", _("Har haft opfølgning inden for %(months)s måneder") % {"months": law.value("norm.follow_up_months")}, followed, whole, courses),
        )),
        Factor(_("Mentor som bro"), _("Mentor mægler mellem borgeren og systemet."), (
            Sign("bro", _("Mentor har mæglet eller været med til samtale hos kommunen"), mediated, whole, courses),
        )),
        Factor(_("Råd og praktisk hjælp"), _("Mentor viser vej til job og uddannelse og hjælper med det, der står i vejen."), (
            Sign("raad", _("Mentor har været med på skole, uddannelse eller job"), advised, whole, courses),
            Sign("praktisk", _("Mentor har hjulpet med noget praktisk"), practical, whole, courses),
        )),
        Factor(_("Vedholdenhed"), _("Mentor bliver ved: lytter først og stiller krav senere."), (
            Sign("igen", _("Der blev prøvet igen inden for to uger, når ugen kun havde forgæves forsøg"), again, tries, _("uger")),
        )),
    ]  # fmt: skip


def listed(staff: Staff, unit: UUID | None, law: Law, sign: str, answer: str, *, rows: int, past: int) -> list[tuple[UUID, bool, date | None, int]]:
    """(case, verdict, the week's Monday, how many in all), those that fail first. `answer` is ja, nej or nothing."""
    source, monday = ("tries", "monday") if sign == "igen" else ("told", "NULL::date")
    verdict = SIGNS[sign]
    question = LISTED.format(verdict=verdict, monday=monday, rows=source, wanted={"ja": verdict, "nej": f"NOT {verdict}"}.get(answer, "true"))
    with connection.cursor() as cursor:
        cursor.execute(LIVE + question, _told(staff, unit, law) | {"rows": rows, "past": past})
        return list(cursor.fetchall())
