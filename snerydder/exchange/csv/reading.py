"""From a file to a table: which kind of file it is, in which letters it is written, what stands between the columns.

Whoever sent it cannot be asked, so everything that can be told from the file is told from the file; what cannot, is refused
with a sentence and a way out. Nothing is guessed that could be two things.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from snerydder.audit.action import Refusal

LARGEST = 10 * 1024 * 1024
MOST_ROWS = 20_000
SHEET = Path(__file__).with_name("sheet.py")
SEPARATORS = (";", ",", "\t", "|")
TITLES = 10  # so many lines may stand above the headings
_TWICE = re.compile("Ã[¦¸¥†˜…]")
_DANISH = {chr(code) for code in (0xE6, 0xF8, 0xE5, 0xC6, 0xD8, 0xC5)}
_DOS = re.compile("[a-zA-Z][‘›†’][a-zA-Z]")


@dataclass
class Table:
    """The file's lines as text, with the number each has in the file."""

    lines: list[tuple[int, list[str]]]
    notes: list[str] = field(default_factory=list)
    lost: dict[int, set[int]] = field(default_factory=dict)  # line: columns that are formulas without a result
    formulas: int = 0  # cells that are calculated


def read(name: str, content: bytes) -> list[Table]:
    """The tables of a file, the likeliest first: one for CSV, one for each sheet of a workbook."""
    if len(content) > LARGEST:
        raise _refusal(_("Filen er for stor."), _("Den må fylde højst 10 MB."), _("Del den i to, og importér dem hver for sig."))
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise _refusal(_("Filen er tom."), "", _("Se efter, om eksporten blev færdig, og hent den igen."))
    kind = kind_of(content)
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if kind in _FOREIGN:
        raise _foreign(kind)
    if ending not in ("csv", "txt", "tsv", "xlsx"):
        raise _refusal(_("Filtypen kan ikke læses."), "", _("Gem den som Excel (.xlsx) eller CSV, og prøv igen."))
    if (kind == "xlsx") != (ending == "xlsx"):
        told = _("Filen hedder .%(ending)s, men er ikke sådan en fil.") % {"ending": ending}
        raise _refusal(told, "", _("Åbn den i Excel, gem den igen som Excel (.xlsx) eller CSV, og prøv med den."))
    return _workbook(content) if kind == "xlsx" else [_text_table(content)]


