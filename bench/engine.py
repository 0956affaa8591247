"""The engine against the established tools, in one run on one machine: only the ratios mean anything.

    .venv/bin/python bench/engine.py --repeat 3

The job is the published one: 11 groups of codes × 76 weeks = 836 regressions on arm and 13 strata, with HC1 and cluster (CR1) errors,
from a wide weekly register of 2,600 invented persons. BLAS runs on one thread for everybody (statsmodels is faster so). Ours and theirs in turn, best of each.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import numpy as np  # noqa: E402
from told import machine, more, say  # noqa: E402

PERSONS, STRATA, CLUSTERS, GROUPS, WEEKS, HISTORY = 2600, 13, 130, 11, 76, 400
START = 300


def invent(folder: Path) -> None:
    """A register with runs, eleven groups of codes, and blanks."""
    from snerydder.registers import weeks

    dice = np.random.default_rng(1)
    grid = np.zeros((PERSONS, HISTORY), dtype=np.int16)
    for person in range(PERSONS):
        place = 0
        while place < HISTORY:
            length = int(dice.geometric(0.03))
            grid[person, place : place + length] = 0 if dice.random() < 0.3 else 100 + dice.integers(0, 60)
            place += length
    cluster = np.arange(PERSONS) % CLUSTERS
    treated = dice.random(PERSONS) < 0.5
    import polars as pl

    first = weeks.from_iso(2008, 1)
    columns: dict[str, object] = {"pnr": [f"P{number:05d}" for number in range(PERSONS)]}
    columns |= {weeks.column(first + week): grid[:, week] for week in range(HISTORY)}
    pl.DataFrame(columns).with_columns(pl.col(pl.Int16).replace(0, None)).write_parquet(folder / "wide.parquet")
    np.savez(folder / "trial.npz", cluster=cluster, stratum=cluster % STRATA, treated=treated, start=START + dice.integers(0, 14, PERSONS))


def engine(folder: Path) -> tuple[np.ndarray, ...]:
    """From the wide file to every effect and both errors."""
    import polars as pl

    from snerydder import panel
    from snerydder.effects import counts

    trial = np.load(folder / "trial.npz")
    wide = pl.read_parquet(folder / "wide.parquet")
    grid = wide.select(pl.col("^y_.*$").fill_null(0)).to_numpy().astype(np.uint16)
    spells = _spells(panel, grid)
    return cube_job(panel, counts, spells, trial)


def _spells(panel, grid):  # type: ignore[no-untyped-def]
    index = np.zeros(200, dtype=np.uint16)
    index[100:160] = np.arange(1, 61)
    return panel.from_grid(tuple(map(str, range(len(grid)))), ("", *map(str, range(100, 160))), index[grid], 0, np.ones(grid.shape[1], dtype=bool))


GROUP_OF_CODE = np.array([-1, *(code % GROUPS for code in range(60))])


def cube_job(panel, counts, spells, trial, rows=None):  # type: ignore[no-untyped-def]
    chosen = np.arange(PERSONS) if rows is None else rows
    cell = trial["cluster"][chosen] * 2 + trial["treated"][chosen]
    cube = panel.count(spells, chosen, trial["start"][chosen], WEEKS, cell, 2 * CLUSTERS, GROUP_OF_CODE, GROUPS)
    clusters = np.arange(2 * CLUSTERS) // 2
    cells = counts.Cells(np.bincount(cell, minlength=2 * CLUSTERS), clusters % STRATA, np.arange(2 * CLUSTERS) % 2 == 1, clusters)
    found = counts.regressions(cube, cells)
    return found.effect, found.hc1, found.cr1


def established(folder: Path, most: int = GROUPS * WEEKS) -> tuple[np.ndarray, ...]:
    """pandas melts the weeks that are needed; statsmodels fits one regression at a time."""
    import pandas as pd
    import statsmodels.api as sm

    trial = np.load(folder / "trial.npz")
    wide = pd.read_parquet(folder / "wide.parquet") if _pyarrow() else _through_polars(folder)
    names = [name for name in wide.columns if name.startswith("y_")][START : START + 14 + WEEKS]
    long = wide[["pnr", *names]].melt(id_vars="pnr", var_name="week", value_name="code")
    long["week"] = long["week"].map({name: START + place for place, name in enumerate(names)})
    person = pd.DataFrame({"pnr": wide["pnr"], "row": np.arange(PERSONS), "start": trial["start"]})
    long = long.merge(person, on="pnr")
    long["t"] = long["week"] - long["start"]
    long = long[(long["t"] >= 0) & (long["t"] < WEEKS)]
    long["group"] = (long["code"] - 100) % GROUPS
    x = np.column_stack([trial["treated"], trial["stratum"][:, None] == np.arange(STRATA)]).astype(float)
    found = np.zeros((3, GROUPS, WEEKS))
    done = 0
    for group in range(GROUPS):
        yes = long[long["group"] == group]
        y = np.zeros((PERSONS, WEEKS))
        y[yes["row"], yes["t"]] = 1
        for week in range(WEEKS):
            if done == most:
                return found[0], found[1], found[2]
            model = sm.OLS(y[:, week], x)
            fit = model.fit(cov_type="HC1")
            clustered = model.fit(cov_type="cluster", cov_kwds={"groups": trial["cluster"]})
            found[:, group, week] = fit.params[0], fit.bse[0], clustered.bse[0]
            done += 1
    return found[0], found[1], found[2]


def _pyarrow() -> bool:
    from importlib.util import find_spec

    return find_spec("pyarrow") is not None


def _through_polars(folder: Path):  # type: ignore[no-untyped-def]
    """pandas reads Parquet through pyarrow, which the tests do not carry; the columns are handed over as NumPy arrays."""
    import pandas as pd
    import polars as pl

    table = pl.read_parquet(folder / "wide.parquet")
    return pd.DataFrame({name: table[name].to_list() if name == "pnr" else table[name].cast(pl.Float64).to_numpy() for name in table.columns})


def clock(ours: Callable[[], object], theirs: Callable[[], object], repeat: int, inner: int = 5) -> tuple[float, float]:
    """Ours and theirs in turn, so that a busy machine is busy for both; the best of each."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeat):
        for work, times, found in ((ours, inner, taken[0]), (theirs, 1, taken[1])):
            for _ in range(times):
                began = time.perf_counter()
                work()
                found.append(time.perf_counter() - began)
    return min(taken[0]), min(taken[1])


