"""No lots, and each began on a day of its own: from the protocol to the page, with the verdict first."""

import csv
import json
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from snerydder.effects.observed import compare_rollout, compare_starts
from snerydder.effects.observed.starts import NEVER
from snerydder.lottery import draw
from snerydder.registers import outcomes
from snerydder.registers.faults import BadInput
from snerydder.study import command, compared, data, in_time, protocol
from snerydder.study.progress import Silent
from tests.study.test_other_designs import change, drawn, folder, lottery  # noqa: F401

pytestmark = pytest.mark.usefixtures("few_draws")

OUT = ('arm = "gruppe"', ""), ('treated = "deltager"', ""), ('control = "kontrol"', ""), ('strata = ["kommune"]', 'start = "begyndte"'), ('share = "andel_til_deltager"', "")


def started(trial, folder):  # noqa: F811
    """Half of those drawn are said to have begun, each on a day of its own within 30 weeks."""
    dice = np.random.default_rng(8)
    rows = drawn(trial)
    for row in rows:
        begun = date.fromisoformat(row["lodtraekningsdato"]) + timedelta(days=int(dice.integers(0, 210)))
        row["begyndte"] = begun.isoformat() if dice.random() < 0.5 else ""
    lottery(folder, rows)
    change(folder, ("alpha = 0.10", 'design = "starts"\nalpha = 0.10'), *OUT, ("[window]", "[comparison]\nbefore = 52\nwaiting = 30\n\n[window]"),
           ("last = 75", "last = 26"), ("summary_from = 52", "summary_from = 13"), ("summary_to = 75", "summary_to = 26"), ("week = 52 ", "week = 26 "), ("week = 75\n", "week = 26\n"))  # fmt: skip
    return rows


