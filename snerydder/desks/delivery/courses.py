"""The courses of support that were granted, read off the log in three questions whatever their number.

A course begins with the first day of the first decided grant, or the day of the draw, so those who never met anyone are among them. It ends
when the case is closed or the last period is over. The weekly rows of a case are kept by a trigger; nothing here reads a single contact,
unless somebody was met before the course began. `effects.fidelity` and `effects.dose` say what each number is, and
tests/pages/desks/test_delivery.py holds the one to the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from snerydder.casework.contacts.weeks import week_of

LAST_WEEK = 75

GRANTED = """
  SELECT c.id, c.unit_id::text AS part, g.start AS begin, g.until, c.closed_on, c.number, c.citizen_id, c.started_on, c.first_contact_on
  FROM cases_case c JOIN (
    SELECT case_id, min(start) AS start, max("end") AS until FROM grants_grant
    WHERE municipality_id = %(town)s AND state IN ('decided', 'stopped') AND start IS NOT NULL GROUP BY case_id
  ) g ON g.case_id = c.id
  WHERE c.municipality_id = %(town)s AND g.start BETWEEN %(since)s AND %(today)s AND (%(unit)s::uuid IS NULL OR c.unit_id = %(unit)s::uuid)
"""
DRAWN = """
  SELECT c.id, d.part, d.begin, (SELECT max("end") FROM grants_grant g WHERE g.case_id = c.id AND g.state IN ('decided', 'stopped')) AS until,
    c.closed_on, c.number, c.citizen_id, c.started_on, c.first_contact_on
  FROM unnest(%(cases)s::uuid[], %(begins)s::date[], %(parts)s::text[]) AS d(id, begin, part) JOIN cases_case c ON c.id = d.id
"""
# opens: the Monday of the week it began; seen: whole weeks gone since the one it began in; whole_from to whole_until: its own whole weeks; met_on: the first contact since it began
COURSE = """
WITH found AS ({source}), course AS (
  SELECT f.*, least(f.closed_on, f.until) AS ended,
    date_trunc('week', f.begin::timestamp)::date AS opens,
    (date_trunc('week', %(today)s::date::timestamp)::date - date_trunc('week', f.begin::timestamp)::date) / 7 AS seen,
    date_trunc('week', (f.begin + 6)::timestamp)::date AS whole_from,
    greatest(date_trunc('week', (least(f.closed_on, f.until, %(today)s::date) + 1)::timestamp)::date, date_trunc('week', (f.begin + 6)::timestamp)::date) AS whole_until,
    CASE WHEN f.first_contact_on IS NULL OR f.first_contact_on >= f.begin THEN f.first_contact_on ELSE (
      SELECT min(day) FROM contacts_contact t WHERE t.case_id = f.id AND NOT t.withdrawn AND t.form <> 'tried' AND t.day >= f.begin
    ) END AS met_on
  FROM found f
), judged AS MATERIALIZED (
  SELECT *, (whole_until - whole_from) / 7 AS whole,
    CASE WHEN met_on <= begin + make_interval(months => %(first)s) THEN true
         WHEN (begin + make_interval(months => %(first)s))::date < %(today)s THEN false END AS in_time,
    CASE WHEN ended <= %(today)s THEN ended <= (started_on + make_interval(months => %(longest)s))::date
         WHEN %(today)s > (started_on + make_interval(months => %(longest)s))::date THEN false END AS not_too_long
  FROM course
)
"""
BY_AGE = """
SELECT part, seen, count(*), sum(whole), count(*) FILTER (WHERE in_time), count(*) FILTER (WHERE NOT in_time),
  count(*) FILTER (WHERE started_on IS NOT NULL AND not_too_long), count(*) FILTER (WHERE started_on IS NOT NULL AND NOT not_too_long), count(started_on),
  count(met_on)
FROM judged GROUP BY part, seen
"""
# A week is compared as the number the log has (yyyyww), and its Monday is worked out for each sum, not for each row.
BY_WEEK = """
, weekly AS (
  SELECT j.part, j.opens, w.week, count(*) AS met, sum(w.minutes) AS minutes, count(*) FILTER (WHERE w.week >= j.from_week AND w.week < j.until_week) AS whole
  FROM (
    SELECT id, part, opens, to_char(opens, 'IYYYIW')::int AS begun, to_char(whole_from, 'IYYYIW')::int AS from_week, to_char(whole_until, 'IYYYIW')::int AS until_week
    FROM judged
  ) j JOIN contacts_caseweek w ON w.case_id = j.id AND w.week >= j.begun
  WHERE w.contacts > 0 AND w.week >= %(week)s GROUP BY j.part, j.opens, w.week
)
SELECT part, (to_date(week::text, 'IYYYIW') - opens) / 7 AS number, coalesce(sum(met) FILTER (WHERE week < %(now)s), 0)::int,
  coalesce(sum(minutes) FILTER (WHERE week < %(now)s), 0)::int, sum(whole)::int
