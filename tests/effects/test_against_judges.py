"""Every estimator against an established tool or the plain formula, to 1e-9. `docs/method/judges.md` is made from the same table."""

import numpy as np
import pytest
import statsmodels.api as sm
from linearmodels.iv import IV2SLS
from scipy import stats
from statsmodels.stats.multitest import multipletests

from snerydder.effects import balance, clusters, complier, counts, multiplicity, subgroups
from snerydder.effects.difference import difference, shares
from snerydder.effects.regression import KINDS, design, regression
from snerydder.effects.results import Refused

CLOSE = 1e-9


def close(ours, theirs):
    assert np.max(np.abs(np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float))) < CLOSE


def test_one_stratum_is_hc2_of_the_plain_regression(t):
    ours = difference(t.outcome, t.treated)
    for week in range(t.weeks):
        theirs = sm.OLS(t.outcome[:, week].astype(float), sm.add_constant(t.treated.astype(float))).fit(cov_type="HC2")
        close([ours.effect[week], ours.error[week]], [theirs.params[1], theirs.bse[1]])


def test_one_stratum_is_welch(t):
    ours = difference(t.outcome[:, 0], t.treated)
    theirs = stats.ttest_ind(t.outcome[t.treated, 0], t.outcome[~t.treated, 0], equal_var=False)
    close(ours.z[0], theirs.statistic)


def test_strata_are_weighted_by_their_size(t):
    ours = difference(t.outcome, t.treated, t.stratum)
    for week in range(t.weeks):
        effect = variance = 0.0
        for s in np.unique(t.stratum):
            one, zero = (t.outcome[(t.stratum == s) & (t.treated == arm), week].astype(float) for arm in (True, False))
            weight = (t.stratum == s).mean()
            effect += weight * (one.mean() - zero.mean())
            variance += weight**2 * (one.var(ddof=1) / len(one) + zero.var(ddof=1) / len(zero))
        close([ours.effect[week], ours.error[week] ** 2], [effect, variance])


def test_the_saturated_regression_gives_the_same_effect(t):
    ours = difference(t.outcome, t.treated, t.stratum)
    close(ours.effect, regression(t.outcome, t.treated, t.stratum, None, "HC2", lin=True).effect)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("with_covariates", [False, True])
def test_linear_models_against_statsmodels(t, kind, with_covariates):
    x = t.x if with_covariates else None
    ours = regression(t.outcome, t.treated, t.stratum, x, kind)
    for week in range(t.weeks):
        theirs = sm.OLS(t.outcome[:, week].astype(float), design(t.treated, t.stratum, x)).fit(cov_type=kind)
        close([ours.effect[week], ours.error[week]], [theirs.params[0], theirs.bse[0]])


def test_lin_against_statsmodels(t):
    centred = t.x - t.x.mean(axis=0)
    z = t.treated.astype(float)
    ours = regression(t.outcome, t.treated, None, t.x, "HC2", lin=True)
    theirs = sm.OLS(t.outcome[:, 2].astype(float), np.column_stack([z, np.ones(t.n), centred, centred * z[:, None]])).fit(cov_type="HC2")
    close([ours.effect[2], ours.error[2]], [theirs.params[0], theirs.bse[0]])


def test_weeks_not_seen_are_left_out_that_week(t):
    seen = np.ones(t.outcome.shape, dtype=bool)
    seen[:50, 3] = seen[300:, 5] = False
    ours = regression(t.outcome, t.treated, t.stratum, t.x, "HC1", observed=seen)
    plain = difference(t.outcome, t.treated, t.stratum, seen)
    for week in (3, 5):
        rows = seen[:, week]
        x = design(t.treated[rows], t.stratum[rows], t.x[rows])
        theirs = sm.OLS(t.outcome[rows, week].astype(float), x).fit(cov_type="HC1")
        close([ours.effect[week], ours.error[week]], [theirs.params[0], theirs.bse[0]])
        again = difference(t.outcome[rows, week], t.treated[rows], t.stratum[rows])
        close([plain.effect[week], plain.error[week]], [again.effect[0], again.error[0]])


def test_cluster_errors_against_statsmodels(t):
    x = design(t.treated, t.stratum)
    model = sm.OLS(t.outcome[:, 1].astype(float), x)
    g = len(np.unique(t.cluster))
    plain = model.fit(cov_type="cluster", cov_kwds={"groups": t.cluster, "use_correction": False}).bse[0]
    corrected = model.fit(cov_type="cluster", cov_kwds={"groups": t.cluster, "use_correction": True}).bse[0]
    ours = {kind: clusters.clustered(t.outcome, t.treated, t.cluster, t.stratum, kind=kind).error[1] for kind in ("CR0", "CR1", "CR1S")}
    close([ours["CR0"], ours["CR1"], ours["CR1S"]], [plain, plain * np.sqrt(g / (g - 1)), corrected])


