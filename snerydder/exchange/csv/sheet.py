"""Reads one Excel file in a process of its own: `python sheet.py < file > rows.json`. No Django, no network, bounded memory and time.

A workbook is a zip of XML, so the zip's own table is looked at before anything is unpacked. What goes wrong is answered as
a code; the sentence for it is the web's business.
"""

import io
import json
import re
import sys
import zipfile
from datetime import date, datetime, time
from typing import Any

MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 2_000
MOST_ROWS, MOST_COLUMNS = 20_000, 80
MERGED = re.compile(rb'<mergeCell\b[^>]*\bref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
FORMULA = re.compile(rb"<f[ >/]")


class Fault(Exception):
    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.answer = {"error": code, **values}


def main() -> None:
    _bound()
    try:
        answer = read(sys.stdin.buffer.read())
    except Fault as fault:
        answer = fault.answer
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, SyntaxError):  # SyntaxError: XML that is none
        answer = {"error": "broken"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


def _bound() -> None:
    """At most 1.5 GB and 60 s of work, whatever the file says it holds."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (1536 * 1024 * 1024, 1536 * 1024 * 1024))
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))


def read(content: bytes) -> dict[str, Any]:
    """{"sheets": [{"name", "rows": [[text, ...]], "merged": [...], "formulas": [...]}]}; every cell as a Danish office would write it."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Fault("bomb")
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names:
            raise Fault("not_excel")
        seen = b"".join(packed.read(name) for name in sorted(names) if name.startswith("xl/worksheets/") and name.endswith(".xml"))
    merged = [ref.decode() for ref in MERGED.findall(seen)]
    values = _rows(content, data_only=True)
    if FORMULA.search(seen):
        _find_lost(values, _rows(content, data_only=False))
    return {"sheets": values, "merged": merged}


def _rows(content: bytes, *, data_only: bool) -> list[dict[str, Any]]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    found = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()
        rows: list[list[str]] = []
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [_text(value) for value in row[:MOST_COLUMNS]]
            if number - len(_trimmed(rows)) > 1_000:  # a stray cell far below
                break
            if len(rows) > MOST_ROWS + 20:
                raise Fault("long", most=MOST_ROWS)
            rows.append(cells)
        found.append({"name": sheet.title, "rows": _trimmed(rows), "formulas": 0, "lost": []})
    return found


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _find_lost(values: list[dict[str, Any]], formulas: list[dict[str, Any]]) -> None:
    """Cells that are formulas, and those whose last result the file does not hold."""
    for shown, written in zip(values, formulas, strict=True):
        for row, cells in enumerate(written["rows"]):
            for column, cell in enumerate(cells):
                if cell.startswith("="):
                    shown["formulas"] += 1
                    known = shown["rows"][row][column] if row < len(shown["rows"]) and column < len(shown["rows"][row]) else ""
                    if not known:
                        shown["lost"].append([row + 1, column])


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, datetime):
        return value.strftime("%d-%m-%Y") if value.time() == time(0) else value.strftime("%d-%m-%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value).replace(".", ",")
    return str(value).strip()


if __name__ == "__main__":
    main()
