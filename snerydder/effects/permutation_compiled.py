"""The compiled twin of `permutation`'s loop for yes/no outcomes and persons drawn one by one. Import this only where there is much to do.

Lotteries and outcomes are bit planes, every stratum padded to whole words, so that how many of those drawn answered yes is a count of
bits: exact whole numbers. They go straight into the statistic and the exceedances are counted; no draws × columns table is ever kept.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit
from numba.core import types
from numba.extending import intrinsic
from numpy.typing import NDArray

TILE = 64  # columns at a time: their words of one stratum stay in the fastest cache
compiled = njit(nogil=True, cache=True, error_model="numpy", fastmath={"contract"})


def _bits(context: Any, word: Any) -> Any:
    """How many bits are set: one machine instruction."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> ir.Value:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), code


bits: Any = intrinsic(_bits)


@compiled
def pack_lots(drawn: Any, member: Any, words: Any) -> None:
    """Draws × persons (0/1 bytes) to draws × words; `member` is words × 64: the person at each bit, -1 where a stratum is padded."""
    for draw in range(drawn.shape[0]):
        lots = drawn[draw]
        for word in range(member.shape[0]):
            packed = np.uint64(0)
            for bit in range(64):
                person = member[word, bit]
                if person >= 0:
                    packed |= np.uint64(lots[person]) << np.uint64(bit)
            words[draw, word] = packed


@compiled
def constants(drawn: Any, persons: Any, yes: Any, slope: Any, bend: Any, tilt: Any, base: Any) -> None:
    """With c of those drawn in a stratum answering yes, its effect is slope·c + a constant and its variance bend·c² + tilt·c + a constant."""
    base[:] = 0.0
    tilt[:] = 0.0
    for s in range(len(persons)):
        n, n1 = persons[s], drawn[s]
        n0 = n - n1
        slope[s] = bend[s] = 0.0
        if n1 > 1 and n0 > 1:
            c1, c0 = n * n / (n1 * (n1 - 1)), n * n / (n0 * (n0 - 1))
            slope[s], bend[s] = n / n1 + n / n0, -c1 / n1 - c0 / n0
            for j in range(TILE):
                tilt[s, j] = c1 - c0 + 2 * c0 / n0 * yes[s, j]
                base[0, j] -= n / n0 * yes[s, j]
                base[1, j] += c0 * yes[s, j] * (1 - yes[s, j] / n0)


@compiled
def exceedances(words: Any, planes: Any, begins: Any, persons: Any, yes: Any, threshold: Any, single: Any, family: Any) -> None:
    """Adds to `single` and `family` how often |T*| reaches each threshold, alone and as the largest of it and all smaller columns.

    `planes` is tiles × words × TILE, columns from the largest observed statistic to the smallest; `yes` strata × columns; `begins` the
    first word of every stratum and the end. Columns beyond the last are padded with a threshold nothing reaches.
    """
    strata, draws = len(persons), words.shape[0]
    largest = np.zeros(draws)
    drawn = np.zeros((draws, strata))
    for draw in range(draws):
        for s in range(strata):
            for word in range(begins[s], begins[s + 1]):
                drawn[draw, s] += bits(words[draw, word])
    count, effect, variance, reach = np.empty(TILE, dtype=np.uint64), np.empty(TILE), np.empty(TILE), np.empty(TILE)
    slope, bend, tilt, base = np.empty(strata), np.empty(strata), np.empty((strata, TILE)), np.empty((2, TILE))
    for tile in range(planes.shape[0] - 1, -1, -1):
        first = tile * TILE
        for draw in range(draws):
            if draw == 0 or (drawn[draw] != drawn[draw - 1]).any():  # nearly always the lottery keeps its numbers
                constants(drawn[draw], persons, yes[:, first : first + TILE], slope, bend, tilt, base)
            effect[:] = base[0]
            variance[:] = base[1]
            for s in range(strata):
                if slope[s] == 0:
                    continue
                count[:] = 0
                word, end = begins[s], begins[s + 1]
                while word + 4 <= end:  # four words a time, so that the counts are fetched and put back a fourth as often
                    a, b, c, d = words[draw, word], words[draw, word + 1], words[draw, word + 2], words[draw, word + 3]
                    pa, pb, pc, pd = planes[tile, word], planes[tile, word + 1], planes[tile, word + 2], planes[tile, word + 3]
                    for j in range(TILE):
                        count[j] += bits(a & pa[j]) + bits(b & pb[j]) + bits(c & pc[j]) + bits(d & pd[j])
                    word += 4
                while word < end:
                    lots, plane = words[draw, word], planes[tile, word]
                    for j in range(TILE):
                        count[j] += bits(lots & plane[j])
                    word += 1
                straight, square = slope[s], bend[s]
                for j in range(TILE):
                    answered = float(np.int64(count[j]))
                    effect[j] += straight * answered
                    variance[j] += answered * (tilt[s, j] + square * answered)
            for j in range(TILE):
                reach[j] = effect[j] * effect[j] / variance[j] if variance[j] > 1e-6 else 0.0
            best = largest[draw]
            for j in range(TILE - 1, -1, -1):
                single[first + j] += reach[j] >= threshold[first + j]
                best = max(best, reach[j])
                family[first + j] += best >= threshold[first + j]
            largest[draw] = best


class Planes:
    """The outcomes packed once, and chunks of lotteries counted against them."""

    def __init__(self, y: NDArray[np.bool_], strata: tuple[NDArray[np.int64], ...], order: NDArray[np.int64], threshold: NDArray[np.float64]) -> None:
        lengths = [-(-len(rows) // 64) for rows in strata]
        self.begins = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        self.member = np.full((int(self.begins[-1]), 64), -1, dtype=np.int64)
        for rows, begin in zip(strata, self.begins, strict=False):
            self.member[begin:].reshape(-1)[: len(rows)] = rows
        self.persons = np.array([float(len(rows)) for rows in strata])
        self.columns = columns = len(order)
        self.tiles = -(-columns // TILE)
        answers = np.zeros((self.tiles * TILE, y.shape[0]), dtype=np.uint8)
        answers[:columns] = y[:, order].T
        packed = np.empty((len(answers), len(self.member)), dtype=np.uint64)
        pack_lots(answers, self.member, packed)
        self.planes = np.ascontiguousarray(packed.reshape(self.tiles, TILE, -1).transpose(0, 2, 1))
        self.yes = np.array([answers[:, rows].sum(axis=1) for rows in strata], dtype=float)
        self.threshold = np.full(len(answers), np.inf)
        self.threshold[:columns] = np.sign(threshold[order]) * threshold[order] ** 2

    def count(self, drawn: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Exceedances of one chunk of lotteries, columns in the order given."""
        single, family = np.zeros(len(self.threshold), dtype=np.int64), np.zeros(len(self.threshold), dtype=np.int64)
        words = np.empty((len(drawn), len(self.member)), dtype=np.uint64)
        pack_lots(drawn.view(np.uint8), self.member, words)
        exceedances(words, self.planes, self.begins, self.persons, self.yes, self.threshold, single, family)
        return single[: self.columns], family[: self.columns]
