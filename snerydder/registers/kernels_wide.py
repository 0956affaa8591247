# mypy: disable-error-code="operator,call-overload,no-any-return,call-arg,assignment,arg-type,var-annotated"
"""`kernels_compiled.steps` for everybody at once: many spells looked at in one instruction, and the counts of one cell fetched once for many persons.

Two things make the plain walk slow over millions of persons. Which of a person's spells lie in the window is a guess the processor gets wrong;
here the ends of 32 spells are compared in one go and the answers counted as bits. And every spell asks for two places somewhere in all the cells'
counts, far away in memory; here the places wait in a short list per cell, and a full list is worked off while that cell's counts are near.
It asks for the compact form's narrow arrays (`kernels.narrow`); the sums are the same whole numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

compiled = njit(nogil=True, cache=True)
SEEN, MADE = 32, 8  # spells compared, and spells turned into steps, in one instruction
ROOM = 1024  # places in a cell's list before it is worked off: the lists of 2,000 cells nearly stay in a core's second cache
SLACK = 2 * (SEEN + MADE)  # a person's places may go on this far behind
LINE = 64  # bytes the machine fetches together
FAR = np.uint64(1024)  # bytes ahead to ask for spells
AHEAD = np.uint64(16)  # persons ahead to ask for the end of a list
I16, I32, I64 = ir.IntType(16), ir.IntType(32), ir.IntType(64)


def _lanes(builder: Any, number: Any, lanes: int) -> Any:
    """The same number in every lane."""
    empty = ir.Constant(ir.VectorType(number.type, lanes), ir.Undefined)
    one = builder.insert_element(empty, number, ir.Constant(I32, 0))
    return builder.shuffle_vector(one, empty, ir.Constant(ir.VectorType(I32, lanes), [0] * lanes))


def _load(builder: Any, address: Any, kind: Any, lanes: int) -> Any:
    return builder.load(builder.inttoptr(address, ir.VectorType(kind, lanes).as_pointer()), align=1)


@intrinsic  # type: ignore[untyped-decorator]
def _at_most(_: Any, address: Any, limit: Any, among: Any) -> Any:
    """How many of the first numbers at an address are at most `limit`; `among` has a bit for each that counts."""

    def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        numbers = _load(builder, given[0], I16, SEEN)
        found = builder.bitcast(builder.icmp_unsigned("<=", numbers, _lanes(builder, given[1], SEEN)), ir.IntType(SEEN))
        return builder.zext(builder.ctpop(builder.and_(found, given[2])), I64)

    return types.uint64(types.uint64, types.uint16, types.uint32), build


@intrinsic  # type: ignore[untyped-decorator]
def _places(_: Any, code: Any, begin: Any, end: Any, zero: Any, weeks: Any, line: Any, into: Any) -> Any:
    """Eight spells at three addresses become sixteen places: where the first one's step up is, where its step down, the second one's up …

    `line` is the address of a table: where each code's weeks begin among the cell's counts.
    """

    def build(context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        code, begin, end, zero, weeks, line, into = given
        start, most, none = _lanes(builder, zero, MADE), _lanes(builder, weeks, MADE), ir.Constant(ir.VectorType(I16, MADE), [0] * MADE)
        since, until = _load(builder, begin, I16, MADE), builder.sub(_load(builder, end, I16, MADE), start)
        since = builder.select(builder.icmp_unsigned(">", since, start), builder.sub(since, start), none)
        until = builder.select(builder.icmp_unsigned("<", until, most), until, most)
        codes, table = builder.inttoptr(code, ir.IntType(8).as_pointer()), builder.inttoptr(line, I16.as_pointer())
        base = ir.Constant(ir.VectorType(I16, MADE), ir.Undefined)
        for lane in range(MADE):
            number = builder.zext(builder.load(builder.gep(codes, [ir.Constant(I64, lane)])), I64)
            base = builder.insert_element(base, builder.load(builder.gep(table, [number])), ir.Constant(I32, lane))
        turns = ir.Constant(ir.VectorType(I32, 2 * MADE), [place for lane in range(MADE) for place in (lane, MADE + lane)])
        both = builder.shuffle_vector(builder.add(base, since), builder.add(base, until), turns)
        builder.store(both, builder.inttoptr(into, ir.VectorType(I16, 2 * MADE).as_pointer()), align=1)
        return context.get_dummy_value()

    return types.void(types.uint64, types.uint64, types.uint64, types.uint16, types.uint16, types.uint64, types.uint64), build


def _asked(context: Any, builder: Any, address: Any, write: int) -> Any:
    byte = ir.IntType(8).as_pointer()
    ask = builder.module.declare_intrinsic("llvm.prefetch", (byte,), ir.FunctionType(ir.VoidType(), [byte, I32, I32, I32]))
    builder.call(ask, [builder.inttoptr(address, byte), ir.Constant(I32, write), ir.Constant(I32, 3), ir.Constant(I32, 1)])
    return context.get_dummy_value()


@intrinsic  # type: ignore[untyped-decorator]
def fetch(_: Any, address: Any) -> Any:
    """Ask for the line at an address; nothing waits for it."""
    return types.void(types.uint64), lambda context, builder, _signature, given: _asked(context, builder, given[0], 0)


@intrinsic  # type: ignore[untyped-decorator]
def _claim(_: Any, address: Any) -> Any:
    """The same, to be written to."""
    return types.void(types.uint64), lambda context, builder, _signature, given: _asked(context, builder, given[0], 1)


@compiled
def _work_off(cube: Any, lists: Any, cell: Any, length: Any) -> None:
    """A cell's list: every first place one up, every second one down."""
    mine, places = cube[cell], lists[cell]
    for byte in range(0, mine.nbytes, LINE):
        fetch(np.uint64(mine.ctypes.data) + np.uint64(byte))
    for place in range(np.uint64(0), length, np.uint64(2)):
        mine[places[place]] += 1
        mine[places[place + np.uint64(1)]] -= 1


