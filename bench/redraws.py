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
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "2")
sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

import numba  # noqa: E402, F401  (a large study has woken it already; waking it is in bench/engine.py's cold start)
import numpy as np  # noqa: E402
from told import less, machine, more, rounds, say  # noqa: E402

from snerydder.effects.permutation import Permutation, permutation  # noqa: E402
from snerydder.lottery.draw import Scheme, generator  # noqa: E402

PERSONS, STRATA, OUTCOMES, LOOP = 2600, 13, 836, 806  # a whole chunk: no lottery is drawn that the loop does not use
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
    print(f"command: bench/redraws.py {' '.join(sys.argv[1:])}   ({machine()})")
    loop, product = f"one at a time in NumPy (scaled from {LOOP})", "one product per chunk on two threads"
    times = rounds({"ours": lambda: ours(chosen.redraws), product: lambda: products(chosen.redraws), loop: lambda: one_at_a_time(LOOP)}, chosen.repeat)
    times[loop] *= chosen.redraws / LOOP
    job = f"{chosen.redraws:,} redraws × {OUTCOMES} outcomes"
    more(job, times, loop, 30)
    less(job, times, product, 0.7)
    few, many = peak(10_000), peak(100_000)
    say("peak memory of 100,000 redraws, of that of 10,000", many / few, "≤ 1.1", many <= 1.1 * few, f"{many:.0f} MB against {few:.0f} MB")


if __name__ == "__main__":
    main()
