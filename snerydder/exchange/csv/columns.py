"""Which column is which. Case systems call them many things; a heading nobody knows is listed, never guessed at."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from snerydder.audit.action import Refusal
from snerydder.exchange.csv.reading import TITLES, Table
from snerydder.exchange.csv.values import simple


@dataclass(frozen=True)
class Column:
    """`heading` is what our own template writes; `others` are what case systems and people write."""

    key: str
    heading: str
    others: tuple[str, ...] = ()
    help: str = ""
    must: bool = False  # its cell must be filled

    @property
    def names(self) -> set[str]:
        return {simple(name) for name in (self.heading, *self.others)}


@lru_cache(maxsize=1)
def _known() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("headings.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def columns_of(kind: str) -> tuple[Column, ...]:
    """The columns of citizens, mentors or cases, as headings.toml has them."""
    return tuple(Column(key, row["heading"], tuple(row["others"]), row.get("help", ""), row.get("must", False)) for key, row in _known()[kind].items())


def words_for(what: str) -> list[tuple[str, list[str]]]:
    """(key, the words for it), for a cell that holds one of a few things."""
    return list(_known()["words"][what].items())


@dataclass
class Sorted:
    """The table with its columns known: for each line the cells as they stood, and those we know by key."""

    headings: list[str]
    keys: list[str]  # the key of each heading, "" for the unknown
    lines: list[tuple[int, list[str]]]
    unknown: list[str]
    lost: dict[int, set[int]]
    notes: list[str]

    def known(self, cells: Sequence[str]) -> dict[str, str]:
        return {key: cell for key, cell in zip(self.keys, cells, strict=False) if key and cell}


def sort_out(tables: Sequence[Table], columns: Sequence[Column]) -> Sorted:
    """Find the line of headings, and the table that has one. Lines above it are titles."""
    found = [(known, -place, table, index) for place, table in enumerate(tables) if (best := _heading_line(table, columns)) for known, index in [best]]
    if not found:
        wanted = ", ".join(column.heading for column in columns if column.must)
        raise Refusal(
            _("Vi kan ikke finde overskrifterne i filen."), _("Der skal være en linje med: %(wanted)s.") % {"wanted": wanted},
            _("Sæt overskrifter over kolonnerne, eller hent skabelonen og brug den."), field="file",
        )
    _known, _place, table, index = max(found, key=lambda each: each[:2])
    headings = table.lines[index][1]
    keys = _keys(headings, columns)
    _refuse_missing(keys, columns)
    lines = table.lines[index + 1 :]
    if not lines:
        raise Refusal(_("Filen har overskrifter, men ingen rækker."), mend=_("Se efter, om eksporten blev færdig."), field="file")
    notes = list(table.notes)
    if len(tables) > 1:
        notes.append(_("Filen har flere ark. Vi læser det, der har overskrifterne."))
    unknown = [heading for heading, key in zip(headings, keys, strict=True) if heading and not key]
    return Sorted(headings, keys, lines, unknown, table.lost, notes)


def with_lines(tables: Sequence[Table], columns: Sequence[Column]) -> int:
    """How many of them have a line of headings and something below it."""
    found = ((table, _heading_line(table, columns)) for table in tables)
    return sum(1 for table, best in found if best and len(table.lines) > best[1] + 1)


def _heading_line(table: Table, columns: Sequence[Column]) -> tuple[int, int] | None:
    best: tuple[int, int] | None = None
    for index, (_line, cells) in enumerate(table.lines[:TITLES]):
        known = sum(1 for key in _keys(cells, columns, strict=False) if key)
        if known >= 2 and (best is None or known > best[0]):
            best = known, index
    return best


def _keys(headings: Sequence[str], columns: Sequence[Column], *, strict: bool = True) -> list[str]:
    by_name = {name: column.key for column in columns for name in column.names}
    keys: list[str] = []
    for heading in headings:
        key = by_name.get(simple(heading), "")
        if key and key in keys:
            if strict:
                told = _("To kolonner hedder det samme: ”%(first)s” og ”%(second)s”.")
                raise Refusal(told % {"first": headings[keys.index(key)], "second": heading}, mend=_("Behold kun den ene."), field="file")
            key = ""
        keys.append(key)
    return keys


def _refuse_missing(keys: Sequence[str], columns: Sequence[Column]) -> None:
    missing = [column.heading for column in columns if column.must and column.key not in keys]
    if "name" in keys:  # one column holds both
        missing = [column.heading for column in columns if column.heading in missing and column.key not in ("first_name", "last_name")]
    if missing:
        raise Refusal(
            _("Filen mangler kolonnen: %(columns)s.") % {"columns": ", ".join(missing)}, _("Vi kender kolonner på deres overskrift i øverste linje."),
            _("Ret overskriften, eller hent skabelonen og se, hvad den kan hedde."), field="file",
        )
