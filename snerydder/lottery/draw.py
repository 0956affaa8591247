"""The lottery drawn again: the same strata, the same number drawn in each, another fall of the dice.

A seed is text. Its SHA-256 starts the generator, so "1", "01" and 1 are three different seeds and none of them is a surprise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import combinations, product
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

LISTABLE = 200_000  # so many possible lotteries are gone through one by one


def generator(seed: str, purpose: str) -> np.random.Generator:
    """One stream for each purpose, so that one analysis more does not move the others."""
    mark = hashlib.sha256(f"{seed}\n{purpose}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(mark, "big")))


def possible(treated: NDArray[np.bool_], stratum: NDArray[np.int64]) -> int:
    """How many lotteries there are with these numbers drawn."""
    sizes = [treated[stratum == label] for label in np.unique(stratum)]
    return prod(comb(len(part), int(part.sum())) for part in sizes)


def redraws(treated: NDArray[np.bool_], stratum: NDArray[np.int64], count: int, chance: np.random.Generator, block: int = 500) -> Iterator[NDArray[np.bool_]]:
    """`count` lotteries in blocks of draws × persons."""
    places = [(np.flatnonzero(stratum == label), int(treated[stratum == label].sum())) for label in np.unique(stratum)]
    for first in range(0, count, block):
        everybody = chance.random((min(block, count - first), len(treated)), dtype=np.float32)  # a draw does not depend on how many follow
        drawn = np.zeros(everybody.shape, dtype=bool)
        for rows, chosen in places:
            if 0 < chosen < len(rows):
                lots = everybody[:, rows]
                limit = np.partition(lots, chosen - 1, axis=1)[:, chosen - 1 : chosen]
                picked = lots <= limit
                _settle_ties(picked, lots, limit, chosen)
                drawn[:, rows] = picked
            else:
                drawn[:, rows] = chosen > 0
        yield drawn


def _settle_ties(picked: NDArray[np.bool_], lots: NDArray[np.float32], limit: NDArray[np.float32], chosen: int) -> None:
    """Two equal lots at the limit: the later one stands back."""
    for row in np.flatnonzero(picked.sum(axis=1) > chosen):
        at_limit = np.flatnonzero(lots[row] == limit[row, 0])
        picked[row, at_limit[-(int(picked[row].sum()) - chosen) :]] = False


def every(treated: NDArray[np.bool_], stratum: NDArray[np.int64], block: int = 500) -> Iterator[NDArray[np.bool_]]:
    """All lotteries there are, the one that was drawn among them."""
    parts = []
    for label in np.unique(stratum):
        rows = np.flatnonzero(stratum == label)
        parts.append([list(rows[list(chosen)]) for chosen in combinations(range(len(rows)), int(treated[rows].sum()))])
    waiting: list[NDArray[np.bool_]] = []
    for together in product(*parts):
        drawn = np.zeros(len(treated), dtype=bool)
        drawn[[row for part in together for row in part]] = True
        waiting.append(drawn)
        if len(waiting) == block:
            yield np.array(waiting)
            waiting = []
    if waiting:
        yield np.array(waiting)
