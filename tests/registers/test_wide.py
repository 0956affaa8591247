"""The wide form as people really send it."""

import random

import numpy as np
import polars as pl
import pytest

from snerydder import panel
from snerydder.registers import codes, reading, weeks
from snerydder.registers.faults import BadInput
from snerydder.registers.source import Source

WEEKS = [weeks.from_iso(2009, 51) + step for step in range(8)]  # over the 53rd week of 2009


def read(tmp_path, rows, wanted=None, columns=WEEKS, name="dream.csv"):
    file = tmp_path / name
    table = pl.DataFrame({"pnr": list(rows), **{weeks.column(week): [row[place] for row in rows.values()] for place, week in enumerate(columns)}})
    table.write_csv(file) if name.endswith("csv") else table.write_parquet(file)
    return reading.read(Source(file, "pnr"), set(wanted or rows), codes.read())


def grid(read):
    n = len(read.panel.spells.persons)
    found = panel.codes_from(read.panel.spells, np.arange(n), np.full(n, WEEKS[0]), len(WEEKS))
    return [[read.panel.spells.codes[code] for code in row] for row in found]


ROWS = {
    "A": ["651", "651", "", ".", "731", "731", "731", "999"],
    "B": ["", "", "", "", "", "", "", ""],
    "C": ["731", "651.0", " 651 ", "651", "", "890", "", "731"],
}
READ = [["651", "651", "", "", "731", "731", "731", "999"], [""] * 8, ["731", "651", "651", "651", "", "890", "", "731"]]


def test_text_numbers_points_and_blanks_are_the_same_code(tmp_path):
    assert grid(read(tmp_path, ROWS)) == READ


def test_numbers_in_parquet_are_the_same_codes(tmp_path):
    numbers = {person: [float(cell) if cell.strip(" .") else None for cell in row] for person, row in ROWS.items()}
    assert grid(read(tmp_path, numbers, name="dream.parquet")) == READ


def test_the_order_of_the_columns_says_nothing(tmp_path):
    order = list(range(len(WEEKS)))
    random.Random(3).shuffle(order)
    shuffled = {person: [row[place] for place in order] for person, row in ROWS.items()}
    assert grid(read(tmp_path, shuffled, columns=[WEEKS[place] for place in order])) == READ


def test_only_the_drawn_are_kept(tmp_path):
    assert read(tmp_path, ROWS, wanted={"C", "elsewhere"}).panel.spells.persons == ("C",)


def test_an_absent_week_is_not_a_week_without_benefit(tmp_path):
    kept = [week for place, week in enumerate(WEEKS) if place != 3]
    found = read(tmp_path, {person: row[:3] + row[4:] for person, row in ROWS.items()}, columns=kept)
    assert found.absent_weeks == ("2010-W01",)
    covered = panel.covered_from(found.panel.spells, np.full(3, WEEKS[0] - 1), 10)
    assert covered[0].tolist() == [False, True, True, True, False, True, True, True, True, False]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"A": ["65a", *ROWS["A"][1:]]}, ("'65a'", "række 2", "y_0951")),
        ({"C": [*ROWS["C"][:7], "651.5"]}, ("'651.5'", "række 4", "y_1005")),
        ({"C": [*ROWS["C"][:7], "6511"]}, ("'6511'", "række 4")),
        ({"B": ["-1", *ROWS["B"][1:]]}, ("'-1'", "række 3")),
    ],
)
def test_what_is_no_code_is_told_with_its_place(tmp_path, change, words):
    with pytest.raises(BadInput) as told:
        read(tmp_path, ROWS | change)
    assert all(word in str(told.value) for word in words), str(told.value)


def test_a_person_twice_is_told_with_both_rows(tmp_path):
    (tmp_path / "dream.csv").write_text("pnr;y_1201\nA;651\nB;731\nA;731\n")
    with pytest.raises(BadInput, match=r"række 2 og 4"):
        reading.read(Source(tmp_path / "dream.csv", "pnr"), {"A"}, codes.read())


@pytest.mark.parametrize(("head", "words"), [("y_1253", "y_1253"), ("y_1201,Y_1201", "to gange"), ("uge1", "ingen ugekolonner")])
def test_weeks_that_never_were_and_weeks_twice(tmp_path, head, words):
    (tmp_path / "dream.csv").write_text(f"pnr,{head}\nA{',651' * (head.count(',') + 1)}\n")
    with pytest.raises(BadInput, match=words):
        reading.read(Source(tmp_path / "dream.csv", "pnr"), {"A"}, codes.read())


def test_codes_nobody_vouches_for_are_listed_and_stop_a_final_run(tmp_path):
    found = read(tmp_path, {"A": ["651", "731", "731", "555", "", "", "", ""]})
    assert [(one.code, one.why, one.cells, one.row, one.week) for one in found.unfirm] == [
        ("555", "unknown", 1, 2, "2010-W01"),
        ("731", "likely", 2, 2, "2009-W52"),
    ]
    with pytest.raises(BadInput, match="555"):
        reading.refuse_unfirm(found, codes.read())


def test_the_narrowest_range_wins():
    listed = codes.read()
    assert (listed.find(232).group, listed.find(230).group, listed.find(500)) == ("ADULT_APPR", "DAGP_AKT", None)


def test_the_spells_say_what_the_grid_says():
    dice = np.random.default_rng(5)
    for shape in ((1, 1), (7, 40), (50, 3)):
        table = np.where(dice.random(shape) < 0.4, 0, dice.integers(1, 4, shape)).astype(np.uint16)
        spells = panel.from_grid(tuple(map(str, range(shape[0]))), ("", "a", "b", "c"), table, 100, np.ones(shape[1], dtype=bool))
        assert (panel.codes_from(spells, np.arange(shape[0]), np.full(shape[0], 100), shape[1]) == table).all()
        later = panel.codes_from(spells, np.arange(shape[0]), np.full(shape[0], 101), shape[1])
        assert (later[:, :-1] == table[:, 1:]).all() and (later[:, -1] == 0).all()


def test_the_count_cube_is_the_count_of_the_grid():
    dice = np.random.default_rng(6)
    table = np.where(dice.random((200, 60)) < 0.3, 0, dice.integers(1, 5, (200, 60))).astype(np.uint16)
    spells = panel.from_grid(tuple(map(str, range(200))), ("", "a", "b", "c", "d"), table, 0, np.ones(60, dtype=bool))
    rows, start, cell = dice.permutation(200)[:120], dice.integers(-5, 40, 120), dice.integers(0, 6, 120)
    group = np.array([-1, 0, 1, 1, -1])
    cube = panel.count(spells, rows, start, 25, cell, 6, group, 2)
    long = group[panel.codes_from(spells, rows, start, 25)]
    for c in range(6):
        for g in range(2):
            assert (cube[c, g] == (long[cell == c] == g).sum(axis=0)).all()
