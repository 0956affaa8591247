"""Only what the disclosure gate has let through can be shown: by its type, and by what stands in the files afterwards."""

import csv
import inspect
import json
import re
import typing
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from snerydder.effects.observed.checks import Overlap, outside_check
from snerydder.effects.observed.comparison import Comparison
from snerydder.effects.observed.verdict import Trust
from snerydder.effects.results import Refused
from snerydder.registers.faults import BadInput
from snerydder.study import command, gate, masking, outcome_rows, provenance, results_file, tables, withheld, writing
from snerydder.study.compared import Compared
from snerydder.study.findings import Panel
from snerydder.study.found import Findings
from snerydder.study.gate import PublishedStudy
from snerydder.study.report import compared, page

DOORS = (writing.write, writing.settled, writing.figures, tables.rows, results_file.results, results_file.compared, page.page, compared.markup, command.said)
ROOT = Path(writing.__file__).parents[1]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_every_way_to_a_page_or_a_file_asks_for_what_is_published(door):
    taken = typing.get_type_hints(door, {**vars(inspect.getmodule(door)), "PublishedStudy": PublishedStudy, "Protocol": object, "Findings": Findings}).values()
    assert PublishedStudy in taken
    assert not {Findings, Compared} & set(taken)


def test_a_plain_result_cannot_be_written(trial, tmp_path):
    with pytest.raises(TypeError, match="gate"):
        writing.write(tmp_path, trial.protocol, trial.found, provenance.trace(trial.protocol, trial.data.reading))
    assert not list(tmp_path.iterdir())
    with pytest.raises(TypeError, match="gate"):
        PublishedStudy(object(), trial.found, {})


def test_nobody_but_the_gate_holds_the_key_and_the_service_reads_only_what_is_written():
    for file in ROOT.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if file.name not in ("disclosure.py", "gate.py"):
            assert not re.search(r"\b_GATE\b", text), file
        if file.is_relative_to(ROOT / "evaluation") and file.name != "worker.py":  # the engine's results are not in the web's process at all
            assert not re.search(r"snerydder\.study(?:\.| import .*\b)(analysis|compared|found|findings|looks|data)\b", text), file
            assert "snerydder.effects" not in text, file


def little(trial, **changed):
    """The trial with a few small counts in it."""
    one = trial.found.outcomes[0]
    yes = one.yes_control.copy()
    yes[:3], yes[10] = (0, 2, 4), 3
    delivery = replace(trial.found.delivery, control_ever=3)
    quality = tuple(replace(row, count=2, examples=(7, 9)) if row.key == "dead" else row for row in trial.found.quality)
    return replace(trial.found, outcomes=(replace(one, yes_control=yes), *trial.found.outcomes[1:]), delivery=delivery, quality=quality, season=(0, 0, 0, 0, 0, 0, 3, 282, 1102, 908, 293, 0), **changed)


