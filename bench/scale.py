"""The register's jobs at size, each against the established engines in one run on one machine: only the ratios mean anything.

    .venv/bin/python bench/scale.py                        # 1 million persons, some minutes
    .venv/bin/python bench/scale.py --persons 6000000      # all of Denmark; --wide makes and reads the 6 GB wide file too

Ours and theirs in turn, medians; the files are made once in .snerydder/bench. Cold means that the system was told to drop the file (the host may still hold it).
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402
import scale_data  # noqa: E402
from scale_data import COLUMNS, FIRST, GROUP_OF_CODE, GROUPS, NAMES  # noqa: E402
from told import less, machine, more, rounds, timed  # noqa: E402

from snerydder.effects import counts  # noqa: E402
from snerydder.panel import Spells  # noqa: E402
from snerydder.registers import compact, kernels  # noqa: E402

CLUSTERS, STRATA = 980, 98
NUMBERS = [int(name) for name in NAMES[1:]]
GROUP_TABLE = pl.DataFrame({"number": NUMBERS, "code": list(range(1, len(NUMBERS) + 1)), "group": GROUP_OF_CODE[1:]})


def forget(files: list[Path]) -> None:
    for file in files:
        handle = os.open(file, os.O_RDONLY)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)


def read_through(files: list[Path]) -> None:
    buffer = bytearray(1 << 22)
    for file in files:
        with file.open("rb", buffering=0) as opened:
            while opened.readinto(buffer):
                pass


def duckdb() -> Any:
    import duckdb as db

    connection = db.connect()
    connection.execute("pragma disable_progress_bar")
    connection.register("groups", GROUP_TABLE.to_arrow())
    return connection


CUBE = """
with steps as (select cell, grp, greatest(b, 0) w, sum(weight) step from inside group by all
    union all select cell, grp, least(e, {weeks}) w, -sum(weight) step from inside group by all)
