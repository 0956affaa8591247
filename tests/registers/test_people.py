"""Persons twice, persons dead and paid, persons under another key: nothing is settled in silence."""

import numpy as np
import polars as pl
import pytest

from snerydder import panel
from snerydder.registers.faults import BadInput
from tests.registers import made
from tests.registers.made import WEEKS


def read(folder, rows, wanted=None, columns=None, **told):
    """Rows of person and codes; a dash is blank."""
    table = {"pnr": [person for person, _ in rows]}
    for place, week in enumerate(made.weeks.column(week) for week in WEEKS[: len(rows[0][1].split())]):
        table[week] = ["" if codes.split()[place] == "-" else codes.split()[place] for _, codes in rows]
    file = made.write(folder, pl.DataFrame(table | (columns or {})), "csv")
    return made.read(file, wanted or {person for person, _ in rows}, **told)


def drawn(found):
    spells = found.panel.spells
    grid = panel.codes_from(spells, np.arange(len(spells.persons)), np.full(len(spells.persons), spells.first), len(spells.covered))
    return {person: " ".join(spells.codes[code] or "-" for code in row) for person, row in zip(spells.persons, grid, strict=True)}


def quality(found, key):
    return next(row for row in found.quality if row.key == key)


TWICE = [("A", "651 - - 731"), ("B", "- - - -"), ("A", "- 652 - 731")]


def test_a_person_on_two_rows_stops_unless_the_rows_may_be_merged(tmp_path):
    with pytest.raises(BadInput, match=r'A står to gange(.|\n)*"merge"') as told:
        read(tmp_path, TWICE)
    assert "række 2 og 4" in str(told.value)
    found = read(tmp_path, TWICE, same_person_twice="merge")
    assert drawn(found) == {"A": "651 652 - 731", "B": "- - - -"}
    assert (quality(found, "register_twice").count, quality(found, "register_twice").examples) == (1, (4,))


def test_rows_that_contradict_each_other_are_never_merged(tmp_path):
    with pytest.raises(BadInput, match=r"siger 651 og 731 om samme uge") as told:
        read(tmp_path, [("A", "651 -"), ("A", "731 -")], same_person_twice="merge")
    assert "række 2 og 3, kolonne y_0950" in str(told.value)
    with pytest.raises(BadInput, match=r"hver sit om samme måned") as told:
        read(tmp_path, [("A", "651 -"), ("A", "651 -")], columns={"grad_2009_12": ["0.5", "0.4"]}, same_person_twice="merge")
    assert "kolonne grad_2009_12" in str(told.value)


def test_merged_months_take_what_either_row_says(tmp_path):
    months = {"grad_2009_12": ["0.5", ""], "grad_2010_01": ["", "1"], "grad_2010_02": ["", ""]}
    found = read(tmp_path, [("A", "651 -"), ("A", "651 -")], columns=months, same_person_twice="merge")
    assert np.array_equal(found.panel.months["grad"].values, [[0.5, 1, np.nan]], equal_nan=True)


def test_the_dead_stay_dead_where_the_register_falls_silent(tmp_path):
    found = read(tmp_path, [("A", "731 999 - -"), ("B", "- - - 999")])
    assert drawn(found) == {"A": "731 999 999 999", "B": "- - - 999"}
    assert quality(found, "paid_after_death").count == 0


PAID = [("A", "731 999 731 -"), ("B", "731 - - -")]


@pytest.mark.parametrize(("policy", "after"), [("dead", "731 999 999 999"), ("keep", "731 999 731 -")])
def test_a_benefit_after_death_by_the_protocols_policy(tmp_path, policy, after):
    found = read(tmp_path, PAID, paid_after_death=policy)
    assert drawn(found)["A"] == after
    row = quality(found, "paid_after_death")
    assert (row.count, row.of, row.examples, row.policy) == (1, 2, (2,), f"paid_after_death = {policy}")
    assert quality(found, "weeks_paid_after_death").count == 1


def test_a_benefit_after_death_stops_until_the_protocol_says_what_counts(tmp_path):
    with pytest.raises(BadInput, match=r"koden 731 efter en død i 2009-W51(.|\n)*paid_after_death") as told:
        read(tmp_path, PAID)
    assert "række 2, uge 2009-W52" in str(told.value)


def test_emigration_ends_when_a_person_comes_back(tmp_path):
    assert drawn(read(tmp_path, [("A", "731 997 - 651")])) == {"A": "731 997 - 651"}


