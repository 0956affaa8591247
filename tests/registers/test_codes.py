"""The list of codes: two schemes that never meet, how sure each line is, and when it holds."""

import csv

import numpy as np
import polars as pl
import pytest

from snerydder import panel
from snerydder.panel import Panel
from snerydder.registers import codes, outcomes, reading, weeks
from snerydder.registers.faults import BadInput
from tests.registers import made

HEAD = ",".join((*codes.NEEDED, "valid_from", "valid_to"))
FIRST = weeks.from_iso(2013, 50)


def listed(folder, *lines, scheme="dream", head=HEAD):
    file = folder / "koder.csv"
    file.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return codes.read(file, scheme)


def line(first, last, education=0, confidence="confirmed", begin="", end="", group="X", scheme="dream"):
    return f"{scheme},{first},{last},navn {first},name,{group},1,{education},0,0,{confidence},{begin},{end}"


def register(folder, numbers, person="A"):
    columns = [FIRST + place for place in range(len(numbers))]
    return made.write(folder, made.wide(np.array([numbers], dtype=np.uint16), [person], columns=columns), "csv")


@pytest.mark.parametrize("scheme", codes.SCHEMES)
def test_a_shipped_list_reads_and_says_its_scheme_and_its_source(scheme):
    found = codes.read(scheme=scheme)
    assert found.scheme == scheme and len(found.rows) > {"egen": 4}.get(scheme, 30)
    with codes.SHIPPED[scheme].open(encoding="utf-8", newline="") as opened:
        assert all(row["source"] and row["scheme"] == scheme for row in csv.DictReader(opened))


def test_only_what_sources_confirm_is_firm():
    assert {row.first for row in codes.read().rows if row.firm} == {651, 652, 997, 998, 999}
    assert not any(row.firm for row in codes.read(scheme="ras").rows if row.first in (200, 351, 361, 513, 514, 515, 516))


def test_the_same_number_means_two_things():
    assert (codes.read().find(511).group, codes.read(scheme="ras").find(511).group) == ("OTHER_WORK", "EDU")
    assert not codes.read().find(511).education and codes.read(scheme="ras").find(511).education


@pytest.mark.parametrize(
    ("numbers", "scheme", "words"),
    [([131, 511, 200], "dream", ("200", "RAS", "'Arbejdsløse'", 'scheme = "ras"')), ([511, 651], "ras", ("651", "DREAM", "SU (uddannelse)"))],
)
def test_codes_of_the_other_scheme_are_refused_also_in_a_draft(tmp_path, numbers, scheme, words):
    with pytest.raises(BadInput) as told:
        made.read(register(tmp_path, numbers), {"A"}, scheme=scheme)
    assert all(word in str(told.value) for word in ("register.csv", "række 2", *words)), str(told.value)


def test_a_list_of_the_other_scheme_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"(?s)række 2.*'ras'.*'dream', som protokollen siger"):
        listed(tmp_path, line(511, 511, scheme="ras"))
    with pytest.raises(BadInput, match="Kolonnen scheme mangler"):
        listed(tmp_path, line(511, 511).removeprefix("dream,"), head=HEAD.removeprefix("scheme,"))


def test_a_code_outside_its_time_is_listed_with_its_weeks_and_first_place(tmp_path):
    """Monday 30 December 2013 opens the week of 1 January 2014, so a code valid from 1 January may stand in it."""
    file = tmp_path / "koder.csv"
    listed(tmp_path, line(140, 149, begin="2014-01-01"), line(730, 739, end="2014-01-01"))
    found = made.read(register(tmp_path, [140, 140, 140, 140, 730, 730]), {"A"}, file)
    told = {one.code: (one.why, one.cells, one.week) for one in found.unfirm}
    assert told == {"140": ("outside", 3, "2013-W50"), "730": ("outside", 2, "2014-W02")}
    with pytest.raises(BadInput, match=r"DREAM 140 \(uden for kodens gyldighed, 3 uger, først i række 2, 2013-W50\)"):
        reading.refuse_unfirm(found, codes.read(file))


def test_a_code_that_changed_its_meaning_means_what_it_meant_in_its_week(tmp_path):
    file = tmp_path / "koder.csv"
    found = listed(tmp_path, line(140, 140, education=0, end="2013-12-29"), line(140, 140, education=1, begin="2013-12-30"))
    read = made.read(register(tmp_path, [140] * 6), {"A"}, file)
    assert read.unfirm == ()
    seen = outcomes.Seen(Panel(read.panel.spells), found, np.arange(1), np.full(1, FIRST + 1), 4)
    assert seen.marked("education").tolist() == [[False, False, True, True]]
    assert seen.marked("education", before=1, after=1).tolist() == [[False, False, False, True, True, True]]
    assert panel.covered_from(read.panel.spells, np.full(1, FIRST + 1), 4).all()


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((line(140, 140), line(140, 140)), ("140 står to gange", "række 2 og 3", "valid_from")),
        ((line(140, 140, end="2014-01-01"), line(140, 140, begin="2014-01-01")), ("to gange",)),
        ((line(140, 149), line(145, 154)), ("145 står to gange",)),
        ((line(140, 140, begin="2014-13-01"),), ("'2014-13-01'", "valid_from")),
        ((line(140, 140, begin="2014-02-01", end="2014-01-01"),), ("2014-01-01", "før den begynder")),
        ((line(140, 140, education="ja"),), ("'ja'", "kolonne education", "1 eller 0")),
        ((line(140, 140, confidence="måske"),), ("'måske'", "confirmed")),
        ((line(140, 1400),), ("140-1400",)),
    ],
)
def test_a_list_that_says_two_things_or_nothing(tmp_path, lines, words):
    with pytest.raises(BadInput) as told:
        listed(tmp_path, *lines)
    assert all(word in str(told.value) for word in ("koder.csv", *words)), str(told.value)


def test_the_first_place_is_the_first_row_of_the_file_and_not_of_the_panel(tmp_path):
    table = pl.DataFrame({"pnr": ["Z", "A"], "y_1201": ["555", "555"]})
    found = made.read(made.write(tmp_path, table, "csv"), {"A", "Z"})
    assert [(one.code, one.row, one.cells) for one in found.unfirm] == [("555", 2, 2)]