def kind_of(content: bytes) -> str:
    """What the bytes are, whatever the file is called."""
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if content.startswith(b"PK\x03\x04"):
        return "ods" if b"opendocument" in content[:200] else "xlsx"
    for sign, kind in ((b"\xd0\xcf\x11\xe0", "old"), (b"%PDF", "pdf"), (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image")):
        if content.startswith(sign):
            return kind
    if start[:9].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        return "html"
    return "text"


_FOREIGN = ("ods", "old", "pdf", "image", "html")


def _foreign(kind: str) -> Refusal:
    save = _("Åbn den i Excel, vælg Gem som, og gem den som Excel-projektmappe (.xlsx).")
    what = {
        "ods": _("Filen er et OpenDocument-ark."),
        "old": _("Filen er i det gamle Excel-format, eller den er låst med en adgangskode."),
        "pdf": _("Filen er en PDF. Den kan ikke læses som en tabel."),
        "image": _("Filen er et billede. Det kan ikke læses som en tabel."),
        "html": _("Filen er en webside, selv om den ligner et regneark."),
    }[kind]
    return _refusal(what, "", _("Hent listen som Excel eller CSV i stedet.") if kind in ("pdf", "image") else save)


# --- Excel ---------------------------------------------------------------------------------------
def _workbook(content: bytes) -> list[Table]:
    """Read in a process that has no database, and that the system stops if the file is made to be endless."""
    environment = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PATH": os.environ.get("PATH", "")}
    try:
        done = subprocess.run([sys.executable, str(SHEET)], input=content, capture_output=True, timeout=90, env=environment, check=False)
        answer = json.loads(done.stdout or b"{}")
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        answer = {}
    if "sheets" not in answer:
        raise _sheet_fault(answer.get("error", "endless"))
    tables = [_sheet(sheet) for sheet in answer["sheets"] if sheet["rows"]]
    if not tables:
        raise _refusal(_("Arket er tomt."), "", _("Se efter, om eksporten blev færdig, og hent den igen."))
    _refuse_merged(answer["merged"])
    return tables


def _sheet(sheet: dict[str, Any]) -> Table:
    table = Table([(number, row) for number, row in enumerate(sheet["rows"], start=1) if any(row)])
    for line, column in sheet["lost"]:
        table.lost.setdefault(line, set()).add(column)
    table.formulas = sheet["formulas"]
    if sheet["formulas"]:
        told = _("%(count)s celler er formler. Vi bruger det tal, Excel sidst regnede ud.")
        table.notes.append(told % {"count": sheet["formulas"]})
    return table


def _refuse_merged(merged: list[str]) -> None:
    """A title across the top is no harm; two cells made one among the rows are values that belong to nobody."""
    below = [ref for ref in merged if int(re.sub(r"\D", "", ref.split(":")[1])) > TITLES or len({*re.findall(r"\d+", ref)}) > 1]
    if below:
        raise _refusal(
            _("Arket har flettede celler (%(cells)s).") % {"cells": ", ".join(below[:3])}, _("Så kan man ikke se, hvilken række en oplysning hører til."),
            _("Markér arket i Excel, vælg Flet og centrer for at ophæve det, udfyld de tomme celler, og gem."),
        )


def _sheet_fault(code: str) -> Refusal:
    broken = (_("Excel-filen kan ikke åbnes."), _("Den er beskadiget eller ikke en Excel-fil."), _("Åbn den i Excel, gem den igen, og prøv med den."))
    words = {
        "bomb": (_("Filen pakker ud til meget mere, end den fylder."), _("Sådan en fil åbner vi ikke."), _("Kopiér tabellen til et nyt ark, og gem det.")),
        "long": _too_long(),
        "endless": (_("Filen tog for lang tid at læse."), "", _("Kopiér tabellen til et nyt ark, og gem det.")),
    }
    return _refusal(*words.get(code, broken))


def _too_long() -> tuple[str, str, str]:
    return _("Filen har for mange rækker."), _("Der kan importeres %(most)s ad gangen.") % {"most": MOST_ROWS}, _("Del den i flere filer.")


# --- Text ----------------------------------------------------------------------------------------
def _text_table(content: bytes) -> Table:
    text, notes = _decoded(content)
    text = text.replace("\0", "")
    if first := re.match(r"sep=(.)\r?\n", text):
        text = text[first.end() :]
        separator = first.group(1)
    else:
        separator = _separator(text)
    csv.field_size_limit(1_000_000)
    lines: list[tuple[int, list[str]]] = []
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator)
    try:
        for row in reader:
            cells = [_plain(cell) for cell in row[:80]]
            if any(cells):
                lines.append((reader.line_num, cells))
            if len(lines) > MOST_ROWS + TITLES:
                raise _refusal(*_too_long())
    except csv.Error:
        raise _refusal(_("Filen kan ikke læses som en tabel."), "", _("Åbn den i Excel, gem den som Excel (.xlsx), og prøv med den.")) from None
    return Table(lines, notes)


def _plain(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from calculating, which our own files carry."""
    cell = cell.strip().strip("\ufeff\u00a0").strip()
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _decoded(content: bytes) -> tuple[str, list[str]]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _strict(content, "utf-16"), []
    if sum(1 for byte in content[:20_000] if byte < 32 and byte not in b"\t\r\n\f") > 2:
        raise _refusal(_("Filen er ikke en tabel i tekst."), "", _("Hent listen som Excel (.xlsx) eller CSV, og prøv med den."))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _unreadable_letters()
    if "\ufffd" in text or (encoding == "cp1252" and _DOS.search(text) and not _DANISH & set(text)):
        raise _unreadable_letters()
    if _TWICE.search(text):
        try:
            return text.encode("cp1252").decode("utf-8"), [_("Æ, ø og å var gemt forkert i filen. Det har vi rettet, mens vi læste den.")]
        except UnicodeError:
            raise _unreadable_letters() from None
    return text, []


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise _unreadable_letters() from None


def _unreadable_letters() -> Refusal:
    return _refusal(
        _("Vi kan ikke læse æ, ø og å i filen."), _("Den er gemt med andre tegn, end vi kender."),
        _("Åbn den i Excel, vælg Gem som, og vælg CSV UTF-8 eller Excel (.xlsx)."),
    )


def _separator(text: str) -> str:
    """The sign that cuts the first lines into the same number of columns, most columns first."""
    lines = [line for line in text.splitlines()[: TITLES + 5] if line.strip()]

    def columns(sign: str) -> int:
        counts = sorted((len(row) for row in csv.reader(lines, delimiter=sign)), reverse=True)
        return counts[0] + (counts[1] if len(counts) > 1 else 0) if counts else 0

    return max(SEPARATORS, key=columns)


def _refusal(what: str, why: str = "", mend: str = "") -> Refusal:
    return Refusal(what, why, mend, field="file")