@pytest.mark.parametrize(("drawn_key", "register_key"), [("0101", "101"), ("010190-1234", "0101901234"), ("p0001", "P0001"), ("0012", "12.0")])
def test_a_drawn_person_under_another_spelling_is_not_a_person_without_benefits(tmp_path, drawn_key, register_key):
    file = made.write(tmp_path, pl.DataFrame({"pnr": ["X1", register_key], "y_1201": ["651", "651"]}), "csv")
    with pytest.raises(BadInput, match="tegn for tegn") as told:
        made.read(file, {drawn_key, "X1"})
    assert f"Nøglen {drawn_key}" in str(told.value) and "række 3, kolonne pnr" in str(told.value)


def test_two_people_whose_keys_are_alike_are_two_people(tmp_path):
    assert read(tmp_path, [("01", "651"), ("1", "731")], wanted={"01", "1", "7"}).panel.spells.persons == ("01", "1")
    assert read(tmp_path, [("1", "731")], wanted={"01", "1"}).panel.spells.persons == ("1",), "both were drawn, so neither is the other misspelt"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"grad_2012_13": ["1"]}, ("grad_2012_13", "01 til 12")),
        ({"br_2012_01": ["561010"], "branche_2012_01": ["561010"]}, ("to gange", "br_2012_01 og branche_2012_01")),
        ({"grad_2012_01": ["-1"]}, ("-1", "række 2, kolonne grad_2012_01")),
        ({"grad_2012_01": ["en"]}, ("'en'", "række 2, kolonne grad_2012_01")),
        ({"branche_2012_01": ["0"]}, ("Branchen 0", "kodebogen")),
        ({"branche_2012_01": ["56.5"]}, ("56.5", "branchekode")),
    ],
)
def test_months_that_say_nothing_that_can_be(tmp_path, columns, words):
    with pytest.raises(BadInput) as told:
        read(tmp_path, [("A", "651")], columns=columns)
    assert all(word in str(told.value) for word in ("register.csv", *words)), str(told.value)


def test_rows_are_told_as_in_the_file_also_when_few_are_kept(tmp_path):
    rows = [("X", "651"), ("Y", "651"), ("B", "65x"), ("A", "651")]
    with pytest.raises(BadInput, match=r"række 4, kolonne y_0950"):
        read(tmp_path, rows, wanted={"A", "B"})
    with pytest.raises(BadInput, match=r"'en' er ikke et tal") as told:
        read(tmp_path, [("X", "651"), ("A", "651")], wanted={"A"}, columns={"grad_2012_01": ["x", "en"]})
    assert "række 3" in str(told.value)


def test_weeks_and_months_without_a_column_are_counted(tmp_path):
    table = pl.DataFrame({"pnr": ["A"], "y_1201": ["651"], "y_1204": ["651"], "grad_2012_01": ["1"], "grad_2012_03": ["1"]})
    found = made.read(made.write(tmp_path, table, "csv"), {"A"})
    assert (quality(found, "absent_weeks").count, quality(found, "absent_weeks").of) == (2, 4)
    assert "2012-W02, 2012-W03" in quality(found, "absent_weeks").text
    assert quality(found, "absent_months_grad").count == 1 and found.months_covered["grad"].tolist() == [True, False, True]


def test_texts_kept_as_factors_and_numbers_kept_as_decimals_are_codes(tmp_path):
    table = pl.DataFrame({"pnr": ["A", "B"], "y_1201": ["651", None], "y_1202": ["731", "651"]}).with_columns(
        pl.col("pnr", "y_1201").cast(pl.Categorical), pl.col("y_1202").cast(pl.Decimal(5, 1))
    )
    assert drawn(made.read(made.write(tmp_path, table, "parquet"), {"A", "B"})) == {"A": "651 731", "B": "- 651"}
    crooked = table.with_columns(pl.lit("651.5").cast(pl.Decimal(5, 1)).alias("y_1202"))
    with pytest.raises(BadInput, match=r"651\.5(.|\n)*"):
        made.read(made.write(tmp_path, crooked, "parquet"), {"A", "B"})


def test_a_typed_column_that_is_no_code(tmp_path):
    import datetime

    table = pl.DataFrame({"pnr": ["A"], "y_1201": [datetime.date(2012, 1, 2)]})
    with pytest.raises(BadInput, match="kolonne y_1201"):
        made.read(made.write(tmp_path, table, "parquet"), {"A"})
