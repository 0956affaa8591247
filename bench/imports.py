"""Making the compact form, against merely reading the same file: only the ratios mean anything.

    .venv/bin/python bench/imports.py                                          # 100,000 persons: wide Parquet and CSV
    .venv/bin/python bench/imports.py --persons 1000000 --forms wide,spells    # 1 GB of wide Parquet

In turn, medians, each import in a process of its own (of up to 2 million the second of two in it, so that nothing waits for the compiler), its peak by the system.
The compact form is held against the one the generator made, array by array.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402
import scale_data  # noqa: E402
from scale import read_through  # noqa: E402
from told import machine, say, timed  # noqa: E402

from snerydder.registers import compact, compact_import  # noqa: E402


def one(form: str, persons: int) -> None:
    made, taken = scale_data.files(persons), 0.0
    with tempfile.TemporaryDirectory(dir=scale_data.CACHE) as name:
        out = Path(name) / "out.compact"
        for _ in range(2 if persons < 2_000_000 else 1):  # of so many the compiler's seconds are lost in the rest
            shutil.rmtree(out, ignore_errors=True)
            began = time.perf_counter()
            compact_import.make(getattr(made, form), out, compact_import.Columns(key="person" if form == "spells" else "pnr"))
            taken = time.perf_counter() - began
        peak = next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")) / 1024
        found, right = compact.open(out), compact.open(made.compact)
        assert all(np.array_equal(getattr(found, part), getattr(right, part)) for part in ("offsets", "code", "begin", "end"))
        size = sum(file.stat().st_size for file in out.iterdir())
    print(json.dumps([taken, peak, size]))


def child(form: str, persons: int) -> list[float]:
    done = subprocess.run([sys.executable, __file__, "--one", form, "--persons", str(persons)], check=True, capture_output=True, text=True)
    return [float(number) for number in json.loads(done.stdout)]


def decode(file: Path) -> None:
    """Block by block, as an import must, and nothing kept."""
    lazy = pl.scan_parquet(file)
    total, step = lazy.select(pl.len()).collect().item(), compact_import.CELLS // scale_data.WEEKS
    for low in range(0, total, step):
        lazy.slice(low, step).collect()


def job(form: str, persons: int, repeat: int, made: scale_data.Files) -> None:
    file: Path = getattr(made, form)
    readers: dict[str, Callable[[], Any]] = {"its decode by Polars": lambda: decode(file)}
    if form == "csv":
        readers = {"reading the bytes warm": lambda: read_through([file]), "polars.read_csv": lambda: pl.read_csv(file)}
    for work in readers.values():
        work()
    ours, theirs = [], {name: [] for name in readers}  # type: ignore[var-annotated]
    for _ in range(repeat):
        ours.append(child(form, persons))
        for name, work in readers.items():
            theirs[name].append(timed(work))
    taken = statistics.median(line[0] for line in ours)
    job = f"{form} of {persons // 1000}k persons ({file.stat().st_size / 1e6:.0f} MB) to compact"
    for name, times in theirs.items():
        other = statistics.median(times)
        if name == "polars.read_csv":
            say(f"{job}, faster than {name}", other / taken, "≥ 5", other / taken >= 5, f"{taken:.3f} s against {other:.3f} s")
        else:
            goal = 4 if form == "csv" else 2.5
            say(f"{job}, of {name}", taken / other, f"≤ {goal}", taken / other <= goal, f"{taken:.3f} s against {other:.3f} s")
    peak = max(line[1] for line in ours)
    say(f"{job}, peak memory", peak / 1024, "≤ 2", peak <= 2048, unit="GB")
    if form == "wide":
        size = ours[0][2] / file.stat().st_size
        say("compact file, of the wide Parquet", size, "≤ 0.10", size <= 0.1, f"{ours[0][2] / 1e6:.1f} MB")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--persons", type=int, default=100_000)
    options.add_argument("--forms", default="wide,csv,spells")
    options.add_argument("--repeat", type=int, default=5)
    options.add_argument("--one", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        one(chosen.one, chosen.persons)
        return
    print(f"command: bench/imports.py {' '.join(sys.argv[1:])}   ({machine()})")
    forms = chosen.forms.split(",")
    made = scale_data.make(chosen.persons, wide="wide" in forms, csv="csv" in forms)
    for form in forms:
        job(form, chosen.persons, chosen.repeat, made)


if __name__ == "__main__":
    main()
