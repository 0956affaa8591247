"""The register inside a study: what the protocol decides, what is counted, and what stops."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from snerydder.registers import compact, outcomes, weeks
from snerydder.registers.faults import BadInput
from snerydder.study import data, protocol, provenance
from tests.registers import made

FIRST = weeks.from_iso(2012, 30)
LONG_ENOUGH = 40
PROTOCOL = """
title = "Lille forsøg"
seed = "1"
[register]
file = "register.csv"
key = "pnr"
scheme = "dream"
[lottery]
file = "lod.csv"
key = "pnr"
arm = "arm"
treated = "t"
control = "c"
date = "dato"
[window]
last = 9
summary_from = 0
[[outcome]]
name = "su_education"
week = 5
[policy]
"""


def study(folder, codes, days=None, policy="", change=(), months=None, lottery=None):
    """Persons' codes by week from 2012-W30, the last one standing to the end; everyone drawn on the same day unless told."""
    names = [f"P{number}" for number in range(len(codes))]
    grid = np.array(
        [[0 if code == "-" else int(code) for code in (row.split() + [row.split()[-1]] * LONG_ENOUGH)[:LONG_ENOUGH]] for row in codes],
        dtype=np.uint16,
    )
    table = made.wide(grid, names, columns=[FIRST + place for place in range(LONG_ENOUGH)])
    made.write(folder, table.with_columns(**{name: pl.Series(cells) for name, cells in (months or {}).items()}), "csv")
    days = days or [date(2012, 8, 20)] * len(codes)
    drawn = {"pnr": names, "arm": ["t" if number % 2 else "c" for number in range(len(names))], "dato": [str(day) for day in days]}
    made.write(folder, pl.DataFrame(lottery or drawn), "csv", "lod")
    text = PROTOCOL + policy
    for old, new in change:
        assert old in text
        text = text.replace(old, new)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return data.load(protocol.read(folder / "study.toml"))


def refused(what, *words):
    with pytest.raises(BadInput) as told:
        what()
    assert all(word in str(told.value) for word in words), str(told.value)


FOUR = ["651", "731", "-", "890"]


def test_every_check_is_listed_also_when_it_found_nothing_and_no_row_names_a_person(tmp_path):
    loaded = study(tmp_path, FOUR)
    keys = [row.key for row in loaded.quality.rows]
    assert len(keys) == len(set(keys))
    assert {
        "drawn_twice",
        "not_in_register",
        "register_twice",
        "paid_after_death",
        "not_covered",
        "month_not_covered",
        "dead",
        "abroad",
        "returned",
        "blank",
        "absent_weeks",
    } <= set(keys)
    for row in loaded.quality.rows:
        assert row.text and row.text_en and row.text != row.text_en
        assert not any(person in f"{row.text} {row.text_en} {row.policy}" for person in loaded.persons)
        assert row.share is None or 0 <= row.share <= 1


def test_blank_weeks_are_counted_as_seen(tmp_path):
    loaded = study(tmp_path, FOUR)
    row = loaded.quality["blank"]
    assert (row.count, row.of, row.share) == (10, 40, 0.25) and loaded.observed.all() and "ikke det samme som job" in row.text


@pytest.mark.parametrize("day", [date(2012, 12, 27) + timedelta(days=step) for step in range(8)])
def test_a_draw_around_new_year_falls_in_its_own_iso_week(tmp_path, day):
    loaded = study(tmp_path, FOUR, [day] * 4)
    assert weeks.monday(int(loaded.start[0])) <= day <= weeks.monday(int(loaded.start[0])) + timedelta(days=6)
    assert weeks.name(int(loaded.start[0])) == ("2012-W52" if day <= date(2012, 12, 30) else "2013-W01")


DEAD = ["731 731 731 731 731 731 999", "731", "731", "890"]


def test_the_dead_by_policy(tmp_path):
    kept = study(tmp_path, DEAD)
    assert (
        kept.observed.all() and kept.quality["dead"].count == 1 and "nævneren" in kept.quality["dead"].text and kept.quality["dead"].examples == (2,)
    )
    dropped = study(tmp_path, DEAD, policy='dead = "drop"')
    assert dropped.observed[0].tolist() == [True] * 2 + [False] * 8 and dropped.observed[1:].all()
    assert study(tmp_path, DEAD, policy='abroad = "drop"').observed.all()


ABROAD = ["731 731 731 731 731 997 997 651", "731", "731 731 731 731 731 997 997 999", "890"]


