"""Every open case against every rule that concerns it, batch by batch, so that memory stays the same however many cases there are.

A state is written only when the rule says something else than the night before; a case that is closed is never judged again.
The calendar and the law move; nobody decides. So there is no event, but the states themselves tell from when to when.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from snerydder.access.models import Municipality
from snerydder.access.tenancy import within
from snerydder.casework.cases.models import OPEN, Case
from snerydder.casework.cases.spoken import kept
from snerydder.casework.checks.models import CURRENT, CheckState, NightRun
from snerydder.casework.checks.reading import asked, read
from snerydder.law import Level, Verdict, judge, rulebook
from snerydder.law.engine import ORDER

BATCH = 1_000
Key = tuple[Any, str]  # a case and a check


@dataclass(frozen=True, slots=True)
class Found:
    """What one check says of one case, over all the steps the case has come to."""

    level: str
    what: list[Any]
    mend: list[Any]
    fields: str
    citation: str
    judged_on: date

    @property
    def kind(self) -> tuple[str, str]:
        """Another kind is another state; another number in the same sentence is not."""
        return self.level, self.fields


def run(day: date | None = None) -> int:
    """Judge every municipality's open cases; the number of cases."""
    today = day or timezone.localdate()
    return sum(of_municipality(pk, today) for pk in Municipality.objects.order_by("pk").values_list("pk", flat=True))


def of_municipality(municipality: int, day: date) -> int:
    """A batch is a transaction of its own: a run that is cut off is taken up by the next."""
    last, cases, changed = None, 0, 0
    while True:
        with within(municipality):
            batch = _next(last)
            if not batch:
                break
            changed += _keep(municipality, batch, {case.pk: judged(case, rows) for case, rows in _with_rows(batch, day)}, day)
            last, cases = batch[-1].pk, cases + len(batch)
    with within(municipality):
        told = {"law_version": rulebook.version, "cases": cases, "changed": changed, "finished_at": timezone.now()}
        NightRun.objects.update_or_create(municipality_id=municipality, day=day, defaults=told)
    return cases


def of_case(case: Case, day: date) -> int:
    """The same for one case, by day, inside a transaction of somebody else's; gives how many checks say something else than before."""
    batch = list(Case.objects.select_for_update(of=("self",)).filter(OPEN, pk=case.pk))
    return _keep(case.municipality_id, batch, {row.pk: judged(row, rows) for row, rows in _with_rows(batch, day)}, day) if batch else 0


def _next(last: Any) -> list[Case]:
    rows = Case.objects.filter(OPEN).order_by("pk")
    return list((rows.filter(pk__gt=last) if last else rows)[:BATCH])


def _with_rows(batch: Sequence[Case], day: date) -> Iterator[tuple[Case, list[tuple[str, Any, date]]]]:
    rows = read(batch)
    return ((case, asked(case, rows, day)) for case in batch)


def judged(case: Case, steps: Sequence[tuple[str, Any, date]]) -> dict[str, Found]:
    """One line for each check: the gravest of what its steps say, each sentence once."""
    said: dict[str, list[tuple[Verdict, date]]] = {}
    for step, known, on in steps:
        for verdict in judge(step, known, on):
            said.setdefault(verdict.check, []).append((verdict, on))
    return {check: _gravest(verdicts) for check, verdicts in said.items()}


def _gravest(said: Sequence[tuple[Verdict, date]]) -> Found:
    level = max((verdict.level for verdict, _on in said), key=ORDER.index)
    told = [(verdict, on) for verdict, on in said if verdict.level is level]
    if level is Level.OK:
        told = told[-1:]
    first = told[0][0]
    return Found(
        str(level), kept(verdict.what for verdict, _on in told), kept(verdict.mend for verdict, _on in told),
        ",".join(dict.fromkeys(verdict.field for verdict, _on in told))[:200], first.citation_text[:200], told[0][1],
    )  # fmt: skip


def _keep(municipality: int, batch: Sequence[Case], new: dict[Any, dict[str, Found]], day: date) -> int:
    """Write what is new or other, end what no longer holds, and put the sums on the case rows."""
    ids = [case.pk for case in batch]
    old = {(row.case_id, row.check_id): row for row in CheckState.objects.filter(CURRENT, case__in=ids)}
    now = {(case_id, check): found for case_id, checks in new.items() for check, found in checks.items()}
    same = {key for key, found in now.items() if key in old and (old[key].level, old[key].fields) == found.kind}
    reworded = [(old[key].pk, now[key]) for key in same if (old[key].what, old[key].mend) != (now[key].what, now[key].mend)]
    over = [row for key, row in old.items() if key not in same]
    CheckState.objects.filter(pk__in=[row.pk for row in over if row.since >= day]).delete()
    CheckState.objects.filter(pk__in=[row.pk for row in over if row.since < day]).update(until=day - timedelta(days=1))
    fresh = [(key, found) for key, found in now.items() if key not in same]
    _insert(municipality, fresh, day)
    _reword(reworded)
    _sum(batch, new)
    return len(fresh) + sum(1 for key in old if key not in now)


def _json(sentences: list[Any]) -> str:
    return json.dumps(sentences, ensure_ascii=False)


def _insert(municipality: int, rows: Sequence[tuple[Key, Found]], day: date) -> None:
    if not rows:
        return
    keys, found = zip(*rows, strict=True)
    columns = [[getattr(each, name) for each in found] for name in ("level", "fields", "citation", "judged_on")]
    sentences = [[_json(getattr(each, name)) for each in found] for name in ("what", "mend")]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {CheckState._meta.db_table} (id, municipality_id, case_id, check_id, level, what, mend, fields, citation, judged_on, law_version, since) "  # noqa: S608 the name is our own
            "SELECT gen_random_uuid(), %s, c, k, l, w::jsonb, m::jsonb, f, s, j, %s, %s FROM "
            "unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::date[], %s::text[], %s::text[]) AS t(c, k, l, f, s, j, w, m)",
            [municipality, rulebook.version, day, [key[0] for key in keys], [key[1] for key in keys], *columns, *sentences],
        )


def _reword(rows: Sequence[tuple[Any, Found]]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {CheckState._meta.db_table} s SET what = t.w::jsonb, mend = t.m::jsonb, judged_on = t.j, law_version = %s "  # noqa: S608 the name is our own
            "FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::date[]) AS t(i, w, m, j) WHERE s.id = t.i",
            [rulebook.version, *map(list, zip(*((pk, _json(found.what), _json(found.mend), found.judged_on) for pk, found in rows), strict=True))],
        )


def _sum(batch: Sequence[Case], new: dict[Any, dict[str, Found]]) -> None:
    """How many checks stop and how many warn, on the case row: a desk counts them without reading a state."""
    changed = []
    for case in batch:
        levels = [found.level for found in new[case.pk].values()]
        stops, warns = levels.count(str(Level.STOP)), levels.count(str(Level.WARN))
        if (case.checks_stop, case.checks_warn) != (stops, warns):
            changed.append((case.pk, stops, warns))
    if not changed:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Case._meta.db_table} c SET checks_stop = t.s, checks_warn = t.w "  # noqa: S608 the name is our own
            "FROM unnest(%s::uuid[], %s::int[], %s::int[]) AS t(i, s, w) WHERE c.id = t.i",
            list(map(list, zip(*changed, strict=True))),
        )