select cell, grp, w, sum(sum(step)) over (partition by cell, grp order by w) persons from steps group by cell, grp, w"""
INSIDE = """with inside as (select d.cell, g."group" grp, s.begin::bigint - d.start b, s."end"::bigint - d.start e, {weight} weight
    from '{file}' s join drawn d using (person) join groups g using (code) where s.begin < d.start + {weeks} and s."end" > d.start)"""


def filled(cell: Any, group: Any, week: Any, persons: Any, cells: int, weeks: int) -> np.ndarray:
    from snerydder.registers.engines import sql

    kept = np.asarray(week) < weeks
    return sql._cube(*(np.asarray(part)[kept] for part in (cell, group, week, persons)), cells, GROUPS, weeks)


def by_duckdb(connection: Any, file: Path, drawn: pl.DataFrame, cells: int, weeks: int, weight: str = "1") -> np.ndarray:
    connection.register("drawn", drawn.to_arrow())
    found = connection.execute(
        INSIDE.format(file=file, weeks=weeks, weight=weight) + CUBE.format(weeks=weeks).replace("with steps", ", steps", 1)
    ).fetchnumpy()
    return filled(found["cell"], found["grp"], found["w"], found["persons"].astype(np.int64), cells, weeks)


def by_polars(file: Path, drawn: pl.DataFrame, cells: int, weeks: int, weight: bool = False) -> np.ndarray:
    amount = pl.col("weight") if weight else pl.lit(1, pl.Int64)
    inside = (
        pl.scan_parquet(file)
        .join(drawn.lazy(), on="person")
        .join(GROUP_TABLE.lazy().select(pl.col("code").cast(pl.UInt8), "group"), on="code")
        .select(
            "cell",
            "group",
            b=(pl.col("begin").cast(pl.Int64) - pl.col("start")).clip(0, weeks),
            e=(pl.col("end").cast(pl.Int64) - pl.col("start")).clip(0, weeks),
            amount=amount,
        )
        .filter(pl.col("e") > pl.col("b"))
    )
    up = inside.group_by("cell", "group", w="b").agg(step=pl.col("amount").sum())
    down = inside.group_by("cell", "group", w="e").agg(step=-pl.col("amount").sum())
    steps = pl.concat([up, down]).group_by("cell", "group", "w").agg(pl.col("step").sum()).sort("cell", "group", "w").collect()
    table = steps.with_columns(persons=pl.col("step").cum_sum().over("cell", "group"))
    return filled(table["cell"], table["group"], table["w"], table["persons"], cells, weeks)


def bands(cube: np.ndarray, persons: np.ndarray) -> counts.FromCounts:
    label = np.arange(2 * CLUSTERS) // 2
    found = counts.regressions(cube, counts.Cells(persons, label % STRATA, np.arange(2 * CLUSTERS) % 2 == 1, label))
    assert isinstance(found, counts.FromCounts), found
    return found


def trial_of(persons: int) -> tuple[list[str], np.ndarray, np.ndarray, counts.Cells]:
    dice = np.random.default_rng(5)
    rows = np.sort(dice.choice(persons, 2600, replace=False))
    start, cell = FIRST + dice.integers(1500, 1514, 2600), (np.arange(2600) % 130) * 2 + (dice.random(2600) < 0.5)
    label = np.arange(260) // 2
    return [f"{row:010d}" for row in rows], start, cell, counts.Cells(np.bincount(cell, minlength=260), label % 13, np.arange(260) % 2 == 1, label)


def trial_job(made: scale_data.Files, persons: int, repeat: int, wide: bool) -> None:
    """2,600 persons drawn out of everybody: find them, count 76 weeks, effects with bands. Run it before anything here maps the files."""
    job = f"trial of 2,600 out of {persons // 1000:,}k"
    against_reading("trial", f"{job}, cold, every byte held against its hash", 2, made, persons, repeat)
    keys, start, cell, cells = trial_of(persons)
    rows = np.array(keys).astype(np.int64)
    register = compact.open(made.compact)
    drawn = pl.DataFrame({"person": rows.astype(np.uint32), "pnr": keys, "start": start, "cell": cell})
    held: dict[str, Any] = {}

    def ours(spells: Spells | None = None) -> None:
        mine = compact.take(spells or register, keys)
        held["ours"] = kernels.count(mine, np.arange(2600), start, 76, cell, 260, GROUP_OF_CODE, GROUPS)
        counts.regressions(held["ours"], cells)

    connection = duckdb()

    def spells() -> None:
        held["duckdb"] = by_duckdb(connection, made.spells, drawn, 260, 76)

    def polars() -> None:
        held["polars"] = by_polars(made.spells, drawn, 260, 76)

    def from_wide() -> None:
        names = COLUMNS[1500:1590]
        connection.register("drawn", drawn.to_arrow())
        table = connection.execute(f"select d.cell, d.start, {', '.join(names)} from '{made.wide}' w join drawn d using (pnr)").fetchnumpy()  # noqa: S608
        grid = np.stack([table[name] for name in names], axis=1)
        shown = np.take_along_axis(grid, (table["start"] - FIRST - 1500)[:, None] + np.arange(76), axis=1)
        group = np.where(shown > 0, ((shown.astype(int) - 100) // 10) % GROUPS, -1)
        found = np.zeros((260, GROUPS, 76), dtype=np.int64)
        person, week = np.nonzero(group >= 0)
        np.add.at(found, (table["cell"][person], group[person, week], week), 1)
        held["wide"] = found

    works: dict[str, Callable[[], Any]] = {"ours": ours, "DuckDB on spells": spells, "Polars on spells": polars}
    if wide:
        works["DuckDB on the wide file"] = from_wide
    times = rounds(works, repeat)
    assert all(np.array_equal(held["ours"], cube) for cube in held.values()), "counts must be equal to the last bit"
    more(job, times, "DuckDB on spells", 10)
    if wide:
        more(job, times, "DuckDB on the wide file", 30)


def child(what: str, made: scale_data.Files, persons: int) -> float:
    """In a process of its own: a file that is mapped, here too, cannot be dropped from the cache."""
    done = subprocess.run([sys.executable, __file__, "--child", what, "--persons", str(persons)], check=True, capture_output=True, text=True)
    return float(done.stdout)


def against_reading(what: str, job: str, goal: float, made: scale_data.Files, persons: int, repeat: int) -> None:
    """In turn. Nothing in this process may have the files mapped by now."""
    taken = [(child(what, made, persons), child("read", made, persons)) for _ in range(repeat)]
    ours, reading = (statistics.median(times) for times in zip(*taken, strict=True))
    less(job, {"ours": ours, "reading the compact file cold": reading}, "reading the compact file cold", goal)


def alone(what: str, made: scale_data.Files, persons: int) -> float:
    """Seconds of one job: "read" and "trial" with the files dropped from the cache, "population" the second time in the process."""
    files = sorted(made.compact.glob("*.npy"))
    if what == "population":
        work = everybody(made, persons)
        work()
        return timed(work)
    keys, start, cell, cells = trial_of(persons)
    forget(files)
    began = time.perf_counter()
    if what == "read":
        read_through(files)
    else:
        mine = compact.take(compact.open(made.compact), keys)
        counts.regressions(kernels.count(mine, np.arange(2600), start, 76, cell, 260, GROUP_OF_CODE, GROUPS), cells)
    return time.perf_counter() - began


def cast(persons: int) -> tuple[np.ndarray, np.ndarray]:
    """Everybody's first week, and cluster × arm."""
    dice = np.random.default_rng(6)
    start = FIRST + 1300 - 104 + dice.integers(0, 12, persons)
    return start, (dice.integers(0, CLUSTERS, persons) * 2 + (dice.random(persons) < 0.5)).astype(np.int32)


