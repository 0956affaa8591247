# mypy: disable-error-code="operator,call-overload,no-any-return,call-arg,assignment,arg-type,var-annotated"
"""`kernels_compiled.steps` for everybody at once: many spells looked at in one instruction, and the counts of one cell fetched once for many persons.

Three things make the plain walk slow over millions of persons. Which of a person's spells lie in the window is a guess the processor gets wrong;
here the ends of 32 spells are compared in one go and the answers counted as bits. Every spell asks for two places somewhere in all the cells'
counts, far away in memory; here the spells wait in a short list per cell, four bytes each, and a full list is worked off while that cell's counts
are near. The counts take one byte each, so that they are near for longer; what a byte cannot hold is carried to a short list and added at the end.
And a walk over seven arrays waits for each; here all of them are asked for some hundreds of bytes ahead.
It asks for the compact form's narrow arrays and a window under LONGEST weeks (`kernels._narrow`); the sums are the same whole numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

compiled = njit(nogil=True, cache=True)
SEEN, MADE = 32, 8  # spells compared, and spells written down, in one instruction
WEEK_BITS = 12  # a list's spell: the week it begins, the week it ends, the code
LONGEST = 1 << WEEK_BITS
ROOM = 1024  # spells in a cell's list before it is worked off: longer lists of 2,000 cells are themselves far away
MOST = 127  # what a place in a byte is carried away at
SLACK = SEEN + MADE  # a person's spells may go on this far behind
LINE = 64  # bytes the machine fetches together
FAR = 1024  # bytes ahead to ask for what is read
AHEAD = np.uint64(16)  # persons ahead to ask for the end of a list
I8, I16, I32, I64 = ir.IntType(8), ir.IntType(16), ir.IntType(32), ir.IntType(64)


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
def _written(_: Any, code: Any, begin: Any, end: Any, zero: Any, weeks: Any, into: Any) -> Any:
    """Eight spells at three addresses become eight numbers at a fourth: the window's week where it begins, where it ends, the code."""

    def build(context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        code, begin, end, zero, weeks, into = given
        start, most, none = _lanes(builder, zero, MADE), _lanes(builder, weeks, MADE), ir.Constant(ir.VectorType(I16, MADE), [0] * MADE)
        since, until = _load(builder, begin, I16, MADE), builder.sub(_load(builder, end, I16, MADE), start)
        since = builder.select(builder.icmp_unsigned(">", since, start), builder.sub(since, start), none)
        until = builder.select(builder.icmp_unsigned("<", until, most), until, most)
        found = ir.Constant(ir.VectorType(I32, MADE), [0] * MADE)
        for numbers, bits in ((since, 0), (until, WEEK_BITS), (_load(builder, code, I8, MADE), 2 * WEEK_BITS)):
            found = builder.or_(found, builder.shl(builder.zext(numbers, found.type), ir.Constant(found.type, [bits] * MADE)))
        builder.store(found, builder.inttoptr(into, found.type.as_pointer()), align=1)
        return context.get_dummy_value()

    return types.void(types.uint64, types.uint64, types.uint64, types.uint16, types.uint16, types.uint64), build


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
def _soon(_: Any, array: Any, place: Any) -> Any:
    """Ask for what lies FAR behind a place in an array, within it or not."""

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        here = builder.gep(context.make_array(signature.args[0])(context, builder, given[0]).data, [given[1]])
        return _asked(context, builder, builder.add(builder.ptrtoint(here, I64), ir.Constant(I64, FAR)), 0)

    return types.void(array, types.uint64), build


@intrinsic  # type: ignore[untyped-decorator]
def _claim(_: Any, address: Any) -> Any:
    """The same, to be written to."""
    return types.void(types.uint64), lambda context, builder, _signature, given: _asked(context, builder, given[0], 1)


@compiled
def _work_off(cube: Any, lists: Any, line: Any, cell: Any, length: Any, carried: Any) -> None:
    """A cell's list: one up where a spell begins, one down where it ends; what a byte cannot hold is carried away."""
    mine, spells, week, bits, here = cube[cell], lists[cell], np.uint64(LONGEST - 1), np.uint64(WEEK_BITS), np.int64(cell) * cube.shape[1]
    for byte in range(0, mine.nbytes, LINE):
        fetch(np.uint64(mine.ctypes.data) + np.uint64(byte))
    for place in range(length):
        spell = np.uint64(spells[place])
        zero = np.uint64(line[spell >> (bits + bits)])
        up, down = zero + (spell & week), zero + (spell >> bits & week)
        mine[up] += 1
        if mine[up] == MOST:
            carried.append(2 * (here + np.int64(up)) + 1)
            mine[up] = 0
        mine[down] -= 1
        if mine[down] == -MOST:
            carried.append(2 * (here + np.int64(down)))
            mine[down] = 0


@compiled
def add_carried(carried: Any, found: Any) -> None:
    """What the bytes could not hold, as steps in `found`; the last group and the last week are nobody's."""
    groups, weeks = found.shape[1], found.shape[2]
    for each in carried:
        place, week = divmod(each >> 1, weeks + 1)
        cell, group = divmod(place, groups + 1)
        if group < groups and week < weeks:
            found[cell, group, week] += MOST if each & 1 else -MOST


@compiled
def running(steps: Any, found: Any, low: int, high: int) -> None:
    """From the workers' steps, and those in `found`, to counts."""
    for cell in range(low, high):
        for group in range(found.shape[1]):
            counts, level = found[cell, group], np.int32(0)
            for worker in range(steps.shape[0]):
                mine = steps[worker, cell, group]
                for week in range(len(counts)):
                    counts[week] += mine[week]
            for week in range(len(counts)):
                level += counts[week]
                counts[week] = level


@compiled
def _one(code: Any, begin: Any, end: Any, low: int, high: int, zero: int, weeks: int, list_: Any, length: int) -> int:
    """Spells that the wide instructions cannot take: very many of one person, the file's last, a window beyond its weeks. The list's new length."""
    for spell in range(low, high):
        first, last = np.int64(begin[spell]) - zero, np.int64(end[spell]) - zero
        if last > 0 and first < weeks:
            list_[length] = max(first, 0) | min(last, weeks) << WEEK_BITS | np.int64(code[spell]) << (2 * WEEK_BITS)
            length += 1
    return length


@compiled
def steps(
    offsets: Any, code: Any, begin: Any, end: Any, rows: Any, start: Any, cell: Any, line: Any, weeks: int, cube: Any, lists: Any, low: int, high: int
) -> Any:
    """+1 where a spell begins in the window, -1 where it ends; persons low to high of `rows`. Returns what was carried.

    `cube` is cells × (a place for each group and week, one week more than the window, and a last group for codes of no group); `line` tells where a
    code's weeks begin in it, and `lists` is cells × (ROOM + SLACK).
    """
    codes, begins, ends = np.uint64(code.ctypes.data), np.uint64(begin.ctypes.data), np.uint64(end.ctypes.data)
    lists_at, wide, room, two, four = np.uint64(lists.ctypes.data), np.uint64(4 * lists.shape[1]), np.uint64(ROOM), np.uint64(2), np.uint64(4)
    safe, latest, behind = np.uint64(max(len(code) - 2 * SEEN, 0)), np.uint64(65535 - weeks), np.uint64(4 * MADE - 1)
    fill, last = np.zeros(len(cube), dtype=np.uint64), np.uint64(high - 1)
    carried = [np.int64(0) for _ in range(0)]
    for i in range(np.uint64(low), np.uint64(high)):
        row, where, zero = np.uint64(rows[i]), np.uint64(cell[i]), np.uint64(start[i])
        spell, ended = np.uint64(offsets[row]), np.uint64(offsets[row + np.uint64(1)])
        count = ended - spell
        if spell >= safe or count > np.uint64(SEEN) or zero > latest:  # a start below zero is a very large one here
            for part in range(np.int64(spell), np.int64(ended), SEEN):
                till = min(part + SEEN, np.int64(ended))
                fill[where] = _one(code, begin, end, part, till, np.int64(start[i]), weeks, lists[where], np.int64(fill[where]))
                if fill[where] > room:
                    _work_off(cube, lists, line, where, fill[where], carried)
                    fill[where] = 0
            continue
        _soon(rows, i)  # the machine looks ahead by itself, but not far, and not over the end of a page
        _soon(start, i)
        _soon(cell, i)
        _soon(offsets, row)
        _soon(begin, spell)
        _soon(end, spell)
        _soon(code, spell)
        later = np.uint64(cell[min(i + AHEAD, last)])
        _claim(lists_at + later * wide + four * fill[later] + behind)  # the ends of the lists are more than the fastest cache holds
        among = np.uint32((np.uint64(1) << count) - np.uint64(1))
        over = _at_most(ends + two * spell, np.uint16(zero), among)
        count = _at_most(begins + two * spell, np.uint16(zero + np.uint64(weeks - 1)), among) - over
        spell += over
        length = fill[where]
        into = lists_at + where * wide + four * length
        _written(codes + spell, begins + two * spell, ends + two * spell, np.uint16(zero), np.uint16(weeks), into)
        for more in range(np.uint64(MADE), count, np.uint64(MADE)):
            at = spell + more
            _written(codes + at, begins + two * at, ends + two * at, np.uint16(zero), np.uint16(weeks), into + four * more)
        length += count
        if length > room:
            _work_off(cube, lists, line, where, length, carried)
            length = np.uint64(0)
        fill[where] = length
    for where in range(np.uint64(0), np.uint64(len(cube))):
        _work_off(cube, lists, line, where, fill[where], carried)
    return np.array(carried)
