"""The long form and the spells: what two rows may say of one week, and what no row may say at all."""

import numpy as np
import polars as pl
import pytest

from snerydder.registers import weeks
from snerydder.registers.faults import BadInput
from tests.registers import made
from tests.registers.made import LONG, SPELLS, WEEKS

NAMES = [weeks.name(week) for week in WEEKS]


def read(folder, rows, told, **more):
    columns = ["pnr", "uge", "kode"] if told is LONG else ["pnr", "fra", "til", "kode"]
    return made.read(made.write(folder, pl.DataFrame(rows, schema=columns, orient="row"), "csv", "rows"), {"A", "B"}, **told, **more)


def refused(folder, rows, told, *words, **more):
    with pytest.raises(BadInput) as said:
        read(folder, rows, told, **more)
    assert all(word in str(said.value) for word in ("rows.csv", *words)), str(said.value)


def drawn(found):
    """Per person and week the code, or - where blank."""
    from snerydder import panel

    spells = found.panel.spells
    grid = panel.codes_from(spells, np.arange(len(spells.persons)), np.full(len(spells.persons), WEEKS[0]), len(WEEKS))
    return {person: " ".join(spells.codes[code] or "-" for code in row) for person, row in zip(spells.persons, grid, strict=True)}


def quality(found, key):
    return next(row for row in found.quality if row.key == key)


def test_two_codes_in_one_week_are_refused_with_both_rows(tmp_path):
    rows = [("A", NAMES[0], "651"), ("B", NAMES[0], "651"), ("A", NAMES[0], "731")]
    refused(tmp_path, rows, LONG, "A har to koder i 2009-W50: 651 og 731", "række 2 og 4", "priority")


def test_a_blank_and_a_code_in_one_week_are_two_things(tmp_path):
    refused(tmp_path, [("A", NAMES[0], "651"), ("A", NAMES[0], "")], LONG, "651 og ingen ydelse", "række 2 og 3")


def test_the_stated_priority_settles_and_is_counted(tmp_path):
    rows = [("A", NAMES[0], "731"), ("A", NAMES[0], "651"), ("A", NAMES[1], "731"), ("A", NAMES[1], "890")]
    found = read(tmp_path, rows, LONG, priority=("651", "730-739"))
    assert drawn(found)["A"].startswith("651 731 - ")
    row = quality(found, "two_codes")
    assert (row.count, row.of, row.policy, row.examples) == (2, len(WEEKS), "priority = 651, 730-739", (2, 5))


def test_a_priority_that_does_not_name_them_settles_nothing(tmp_path):
    refused(tmp_path, [("A", NAMES[0], "731"), ("A", NAMES[0], "890")], LONG, "731 og 890", priority=("651",))
    refused(tmp_path, [("A", NAMES[0], "731"), ("A", NAMES[0], "732")], LONG, "731 og 732", priority=("730-739",))


def test_a_third_code_below_the_winner_is_settled_too(tmp_path):
    rows = [("A", NAMES[0], "731"), ("A", NAMES[0], "890"), ("A", NAMES[0], "651")]
    assert drawn(read(tmp_path, rows, LONG, priority=("651",)))["A"].startswith("651 -")


def test_the_same_code_twice_is_one_and_is_counted(tmp_path):
    found = read(tmp_path, [("A", NAMES[0], "651"), ("A", NAMES[0], "651.0"), ("A", NAMES[2], "651")], LONG)
    assert drawn(found)["A"].startswith("651 - 651 -")
    assert (quality(found, "same_code_twice").count, quality(found, "same_code_twice").examples) == (1, (3,))


def test_spells_that_overlap_are_refused_and_the_same_code_is_one_spell(tmp_path):
    refused(tmp_path, [("A", NAMES[0], NAMES[4], "651"), ("A", NAMES[4], NAMES[6], "731")], SPELLS, "2010-W01: 651 og 731", "række 2 og 3")
    found = read(tmp_path, [("A", NAMES[0], NAMES[4], "651"), ("A", NAMES[3], NAMES[6], "651")], SPELLS)
    assert drawn(found)["A"] == " ".join(["651"] * 7 + ["-"] * 5) and quality(found, "same_code_twice").count == 2


