"""Which counts must be held back beside the small ones, so that no sum gives a held-back count away. Found with linear programming.

A reader knows the counts shown, that none is below zero, and every sum (A x = 0). A held-back count is safe when two sets of counts that agree with all he
knows lie `WIDTH` or more apart in it. `protect` asks, for each held-back count in turn, which counts must move for it to be `WIDTH` larger: the cheapest
way to move them, min Σ cost·|u| with A u = 0, u_p = WIDTH, x + u >= 0 (Fischetti & Salazar 2001; Hundepool et al. 2012, ch. 4). Those that move are held
back too. `interval` is the reader's own sum: the least and the most a count can be; what is still too narrow is protected once more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.results import Floats

Flags = NDArray[np.bool_]
WIDTH = 5.0
STILL = 1e-6


class TooNarrow(Exception):
    """Whatever is held back, this one is told by what is known already."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


@dataclass(frozen=True)
class Known:
    """Counts, the sums between them, and what a reader knows whatever is done (`fixed`: shown before, or elsewhere)."""

    value: Floats
    sums: Floats  # equations × counts, each zero
    fixed: Flags
    cost: Floats  # of holding one back; 0 for what no reader sees


def protect(known: Known, hidden: Flags) -> Flags:
    """`hidden`, and the further ones that must be. Raises TooNarrow."""
    held, waiting, tried = hidden.copy(), [int(one) for one in np.flatnonzero(hidden)], set[int]()
    while waiting:
        at = waiting.pop(0)
        if at in tried or _wide(known, held, at):
            continue
        tried.add(at)
        moved = _cheapest(known, held, at)
        if moved is None:
            raise TooNarrow(at)
        waiting += [int(one) for one in np.flatnonzero(moved & ~held)]
        held |= moved
    return held


def interval(known: Known, hidden: Flags, at: int) -> tuple[float, float]:
    """The least and the most a reader finds it can be."""
    from scipy.optimize import linprog  # here: who only counts small rows needs none of it

    free, ends = hidden & ~known.fixed, []
    bounds = [(-value if one else 0.0, None if one else 0.0) for value, one in zip(known.value, free, strict=True)]
    aim = np.zeros(len(known.value))
    for sign in (1.0, -1.0):
        aim[at] = sign
        found = linprog(aim, A_eq=known.sums, b_eq=np.zeros(len(known.sums)), bounds=bounds)
        ends.append(known.value[at] + (sign * found.fun if found.status == 0 else -sign * np.inf))
    return ends[0], ends[1]


def _wide(known: Known, hidden: Flags, at: int) -> bool:
    low, high = interval(known, hidden, at)
    return bool(high - low >= WIDTH - STILL)


def _cheapest(known: Known, hidden: Flags, at: int) -> Flags | None:
    """The counts that move when this one is WIDTH larger. Each is split in what is added and what is taken away."""
    from scipy.optimize import linprog

    n = len(known.value)
    cost = np.where(hidden, 0.0, known.cost) + STILL
    bounds = [(0.0, 0.0 if still else None) for still in known.fixed] + [(0.0, 0.0 if still else value) for still, value in zip(known.fixed, known.value, strict=True)]
    bounds[at], bounds[n + at] = (WIDTH, WIDTH), (0.0, 0.0)
    found = linprog(np.concatenate([cost, cost]), A_eq=np.hstack([known.sums, -known.sums]), b_eq=np.zeros(len(known.sums)), bounds=bounds)
    if found.status != 0:
        return None
    moved: Flags = np.abs(found.x[:n] - found.x[n:]) > STILL
    return moved
