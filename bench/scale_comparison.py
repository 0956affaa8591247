"""A comparison group for 20,830 who began in 12 weeks, out of everybody; against the same in DuckDB's SQL and in Polars. Run by bench/scale.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import scale
import scale_data
import told
from scale_data import FIRST, GROUP_OF_CODE, GROUPS

from snerydder.registers import compact, comparison

KINDS, BANDS, BEFORE, WEEKS = 98 * 10 * 2, 4, 104, 365
COULD = np.zeros(61, dtype=bool)
COULD[40:44] = True  # some 2 million candidate person-weeks of 6 million persons
TRANSFER = np.array([False, *([True] * 60)])
ONE = comparison.ONE

SQL = """
with b as (select person, week, 1 began from began),
could as (select distinct s.person, w.week, 0 began from '{file}' s join (select distinct week from began) w on s.begin <= w.week and s."end" > w.week
    where s.code between 40 and 43 and s.person not in (select person from began)),
everyone as (select * from b union all select * from could),
degree as (select e.person, e.week, (coalesce(sum(least(s."end"::bigint, e.week) - greatest(s.begin::bigint, e.week - 52)) filter (where s.begin is not null), 0)::bigint * {bands}) // 53 band
    from everyone e left join '{file}' s on s.person = e.person and s.begin < e.week and s."end" > e.week - 52 group by all),
cells as (select e.*, k.kind, d.band from everyone e join degree d using (person, week) join kinds k using (person)),
weights as (select kind, band, week, sum(began) n1, sum(1 - began) n0 from cells group by all having n1 > 0 and n0 > 0),
drawn as materialized (select c.person, c.week - {before} "start", 1 - c.began cell, case when c.began = 1 then {one} else ((w.n1 * {one}) // w.n0)::bigint end weight
    from cells c join weights w using (kind, band, week)),
inside as (select d.cell, g."group" grp, s.begin::bigint - d.start b, s."end"::bigint - d.start e, d.weight
    from '{file}' s join drawn d using (person) join groups g using (code) where s.begin < d.start + {weeks} and s."end" > d.start)"""


def by_duckdb(connection: Any, file: Path, began: pl.DataFrame, kinds: pl.DataFrame) -> np.ndarray:
    connection.register("began", began.to_arrow())
    connection.register("kinds", kinds.to_arrow())
    text = SQL.format(file=file, bands=BANDS, before=BEFORE, one=ONE, weeks=WEEKS) + scale.CUBE.format(weeks=WEEKS).replace(
        "with steps", ", steps", 1
    )
    found = connection.execute(text).fetchnumpy()
    return scale.filled(found["cell"], found["grp"], found["w"], found["persons"].astype(np.int64), 2, WEEKS)


def by_polars(file: Path, began: pl.DataFrame, kinds: pl.DataFrame) -> np.ndarray:
    spells = pl.scan_parquet(file)
    index = began.select("week").unique()
    could = spells.filter(pl.col("code").is_between(40, 43)).join(began.lazy(), on="person", how="anti")
    could = (
        could.join_where(index.lazy(), pl.col("begin") <= pl.col("week"), pl.col("end") > pl.col("week"))
        .select("person", "week", began=pl.lit(0, pl.Int64))
        .unique()
    )
    everyone = pl.concat([began.lazy().select("person", "week", began=pl.lit(1, pl.Int64)), could])
    everyone = everyone.join(kinds.lazy(), on="person").collect()
    week, begin, end = pl.col("week"), pl.col("begin").cast(pl.Int64), pl.col("end").cast(pl.Int64)
    met = spells.join(everyone.lazy(), on="person").filter((begin < week) & (end > week - 52))
    degree = met.group_by("person", "week").agg(degree=(pl.min_horizontal(end, week) - pl.max_horizontal(begin, week - 52)).sum())
    cells = everyone.lazy().join(degree, on=["person", "week"], how="left").with_columns(band=pl.col("degree").fill_null(0) * BANDS // 53).collect()
    by = ["kind", "band", "week"]
    weights = cells.group_by(by).agg(n1=pl.col("began").sum(), n0=(1 - pl.col("began")).sum()).filter((pl.col("n1") > 0) & (pl.col("n0") > 0))
    drawn = cells.join(weights, on=by).select(
        "person",
        start=pl.col("week") - BEFORE,
        cell=1 - pl.col("began"),
        weight=pl.when(pl.col("began") == 1).then(ONE).otherwise(pl.col("n1") * ONE // pl.col("n0")),
    )
    return scale.by_polars(file, drawn, 2, WEEKS, weight=True)


def job(made: scale_data.Files, persons: int, repeat: int) -> None:
    dice = np.random.default_rng(8)
    count = persons * 20_830 // 6_000_000
    rows, week = np.sort(dice.choice(persons, count, replace=False)), FIRST + 1300 + dice.integers(0, 12, count)
    kind = dice.integers(0, KINDS, persons).astype(np.int32)
    register = compact.open(made.compact)
    began = pl.DataFrame({"person": rows.astype(np.uint32), "week": week})
    kinds = pl.DataFrame({"person": np.arange(persons, dtype=np.uint32), "kind": kind})
    connection, held = scale.duckdb(), {}

    def ours() -> None:
        held["found"] = comparison.comparison(register, kind, KINDS, rows, week, COULD, TRANSFER, BANDS, BEFORE, WEEKS, GROUP_OF_CODE, GROUPS)

    def duck() -> None:
        held["duckdb"] = by_duckdb(connection, made.spells, began, kinds)

    def polars() -> None:
        held["polars"] = by_polars(made.spells, began, kinds)

    times = told.rounds({"ours": ours, "DuckDB": duck, "Polars": polars}, repeat)
    found = held["found"]
    assert np.array_equal(found.cube, held["duckdb"]) and np.array_equal(found.cube, held["polars"]), "weighted counts must be equal to the last bit"
    name = f"comparison group, {found.began:,} against {found.candidates:,} person-weeks"
    told.more(name, times, "DuckDB", 7)
    told.more(name, times, "Polars", 5)