@pytest.mark.parametrize("kind", ["CR0", "CR1S", "CR2"])
def test_cluster_errors_of_weeks_not_seen_are_those_of_the_persons_seen(t, kind):
    seen = np.ones(t.outcome.shape, dtype=bool)
    seen[t.cluster == t.cluster[0], 2] = seen[:25, 4] = seen[t.stratum == 1, 5] = False
    ours = clusters.clustered(t.outcome, t.treated, t.cluster, t.stratum, t.x, kind, seen)
    for week in range(t.weeks):
        rows = seen[:, week]
        alone = clusters.clustered(t.outcome[rows, week], t.treated[rows], t.cluster[rows], t.stratum[rows], t.x[rows], kind)
        close([ours.effect[week], ours.error[week]], [alone.effect[0], alone.error[0]])
        assert kind != "CR2" or ours.df[week] == pytest.approx(alone.df[0])
    assert ours.psi[np.searchsorted(np.unique(t.cluster), t.cluster[0]), 2] == 0 and ours.psi.shape == (len(np.unique(t.cluster)), t.weeks)


def test_cr2_by_the_definition(t):
    """No other Python package has CR2; here it is once more, person by person, from Bell & McCaffrey and Pustejovsky & Tipton."""
    x, y = design(t.treated, None, t.x), t.outcome[:, 4].astype(float)
    inverse = np.linalg.inv(x.T @ x)
    hat = x @ inverse @ x.T
    residual = y - hat @ y
    meat, columns = 0.0, []
    for g in np.unique(t.cluster):
        rows = np.flatnonzero(t.cluster == g)
        values, vectors = np.linalg.eigh(np.eye(len(rows)) - hat[np.ix_(rows, rows)])
        adjust = vectors @ np.diag(values**-0.5) @ vectors.T
        pull = adjust @ x[rows] @ inverse[:, 0]
        meat += (pull @ residual[rows]) ** 2
        columns.append((np.eye(t.n) - hat)[rows].T @ pull)
    eigenvalues = np.linalg.eigvalsh(np.array(columns) @ np.array(columns).T)
    ours = clusters.clustered(t.outcome, t.treated, t.cluster, None, t.x)
    close([ours.error[4], ours.df[4]], [np.sqrt(meat), eigenvalues.sum() ** 2 / (eigenvalues**2).sum()])


def test_clusters_of_one_person_are_hc2(t):
    ours = clusters.clustered(t.outcome, t.treated, np.arange(t.n), None, t.x)
    close(ours.error, regression(t.outcome, t.treated, None, t.x, "HC2").error)


