"""From a file to a table of cells: CSV, Parquet, SAS, Stata or Excel, told by what is in the file and not by its name alone.

CSV and Excel come as text, cell by cell as they stand; the others keep their types. A file that is cut off, has a line of
another length than its heading, holds a formula or is not what its name says is refused: read as far as it goes, it would look
like weeks without benefit.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from snerydder.registers.faults import BadInput, some

ENDINGS = {
    ".csv": "CSV", ".txt": "CSV", ".tsv": "CSV", ".parquet": "Parquet", ".pq": "Parquet", ".sas7bdat": "SAS", ".xpt": "SAS-transport", ".dta": "Stata", ".xlsx": "Excel",
}  # fmt: skip
MAGIC = (
    (b"PAR1", "Parquet"), (b"PK\x03\x04", "Excel"), (b"\xd0\xcf\x11\xe0", "Excel 97-2003 (.xls)"), (b"HEADER RECORD*******LIB", "SAS-transport"),
    (bytes(12) + b"\xc2\xea\x81\x60", "SAS"), (b"<stata_dta>", "Stata"), (b"%PDF", "PDF"), (b"\x1f\x8b", "gzip"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"),
)  # fmt: skip
WEB_PAGE = re.compile(rb"\s*<(!doctype html|html|head|body)\b", re.IGNORECASE)
OLD_STATA = re.compile(rb"[\x69-\x73][\x01\x02]\x01\x00", re.DOTALL)
ENTIRE = "hele filen, fx en CSV i UTF-8 med én overskriftsrække; ellers .parquet, .sas7bdat, .xpt, .dta eller .xlsx"


def read(file: Path, what: str, *, empty: bool = False) -> pl.DataFrame:
    """`empty`: a heading without rows says that nothing happened."""
    if file.is_dir():
        raise BadInput(
            file,
            f"Stien er en mappe og ikke en fil ({what}).",
            expected=" eller ".join(ENDINGS),
            mend='Er det et register i kompakt form, så skriv form = "compact" under [register].',
        )
    if not file.is_file():
        raise BadInput(file, f"Filen findes ikke ({what}).", mend="Ret stien i protokollen; den regnes fra protokollens egen mappe.")
    named = ENDINGS.get(file.suffix.lower())
    if named is None:
        raise BadInput(file, f"Filtypen {file.suffix!r} kan ikke læses ({what}).", expected=" eller ".join(ENDINGS))
    held = _kind(file)
    if held == "tom":
        raise BadInput(file, f"Filen er tom ({what}).", expected="en overskrift og mindst én række under den", mend="Hent den igen.")
    if held != named:
        ending = next((ending for ending, kind in ENDINGS.items() if kind == held), None)
        mend = f"Giv filen endelsen {ending}, og ret stien i protokollen." if ending else "Hent filen igen: det er nok siden, man logger ind på." if held == "en webside" else "Gem den igen som CSV (UTF-8) eller .xlsx."
        raise BadInput(file, f"Filen hedder {file.suffix}, men indholdet er {held} ({what}).", expected=f"en fil af typen {named}", mend=mend)
    try:
        table = READERS[named](file)
    except BadInput:
        raise
    except Exception as fault:  # whatever the readers of six formats can throw, the answer is the same
        said = (str(fault).splitlines() or [type(fault).__name__])[0]
        raise BadInput(
            file, f"Filen kunne ikke læses ({what}): {said}", expected=ENTIRE, mend="Hent filen igen; den kan være afbrudt undervejs."
        ) from fault
    table = _without_blank_end(table)
    if table.height == 0 and not empty:
        raise BadInput(file, f"Filen er tom ({what}).", expected="mindst én række under overskriften", mend="Hent den igen.")
    return table


def row_number(file: Path, place: int) -> int:
    """The row as its reader sees it: under the heading in CSV and Excel, counted from 1 in the others."""
    return place + (2 if ENDINGS.get(file.suffix.lower()) in ("CSV", "Excel") else 1)


def _kind(file: Path) -> str:
    with file.open("rb") as opened:
        head = opened.read(4096)
    if not head.strip():
        return "tom"
    if WEB_PAGE.match(head):
        return "en webside"
    for start, name in MAGIC:
        if head.startswith(start):
            return name
    if OLD_STATA.match(head):
        return "Stata"
    return "hverken tekst eller en kendt filtype" if b"\x00" in head else "CSV"


def _without_blank_end(table: pl.DataFrame) -> pl.DataFrame:
    """Excel leaves rows of nothing below a table; they say nothing, and only at the end are they harmless."""
    height = table.height
    while height and all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in table.row(height - 1)):
        height -= 1
    return table.head(height)


# --- CSV -------------------------------------------------------------------------------------------------------------------
def _csv(file: Path) -> pl.DataFrame:
    content = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        try:
            content = content.decode("cp1252").encode()
        except UnicodeDecodeError as fault:
            raise BadInput(
                file,
                "Bogstaverne er hverken UTF-8 eller Windows-1252.",
                f"byte {fault.start + 1}",
                "en CSV i UTF-8",
                "Gem filen igen med kodningen UTF-8.",
            ) from None
    head = content[: content.find(b"\n")] if b"\n" in content else content
    separator = max((b",", b";", b"\t"), key=head.count)
    names = [name.strip() for name in next(csv.reader([head.decode().rstrip("\r")], delimiter=separator.decode()))]
    _no_heading_twice(file, names)
    _equal_lines(file, content, separator, len(names))
    table = pl.read_csv(content, separator=separator.decode(), infer_schema=False)
    table.columns = _unique(names)
    return table


def _no_heading_twice(file: Path, names: list[str]) -> None:
    if twice := sorted({name for name in names if name and names.count(name) > 1}) if len(set(names)) < len(names) else []:
        raise BadInput(
            file,
            f"Overskriften {some(twice)} står to gange.",
            f"kolonne {names.index(twice[0]) + 1} og {names.index(twice[0], names.index(twice[0]) + 1) + 1}",
            "ét navn pr. kolonne",
            "Fjern den ene kolonne, eller giv den sit eget navn.",
        )


def _unique(names: list[str]) -> list[str]:
    return [name or f"(kolonne {place})" for place, name in enumerate(names, 1)]


def _records(file: Path, content: bytes) -> Iterator[tuple[int, bytes]]:
    """Row number and line; what stands in quotation marks is left out, and may run over several lines."""
    waiting, row = b"", 0
    for line in io.BytesIO(content):
        if waiting or b'"' in line:
            waiting += line
            if waiting.count(b'"') % 2:
                continue
            line, waiting = re.sub(rb'"[^"]*"', b"x", waiting), b""
        row += 1
        yield row, line
    if waiting:
        raise BadInput(
            file,
            "Et citationstegn bliver aldrig lukket.",
            f"række {row + 1}",
            'lige mange " i hver celle',
            "Ret cellen, eller hent filen igen; den kan være afbrudt undervejs.",
        )


def _equal_lines(file: Path, content: bytes, separator: bytes, fields: int) -> None:
    """A short line would be filled with blanks, and a blank is a week without benefit."""
    rows = 0
    short: tuple[int, int] | None = None
    for row, line in _records(file, content):
        if not line.strip():
            continue  # an empty line has no key and is told of there
        if short:
            break
        rows = row
        if (found := line.count(separator) + 1) != fields:
            short = (row, found)
    else:
        if short is None:
            return
        row, found = short
        if found < fields:
            raise BadInput(
                file,
                f"Den sidste række har {found} felter, og overskriften har {fields}.",
                f"række {row}",
                f"{fields} felter i hver række",
                "Filen er nok afbrudt undervejs: hent den igen.",
            )
    assert short is not None
    row, found = short
    mend = (
        "Mangler der et navn i overskriften? R skriver rækkernes navne uden: skriv filen igen uden dem. Står decimaltal med komma i en fil, der er adskilt af komma, så gem den med semikolon."
        if rows == 2 and found == fields + 1
        else 'Sæt " om celler, der indeholder skilletegnet, eller hent filen igen.'
    )
    raise BadInput(
        file,
        f"Rækken har {found} felter, og overskriften har {fields}. Så er kolonnerne forskudt.",
        f"række {row}",
        f"{fields} felter i hver række",
        mend,
    )


def _parquet(file: Path) -> pl.DataFrame:
    """R keeps texts that repeat as factors; here they are texts."""
    return pl.read_parquet(file).with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))


# --- Excel -----------------------------------------------------------------------------------------------------------------
VALUE = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*>\s*<(?:f[ >]|f/|v>|is>)')
FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*>\s*<f[ >/]')
BROKEN = re.compile(rb'<c r="([A-Z]+\d+)"[^>]* t="e"')


def _excel(file: Path) -> pl.DataFrame:
    import fastexcel

    with zipfile.ZipFile(file) as opened:
        if "xl/workbook.xml" not in opened.namelist():
            raise BadInput(file, "Filen er en zip-fil, men ikke en Excel-fil.", expected=".xlsx", mend="Pak den ud, og brug filen indeni.")
        sheets = [opened.read(name) for name in opened.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    filled = [sheet for sheet in sheets if VALUE.search(sheet)]
    book = fastexcel.read_excel(file)
    if len(filled) > 1:
        raise BadInput(
            file,
            f"{len(filled)} ark har indhold; arkene hedder {some(book.sheet_names)}.",
            expected="ét ark med tabellen",
            mend="Gem arket med tabellen som sin egen fil.",
        )
    if not filled:
        return pl.DataFrame()
    for pattern, what, mend in (
        (FORMULA, "Cellen er en formel. Dens tal kan være gammelt eller mangle.", "Kopiér arket, og sæt det ind som værdier."),
        (BROKEN, "Cellen er en fejl (fx #N/A).", "Ret cellen, eller gør den tom."),
    ):
        if found := pattern.search(filled[0]):
            raise BadInput(file, what, f"celle {found[1].decode()}", "en værdi", mend)
    if (start := VALUE.search(filled[0])) and start[1] != b"A1":
        raise BadInput(
            file,
            "Tabellen begynder ikke i arkets første celle.",
            f"celle {start[1].decode()}",
            "overskrifter i række 1, fra celle A1",
            "Fjern rækker og kolonner over og til venstre for tabellen.",
        )
    cells = next(cells for name in book.sheet_names if (cells := book.load_sheet(name, header_row=None, dtypes="string").to_polars()).height)
    names = [str(cell or "").strip() for cell in cells.row(0)]
    _no_heading_twice(file, names)
    cells.columns = _unique(names)
    return cells.tail(-1)


# --- SAS and Stata ---------------------------------------------------------------------------------------------------------
def _transport(file: Path) -> pl.DataFrame:
    """The form does not say how many rows it has, only that it fills whole records of 80 bytes."""
    if file.stat().st_size % 80:
        raise BadInput(file, "Filen ender midt i en post.", f"byte {file.stat().st_size}", ENTIRE, "Hent filen igen; den er afbrudt undervejs.")
    return _statistical("read_xport")(file)


def _statistical(reader: str) -> Callable[[Path], pl.DataFrame]:
    def read_as(file: Path) -> pl.DataFrame:
        import pyreadstat

        table: tuple[pl.DataFrame, Any] = getattr(pyreadstat, reader)(str(file), output_format="polars")
        return table[0]

    return read_as


READERS: dict[str, Callable[[Path], pl.DataFrame]] = {
    "CSV": _csv, "Parquet": _parquet, "Excel": _excel,
    "SAS": _statistical("read_sas7bdat"), "SAS-transport": _transport, "Stata": _statistical("read_dta"),
}  # fmt: skip
