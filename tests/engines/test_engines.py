"""Kernel, NumPy, DuckDB and Spark count the same, to the last bit."""

import numpy as np
import polars as pl
import pytest

from snerydder import panel
from snerydder.registers import compact, compact_import, kernels
from snerydder.registers.engines import sql

PERSONS, HISTORY, WEEKS, CELLS, GROUPS = 500, 120, 40, 6, 3
FIRST = 1900
GROUP_OF_CODE = {111: 0, 651: 1, 652: 1, 731: 2}  # 881 is in no group


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    dice = np.random.default_rng(41)
    grid = np.repeat(np.where(dice.random((PERSONS, 24)) < 0.4, 0, dice.integers(1, 6, (PERSONS, 24))), 5, axis=1).astype(np.uint16)
    keys = tuple(f"{number:010d}" for number in dice.permutation(PERSONS))
    spells = panel.from_grid(keys, ("", "111", "651", "652", "731", "881"), grid, FIRST, np.ones(HISTORY, dtype=bool))
    folder = tmp_path_factory.mktemp("engines")
    compact.write(folder / "r.compact", spells)
    file = folder / "spells.parquet"
    sql.spells_parquet(compact.open(folder / "r.compact"), file)
    rows = dice.permutation(PERSONS)[:333]
    spells = compact.open(folder / "r.compact")  # its narrow arrays, which the wide kernel takes
    return spells, file, rows, FIRST + dice.integers(-10, 100, 333), dice.integers(0, CELLS - 1, 333)  # the last cell is empty


def by(connection, register, weight=None):
    spells, file, rows, start, cell = register
    persons = pl.Series([spells.persons[row] for row in rows])
    return sql.count(connection, file, persons, start, WEEKS, cell, CELLS, GROUP_OF_CODE, GROUPS, weight)


def ours(register, weight=None, compiled=False):
    spells, _, rows, start, cell = register
    group = np.array([-1, *(GROUP_OF_CODE.get(int(code), -1) for code in spells.codes[1:])])
    return kernels.count(spells, rows, start, WEEKS, cell, CELLS, group, GROUPS, weight, compiled=compiled)


def test_the_exchange_form_becomes_the_same_register(register, tmp_path, monkeypatch):
    monkeypatch.setattr(sql, "ROWS", 300)  # several blocks
    sql.spells_parquet(register[0], tmp_path / "again.parquet")
    assert pl.read_parquet(tmp_path / "again.parquet").equals(pl.read_parquet(register[1]))
    compact_import.make(register[1], tmp_path / "again.compact")
    found = compact.open(tmp_path / "again.compact")
    assert all(np.array_equal(getattr(found, name), getattr(register[0], name)) for name in ("code", "begin", "end"))


@pytest.mark.parametrize("limit", ["", "256MB"])
def test_duckdb_counts_as_the_kernels(register, limit):
    found = by(sql.duckdb(limit, 2), register)
    assert found.any() and np.array_equal(found, ours(register)) and np.array_equal(found, ours(register, compiled=True))


def test_duckdb_counts_with_weights(register):
    weight = np.random.default_rng(42).integers(-(2**40), 2**40, 333)
    assert np.array_equal(by(sql.duckdb(), register, weight), ours(register, weight))


@pytest.mark.spark
def test_spark_counts_as_the_kernels(register):
    pytest.importorskip("pyspark")
    weight = np.random.default_rng(42).integers(-(2**40), 2**40, 333)
    with sql.spark() as connection:
        assert np.array_equal(by(connection, register), ours(register, compiled=True))
        assert np.array_equal(by(connection, register, weight), ours(register, weight))
