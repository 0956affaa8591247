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

from snerydder.effects import counts  # noqa: E402
from snerydder.panel import Spells  # noqa: E402
from snerydder.registers import compact, kernels  # noqa: E402

CLUSTERS, STRATA = 980, 98
NUMBERS = [int(name) for name in NAMES[1:]]
GROUP_TABLE = pl.DataFrame({"number": NUMBERS, "code": list(range(1, len(NUMBERS) + 1)), "group": GROUP_OF_CODE[1:]})


def rounds(works: dict[str, Callable[[], Any]], repeat: int, warm: bool = True) -> dict[str, float]:
    """In turn A B C A B C, medians; a warm-up round first."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for number in range(repeat + warm):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            if number >= warm:
                taken[name].append(time.perf_counter() - began)
    return {name: statistics.median(times) for name, times in taken.items()}


def say(job: str, ratio: float, goal: str, met: bool, note: str) -> None:
    print(f"{job:<62}{ratio:>8.2f} ×  {goal:<9} {'ja' if met else 'NEJ':<4} {note}", flush=True)


def more(job: str, times: dict[str, float], theirs: str, goal: float) -> None:
    ratio = times[theirs] / times["ours"]
    say(f"{job}, faster than {theirs}", ratio, f"≥ {goal:g}", ratio >= goal, f"{times['ours']:.4f} s against {times[theirs]:.3f} s")


def less(job: str, times: dict[str, float], theirs: str, goal: float) -> None:
    ratio = times["ours"] / times[theirs]
    say(f"{job}, of {theirs}", ratio, f"≤ {goal:g}", ratio <= goal, f"{times['ours']:.4f} s against {times[theirs]:.3f} s")


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
    """2,600 persons drawn out of everybody: find them, count 76 weeks, effects with bands."""
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
    job = f"trial of 2,600 out of {persons // 1000:,}k"
    more(job, times, "DuckDB on spells", 10)
    if wide:
        more(job, times, "DuckDB on the wide file", 30)
    taken = [(child("trial", made, persons), child("read", made, persons)) for _ in range(repeat)]
    cold = {"ours": statistics.median(one for one, _ in taken), "reading the compact file cold": statistics.median(other for _, other in taken)}
    less(f"{job}, cold, every byte held against its hash", cold, "reading the compact file cold", 2)


def child(what: str, made: scale_data.Files, persons: int) -> float:
    """In a process of its own: a file that is mapped cannot be dropped from the cache."""
    done = subprocess.run([sys.executable, __file__, "--cold", what, "--persons", str(persons)], check=True, capture_output=True, text=True)
    return float(done.stdout)


def cold(what: str, made: scale_data.Files, persons: int) -> float:
    files = sorted(made.compact.glob("*.npy"))
    keys, start, cell, cells = trial_of(persons)
    forget(files)
    began = time.perf_counter()
    if what == "read":
        read_through(files)
    else:
        mine = compact.take(compact.open(made.compact), keys)
        counts.regressions(kernels.count(mine, np.arange(2600), start, 76, cell, 260, GROUP_OF_CODE, GROUPS), cells)
    return time.perf_counter() - began


def population_job(made: scale_data.Files, persons: int, repeat: int) -> None:
    """Everybody, weeks -104..+260, 11 groups, 980 clusters, HC1 and cluster bands."""
    reading = statistics.median(child("read", made, persons) for _ in range(repeat))  # before it is mapped
    dice = np.random.default_rng(6)
    start, cluster, treated = FIRST + 1300 - 104 + dice.integers(0, 12, persons), dice.integers(0, CLUSTERS, persons), dice.random(persons) < 0.5
    cell = (cluster * 2 + treated).astype(np.int32)
    rows, size = np.arange(persons), np.bincount(cell, minlength=2 * CLUSTERS)
    register = compact.open(made.compact)
    drawn = pl.DataFrame({"person": rows.astype(np.uint32), "start": start, "cell": cell})
    connection, held = duckdb(), {}

    def ours() -> None:
        held["ours"] = kernels.count(register, rows, start, 365, cell, 2 * CLUSTERS, GROUP_OF_CODE, GROUPS)
        bands(held["ours"], size)

    def one_thread() -> None:
        bands(kernels.count(register, rows, start, 365, cell, 2 * CLUSTERS, GROUP_OF_CODE, GROUPS, workers=1), size)

    def theirs() -> None:
        held["duckdb"] = by_duckdb(connection, made.spells, drawn, 2 * CLUSTERS, 365)

    times = rounds({"ours": ours, "DuckDB on spells": theirs}, repeat)
    times["the cold read of the compact file"] = reading
    assert np.array_equal(held["ours"], held["duckdb"])
    job = f"everybody ({persons // 1000:,}k), 365 weeks with bands"
    more(job, times, "DuckDB on spells", 6)
    less(job, times, "the cold read of the compact file", 4)
    print(
        f"    one thread: {rounds({'one': one_thread}, repeat)['one']:.3f} s; peak of this process so far {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
    )


def growth(small: scale_data.Files, large: scale_data.Files, few: int, many: int, repeat: int) -> None:
    def job(made: scale_data.Files, persons: int) -> Callable[[], None]:
        dice = np.random.default_rng(7)
        start, cell = FIRST + 1196 + dice.integers(0, 12, persons), dice.integers(0, 2 * CLUSTERS, persons).astype(np.int32)
        register, rows, size = compact.open(made.compact), np.arange(persons), np.bincount(cell, minlength=2 * CLUSTERS)
        return lambda: bands(kernels.count(register, rows, start, 365, cell, 2 * CLUSTERS, GROUP_OF_CODE, GROUPS, workers=1), size) and None

    less(
        f"{many // 1000:,}k persons, one thread",
        rounds({"ours": job(large, many), f"the time of {few // 1000:,}k": job(small, few)}, repeat),
        f"the time of {few // 1000:,}k",
        3,
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--persons", type=int, default=1_000_000)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--wide", action="store_true", help="also against the wide Parquet file (1 GB for each million persons)")
    options.add_argument("--jobs", default="trial,population,comparison,growth")
    options.add_argument("--cold", choices=("trial", "read"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.cold:
        print(cold(chosen.cold, scale_data.files(chosen.persons), chosen.persons))
        return
    print(f"command: bench/scale.py {' '.join(sys.argv[1:])}")
    made = scale_data.make(chosen.persons, wide=chosen.wide)
    jobs = chosen.jobs.split(",")
    if "trial" in jobs:
        trial_job(made, chosen.persons, chosen.repeat, chosen.wide)
    if "population" in jobs:
        population_job(made, chosen.persons, chosen.repeat)
    if "comparison" in jobs:
        import scale_comparison

        scale_comparison.job(made, chosen.persons, chosen.repeat)
    if "growth" in jobs:
        few = chosen.persons // 6
        growth(scale_data.make(few), made, few, chosen.persons, chosen.repeat)


if __name__ == "__main__":
    main()
