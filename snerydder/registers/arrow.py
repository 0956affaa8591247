"""Where a Polars frame holds its numbers: Arrow's C interface, so that hundreds of millions of cells are read where they lie, blanks too.

A cell that is blank holds any number whatever; only its bit tells.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_Array._fields_ = [
    *((name, ctypes.c_int64) for name in ("length", "null_count", "offset", "n_buffers", "n_children")),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))),
    ("private", ctypes.c_void_p),
]
_Stream._fields_ = [
    ("schema", ctypes.c_void_p),
    ("next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))),
    ("fault", ctypes.c_void_p),
    ("release", ctypes.c_void_p),  # called when Polars' own object goes
    ("private", ctypes.c_void_p),
]
_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]


@contextmanager
def two_bytes(block: pl.DataFrame) -> Iterator[dict[str, tuple[int, int]]]:
    """For each column of two-byte numbers the address of the first one, and of a bit for each that is set where something is written (0: everywhere).

    Good for as long as it is held. A column whose bits do not begin with a byte is left out.
    """
    whole = block.select(pl.col(pl.UInt16)).rechunk()
    if not whole.width:
        yield {}
        return
    capsule, array = whole.__arrow_c_stream__(), _Array()
    stream = ctypes.cast(_pointer(capsule, b"arrow_array_stream"), ctypes.POINTER(_Stream))
    if stream.contents.next(stream, array) or not array.release:
        raise MemoryError("Polars does not give its columns")
    try:
        found: dict[str, tuple[int, int]] = {}
        for name, child in zip(whole.columns, array.children[: array.n_children], strict=True):
            one = child.contents
            first = array.offset + one.offset
            if first % 8 == 0:
                found[name] = (one.buffers[1] + 2 * first, one.buffers[0] + first // 8 if one.buffers[0] else 0)
        yield found
    finally:
        array.release(array)
