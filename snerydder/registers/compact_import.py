"""A register file made into the compact form, once: wide Parquet or CSV of any size, and Parquet in long or spell form sorted by person.

Read in blocks of persons, so that memory does not grow with the register. Monthly columns are not kept here.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from snerydder.registers import kernels, table, weeks
from snerydder.registers.compact import Writer
from snerydder.registers.faults import BadInput, some
from snerydder.registers.source import ENDS

Progress = Callable[[int, int], None]  # done, of how many
CELLS = 180_000_000  # of a wide block: 360 MB decoded
ROWS = 2_000_000  # of a long or spell block
CHUNK = 4 << 20  # bytes of CSV for a thread at a time
SLACK = 1 << 17  # a row may go on this far behind its chunk before more room is asked for
Item = TypeVar("Item")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Columns:
    """What the columns are called where they are not y_yyww. Weeks are dates, or whole weeks since Monday 5 January 1970."""

    key: str = "pnr"
    code: str = "code"
    week: str = "week"  # long form
    begin: str = "begin"  # spell form
    end: str = "end"
    to_is: str = "after"  # what `end` holds: the week or day after the spell, or its "last"; "" when nobody has said


def make(file: Path, folder: Path, columns: Columns | None = None, progress: Progress = lambda *_: None) -> None:
    """From a register file to a compact folder."""
    columns = columns or Columns()
    if not file.is_file():
        raise BadInput(file, "Filen findes ikke.", mend="Ret stien.")
    if file.suffix.lower() in (".parquet", ".pq"):
        names = pl.read_parquet_schema(file)
        if any(weeks.week_of_column(name) is not None for name in _plausible(names)):
            _wide_parquet(file, folder, columns, progress)
        else:
            _rows_parquet(file, folder, columns, progress)
    elif file.suffix.lower() in (".csv", ".txt", ".tsv"):
        _wide_csv(file, folder, columns, progress)
    else:
        raise BadInput(
            file, f"Filtypen {file.suffix!r} kan ikke gøres kompakt.", expected=".parquet eller .csv", mend="Gem udtrækket som Parquet først."
        )


def _plausible(names: Iterable[str]) -> list[str]:
    return [name for name in names if name[:2].lower() == "y_"]


def _source(file: Path) -> dict[str, Any]:
    return {"name": file.name, "bytes": file.stat().st_size}


def week_columns(file: Path, names: list[str]) -> dict[str, int]:
    """Column name to absolute week; a week that never was, or stands twice, is told."""
    found: dict[str, int] = {}
    taken: dict[int, str] = {}
    for name in _plausible(names):
        try:
            week = weeks.week_of_column(name)
        except ValueError:
            raise BadInput(
                file, f"Ugen {name} findes ikke i kalenderen.", f"kolonne {name}", "uge 53 kun i år, der har den", "Ret kolonnens navn."
            ) from None
        if week is None:
            continue
        if week in taken:
            raise BadInput(file, f"Ugen står to gange: {taken[week]} og {name}.", mend="Behold den ene kolonne.")
        taken[week] = name
        found[name] = week
    if not found:
        raise BadInput(file, "Der er ingen ugekolonner.", expected="kolonner som y_1234 (år 2012, uge 34)", mend="Er det den rigtige fil?")
    return found


def _span(found: dict[str, int]) -> tuple[int, NDArray[np.bool_]]:
    first = min(found.values())
    covered = np.zeros(max(found.values()) - first + 1, dtype=bool)
    covered[np.array(list(found.values())) - first] = True
    return first, covered


def _require(file: Path, names: Iterable[str], wanted: list[str]) -> None:
    if missing := [name for name in wanted if name not in names]:
        raise BadInput(
            file,
            f"Kolonnen {some(missing)} findes ikke.",
            expected=f"en af: {some(list(names), 12)}",
            mend="Skriv kolonnernes navne: --key, og for lange filer --code, --week, --from, --to.",
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
    _require(file, names, [columns.key])
    found = week_columns(file, names)
    first, covered = _span(found)
    lazy = pl.scan_parquet(file).select(columns.key, *found)
    total = int(pl.scan_parquet(file).select(pl.len()).collect().item())
    step = max(CELLS // len(covered), 64)
    with Writer(folder, first, covered, columns.key, _source(file)) as writer:
        for low in range(0, total, step):
            progress(low, total)
            block = lazy.slice(low, step).collect()
            keys = _keys(file, block[columns.key], low)
            for part in _runs(file, block, {name: week - first for name, week in found.items()}, first, len(covered), low):
                writer.add(keys[: len(part[0])], *part)
                keys = keys[len(part[0]) :]


def _plain(block: pl.DataFrame, names: list[str]) -> tuple[dict[str, NDArray[np.uint16]], int]:
    """The columns that are two-byte numbers, blanks as 0, all at once; and how many of their cells are written."""
    kinds = dict(block.schema)
    narrow = [name for name in names if kinds[name] == pl.UInt16]
    if not narrow:
        return {}, 0
    filled = block.select(pl.col(narrow).fill_null(0)).rechunk()
    nulls = sum(block.select(narrow).null_count().row(0))
    return {name: series.to_numpy() for name, series in zip(narrow, filled.get_columns(), strict=True)}, block.height * len(narrow) - nulls


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
        raise _no_code(file, series[at], row + at, series.name)
    return value.fill_null(0.0).cast(pl.UInt16).to_numpy()


def _no_code(file: Path, cell: object, row: int, column: str) -> BadInput:
    return BadInput(
        file,
        f"{cell!r} er ikke en DREAM-kode.",
        f"række {row + 2}, kolonne {column}",
        "tre cifre som 651, tomt eller .",
        "Ret cellen, eller spørg den, der lavede udtrækket.",
    )


def _runs(file: Path, block: pl.DataFrame, found: dict[str, int], first: int, span: int, row: int) -> list[tuple[NDArray[Any], ...]]:
    """The block's spells, one part for each thread."""
    from snerydder.registers.compact_compiled import runs

    plain, written = _plain(block, list(found))
    others = {name: np.ascontiguousarray(_numbers(file, block[name], row)) for name in found if name not in plain}
    written += sum(int(np.count_nonzero(column)) for column in others.values())
    columns = {found[name]: column for name, column in (plain | others).items()}
    addresses = np.zeros(span, dtype=np.uint64)
    for week, column in columns.items():
        addresses[week] = column.__array_interface__["data"][0]
    parts: list[tuple[NDArray[Any], ...]] = [()] * kernels.threads()

    def work(worker: int, low: int, high: int) -> None:
        lengths = np.zeros(block.height, dtype=np.uint16)
        code, begin, end = (np.empty((high - low) * span, dtype=np.uint16) for _ in range(3))  # only what is written takes room
        total = runs(addresses, first, low, high, lengths, code, begin, end)
        parts[worker] = (lengths[low:high], code[:total], begin[:total], end[:total])

    kernels.shared(work, block.height)
    made = [part for part in parts if part]
    largest, coded = (
        max(int(part[1].max(initial=0)) for part in made),
        sum(int(part[3].sum(dtype=np.int64) - part[2].sum(dtype=np.int64)) for part in made),
    )
    if largest > 999 or coded != written:  # a cell beyond 999, or a written 0: find it
        for name in plain:
            _numbers(file, block[name], row)
    return made


