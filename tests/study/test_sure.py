"""What the report says about certainty: two groups alike, several curves at once, blocks drawn again, and looking on the way."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from snerydder.effects.results import Refused
from snerydder.effects.sequences import exact_sequence, sequence
from snerydder.registers import outcomes
from snerydder.registers.faults import BadInput
from snerydder.study import analysis, command, data, looks, protocol, redrawn
from snerydder.study.estimating import covariates
from snerydder.study.progress import Silent
from tests.study.test_other_designs import by_cluster, change, drawn, folder, lottery  # noqa: F401  # folder is a fixture

pytestmark = pytest.mark.usefixtures("few_draws")


def test_the_groups_are_alike_in_three_ways_that_agree(trial):
    found, x, arm = trial.found.alike, covariates(trial.data), trial.data.treated.astype(float)
    dummies = (trial.data.stratum[:, None] == np.arange(13)).astype(float)
    model = sm.OLS(arm, np.hstack([x, dummies]))
    restriction = np.eye(x.shape[1], x.shape[1] + 13)
    assert (found.f.f, found.f.p) == pytest.approx((float(model.fit().f_test(restriction).fvalue), float(model.fit().f_test(restriction).pvalue)), rel=1e-9)
    wald = model.fit(cov_type="HC2").wald_test(restriction, use_f=False, scalar=True)
    assert (found.wald.statistic, found.wald.p) == pytest.approx((float(wald.statistic), float(wald.pvalue)), rel=1e-9)
    assert abs(found.redrawn.p - found.f.p) < 0.03 and found.redrawn.redraws == redrawn.REDRAWS
    for words in ("F-test af alle forhold", "Wald-test med robuste fejl (HC2)", "Samme F, med lodtrækningen trukket om"):
        assert words in trial.html


def test_where_teams_were_drawn_the_balance_is_held_against_teams_drawn_again(trial, folder):  # noqa: F811
    by_cluster(trial, folder)
    loaded = data.load(protocol.read(folder / "study.toml"))
    x = covariates(loaded)
    found = redrawn.alike(loaded, x)
    assert isinstance(found.f, Refused) and isinstance(found.wald, Refused)
    dice, teams = np.random.default_rng(1), int(loaded.cluster.max()) + 1
    lots = np.array([loaded.treated[loaded.cluster == team][0] for team in range(teams)])
    model = np.column_stack([np.ones(len(x)), x])

    def f(arm):
        left = arm - model @ np.linalg.lstsq(model, arm, rcond=None)[0]
        return ((arm - arm.mean()) @ (arm - arm.mean()) / (left @ left) - 1) * (len(x) - x.shape[1] - 1) / x.shape[1]

    drawn_again = [f(dice.permutation(lots)[loaded.cluster].astype(float)) for _ in range(400)]
    assert found.redrawn.f == pytest.approx(f(loaded.treated.astype(float)), rel=1e-9)
    assert abs(found.redrawn.p - np.mean(np.array(drawn_again) >= found.redrawn.f)) < 0.08


def test_several_curves_at_once_need_a_wider_band_than_one_and_a_narrower_than_bonferroni(trial):
    found = trial.found.outcomes
    [c] = {one.family.critical for one in found}
    assert max(one.band.simultaneous for one in found) < c < stats.norm.isf(0.05 / (2 * 76))
    dice, psi = np.random.default_rng(9), np.hstack([one.curve.psi for one in found])
    scores = np.abs((dice.standard_normal((20_000, len(psi)), dtype=np.float32) @ psi.astype(np.float32)) / np.sqrt((psi**2).sum(axis=0)))  # wild signs, no root
    assert c == pytest.approx(float(np.quantile(scores.max(axis=1), 0.90)), abs=0.03)
    for one in found:
        assert np.allclose(one.family.upper - one.curve.effect, c * one.curve.error)
        assert (one.family.adjusted >= one.adjusted - 0.01).all() and (one.family.adjusted >= one.curve.p - 0.01).all()
    assert "Begge kurver" in trial.html


def test_blocks_are_drawn_again_block_by_block(trial, folder):  # noqa: F811
    rows, place = drawn(trial), {}
    dice = np.random.default_rng(2)
    for row in rows:
        number = place[row["kommune"]] = place.get(row["kommune"], -1) + 1
        row["blok"] = str(number // 4)
    for name in {(row["kommune"], row["blok"]) for row in rows}:
        mine = [row for row in rows if (row["kommune"], row["blok"]) == name]
        for row, arm in zip(mine, dice.permutation(["deltager", "deltager", "kontrol", "kontrol"]), strict=False):
            row["gruppe"] = str(arm)
    lottery(folder, rows)
    change(folder, ('strata = ["kommune"]', 'strata = ["kommune"]\nblock = "blok"'), ("redraws = 10000", "redraws = 300"))
    loaded = data.load(protocol.read(folder / "study.toml"))
    blocks = len({(row["kommune"], row["blok"]) for row in rows})
    assert len(np.unique(loaded.block)) == blocks > 600
    [lots] = list(redrawn.scheme(loaded).redraws(50, np.random.default_rng(0)))
    for one in lots:
        assert np.array_equal(np.bincount(loaded.block, one), np.bincount(loaded.block, loaded.treated))
    assert (lots != loaded.treated).any()
    weekly = {name: outcomes.find(name).weekly(loaded.seen) for name in ("su_education", "job_week")}
    by_block, by_stratum = (analysis._permute(one, weekly, Silent()) for one in (loaded, replace(loaded, block=None)))
    assert np.array_equal(by_block.statistic, by_stratum.statistic) and not np.array_equal(by_block.p, by_stratum.p)


@pytest.mark.parametrize(("blok", "words"), [("", "Blokken er tom"), (None, "blok")])
def test_a_block_that_is_not_there(trial, folder, blok, words):  # noqa: F811
    rows = drawn(trial)
    for row in rows:
        row |= {} if blok is None else {"blok": blok}
    lottery(folder, rows)
    change(folder, ('strata = ["kommune"]', 'strata = ["kommune"]\nblock = "blok"'))
    with pytest.raises(BadInput, match=words):
        data.load(protocol.read(folder / "study.toml"))


def test_the_lotterys_own_interval_stands_beside_neymans(trial):
    for one in trial.found.outcomes:
        assert one.shift.estimate == pytest.approx(one.total_weeks.effect, rel=1e-9)
        assert (one.shift.lower, one.shift.upper) == pytest.approx((one.total_weeks.lower, one.total_weeks.upper), abs=0.06)
    assert "afviser ikke en fast forskel på mellem" in trial.html


def test_each_look_is_the_sequence_of_those_known_by_then(trial):
    loaded, [one, _] = trial.data, trial.found.looks
    assert one.persons[-1] == 2588 and (np.diff(one.persons) > 0).all() and (np.diff(one.calendar) > 0).all()
    chance = looks.chances(loaded)
    y = outcomes.find("su_education").weekly(loaded.seen)[:, 52].astype(float)
    for look in (3, 8):
        known = np.flatnonzero(loaded.start + 52 <= one.calendar[look])
        assert len(known) == one.persons[look]
        order = known[np.argsort(loaded.start[known], kind="stable")]
        judge = sequence(y[order], loaded.treated[order], chance[order], 0.10, loaded.stratum[order], sharpest=2588)
        exact = exact_sequence(y[order], loaded.treated[order], np.append(chance[order], [chance.min(), chance.max()])[: len(order)], 0.10)
        assert (one.estimate[look], one.lower[look], one.upper[look]) == pytest.approx((judge.estimate[-1], judge.lower[-1], judge.upper[-1]), abs=1e-12)
        assert one.exact_lower[look] == pytest.approx(exact.lower[-1], abs=0.02)
    assert one.lower[-1] < trial.found.outcomes[0].headline(0.10).lower  # the price of looking
    assert 'id="undervejs"' in trial.html


def test_where_teams_were_drawn_looking_on_the_way_is_refused(trial, folder, capsys):  # noqa: F811
    by_cluster(trial, folder)
    assert command.main(["run", str(folder / "study.toml"), "--out", str(folder / "out")]) == 0
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "intervallet undervejs er lavet til personer" in page and not (folder / "out" / "looks.csv").exists()
