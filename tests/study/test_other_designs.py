"""Lotteries of clusters and with personal chances, and comparisons where no lots were drawn."""

import csv
import json
import re
import shutil

import numpy as np
import polars as pl
import pytest

from snerydder.effects.clusters import clustered
from snerydder.effects.complier import complier
from snerydder.effects.results import Curve, Refused
from snerydder.effects.weighting import weighted
from snerydder.registers import outcomes
from snerydder.registers.faults import BadInput
from snerydder.study import analysis, command, data, protocol
from snerydder.study.progress import Silent
from snerydder.study.report.sentences import CAUSE

pytestmark = pytest.mark.usefixtures("few_draws")


@pytest.fixture
def folder(trial, tmp_path):
    (tmp_path / "data").mkdir()
    for file in (trial.folder / "data").iterdir():
        (tmp_path / "data" / file.name).symlink_to(file)
    shutil.copy(trial.file, tmp_path)
    return tmp_path


def lottery(folder, rows):
    file = folder / "data" / "lodtraekning.csv"
    file.unlink()
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def drawn(trial):
    with (trial.folder / "data" / "lodtraekning.csv").open(encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def change(folder, *pairs):
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")


def by_cluster(trial, folder, clusters=30):
    """Whole teams drawn: each person is put in a team, and the team's lot is everybody's."""
    dice = np.random.default_rng(3)
    rows = drawn(trial)
    lots = np.isin(np.arange(clusters), dice.permutation(clusters)[: clusters // 2])
    for row in rows:
        team = int(dice.integers(clusters))
        row |= {"hold": f"H{team:02d}", "gruppe": "deltager" if lots[team] else "kontrol"}
    lottery(folder, rows)
    change(folder, ('strata = ["kommune"]', 'strata = []\ncluster = "hold"'), ('share = "andel_til_deltager"', ""), ("redraws = 10000", "redraws = 500"))


def test_a_lottery_of_clusters_has_errors_and_redraws_by_cluster(trial, folder):
    by_cluster(trial, folder)
    loaded = data.load(protocol.read(folder / "study.toml"))
    found = analysis.run(loaded, Silent())
    one = found.outcomes[0]
    judge = clustered(outcomes.find("su_education").weekly(loaded.seen), loaded.treated, loaded.cluster, loaded.stratum)
    assert np.array_equal(one.curve.effect, judge.effect) and one.curve.df[0] < 29
    at = one.headline(0.10)
    assert at.upper - at.lower > 2 * 1.645 * at.error  # t with few degrees of freedom is wider than the normal
    assert [row.name for row in one.methods][:4] == ["Klynger, CR2 med Satterthwaite (hovedtal)", "Klynger, CR1S", "Klynger, CR1", "Klynger, CR0"]
    assert [isinstance(row, Refused) or row.name.split(",")[-1] for row in one.methods[4:]] == [" CR2", " CR2", " p"]
    assert isinstance(found.alike.f, Refused) and found.alike.redrawn.p > 0
    whose, minutes = loaded.cluster, loaded.minutes.sum(axis=1) > 0
    late = complier(outcomes.find("su_education").weekly(loaded.seen), minutes, loaded.treated, loaded.stratum, 0.10, cluster=whose)
    assert isinstance(one.complier, Refused) == isinstance(late, Refused)
    assert found.reached.earlier.df is not None and len(found.reached.earlier.psi) == 30 and 0 < found.reached.p <= 1
    assert len(found.benefit.restricted.psi) == 30 and 0 < found.benefit.p <= 1
    assert one.total_weeks.upper - one.total_weeks.lower > 2 * 1.645 * one.total_weeks.error  # a sum keeps its degrees of freedom
    assert one.band.pointwise > 1.645 and found.redraws == 500


def test_the_parts_of_a_lottery_of_clusters_are_counted_by_cluster(trial, folder):
    by_cluster(trial, folder)
    loaded = data.load(protocol.read(folder / "study.toml"))
    one = analysis.run(loaded, Silent()).outcomes[0]
    women = loaded.background["Kvinde"] > 0
    weekly = outcomes.find("su_education").weekly(loaded.seen)
    judge = clustered(weekly[women], loaded.treated[women], loaded.cluster[women], loaded.stratum[women])
    panel = next(panel for panel in one.panels if panel.part == "kvinder")
    assert np.array_equal(panel.effect, judge.effect) and np.array_equal(np.array([panel.lower, panel.upper]), np.array(judge.interval(0.10)))
    split = next(split for split in one.splits if split.name == "Køn")
    [part] = [part for part in split.parts if part.name == "kvinder"]
    alone = clustered(weekly[women, 52:76].mean(axis=1), loaded.treated[women], loaded.cluster[women], loaded.stratum[women])
    assert np.allclose([part.curve.effect[0], part.curve.error[0], part.curve.df[0]], [alone.effect[0], alone.error[0], alone.df[0]], rtol=1e-12)
    assert 0 < split.homogeneity_p < 1 and split.contrast.df[0] < 29 and len(one.splits) == len(loaded.protocol.subgroups)


def test_the_report_of_a_lottery_of_clusters_can_be_written(trial, folder, capsys):
    by_cluster(trial, folder)
    assert command.main(["run", str(folder / "study.toml"), "--out", str(folder / "out")]) == 0
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "Der blev trukket lod om klynger" in page and "nye lodtrækninger af hele klynger" in page and "i hver kommune" not in page and "kommuner</text>" not in page
    assert "CR2 med Satterthwaite" in page and "Log-rank-test med lodderne trukket om" in page and "når hele klynger trækkes" in page


@pytest.mark.parametrize(("column", "value", "words"), [("gruppe", None, "ét lod for hele klyngen"), ("hold", "", "Klyngen er tom")])
def test_a_cluster_with_two_lots_is_refused(trial, folder, column, value, words):
    by_cluster(trial, folder)
    rows = list(csv.DictReader((folder / "data" / "lodtraekning.csv").open(encoding="utf-8")))
    rows[5][column] = value if value is not None else {"deltager": "kontrol", "kontrol": "deltager"}[rows[5]["gruppe"]]
    lottery(folder, rows)
    with pytest.raises(BadInput, match=words):
        data.load(protocol.read(folder / "study.toml"))


def test_a_chance_of_ones_own_is_weighed_by(trial, folder):
    dice = np.random.default_rng(4)
    rows = drawn(trial)
    for row in rows:
        chance = round(float(dice.uniform(0.3, 0.7)), 3)
        row |= {"andel_til_deltager": chance, "gruppe": "deltager" if dice.random() < chance else "kontrol"}
    lottery(folder, rows)
    change(folder, ('strata = ["kommune"]', 'strata = []\nchances = "personal"'), ("redraws = 10000", "redraws = 200"))
    loaded = data.load(protocol.read(folder / "study.toml"))
    found = analysis.run(loaded, Silent())
    one = found.outcomes[0]
    judge = weighted(outcomes.find("su_education").weekly(loaded.seen), loaded.treated, np.array([row["andel_til_deltager"] for row in rows]))
    assert np.allclose(one.curve.effect, judge.effect, atol=1e-12) and np.allclose(one.curve.error, judge.error, atol=1e-12)
    assert one.methods[0].name.startswith("Vægtet med hver persons egen chance")
    assert all(isinstance(row, Refused) for row in one.methods[1:])  # a regression would pool persons with unlike chances
    women, chance = loaded.background["Kvinde"] > 0, loaded.probability
    judge = weighted(outcomes.find("su_education").weekly(loaded.seen)[women], loaded.treated[women], chance[women])
    panel = next(panel for panel in one.panels if panel.part == "kvinder")
    assert np.allclose(panel.effect, judge.effect, atol=1e-15) and np.allclose(panel.error, judge.error, atol=1e-15) and one.splits[0].homogeneity_p is not None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('share = "andel_til_deltager"', 'chances = "personal"', "nøgle share"),
        ('strata = ["kommune"]', 'strata = []\ncluster = "kommune"\nchances = "personal"', "enten chances eller cluster"),
        ("alpha = 0.10", 'design = "før-efter"\nalpha = 0.10', "lottery eller no-lottery"),
        ('method = "holm"', 'method = "bonferroni"', "romano_wolf"),
        ('price = "su_week"', 'price = "sutter"', "su_week"),
        ("transfer_municipality = 0.7", "transfer_municipality = 7", "et tal fra 0 til 1"),
        ("expected = [0.12, 0.16]", "expected = [0.12]", "andelen uden og med indsatsen"),
        ('company = ["virksomhedsrettet"]', 'company = ["praktik"]', "aktivt tilbud"),
        ('title = "Jobcentrenes svar"', "", "nøgle title"),
        ("horizon = 26", "horizon = 0", "horizon 1-260"),
        ("high = 1.25", "high = 0.5", "et tal fra 1 til 100"),
        ("net_tax = 1.28", 'net_tax = "høj"', "et tal"),
    ],
)
def test_a_new_key_says_what_it_expects(folder, old, new, words):
    change(folder, (old, new))
    with pytest.raises(BadInput, match=re.escape(words)):
        protocol.read(folder / "study.toml")


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("forloeb.csv", ",mentor,", ",coach,", "hverken spell, active"),
        ("jobcentre.csv", ",1,", ",ja,", "'ja'"),
        ("jobcentre.csv", ",1,", ",2,", "hverken 1"),
        ("tilsyn.csv", ",1,1\n", ",1,7\n", "fulgt op"),
    ],
)
def test_a_fault_in_the_files_beside_the_trial_names_the_row(trial, folder, name, old, new, words):
    from snerydder.study import mapping

    file = folder / "data" / name
    text = file.read_text(encoding="utf-8")
    file.unlink()
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput, match=words) as told:
        mapping.read(protocol.read(folder / "study.toml"))
    assert "række" in str(told.value)