@pytest.fixture(scope="module")
def small(trial, tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    published = gate.apply(little(trial), trial.data)
    writing.write(folder, trial.protocol, published, provenance.trace(trial.protocol, trial.data.reading))
    return SimpleNamespace(folder=folder, published=published, page=(folder / "report.html").read_text(encoding="utf-8"))


def weekly(folder):
    with (folder / "weekly.csv").open(encoding="utf-8", newline="") as opened:
        return {(row["outcome"], int(row["week"])): row for row in csv.DictReader(opened)}


def test_a_week_with_few_in_one_arm_is_in_no_file_and_no_figure(small):
    rows = weekly(small.folder)
    told = json.loads((small.folder / "results.json").read_text(encoding="utf-8"))["outcomes"][0]["weekly"]
    for week in (0, 1, 2, 10):
        row = rows["su_education", week]
        assert {name: value for name, value in row.items() if value} == {"outcome": "su_education", "week": str(week), "level": "0.9"}
        assert told[week]["yes_treated"] is told[week]["effect"] is told[week]["p_permuted"] is None
    assert rows["su_education", 11]["yes_control"] and rows["su_education", 3]["effect"]
    curves = re.findall(r'<path d="([^"]+)" fill="none" stroke="#0b4f8a"', (small.folder / "figures" / "effect-su_education.svg").read_text(encoding="utf-8"))
    assert max(curve.count("M") for curve in curves) == 2, "the line is broken at week 10 and does not begin before week 3"


def test_what_would_tell_how_many_controls_had_a_mentor_is_gone(small):
    assert isinstance(small.published.trial.outcomes[0].complier, Refused)
    assert "I kontrolgruppen havde under fem en mentor" in small.page and "late-su_education" not in small.page
    assert all(not row["effect_of_receiving"] for row in weekly(small.folder).values())


def test_the_lines_on_the_data_tell_no_small_number_and_no_row(small):
    line = re.search(r"<tr><th scope=\"row\">Personer er døde i vinduet.*?</tr>", small.page)[0]
    assert "·" in line and "7" not in re.sub(r"<[^>]+>", "", line)


def test_no_file_has_a_count_of_one_to_four_persons(small, trial):
    """Every whole number that counts persons, in every table and in the JSON."""
    counts = re.compile(r"^(n_|yes|at_risk|ended|persons|control$|treated$|answers|count$)")
    for file in small.folder.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as opened:
            for row in csv.DictReader(opened):
                for name, value in row.items():
                    if counts.match(name) and re.fullmatch(r"\d+(\.0+)?", value or ""):
                        assert not 0 < float(value) < 5, (file.name, row)
    found = small.published.trial
    assert sum(np.isnan(month) for month in found.season) == 2 and found.season[8] == 1102


def test_a_curve_that_grows_is_shown_where_five_more_have_come(small):
    ended = np.array([float(row["ended"]) for row in csv.DictReader((small.folder / "benefit.csv").open(encoding="utf-8"))])
    assert len(ended) > 20 and (ended >= 5).all()
    with (small.folder / "looks.csv").open(encoding="utf-8", newline="") as opened:
        persons = [int(row["persons"]) for row in csv.DictReader(opened) if row["outcome"] == "job_week"]
    assert len(persons) > 5 and min(np.diff(persons)) >= 5


def test_in_the_places_no_week_follows_from_the_others(trial):
    published = gate.apply(trial.found, trial.data).trial
    for one, before in zip(published.outcomes, trial.found.outcomes, strict=True):
        for shown, panels in ((one.by_place, before.by_place), (one.panels, before.panels)):
            for group in {panel.group for panel in shown}:
                hidden = np.array([np.isnan(panel.effect) for panel in shown if panel.group == group])
                for arm in (0, 1):
                    yes = np.array([panel.yes[arm] for panel in panels if panel.group == group])
                    held = np.where(hidden, yes, 0).sum(axis=0)
                    assert not ((hidden.sum(axis=0) == 1) & ~np.isnan(one.curve.effect)).any()
                    assert ((held >= 5) | (hidden.sum(axis=0) == 0) | hidden.all(axis=0)).all()
                    assert (yes[~hidden] >= 5).all()
        assert any(np.isfinite(panel.effect).any() for panel in one.by_place) or one.name == "job_week"


def test_the_planted_break_is_seen(trial, monkeypatch):
    """With the rule for the other places taken out, a week is left that follows from the others."""
    monkeypatch.setattr(masking, "_others", lambda *_: None)
    published = gate.apply(trial.found, trial.data).trial
    alone = [np.array([np.isnan(panel.effect) for panel in one.by_place]).sum(axis=0) == 1 for one in published.outcomes]
    assert any(weeks.any() for weeks in alone)


# --- What was let out before ------------------------------------------------------------------------------


def fewer(trial, keep):
    """The same study with some of its persons, as it stood some weeks before."""
    from snerydder.study import analysis

    return analysis.only(trial.data, keep)


def released(trial, data=None, found=None):
    memory = gate.apply(found or trial.found, data or trial.data).memory
    return {**memory, "name": "Rapport 1"}


def test_two_persons_more_than_in_an_earlier_report_is_refused_with_what_to_do(trial):
    keep = np.ones(len(trial.data.persons), dtype=bool)
    keep[np.flatnonzero(trial.data.treated)[:2]] = False
    earlier = released(trial, fewer(trial, keep))
    with pytest.raises(BadInput) as refused:
        gate.apply(trial.found, trial.data, [earlier])
    assert "Rapport 1" in refused.value.what and "under 5" in refused.value.what and "Vent" in refused.value.mend


def test_a_week_that_differs_from_an_earlier_report_by_three_is_not_shown_again(trial):
    one = trial.found.outcomes[0]
    yes = one.yes_treated.copy()
    yes[30] -= 3  # the register has been put right since
    earlier = released(trial, found=replace(trial.found, outcomes=(replace(one, yes_treated=yes), *trial.found.outcomes[1:])))
    shown = gate.apply(trial.found, trial.data, [earlier]).trial.outcomes[0]
    assert np.isnan(shown.curve.effect[30]) and np.isfinite(shown.curve.effect[[29, 31, 52]]).all()
    assert np.isfinite(gate.apply(trial.found, trial.data).trial.outcomes[0].curve.effect[30])


def test_the_same_persons_again_or_quite_others_are_no_hindrance(trial):
    again = gate.apply(trial.found, trial.data, [released(trial)])
    assert again.memory["counts"] == released(trial)["counts"]
    others = {**released(trial), "who": {"control": ["x"] * 900, "treated": ["y"] * 900}, "counts": {"su_education|treated|52|yes": 207}}
    assert np.isfinite(gate.apply(trial.found, trial.data, [others]).trial.outcomes[0].curve.effect[52])


def test_what_is_remembered_is_what_was_shown_and_no_pseudonym(trial):
    memory = gate.apply(little(trial), trial.data).memory
    assert "su_education|control|11|yes" in memory["counts"] and "su_education|control|10|yes" not in memory["counts"]
    assert not set(trial.data.persons) & {one for arm in memory["who"].values() for one in arm}


def test_every_field_of_a_result_has_been_thought_of():
    """A new field of the findings is shown unless the gate says otherwise: whoever adds one says here what it is."""
    estimates = {"treated", "control", "strata", "alike", "mentor_answers", "power", "redraws", "exact"}  # no counts of few: design, tests, whole arms
    gated = {"drawn", "received", "balance", "outcomes", "delivery", "places", "points", "money", "reached", "benefit", "mapped", "answers", "looks", "quality", "season"}
    assert {field.name for field in fields(Findings)} == estimates | gated
    source = inspect.getsource(gate._findings)
    assert all(f"{name}=" in source for name in gated)


# --- What the persons behind a number, and a price, would tell -----------------------------------------------


def panel(part, persons, group="skole"):
    nothing = np.full(1, np.nan)
    return Panel(group, part, persons, *[nothing] * 6, (nothing, nothing), (nothing, nothing))


def test_the_sizes_of_the_panels_do_not_tell_how_few_are_in_none():
    shown = gate._sized((panel("a", 60), panel("b", 90), panel("x", 153, "by")), 153)  # three are in no panel of "skole"
    assert np.isnan(shown[0].persons) and [one.persons for one in shown[1:]] == [90, 153]
    assert [one.persons for one in gate._sized((panel("a", 60), panel("b", 90)), 160)] == [60, 90]


def test_a_few_draws_taken_out_and_a_few_without_a_value_are_not_told(trial):
    one, rows = trial.found.outcomes[0], trial.found.quality
    more = replace(rows[0], key="drawn_twice", count=0, of=2591)
    few = replace(one, along=(replace(one.along[0], persons=2586), *one.along[1:]))
    shown = gate.apply(replace(trial.found, drawn=2591, quality=(more, *rows[1:]), outcomes=(few, *trial.found.outcomes[1:])), trial.data).trial
    assert np.isnan(shown.drawn) and shown.quality[0].of == 0 and np.isnan(shown.outcomes[0].along[0].persons)
    assert trial.published.trial.drawn == 2588 and trial.published.trial.outcomes[0].along[0].persons == one.along[0].persons


def test_a_price_and_an_interval_do_not_tell_what_is_held_back(trial):
    one = trial.found.outcomes[0]
    yes = np.zeros_like(one.yes_control)
    shown = gate.apply(replace(trial.found, outcomes=(replace(one, yes_control=yes), *trial.found.outcomes[1:])), trial.data).trial
    first = shown.outcomes[0]
    assert isinstance(shown.money.per_extra[one.name], Refused) and isinstance(first.shift, Refused) and np.isnan(first.summary_permuted)
    assert trial.published.trial.money.per_extra[one.name] == trial.found.money.per_extra[one.name]


def test_a_week_held_back_in_one_year_takes_no_other_year_with_it(small, trial):
    rows = outcome_rows.years(trial.protocol, small.published.trial.outcomes[0])
    theirs = outcome_rows.years(trial.protocol, trial.found.outcomes[0])
    assert np.isnan(rows[0]["effect"]) and rows[1] == theirs[1] and np.isfinite(rows[1]["error"])


def test_how_few_had_nobody_like_them_is_not_told():
    bins = Overlap(np.linspace(0, 1, 6), np.array([0, 3, 30, 60, 7]), np.array([90, 40, 6, 0, 0]), 0.03)
    check = outside_check(bins)
    said = Trust("weighting", 3, False, f"Det holder ikke: {check.da}", f"It does not hold: {check.en}")
    one = Comparison(said, (check,), {}, withheld.TOO_FEW, bins, np.zeros(1), np.zeros(1), withheld.TOO_FEW, 100, 136, 80.0)
    shown = withheld.comparison(one)
    assert np.isnan(shown.overlap.outside) and np.isnan(shown.checks[0].value) and "3,0" not in shown.checks[0].da + shown.trust.da and "3.0" not in shown.trust.en
    assert "Under 5 af dem, der begyndte" in shown.trust.da
    assert np.array_equal(np.isnan(shown.overlap.started), [False, True, False, False, True]), "three, and the seven that would tell them"
    assert not np.isnan(shown.overlap.compared).any()
    many = replace(one, overlap=replace(bins, outside=0.06), started=100)
    assert withheld.comparison(many).checks == one.checks


def test_two_ways_of_measuring_a_job_never_differ_by_a_few_persons(trial):
    """Who is in job by one definition is so by the wider one as well, so the difference is a count of persons."""
    def pairs(definitions):
        return [(mine.panel.yes[arm], theirs.panel.yes[arm]) for at, mine in enumerate(definitions) for theirs in definitions[:at] for arm in (0, 1)]

    found, shown = trial.found.outcomes[1].definitions, trial.published.trial.outcomes[1].definitions
    assert len(shown) == len(found) > 2
    assert any(masking.small(np.abs(mine - theirs)).any() for mine, theirs in pairs(found))
    assert not any(masking.small(np.abs(mine - theirs)).any() for mine, theirs in pairs(shown))
    for row in shown:  # something is left to compare, and the page says which week it is
        assert np.isfinite(row.at(row.nearest(75)).effect)
    assert [row.nearest(75) for row in shown][0] == 75


def test_two_outcomes_of_a_kind_never_differ_by_a_few_persons(trial):
    one = trial.found.outcomes[1]
    near = replace(one, name="job_grad", yes_control=one.yes_control + np.where(np.arange(len(one.weeks)) == 60, 3, 0))
    other = replace(near, name="su_education")
    job, kin, other = gate.apply(replace(trial.found, outcomes=(one, near, other)), trial.data).trial.outcomes
    assert np.isfinite(job.treated[60]) and np.isnan(kin.treated[60]) and np.isfinite(kin.treated[61])
    assert np.isfinite(other.treated[60])


def test_those_who_came_and_have_left_again_are_no_few(trial):
    def few(found):
        reached = found.reached
        return [
            masking.small(np.abs(np.round(curve * persons) - getattr(outcome, now)))
            for curves, persons, now in ((reached.control, found.control, "yes_control"), (reached.treated, found.treated, "yes_treated"))
            for curve, outcome in zip(curves, trial.found.outcomes, strict=True)
        ]

    assert np.any(few(trial.found))
    assert not np.any(few(trial.published.trial))
    assert all(np.isfinite(curve).sum() > 10 for curve in (*trial.published.trial.reached.control, *trial.published.trial.reached.treated))
