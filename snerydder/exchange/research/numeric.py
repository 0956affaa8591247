"""The package once more in numbers alone, for a machine that takes nothing else, as Statistics Denmark's: every value is a number but the pseudonym.

A word becomes a code, a Monday becomes its week written yyyyww, and a code book of its own says what each code is. It is made from the files of the
package and has nothing that they have not.
"""
# da-file: the files are read by evaluators in Danish

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

FILE, BOOK = "talform.zip", "kodebog-tal.csv"
KEYS = ("noegle", "mentor")
NUMBER, DAY = re.compile(r"^-?\d+(\.\d+)?$"), re.compile(r"^\d{4}-\d{2}-\d{2}$")
FIXED = {"gruppe": {"control": "0", "offered": "1", "more": "2"}}  # what the method calls them


def write(folder: Path) -> None:
    """Beside the package's files, packed in one. The same bytes each time: no clock in it."""
    book, made = list[tuple[str, str, str, str]](), dict[str, str]()
    for file in sorted(folder.glob("*.csv")):
        if file.name == "kodebog.csv":
            continue
        with file.open(encoding="utf-8", newline="") as opened:
            head, *rows = csv.reader(opened)
        columns = [_coded(file.name, name, [row[place] for row in rows], book) for place, name in enumerate(head)]
        made[file.name] = _csv([head, *map(list, zip(*columns, strict=True))])
    made[BOOK] = _csv([["fil", "kolonne", "kode", "betyder"], *map(list, book)])
    with zipfile.ZipFile(folder / FILE, "w") as archive:
        for name, text in made.items():
            archive.writestr(zipfile.ZipInfo(name), text.encode("utf-8"), zipfile.ZIP_DEFLATED)


def _coded(file: str, column: str, values: Sequence[str], book: list[tuple[str, str, str, str]]) -> list[str]:
    given = [value for value in values if value]
    if column in KEYS:
        book.append((file, column, "", "pseudonym, ikke et tal"))
        return list(values)
    if given and all(map(DAY.match, given)):
        book.append((file, column, "", "uge, skrevet ååååuu"))
        return [_week(value) if value else "" for value in values]
    if column not in FIXED and all(map(NUMBER.match, given)):
        book.append((file, column, "", "tal, som i pakken"))
        return list(values)
    codes = FIXED.get(column) or {value: str(number) for number, value in enumerate(sorted(set(given)), 1)}
    book += [(file, column, code, value) for value, code in codes.items() if value in given]
    return [codes[value] if value else "" for value in values]


def _week(monday: str) -> str:
    found = date.fromisoformat(monday).isocalendar()
    return f"{found.year}{found.week:02d}"


def _csv(rows: Sequence[Sequence[str]]) -> str:
    held = io.StringIO(newline="")
    csv.writer(held, lineterminator="\n").writerows(rows)
    return held.getvalue()
