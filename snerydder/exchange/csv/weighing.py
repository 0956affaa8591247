"""What would come of each line of a file: new, changed, unchanged or refused, and why."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.exchange.csv.columns import Sorted, columns_of
from snerydder.exchange.csv.kinds import Book, Kind, Reader, Weighed


def kind_of(key: str) -> Kind:
    return import_module(f"snerydder.exchange.csv.kinds.{key}")  # type: ignore[return-value]


def weigh(kind: str, table: Sorted, staff: Staff) -> list[Weighed]:
    """Each line in the order of the file. Nothing is written."""
    module = kind_of(kind)
    known = [table.known(cells) for _line, cells in table.lines]
    book = Book(staff, known)
    rows = [_read(module, kind, table, line, cells, cells_known, book) for (line, cells), cells_known in zip(table.lines, known, strict=True)]
    _find_twins(module, [row for row in rows if not row.reasons])
    for row in rows:
        if not row.reasons and row.outcome != "same":
            module.compare(row, book)
    return rows


def _read(module: Kind, kind: str, table: Sorted, line: int, cells: list[str], known: dict[str, str], book: Book) -> Weighed:
    row = Weighed(line, cells)
    reader = Reader(known, columns_of(kind))
    row.facts = module.read(reader, book)
    row.reasons, row.notes = reader.reasons, reader.notes
    if any(cell for cell in cells[len(table.headings) :]):
        row.reasons.insert(0, _("Rækken har flere felter, end der er overskrifter. Måske står der et skilletegn midt i en tekst."))
    for column in sorted(table.lost.get(line, ())):
        if column < len(table.keys) and table.keys[column]:
            row.reasons.append(_("%(column)s: cellen er en formel uden resultat. Indsæt den som værdi.") % {"column": table.headings[column]})
    return row


def _find_twins(module: Kind, rows: Sequence[Weighed]) -> None:
    """The same twice is once; two lines that say different things about one person are both refused, for nobody knows which is right."""
    groups: dict[Any, list[Weighed]] = {}
    for row in rows:
        groups.setdefault(module.identity(row.facts), []).append(row)
    for twins in groups.values():
        first = twins[0]
        if all(twin.facts == first.facts for twin in twins):
            for twin in twins[1:]:
                twin.outcome = "same"
                twin.notes.append(_("Står også i linje %(line)s.") % {"line": first.line})
            continue
        for twin in twins:
            others = ", ".join(str(other.line) for other in twins if other is not twin)
            twin.refuse(_("Linje %(lines)s er om den samme, men siger noget andet. Behold den rigtige.") % {"lines": others})
