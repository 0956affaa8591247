# mypy: disable-error-code="operator,call-overload,no-any-return,call-arg,assignment,return-value"
"""The compiled part of making the compact form: runs out of sorted rows, and out of the bytes of a CSV file."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

compiled = njit(nogil=True, cache=True)
AHEAD = 64  # bytes of text looked at in one comparison; so many must follow the last row
NEWLINE, RETURN, SPACE, QUOTE, COMMA, POINT, ZERO = 10, 13, 32, 34, 44, 46, 48
KEY, SKIPPED = -2, -1
MOST = 999


@intrinsic  # type: ignore[untyped-decorator]
def four(_: Any, address: Any) -> Any:
    """Four bytes from an address that need not be aligned."""

    def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return builder.load(builder.inttoptr(given[0], ir.IntType(32).as_pointer()), align=1)

    return types.uint32(types.uint64), build


@intrinsic  # type: ignore[untyped-decorator]
def _alike(_: Any, address: Any, four: Any) -> Any:
    """How many bytes from an address are the same four over and over, up to AHEAD."""

    def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        number, bytes_ = ir.IntType(32), ir.VectorType(ir.IntType(8), AHEAD)
        vector, none = ir.VectorType(number, AHEAD // 4), ir.Constant(ir.VectorType(number, AHEAD // 4), ir.Undefined)
        one = builder.insert_element(none, given[1], ir.Constant(number, 0))
        wanted = builder.shuffle_vector(one, none, ir.Constant(vector, [0] * (AHEAD // 4)))
        text = builder.load(builder.inttoptr(given[0], bytes_.as_pointer()), align=1)
        other = builder.bitcast(builder.icmp_unsigned("!=", text, builder.bitcast(wanted, bytes_)), ir.IntType(AHEAD))
        return builder.cttz(other, ir.Constant(ir.IntType(1), 0))  # of no difference at all: AHEAD

    return types.uint64(types.uint64, types.uint32), build


@compiled
def join_rows(person: Any, code: Any, begin: Any, end: Any, lengths: Any, into_code: Any, into_begin: Any, into_end: Any) -> tuple[int, int]:
    """Rows sorted by person and week, joined where the same code goes on. Answers with the spells made and the first row out of order (or -1)."""
    total, last, reach = 0, -1, np.int64(0)
    for row in range(len(code)):
        same = last == person[row]
        if end[row] <= begin[row] or (same and begin[row] < reach):
            return total, row
        if same and total > 0 and lengths[last] > 0 and into_code[total - 1] == code[row] and into_end[total - 1] == begin[row]:
            into_end[total - 1] = end[row]
        elif code[row] != 0:
            into_code[total], into_begin[total], into_end[total] = code[row], begin[row], end[row]
            total += 1
            lengths[person[row]] += 1
        last, reach = person[row], np.int64(end[row])
    return total, -1


@compiled
def _cell(text: Any, at: int, stop: int) -> int:
    """The code in text[at:stop]: digits, perhaps with `.0` behind, quotes or blanks around; blank, `.`, NA, NaN and null are 0; anything else, a written 0 too, is -1."""
    while at < stop and (text[at] == SPACE or text[at] == QUOTE):
        at += 1
    while stop > at and (text[stop - 1] == SPACE or text[stop - 1] == QUOTE or text[stop - 1] == RETURN):
        stop -= 1
    if at == stop or (stop == at + 1 and text[at] == POINT):
        return 0
    first = text[at] | 32
    if first == 110 and stop - at <= 4:  # n: NA, NaN, null
        second = text[at + 1] | 32 if stop - at > 1 else 0
        return 0 if (second == 97 and stop - at <= 3) or (second == 117 and stop - at == 4) else -1
    value, digits = 0, 0
    while at < stop and ZERO <= text[at] <= ZERO + 9:
        value = value * 10 + text[at] - ZERO
        digits += 1
        at += 1
    if digits == 0 or digits > 6 or value > MOST:
        return -1
    if at < stop and (text[at] == POINT or text[at] == COMMA):
        at += 1
        while at < stop and text[at] == ZERO:
            at += 1
    return value if at == stop and value > 0 else -1


@compiled
def _code(text: Any, at: int, stop: int) -> tuple[int, bool]:
    """The code, and whether it stands as three plain digits, as nearly all do."""
    if at == stop:
        return 0, False
    if stop - at == 3:
        a, b, c = np.int64(text[at]) - ZERO, np.int64(text[at + 1]) - ZERO, np.int64(text[at + 2]) - ZERO
        if 0 < a <= 9 and 0 <= b <= 9 and 0 <= c <= 9:
            return 100 * a + 10 * b + c, True
    return _cell(text, at, stop), False


@compiled
def _cell_end(text: Any, at: int, separator: int) -> int:
    if text[at] == QUOTE:
        at += 1
        while text[at] != QUOTE and text[at] != NEWLINE:
            at += 1
    while text[at] != separator and text[at] != NEWLINE:
        at += 1
    return at


@compiled
def _row_runs(row: Any, first: int, total: int, code: Any, begin: Any, end: Any) -> tuple[int, int, int]:
    """The closed runs of a row of weeks; the last one is still open."""
    current, since = 0, 0
    for week in range(len(row)):
        value = np.int64(row[week])
        if value != current:
            if current != 0:
                code[total], begin[total], end[total] = current, first + since, first + week
                total += 1
            current, since = value, week
    return total, current, since


@compiled
def _pass(address: Any, at: int, column: int, ordered: int, four: Any, width: int) -> tuple[int, int]:
    """From the separator behind a cell past the cells that are the same, each `width` bytes with its separator."""
    more = 1
    while more > 0 and column + 1 < ordered:
        same = np.int64(_alike(address + np.uint64(at + 1), four))
        more = min(same // width, ordered - 1 - column)
        at, column = at + width * more, column + more
        if same < AHEAD:
            break
    return at, column


@compiled
def parse(
    text: Any, at: int, stop: int, separator: int, week_of: Any, ordered: int, first: int, scratch: Any, rows: Any, lengths: Any, made: Any
) -> tuple[int, int, int, int]:
    """The rows that begin in text[at:stop]: rows and spells made, and where in text and in which column something was wrong (-1).

    `week_of` tells each column's week (or KEY, SKIPPED). When the week columns stand in order, up to column `ordered`, the runs are closed as they
    are read, and cells like the one before them are passed many at a time. `text` is followed by AHEAD newlines.
    """
    columns, weeks, count, total = len(week_of), len(scratch), 0, 0
    code, begin, end = made
    address, blanks = np.uint64(text.ctypes.data), np.uint32(0x01010101 * separator)
    while at < stop:
        row_start, before, current, since, column = at, total, 0, 0, 0
        if ordered == 0:
            scratch[:] = 0
        while True:
            left, at = at, _cell_end(text, at, separator)
            if column >= columns:
                return count, total, row_start, -2
            week = week_of[column]
            if week >= 0:
                value, plain = _code(text, left, at)
                if value < 0:
                    return count, total, left, column
                if ordered == 0:
                    scratch[week] = value
                    value = current
                if value != current:
                    if current != 0:
                        code[total], begin[total], end[total] = current, first + since, first + week
                        total += 1
                    current, since = value, week
                if plain and text[at] == separator:
                    at, column = _pass(address, at, column, ordered, four(address + np.uint64(left)), 4)
                elif left == at:
                    at, column = _pass(address, at, column, ordered, blanks, 1)
            elif week == KEY:
                rows[count, 0], rows[count, 1] = left, at
            column += 1
            at += 1
            if text[at - 1] == NEWLINE:
                break
        if column == 1 and at - row_start <= 2:  # an empty line
            continue
        if column != columns:
            return count, total, row_start, -2
        if ordered == 0:
            total, current, since = _row_runs(scratch, first, total, code, begin, end)
        if current != 0:
            code[total], begin[total], end[total] = current, first + since, first + weeks
            total += 1
        lengths[count] = total - before
        count += 1
    return count, total, -1, -1
