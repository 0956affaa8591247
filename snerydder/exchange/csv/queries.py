"""What the pages of an import ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.people import vault
from snerydder.casework.people.models import Citizen
from snerydder.exchange.csv.actions import cells_of, is_running, table_of
from snerydder.exchange.csv.kinds import Book
from snerydder.exchange.csv.models import Import, ImportRow
from snerydder.exchange.csv.values import Unclear, cpr

SHOWN = 50
ORDER = ("refused", "changed", "new", "same")


@dataclass(frozen=True)
class Line:
    """A line as a page shows it: who it is about, hidden as everywhere else, and what is said about it."""

    number: int
    who: str
    number_masked: str
    words: tuple[str, ...]


def latest(staff: Staff) -> list[Import]:
    return list(scope.rows(Import, staff).select_related("made_by").order_by("-made_at")[:10])


def counts(job: Import) -> dict[str, int]:
    found = dict(ImportRow.objects.filter(job=job).values_list("outcome").annotate(Count("pk")))
    return {outcome: found.get(outcome, 0) for outcome in ImportRow.Outcome.values}


def is_under_way(job: Import) -> bool:
    return is_running(job)


def was_cut_off(job: Import) -> bool:
    return job.state == Import.State.RUNNING and not is_running(job)


def lines(job: Import, outcome: str, staff: Staff, said: Sequence[str] = ()) -> list[Line]:
    """The first lines with this outcome. Whoever of them is known to us is written in the log as seen. `said` need not be said again."""
    rows = list(ImportRow.objects.filter(job=job, outcome=outcome).order_by("line")[:SHOWN])
    known = [table_of(job, [row]).known(cells_of(row)) if row.sealed else {} for row in rows]
    book = Book(staff, known) if job.kind != Import.Kind.MENTORS else None
    found = [_line(row, cells, book, said) for row, cells in zip(rows, known, strict=True)]
    if book is not None:
        scope.seen(staff, [citizen.pk for citizen in book.citizens.values()], purpose=_("Importere fra fil"), page="exchange.preview")
    return found


def _line(row: ImportRow, cells: dict[str, str], book: Book | None, said: Sequence[str]) -> Line:
    citizen, number = _citizen(cells, book)
    written = cells.get("name") or " ".join(part for part in (cells.get("first_name"), cells.get("last_name")) if part)
    hidden = cells.get("protected", "").strip().lower() in ("ja", "j", "x", "1") or (citizen is not None and citizen.protected)
    who = citizen.name if citizen else "" if hidden else written
    masked = vault.masked(number) if number and not hidden else ""
    return Line(row.line, who, masked, tuple(word for word in (*row.reasons, *row.notes) if word not in said))


def _citizen(cells: dict[str, str], book: Book | None) -> tuple[Citizen | None, str]:
    try:
        number = cpr(cells.get("cpr", ""), zeros_kept=True)[0]
    except Unclear:
        return None, ""
    return (book.citizen(number) if book else None), number


def refused(job: Import) -> list[tuple[ImportRow, list[str]]]:
    return [(row, cells_of(row)) for row in ImportRow.objects.filter(job=job, outcome=ImportRow.Outcome.REFUSED).order_by("line") if row.sealed]


def common_notes(job: Import) -> list[tuple[str, int]]:
    """What is said about more than one line, the commonest first: a file usually lacks the same thing everywhere."""
    tally: dict[str, int] = {}
    for notes in ImportRow.objects.filter(job=job).exclude(notes=[]).values_list("notes", flat=True):
        for note in notes:
            tally[note] = tally.get(note, 0) + 1
    return sorted(((note, count) for note, count in tally.items() if count > 1), key=lambda each: -each[1])[:8]


def citizens_of(job: Import, rows: Sequence[tuple[ImportRow, list[str]]], staff: Staff) -> list[Any]:
    """The id of the citizen each line is about, when it is one we know."""
    if job.kind == Import.Kind.MENTORS:
        return [None] * len(rows)
    known = [table_of(job, [row]).known(cells) for row, cells in rows]
    book = Book(staff, known)
    return [citizen.pk if (citizen := _citizen(cells, book)[0]) else None for cells in known]


def progress(job: Import) -> dict[str, Any]:
    return {"running": is_running(job), "done": job.done_rows, "total": job.total_rows}


def refusals(job: Import, most: int) -> list[tuple[int, list[str]]]:
    found = ImportRow.objects.filter(job=job, outcome=ImportRow.Outcome.REFUSED).order_by("line")
    return list(found.values_list("line", "reasons")[:most])
