"""From a supplier's file, or what was typed, to the lines of an invoice. Everything wrong is said at once, and nothing is guessed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from snerydder.audit.action import Refusal
from snerydder.casework.payments.models import InvoiceLine, Supplier
from snerydder.casework.payments.weighing import Asked
from snerydder.exchange.csv import reading, values
from snerydder.exchange.csv.columns import Column, sort_out, with_lines
from snerydder.exchange.csv.values import Unclear

TYPED = ("Sag", "Dato", "Timer", "Beløb", "Tekst")  # da: the headings of what is typed without any
MOST_FAULTS = 20
_MONEY = re.compile(r"\d{1,3}(\.\d{3})+(,\d{1,2})?|\d{1,7}(,\d{1,2})?|\d{1,7}\.\d{1,2}")


@lru_cache(maxsize=1)
def _known() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("headings.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def columns() -> tuple[Column, ...]:
    return tuple(Column(key, row["heading"], tuple(row["others"]), must=row.get("must", False)) for key, row in _known()["columns"].items())


def money(text: str) -> Decimal:
    """1.234,50 and 1234,5 and 1234.50. What could be two amounts is neither."""
    plain = re.sub(r"[\s\u00a0]|kr\.?|dkk", "", text.strip().lower())
    if plain[:1] in ("-", "−") or plain.endswith("-") or (plain.startswith("(") and plain.endswith(")")):
        raise Unclear(_("”%(text)s” er negativt. Et fradrag hører til en rettelse af den faktura, det handler om.") % {"text": text[:40]})
    if text.strip().startswith("="):
        raise Unclear(_("”%(text)s” er en formel. Gem tallet i stedet.") % {"text": text[:40]})
    if not _MONEY.fullmatch(plain):
        raise Unclear(_("”%(text)s” er ikke et beløb, vi kan læse. Skriv det som 1.234,50.") % {"text": text[:40]})
    if "," in plain or re.fullmatch(r"\d{1,3}(\.\d{3})+", plain):
        plain = plain.replace(".", "").replace(",", ".")
    return Decimal(plain)


def kind_of(*texts: str) -> str:
    """Mentor hours, unless a word says that it is something else."""
    said = set(re.findall(r"[^\W\d_]+", " ".join(texts).lower()))
    return next((kind for kind, words in _known()["words"].items() if said & set(words)), InvoiceLine.Kind.HOURS)


@dataclass
class _Line:
    number: int  # in the file
    cells: dict[str, str]
    faults: list[str] = field(default_factory=list)

    def get(self, key: str, parse: Any, *, must: bool = False) -> Any:
        text = self.cells.get(key, "")
        if not text:
            if must:
                self.faults.append(_("%(column)s mangler.") % {"column": _known()["columns"][key]["heading"]})
            return None
        try:
            if text.startswith("="):
                raise Unclear(_("”%(text)s” er en formel. Gem tallet i stedet.") % {"text": text[:40]})
            return parse(text)
        except Unclear as fault:
            self.faults.append(str(fault))
            return None


def lines_of_file(name: str, content: bytes, supplier: Supplier, number: str) -> list[Asked]:
    """Every line of the file, or a refusal that says all that is wrong and where."""
    tables = reading.read(name, content)
    if any(table.formulas for table in tables):
        raise Refusal(_("Der er formler i arket."), _("Et tal, der regnes ud, kan blive et andet."), _("Gem arket med værdier i stedet, og prøv igen."), field="file")
    if with_lines(tables, columns()) > 1:
        raise Refusal(_("Der er linjer på flere ark."), _("Så kan man ikke se, hvilket der er fakturaen."), _("Behold kun det ark, der skal betales, og prøv igen."), field="file")
    return _lines(tables, supplier, number, "file")


def lines_of_text(typed: str, supplier: Supplier, number: str) -> list[Asked]:
    """What was typed or pasted: a line for each day, with or without headings."""
    first = typed.strip().splitlines()[0] if typed.strip() else ""
    separator = "\t" if "\t" in first else ";"
    known = {name for column in columns() for name in column.names}
    has_headings = sum(values.simple(cell) in known for cell in first.split(separator)) >= 2
    text = typed.strip() if has_headings else separator.join(TYPED) + "\n" + typed.strip()
    if not first:
        raise Refusal(_("Fakturaen har ingen linjer."), mend=_("Skriv en linje for hver dag og borger."), field="typed")
    return _lines(reading.read("typed.csv", text.encode()), supplier, number, "typed")


def _lines(tables: Sequence[reading.Table], supplier: Supplier, number: str, box: str) -> list[Asked]:
    table = sort_out(tables, columns())
    rows = [_Line(place, table.known(cells)) for place, cells in table.lines if not _is_sum(table.known(cells))]
    found = [_asked(place, row) for place, row in enumerate(rows, start=1)]
    for row in rows:
        _refuse_another(row, supplier, number)
    faults = [Refusal(_("Række %(row)s: %(fault)s") % {"row": row.number, "fault": fault}, field=box) for row in rows for fault in row.faults]
    if faults:
        faults.insert(0, Refusal(_("Fakturaen er ikke registreret, for noget i den kan ikke læses."), mend=_("Bed leverandøren rette den."), field=box))
        raise Refusal.several(faults[:MOST_FAULTS])
    return [line for line in found if line is not None]


def _is_sum(cells: dict[str, str]) -> bool:
    """The last line of many invoices: a sum with neither day nor case, and the word for it in whichever of the two columns."""
    named = [text for key in ("text", "case_number") if (text := cells.get(key, ""))]
    return set(cells) <= {"amount", "text", "minutes", "case_number"} and len(named) == 1 and named[0].lower().startswith(("i alt", "sum", "total"))


def _asked(place: int, row: _Line) -> Asked | None:
    kind = kind_of(row.cells.get("kind", ""), row.cells.get("text", ""))
    is_hours = kind == InvoiceLine.Kind.HOURS
    day, amount = row.get("day", values.day, must=True), row.get("amount", money, must=True)
    minutes = row.get("minutes", values.minutes if is_hours else _any_number, must=is_hours)
    price = row.get("price", money)
    case = row.get("case_number", lambda text: text.strip(), must=is_hours)
    if amount == 0:
        row.faults.append(_("Beløbet er 0 kr."))
    if is_hours and None not in (price, minutes, amount) and abs(price * minutes / 60 - amount) > max(price / 60, Decimal("0.01")):
        row.faults.append(_("Timer gange timepris giver ikke beløbet."))
    if row.faults or day is None or amount is None:
        return None
    text = " ".join(filter(None, (row.cells.get("kind", ""), row.cells.get("text", ""))))
    return Asked(place, day, minutes if is_hours else 0, amount, case or "", kind, text)


def _any_number(text: str) -> int:
    """Kilometres and days of a cost that is refused anyway."""
    return 0


def _refuse_another(row: _Line, supplier: Supplier, number: str) -> None:
    cvr = "".join(sign for sign in row.cells.get("cvr", "") if sign.isdigit())
    if cvr and cvr != supplier.cvr:
        row.faults.append(_("CVR-nummeret %(cvr)s er ikke %(name)s.") % {"cvr": cvr, "name": supplier.name})
    told = row.cells.get("number", "").strip()
    if told and told != number.strip():
        row.faults.append(_("Fakturanummeret er %(told)s, ikke %(number)s.") % {"told": told, "number": number})
