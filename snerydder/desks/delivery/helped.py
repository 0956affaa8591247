"""What the time goes to. The last twelve weeks, counted when one looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from snerydder.access.models import Staff
from snerydder.law import help_kinds

BACK = timedelta(weeks=12)

GIVEN = """
SELECT k.kind, count(*), count(DISTINCT t.case_id), round(sum(t.counted_minutes::numeric / cardinality(t.help)))
FROM people_mentor m JOIN contacts_contact t ON t.mentor_id = m.id AND t.day >= %(since)s AND NOT t.withdrawn AND t.form <> 'tried'
JOIN cases_case c ON c.id = t.case_id AND (%(unit)s::uuid IS NULL OR c.unit_id = %(unit)s::uuid), unnest(t.help) AS k(kind)
WHERE m.municipality_id = %(town)s GROUP BY k.kind
"""
LISTED = """
SELECT c.id, count(*), round(sum(t.counted_minutes::numeric / cardinality(t.help)))::int, max(t.day), count(*) OVER ()
FROM people_mentor m JOIN contacts_contact t ON t.mentor_id = m.id AND t.day >= %(since)s AND NOT t.withdrawn AND t.form <> 'tried' AND t.help @> ARRAY[%(kind)s::varchar]
JOIN cases_case c ON c.id = t.case_id AND (%(unit)s::uuid IS NULL OR c.unit_id = %(unit)s::uuid)
WHERE m.municipality_id = %(town)s GROUP BY c.id, c.number ORDER BY count(*) DESC, c.number LIMIT %(rows)s OFFSET %(past)s
"""


@dataclass(frozen=True)
class Help:
    key: str
    name: str
    contacts: int
    persons: int
    minutes: int
    share: float  # of all minutes


def told(staff: Staff, unit: UUID | None, day: date) -> dict[str, Any]:
    return {"town": staff.municipality_id, "unit": unit, "since": day - BACK}


def given(staff: Staff, unit: UUID | None, day: date) -> list[Help]:
    """Each kind of help, in the order of the log's own list. A contact with several kinds parts its minutes evenly between them."""
    with connection.cursor() as cursor:
        cursor.execute(GIVEN, told(staff, unit, day))
        found = {kind: (contacts, persons, int(minutes or 0)) for kind, contacts, persons, minutes in cursor.fetchall()}
    whole = sum(minutes for _contacts, _persons, minutes in found.values())
    names = {kind.key: str(kind.name) for kind in help_kinds()}
    order = [*names, *(key for key in found if key not in names)]
    return [Help(key, names.get(key, key), *found[key], found[key][2] / whole if whole else 0.0) for key in order if key in found]


def listed(staff: Staff, unit: UUID | None, day: date, kind: str, *, rows: int, past: int) -> list[tuple[UUID, int, int, date, int]]:
    """(case, contacts with this help, minutes, the last day, how many in all): those who got the kind of help, the most first."""
    with connection.cursor() as cursor:
        cursor.execute(LISTED, told(staff, unit, day) | {"kind": kind, "rows": rows, "past": past})
        return list(cursor.fetchall())
