"""The lottery drawn again by its own rules: strata, permuted blocks, clusters, personal chances.

A seed is text. Its SHA-256 starts the generator, so "1", "01" and 1 are three different seeds and none of them is a surprise.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

LISTABLE = 200_000  # so many possible lotteries are gone through one by one
MANY = 10_000_000  # draws × units of one chunk: then the register is so large that the compiled twin pays
CELLS = 2**21  # draws × units held at a time
NEAR = 2**18  # lots drawn at a time by the compiled twin: they never leave the processor's own memory

Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]


def generator(seed: str, purpose: str) -> np.random.Generator:
    """One stream for each purpose, so that one analysis more does not move the others."""
    mark = hashlib.sha256(f"{seed}\n{purpose}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(mark, "big")))


@dataclass(frozen=True)
class Scheme:
    """How the arms came about. A unit is what was drawn: a person, or a cluster whose persons share its lot.

    In a block, `chosen` of `size` places were for a mentor, in random order. Where intake stopped midway it has fewer units than places.
    With `probability` every unit was drawn by itself, and there are no blocks.
    """

    unit: Integers  # per person, 0 …
    block: Integers  # per unit, 0 …
    size: Integers  # per block
    chosen: Integers  # per block
    probability: NDArray[np.float64] | None = None  # per unit

    @classmethod
    def fixed(cls, treated: Booleans, stratum: Integers, cluster: Integers | None = None) -> Scheme:
        """In every stratum a fixed number was drawn: as many as were."""
        unit, first = _units(treated, cluster)
        block = np.unique(stratum, return_inverse=True)[1].ravel()[first]
        if (block[unit] != np.unique(stratum, return_inverse=True)[1].ravel()).any():
            raise ValueError("a cluster lies in one stratum")
        return cls(unit, block, np.bincount(block), np.bincount(block, weights=treated[first]).astype(np.int64))

    @classmethod
    def blocks(cls, block: Integers, size: Integers, chosen: Integers) -> Scheme:
        """Permuted blocks: `block` per person, 0 …; `size` and `chosen` per block as planned, also for a block that was never filled."""
        if (np.bincount(block, minlength=len(size)) > size).any() or (chosen > size).any():
            raise ValueError("a block has no more persons, and no more mentors, than places")
        return cls(np.arange(len(block)), block, size, chosen)

    @classmethod
    def personal(cls, probability: NDArray[np.float64], cluster: Integers | None = None) -> Scheme:
        """Every person (or cluster) had a chance of its own and was drawn by itself."""
        unit, first = _units(probability, cluster)
        chance = np.asarray(probability, dtype=float)[first]
        if not ((chance >= 0) & (chance <= 1)).all():
            raise ValueError("a chance lies between 0 and 1")
        return cls(unit, np.arange(len(first)), np.ones(len(first), dtype=np.int64), np.zeros(len(first), dtype=np.int64), chance)

    def possible(self) -> int:
        """How many lotteries there are."""
        if self.probability is not None:
            return 1 << int(((self.probability > 0) & (self.probability < 1)).sum())
        return prod(sum(comb(n, k) for k in numbers) for n, numbers in self._numbers())

    def redraws(self, count: int, chance: np.random.Generator) -> Iterator[Booleans]:
        """`count` lotteries, each with its own probability, in chunks of draws × persons. A draw does not depend on how many follow."""
        whole = int(np.clip(CELLS // len(self.block), 16, 1000))
        for first in range(0, count, whole):
            drawn = self._in_blocks(whole, chance) if self.probability is None else chance.random((whole, len(self.block))) < self.probability
            drawn = drawn[: count - first]
            yield drawn if len(self.unit) == len(self.block) else drawn[:, self.unit]

    def every(self) -> Iterator[Booleans]:
        """All lotteries there are, the one that was drawn among them; `likelihood` says how likely each was."""
        waiting: list[Booleans] = []
        for together in product(*self._lists()):
            drawn = np.zeros(len(self.block), dtype=bool)
            drawn[[unit for part in together for unit in part]] = True
            waiting.append(drawn)
            if len(waiting) == 500:
                yield np.array(waiting)[:, self.unit]
                waiting = []
        if waiting:
            yield np.array(waiting)[:, self.unit]

    def likelihood(self, drawn: Booleans) -> NDArray[np.float64]:
        """The probability of each lottery (draws × persons)."""
        lots = np.zeros((len(drawn), len(self.block)), dtype=bool)
        lots[:, self.unit] = drawn
        if self.probability is not None:
            return np.asarray(np.where(lots, self.probability, 1 - self.probability).prod(axis=1))
        found = np.ones(len(drawn))
        for at, (n, numbers) in enumerate(self._numbers()):
            size, chosen = int(self.size[at]), int(self.chosen[at])
            ways = np.zeros(n + 1)
            ways[numbers] = [comb(size - n, chosen - k) / comb(size, chosen) for k in numbers]
            found *= ways[lots[:, self.block == at].sum(axis=1)]
        return found

    def _numbers(self) -> list[tuple[int, list[int]]]:
        """Per block: its units, and how many of them can have been drawn."""
        found = []
        for n, size, chosen in zip(np.bincount(self.block, minlength=len(self.size)).tolist(), self.size.tolist(), self.chosen.tolist(), strict=True):
            found.append((n, list(range(max(0, chosen - (size - n)), min(n, chosen) + 1))))
        return found

    def _lists(self) -> list[list[tuple[int, ...]]]:
        if self.probability is not None:
            return [[()] * (p < 1) + [(unit,)] * (p > 0) for unit, p in enumerate(self.probability.tolist())]
        parts = []
        for at, (_, numbers) in enumerate(self._numbers()):
            units = np.flatnonzero(self.block == at).tolist()
            parts.append([drawn for k in numbers for drawn in combinations(units, k)])
        return parts

    def _in_blocks(self, draws: int, chance: np.random.Generator) -> Booleans:
        """The next unit is drawn with probability (mentors left)/(places left): every arrangement is equally likely (Fan, Muller & Rezucha 1962).

        All blocks at once, the largest first, so that the blocks still running are always the first ones. 32 random bits a lot: no
        probability is off by more than the size of a block in four billion.
        """
        held = np.bincount(self.block, minlength=len(self.size))
        order = np.argsort(-held, kind="stable")
        units = np.argsort(np.argsort(order)[self.block], kind="stable")
        held, size = held[order], self.size[order].astype(np.uint64)
        left = np.repeat(self.chosen[order].astype(np.uint64)[:, None], draws, axis=1)
        begins = np.cumsum(held) - held
        drawn = np.empty((len(units), draws), dtype=bool)
        if "numba" in sys.modules or drawn.size > MANY:  # awake already, or worth waking
            from snerydder.lottery.draw_compiled import in_blocks

            edges = [*np.flatnonzero(np.diff(begins * draws // NEAR, prepend=-1)).tolist(), len(held)]
            for part in map(slice, edges, edges[1:]):
                mine = slice(begins[part.start], begins[part.stop - 1] + held[part.stop - 1])
                lots = _lots(chance, mine.stop - mine.start, draws)
                in_blocks(lots, held[part], size[part], left[part], begins[part] - mine.start, units[mine], drawn)
            return np.ascontiguousarray(drawn.T)
        lots = _lots(chance, len(units), draws)
        running = np.searchsorted(-held, -np.arange(1, held.max(initial=0) + 1), side="right")
        for position, blocks in enumerate(running.tolist()):
            reach = lots[begins[:blocks] + position] * (size[:blocks, None] - np.uint64(position)) >> np.uint64(32)
            yes = reach < left[:blocks]
            left[:blocks] -= yes
            drawn[units[begins[:blocks] + position]] = yes
        return np.ascontiguousarray(drawn.T)


def _lots(chance: np.random.Generator, units: int, draws: int) -> NDArray[np.uint32]:
    """32 random bits each: the numbers of `chance.integers(0, 2**32, …)`, but where two lie in one of the generator's own they are asked for together."""
    count, state = units * draws, chance.bit_generator.state
    if count % 2 or sys.byteorder != "little" or state["bit_generator"] != "PCG64" or state["has_uint32"]:
        return chance.integers(0, 2**32, size=(units, draws), dtype=np.uint32)
    return chance.integers(0, 2**64, size=count // 2, dtype=np.uint64).view(np.uint32).reshape(units, draws)


def _units(values: NDArray[np.generic], cluster: Integers | None) -> tuple[Integers, Integers]:
    """Per person its unit, per unit its first person; within a unit everybody has the same value."""
    if cluster is None:
        return np.arange(len(values)), np.arange(len(values))
    _, first, unit = np.unique(cluster, return_index=True, return_inverse=True)
    if (values[first][unit.ravel()] != values).any():
        raise ValueError("in a cluster everybody shares one lot")
    return unit.ravel(), first
