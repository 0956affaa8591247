"""An invented register of any size: semi-Markov weeks with benefit, 60 codes in 11 groups, some 15 spells a person over 1,800 weeks.

The number of spells a person is a guess at the real register's shape; every figure that rests on spells grows with it.
Made once into the cache folder, then read from there: the compact form, spells as Parquet, the wide file as Parquet or CSV.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numba import njit

from snerydder.panel import Spells
from snerydder.registers import compact, weeks

WEEKS, CODES, GROUPS = 1800, 60, 11
FIRST = weeks.from_iso(1991, 32)
NAMES = ("", *(f"{100 + 10 * code:03d}" for code in range(CODES)))
GROUP_OF_CODE = np.array([-1, *(code % GROUPS for code in range(CODES))])
COLUMNS = [weeks.column(FIRST + week) for week in range(WEEKS)]
CACHE = Path(__file__).resolve().parents[1] / ".snerydder" / "bench"


@njit(cache=True)
def _walk(seed: int, persons: int, code: Any, begin: Any, end: Any, lengths: Any) -> int:
    """Half of the weeks with benefit, in stretches of a year; one in four is followed straight by another code."""
    np.random.seed(seed)
    total = 0
    for person in range(persons):
        week, place, last = int(np.random.exponential(60.0)), total, -1
        while week < WEEKS:
            stop = min(week + 1 + int(np.random.exponential(60.0)), WEEKS)
            kind = int(CODES * np.random.random() ** 2)
            if kind == last:
                kind = (kind + 1) % CODES
            code[total], begin[total], end[total] = kind + 1, FIRST + week, FIRST + stop
            total += 1
            week, last = stop, kind
            if np.random.random() < 0.75:
                week, last = stop + 1 + int(np.random.exponential(78.0)), -1
        lengths[person] = total - place
    return total


def block(number: int, persons: int) -> Spells:
    room = persons * 40
    code, begin, end, lengths = np.empty(room, np.uint8), np.empty(room, np.uint16), np.empty(room, np.uint16), np.empty(persons, np.int64)
    total = _walk(number + 1, persons, code, begin, end, lengths)
    offsets = np.zeros(persons + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    keys = compact.Keys(np.arange(number * BLOCK, number * BLOCK + persons, dtype=np.uint32), 10)
    return Spells(keys, NAMES, offsets, code[:total].copy(), begin[:total].copy(), end[:total].copy(), FIRST, np.ones(WEEKS, dtype=bool))


BLOCK = 100_000


def blocks(persons: int):  # type: ignore[no-untyped-def]
    for number in range(-(-persons // BLOCK)):
        yield block(number, min(BLOCK, persons - number * BLOCK))


@dataclass(frozen=True)
class Files:
    compact: Path
    spells: Path
    wide: Path
    csv: Path


def files(persons: int) -> Files:
    folder = CACHE / str(persons)
    folder.mkdir(parents=True, exist_ok=True)
    return Files(folder / "register.compact", folder / "spells.parquet", folder / "wide.parquet", folder / "wide.csv")


def _spell_table(spells: Spells, number: int) -> pl.DataFrame:
    person = np.repeat(np.arange(len(spells.persons), dtype=np.uint32) + np.uint32(number * BLOCK), np.diff(spells.offsets))
    return pl.DataFrame({"person": person, "code": spells.code, "begin": spells.begin, "end": spells.end})


@njit(cache=True)
def _grid(offsets: Any, code: Any, begin: Any, end: Any, found: Any) -> None:
    for person in range(len(offsets) - 1):
        for spell in range(offsets[person], offsets[person + 1]):
            for week in range(begin[spell] - FIRST, end[spell] - FIRST):
                found[week, person] = 90 + 10 * code[spell]


def wide_table(spells: Spells) -> pl.DataFrame:
    grid = np.zeros((WEEKS, len(spells.persons)), dtype=np.uint16)
    _grid(spells.offsets, spells.code, spells.begin, spells.end, grid)
    return pl.DataFrame([pl.Series("pnr", list(spells.persons)), *(pl.Series(name, grid[week]) for week, name in enumerate(COLUMNS))]).with_columns(
        pl.col(pl.UInt16).replace(0, None)
    )


def _sink(persons: int, file: Path, table: Any) -> None:
    """Row groups of a block each, written one after the other."""
    import pyarrow.parquet as pq

    writer = None
    for number, spells in enumerate(blocks(persons)):
        arrow = table(spells, number).to_arrow()
        writer = writer or pq.ParquetWriter(file.with_suffix(".new"), arrow.schema, compression="zstd")
        writer.write_table(arrow, row_group_size=BLOCK if table is not _spell_table else 2_000_000)
    assert writer is not None
    writer.close()
    file.with_suffix(".new").rename(file)


def make(persons: int, wide: bool = False, csv: bool = False) -> Files:
    made = files(persons)
    if not made.compact.exists():
        with compact.Writer(made.compact, FIRST, np.ones(WEEKS, dtype=bool), key="pnr") as writer:
            numbers = np.array([0, *(int(name) for name in NAMES[1:])], dtype=np.uint16)
            for spells in blocks(persons):
                writer.add(list(spells.persons), np.diff(spells.offsets), numbers[spells.code], spells.begin, spells.end)
    if not made.spells.exists():
        _sink(persons, made.spells, _spell_table)
    if wide and not made.wide.exists():
        _sink(persons, made.wide, lambda spells, _: wide_table(spells))
    if csv and not made.csv.exists():
        with made.csv.with_suffix(".new").open("wb") as out:
            for number, spells in enumerate(blocks(persons)):
                wide_table(spells).write_csv(out, include_header=number == 0)
        made.csv.with_suffix(".new").rename(made.csv)
    return made