# --- Wide CSV ------------------------------------------------------------------------------------
def _wide_csv(file: Path, folder: Path, columns: Columns, progress: Progress) -> None:
    with file.open("rb") as opened:
        head = opened.readline()
        body = opened.tell()
    text = head.decode("utf-8-sig", errors="replace").rstrip("\r\n")
    separator = max((",", ";", "\t"), key=text.count)
    names = [name.strip().strip('"') for name in text.split(separator)]
    _require(file, names, [columns.key])
    found = week_columns(file, names)
    first, covered = _span(found)
    week_of = np.array([-2 if name == columns.key else found[name] - first if name in found else -1 for name in names], dtype=np.int64)
    inside = np.flatnonzero(week_of >= 0)
    ordered = int(inside[-1]) + 1 if (np.diff(week_of[inside]) == 1).all() and (np.diff(inside) == 1).all() else 0
    size = file.stat().st_size
    handle = os.open(file, os.O_RDONLY)
    try:
        with Writer(folder, first, covered, columns.key, _source(file)) as writer:
            row = 0
            for low, done in ordered_map(
                lambda low: (low, _chunk(handle, low, body, size, ord(separator), week_of, ordered, first, len(covered))), range(body, size, CHUNK)
            ):
                progress(low, size)
                _tell(file, names, row, done)
                if (empty := next((place for place, key in enumerate(done.keys) if not key), None)) is not None:
                    raise BadInput(
                        file,
                        "Personnøglen er tom.",
                        f"række {row + empty + 2}, kolonne {columns.key}",
                        "en nøgle i hver række",
                        "Find personens nøgle, eller fjern rækken.",
                    )
                if done.keys:
                    writer.add(done.keys, done.lengths, done.code, done.begin, done.end)
                row += len(done.keys)
    finally:
        os.close(handle)