FROM weekly GROUP BY 1, 2
"""
BY_MENTOR = """
, spell AS (
  SELECT j.id, j.part, greatest((date_trunc('week', a.started_on::timestamp)::date - j.opens) / 7, 0) AS first,
    least((date_trunc('week', (least(a.ended_on, a."end", j.closed_on))::timestamp)::date - j.opens) / 7 + 1, j.seen) AS after
  FROM judged j JOIN agreements_agreement a ON a.case_id = j.id WHERE a.started_on IS NOT NULL
), span AS (SELECT part, unnest(range_agg(int4range(first, after))) AS weeks FROM spell WHERE first < after GROUP BY id, part)
SELECT part, number, sum(step)::int FROM (
  SELECT part, lower(weeks) AS number, 1 AS step FROM span UNION ALL SELECT part, upper(weeks), -1 FROM span
) edge GROUP BY part, number
"""


@dataclass(frozen=True)
class Ground:
    """Which courses, as the questions ask for them."""

    source: str
    told: dict[str, Any]

    def ask(self, question: str, **more: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(COURSE.replace("{source}", self.source) + question, self.told | more)
            return list(cursor.fetchall())


def granted(town: int, since: date, today: date, unit: UUID | None, *, first: int, longest: int) -> Ground:
    """Every course granted in the municipality from the one day to the other, perhaps in one unit only; a part is a unit."""
    return Ground(GRANTED, {"town": town, "since": since, "week": week_of(since), "now": week_of(today), "today": today, "unit": unit, "first": first, "longest": longest})


def drawn(cases: Sequence[UUID], begins: Sequence[date], arms: Sequence[str], today: date, *, first: int, longest: int) -> Ground:
    """Those whom the lot was drawn about, each from the day of the draw; a part is an arm."""
    told = {"cases": list(cases), "begins": list(begins), "parts": list(arms), "week": week_of(min(begins)), "now": week_of(today), "today": today, "first": first, "longest": longest}
    return Ground(DRAWN, told)


@dataclass
class Part:
    """One unit's, or one arm's, courses counted."""

    persons: int = 0
    reached: int = 0  # met somebody at some time
    whole: int = 0  # whole weeks of all courses
    met: int = 0  # of them with contact
    in_time: int = 0
    late: int = 0
    short: int = 0
    long: int = 0
    started: int = 0
    seen: list[int] = field(default_factory=lambda: [0] * (LAST_WEEK + 1))  # courses by week that got so far
    contact: list[int] = field(default_factory=lambda: [0] * (LAST_WEEK + 1))
    minutes: list[int] = field(default_factory=lambda: [0] * (LAST_WEEK + 1))
    mentor: list[int] = field(default_factory=lambda: [0] * (LAST_WEEK + 1))

    def __add__(self, other: Part) -> Part:
        def added(name: str) -> Any:
            mine, theirs = getattr(self, name), getattr(other, name)
            return [a + b for a, b in zip(mine, theirs, strict=True)] if isinstance(mine, list) else mine + theirs

        return Part(**{name: added(name) for name in self.__dataclass_fields__})


def parts(ground: Ground) -> dict[str, Part]:
    """Each part's numbers. Three questions, whose answers have as many rows as there are parts and weeks."""
    found: dict[str, Part] = {}
    for part, seen, persons, whole, in_time, late, short, long, started, reached in ground.ask(BY_AGE):
        row = found.setdefault(part, Part())
        row.persons, row.reached, row.whole, row.started = row.persons + persons, row.reached + reached, row.whole + int(whole), row.started + started
        row.in_time, row.late, row.short, row.long = row.in_time + in_time, row.late + late, row.short + short, row.long + long
        for week in range(min(seen, LAST_WEEK + 1)):
            row.seen[week] += persons
    for part, week, contact, minutes, whole in ground.ask(BY_WEEK):
        row = found[part]
        row.met += whole
        if week <= LAST_WEEK:
            row.contact[week], row.minutes[week] = contact, minutes
    for part, week, step in sorted(ground.ask(BY_MENTOR), key=lambda edge: edge[1]):
        for later in range(week, LAST_WEEK + 1):
            found[part].mentor[later] += step
    return found
