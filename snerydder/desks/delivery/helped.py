"""What the time goes to, and the four working factors as far as the log can tell. The last twelve weeks, counted when one looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.law import help_kinds
from snerydder.law.months import add_months
from snerydder.law.rulebook import Law

BACK = timedelta(weeks=12)
SETTLED = timedelta(weeks=4)  # a course that has run so long can be asked whether it has had anything
AGAIN = 14  # days within which one tries again
# The talk's words, and the kinds of help that answer to them.
MEDIATOR = ["mediate", "jobcentre"]
ADVICE = ["school", "visit"]
PRACTICAL = ["wake", "fetch", "doctor", "letters", "digital", "economy", "court"]

GIVEN = """
SELECT k.kind, count(*), count(DISTINCT t.case_id), round(sum(t.counted_minutes::numeric / cardinality(t.help)))
FROM people_mentor m JOIN contacts_contact t ON t.mentor_id = m.id AND t.day >= %(since)s AND NOT t.withdrawn AND t.form <> 'tried'
JOIN cases_case c ON c.id = t.case_id AND (%(unit)s::uuid IS NULL OR c.unit_id = %(unit)s::uuid), unnest(t.help) AS k(kind)
WHERE m.municipality_id = %(town)s GROUP BY k.kind
"""
FACTORS = """
WITH live AS (
  SELECT id FROM cases_case WHERE municipality_id = %(town)s AND closed_on IS NULL AND stage = 'active' AND started_on <= %(settled)s
    AND (%(unit)s::uuid IS NULL OR unit_id = %(unit)s::uuid)
), told AS (
  SELECT l.id,
    EXISTS (SELECT FROM cases_goal g WHERE g.case_id = l.id AND g.result = 'open')
      AND EXISTS (SELECT FROM agreements_agreement a WHERE a.case_id = l.id AND a.state = 'active' AND a.who_does_what <> '') AS together,
    EXISTS (SELECT FROM cases_followup f WHERE f.case_id = l.id AND NOT f.withdrawn AND f.held_on >= %(followed)s) AS followed,
    coalesce(bool_or(t.help && %(mediator)s), false) AS mediated, coalesce(bool_or(t.help && %(advice)s), false) AS advised,
    coalesce(bool_or(t.help && %(practical)s), false) AS practical
  FROM live l LEFT JOIN contacts_contact t ON t.case_id = l.id AND t.day >= %(since)s AND NOT t.withdrawn AND t.form <> 'tried' GROUP BY l.id
), tries AS (
  SELECT w.case_id, to_date(w.week::text, 'IYYYIW') AS monday FROM live l JOIN contacts_caseweek w ON w.case_id = l.id
  WHERE w.attempts > 0 AND w.contacts = 0 AND to_date(w.week::text, 'IYYYIW') BETWEEN %(since)s AND %(ripe)s
)
SELECT count(*), count(*) FILTER (WHERE together), count(*) FILTER (WHERE followed), count(*) FILTER (WHERE mediated), count(*) FILTER (WHERE advised),
  count(*) FILTER (WHERE practical), (SELECT count(*) FROM tries), (
    SELECT count(*) FROM tries r WHERE EXISTS (
      SELECT FROM contacts_caseweek n WHERE n.case_id = r.case_id AND to_date(n.week::text, 'IYYYIW') > r.monday AND to_date(n.week::text, 'IYYYIW') <= r.monday + %(again)s
    )
  )
FROM told
"""


@dataclass(frozen=True)
class Help:
    name: str
    contacts: int
    persons: int
    minutes: int
    share: float  # of all minutes


@dataclass(frozen=True)
class Sign:
    """One thing the log says about a factor: so many of so many."""

    text: str
    number: int
    of: int
    what: str


@dataclass(frozen=True)
class Factor:
    name: str
    why: str
    signs: tuple[Sign, ...]


def _told(staff: Staff, unit: UUID | None, day: date) -> dict[str, Any]:
    return {"town": staff.municipality_id, "unit": unit, "since": day - BACK}


def given(staff: Staff, unit: UUID | None, day: date) -> list[Help]:
    """Each kind of help, in the order of the log's own list. A contact with several kinds parts its minutes evenly between them."""
    with connection.cursor() as cursor:
        cursor.execute(GIVEN, _told(staff, unit, day))
        found = {kind: (contacts, persons, int(minutes or 0)) for kind, contacts, persons, minutes in cursor.fetchall()}
    whole = sum(minutes for _contacts, _persons, minutes in found.values())
    names = {kind.key: str(kind.name) for kind in help_kinds()}
    order = [*names, *(key for key in found if key not in names)]
    return [Help(names.get(key, key), *found[key], found[key][2] / whole if whole else 0.0) for key in order if key in found]


def factors(staff: Staff, unit: UUID | None, law: Law) -> list[Factor]:
    """One question. What a log cannot see, the questionnaires ask about."""
    day = law.day
    months = law.value("norm.follow_up_months")
    told = _told(staff, unit, day) | {
        "settled": day - SETTLED, "followed": add_months(day, -months), "mediator": MEDIATOR, "advice": ADVICE, "practical": PRACTICAL,
        "ripe": day - timedelta(days=AGAIN + 7), "again": AGAIN,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FACTORS, told)
        whole, together, followed, mediated, advised, practical, tries, again = cursor.fetchone()
    courses = _("forløb i gang")
    return [
        Factor(_("Tæt samarbejde om ét mål"), _("Mentor og sagsbehandler arbejder mod det samme mål og ved, hvem der gør hvad."), (
            Sign(_("Har et åbent mål og en aftale, der siger, hvem der gør hvad"), together, whole, courses),
            Sign(_("Har haft opfølgning inden for %(months)s måneder") % {"months": months}, followed, whole, courses),
        )),
        Factor(_("Mentor som bro"), _("Mentor mægler mellem borgeren og systemet."), (
            Sign(_("Mentor har mæglet eller været med til samtale hos kommunen"), mediated, whole, courses),
        )),
        Factor(_("Råd og praktisk hjælp"), _("Mentor viser vej til job og uddannelse og hjælper med det, der står i vejen."), (
            Sign(_("Mentor har været med på skole, uddannelse eller job"), advised, whole, courses),
            Sign(_("Mentor har hjulpet med noget praktisk"), practical, whole, courses),
        )),
        Factor(_("Vedholdenhed"), _("Mentor bliver ved: lytter først og stiller krav senere."), (
            Sign(_("Der blev prøvet igen inden for to uger, når ugen kun havde forgæves forsøg"), again, tries, _("uger")),
        )),
    ]  # fmt: skip
