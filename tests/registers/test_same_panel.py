"""One register is one panel, whatever the order, the spelling, the form and the format."""

import random

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from snerydder.registers import compact, weeks
from snerydder.registers.faults import BadInput
from tests.registers import made
from tests.registers.made import ENDINGS, LONG, SPELLS, WEEKS

CODES = (0, 651, 652, 731, 890, 997)
registers = st.integers(1, 6).flatmap(
    lambda persons: st.lists(st.lists(st.sampled_from(CODES), min_size=len(WEEKS), max_size=len(WEEKS)), min_size=persons, max_size=persons)
)
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def people(count):
    return [f"P{number:03d}" for number in range(count)]


def plain(folder, grid):
    persons = people(len(grid))
    return made.read(made.write(folder, made.wide(grid, persons), "csv", "plain"), persons).panel.spells


@quick
@given(cells=registers, seed=st.integers(0, 10**6))
def test_the_order_of_rows_and_columns_and_the_spelling_say_nothing(tmp_path, cells, seed):
    grid, dice = np.array(cells, dtype=np.uint16), random.Random(seed)
    persons = people(len(grid))
    table = made.wide(grid, persons, way=seed)
    columns, rows = table.columns, list(range(len(grid)))
    dice.shuffle(columns)
    dice.shuffle(rows)
    file = made.write(tmp_path, table.select(columns)[rows], "csv")
    made.same(made.read(file, persons).panel.spells, plain(tmp_path, grid))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(cells=registers)
@pytest.mark.parametrize("kind", ENDINGS)
def test_every_form_in_every_format_is_the_same_panel(tmp_path, cells, kind):
    grid = np.array(cells, dtype=np.uint16)
    persons = people(len(grid))
    expected = plain(tmp_path, grid)
    for table, told in (
        (made.wide(grid, persons), {}),
        (made.wide(grid, persons, texts=False), {}),
        (made.long(grid, persons), LONG),
        (made.long(grid, persons, lambda week: str(weeks.monday(week))), LONG),
        (made.spells(grid, persons), SPELLS),
        (made.spells(grid, persons, day=True), SPELLS),
    ):
        made.same(made.read(made.write(tmp_path, table, kind), persons, **told).panel.spells, expected)


GRID = np.array([[651, 651, 0, 0, 731, 731, 731, 731, 0, 0, 651, 651], [0] * 12], dtype=np.uint16)


@pytest.mark.parametrize("day", [0, 3, 6])
def test_any_day_of_the_week_is_the_week(tmp_path, day):
    import datetime

    table = made.long(GRID, people(2), lambda week: (weeks.monday(week) + datetime.timedelta(days=day)).strftime("%d-%m-%Y"))
    made.same(made.read(made.write(tmp_path, table, "csv"), people(2), **LONG).panel.spells, plain(tmp_path, GRID))


@pytest.mark.parametrize(
    "way",
    [
        weeks.column,
        lambda week: weeks.name(week).replace("-", ""),
        lambda week: weeks.name(week).replace("-W", ""),
        lambda week: weeks.name(week).replace("-W", "") + ".0",
    ],
)
def test_the_ways_a_week_is_written(tmp_path, way):
    made.same(made.read(made.write(tmp_path, made.long(GRID, people(2), way), "csv"), people(2), **LONG).panel.spells, plain(tmp_path, GRID))


def test_year_and_week_in_columns_of_their_own(tmp_path):
    table = made.long(GRID, people(2)).with_columns(
        pl.col("uge").str.slice(0, 4).cast(pl.Int64).alias("aar"), pl.col("uge").str.slice(6).cast(pl.Float64)
    )
    made.same(made.read(made.write(tmp_path, table, "stata"), people(2), **LONG, year="aar").panel.spells, plain(tmp_path, GRID))


def test_real_dates_of_each_format_are_dates(tmp_path):
    table = made.long(GRID, people(2), lambda week: weeks.monday(week))
    for kind in ("parquet", "stata", "sas"):
        made.same(made.read(made.write(tmp_path, table, kind), people(2), **LONG).panel.spells, plain(tmp_path, GRID))


def test_a_spell_without_an_end_runs_to_the_end_of_the_register_and_is_counted(tmp_path):
    table = made.spells(GRID, people(2)).with_columns(
        pl.when(pl.col("til") == weeks.name(WEEKS[-1])).then(pl.lit("")).otherwise(pl.col("til")).alias("til")
    )
    read = made.read(made.write(tmp_path, table, "csv"), people(2), **SPELLS)
    made.same(read.panel.spells, plain(tmp_path, GRID))
    row = next(row for row in read.quality if row.key == "open_spells")
    assert (row.count, row.examples) == (2, (6, 7))


@pytest.mark.parametrize("kind", ENDINGS)
def test_the_months_are_the_same_beside_the_weeks_and_in_a_file_of_their_own(tmp_path, kind):
    grades = pl.DataFrame(
        {"grad_2009_12": [0.5, None], "br_2009_12": [561010.0, None], "BRANCHE_2010_01": [12000.0, None], "grad_2010_01": [1.0, 0.0]},
        schema_overrides={"br_2009_12": pl.Float64},
    )
    whole = made.wide(GRID, people(2), texts=False).hstack(grades)
    beside = made.read(made.write(tmp_path, whole, kind), people(2)).panel
    apart = made.write(tmp_path, pl.DataFrame({"pnr": people(2)}).hstack(grades), kind, "months")
    long = made.read(made.write(tmp_path, made.long(GRID, people(2)), kind, "long"), people(2), **LONG, months=apart).panel
    for name in ("grad", "branche"):
        assert beside.months[name].first == long.months[name].first == 2009 * 12 + 11
        assert np.array_equal(beside.months[name].values, long.months[name].values, equal_nan=True)
    assert beside.months["branche"].values.tolist()[0] == [561010.0, 12000.0] and np.isnan(beside.months["branche"].values[1]).all()


def test_week_columns_are_placed_by_date_over_the_turn_of_the_century(tmp_path):
    """As text y_0001 sorts before y_9952."""
    columns = [weeks.from_iso(1999, 52), weeks.from_iso(2000, 1), weeks.from_iso(2000, 2)]
    table = made.wide(np.array([[651, 731, 890]], dtype=np.uint16), ["A"], columns=columns)
    spells = made.read(made.write(tmp_path, table.select(sorted(table.columns)), "csv"), ["A"]).panel.spells
    assert [spells.codes[code] for code in spells.code] == ["651", "731", "890"] and spells.begin.tolist() == columns


@quick
@given(cells=registers)
def test_the_compact_form_is_the_same_panel(tmp_path_factory, cells):
    grid, folder = np.array(cells, dtype=np.uint16), tmp_path_factory.mktemp("compact")
    persons = people(len(grid))
    expected = plain(folder, grid)
    compact.write(folder / "register.compact", made.read(made.write(folder, made.wide(grid, persons), "csv"), persons).panel.spells)
    found = made.read(folder / "register.compact", {*persons, "Q"}, form="compact")
    made.same(found.panel.spells, expected)
    assert found.rows_in_file == len(persons)


def test_a_compact_register_is_asked_for_its_persons_by_their_own_keys(tmp_path):
    compact.write(tmp_path / "register.compact", plain(tmp_path, GRID))
    found = made.read(tmp_path / "register.compact", {"P001", "P000"}, form="compact")
    assert [(one.code, one.row) for one in found.unfirm] == [("731", 1)]
    with pytest.raises(BadInput, match=r"Nøglen p001 (.|\n)*P001"):
        made.read(tmp_path / "register.compact", {"p001"}, form="compact")
