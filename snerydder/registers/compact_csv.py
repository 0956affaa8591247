"""A wide CSV made into the compact form: chunks of bytes parsed by all cores at once, put together in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from snerydder.registers import kernels
from snerydder.registers.compact import Writer, as_bytes
from snerydder.registers.compact_columns import Columns, Progress, no_code, require, source, span, week_columns
from snerydder.registers.faults import BadInput

CHUNK = 4 << 20  # bytes of CSV for a thread at a time
SLACK = 1 << 17  # a row may go on this far behind its chunk before more room is asked for
Item = TypeVar("Item")
Made = TypeVar("Made")


def wide_csv(file: Path, folder: Path, columns: Columns, progress: Progress) -> None:
    with file.open("rb") as opened:
        head = opened.readline()
        body = opened.tell()
    text = head.decode("utf-8-sig", errors="replace").rstrip("\r\n")
    separator = max((",", ";", "\t"), key=text.count)
    names = [name.strip().strip('"') for name in text.split(separator)]
    require(file, names, [columns.key])
    found = week_columns(file, names)
    first, covered = span(found)
    week_of = np.array([-2 if name == columns.key else found[name] - first if name in found else -1 for name in names], dtype=np.int64)
    inside = np.flatnonzero(week_of >= 0)
    ordered = int(inside[-1]) + 1 if (np.diff(week_of[inside]) == 1).all() and (np.diff(inside) == 1).all() else 0
    size = file.stat().st_size
    handle = os.open(file, os.O_RDONLY)
    try:
        with Writer(folder, first, covered, columns.key, source(file)) as writer:
            row = 0
            for low, done in ordered_map(
                lambda low: (low, _chunk(handle, low, body, size, ord(separator), week_of, ordered, first, len(covered))), range(body, size, CHUNK)
            ):
                progress(low, size)
                _tell(file, names, row, done)
                if (done.keys == b"").any():
                    raise BadInput(
                        file,
                        "Personnøglen er tom.",
                        f"række {row + int((done.keys == b'').argmax()) + 2}, kolonne {columns.key}",
                        "en nøgle i hver række",
                        "Find personens nøgle, eller fjern rækken.",
                    )
                if len(done.keys):
                    writer.add(done.keys, done.lengths, done.code, done.begin, done.end)
                row += len(done.keys)
    finally:
        os.close(handle)


@dataclass(frozen=True)
class Chunk:
    keys: NDArray[np.bytes_]
    lengths: NDArray[np.uint16]
    code: NDArray[np.uint16]
    begin: NDArray[np.uint16]
    end: NDArray[np.uint16]
    fault: str  # the cell that could not be read
    column: int  # its column; -1 none, -2 the row has too many cells or too few


def _chunk(handle: int, low: int, body: int, size: int, separator: int, week_of: NDArray[np.int64], ordered: int, first: int, span: int) -> Chunk:
    """The rows that begin in the chunk from byte `low`, read to the end of the last of them."""
    from snerydder.registers.compact_compiled import AHEAD, parse

    start = low if low == body else low - 1  # whether the chunk begins a row shows in the byte before it
    stop = min(low + CHUNK, size) - start
    raw = bytearray(stop + SLACK + AHEAD)
    view = memoryview(raw)
    held = os.preadv(handle, [view[:stop]], start)
    while raw[held - 1] != 10 and start + held < size:
        if len(raw) - held < SLACK + AHEAD:
            view.release()
            raw.extend(bytes(4 * SLACK))
            view = memoryview(raw)
        read = os.preadv(handle, [view[held : held + SLACK]], start + held)
        cut = raw.find(b"\n", held, held + read)
        held = held + read if cut < 0 else cut + 1
    view.release()
    raw[held : held + AHEAD] = b"\n" * AHEAD
    at = 0 if low == body else raw.find(b"\n") + 1
    text = np.frombuffer(raw, dtype=np.uint8)
    most = held // max(len(week_of), 1) + 2
    rows, lengths = np.zeros((most, 2), dtype=np.int64), np.zeros(most, dtype=np.uint16)
    code, begin, end = (np.empty(held // 2 + 2, dtype=np.uint16) for _ in range(3))
    scratch = np.zeros(span, dtype=np.uint16)
    count, total, wrong, column = parse(text, at, min(stop, held), separator, week_of, ordered, first, scratch, rows, lengths, (code, begin, end))
    keys = _keys_at(text, rows[:count])
    cell = "" if wrong < 0 else raw[wrong : wrong + 40].split(b"\n")[0].split(bytes([separator]))[0].decode("utf-8", "replace")
    return Chunk(keys, lengths[:count], code[:total].copy(), begin[:total].copy(), end[:total].copy(), cell, column)


def _keys_at(text: NDArray[np.uint8], rows: NDArray[np.int64]) -> NDArray[np.bytes_]:
    """The keys between two places in the text each: all at once where they are as long as each other and plain, as keys are."""
    length = int(rows[0, 1] - rows[0, 0]) if len(rows) else 0
    if length and (rows[:, 1] - rows[:, 0] == length).all():
        letters = text[rows[:, :1] + np.arange(length)]
        if ((letters > ord('"')) & (letters < 128)).all():
            return letters.view(f"S{length}").ravel()
    return as_bytes([text[left:right].tobytes().decode("utf-8", "replace").strip(' "\r') for left, right in rows.tolist()])


def _tell(file: Path, names: list[str], row: int, done: Chunk) -> None:
    if done.column == -2:
        raise BadInput(
            file, "Rækken har et andet antal celler end overskriften.", f"række {row + len(done.keys) + 2}", f"{len(names)} celler", "Er filen hel?"
        )
    if done.column >= 0:
        raise no_code(file, done.fault, row + len(done.keys), names[done.column])


def ordered_map(work: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
    """In order, some ahead of the reader and no more, so that memory stays small."""
    workers = kernels.threads()
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Made]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > workers + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