@dataclass(frozen=True)
class Chunk:
    keys: list[str]
    lengths: NDArray[np.uint16]
    code: NDArray[np.uint16]
    begin: NDArray[np.uint16]
    end: NDArray[np.uint16]
    fault: str  # the cell that could not be read
    column: int  # its column; -1 none, -2 the row has too many cells or too few


def _chunk(handle: int, low: int, body: int, size: int, separator: int, week_of: NDArray[np.int64], ordered: int, first: int, span: int) -> Chunk:
    """The rows that begin in the chunk from byte `low`, read to the end of the last of them."""
    from snerydder.registers.compact_compiled import AHEAD, parse

    start = low if low == body else low - 1  # whether the chunk begins a row shows in the byte before it
    stop = min(low + CHUNK, size) - start
    raw = bytearray(stop + SLACK + AHEAD)
    view = memoryview(raw)
    held = os.preadv(handle, [view[:stop]], start)
    while raw[held - 1] != 10 and start + held < size:
        if len(raw) - held < SLACK + AHEAD:
            view.release()
            raw.extend(bytes(4 * SLACK))
            view = memoryview(raw)
        read = os.preadv(handle, [view[held : held + SLACK]], start + held)
        cut = raw.find(b"\n", held, held + read)
        held = held + read if cut < 0 else cut + 1
    view.release()
    raw[held : held + AHEAD] = b"\n" * AHEAD
    at = 0 if low == body else raw.find(b"\n") + 1
    text = np.frombuffer(raw, dtype=np.uint8)
    most = held // max(len(week_of), 1) + 2
    rows, lengths = np.zeros((most, 2), dtype=np.int64), np.zeros(most, dtype=np.uint16)
    code, begin, end = (np.empty(held // 2 + 2, dtype=np.uint16) for _ in range(3))
    scratch = np.zeros(span, dtype=np.uint16)
    count, total, wrong, column = parse(text, at, min(stop, held), separator, week_of, ordered, first, scratch, rows, lengths, (code, begin, end))
    keys = [raw[left:right].decode("utf-8", "replace").strip(' "\r') for left, right in rows[:count].tolist()]
    cell = "" if wrong < 0 else raw[wrong : wrong + 40].split(b"\n")[0].split(bytes([separator]))[0].decode("utf-8", "replace")
    return Chunk(keys, lengths[:count], code[:total].copy(), begin[:total].copy(), end[:total].copy(), cell, column)


def _tell(file: Path, names: list[str], row: int, done: Chunk) -> None:
    if done.column == -2:
        raise BadInput(
            file, "Rækken har et andet antal celler end overskriften.", f"række {row + len(done.keys) + 2}", f"{len(names)} celler", "Er filen hel?"
        )
    if done.column >= 0:
        raise _no_code(file, done.fault, row + len(done.keys), names[done.column])


def ordered_map(work: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
    """In order, some ahead of the reader and no more, so that memory stays small."""
    workers = kernels.threads()
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Made]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > workers + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


# --- Long and spell form -------------------------------------------------------------------------
def _rows_parquet(file: Path, folder: Path, columns: Columns, progress: Progress) -> None:
    names = list(pl.read_parquet_schema(file))
    spells = columns.begin in names
    when = [columns.begin, columns.end] if spells else [columns.week]
    _require(file, names, [columns.key, columns.code, *when])
    if spells and columns.to_is not in ENDS:
        raise BadInput(
            file, f"Er {columns.end} den sidste uge i forløbet eller den første efter det?", f"kolonne {columns.end}", "--to-is last eller --to-is after", "Se efter hos den, der har leveret filen.",
        )  # fmt: skip
    lazy = pl.scan_parquet(file).select(columns.key, columns.code, *when)
    total = int(pl.scan_parquet(file).select(pl.len()).collect().item())
    first, last, held = 1 << 16, 0, lazy.slice(0, 0).collect()
    with Writer(folder, 0, np.ones(0, dtype=bool), columns.key, _source(file)) as writer:
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