def everybody(made: scale_data.Files, persons: int, workers: int | None = None, held: dict[str, np.ndarray] | None = None) -> Callable[[], None]:
    start, cell = cast(persons)
    rows, size, register = np.arange(persons), np.bincount(cell, minlength=2 * CLUSTERS), compact.open(made.compact)

    def work() -> None:
        cube = kernels.count(register, rows, start, 365, cell, 2 * CLUSTERS, GROUP_OF_CODE, GROUPS, workers=workers)
        bands(cube, size)
        if held is not None:
            held["ours"] = cube

    return work


def population_job(made: scale_data.Files, persons: int, repeat: int) -> None:
    """Everybody, weeks -104..+260, 11 groups, 980 clusters, HC1 and cluster bands. Run it before anything here maps the files."""
    job = f"everybody ({persons // 1000:,}k), 365 weeks with bands"
    against_reading("population", job, 4, made, persons, repeat)
    held: dict[str, np.ndarray] = {}
    start, cell = cast(persons)
    drawn = pl.DataFrame({"person": np.arange(persons, dtype=np.uint32), "start": start, "cell": cell})
    connection = duckdb()

    def theirs() -> None:
        held["duckdb"] = by_duckdb(connection, made.spells, drawn, 2 * CLUSTERS, 365)

    times = rounds({"ours": everybody(made, persons, held=held), "DuckDB on spells": theirs}, repeat)
    assert np.array_equal(held["ours"], held["duckdb"]), "counts must be equal to the last bit"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    more(job, times, "DuckDB on spells", 6, f"; peak of this process, DuckDB's too, {peak} MB")


def growth(small: scale_data.Files, large: scale_data.Files, few: int, many: int, repeat: int) -> None:
    """The same job for more persons: on one core, by the processor's own clock, and on all."""
    cores = os.sched_getaffinity(0)
    for name, mine, clock in (("one core", {min(cores)}, time.process_time), (f"{len(cores)} cores", cores, time.perf_counter)):
        os.sched_setaffinity(0, mine)
        works = {"ours": everybody(large, many), f"the time of {few // 1000:,}k": everybody(small, few)}
        less(f"everybody ({many // 1000:,}k), {name}", rounds(works, 3 * repeat, clock=clock), f"the time of {few // 1000:,}k", 3)
    os.sched_setaffinity(0, cores)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--persons", type=int, default=1_000_000)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--wide", action="store_true", help="make the wide Parquet file too (1 GB and 2 minutes for each million persons); once made it is always read")
    options.add_argument("--jobs", default="population,trial,comparison,growth")
    options.add_argument("--child", choices=("trial", "read", "population"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.child:
        print(alone(chosen.child, scale_data.files(chosen.persons), chosen.persons))
        return
    made = scale_data.make(chosen.persons, wide=chosen.wide)
    print(f"command: bench/scale.py {' '.join(sys.argv[1:])}   ({machine()})")
    jobs = chosen.jobs.split(",")
    if "population" in jobs:
        population_job(made, chosen.persons, chosen.repeat)
    if "trial" in jobs:
        trial_job(made, chosen.persons, chosen.repeat, made.wide.exists())
    if "comparison" in jobs:
        import scale_comparison

        scale_comparison.job(made, chosen.persons, chosen.repeat)
    if "growth" in jobs:
        few = chosen.persons // 6
        growth(scale_data.make(few), made, few, chosen.persons, chosen.repeat)


if __name__ == "__main__":
    main()
