"""The lottery drawn again: 10,000 redraws of a stratified lottery over 2,600 persons, 836 yes/no outcomes, in one run on one machine.

    .venv/bin/python bench/redraws.py --repeat 5

Ours is the whole test: the draws, each outcome's difference over its own error, and the step-down over all 836. The two it is held against do
less: the plain difference, its p-values one by one, no error and no family; the one a redraw at a time, the other all redraws of a chunk in
one single-precision product on two threads, from the same draws. Memory is the peak of a process that does 10,000, and of one that does 100,000.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "2")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numba  # noqa: E402, F401  (a large study has woken it already; waking it is in bench/engine.py's cold start)
import numpy as np  # noqa: E402

from snerydder.effects.permutation import Permutation, permutation  # noqa: E402
from snerydder.lottery.draw import Scheme, generator  # noqa: E402

PERSONS, STRATA, OUTCOMES, LOOP = 2600, 13, 836, 200
STRATUM = np.arange(PERSONS) % STRATA
TREATED = np.random.default_rng(1).random(PERSONS) < 0.5
Y = np.random.default_rng(3).random((PERSONS, OUTCOMES)) < 0.2
SCHEME = Scheme.fixed(TREATED, STRATUM)


def ours(redraws: int) -> Permutation:
    found = permutation(Y, TREATED, STRATUM, SCHEME.redraws(redraws, generator("bench", "redraws")))
    assert isinstance(found, Permutation)
    return found


def lever() -> np.ndarray:
    """With a dummy per stratum the effect of a lottery T is (T'Y - const)/S: the draw less its share is all that is needed."""
    return np.array([TREATED[stratum == STRATUM].mean() for stratum in range(STRATA)])[STRATUM]


def one_at_a_time(redraws: int) -> np.ndarray:
    y, share = Y.astype(float), lever()
    observed, reached = np.abs((TREATED - share) @ y) - 1e-9, np.zeros(OUTCOMES)
    for chunk in SCHEME.redraws(redraws, generator("bench", "redraws")):
        for drawn in chunk:
            reached += np.abs((drawn - share) @ y) >= observed
    return (reached + 1) / (redraws + 1)


def products(redraws: int) -> np.ndarray:
    y = Y.astype(np.float32)
    fixed = (lever() @ Y).astype(np.float32)
    observed, reached = np.abs(TREATED.astype(np.float32) @ y - fixed) - 1e-3, np.zeros(OUTCOMES)
    for chunk in SCHEME.redraws(redraws, generator("bench", "redraws")):
        reached += (np.abs(chunk.astype(np.float32) @ y - fixed) >= observed).sum(axis=0)
    return (reached + 1) / (redraws + 1)


def clock(work: Callable[[int], object], redraws: int) -> float:
    began = time.perf_counter()
    work(redraws)
    return time.perf_counter() - began


def peak(redraws: int) -> float:
    done = subprocess.run([sys.executable, __file__, "--peak", str(redraws)], check=True, capture_output=True, text=True)
    return float(done.stdout)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--repeat", type=int, default=5)
    options.add_argument("--redraws", type=int, default=10_000)
    options.add_argument("--peak", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.peak:
        ours(chosen.peak)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    slow, quick = one_at_a_time(LOOP), products(LOOP)
    assert np.abs(slow - quick).max() < 1e-12, "the same lotteries give the same p-values"
    ours(1000)
    taken = [
        (clock(ours, chosen.redraws), clock(products, chosen.redraws), clock(one_at_a_time, LOOP) * chosen.redraws / LOOP)
        for _ in range(chosen.repeat)
    ]
    mine, product, loop = (float(np.median(times)) for times in zip(*taken, strict=True))
    print(f"{chosen.redraws} redraws × {OUTCOMES} outcomes, {PERSONS} persons; medians of {chosen.repeat}, in turn")
    print(f"ours, studentised and stepping down             {mine:8.3f} s")
    print(f"one redraw at a time in NumPy, scaled from {LOOP}  {loop:8.3f} s   {loop / mine:6.1f} × ours   (goal ≥ 30)")
    print(f"one product per chunk, two threads              {product:8.3f} s   ours is {mine / product:4.2f} of it (goal ≤ 0.7)")
    few, many = peak(10_000), peak(100_000)
    print(f"peak memory, 10,000 and 100,000 redraws          {few:6.0f} and {many:.0f} MB")


if __name__ == "__main__":
    main()