@compiled
def _one(cube: Any, code: Any, begin: Any, end: Any, low: int, high: int, cell: int, zero: int, weeks: int, line: Any) -> None:
    """A person the wide instructions cannot take: very many spells, the last persons of the file, a window beyond its weeks."""
    mine = cube[cell]
    for spell in range(low, high):
        first, last = np.int64(begin[spell]) - zero, np.int64(end[spell]) - zero
        if last > 0 and first < weeks:
            mine[np.int64(line[code[spell]]) + max(first, 0)] += 1
            mine[np.int64(line[code[spell]]) + min(last, weeks)] -= 1


@compiled
def steps(
    offsets: Any, code: Any, begin: Any, end: Any, rows: Any, start: Any, cell: Any, line: Any, weeks: int, cube: Any, lists: Any, low: int, high: int
) -> None:
    """+1 where a spell begins in the window, -1 where it ends; persons low to high of `rows`.

    `cube` is cells × (a place for each group and week, one week more than the window, and a last group for codes of no group); `line` tells where a
    code's weeks begin in it, and `lists` is cells × (ROOM + SLACK).
    """
    codes, begins, ends, lines = np.uint64(code.ctypes.data), np.uint64(begin.ctypes.data), np.uint64(end.ctypes.data), np.uint64(line.ctypes.data)
    lists_at, wide, room, two = np.uint64(lists.ctypes.data), np.uint64(2 * lists.shape[1]), np.uint64(ROOM), np.uint64(2)
    safe, latest = np.uint64(max(len(code) - 2 * SEEN, 0)), np.uint64(65535 - weeks)
    fill, last = np.zeros(len(cube), dtype=np.uint64), np.uint64(high - 1)
    for i in range(np.uint64(low), np.uint64(high)):
        row, where, zero = np.uint64(rows[i]), np.uint64(cell[i]), np.uint64(start[i])
        spell, ended = np.uint64(offsets[row]), np.uint64(offsets[row + np.uint64(1)])
        count = ended - spell
        if spell >= safe or count > np.uint64(SEEN) or zero > latest:  # a start below zero is a very large one here
            _one(cube, code, begin, end, np.int64(spell), np.int64(ended), np.int64(where), np.int64(start[i]), weeks, line)
            continue
        later = np.uint64(cell[min(i + AHEAD, last)])
        _claim(lists_at + later * wide + two * fill[later])  # the ends of the lists are more than the fastest cache holds
        fetch(begins + two * spell + FAR)  # the machine looks ahead by itself, but not over the end of a page
        fetch(ends + two * spell + FAR)
        fetch(codes + spell + FAR)
        among = np.uint32((np.uint64(1) << count) - np.uint64(1))
        over = _at_most(ends + two * spell, np.uint16(zero), among)
        count = _at_most(begins + two * spell, np.uint16(zero + np.uint64(weeks - 1)), among) - over
        spell += over
        length = fill[where]
        into = lists_at + where * wide + two * length
        _places(codes + spell, begins + two * spell, ends + two * spell, np.uint16(zero), np.uint16(weeks), lines, into)
        for more in range(np.uint64(MADE), count, np.uint64(MADE)):
            at = spell + more
            _places(codes + at, begins + two * at, ends + two * at, np.uint16(zero), np.uint16(weeks), lines, into + two * two * more)
        length += two * count
        if length > room:
            _work_off(cube, lists, where, length)
            length = np.uint64(0)
        fill[where] = length
    for where in range(np.uint64(0), np.uint64(len(cube))):
        _work_off(cube, lists, where, fill[where])
