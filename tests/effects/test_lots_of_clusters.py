"""Where whole clusters were drawn: receipt, time to an event, places, and what not everybody answered, each in its own right form."""

from types import SimpleNamespace

import numpy as np
import pytest
import statsmodels.api as sm
from linearmodels.iv import IV2SLS
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.oneway import anova_oneway

from snerydder.effects import attrition, balance, clusters, complier, hazards, incidence, permutation, places, ratio, survival
from snerydder.effects.difference import difference
from snerydder.effects.regression import design
from snerydder.effects.results import Curve, Refused
from snerydder.effects.weighting import weighted
from snerydder.lottery.draw import Scheme
from tests.effects.test_cluster_parts import slowly


def close(ours, theirs, bound=1e-9):
    assert np.max(np.abs(np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float))) < bound


def teams(seed=4, count=24, icc=0.1, lift=0.3, size=(8, 22)):
    """Teams of unlike size drawn whole, in two strata; receipt, weeks of outcomes, and how long it lasted."""
    dice = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(count), dice.integers(*size, count))
    n, stratum = len(cluster), (cluster >= count // 3).astype(int)
    lots = np.zeros(count, dtype=bool)
    for mine in (np.arange(count // 3), np.arange(count // 3, count)):
        lots[dice.permutation(mine)[: len(mine) // 2]] = True
    treated, own = lots[cluster], dice.normal(0, icc**0.5, count)[cluster]
    received = np.where(treated, dice.random(n) < 0.75, dice.random(n) < 0.08)
    y = own[:, None] + dice.normal(size=(n, 5)) + lift * received[:, None]
    length = np.ceil(dice.exponential(np.exp(3 - own - lift * treated))).astype(int)
    exit_ = np.minimum(length, 40)
    return SimpleNamespace(n=n, cluster=cluster, stratum=stratum, treated=treated, received=received, y=y, exit=exit_, ended=length <= 40, dice=dice)


@pytest.fixture(scope="module")
def c():
    return teams()


def test_receipt_by_cluster_against_linearmodels(c):
    """CR1S is what linearmodels calls clustered with both small-sample corrections."""
    seen = np.ones(c.y.shape, dtype=bool)
    seen[::7, 2] = False
    ours = complier.complier(c.y, c.received, c.treated, c.stratum, 0.1, observed=seen, cluster=c.cluster, kind="CR1S")
    for week in range(5):
        rows = seen[:, week]
        others = design(c.treated, c.stratum)[rows, 1:]
        theirs = IV2SLS(c.y[rows, week], others, c.received[rows].astype(float), c.treated[rows].astype(float)).fit(
            cov_type="clustered", clusters=c.cluster[rows], debiased=True
        )
        close([ours.curve.effect[week], ours.curve.error[week]], [theirs.params.iloc[-1], theirs.std_errors.iloc[-1]])
        stage = sm.OLS(c.received[rows].astype(float), design(c.treated, c.stratum)[rows]).fit(cov_type="cluster", cov_kwds={"groups": c.cluster[rows]})
        assert ours.weekly_f[week] == pytest.approx(stage.tvalues[0] ** 2, rel=1e-9)


def test_receipt_by_cluster_with_cr2_is_cr2_of_the_two_stages(c):
    """The structural residuals, held against the draw as projected by the first stage, with full matrices (clubSandwich's form for `ivreg`)."""
    ours = complier.complier(c.y, c.received, c.treated, c.stratum, 0.1, cluster=c.cluster)
    x, d = design(c.treated, c.stratum), c.received.astype(float)
    fitted = x @ np.linalg.lstsq(x, d, rcond=None)[0]
    projected = np.column_stack([fitted, x[:, 1:]])
    bread = np.linalg.inv(projected.T @ projected)
    for week in range(5):
        beta = bread @ projected.T @ c.y[:, week]
        residual = c.y[:, week] - np.column_stack([d, x[:, 1:]]) @ beta
        maker, variance = np.eye(c.n) - projected @ bread @ projected.T, 0.0
        for g in np.unique(c.cluster):
            rows = np.flatnonzero(c.cluster == g)
            values, vectors = np.linalg.eigh(maker[np.ix_(rows, rows)])
            kept = values > 1e-10
            root = vectors[:, kept] @ np.diag(values[kept] ** -0.5) @ vectors[:, kept].T
            variance += float((bread[0] @ projected[rows].T) @ root @ residual[rows]) ** 2
        close([ours.curve.effect[week], ours.curve.error[week]], [beta[0], variance**0.5])
    _, _, _, df = slowly(c.y[:, 0], x, c.cluster, np.array([[1.0]]))
    assert ours.curve.df == pytest.approx(np.full(5, df), rel=1e-9)
    assert ours.curve.interval(0.1)[1][0] == pytest.approx(ours.curve.effect[0] + stats.t.ppf(0.95, df) * ours.curve.error[0], rel=1e-12)


@pytest.mark.parametrize("kind", ["CR1S", "CR2"])
def test_the_set_by_cluster_ends_where_the_test_does(c, kind):
    """At each end of the Anderson-Rubin set the clustered test of y - bd on the draw is exactly at its limit."""
    ours = complier.complier(c.y, c.received, c.treated, c.stratum, 0.1, cluster=c.cluster, kind=kind)
    for week in range(5):
        for end in ours.anderson_rubin[week][0]:
            if kind == "CR1S":
                found = sm.OLS(c.y[:, week] - end * c.received, design(c.treated, c.stratum)).fit(cov_type="cluster", cov_kwds={"groups": c.cluster})
                close(abs(found.tvalues[0]), stats.norm.ppf(0.95), 1e-8)
            else:
                alone = clusters.clustered(c.y[:, week] - end * c.received, c.treated, c.cluster, c.stratum)
                close(alone.p[0], 0.1, 1e-8)


def test_receipt_with_chances_of_ones_own_is_the_ratio_of_hajeks(c):
    chance = np.clip(0.35 + 0.1 * c.stratum + 0.05 * (c.cluster % 3), 0.2, 0.8)
    ours = complier.complier(c.y, c.received, c.treated, np.zeros(c.n, dtype=np.int64), 0.1, probability=chance)
    weights = np.where(c.treated, 1 / chance, 1 / (1 - chance))
    first = weighted(c.received.astype(float), c.treated, chance)
    for week in range(5):
        theirs = IV2SLS(c.y[:, week], np.ones(c.n), c.received.astype(float), c.treated.astype(float), weights=weights).fit(cov_type="robust")
        close(ours.curve.effect[week], theirs.params.iloc[-1])
        ratio_ = weighted(c.y[:, week] - ours.curve.effect[week] * c.received, c.treated, chance)
        close([0, ours.curve.error[week]], [ratio_.effect[0], ratio_.error[0] / first.effect[0]])
        assert ours.curve.error[week] == pytest.approx(theirs.std_errors.iloc[-1], rel=0.01)  # n/(n-1) in each arm is all that parts them
    drawn = c.treated
    close(ours.never, 1 - (weights * c.received)[drawn].sum() / weights[drawn].sum())


def test_time_by_cluster_is_cr2_where_the_mean_is_one(c):
    """With nobody lost from sight the restricted mean is a plain mean, and with teams alike the error by lots is CR2's."""
    dice = np.random.default_rng(2)
    cluster, treated = np.repeat(np.arange(20), 10), np.repeat(np.arange(20) % 2 == 0, 10)
    length = np.ceil(dice.exponential(20 + 5 * dice.normal(size=20)[cluster])).clip(1, 200).astype(int)
    ours = survival.restricted_mean_difference(length, np.ones(200, dtype=bool), treated, 30.0, cluster=cluster)
    judge = clusters.clustered(np.minimum(length, 30), treated, cluster)
    close([ours.effect[0], ours.error[0], ours.df[0]], [judge.effect[0], judge.error[0], judge.df[0]])


def test_incidence_by_cluster_is_the_influence_added_up_by_cluster(c):
    weeks, kind = np.array([5.0, 15, 30]), np.where(c.ended, 1 + c.dice.integers(0, 2, c.n), 0)
    ours = incidence.incidence_difference(c.exit, kind, c.treated, weeks, 1, stratum=c.stratum, cluster=c.cluster)
    plain = incidence.incidence_difference(c.exit, kind, c.treated, weeks, 1, stratum=c.stratum)
    variance = np.zeros(3)
    for s in (0, 1):
        for arm in (True, False):
            mine = np.unique(c.cluster[(c.stratum == s) & (c.treated == arm)])
            sums = np.array([plain.psi[c.cluster == g].sum(axis=0) for g in mine])
            variance += len(mine) / (len(mine) - 1) * (sums**2).sum(axis=0)
    close(ours.effect, plain.effect, 1e-15)
    close(ours.error, variance**0.5, 1e-12)
    assert (ours.error > 1.05 * plain.error).any() and ours.df[0] < 22


def test_the_curve_of_one_arm_by_cluster(c):
    arm = c.treated
    ours = survival.kaplan_meier(c.exit[arm], c.ended[arm], cluster=c.cluster[arm])
    count = len(np.unique(c.cluster[arm]))
    by = survival.kaplan_meier(c.exit[arm], c.ended[arm], person=c.cluster[arm])
    close(ours.error, by.error * (count / (count - 1)) ** 0.5, 1e-15)
    at, t = 10, stats.t.ppf(0.95, count - 1)
    loglog = np.log(-np.log(ours.share[at]))
    spread = ours.error[at] / (ours.share[at] * -np.log(ours.share[at]))
    close([ours.upper[at], ours.lower[at]], np.exp(-np.exp(loglog + np.array([-1, 1]) * t * spread)), 1e-12)


def test_the_scores_add_up_to_the_log_rank_test(c):
    entry = np.where(c.dice.random(c.n) < 0.3, np.minimum(c.exit - 1, 4), 0)
    for late in (None, entry):
        judge = hazards.logrank(c.exit, c.ended, c.treated, late, c.stratum)
        found = hazards.scores(c.exit, c.ended, late, c.stratum)
        close(found[c.treated].sum(), judge.observed - judge.expected)
        close(found.sum(), 0)


def sizes(repeats, seed):
    """Nothing at all works, but teams differ: how often does each reject at 10 %?"""
    drawn, wrong, limits = 0, 0, 0
    for at in range(repeats):
        c = teams(seed + at, count=12, icc=0.3, lift=0.0)
        lots = Scheme.fixed(c.treated, c.stratum, c.cluster)
        found = permutation.permutation(hazards.scores(c.exit, c.ended, stratum=c.stratum)[:, None], c.treated, c.stratum, lots.every(), True, c.cluster)
        drawn += found.p[0] <= 0.10
        wrong += hazards.logrank(c.exit, c.ended, c.treated, stratum=c.stratum).p <= 0.10
        low, high = survival.restricted_mean_difference(c.exit, c.ended, c.treated, 30.0, stratum=c.stratum, cluster=c.cluster).interval(0.1)
        limits += not low[0] <= 0 <= high[0]
    return drawn / repeats, wrong / repeats, limits / repeats


def test_teams_drawn_again_keep_the_level_where_the_plain_log_rank_does_not():
    drawn, wrong, limits = sizes(200, 900)
    assert drawn <= 0.15 and limits <= 0.17 and wrong > drawn + 0.08


@pytest.mark.slow
def test_the_level_of_time_by_cluster_in_the_long_form():
    drawn, wrong, limits = sizes(4000, 5000)
    print(f"log-rank drawn again {drawn:.4f}, plain {wrong:.4f}, restricted mean {limits:.4f}")
    assert drawn <= 0.11 and limits <= 0.115 and wrong > 0.2


def test_a_stratum_with_one_team_in_an_arm_is_refused():
    cluster = np.repeat(np.arange(6), 10)
    stratum, treated = cluster // 2, cluster % 2 == 0
    found = survival.restricted_mean_difference(np.arange(60) % 9 + 1, np.ones(60, dtype=bool), treated, 5.0, stratum=stratum, cluster=cluster)
    assert isinstance(found, Refused) and found.key == "few-clusters" and "én klynge" in found.reason


def test_places_with_few_degrees_of_freedom_against_welch_and_hartung_knapp():
    """A one-way layout is the case in which Welch's test is somebody else's: means, s²/n and n - 1."""
    dice = np.random.default_rng(8)
    groups = [dice.normal(0.1 * k, 1 + 0.3 * k, 5 + 2 * k) for k in range(6)]
    mean, error, df = (np.array(part) for part in zip(*[(g.mean(), g.std(ddof=1) / len(g) ** 0.5, len(g) - 1) for g in groups], strict=True))
    ours, judge = places.shrunk(mean, error, df), anova_oneway(groups, use_var="unequal")
    close(ours.homogeneity_p, judge.pvalue)
    close(ours.between, max(0.0, mean.var(ddof=1) - (error**2).mean()), 1e-15)
    theirs = combine_effects(mean, error**2 + ours.between, method_re="dl", use_t=True)  # fixed weights at our own τ²
    close(ours.mean, theirs.mean_effect_fe)
    close(ours.mean_error, theirs.sd_eff_w_fe_hksj)
    assert isinstance(places.shrunk(mean[:1], error[:1], df[:1]), Refused)


def test_alike_places_with_few_degrees_of_freedom_are_not_called_unlike():
    """Six places, five degrees of freedom each, nothing between them: chi-square cries wolf and Welch does not; τ² is right on average."""
    dice, chi, welch, between = np.random.default_rng(9), 0, 0, []
    for _ in range(1500):
        error = np.sqrt(dice.chisquare(5, 6) / 5)
        y = dice.normal(size=6)
        chi += places.shrunk(y, error).homogeneity_p < 0.10
        welch += places.shrunk(y, error, np.full(6, 5)).homogeneity_p < 0.10
        between.append(y.var(ddof=1) - (error**2).mean())
    assert welch / 1500 < 0.13 < 0.20 < chi / 1500 and abs(np.mean(between)) < 0.06


def test_what_not_everybody_answered_by_cluster(c):
    y, seen = np.clip(c.y[:, :1], -3, 3), (c.dice.random((c.n, 1)) < 0.8)
    whole = np.ones_like(seen)
    lee, manski = attrition.lee(y, seen, c.treated, c.stratum, 0.1, c.cluster), attrition.manski(y, seen, c.treated, c.stratum, 0.1, -3, 3, c.cluster)
    filled = clusters.clustered(np.where(seen, y, np.where(c.treated[:, None], -3, 3)), c.treated, c.cluster, c.stratum)
    close([manski.lower.effect[0], manski.lower.error[0], manski.lower.df[0]], [filled.effect[0], filled.error[0], filled.df[0]], 1e-12)
    alone = attrition.lee(y, seen, c.treated, c.stratum, 0.1)
    assert lee.lower.effect[0] == alone.lower.effect[0] and lee.interval_upper[0] > alone.interval_upper[0]
    for found in (lee, manski):  # the interval's own equation, with t
        t = stats.t(found.lower.df[0])
        reach = (found.interval_upper[0] - found.upper.effect[0]) / found.upper.error[0]
        wide = max(found.lower.error[0], found.upper.error[0])
        close(t.cdf(reach + (found.upper.effect[0] - found.lower.effect[0]) / wide) - t.cdf(-reach), 0.9)
    stood = attrition.reweighted(y, whole, c.treated, c.stratum, c.y[:, 1:2], c.cluster)  # everybody seen: the plain difference by lots
    judge = clusters.by_lots(difference(y, c.treated, c.stratum), c.treated, c.cluster, c.stratum)
    close(stood.effect, judge.effect)
    close(stood.error / judge.error, 1, 0.01)


def test_the_balance_of_one_background_by_cluster(c):
    value = c.y[:, 0].copy()
    value[::9] = np.nan
    known = np.isfinite(value)
    ours = balance.line("", value, c.treated, c.cluster, c.stratum)
    judge = clusters.clustered(value[known], c.treated[known], c.cluster[known], c.stratum[known])
    assert ours.p == judge.p[0] and ours.p != balance.line("", value, c.treated).p


def test_sums_contrasts_and_ratios_keep_their_degrees_of_freedom(c):
    """A sum over weeks of a curve with few clusters is not suddenly normal."""
    curve = clusters.clustered(c.y, c.treated, c.cluster, c.stratum)
    summed, judge = curve.combine(np.ones(5)), clusters.clustered(c.y.sum(axis=1), c.treated, c.cluster, c.stratum)
    close([summed.effect[0], summed.error[0], summed.df[0]], [judge.effect[0], judge.error[0], judge.df[0]])
    close(np.array(summed.interval(0.1)), np.array(judge.interval(0.1)))
    low = Curve(curve.effect, curve.psi, "", c.n, curve.df / 2)
    assert (curve.minus(low).df == curve.df / 2).all()
    last = curve.at(np.array([4]))
    close(np.array(last.interval(0.1))[:, 0], np.array(curve.interval(0.1))[:, 4])
    first = clusters.clustered(c.received.astype(float), c.treated, c.cluster, c.stratum)
    found = ratio.ratio(curve.combine(np.eye(5)[0]), first, 0.1)
    late = complier.complier(c.y[:, 0], c.received, c.treated, c.stratum, 0.1, cluster=c.cluster)
    close([found.lower, found.upper], late.anderson_rubin[0][0])  # Fieller's limits of the same ratio
