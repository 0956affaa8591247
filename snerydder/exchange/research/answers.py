"""Answers from a survey tool, held against the trial's pseudonyms. What is not understood is set aside with row and column, and the rest goes in.

The first column is the pseudonym; in each other a cell is a number, or ja or nej, or empty. Free text does not come in, and a file with a CPR number
is not kept at all.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from snerydder.audit.action import Refusal
from snerydder.exchange.research.sheets import Lines

KEY = "noegle"
KEYS = (KEY, "nøgle")  # da: what a column may be called
NUMBER = re.compile(r"^-?\d{1,9}(?:[.,]\d{1,6})?$")
WORDS = {"ja": "1", "nej": "0"}
# without its first zero too: a spreadsheet takes it away from a number
CPR = re.compile(r"\b(?:0?[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[- ]?\d{4}\b")


@dataclass(frozen=True)
class Aside:
    """A cell or a row that did not come in. What stood in it is not kept: it may be anything."""

    row: int
    column: str
    what: str


@dataclass(frozen=True)
class Checked:
    columns: tuple[str, ...]
    rows: dict[str, tuple[str, ...]]  # by pseudonym
    aside: tuple[Aside, ...]

    @property
    def told(self) -> list[dict[str, object]]:
        return [asdict(one) for one in self.aside]


def check(lines: Lines, known: Set[str]) -> Checked:
    if not lines:
        raise Refusal(_("Der er intet i filen."), mend=_("Hent svarene igen fra jeres spørgeskemaværktøj."), field="file")
    _no_cpr(lines)
    head = [name.strip() for name in lines[0][1]]
    names = [name for name in head[1:] if name]
    if head[0].lower() not in KEYS or not names:
        raise Refusal(_("Første kolonne hedder ikke noegle."), _("En kolonne med nøglerne og en for hvert spørgsmål."), _("Sæt nøglerne i første kolonne, og kald den noegle."), field="file")
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise Refusal(_("Kolonnen %(name)s står to gange.") % {"name": twice}, mend=_("Giv dem hver sit navn."), field="file")
    places = [place for place, name in enumerate(head) if place and name]
    rows: dict[str, tuple[str, ...]] = {}
    aside: list[Aside] = []
    for number, cells in lines[1:]:
        cells = [cell.strip() for cell in cells] + [""] * (len(head) - len(cells))
        if not any(cells):
            continue
        key = cells[0].upper()
        why = _("Nøglen mangler.") if not key else _("Nøglen er ikke med i forsøget.") if key not in known else _("Nøglen står to gange.") if key in rows else ""
        if why:
            aside.append(Aside(number, head[0], why))
            continue
        rows[key] = tuple(_cell(cells[place], number, head[place], aside) for place in places)
    return Checked(tuple(names), rows, tuple(aside))


def _cell(text: str, row: int, column: str, aside: list[Aside]) -> str:
    if not text or NUMBER.match(text):
        return text.replace(",", ".")
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    aside.append(Aside(row, column, _("Der står en tekst. Kun tal, ja, nej og tomme felter kommer ind.")))
    return ""


def _no_cpr(lines: Lines) -> None:
    for number, cells in lines:
        for place, cell in enumerate(cells):
            if CPR.search(cell):
                column = lines[0][1][place] if place < len(lines[0][1]) else str(place + 1)
                raise Refusal(
                    _("Der står noget, der ligner et CPR-nummer, i række %(row)s, kolonne %(column)s. Filen er ikke gemt.") % {"row": number, "column": column},
                    mend=_("Fjern kolonnen i spørgeskemaværktøjet, og hent svarene igen."), field="file",
                )  # fmt: skip