def test_the_count_cube_gives_hc1_and_cr1_of_every_regression(t):
    cell_of = np.unique(np.column_stack([t.cluster, t.treated]), axis=0, return_inverse=True)
    index, cell = cell_of[0], cell_of[1].ravel()
    cube = np.stack([np.bincount(cell, weights=t.outcome[:, week], minlength=len(index)) for week in range(t.weeks)], axis=1)[:, None, :].astype(
        np.int64
    )
    found = counts.regressions(
        cube, counts.Cells(np.bincount(cell), index[:, 0] // 8, index[:, 1] == 1, np.unique(index[:, 0], return_inverse=True)[1])
    )
    for week in range(t.weeks):
        model = sm.OLS(t.outcome[:, week].astype(float), design(t.treated, t.stratum))
        hc1, cr1 = model.fit(cov_type="HC1"), model.fit(cov_type="cluster", cov_kwds={"groups": t.cluster})
        close([found.effect[0, week], found.hc1[0, week], found.cr1[0, week]], [hc1.params[0], hc1.bse[0], cr1.bse[0]])
    treated, control, _, _ = shares(t.outcome, t.treated)
    close([found.treated[0], found.control[0]], [treated, control])


def test_two_stage_least_squares_against_linearmodels(t):
    ours = complier.complier(t.outcome, t.received, t.treated, t.stratum, 0.10, t.x)
    others = design(t.treated, t.stratum, t.x)[:, 1:]
    for week in range(t.weeks):
        theirs = IV2SLS(t.outcome[:, week].astype(float), others, t.received.astype(float), t.treated.astype(float)).fit(
            cov_type="robust", debiased=True
        )
        close([ours.curve.effect[week], ours.curve.error[week]], [theirs.params.iloc[-1], theirs.std_errors.iloc[-1]])
    stage = sm.OLS(t.received.astype(float), design(t.treated, t.stratum, t.x)).fit(cov_type="HC1")
    close([ours.first_stage, ours.first_stage_error], [stage.params[0], stage.bse[0]])


def test_the_anderson_rubin_set_is_what_the_tests_do_not_reject(t):
    ours = complier.complier(t.outcome, t.received, t.treated, t.stratum, 0.10)
    x, critical = design(t.treated, t.stratum), stats.norm.ppf(0.95)
    for week in range(t.weeks):
        ((low, high),) = ours.anderson_rubin[week]
        for bound in (low, high):
            fit = sm.OLS(t.outcome[:, week] - bound * t.received, x).fit(cov_type="HC1")
            close(abs(fit.params[0]) / fit.bse[0], critical)


def test_control_compliers_by_the_definition(t):
    one_sided = t.received & t.treated
    ours = complier.complier(t.outcome, one_sided, t.treated, np.zeros(t.n, dtype=np.int64), 0.10)
    y1, y0, d = t.outcome[t.treated], t.outcome[~t.treated], one_sided[t.treated]
    never = (y1 * ~d[:, None]).mean(axis=0)
    close(ours.control_mean, (y0.mean(axis=0) - never) / d.mean())
    close((ours.always, ours.never), (0.0, 1 - d.mean()))


def test_balance_against_scipy_and_statsmodels(t):
    line = balance.line("x", t.x[:, 0], t.treated)
    one, zero = t.x[t.treated, 0], t.x[~t.treated, 0]
    close(line.p, stats.ttest_ind(one, zero, equal_var=False).pvalue)
    close(line.smd, (one.mean() - zero.mean()) / np.sqrt((one.var(ddof=1) + zero.var(ddof=1)) / 2))
    joint = balance.joint(t.x, t.treated, t.stratum)
    dummies = design(t.treated, t.stratum)[:, 1:]
    full, short = (sm.OLS(t.treated.astype(float), matrix).fit() for matrix in (np.hstack([dummies, t.x]), dummies))
    f, p, _ = full.compare_f_test(short)
    close([joint.f, joint.p], [f, p])


def test_holm_against_statsmodels():
    p = np.array([0.04, 0.001, 0.6, 0.03, 0.03, 0.2])
    close(multiplicity.holm(p), multipletests(p, method="holm")[1])


def test_two_parts_differ_as_their_interaction_does(t):
    member = t.x[:, 1] > 0
    found = subgroups.split("part", t.outcome[:, 0].astype(float), t.treated, np.zeros(t.n, dtype=np.int64), {"yes": member, "no": ~member})
    z, m = t.treated.astype(float), member.astype(float)
    theirs = sm.OLS(t.outcome[:, 0].astype(float), np.column_stack([np.ones(t.n), z, m, z * m])).fit(cov_type="HC2")
    close([found.contrast.effect[0], found.contrast.error[0], found.homogeneity_p], [theirs.params[3], theirs.bse[3], theirs.pvalues[3]])


def test_sums_over_weeks_follow_from_the_influence(t):
    ours = difference(t.outcome, t.treated, t.stratum).combine(np.ones(t.weeks))
    totals = difference(t.outcome.sum(axis=1), t.treated, t.stratum)
    close([ours.effect[0], ours.error[0]], [totals.effect[0], totals.error[0]])


REFUSALS = {
    "one-arm": lambda t: difference(t.outcome, np.ones(t.n, dtype=bool)),
    "empty-week": lambda t: difference(t.outcome, t.treated, t.stratum, np.zeros(t.outcome.shape, dtype=bool)),
    "collinear": lambda t: regression(t.outcome, t.treated, t.stratum, np.column_stack([t.x, t.x[:, 0]])),
    "missing-covariate": lambda t: regression(t.outcome, t.treated, None, np.where(t.x == t.x[3], np.nan, t.x)),
    "too-few": lambda t: regression(t.outcome[:3], t.treated[:3], None, t.x[:3]),
    "leverage": lambda t: regression(t.outcome, t.treated, None, np.eye(1, t.n, 5).T, "HC2"),
    "one-cluster": lambda t: clusters.clustered(t.outcome, t.treated, np.zeros(t.n, dtype=np.int64)),
    "few-clusters": lambda t: clusters.clustered(t.outcome, t.treated, np.arange(t.n) % 3, None, t.x),
    "weak-first-stage": lambda t: complier.complier(t.outcome, t.x[:, 1] > 0, t.treated, t.stratum, 0.1),
    "one-arm-stratum": lambda t: counts.regressions(
        np.zeros((2, 1, 1), dtype=np.int64), counts.Cells(*(np.array(v) for v in ([3, 3], [0, 1], [True, False], [0, 1])))
    ),
}


@pytest.mark.parametrize("key", REFUSALS)
def test_an_estimator_refuses_with_a_reason(t, key):
    found = REFUSALS[key](t)
    assert isinstance(found, Refused) and found.key == key
    assert found.reason and found.reason_en