def test_prices_that_leave_a_day_out_are_refused(folder):
    from snerydder.study import money

    change(folder, ('from = "2014-01-01"', 'from = "2014-03-01"'))
    loaded = data.load(protocol.read(folder / "study.toml"))
    with pytest.raises(BadInput, match="ingen pris for 2014"):
        money._price_by_day(loaded, "su_week")


def no_lottery(folder):
    change(folder, ("alpha = 0.10", 'design = "no-lottery"\nalpha = 0.10'), ('strata = ["kommune"]', "strata = []"), ('share = "andel_til_deltager"', ""))


def only_a_difference(page):
    """Without a lottery: no word of cause anywhere, and a description of each outcome, whatever the verdict."""
    text = re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))
    assert not (found := CAUSE.search(text)), text[max(0, found.start() - 80) : found.end() + 80]
    assert page.count('<figure data-figure="described-') == 2 and "siger ikke, hvad støtten gjorde" in text


def test_without_a_lottery_the_verdict_comes_first(trial, folder, capsys):
    """Groups that are alike, but nobody drew lots: the checks hold, and the number is called weak all the same.

    Nobody was in a job before the start, so for the job the comparison cannot be tried and no number is given.
    """
    dice = np.random.default_rng(6)
    rows = drawn(trial)
    for row in rows:
        row["gruppe"] = "deltager" if dice.random() < 0.5 else "kontrol"
    lottery(folder, rows)
    no_lottery(folder)
    assert command.main(["run", str(folder / "study.toml"), "--out", str(folder / "out")]) == 0
    said = capsys.readouterr().out
    assert "Ingen lodtrækning: den svageste form for sammenligning" in said and "Job: Forskellen vises ikke" in said
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    body = page[page.index("<main") :]
    assert body.index("Ingen lodtrækning") < body.index("<table") and "Et lodtrækningsforsøg, gjort op" not in page and "Sammenligning uden lodtrækning" in page
    only_a_difference(page)
    assert "ikke en årsag" in page or "kan ikke skelnes fra nul" in page, "the number is told with what it is not"
    drawn_rows, rows = rows, pl.read_parquet(folder / "out" / "compared.parquet").filter((pl.col("outcome") == "su_education") & (pl.col("week") == 52))
    started = np.array([row["gruppe"] == "deltager" for row in drawn_rows])
    education = outcomes.find("su_education").weekly(trial.data.seen)[:, 52]
    assert abs(rows["effect"][0] - (education[started].mean() - education[~started].mean())) < 0.006  # the covariates move it a little
    assert (folder / "out" / "figures" / "compared-su_education.png").is_file()
    for one in json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))["outcomes"]:
        for count in (*one["found"]["overlap"]["started"], *one["found"]["overlap"]["compared"]):
            assert count is None or not 0 < count < 5, "how many had each chance of starting is a row of counts"
    assert command.main(["run", str(folder / "study.toml"), "--out", str(folder / "en"), "--lang", "en"]) == 0
    assert "the weakest kind of comparison" in (folder / "en" / "report.html").read_text(encoding="utf-8")