def faster(job: str, ours: float, theirs: float, goal: float, note: str = "") -> None:
    more(job, {"ours": ours, "pandas + statsmodels": theirs}, "pandas + statsmodels", goal, note)


def covariates_job(folder: Path, repeat: int) -> None:
    import statsmodels.api as sm

    from snerydder.effects.regression import design, regression

    trial = np.load(folder / "trial.npz")
    dice = np.random.default_rng(2)
    x = dice.normal(size=(PERSONS, 8))
    y = (dice.random((PERSONS, GROUPS * WEEKS)) < 0.2).astype(float)

    def ours() -> tuple[np.ndarray, ...]:
        curve = regression(y, trial["treated"], trial["stratum"], x, "HC1")
        return curve.effect, curve.error, curve.by_cluster(trial["cluster"]).error  # type: ignore[union-attr]

    def theirs(most: int) -> list[tuple[float, float]]:
        matrix = design(trial["treated"], trial["stratum"], x)
        found = []
        for column in range(most):
            model = sm.OLS(y[:, column], matrix)
            fit = model.fit(cov_type="HC1")
            model.fit(cov_type="cluster", cov_kwds={"groups": trial["cluster"]})
            found.append((fit.params[0], fit.bse[0]))
        return found

    part = 100
    effect, error, _ = ours()
    check = np.array(theirs(part))
    assert max(np.abs(check[:, 0] - effect[:part]).max(), np.abs(check[:, 1] - error[:part]).max()) < 1e-12
    mine, established_part = clock(ours, lambda: theirs(part), repeat)
    faster("836 regressions, strata and 8 continuous covariates", mine, established_part * GROUPS * WEEKS / part, 20, f"; theirs scaled from {part}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--cold", choices=("engine", "established"), help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path)
    chosen = options.parse_args()
    if chosen.cold:
        {"engine": engine, "established": established}[chosen.cold](chosen.folder)
        return
    from snerydder import panel
    from snerydder.effects import counts

    with tempfile.TemporaryDirectory(prefix="snerydder-bench-") as name:
        folder = Path(name)
        invent(folder)
        print(f"command: bench/engine.py {' '.join(sys.argv[1:])}   ({machine()})")
        mine, judged = engine(folder), established(folder)
        gap = max(float(np.abs(one - other).max()) for one, other in zip(mine, judged, strict=True))
        assert gap < 1e-12, gap
        trial = dict(np.load(folder / "trial.npz"))
        import polars as pl

        grid = pl.read_parquet(folder / "wide.parquet").select(pl.col("^y_.*$").fill_null(0)).to_numpy().astype(np.uint16)
        spells = _spells(panel, grid)
        compact, theirs = clock(lambda: cube_job(panel, counts, spells, trial), lambda: established(folder), chosen.repeat)
        faster("836 regressions, HC1 and cluster, from the compact form", compact, theirs, 100, f"; largest difference {gap:.0e}")
        wide, theirs = clock(lambda: engine(folder), lambda: established(folder), chosen.repeat)
        print(f"    from the wide Parquet file {theirs / wide:.0f} ×")
        cold = [
            lambda which=which: subprocess.run([sys.executable, __file__, "--cold", which, "--folder", str(folder)], check=True)
            for which in ("engine", "established")
        ]  # type: ignore[misc]
        faster("836 regressions, a whole process from a cold start", *clock(cold[0], cold[1], chosen.repeat, 2), 8)
        covariates_job(folder, chosen.repeat)
        members = np.random.default_rng(4).random((50, PERSONS)) < 0.4
        from snerydder.study import many

        cell, label = trial["cluster"] * 2 + trial["treated"], np.arange(2 * CLUSTERS) // 2
        cells = counts.Cells(np.bincount(cell, minlength=2 * CLUSTERS), label % STRATA, np.arange(2 * CLUSTERS) % 2 == 1, label)
        everyone = np.arange(PERSONS)

        def subgroups() -> list[object]:
            return list(many.subgroups(spells, everyone, trial["start"], WEEKS, cell, cells, members, GROUP_OF_CODE, GROUPS))

        alone, found = cube_job(panel, counts, spells, trial, np.flatnonzero(members[7])), subgroups()[7]
        assert max(np.abs(one - getattr(found, name)).max() for one, name in zip(alone, ("effect", "hc1", "cr1"), strict=True)) < 1e-12
        fifty, theirs = clock(subgroups, lambda: established(folder, 40), 2)
        fitting = theirs - clock(lambda: None, lambda: established(folder, 0), 2)[1]
        faster("50 subgroups, 41,800 regressions", fifty, fitting / 40 * GROUPS * WEEKS * 50, 500, "; fits alone, scaled from 40")
        say("50 subgroups, of the job of one group", fifty / compact, "≤ 10", fifty <= 10 * compact, f"{fifty:.4f} s against {compact:.4f} s")


if __name__ == "__main__":
    main()
