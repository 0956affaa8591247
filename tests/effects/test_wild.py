"""The wild cluster bootstrap against wildboottest where every sign pattern is listed, and against refitted regressions where they are drawn."""

import numpy as np
import pytest
import statsmodels.api as sm
from wildboottest.wildboottest import WildboottestCL

from snerydder.effects.regression import design
from snerydder.effects.results import Refused
from snerydder.effects.wild import WEBB, wild


def trial(clusters=9, seed=3):
    dice = np.random.default_rng(seed)
    cluster = np.sort(dice.integers(0, clusters, 30 * clusters))
    treated = cluster % 2 == 0
    x = dice.normal(size=(len(cluster), 2))
    y = 0.3 * treated[:, None] + x[:, :1] + dice.normal(size=(clusters, 3))[cluster] + dice.normal(size=(len(cluster), 3))
    return cluster, treated, x, y


@pytest.mark.parametrize("with_covariates", [False, True])
def test_every_sign_pattern_against_wildboottest(with_covariates):
    """Their own p asks for strictly more than the observed t, which leaves the observed pattern and its mirror to the last bit of rounding; so their t's are counted here."""
    cluster, treated, x, y = trial()
    x = x if with_covariates else None
    ours, matrix = wild(y, treated, cluster, np.random.default_rng(1), covariates=x), design(treated, None, x)
    assert ours.exact and ours.draws == 2**9
    for week in range(3):
        theirs = WildboottestCL(matrix, y[:, week], cluster, np.eye(matrix.shape[1])[0], 9999, seed=1, parallel=False)
        theirs.get_scores(bootstrap_type="11", impose_null=True)
        theirs.get_weights(weights_type="rademacher")
        for step in (theirs.get_numer, theirs.get_denom, theirs.get_tboot, theirs.get_vcov, theirs.get_tstat):
            step()
        reached = np.abs(theirs.t_boot) >= np.abs(theirs.t_stat) * (1 - 1e-9)
        assert ours.p[week] == pytest.approx(reached.mean(), abs=1e-12)
        plain = sm.OLS(y[:, week], matrix).fit(cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": False})
        assert ours.t[week] == pytest.approx(plain.tvalues[0], abs=1e-9) and ours.effect[week] == pytest.approx(plain.params[0], abs=1e-9)


@pytest.mark.parametrize("weights", ["rademacher", "webb"])
def test_drawn_signs_against_regressions_run_again(weights):
    cluster, treated, x, y = trial(14)
    stratum = cluster // 5
    ours = wild(y[:, :1], treated, cluster, np.random.default_rng(7), stratum, x, weights, 199)
    values = WEBB if weights == "webb" else np.array([-1.0, 1.0])
    signs = values[np.random.default_rng(7).integers(0, len(values), (199, 14))]
    matrix = design(treated, stratum, x)
    null = sm.OLS(y[:, 0], matrix[:, 1:]).fit()

    def t(outcome):
        return abs(sm.OLS(outcome, matrix).fit(cov_type="cluster", cov_kwds={"groups": cluster}).tvalues[0])

    reached = sum(t(null.fittedvalues + null.resid * one[cluster]) >= t(y[:, 0]) for one in signs)
    assert not ours.exact and ours.p[0] == pytest.approx((1 + reached) / 200, abs=1e-12)


def test_weeks_not_seen_are_tested_on_the_persons_seen():
    cluster, treated, x, y = trial()
    seen = np.ones(y.shape, dtype=bool)
    seen[:40, 1] = seen[200:230, 2] = False
    ours = wild(y, treated, cluster, np.random.default_rng(1), covariates=x, observed=seen)
    for week in range(3):
        rows = seen[:, week]
        alone = wild(y[rows, week], treated[rows], cluster[rows], np.random.default_rng(1), covariates=x[rows])
        assert (ours.p[week], ours.t[week]) == (alone.p[0], pytest.approx(alone.t[0], abs=1e-12)) and ours.exact and alone.exact


def test_the_same_dice_give_the_same_p():
    cluster, treated, _, y = trial(20)
    one, other = (wild(y, treated, cluster, np.random.default_rng(5), draws=99) for _ in range(2))
    assert (one.p == other.p).all()


def test_webbs_six_values_have_mean_none_and_variance_one():
    assert WEBB.sum() == pytest.approx(0) and (WEBB**2).mean() == pytest.approx(1) and len(set(WEBB)) == 6


REFUSALS = {
    "few-clusters": lambda c, t, x, y: wild(y, c < 2, c, np.random.default_rng(1)),
    "collinear": lambda c, t, x, y: wild(y, t, c, np.random.default_rng(1), covariates=x[:, [0, 0]]),
    "missing-covariate": lambda c, t, x, y: wild(y, t, c, np.random.default_rng(1), covariates=x * np.nan),
}


@pytest.mark.parametrize("key", REFUSALS)
def test_it_refuses_with_a_reason(key):
    found = REFUSALS[key](*trial())
    assert isinstance(found, Refused) and found.key == key and found.reason and found.reason_en