def rolled(trial, folder):  # noqa: F811
    """Municipalities begin two by two, one was on its way before, and four never begin."""
    rows = drawn(trial)
    places = sorted({row["kommune"] for row in rows})
    first = date(2012, 11, 26)
    begin = {place: first + timedelta(weeks=12 + 8 * (at // 2)) for at, place in enumerate(places[:8])} | {places[8]: first - timedelta(weeks=3)}
    for row in rows:
        row |= {"lodtraekningsdato": first.isoformat(), "begyndte": begin[row["kommune"]].isoformat() if row["kommune"] in begin else ""}
    lottery(folder, rows)
    change(folder, ("alpha = 0.10", 'design = "roll-out"\nalpha = 0.10'), *OUT, ('start = "begyndte"', 'start = "begyndte"\ncluster = "kommune"'),
           ("[window]", "[comparison]\nperiod = 4\n\n[window]"), ("last = 75", "last = 60"), ("summary_to = 75", "summary_to = 60"), ("week = 75\n", "week = 52\n"))  # fmt: skip
    return rows


def test_starts_are_held_against_those_still_waiting(trial, folder, capsys):  # noqa: F811
    rows = started(trial, folder)
    loaded = data.load(protocol.read(folder / "study.toml"))
    found = compared.run(loaded, Silent())
    one = found.outcomes[0]
    assert isinstance(one.found, in_time.InTime) and one.found.began > 200 and one.found.left_out >= 0
    day = {row["pnr"]: row for row in rows}
    wait = np.array([
        NEVER if not day[p]["begyndte"] else (date.fromisoformat(day[p]["begyndte"]).toordinal() - 1) // 7 - (date.fromisoformat(day[p]["lodtraekningsdato"]).toordinal() - 1) // 7 for p in loaded.persons
    ])  # fmt: skip
    assert np.array_equal(loaded.begin, wait) and wait.max() >= 25
    from dataclasses import replace

    from snerydder.study.estimating import named_covariates

    grid = replace(loaded.seen, start=loaded.start - 52, weeks=52 + 30 + 27)
    on = grid.marked("on_transfer") & ~grid.marked("education") & ~grid.marked("dead") & ~grid.marked("abroad")
    _, x = named_covariates(loaded, {"Overførselsgrad 1 år tilbage", "SU-omfang 1 år tilbage"})
    judge = compare_starts(outcomes.find("su_education").weekly(grid), np.where(wait == NEVER, NEVER, wait + 52), x, 27, 52, 0.10, draw.generator(loaded.protocol.seed, "starts su_education"), on)
    assert judge.trust == one.found.trust and "allerede før nogen begyndte" not in one.found.trust.da  # who began when was the dice's: nothing is seen before
    if judge.trust.shown:
        assert np.array_equal(one.curve.effect, judge.estimate.effect) and one.weeks == list(range(27))
    assert command.main(["run", str(folder / "study.toml"), "--out", str(folder / "out")]) == 0
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "dem, der endnu ventede i den uge" in page and page.index('id="dom"') < page.index("<table")
    told = json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))
    assert "weights" not in json.dumps(told) and told["outcomes"][0]["found"]["began"] == one.found.began


def test_a_roll_out_is_callaway_and_santanna_by_period(trial, folder):  # noqa: F811
    rolled(trial, folder)
    loaded = data.load(protocol.read(folder / "study.toml"))
    one = compared.run(loaded, Silent()).outcomes[0]
    weekly = outcomes.find("su_education").weekly(loaded.seen)
    y = np.array([[weekly[person, 4 * at : 4 * at + 4].mean() for at in range(15)] for person in range(len(weekly))])
    first = np.where(loaded.begin == NEVER, NEVER, loaded.begin // 4)
    judge = compare_rollout(y, first, loaded.cluster, 0.10, draw.generator(loaded.protocol.seed, "roll-out su_education"))
    assert sorted(set(first.tolist())) == [-1, 0, 3, 5, 7, 9] and one.found.left_out == judge.found.left_out > 0
    assert one.found.trust == judge.trust and one.found.groups == 13
    if judge.trust.shown:
        assert np.allclose(one.curve.effect, judge.dynamic.effect[judge.times >= 0], atol=1e-15) and one.weeks[:3] == [0, 4, 8]
        assert one.methods[1][0] == "overall" and one.methods[1][1].effect == pytest.approx(judge.simple.effect[0], abs=1e-15)
    assert command.main(["run", str(folder / "study.toml"), "--out", str(folder / "out"), "--lang", "en"]) == 0
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "against those not yet begun" in page and "doubly robust" not in page.lower() and "roll-out" in page.lower()
    table = folder / "out" / "compared.parquet"
    assert not judge.trust.shown or pl.read_parquet(table).filter(pl.col("outcome") == "su_education")["week"].to_list() == one.weeks


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([('start = "begyndte"', "")], "hvornår hver begyndte"), ([('start = "begyndte"', 'start = "begyndte"\narm = "gruppe"')], "ikke trukket lod"),
        ([('start = "begyndte"', 'start = "begyndte"\ncluster = "kommune"')], "personer og ikke klynger"), ([("before = 52", "before = 2")], "before = 2"),
        ([("waiting = 30", "waiting = 0")], "waiting = 0"), ([('design = "starts"', 'design = "roll-out"')], 'cluster = "kommune"'),
        ([('design = "starts"', 'design = "lottery"')], "nøgle arm"),
    ],
)  # fmt: skip
def test_a_protocol_in_time_says_what_it_expects(trial, folder, pairs, words):  # noqa: F811
    started(trial, folder)
    change(folder, *pairs)
    with pytest.raises(BadInput, match=words):
        protocol.read(folder / "study.toml")


@pytest.mark.parametrize(("make", "spoil", "words"), [(started, ("begyndte", "2011-01-01"), "før 20"), (started, ("begyndte", "i går"), "er ikke en dato"), (rolled, ("begyndte", "2013-09-02"), "to tidspunkter"), (rolled, ("lodtraekningsdato", "2012-12-10"), "følges fra"), (rolled, ("kommune", ""), "Klyngen er tom")])
def test_a_fault_in_the_file_names_the_row(trial, folder, make, spoil, words):  # noqa: F811
    make(trial, folder)
    file = folder / "data" / "lodtraekning.csv"
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    rows[4][spoil[0]] = spoil[1]
    lottery(folder, rows)
    with pytest.raises(BadInput, match=words) as told:
        data.load(protocol.read(folder / "study.toml"))
    assert ("række 6" if spoil[1] != "2013-09-02" else "række 41") in str(told.value)  # the second of a municipality that says otherwise


def test_weeks_the_register_does_not_have_are_told(trial, folder):  # noqa: F811
    started(trial, folder)
    change(folder, ("waiting = 30", "waiting = 300"))
    with pytest.raises(BadInput, match="dækker ikke alle uger"):
        compared.run(data.load(protocol.read(folder / "study.toml")), Silent())


def test_power_is_not_asked_where_no_lots_are_drawn(trial, folder, capsys):  # noqa: F811
    started(trial, folder)
    assert command.main(["power", str(folder / "study.toml")]) == 2 and "trækkes der ikke lod" in capsys.readouterr().err
