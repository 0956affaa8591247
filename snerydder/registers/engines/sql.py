"""Persons × window × outcome to counts, as one Ibis expression over spells in Parquet; run by DuckDB or Spark.

    spells ⋈ drawn ⋈ groups → +1 in the week a spell begins in the window, -1 where it ends → sum → running sum over the weeks

Weeks that no spell begins or ends in are not in the answer; they are filled from the week before, here.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from snerydder.panel import Spells, Whole

ROWS = 2_000_000


def spells_parquet(spells: Spells, file: Path) -> None:
    """The exchange form: one row a spell, sorted by person and week. Written block by block."""
    numbers = np.array([0, *(int(code) for code in spells.codes[1:])], dtype=np.uint16)
    size = max(int(ROWS * len(spells.persons) / max(len(spells.code), 1)), 1)

    def block(low: int) -> pl.DataFrame:
        high = min(low + size, len(spells.persons))
        part = slice(int(spells.offsets[low]), int(spells.offsets[high]))
        persons = pl.Series("pnr", spells.persons[low:high], dtype=pl.String)
        owner = np.repeat(np.arange(high - low), spells.offsets[low + 1 : high + 1].astype(np.int64) - spells.offsets[low:high].astype(np.int64))
        return pl.DataFrame(
            [
                persons.gather(owner),
                *(
                    pl.Series(name, values)
                    for name, values in (("code", numbers[spells.code[part]]), ("begin", spells.begin[part]), ("end", spells.end[part]))
                ),
            ]
        )

    def blocks(columns: list[str] | None, _filter: object, rows: int | None, _size: int | None) -> Iterator[pl.DataFrame]:
        for low in range(0, len(spells.persons), size):
            found = block(low)
            yield found.select(columns) if columns is not None else found

    from polars.io.plugins import register_io_source

    schema = block(0).schema
    register_io_source(blocks, schema=schema).sink_parquet(file, compression="zstd", row_group_size=ROWS)


def expression(spells: Any, drawn: Any, groups: Any, weeks: int) -> Any:
    """Ibis tables in, an Ibis table out: cell, group, week, persons, at every week where the count changes."""
    import ibis

    joined = spells.join(drawn, "pnr").join(groups, "code")
    first = (joined.begin.cast("int64") - joined.start).clip(0, weeks)
    last = (joined.end.cast("int64") - joined.start).clip(0, weeks)
    inside = joined.select(joined.cell, joined.group, first=first, last=last, weight=joined.weight).filter(ibis._.last > ibis._.first)
    begun = inside.select("cell", "group", week=inside.first, step=inside.weight)
    ended = inside.select("cell", "group", week=inside.last, step=-inside.weight)
    steps = begun.union(ended).group_by("cell", "group", "week").agg(step=ibis._.step.sum())
    before = ibis.cumulative_window(group_by=["cell", "group"], order_by="week")
    return steps.mutate(persons=steps.step.sum().over(before).cast("int64")).filter(ibis._.week < weeks).select("cell", "group", "week", "persons")


def count(
    connection: Any,
    spells: Path | str,
    persons: pl.Series,
    start: Whole,
    weeks: int,
    cell: Whole,
    cells: int,
    group_of_code: dict[int, int],
    groups: int,
    weight: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """`panel.count` over a spells file (pnr, code, begin, end), by the connection's engine. `spells` may be any path that engine can read.

    The small tables go by Parquet too: it is the one door both engines have without a Python worker behind it.
    """
    with tempfile.TemporaryDirectory(prefix="snerydder-") as name:
        folder = Path(os.environ.get("SNERYDDER_SHARED", name))  # on a cluster: a folder that every machine sees
        drawn, listed = folder / "drawn.parquet", folder / "groups.parquet"
        ones = np.ones(len(persons), dtype=np.int64) if weight is None else weight
        whole = {"start": start, "cell": cell, "weight": ones}
        pl.DataFrame({"pnr": persons, **{name: np.asarray(values).astype(np.int64) for name, values in whole.items()}}).write_parquet(drawn)
        pl.DataFrame(
            {"code": list(group_of_code), "group": list(group_of_code.values())}, schema={"code": pl.Int32, "group": pl.Int32}
        ).write_parquet(listed)
        people, codes = connection.read_parquet(str(drawn)), connection.read_parquet(str(listed))
        found = connection.to_pyarrow(expression(connection.read_parquet(str(spells)), people, codes, weeks))
    table = {name: np.asarray(found[name]) for name in ("cell", "group", "week", "persons")}
    return _cube(table["cell"], table["group"], table["week"], table["persons"], cells, groups, weeks)


def _cube(
    cell: NDArray[Any], group: NDArray[Any], week: NDArray[Any], persons: NDArray[Any], cells: int, groups: int, weeks: int
) -> NDArray[np.int64]:
    """The weeks between two changes hold what the first of them made."""
    line = cell.astype(np.int64) * groups + group
    order = np.lexsort((week, line))
    line, week, persons = line[order], week[order].astype(np.int64), persons[order].astype(np.int64)
    until = np.append(week[1:], weeks)
    until[np.append(line[1:] != line[:-1], True)] = weeks
    place = (
        np.repeat(line * weeks + week, until - week)
        + np.arange((until - week).sum())
        - np.repeat(np.cumsum(until - week) - (until - week), until - week)
    )
    cube = np.zeros(cells * groups * weeks, dtype=np.int64)
    cube[place] = np.repeat(persons, until - week)
    return cube.reshape(cells, groups, weeks)


def duckdb(memory_limit: str = "", threads: int = 0) -> Any:
    """DuckDB in this process. With a limit (e.g. "1GB") it works from disk when the data are larger."""
    import ibis

    options: dict[str, Any] = {"memory_limit": memory_limit} if memory_limit else {}
    return ibis.duckdb.connect(**options, **({"threads": threads} if threads else {}))


@contextmanager
def spark(session: Any = None) -> Iterator[Any]:
    """The Spark session given, or a local one that ends with the block. The workers must run this Python."""
    import ibis

    if session is not None:
        yield ibis.pyspark.connect(session)
        return
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    from pyspark.sql import SparkSession

    local = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "8")
    )
    own = local.config("spark.sql.session.timeZone", "UTC").config("spark.driver.host", "127.0.0.1").getOrCreate()
    own.sparkContext.setLogLevel("ERROR")
    try:
        yield ibis.pyspark.connect(own)
    finally:
        own.stop()