def test_when_the_groups_were_never_alike_no_number_is_shown(trial, folder, capsys):
    """Those who had studied within the year are said to have begun: the weeks before the start tell them apart."""
    rows = drawn(trial)
    grid = trial.data.background["SU-omfang 1 år tilbage"]
    place = dict(zip(trial.data.persons, grid > 0.02, strict=True))
    dice = np.random.default_rng(5)
    for row in rows:
        row["gruppe"] = "deltager" if place[row["pnr"]] and dice.random() < 0.9 else "kontrol"
    lottery(folder, rows)
    no_lottery(folder)
    text = (folder / "study.toml").read_text(encoding="utf-8")
    kept = re.sub(r'\[\[background\]\]\nname = "(SU|Overf)[^\[]*', "", text)  # what would tell them apart is not among the characteristics
    kept = re.sub(r'\[\[subgroup\]\][^\[]*background = "(SU|Overf)[^\[]*\[[^\]]*\]\n', "", kept)
    (folder / "study.toml").write_text(kept, encoding="utf-8")
    assert command.main(["run", str(folder / "study.toml"), "--out", str(folder / "out")]) == 0
    assert "Forskellen vises ikke" in capsys.readouterr().out
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "Forskellen vises ikke" in page and "Dobbelt robust" not in page.split("su_education")[1]
    only_a_difference(page)
    assert (folder / "out" / "figures" / "described-su_education.svg").is_file() and not (folder / "out" / "figures" / "compared-su_education.svg").exists()
    told = json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))
    shown = [one for one in told["outcomes"] if "trust" in one["found"] and one["found"]["trust"]["shown"]]
    assert all("refused" in found for one in told["outcomes"] if one not in shown and "estimates" in one["found"] for found in one["found"]["estimates"].values())


