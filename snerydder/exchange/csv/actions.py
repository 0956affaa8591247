"""Reading a file in, and making its rows into rows of the product: all that were shown as good, or none."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from snerydder.access.models import Staff
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.casework.people import vault
from snerydder.exchange.csv import reading, weighing
from snerydder.exchange.csv.columns import Sorted, columns_of, sort_out
from snerydder.exchange.csv.kinds import Weighed
from snerydder.exchange.csv.models import Import, ImportRow

KEPT = timedelta(days=30)
ALIVE = timedelta(seconds=20)  # without a sign of life for so long, the work has been cut off
Outcome = ImportRow.Outcome


@action
def read_in(name: str, content: bytes, kind: str, *, by: Staff) -> Import:
    """Read a file and keep what would come of each line. Nothing is imported yet."""
    table = sort_out(reading.read(name, content), columns_of(kind))
    weighed = weighing.weigh(kind, table, by)
    Import.objects.filter(municipality=by.municipality_id, made_at__lt=timezone.now() - KEPT).delete()
    job = Import.objects.create(
        municipality_id=by.municipality_id, kind=kind, file_name=name[-160:], made_by=by, headings=[heading[:200] for heading in table.headings],
        keys=table.keys, notes=[note[:300] for note in table.notes], total_rows=len(weighed),
    )
    ImportRow.objects.bulk_create((_kept(job, row) for row in weighed), batch_size=1000)
    record("exchange.read_in", job, by=by, file=job.file_name, kind=kind, rows=len(weighed))
    return job


def _kept(job: Import, row: Weighed) -> ImportRow:
    made = ImportRow(municipality_id=job.municipality_id, job=job, line=row.line, outcome=row.outcome)
    made.reasons, made.notes = [reason[:400] for reason in row.reasons], [note[:400] for note in row.notes]
    made.sealed = vault.seal_text(json.dumps(row.cells), use="exchange_csv_importrow", row_id=made.pk, municipality_id=job.municipality_id)
    return made


def cells_of(row: ImportRow) -> list[str]:
    text = vault.unseal_text(row.sealed, use="exchange_csv_importrow", row_id=row.pk, municipality_id=row.municipality_id)
    return list(json.loads(text))


def table_of(job: Import, rows: Sequence[ImportRow]) -> Sorted:
    """The file again, from what was kept of it."""
    return Sorted(job.headings, job.keys, [(row.line, cells_of(row)) for row in rows], [], {}, [])


@action
def begin(job: Import, *, by: Staff) -> Import:
    """Take hold of the work, so that two who press at the same time do not both do it."""
    job = Import.objects.select_for_update().get(pk=job.pk)
    if job.state == Import.State.DONE:
        raise Refusal(_("Filen er allerede importeret."))
    if is_running(job):
        raise Refusal(_("Filen er ved at blive importeret."), mend=_("Vent, til den er færdig."))
    job.state, job.done_rows, job.trouble, job.beat_at = Import.State.RUNNING, 0, "", timezone.now()
    job.save(update_fields=["state", "done_rows", "trouble", "beat_at"])
    record("exchange.begin", job, by=by, file=job.file_name, kind=job.kind)
    return job


def is_running(job: Import) -> bool:
    return job.state == Import.State.RUNNING and job.beat_at is not None and job.beat_at > timezone.now() - ALIVE


class Halted(Exception):
    """Some rows that looked good were refused by a verb. Nothing is kept; they are marked, and a person looks again."""

    def __init__(self, refused: dict[int, str]) -> None:
        super().__init__(str(refused))
        self.refused = refused


def carry_out(job: Import, *, by: Staff, progress: Callable[[int], None] = lambda done: None) -> bool:
    """Import every row that is good, in one transaction. False when nothing was imported after all; `job.trouble` says why."""
    try:
        take_all_in(job, by=by, progress=progress)
    except Halted as halted:
        _mark_refused(job, halted.refused)
        count = len(halted.refused)
        told = ngettext("%(count)d række blev afvist undervejs,", "%(count)d rækker blev afvist undervejs,", count) % {"count": count}
        _rest(job, told + " " + _("og derfor er intet importeret. Se listen igennem, og importér så resten."))
        return False
    return True


@action
def take_all_in(job: Import, *, by: Staff, progress: Callable[[int], None]) -> Import:
    rows = list(ImportRow.objects.filter(job=job).exclude(outcome=Outcome.REFUSED).order_by("line"))
    weighed = weighing.weigh(job.kind, table_of(job, rows), by)  # anew: the town has moved on since the file was read
    refused: dict[int, str] = {}
    outcomes: dict[str, list[int]] = {}
    for done, row in enumerate(weighed, start=1):
        progress(done)
        try:
            outcome = _take_in(job, row, by)
        except Refusal as refusal:
            refused[row.line] = " ".join(str(problem) for problem in refusal.problems)
            continue
        outcomes.setdefault(outcome, []).append(row.line)
    if refused:
        raise Halted(refused)
    for outcome, lines in outcomes.items():
        ImportRow.objects.filter(job=job, line__in=lines).update(outcome=outcome, sealed="")
    job.state, job.finished_at, job.done_rows = Import.State.DONE, timezone.now(), len(weighed)
    job.save(update_fields=["state", "finished_at", "done_rows"])
    record("exchange.import", job, by=by, file=job.file_name, kind=job.kind, **{outcome: len(lines) for outcome, lines in outcomes.items()})
    return job


def _take_in(job: Import, row: Weighed, by: Staff) -> str:
    if row.reasons:
        raise Refusal(" ".join(row.reasons))
    if row.outcome == Outcome.SAME:
        return row.outcome
    source = {"file": job.file_name, "line": row.line}
    with transaction.atomic():
        thing, case = weighing.kind_of(job.kind).take_in(row, by=by, source=source)
        citizen = thing if job.kind == Import.Kind.CITIZENS else None
        record("exchange.import", thing, by=by, case=case, citizen=citizen, outcome=row.outcome, **source)
    return row.outcome


@transaction.atomic
def _mark_refused(job: Import, refused: dict[int, str]) -> None:
    for row in ImportRow.objects.filter(job=job, line__in=refused):
        row.outcome, row.reasons = Outcome.REFUSED, [refused[row.line][:400]]
        row.save(update_fields=["outcome", "reasons"])


@transaction.atomic
def _rest(job: Import, trouble: str) -> None:
    job.state, job.trouble = Import.State.READY, trouble
    job.save(update_fields=["state", "trouble"])


@action
def drop(job: Import, *, by: Staff) -> None:
    """Throw the file away. What it was already made into stays."""
    if is_running(job):
        raise Refusal(_("Filen er ved at blive importeret."), mend=_("Vent, til den er færdig."))
    record("exchange.drop", job, by=by, file=job.file_name, kind=job.kind, state=job.state)
    job.delete()


def keep_alive(job_id: Any, done: int) -> None:
    """Tell those who wait how far it is. Said outside the work's own transaction, else nobody could hear it."""
    Import.objects.filter(pk=job_id, state=Import.State.RUNNING).update(done_rows=done, beat_at=timezone.now())
