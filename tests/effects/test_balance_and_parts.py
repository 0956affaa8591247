"""Joint tests of balance and of parts, against statsmodels, brute force and the operating character they promise."""

import numpy as np
import pytest
import statsmodels.api as sm

from snerydder.effects import balance, subgroups
from snerydder.effects.difference import difference
from snerydder.effects.multiplicity import holm
from snerydder.effects.regression import design
from snerydder.effects.results import Refused
from snerydder.lottery.draw import Scheme, generator


def close(ours, theirs, bound=1e-9):
    assert np.max(np.abs(np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float))) < bound


def test_the_variance_ratio(t):
    x = t.x[:, 0]
    close(balance.line("x", x, t.treated).variance_ratio, x[t.treated].var(ddof=1) / x[~t.treated].var(ddof=1))


def test_the_robust_wald_against_statsmodels(t):
    model = sm.OLS(t.treated.astype(float), np.hstack([t.x, design(t.treated, t.stratum)[:, 1:]])).fit(cov_type="HC2")
    theirs = model.wald_test(np.eye(3, 8), use_f=False, scalar=True)
    found = balance.joint_wald(t.x, t.treated, t.stratum)
    close([found.statistic, found.p, found.df], [theirs.statistic, theirs.pvalue, 3])


def test_the_permuted_f_by_running_every_regression():
    dice = np.random.default_rng(3)
    stratum, treated = np.repeat([0, 1], [8, 7]), np.isin(np.arange(15), [0, 2, 5, 7, 9, 10, 14])
    x, scheme = dice.normal(size=(15, 2)), Scheme.fixed(treated, stratum)
    lotteries = np.concatenate(list(scheme.every()))
    f = np.array([balance.joint(x, one, stratum).f for one in lotteries])
    mine = balance.joint(x, treated, stratum).f
    found = balance.permuted(x, treated, stratum, scheme.every(), exact=True)
    assert found.exact and found.redraws == len(lotteries)
    close([found.f, found.p], [mine, (f >= mine - 1e-9).mean()])
    assert balance.permuted(x, treated, stratum, scheme.redraws(5000, generator("a", "b"))).p == pytest.approx(found.p, abs=0.03)


def test_the_permuted_p_follows_f_where_there_are_many_persons(t):
    found = balance.permuted(t.x, t.treated, t.stratum, Scheme.fixed(t.treated, t.stratum).redraws(4000, generator("a", "b")))
    assert found.p == pytest.approx(balance.joint(t.x, t.treated, t.stratum).p, abs=0.03)


def test_the_effect_along_a_covariate_against_statsmodels(t):
    centred = t.x[:, 0] - t.x[:, 0].mean()
    found = subgroups.interaction(t.outcome, t.treated, t.stratum, t.x[:, 0], t.x[:, 1:])
    for week in range(t.weeks):
        x = np.column_stack([t.treated * centred, centred, design(t.treated, t.stratum, t.x[:, 1:])])
        theirs = sm.OLS(t.outcome[:, week].astype(float), x).fit(cov_type="HC2")
        close([found.effect[week], found.error[week]], [theirs.params[0], theirs.bse[0]])


def curves(t, week=0):
    one = np.zeros(t.n, dtype=np.int64)
    parts = {"low": t.x[:, 0] < 0, "high": t.x[:, 0] >= 0, "yes": t.x[:, 1] > 0, "no": t.x[:, 1] == 0}
    return {name: subgroups.split("", t.outcome[:, week] * 1.0, t.treated, one, {name: rows}).parts[0].curve for name, rows in parts.items()}


def test_a_family_of_parts(t):
    found = subgroups.family(curves(t), 0.9, generator("a", "b"))
    p = np.array([curve.p[0] for curve in curves(t).values()])
    close(found.p, p)
    close(found.p_holm, holm(p))
    assert found.names == ("low", "high", "yes", "no")
    assert (found.p - 0.005 <= found.p_joint).all() and (found.p_joint <= found.p_holm + 0.01).all()
    assert 1.645 < found.critical < 2.242  # one question; four by Bonferroni
    close(found.upper - found.effect, found.critical * found.error)
    low, yes = curves(t)["low"], curves(t)["yes"]
    assert abs(low.psi[:, 0] @ yes.psi[:, 0]) > 1e-6  # they share persons, and the joint covariance knows


def test_weeks_not_seen_are_left_out_of_the_part_too(t):
    seen = np.ones(t.outcome.shape, dtype=bool)
    seen[:60, 2] = False
    one, member = np.zeros(t.n, dtype=np.int64), t.x[:, 0] < 0
    found = subgroups.split("", t.outcome, t.treated, one, {"low": member}, seen).parts[0].curve
    rows = member & seen[:, 2]
    close(found.effect[2], difference(t.outcome[rows, 2], t.treated[rows]).effect[0])


REFUSALS = {
    "collinear": lambda t: balance.joint_wald(t.x[:, [0, 0]], t.treated, t.stratum),
    "leverage": lambda t: balance.joint_wald(np.eye(1, t.n, 5).T, t.treated, t.stratum),
    "no-draws": lambda t: balance.permuted(t.x, t.treated, t.stratum, []),
    "no-parts": lambda t: subgroups.family({}, 0.9, generator("a", "b")),
    "missing-covariate": lambda t: subgroups.interaction(t.outcome, t.treated, t.stratum, t.x[:, 0] * np.nan),
}


@pytest.mark.parametrize("key", REFUSALS)
def test_it_refuses_with_a_reason(t, key):
    found = REFUSALS[key](t)
    assert isinstance(found, Refused) and found.key == key and found.reason and found.reason_en