def test_one_day_in_the_week_is_the_week_so_spells_that_meet_in_a_week_need_a_priority(tmp_path):
    """Wednesday 6 January and Thursday 7 January 2010 are in the same week."""
    rows = [("A", "2009-12-14", "2010-01-06", "651"), ("A", "2010-01-07", "2010-01-20", "731")]
    refused(tmp_path, rows, SPELLS, "2010-W01")
    assert drawn(read(tmp_path, rows, SPELLS, priority=("731",)))["A"] == "- 651 651 651 731 731 731 - - - - -"


@pytest.mark.parametrize(
    ("rows", "told", "words"),
    [
        ([("A", "2010-W53", "651")], LONG, ("2010-W53", "kalenderen", "række 2, kolonne uge")),
        ([("A", "2010-08", "651")], LONG, ("'2010-08'", "2012-W34")),
        ([("A", "1001", "651")], LONG, ("'1001'",)),
        ([("A", "40179", "651")], LONG, ("Excel", "2010-01-01")),
        ([("A", "", "651")], LONG, ("Ugen er tom", "række 2")),
        ([("A", "2011-W01", "651")], LONG, ("2011-W01", "uden for registrets uger", "2009-W50 til 2010-W08", "last_week")),
        ([("A", "2009-W49", "651")], LONG, ("2009-W49", "uden for")),
        ([("A", NAMES[0], "SU")], LONG, ("'SU'", "række 2, kolonne kode", "tre cifre")),
        ([("A", NAMES[0], "000")], LONG, ("'000'", "Betyder 0 ingen ydelse")),
        ([("A", NAMES[3], NAMES[0], "651")], SPELLS, ("slutter i 2009-W50", "begynder i 2009-W53", "byttet om")),
        ([("A", "2010-W20", "", "651")], SPELLS, ("efter registrets sidste uge",)),
        ([("A", "", NAMES[0], "651")], SPELLS, ("Ugen er tom", "kolonne fra")),
    ],
)
def test_what_no_row_may_say(tmp_path, rows, told, words):
    refused(tmp_path, rows, told, *words)


def test_months_are_not_taken_for_weeks(tmp_path):
    rows = [("A", f"{year}{month:02d}", "651") for year in (2010, 2011) for month in range(1, 13)]
    columns = pl.DataFrame(rows, schema=["pnr", "uge", "kode"], orient="row")
    with pytest.raises(BadInput, match="ligner måneder"):
        made.read(made.write(tmp_path, columns, "csv"), {"A"}, **(LONG | {"last_week": WEEKS[-1] + 100}))


def test_a_year_and_a_week_that_do_not_meet(tmp_path):
    table = pl.DataFrame({"pnr": ["A"], "aar": [2010], "uge": [53], "kode": ["651"]})
    with pytest.raises(BadInput, match="År 2010, uge 53"):
        made.read(made.write(tmp_path, table, "csv"), {"A"}, **LONG, year="aar")


def test_the_wrong_form_is_told_as_that(tmp_path):
    wide = made.write(tmp_path, made.wide(np.array([[651] * 12], dtype=np.uint16), ["A"]), "csv")
    with pytest.raises(BadInput, match=r'12 ugekolonner(.|\n)*form = "wide"'):
        made.read(wide, {"A"}, **LONG)
    long = made.write(tmp_path, made.long(np.array([[651] * 12], dtype=np.uint16), ["A"]), "csv", "long")
    with pytest.raises(BadInput, match=r'ingen ugekolonner(.|\n)*form = "long"'):
        made.read(long, {"A"})
    with pytest.raises(BadInput, match=r"Kolonnen fra, til findes ikke(.|\n)*uge, kode"):
        made.read(long, {"A"}, **SPELLS)


def test_only_the_drawn_are_kept_and_others_may_say_what_they_like(tmp_path):
    found = read(tmp_path, [("A", NAMES[0], "651"), ("C", "vrøvl", "SU")], LONG)
    assert found.panel.spells.persons == ("A",) and found.rows_in_file == 2
