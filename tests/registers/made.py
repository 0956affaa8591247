"""One invented register, written in every form and format people send."""

import numpy as np
import polars as pl
import pyreadstat
import xlsxwriter

from snerydder.registers import codes, reading, weeks
from snerydder.registers.source import Source
from tests.registers import sas

WEEKS = [weeks.from_iso(2009, 50) + step for step in range(12)]  # over the 53rd week of 2009
ENDINGS = {"csv": ".csv", "semicolon": ".csv", "windows": ".csv", "parquet": ".parquet", "stata": ".dta", "sas": ".xpt", "sas7": ".sas7bdat", "excel": ".xlsx"}


def spelt(code, way):
    """The ways one code is written in a text column."""
    if not code:
        return ("", ".", " ", "", "NA")[way % 5]
    return (f"{code:03d}", f"{code}", f"{code}.0", f" {code:03d} ", f"{code},0", f"{code:03d}")[way % 6]


def write(folder, table, kind, name="register"):
    file = folder / f"{name}{ENDINGS[kind]}"
    if kind == "csv":
        table.write_csv(file)
    elif kind == "semicolon":
        file.write_bytes(b"\xef\xbb\xbf" + table.write_csv(separator=";").replace("\n", "\r\n").encode())
    elif kind == "windows":
        file.write_bytes(table.with_columns(pl.lit("Sønderjyllands Ærø").alias("navn")).write_csv(separator="\t").encode("cp1252"))
    elif kind == "parquet":
        table.write_parquet(file)
    elif kind == "stata":
        pyreadstat.write_dta(table, str(file))
    elif kind == "sas":
        pyreadstat.write_xport(table, str(file), file_format_version=8)
    elif kind == "sas7":
        sas.write(file, table)
    else:
        excel(file, [table.columns, *table.iter_rows()])
    return file


def excel(file, rows, sheets=1):
    book = xlsxwriter.Workbook(str(file))
    for number in range(sheets):
        sheet = book.add_worksheet(f"Ark{number + 1}")
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(place, column, cell)
    book.close()
    return file


def read(file, wanted, codes_file=None, **told):
    source = Source(file, "pnr", **told)
    return reading.read(source, set(wanted), codes.read(codes_file, source.scheme))


def wide(grid, persons, texts=True, way=0, columns=WEEKS):
    """Numbers as a statistics program keeps them, or texts as a spreadsheet does."""
    table = {"pnr": list(persons)}
    for place, week in enumerate(columns):
        cells = [int(code) for code in grid[:, place]]
        table[weeks.column(week)] = (
            [spelt(code, way + row + place) for row, code in enumerate(cells)] if texts else [float(code) if code else None for code in cells]
        )
    return pl.DataFrame(table, schema_overrides={} if texts else {weeks.column(week): pl.Float64 for week in columns})


def long(grid, persons, week=weeks.name):
    """Every week of every person: the blank ones too, so that somebody without benefits stands in the file."""
    rows = [
        (person, week(WEEKS[place]), f"{code:03d}" if code else "")
        for person, codes_ in zip(persons, grid.tolist(), strict=True)
        for place, code in enumerate(codes_)
    ]
    return pl.DataFrame(rows, schema=["pnr", "uge", "kode"], orient="row")


def spells(grid, persons, day=False):
    rows = []
    for person, codes_ in zip(persons, grid.tolist(), strict=True):
        edges = [0, *(place for place in range(1, len(codes_)) if codes_[place] != codes_[place - 1]), len(codes_)]
        for begin, end in zip(edges, edges[1:], strict=False):
            span = (WEEKS[begin], WEEKS[end - 1])
            told = [str(weeks.monday(week)) for week in span] if day else [weeks.name(week) for week in span]
            rows.append((person, *told, f"{codes_[begin]:03d}" if codes_[begin] else ""))
    return pl.DataFrame(rows, schema=["pnr", "fra", "til", "kode"], orient="row")


LONG = {"form": "long", "week": "uge", "code": "kode", "first_week": WEEKS[0], "last_week": WEEKS[-1]}
SPELLS = {"form": "spells", "begin": "fra", "end": "til", "code": "kode", "first_week": WEEKS[0], "last_week": WEEKS[-1]}


def same(one, other):
    """Bit for bit."""
    assert (one.persons, one.codes, one.first) == (other.persons, other.codes, other.first)
    for name in ("offsets", "code", "begin", "end", "covered"):
        left, right = getattr(one, name), getattr(other, name)
        assert left.dtype == right.dtype and np.array_equal(left, right), name