def test_abroad_and_back_by_policy(tmp_path):
    kept = study(tmp_path, ABROAD)
    assert (kept.quality["abroad"].count, kept.quality["returned"].count, kept.quality["returned"].examples) == (2, 1, (2,))
    dropped = study(tmp_path, ABROAD, policy='abroad = "drop"')
    assert dropped.observed[0].tolist() == [True, False, False] + [True] * 7
    assert outcomes.find("su_education").weekly(dropped.seen)[0].tolist() == [False] * 3 + [True] * 7


LATE = [date(2012, 8, 20)] * 3 + [weeks.monday(FIRST + LONG_ENOUGH - 4)]


def test_the_registers_end_by_policy(tmp_path):
    loaded = study(tmp_path, FOUR, LATE)
    assert loaded.observed[3].tolist() == [True] * 4 + [False] * 6
    assert (loaded.quality["not_covered"].count, loaded.quality["not_covered"].examples) == (6, (5,))
    refused(
        lambda: study(tmp_path, FOUR, LATE, 'not_covered = "stop"'), "Uge 4 efter lodtrækningen (2013-W18)", "lodtrækningens række 5", "leave_out"
    )
    refused(lambda: study(tmp_path, FOUR, change=[("last = 9", "last = 60")]), "dækker ikke uge 36", "y_åauu")


def months(*names, kind="grad"):
    return {f"{kind}_{name}": ["1", "0", "", "0.5"] for name in names}


JOB = [('name = "su_education"', 'name = "job_grad"')]


def test_a_month_without_a_column_is_not_a_month_without_pay(tmp_path):
    days = [date(2012, 8, 20)] * 3 + [date(2012, 10, 29)]
    four = months("2012_08", "2012_10", "2012_11", "2012_12", "2013_01")
    loaded = study(tmp_path, FOUR, days, change=JOB, months=four)
    assert loaded.observed[0].tolist() == [True] * 2 + [False] * 4 + [True] * 4  # week 36's Thursday is 6 September, week 40's 4 October
    assert loaded.observed[3].all()
    row = loaded.quality["month_not_covered"]
    assert (row.count, row.of, row.examples) == (12, 40, (2, 3, 4)) and loaded.quality["not_covered"].count == 0
    refused(lambda: study(tmp_path, FOUR, days, change=JOB, months=four, policy='not_covered = "stop"'), "Uge 2 efter", "lodtrækningens række 2")
    refused(lambda: study(tmp_path, FOUR, change=JOB, months=four), "grad_åååå_mm", "uge 2 efter")


def test_an_outcome_says_what_it_needs(tmp_path):
    refused(lambda: study(tmp_path, FOUR, change=JOB), "job_grad", "grad_åååå_mm", "months under [register]")
    refused(
        lambda: study(tmp_path, FOUR, change=[(JOB[0][0], 'name = "job_branche"')], months=months("2012_08", "2012_09", "2012_10")), "branche_åååå_mm"
    )
    refused(lambda: study(tmp_path, FOUR, change=[(JOB[0][0], 'name = "job_ras"')]), "job_ras", "RAS", "DREAM", "job_branche")


def test_a_study_of_the_other_scheme(tmp_path):
    change = [
        ('scheme = "dream"', 'scheme = "ras"'),
        ('name = "su_education"', 'name = "education_ras"'),
        ("[policy]", '[[outcome]]\nname = "job_ras"\nweek = 5\n[policy]'),
    ]
    loaded = study(tmp_path, ["511", "131", "-", "318"], change=change)
    assert loaded.reading.scheme == "ras" and not loaded.reading.unfirm
    assert [outcomes.find(name).weekly(loaded.seen).any(axis=1).tolist() for name in ("education_ras", "job_ras")] == [
        [True, False, False, False],
        [False, True, False, False],
    ]


def test_unfirm_codes_are_listed_in_a_draft_with_counts_and_first_place(tmp_path):
    row = study(tmp_path, FOUR).quality["code:731:likely"]
    assert (row.count, row.examples, row.policy) == (LONG_ENOUGH, (3,), "status = draft") and "DREAM 731" in row.text and "2012-W30" in row.text
    refused(
        lambda: study(tmp_path, FOUR, change=[('seed = "1"', 'seed = "1"\nstatus = "final"')]),
        "DREAM 731 (sandsynlig, 40 uger, først i række 3, 2012-W30)",
        "DREAM 890",
    )


