"""The compiled twin of `permutation`'s loop for yes/no outcomes and persons drawn one by one. Import this only where there is much to do.

Lotteries and outcomes are bit planes, every stratum padded to whole words, so that how many of those drawn answered yes is a count of
bits: exact whole numbers. They go straight into the statistic and the exceedances are counted; no draws × columns table is ever kept.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit
from numba.core import cgutils, types
from numba.extending import intrinsic
from numpy.typing import NDArray

TILE = 64  # columns at a time: their words of one stratum stay in the fastest cache, their counts in the widest registers
compiled = njit(nogil=True, cache=True, error_model="numpy", fastmath={"contract"})
I32, I64, REAL = ir.IntType(32), ir.IntType(64), ir.DoubleType()


def _bits(context: Any, word: Any) -> Any:
    """How many bits are set: one machine instruction."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> ir.Value:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), code


bits: Any = intrinsic(_bits)


def _lanes(builder: Any, number: Any) -> Any:
    """The same number in every lane."""
    empty = ir.Constant(ir.VectorType(number.type, TILE), ir.Undefined)
    one = builder.insert_element(empty, number, ir.Constant(I32, 0))
    return builder.shuffle_vector(one, empty, ir.Constant(ir.VectorType(I32, TILE), [0] * TILE))


def _parts(_: Any, lots: Any, planes: Any, begins: Any, strata: Any, slope: Any, bend: Any, tilt: Any, base: Any, into: Any) -> Any:
    """One lottery's words against a tile's: the effect and the variance of its columns, written where `into` points. All but the counts are addresses.

    The compiler left to itself takes half the width, and puts the counts back into memory between words.
    """

    def code(context: Any, builder: Any, signature: Any, given: Any) -> ir.Value:
        whole, real, fast = ir.VectorType(I64, TILE), ir.VectorType(REAL, TILE), ("contract",)
        kinds = (I64, whole, I64, None, REAL, REAL, real, real, real)
        lots, planes, begins, strata, slope, bend, tilt, base, into = (
            builder.inttoptr(value, kind.as_pointer()) if kind else value for value, kind in zip(given, kinds, strict=True)
        )
        popcount = cgutils.get_or_insert_function(builder.module, ir.FunctionType(whole, [whole]), f"llvm.ctpop.v{TILE}i64")

        def at(address: Any, place: Any) -> Any:
            return builder.load(builder.gep(address, [place]), align=8)

        def plus(number: Any, factor: Any, answered: Any) -> Any:
            return builder.fadd(builder.fmul(factor, answered, flags=fast), number, flags=fast)

        effect, variance = (cgutils.alloca_once_value(builder, at(base, ir.Constant(I64, part))) for part in (0, 1))
        count = cgutils.alloca_once(builder, whole)
        with cgutils.for_range(builder, strata) as stratum:
            s = stratum.index
            builder.store(ir.Constant(whole, [0] * TILE), count)
            with cgutils.for_range(builder, at(begins, builder.add(s, ir.Constant(I64, 1))), at(begins, s)) as word:
                both = builder.and_(_lanes(builder, at(lots, word.index)), at(planes, word.index))
                builder.store(builder.add(builder.load(count), builder.call(popcount, [both])), count)
            answered = builder.sitofp(builder.load(count), real)
            builder.store(plus(builder.load(effect), _lanes(builder, at(slope, s)), answered), effect)
            builder.store(plus(builder.load(variance), answered, plus(at(tilt, s), _lanes(builder, at(bend, s)), answered)), variance)
        for part, found in enumerate((effect, variance)):
            builder.store(builder.load(found), builder.gep(into, [ir.Constant(I64, part)]), align=8)
        return context.get_dummy_value()

    return types.void(*[types.uint64] * 3, types.int64, *[types.uint64] * 5), code


parts: Any = intrinsic(_parts)


@compiled
def pack_lots(drawn: Any, member: Any, inside: Any, words: Any) -> None:
    """Draws × persons (0/1 bytes) to draws × words; `member` is words × 64: the person at each bit, and `inside` the bits that are one's, where a stratum is padded."""
    for draw in range(drawn.shape[0]):
        lots = drawn[draw]
        for word in range(member.shape[0]):
            packed = np.uint64(0)
            for bit in range(64):
                packed |= np.uint64(lots[member[word, bit]]) << np.uint64(bit)
            words[draw, word] = packed & inside[word]


