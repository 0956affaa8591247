"""What SØM, the socio-economic investment model, asks of an effort, in a workbook: persons, price, weeks more or fewer by year, and the purses.

Read from the run's own tables. SØM's own categories are chosen by the person who types it in; nothing here guesses them.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from snerydder.registers import outcomes
from snerydder.study.money import NAMES, VIEW_NAMES
from snerydder.study.words import Words

YEAR = 52
Cells = list[Any]


def render(folder: Path, title: str, marks: list[tuple[str, str]]) -> bytes | None:
    """None where the run has no prices. marks: what it was made of, name and fingerprint."""
    if not (folder / "money.csv").is_file():
        return None
    told = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"title": title})
        _sheet(book, _("Læs først"), [_("Om arket"), ""], _first(title, marks), (34, 90))
        _sheet(book, _("Indsatsen"), [_("Tal"), _("Værdi"), _("Enhed")], _effort(told), (46, 16, 22))
        _sheet(book, _("Konsekvenser"), [_("Udfald"), _("År"), _("Fra uge"), _("Til uge"), _("Uger pr. person"), _("Nedre"), _("Øvre"), _("Standardfejl"), _("Helårspersoner pr. 100")], _weeks(folder), (40, 6, 9, 9, 16, 12, 12, 14, 22))
        _sheet(book, _("Kasserne"), [_("Kasse"), _("Post"), _("Kroner pr. person"), _("Nedre"), _("Øvre")], _purses(folder), (28, 28, 18, 14, 14))
        _sheet(book, _("Pris for én mere"), [_("Tal"), _("Værdi"), _("Nedre"), _("Øvre")], _prices(told), (56, 16, 14, 14))
    return made.getvalue()


def _sheet(book: Any, name: str, head: list[str], rows: list[Cells], widths: tuple[int, ...]) -> None:
    sheet = book.add_worksheet(name)
    bold, number, words = book.add_format({"bold": True, "bottom": 1, "text_wrap": True}), book.add_format({"num_format": "#,##0.00"}), book.add_format({"text_wrap": True, "valign": "top"})
    whole = book.add_format({"num_format": "#,##0"})
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_row(0, 0, head, bold)
    sheet.freeze_panes(1, 0)
    for at, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(at, column, cell, words)
            elif cell is not None:
                sheet.write_number(at, column, cell, whole if isinstance(cell, int) or abs(cell) >= 100 else number)


def _table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _number(text: str) -> float | None:
    return float(text) if text else None


def _first(title: str, marks: list[tuple[str, str]]) -> list[Cells]:
    return [
        [_("Undersøgelse"), title],
        [_("Pr. person"), _("Alle tal er pr. person, der blev trukket til indsatsen, i forhold til kontrolgruppen. Også dem, mentoren aldrig fik fat på, er med.")],
        [_("Vinduet"), _("Kun ugerne i undersøgelsen er med. SØM spørger også til årene efter; de er ikke målt, og der står ikke noget om dem her.")],
        [_("Usikkerhed"), _("Nedre og øvre er grænserne for protokollens interval. Når nul ligger imellem, kan tallet ikke skelnes fra nul, og så bør SØM regnes med nul også.")],
        [_("Målgruppe og konsekvenser"), _("SØM's egne kategorier vælger du selv efter modellens vejledning. Arket gætter dem ikke.")],
        *([name, mark] for name, mark in marks),
    ]


def _effort(told: dict[str, Any]) -> list[Cells]:
    dose = next((one for one in told["delivery"]["dose"] if one["what_en"].startswith("Hours in all, everybody")), None)
    money = told["money"]
    spent = -money["by_view"]["municipality"][money["lines"].index("mentor")]
    return [
        [_("Trukket til indsatsen"), told["treated"], _("personer")],
        [_("Kontrolgruppe"), told["control"], _("personer")],
        [_("Mentortimer i gennemsnit, også dem uden kontakt"), dose["mean"] if dose else None, _("timer pr. person")],
        [_("Pris for en mentortime"), money["mentor_price"], _("kroner")],
        [_("Udgift til mentor, tilbageført til uge 0"), spent, _("kroner pr. person")],
    ]


def _weeks(folder: Path) -> list[Cells]:
    rows: list[Cells] = []
    for row in _table(folder, "years"):
        number = {name: _number(row[name]) for name in ("effect", "lower", "upper", "error")}
        full = 100 * (number["effect"] or 0.0) / YEAR
        rows.append([_said(row["outcome"], "LABEL"), int(row["year"]), int(row["first_week"]), int(row["last_week"]), *number.values(), full])
    return rows


def _said(outcome: str, what: str) -> str:
    """The outcome's own words, in the language of the page."""
    return str(getattr(outcomes.find(outcome), f"{what}_EN" if get_language() == "en" else what, outcome))


def _purses(folder: Path) -> list[Cells]:
    w = Words(get_language() == "en")
    lines = {**{name: w(*both) for name, both in NAMES.items()}, "total": _("I alt")}
    return [[w(*VIEW_NAMES[row["view"]]), lines[row["line"]], _number(row["effect"]), _number(row["lower"]), _number(row["upper"])] for row in _table(folder, "money")]


def _prices(told: dict[str, Any]) -> list[Cells]:
    money, rows = told["money"], list[Cells]()
    for name, price in money["per_extra"].items():
        label = _("Kroner til mentor for én mere: %(what)s") % {"what": _said(name, "SHORT").lower()}
        rows.append(_ratio(label, price))
    rows.append(_ratio(_("Mentortimens pris, når det går op for det offentlige inden for vinduet"), money["break_even_price"]))
    return rows


def _ratio(label: str, price: dict[str, Any]) -> Cells:
    """A price with its interval, or why there is none."""
    return [label, price["value"], price["lower"], price["upper"]] if "value" in price else [label, str(price.get("reason", ""))]