def test_a_person_drawn_twice_by_policy(tmp_path):
    lottery = {"pnr": ["P0", "P1", "P2", "P3", "P1"], "arm": ["c", "t", "c", "t", "c"], "dato": ["20-08-2012"] * 4 + ["01-08-2012"]}
    refused(lambda: study(tmp_path, FOUR, lottery=lottery), "P1 er trukket to gange", "række 6 og 3")
    loaded = study(tmp_path, FOUR, lottery=lottery, policy='drawn_twice = "first"')
    assert (loaded.quality["drawn_twice"].count, loaded.quality["drawn_twice"].of, loaded.quality["drawn_twice"].examples) == (1, 5, (3,))
    assert dict(zip(loaded.persons, loaded.treated.tolist(), strict=True))["P1"] is False, (
        "the earlier day counts, also where it stands later and was written day first"
    )


def test_the_wrong_key_is_never_a_register_full_of_people_without_benefits(tmp_path):
    lottery = {"pnr": ["Q0", "Q1"], "arm": ["c", "t"], "dato": ["2012-08-20"] * 2}
    for policy in ("stop", "zero", "drop"):
        refused(
            lambda policy=policy: study(tmp_path, FOUR, lottery=lottery, policy=f'not_in_register = "{policy}"'),
            "Ingen af de 2 trukne",
            "kolonne pnr",
        )


def test_a_drawn_person_outside_the_register_is_counted_by_policy(tmp_path):
    lottery = {"pnr": ["P0", "P1", "P2", "Q9"], "arm": ["c", "t", "c", "t"], "dato": ["2012-08-20"] * 4}
    for policy, persons in (("zero", 4), ("drop", 3)):
        loaded = study(tmp_path, FOUR, lottery=lottery, policy=f'not_in_register = "{policy}"')
        assert (len(loaded.persons), loaded.quality["not_in_register"].count, loaded.quality["not_in_register"].examples) == (persons, 1, (5,))


FORMS = [
    ('scheme = "dream"', 'scheme = "dream"\nform = "long"', ("nøgle week", "mangler")),
    ('scheme = "dream"', 'scheme = "dream"\nform = "long"\nweek = "uge"\ncode = "kode"', ("nøgle first_week", "2012-W34")),
    (
        'scheme = "dream"',
        'scheme = "dream"\nform = "spells"\nfrom = "a"\nto = "b"\nto_is = "last"\ncode = "c"\nfirst_week = "2012-W53"\nlast_week = "2013-W01"',
        ("'2012-W53'", "first_week"),
    ),
    (
        'scheme = "dream"',
        'scheme = "dream"\nform = "spells"\nfrom = "a"\nto = "b"\nto_is = "last"\ncode = "c"\nfirst_week = "2013-W02"\nlast_week = "2013-W01"',
        ("slutter i 2013-W01",),
    ),
    (
        'scheme = "dream"',
        'scheme = "dream"\nform = "long"\nweek = "u"\ncode = "c"\nfirst_week = "2012-W02"\nlast_week = "2013-W01"\npriority = ["SU"]',
        ("'SU'", "730-739"),
    ),
    ('scheme = "dream"', 'scheme = "dream"\nform = "spells"\nfrom = "a"\nto = "b"\ncode = "c"', ("nøgle to_is", '"after"')),
    ('scheme = "dream"', 'scheme = "dream"\nweek = "uge"', ("nøgle week", 'form = "wide"', '"long"')),
    ('scheme = "dream"', 'scheme = "dream"\nform = "bred"', ("'bred'", "wide eller long eller spells")),
    ('scheme = "dream"', 'scheme = "dream"\nform = "compact"\nweek = "uge"', ("nøgle week", 'form = "compact"')),
    ('scheme = "dream"', "", ("nøgle scheme", "dream eller ras")),
    ('scheme = "dream"', 'scheme = "DREAM"', ("'DREAM'", "dream eller ras")),
]


@pytest.mark.parametrize(("old", "new", "words"), FORMS)
def test_a_fault_in_the_registers_section(tmp_path, old, new, words):
    refused(lambda: study(tmp_path, FOUR, change=[(old, new)]), "study.toml", "[register]", *words)