def test_few_degrees_of_freedom_make_the_interval_of_t():
    from scipy.stats import norm, t

    few = Curve(np.array([1.0]), np.array([[0.3], [0.4]]), "", 2, np.array([5.0]))
    low, high = few.interval(0.10)
    assert high[0] - low[0] == pytest.approx(2 * t.ppf(0.95, 5) * 0.5, abs=1e-12) and few.p[0] == pytest.approx(2 * t.sf(2, 5), abs=1e-12)
    many = Curve(few.effect, few.psi, "", 2)
    assert many.interval(0.10)[1][0] == pytest.approx(1 + norm.ppf(0.95) * 0.5, abs=1e-12)


def test_what_not_everybody_answered_is_bounded(trial):
    [one] = trial.found.answers
    assert one.response.lower > 0  # more of the participants answered
    assert one.manski.lower.effect[0] < one.lee.lower.effect[0] < one.among.effect < one.lee.upper.effect[0] < one.manski.upper.effect[0]
    assert one.lee.lower.effect[0] < 0.15 < one.lee.upper.effect[0]  # what the inventor put there
    assert "Det, ikke alle svarede på" in trial.html and "Forskellen er større, end tilfældet giver" in trial.html


@pytest.mark.parametrize(("old", "new", "words"), [(",3", ",7", "uden for skalaen"), ("\n", "\nP99999,3\nP99999,3\n", None)])
def test_a_fault_in_the_answers(trial, folder, old, new, words):
    from snerydder.study import answers

    file = folder / "data" / "opfoelgning.csv"
    text = file.read_text(encoding="utf-8")
    file.unlink()
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    loaded = data.load(protocol.read(folder / "study.toml"))
    if words is None:  # somebody who was not drawn is not asked about
        assert answers.read(loaded)[0].answered_treated == trial.found.answers[0].answered_treated
        return
    with pytest.raises(BadInput, match=words):
        answers.read(loaded)
