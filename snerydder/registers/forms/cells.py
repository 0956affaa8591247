"""A column of codes as numbers: text, whole numbers, 651.0 or 651,0, blank and `.` are one and the same; anything else has its place told."""

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
    chosen = table.select(columns)
    kinds = dict(chosen.schema)
    for name, kind in kinds.items():
        if not (kind.is_numeric() or kind in (pl.String, pl.Null)):
            raise BadInput(
                file,
                f"Kolonnen er {kind} og ikke koder.",
                f"kolonne {name}",
                "tal eller tekst på tre cifre",
                "Ret kolonnens type, eller spørg den, der lavede udtrækket.",
            )
    found, plain = _plain(chosen, kinds)
    if crooked := [name for name in columns if name not in plain]:
        exact = chosen.select(_code(name, kinds[name]) for name in crooked).to_numpy()
        if (wrong := np.argwhere(exact == WRONG)).size:
            row, column = (int(place) for place in wrong[0])
            raise _no_code(file, chosen[crooked[column]][row], int(rows[row]), crooked[column])
        at = {name: place for place, name in enumerate(columns)}
        found[:, [at[name] for name in crooked]] = exact
    return found


def _plain(chosen: pl.DataFrame, kinds: dict[str, pl.DataType]) -> tuple[NDArray[np.uint16], set[str]]:
    """Columns of nothing but whole numbers and blanks, as nearly all are, read at once; the others are left for a closer look."""
    whole = [kind.is_integer() or kind in (pl.String, pl.Null) for kind in kinds.values()]
    names = [name for name, may in zip(kinds, whole, strict=True) if may]
    found = np.zeros((chosen.height, len(kinds)), dtype=np.uint16)
    if not (names and chosen.height):
        return found, set(names)
    narrow = chosen.select(pl.col(names).cast(pl.Int16, strict=False))
    lost = np.array(narrow.null_count().row(0)) != np.array(chosen.select(names).null_count().row(0))
    low, high = (np.array(one.row(0)) for one in (narrow.fill_null(1).min(), narrow.fill_null(1).max()))
    plain = ~lost & (low >= 1) & (high <= 999)
    at = np.flatnonzero(whole)
    found[:, at[plain]] = narrow.fill_null(0).to_numpy()[:, plain]
    return found, {name for name, clean in zip(names, plain, strict=True) if clean}


def _no_code(file: Path, value: object, row: int, column: str) -> BadInput:
    zero = str(value).strip().strip("0.") == ""
    mend = (
        "Betyder 0 ingen ydelse, så gør cellerne tomme."
        if zero
        else "Ret cellen, eller spørg den, der lavede udtrækket; er hele rækken forskudt, mangler der en celle."
    )
    return BadInput(
        file,
        f"{value!r} er ikke en kode." if isinstance(value, str) else f"{value} er ikke en kode.",
        f"række {formats.row_number(file, row)}, kolonne {column}",
        "tre cifre som 651, tomt eller .",
        mend,
    )


def _code(name: str, kind: pl.DataType) -> pl.Expr:
    """The number, 0 where blank, WRONG where it is no code."""
    column = pl.col(name)
    if kind == pl.String:
        text = column.str.strip_chars()
        number = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        blank = text.is_null() | text.is_in(BLANK)
    else:
        number = column.cast(pl.Float64)
        blank = number.is_null() | number.is_nan()
    right = (number.is_between(1, 999) & (number == number.round(0))).fill_null(False)
    return pl.when(blank).then(0.0).when(right).then(number).otherwise(WRONG).alias(name)