@pytest.mark.parametrize(("to_is", "days"), [("last", -7), ("last", -1), ("after", 0), ("after", -5)])
def test_a_study_from_spells_is_the_study_from_the_wide_file(tmp_path, to_is, days):
    """Whatever day of its last week a spell is said to end on, and whether that day is in it or not."""
    wide = study(tmp_path, ["651 - - 731 731 731 651", "731", "-", "890 890 890 890 890 - 651"])
    rows = []
    for person, start in zip(wide.seen.panel.spells.persons, wide.seen.panel.spells.offsets, strict=False):
        spells = wide.seen.panel.spells
        last = spells.offsets[spells.persons.index(person) + 1]
        rows += [
            (person, str(weeks.monday(int(spells.begin[one]))), str(weeks.monday(int(spells.end[one])) + timedelta(days=days)), spells.codes[spells.code[one]])
            for one in range(start, last)
        ]
    rows.append(("P2", "2012-07-23", "", ""))
    made.write(tmp_path, pl.DataFrame(rows, schema=["pnr", "fra", "til", "kode"], orient="row"), "semicolon", "forloeb")
    file = tmp_path / "study.toml"
    told = f'file = "forloeb.csv"\nform = "spells"\nfrom = "fra"\nto = "til"\nto_is = "{to_is}"\ncode = "kode"\nfirst_week = "{weeks.name(FIRST)}"\nlast_week = "{weeks.name(FIRST + LONG_ENOUGH - 1)}"'
    file.write_text(file.read_text(encoding="utf-8").replace('file = "register.csv"', told), encoding="utf-8")
    again = data.load(protocol.read(file))
    made.same(again.seen.panel.spells, wide.seen.panel.spells)
    assert (again.observed == wide.observed).all() and again.quality["open_spells"].count == 1


def test_a_study_from_the_compact_form_is_the_study_from_the_wide_file(tmp_path):
    wide = study(tmp_path, FOUR)
    compact.write(tmp_path / "dream.compact", wide.seen.panel.spells)
    file = tmp_path / "study.toml"
    text = file.read_text(encoding="utf-8").replace('file = "register.csv"', 'file = "dream.compact"')
    file.write_text(text, encoding="utf-8")
    refused(lambda: data.load(protocol.read(file)), "Stien er en mappe", 'form = "compact"')
    file.write_text(text.replace("[lottery]", 'form = "compact"\n[lottery]'), encoding="utf-8")
    again = data.load(protocol.read(file))
    made.same(again.seen.panel.spells, wide.seen.panel.spells)
    trace = provenance.trace(again.protocol, again.reading)
    assert trace["files"]["dream.compact"] == provenance.fingerprint(tmp_path / "dream.compact" / "manifest.json")


def test_a_person_dead_before_the_draw_is_told(tmp_path):
    loaded = study(tmp_path, ["731 731 999", "731 731 731 731 999", "-", "890"])
    assert (loaded.quality["dead_before_draw"].count, loaded.quality["dead_before_draw"].examples) == (1, (2,)), (
        "death in week 0 itself is not before it"
    )
    assert loaded.quality["dead"].count == 2


def test_a_person_never_found_changes_the_number_of_persons_only(tmp_path):
    lottery = {"pnr": ["P0", "P1", "P2", "P3", "Q9"], "arm": ["c", "t", "c", "t", "t"], "dato": ["2012-08-20"] * 5}
    without, found = study(tmp_path, FOUR), study(tmp_path, FOUR, lottery=lottery, policy='not_in_register = "zero"')
    weekly = outcomes.find("su_education").weekly
    assert (weekly(found.seen)[:4] == weekly(without.seen)).all() and not weekly(found.seen)[4].any()
    assert found.observed.all() and len(found.persons) == len(without.persons) + 1


def test_last_weeks_that_nobody_has_filled_in_are_not_weeks_without_benefit(tmp_path):
    """The draw is in week 4 of the register's 40; from week 10 nothing stands about anybody but the dead."""
    codes = ["651 651 651 651 651 651 651 651 651 651 -", "731 731 731 731 731 731 731 731 731 -", "-", "890 890 890 890 890 890 999 -"]
    days = [date(2012, 8, 20)] * 3 + [date(2012, 7, 23)]
    refused(lambda: study(tmp_path, codes, days), "Fra 2012-W40 er ugerne tomme", "empty_end")
    kept = study(tmp_path, codes, days, 'empty_end = "keep"')
    assert kept.observed.all() and (kept.quality["empty_end"].count, kept.quality["empty_end"].of) == (12, 40)
    left = study(tmp_path, codes, days, 'empty_end = "leave_out"')
    assert left.observed[:3].tolist() == [[True] * 6 + [False] * 4] * 3 and left.observed[3].all()


def test_last_months_that_nobody_has_filled_in_are_not_months_without_pay(tmp_path):
    pay = months("2012_08", "2012_09") | {"grad_2012_10": [""] * 4}
    days = [date(2012, 8, 20)] * 3 + [date(2012, 7, 23)]
    pay["grad_2012_07"] = ["1"] * 4
    refused(lambda: study(tmp_path, FOUR, days, change=JOB, months=pay), "Efter grad_2012_09 er månederne tomme", "empty_end")
    left = study(tmp_path, FOUR, days, 'empty_end = "leave_out"', change=JOB, months=pay)
    assert left.observed[0].tolist() == [True] * 6 + [False] * 4 and left.observed[3].all()
