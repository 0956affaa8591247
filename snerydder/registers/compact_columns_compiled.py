# mypy: disable-error-code="operator,call-overload,no-any-return,call-arg,assignment,return-value"
"""The compiled part of making the compact form out of columns of weeks, read where they lie (`registers.arrow`)."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import carray, njit, types
from numba.extending import intrinsic

from snerydder.registers.compact_compiled import four
from snerydder.registers.kernels_wide import fetch

compiled = njit(nogil=True, cache=True)
STRIP, LANES = 2048, 32  # persons gone through together; persons looked at in one comparison


@intrinsic  # type: ignore[untyped-decorator]
def _numbers(_: Any, address: Any) -> Any:
    """An address as a pointer to two-byte numbers."""

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.inttoptr(given[0], context.get_value_type(signature.return_type))

    return types.CPointer(types.uint16)(types.uint64), build


@intrinsic  # type: ignore[untyped-decorator]
def _bytes(_: Any, address: Any) -> Any:
    """An address as a pointer to bytes."""

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.inttoptr(given[0], context.get_value_type(signature.return_type))

    return types.CPointer(types.uint8)(types.uint64), build


@intrinsic  # type: ignore[untyped-decorator]
def _unlike(_: Any, address: Any, written: Any, other: Any) -> Any:
    """A bit for each of LANES two-byte numbers from one address, 0 where its bit in `written` is not set, that is not the one from another."""

    def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        kind = ir.VectorType(ir.IntType(16), LANES)
        now, before = (builder.load(builder.inttoptr(place, kind.as_pointer()), align=2) for place in (given[0], given[2]))
        there = builder.bitcast(given[1], ir.VectorType(ir.IntType(1), LANES))
        now = builder.select(there, now, ir.Constant(kind, [0] * LANES))
        return builder.bitcast(builder.icmp_unsigned("!=", now, before), ir.IntType(LANES))

    return types.uint32(types.uint64, types.uint32, types.uint64), build


@intrinsic  # type: ignore[untyped-decorator]
def _lowest(_: Any, word: Any) -> Any:
    """The place of the lowest bit set."""

    def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return builder.zext(builder.cttz(given[0], ir.Constant(ir.IntType(1), 1)), ir.IntType(64))

    return types.int64(types.uint32), build


@compiled
def _in_order(who: Any, what: Any, since: Any, until: Any, place: Any, lengths: Any, code: Any, begin: Any, end: Any) -> int:
    """A strip's runs from order of week to order of person, and how many each has."""
    place[:] = 0
    for i in who:
        place[i + 1] += 1
    for i in range(len(lengths)):
        lengths[i] = place[i + 1]
        place[i + 1] += place[i]
    for run in range(len(who)):
        at = place[who[run]]
        place[who[run]] += 1
        code[at], begin[at], end[at] = what[run], since[run], until[run]
    return len(who)


@compiled
def _last(now: Any, bits: Any, into: Any) -> None:
    """The last persons of a column, fewer than are compared at once: nothing may be read beyond it."""
    for i in range(len(now)):
        there = len(bits) == 0 or (bits[i >> 3] >> np.uint8(i & 7)) & np.uint8(1) != 0
        into[i] = now[i] if there else 0


@compiled
def runs(columns: Any, first: int, low: int, high: int, lengths: Any, code: Any, begin: Any, end: Any) -> int:
    """The runs of persons low (a multiple of STRIP) to high. Answers with the runs made.

    `columns` has two addresses for each week: of the codes (0: no column), and of a bit for each that tells whether it is written (0: all are).
    Most weeks nothing changes, so many persons are compared at once; a strip's runs come week by week and are then put in order of person.
    """
    weeks, total = len(columns), 0
    room = STRIP * (weeks + 1)
    who, what, since, until = np.empty(room, np.uint16), np.empty(room, np.uint16), np.empty(room, np.uint16), np.empty(room, np.uint16)
    before, opened, last, place = np.empty(STRIP, np.uint16), np.empty(STRIP, np.uint16), np.zeros(LANES, np.uint16), np.empty(STRIP + 1, np.int64)
    behind, edge, everybody = np.uint64(before.ctypes.data), np.uint64(last.ctypes.data), np.uint32(0xFFFFFFFF)
    for left in range(low, high, STRIP):
        here, made = min(STRIP, high - left), 0
        before[:] = 0
        for week in range(weeks + 1):
            there = week < weeks and columns[week, 0] != 0
            at = columns[week, 0] + np.uint64(2 * left) if there else np.uint64(0)
            marks = columns[week, 1] + np.uint64(left // 8) if there and columns[week, 1] != 0 else np.uint64(0)
            later = columns[week + 1, 0] + np.uint64(2 * left) if week + 1 < weeks else np.uint64(0)
            for group in range(0, here, LANES):
                near = np.uint64(2 * group)
                fetch(later + near)  # every column lies somewhere else, and the machine does not look ahead from one to the next
                mine, bits = at + near, everybody
                if not there:
                    mine, bits = behind, np.uint32(0)
                elif group + LANES > here:
                    size = here - group
                    _last(carray(_numbers(mine), size), carray(_bytes(marks + np.uint64(group // 8)), size // 8 + 1 if marks else 0), last)
                    mine = edge
                elif marks:
                    bits = four(marks + np.uint64(group // 8))
                changed = _unlike(mine, bits, behind + near)
                now = carray(_numbers(mine), LANES)
                while changed != 0:
                    lane = _lowest(changed)
                    changed &= changed - np.uint32(1)
                    i = group + lane
                    new, old = now[lane] if (bits >> np.uint32(lane)) & np.uint32(1) else np.uint16(0), before[i]
                    if old != 0:
                        who[made], what[made], since[made], until[made] = i, old, opened[i], first + week
                        made += 1
                    before[i], opened[i] = new, first + week
        total += _in_order(who[:made], what, since, until, place[: here + 1], lengths[left : left + here], code[total:], begin[total:], end[total:])
    return total
