"""A register file made into the compact form, once: wide Parquet or CSV of any size, and Parquet in long or spell form sorted by person.

Read in blocks of persons, so that memory does not grow with the register. Monthly columns are not kept here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from snerydder.registers import arrow, kernels, table, weeks
from snerydder.registers.compact import Writer
from snerydder.registers.compact_columns import Columns, Progress, no_code, plausible, require, source, span, week_columns
from snerydder.registers.compact_csv import wide_csv
from snerydder.registers.faults import BadInput
from snerydder.registers.source import ENDS

CELLS = 180_000_000  # of a wide block: 360 MB decoded
ROWS = 2_000_000  # of a long or spell block


def make(file: Path, folder: Path, columns: Columns | None = None, progress: Progress = lambda *_: None) -> None:
    """From a register file to a compact folder."""
    columns = columns or Columns()
    if not file.is_file():
        raise BadInput(file, "Filen findes ikke.", mend="Ret stien.")
    if file.suffix.lower() in (".parquet", ".pq"):
        names = pl.read_parquet_schema(file)
        if any(weeks.week_of_column(name) is not None for name in plausible(names)):
            _wide_parquet(file, folder, columns, progress)
        else:
            _rows_parquet(file, folder, columns, progress)
    elif file.suffix.lower() in (".csv", ".txt", ".tsv"):
        wide_csv(file, folder, columns, progress)
    else:
        raise BadInput(
            file, f"Filtypen {file.suffix!r} kan ikke gøres kompakt.", expected=".parquet eller .csv", mend="Gem udtrækket som Parquet først."
        )


def _keys(file: Path, series: pl.Series, row: int) -> list[str]:
    found = series.cast(pl.String).fill_null("").str.strip_chars()
    if (empty := (found == "").arg_max()) is not None and found[empty] == "":
        raise BadInput(
            file,
            "Personnøglen er tom.",
            f"række {row + empty + 2}, kolonne {series.name}",
            "en nøgle i hver række",
            "Find personens nøgle, eller fjern rækken.",
        )
    return found.to_list()


# --- Wide Parquet --------------------------------------------------------------------------------
def _wide_parquet(file: Path, folder: Path, columns: Columns, progress: Progress) -> None:
    names = list(pl.read_parquet_schema(file))
    require(file, names, [columns.key])
    found = week_columns(file, names)
    first, covered = span(found)
    lazy = pl.scan_parquet(file).select(columns.key, *found)
    total = int(pl.scan_parquet(file).select(pl.len()).collect().item())
    step = max(CELLS // len(covered), 64)
    with Writer(folder, first, covered, columns.key, source(file)) as writer:
        for low in range(0, total, step):
            progress(low, total)
            block = lazy.slice(low, step).collect()
            keys = _keys(file, block[columns.key], low)
            for part in _runs(file, block, {name: week - first for name, week in found.items()}, first, len(covered), low):
                writer.add(keys[: len(part[0])], *part)
                keys = keys[len(part[0]) :]
            del block  # before the next one is read, so that its memory is used again


def _numbers(file: Path, series: pl.Series, row: int) -> NDArray[np.uint16]:
    """A column of codes, 0 where blank, from whatever type it has. A written 0 is no code."""
    plain, blank = series, series.is_null()
    if series.dtype == pl.String:
        text = series.str.strip_chars()
        plain, blank = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False), blank | text.is_in(table.BLANK)
    value = plain.cast(pl.Float64).fill_nan(None)
    blank = blank | (value.is_null() & series.dtype.is_numeric())
    right = (value.is_between(1, 999) & (value == value.round(0))).fill_null(value=False)
    if not (blank | right).all():
        at = int((~(blank | right)).arg_max() or 0)
        raise no_code(file, series[at], row + at, series.name)
    return value.fill_null(0.0).cast(pl.UInt16).to_numpy()


def _runs(file: Path, block: pl.DataFrame, found: dict[str, int], first: int, span: int, row: int) -> list[tuple[NDArray[Any], ...]]:
    """The block's spells, one part for each thread."""
    from snerydder.registers.compact_columns_compiled import STRIP, runs

    addresses = np.zeros((span, 2), dtype=np.uint64)
    parts: list[tuple[NDArray[Any], ...]] = [()] * kernels.threads()

    def work(worker: int, low: int, high: int) -> None:
        low, high = low * STRIP, min(high * STRIP, block.height)
        lengths = np.zeros(block.height, dtype=np.uint16)
        code, begin, end = (np.empty((high - low) * span, dtype=np.uint16) for _ in range(3))  # only what is written takes room
        total = runs(addresses, first, low, high, lengths, code, begin, end)
        parts[worker] = (lengths[low:high], code[:total], begin[:total], end[:total])

    with arrow.two_bytes(block.select(*found)) as plain:
        others = {name: np.ascontiguousarray(_numbers(file, block[name], row)) for name in found if name not in plain}
        for name, week in found.items():
            addresses[week] = plain[name] if name in plain else (others[name].ctypes.data, 0)
        kernels.shared(work, -(-block.height // STRIP))
    made = [part for part in parts if part]
    written = block.height * len(plain) - sum(block[name].null_count() for name in plain) + sum(int(np.count_nonzero(one)) for one in others.values())
    largest, coded = (
        max(int(part[1].max(initial=0)) for part in made),
        sum(int(part[3].sum(dtype=np.int64) - part[2].sum(dtype=np.int64)) for part in made),
    )
    if largest > 999 or coded != written:  # a cell beyond 999, or a written 0: find it
        for name in plain:
            _numbers(file, block[name], row)
    return made


# --- Long and spell form -------------------------------------------------------------------------
def _rows_parquet(file: Path, folder: Path, columns: Columns, progress: Progress) -> None:
    names = list(pl.read_parquet_schema(file))
    spells = columns.begin in names
    when = [columns.begin, columns.end] if spells else [columns.week]
    require(file, names, [columns.key, columns.code, *when])
    if spells and columns.to_is not in ENDS:
        raise BadInput(
            file, f"Er {columns.end} den sidste uge i forløbet eller den første efter det?", f"kolonne {columns.end}", "--to-is last eller --to-is after", "Se efter hos den, der har leveret filen.",
        )  # fmt: skip
    lazy = pl.scan_parquet(file).select(columns.key, columns.code, *when)
    total = int(pl.scan_parquet(file).select(pl.len()).collect().item())
    first, last, held = 1 << 16, 0, lazy.slice(0, 0).collect()
    with Writer(folder, 0, np.ones(0, dtype=bool), columns.key, source(file)) as writer:
        for low in range(0, total, ROWS):
            progress(low, total)
            block = pl.concat([held, lazy.slice(low, ROWS).collect()])
            begins = low - held.height
            person = block[columns.key]
            whole = block.height
            if low + ROWS < total:  # the last person may go on in the next block
                whole = int((person != person[-1]).reverse().arg_max() or 0)
                whole = block.height - whole if person[0] != person[-1] else 0
            held, block = block[whole:], block[:whole]
            if block.height:
                low_week, high_week = _joined(file, block, columns, spells, begins, writer)
                first, last = min(first, low_week), max(last, high_week)
        writer.first, writer.covered = first, np.ones(max(last - first, 0), dtype=bool)


def _joined(file: Path, block: pl.DataFrame, columns: Columns, spells: bool, row: int, writer: Writer) -> tuple[int, int]:
    from snerydder.registers.compact_compiled import join_rows

    keys = block[columns.key]
    edge = (keys != keys.shift(1)).fill_null(value=True).to_numpy()
    person = np.cumsum(edge) - 1
    begin = _weeks(file, block[columns.begin if spells else columns.week], row)
    end = _ends(file, block[columns.end], row, columns.to_is) if spells else begin + 1
    code = _numbers(file, block[columns.code], row)
    lengths = np.zeros(person[-1] + 1, dtype=np.uint16)
    into = [np.empty(len(code), dtype=np.uint16) for _ in range(3)]
    total, wrong = join_rows(person, code, begin, end, lengths, *into)
    if wrong >= 0:
        raise BadInput(
            file,
            f"Personen {keys[wrong]} har uger, der overlapper eller ikke står i rækkefølge.",
            f"række {row + wrong + 2}",
            "sorteret efter person og uge, uden overlap",
            "Sortér filen efter person og uge.",
        )
    writer.add(_keys(file, keys.filter(pl.Series(edge)), row), lengths, *(array[:total] for array in into))
    return int(begin.min()), int(end.max())


def _ends(file: Path, series: pl.Series, row: int, to_is: str) -> NDArray[np.int32]:
    """The week after each spell. A day in a week is the week, so a spell that ends before a Wednesday has that week too."""
    if to_is == "after" and series.dtype in (pl.Date, pl.Datetime):
        return _weeks(file, series.dt.offset_by("-1d"), row) + 1
    return _weeks(file, series, row) + (to_is == "last")


def _weeks(file: Path, series: pl.Series, row: int) -> NDArray[np.int32]:
    if series.dtype in (pl.Date, pl.Datetime):
        series = (series.cast(pl.Date).cast(pl.Int32) - 4) // 7  # Monday 5 January 1970 is day 4
    elif not series.dtype.is_integer():
        raise BadInput(
            file,
            f"Kolonnen {series.name} er hverken datoer eller hele uger.",
            f"kolonne {series.name}",
            "en dato i ugen, eller uger siden mandag 5. januar 1970",
        )
    wrong = series.is_null() | (series < 0) | (series > 65000)
    if wrong.any():
        at = int(wrong.arg_max() or 0)
        raise BadInput(
            file, f"Ugen {series[at]!r} giver ingen mening.", f"række {row + at + 2}, kolonne {series.name}", "en uge efter 1970", "Ret cellen."
        )
    return series.cast(pl.Int32).to_numpy()
