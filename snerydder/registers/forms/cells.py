"""A column of codes as numbers: text, whole numbers, 651.0, blank and `.` are one and the same; anything else has its place told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from snerydder.registers import formats
from snerydder.registers.faults import BadInput
from snerydder.registers.table import BLANK

WRONG = -1.0


def codes(file: Path, table: pl.DataFrame, columns: list[str], rows: NDArray[np.int64]) -> NDArray[np.uint16]:
    """Rows × columns. `rows` are the places the rows had in the file."""
    for name in columns:
        if not (table.schema[name].is_numeric() or table.schema[name] in (pl.String, pl.Null)):
            raise BadInput(
                file,
                f"Kolonnen er {table.schema[name]} og ikke koder.",
                f"kolonne {name}",
                "tal eller tekst på tre cifre",
                "Ret kolonnens type, eller spørg den, der lavede udtrækket.",
            )
    read = table.select(_code(name, table.schema[name]) for name in columns).to_numpy()
    if (wrong := np.argwhere(read == WRONG)).size:
        row, column = (int(place) for place in wrong[0])
        value = table[columns[column]][row]
        zero = str(value).strip().strip("0.") == ""
        mend = (
            "Betyder 0 ingen ydelse, så gør cellerne tomme."
            if zero
            else "Ret cellen, eller spørg den, der lavede udtrækket; er hele rækken forskudt, mangler der en celle."
        )
        raise BadInput(
            file,
            f"{value!r} er ikke en kode.",
            f"række {formats.row_number(file, int(rows[row]))}, kolonne {columns[column]}",
            "tre cifre som 651, tomt eller .",
            mend,
        )
    return read.astype(np.uint16)


def _code(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if kind == pl.String:
        text = column.str.strip_chars()
        number = text.cast(pl.Float64, strict=False)
        blank = text.is_null() | text.is_in(BLANK)
    else:
        number = column.cast(pl.Float64)
        blank = number.is_null() | number.is_nan()
    right = (number.is_between(1, 999) & (number == number.round(0))).fill_null(False)
    return pl.when(blank).then(0.0).when(right).then(number).otherwise(WRONG).alias(name)
