"""Writes a real .sas7bdat: the C library under pyreadstat can, though pyreadstat itself does not offer it."""

import ctypes
import functools
from importlib import util

STRING, DOUBLE = 0, 5
TAKE = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)


@functools.cache
def _library():
    place = util.find_spec("pyreadstat._readstat_writer").origin
    library = ctypes.CDLL(place)
    library.readstat_writer_init.restype = ctypes.c_void_p
    library.readstat_add_variable.restype = ctypes.c_void_p
    library.readstat_error_message.restype = ctypes.c_char_p
    return library


def _call(name, *values):
    if code := getattr(_library(), name)(*values):
        raise OSError(f"{name}: {_library().readstat_error_message(code).decode()}")


def write(file, table):
    """One Polars table as SAS keeps it: texts padded to their width, numbers as doubles, a gap as the missing value."""
    with file.open("wb") as out:
        take = TAKE(lambda data, size, _context: out.write(ctypes.string_at(data, size)))
        writer = ctypes.c_void_p(_library().readstat_writer_init())
        _call("readstat_set_data_writer", writer, take)
        columns = []
        for name, kind in table.schema.items():
            text = not kind.is_numeric()
            width = max(1, table[name].str.len_bytes().max() or 1) if text else 8
            columns.append(
                (text, ctypes.c_void_p(_library().readstat_add_variable(writer, name.encode(), STRING if text else DOUBLE, ctypes.c_size_t(width))))
            )
        _call("readstat_begin_writing_sas7bdat", writer, None, ctypes.c_long(table.height))
        for row in table.iter_rows():
            _call("readstat_begin_row", writer)
            for (text, column), cell in zip(columns, row, strict=True):
                if cell is None:
                    _call("readstat_insert_missing_value", writer, column)
                elif text:
                    _call("readstat_insert_string_value", writer, column, cell.encode())
                else:
                    _call("readstat_insert_double_value", writer, column, ctypes.c_double(cell))
            _call("readstat_end_row", writer)
        _call("readstat_end_writing", writer)
        _library().readstat_writer_free(writer)
