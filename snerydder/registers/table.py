"""Read any table as it stands: CSV (comma, semicolon or tab) or Parquet, every CSV cell as text."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from snerydder.registers.faults import BadInput, some

BLANK = ("", ".", "NA", "NaN", "null", "NULL")


def read(file: Path, what: str) -> pl.DataFrame:
    if not file.is_file():
        raise BadInput(file, f"Filen findes ikke ({what}).", mend="Ret stien i protokollen; den regnes fra protokollens egen mappe.")
    try:
        if file.suffix.lower() in (".parquet", ".pq"):
            table = pl.read_parquet(file)
        elif file.suffix.lower() in (".csv", ".txt", ".tsv"):
            table = pl.read_csv(file, separator=_separator(file), infer_schema=False, encoding="utf8")
        else:
            raise BadInput(file, f"Filtypen {file.suffix!r} kan ikke læses ({what}).", expected=".csv eller .parquet")
    except pl.exceptions.PolarsError as fault:
        said = str(fault).splitlines()[0]
        raise BadInput(file, f"Filen kunne ikke læses ({what}): {said}", expected="en CSV i UTF-8 med én overskriftsrække, eller Parquet") from None
    if table.height == 0:
        raise BadInput(file, f"Filen er tom ({what}).", expected="mindst én række under overskriften")
    return table


def _separator(file: Path) -> str:
    with file.open("rb") as opened:
        head = opened.readline().decode("utf-8-sig", errors="replace")
    return max((",", ";", "\t"), key=head.count)


def require(table: pl.DataFrame, file: Path, columns: list[str], key: str) -> None:
    if missing := [name for name in columns if name not in table.columns]:
        raise BadInput(file, f"Kolonnen {some(missing)} findes ikke.", expected=f"en af: {some(table.columns, 12)}", mend=f"Ret {key} i protokollen, eller ret filens overskrift.")


def texts(table: pl.DataFrame, column: str) -> list[str]:
    return [value.strip() for value in table[column].cast(pl.String).fill_null("").to_list()]


def keys(table: pl.DataFrame, file: Path, column: str) -> list[str]:
    """Person keys as text, none blank."""
    found = texts(table, column)
    if (empty := next((row for row, value in enumerate(found) if not value), None)) is not None:
        raise BadInput(file, "Personnøglen er tom.", f"række {empty + 2}, kolonne {column}", "en nøgle i hver række", "Find personens nøgle, eller fjern rækken.")
    return found


def numbers(table: pl.DataFrame, file: Path, column: str) -> NDArray[np.float64]:
    """Decimal point or comma; blank and `.` are missing; anything else is told with its row."""
    series = table[column]
    if series.dtype != pl.String:
        return series.cast(pl.Float64).to_numpy().astype(np.float64)
    plain = series.str.strip_chars()
    plain = pl.select(pl.when(plain.is_in(BLANK)).then(None).otherwise(plain.str.replace(",", ".", literal=True))).to_series()
    cast = plain.cast(pl.Float64, strict=False)
    wrong = (cast.is_null() & plain.is_not_null()).arg_max()
    if wrong is not None and cast[wrong] is None and plain[wrong] is not None:
        raise BadInput(file, f"{series[wrong]!r} er ikke et tal.", f"række {wrong + 2}, kolonne {column}", "et tal, tomt eller .", "Ret cellen, eller lad den være tom.")
    return cast.to_numpy().astype(np.float64)


def dates(table: pl.DataFrame, file: Path, column: str) -> list[date]:
    found: list[date] = []
    for row, value in enumerate(table[column].to_list()):
        if isinstance(value, datetime):
            found.append(value.date())
            continue
        if isinstance(value, date):
            found.append(value)
            continue
        parsed = _date(str(value or "").strip())
        if parsed is None:
            raise BadInput(file, f"{value!r} er ikke en dato.", f"række {row + 2}, kolonne {column}", "2012-08-20 eller 20-08-2012", "Ret cellen.")
        found.append(parsed)
    return found


def _date(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  # a day of the calendar has no zone
        except ValueError:
            continue
    return None