@compiled
def numbers(words: Any, begins: Any, found: Any) -> None:
    """Draws × strata: how many of a stratum's bits are set."""
    for draw in range(words.shape[0]):
        for s in range(len(begins) - 1):
            count = np.uint64(0)
            for word in range(begins[s], begins[s + 1]):
                count += bits(words[draw, word])
            found[draw, s] = count


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
def reached(found: Any, threshold: Any, best: float, single: Any, family: Any) -> float:
    """One lottery's tile, columns from the largest observed statistic to the smallest; `best` is the largest of all smaller columns' and with these', the answer."""
    above = 0
    for j in range(TILE):
        square, variance, limit = found[0, j] * found[0, j], found[1, j], threshold[j]
        enough = variance > 1e-6
        apart = (variance <= 1e-6) & (square > 1e-6)  # nobody differs within the arms, and the arms do
        single[j] += (enough & (square >= limit * variance)) | (~enough & (limit <= 0)) | apart
        above += (enough & (square > best * variance)) | apart
    if above == 0:  # so it is for most tiles: few columns are the largest of all after them
        for j in range(TILE):
            family[j] += best >= threshold[j]
        return best
    for j in range(TILE - 1, -1, -1):
        square = found[0, j] * found[0, j]
        if found[1, j] > 1e-6:
            best = max(best, square / found[1, j])
        elif square > 1e-6:
            best = np.inf
        family[j] += best >= threshold[j]
    return best


@compiled
def exceedances(words: Any, planes: Any, begins: Any, persons: Any, yes: Any, threshold: Any, single: Any, family: Any) -> None:
    """Adds to `single` and `family` how often |T*| reaches each threshold, alone and as the largest of it and all smaller columns.

    `planes` is tiles × words × TILE, columns from the largest observed statistic to the smallest; `yes` strata × columns; `begins` the
    first word of every stratum and the end. Columns beyond the last are padded with a threshold nothing reaches.
    """
    strata, draws = len(persons), words.shape[0]
    largest = np.zeros(draws)
    drawn, other = np.empty((draws, strata)), np.ones(draws, dtype=np.bool_)
    numbers(words, begins, drawn)
    for draw in range(1, draws):
        other[draw] = (drawn[draw] != drawn[draw - 1]).any()  # nearly always the lottery keeps its numbers
    slope, bend, tilt, base, found = np.empty(strata), np.empty(strata), np.empty((strata, TILE)), np.empty((2, TILE)), np.empty((2, TILE))
    for tile in range(planes.shape[0] - 1, -1, -1):
        mine, plane = slice(tile * TILE, (tile + 1) * TILE), planes[tile].ctypes.data
        limit, alone, together = threshold[mine], single[mine], family[mine]
        for draw in range(draws):
            if other[draw]:
                constants(drawn[draw], persons, yes[:, mine], slope, bend, tilt, base)
            lots = words.ctypes.data + draw * words.strides[0]
            parts(lots, plane, begins.ctypes.data, strata, slope.ctypes.data, bend.ctypes.data, tilt.ctypes.data, base.ctypes.data, found.ctypes.data)
            largest[draw] = reached(found, limit, largest[draw], alone, together)


def _aligned(shape: tuple[int, ...]) -> NDArray[np.uint64]:
    """Words that begin where a line of the fastest cache does: else every wide read is two."""
    room = np.empty(int(np.prod(shape)) + 7, dtype=np.uint64)
    first = -room.ctypes.data % 64 // 8
    return room[first : first + len(room) - 7].reshape(shape)


class Planes:
    """The outcomes packed once, and chunks of lotteries counted against them."""

    def __init__(self, y: NDArray[np.bool_], strata: tuple[NDArray[np.int64], ...], order: NDArray[np.int64], threshold: NDArray[np.float64]) -> None:
        lengths = [-(-len(rows) // 64) for rows in strata]
        self.begins = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        place = np.full((int(self.begins[-1]), 64), -1, dtype=np.int64)
        for rows, begin in zip(strata, self.begins, strict=False):
            place[begin:].reshape(-1)[: len(rows)] = rows
        self.member = np.maximum(place, 0).astype(np.uint64)
        self.inside = np.packbits(place >= 0, axis=1, bitorder="little").view("<u8").ravel().astype(np.uint64)
        self.persons = np.array([float(len(rows)) for rows in strata])
        self.columns = columns = len(order)
        self.tiles = -(-columns // TILE)
        answers = np.zeros((self.tiles * TILE, y.shape[0]), dtype=np.uint8)
        answers[:columns] = y.T[order]
        packed = self._words(answers)
        self.planes = _aligned((self.tiles, len(self.member), TILE))
        self.planes[:] = packed.reshape(self.tiles, TILE, -1).transpose(0, 2, 1)
        yes = np.empty((len(answers), len(strata)))
        numbers(packed, self.begins, yes)
        self.yes = np.ascontiguousarray(yes.T)
        self.threshold = np.full(len(answers), np.inf)
        self.threshold[:columns] = np.sign(threshold[order]) * threshold[order] ** 2

    def _words(self, drawn: NDArray[np.uint8]) -> NDArray[np.uint64]:
        words = np.empty((len(drawn), len(self.member)), dtype=np.uint64)
        pack_lots(drawn, self.member, self.inside, words)
        return words

    def count(self, drawn: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Exceedances of one chunk of lotteries, columns in the order given."""
        single, family = np.zeros(len(self.threshold), dtype=np.int64), np.zeros(len(self.threshold), dtype=np.int64)
        exceedances(self._words(drawn.view(np.uint8)), self.planes, self.begins, self.persons, self.yes, self.threshold, single, family)
        return single[: self.columns], family[: self.columns]
