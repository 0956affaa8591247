"""The columns of a table: keys, texts, numbers and dates, each cell that cannot be one told with its place."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from snerydder.registers import formats, weeks
from snerydder.registers.faults import BadInput, some

BLANK = ("", ".", "NA", "NaN", "null", "NULL")
THOUSANDS = r"^[1-9]\d{0,2}(\.\d{3})+$"
EXACT = 2**53  # whole numbers beyond this are not kept exactly in a floating point

read = formats.read


def require(table: pl.DataFrame, file: Path, columns: list[str], key: str) -> None:
    if missing := [name for name in columns if name not in table.columns]:
        near = [name for name in table.columns if name.lower() in {one.lower() for one in missing}]
        mend = f"Skriv {some(near)} med de samme store og små bogstaver." if near else f"Ret {key} i protokollen, eller ret filens overskrift."
        raise BadInput(file, f"Kolonnen {some(missing)} findes ikke.", expected=f"en af: {some(table.columns, 12)}", mend=mend)


def place(file: Path, row: int, column: str) -> str:
    return f"række {formats.row_number(file, row)}, kolonne {column}"


def texts(table: pl.DataFrame, column: str) -> list[str]:
    return [value.strip() for value in table[column].cast(pl.String).fill_null("").to_list()]


def _first(wrong: pl.Series) -> int | None:
    """The first row that is wrong."""
    return wrong.fill_null(False).arg_max() if wrong.any() else None


def keys(table: pl.DataFrame, file: Path, column: str) -> list[str]:
    """Person keys as text, none blank. A key that has been a floating point is a whole number again: 1234.0 is 1234."""
    series = table[column]
    if series.dtype.is_float():
        series = series.fill_nan(None)
        if (row := _first((series != series.round(0)) | (series.abs() >= EXACT))) is not None:
            raise BadInput(
                file,
                f"Personnøglen {series[row]!r} er ikke et helt tal, eller den har mistet cifre.",
                place(file, row, column),
                "nøglen som tekst",
                "Skriv filen igen med nøglen som tekst.",
            )
        series = series.cast(pl.Int64)
    plain = series.cast(pl.String).fill_null("").str.strip_chars()
    if (row := _first(plain == "")) is not None:
        raise BadInput(file, "Personnøglen er tom.", place(file, row, column), "en nøgle i hver række", "Find personens nøgle, eller fjern rækken.")
    if (row := _first(plain.str.contains(r"^\d+([.,]\d+)?[eE]\+?\d+$"))) is not None:
        raise BadInput(
            file,
            f"Personnøglen {plain[row]!r} har mistet cifre i et regneark.",
            place(file, row, column),
            "nøglen som tekst",
            "Hent filen igen, og åbn den ikke i et regneark undervejs.",
        )
    if (row := _first(plain.str.starts_with("="))) is not None:
        raise BadInput(
            file,
            f"Personnøglen {plain[row]!r} er en formel.",
            place(file, row, column),
            "nøglen som tekst",
            "Kopiér kolonnen i regnearket, og sæt den ind som værdier.",
        )
    if plain.str.contains(r"^\d+[.,]0+$").all():
        plain = plain.str.replace(r"[.,]0+$", "")
    return plain.to_list()


def numbers(table: pl.DataFrame, file: Path, column: str, rows: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
    """Decimal point or comma; blank and `.` are missing; anything else is told with its row (`rows` where the table is a part of the file's)."""
    series = table[column]
    if series.dtype != pl.String:
        if not (series.dtype.is_numeric() or series.dtype in (pl.Boolean, pl.Null)):
            raise BadInput(
                file,
                f"Kolonnen er {series.dtype} og ikke tal.",
                f"kolonne {column}",
                "tal",
                "Ret kolonnens type, eller vælg en anden kolonne i protokollen.",
            )
        return series.cast(pl.Float64).to_numpy().astype(np.float64)
    plain = series.str.strip_chars()
    plain = pl.select(pl.when(plain.is_in(BLANK)).then(None).otherwise(plain)).to_series()
    dotted = plain.filter(plain.str.contains(".", literal=True).fill_null(False))
    if len(dotted) and dotted.str.contains(THOUSANDS).all():
        row = int(plain.str.contains(THOUSANDS).fill_null(False).arg_max() or 0)
        raise BadInput(
            file,
            f"{series[row]!r} kan være tusinder eller decimaler.",
            place(file, row if rows is None else int(rows[row]), column),
            "tal uden tusindtegn",
            "Skriv 250000 eller 250,5.",
        )
    cast = plain.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    if (wrong := _first((cast.is_null() | ~cast.is_finite()) & plain.is_not_null())) is not None:
        raise BadInput(
            file,
            f"{series[wrong]!r} er ikke et tal.",
            place(file, wrong if rows is None else int(rows[wrong]), column),
            "et tal, tomt eller .",
            "Ret cellen, eller lad den være tom.",
        )
    return cast.to_numpy().astype(np.float64)


def dates(table: pl.DataFrame, file: Path, column: str) -> list[date]:
    found: list[date] = []
    for row, value in enumerate(table[column].to_list()):
        day = value.date() if isinstance(value, datetime) else value if isinstance(value, date) else weeks.day_of_text(str(value or ""))
        if day is None:
            raise no_day(file, row, column, str("" if value is None else value), "2012-08-20 eller 20-08-2012")
        found.append(day)
    return found


def no_day(file: Path, row: int, column: str, text: str, expected: str) -> BadInput:
    """Why a cell is no day, and what to do when it is the number some program keeps a day in."""
    serial = weeks.serial_of_text(text)
    mend = (
        f"Det ligner et datotal fra {serial[0]} ({serial[1].isoformat()}). Giv kolonnen datoformat, og gem filen igen."
        if serial
        else "Ret cellen; skriv året med fire cifre, og dagen før måneden."
    )
    if not text.strip():
        return BadInput(file, "Cellen er tom, og der skal stå en dato.", place(file, row, column), expected, "Skriv dagen, eller tag rækken ud, hvis den ikke hører til.")
    return BadInput(file, f"{text!r} er ikke en dato.", place(file, row, column), expected, mend)
