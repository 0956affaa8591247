"""What every bench says, in one form: the job, the ratio within the run, the goal, whether it holds, and the times behind it."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from typing import Any


def timed(work: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> float:
    began = clock()
    work()
    return clock() - began


def rounds(
    works: dict[str, Callable[[], Any]], repeat: int, warm: bool = True, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """In turn A B C A B C, medians; a warm-up round first."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for number in range(repeat + warm):
        for name, work in works.items():
            seconds = timed(work, clock)
            if number >= warm:
                taken[name].append(seconds)
    return {name: statistics.median(times) for name, times in taken.items()}


def say(job: str, value: float, goal: str, met: bool, note: str = "", unit: str = "×") -> None:
    print(f"{job:<88}{value:>11,.2f} {unit:<3}{goal:<9}{'held' if met else 'NOT HELD':<9}{note}", flush=True)


def more(job: str, times: dict[str, float], theirs: str, goal: float, note: str = "") -> None:
    ratio = times[theirs] / times["ours"]
    say(f"{job}, faster than {theirs}", ratio, f"≥ {goal:g}", ratio >= goal, f"{times['ours']:.4f} s against {times[theirs]:.3f} s{note}")


def less(job: str, times: dict[str, float], theirs: str, goal: float, note: str = "") -> None:
    ratio = times["ours"] / times[theirs]
    say(f"{job}, of {theirs}", ratio, f"≤ {goal:g}", ratio <= goal, f"{times['ours']:.4f} s against {times[theirs]:.4f} s{note}")


def machine() -> str:
    """So that a busy machine can be seen in what it measured."""
    return f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}"
