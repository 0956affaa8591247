"""What a hostile referee tries: data that break an assumption. Each estimator gives the right number or says why there is none."""

import itertools
import warnings

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import ndtri, stdtrit

from snerydder.effects import (
    attrition,
    audits,
    balance,
    bands,
    clusters,
    complier,
    hazards,
    incidence,
    multiplicity,
    permutation,
    power,
    regression,
    sequences,
    subgroups,
    survival,
    weighting,
    wild,
)  # fmt: skip
from snerydder.effects.difference import difference, shares
from snerydder.effects.observed import doubly, entropy, matching, propensity, staggered
from snerydder.effects.results import Curve, Refused
from snerydder.lottery import draw

N = 60
DICE = np.random.default_rng(20)
TREATED = np.arange(N) % 2 == 0
STRATUM = np.arange(N) // 20
CLUSTER = np.arange(N) // 5
LOTS = CLUSTER % 2 == 0  # clusters drawn
Y = DICE.normal(size=(N, 3))
X = DICE.normal(size=(N, 2))
CHANCE = DICE.uniform(0.2, 0.8, N)
RECEIVED = TREATED & (DICE.random(N) < 0.8)
HALF = np.full(N, 0.5)
TIME = np.ceil(np.abs(Y[:, 0]) * 5) + 1


def redraws(count=199):
    return draw.Scheme.fixed(TREATED, STRATUM).redraws(count, np.random.default_rng(1))


def curve_of(found):
    for name in ("curve", "lower", "compliers"):
        found = getattr(found, name, found)
    return found


WAYS = {
    "difference": lambda y, z: difference(y, z, STRATUM),
    "regression": lambda y, z: regression.regression(y, z, STRATUM, X),
    "lin": lambda y, z: regression.regression(y, z, STRATUM, X, lin=True),
    "clustered": lambda y, z: clusters.clustered(y, z, CLUSTER),
    "weighted": lambda y, z: weighting.weighted(y, z, CHANCE),
    "horvitz-thompson": lambda y, z: weighting.weighted(y, z, CHANCE, kind="horvitz-thompson"),
    "interaction": lambda y, z: subgroups.interaction(y, z, STRATUM, X[:, 0]),
    "complier": lambda y, z: complier.complier(y, RECEIVED, z, STRATUM, 0.1),
    "lee": lambda y, z: attrition.lee(y, np.ones(y.shape, dtype=bool), z, STRATUM, 0.1),
    "manski": lambda y, z: attrition.manski(y, np.ones(y.shape, dtype=bool), z, STRATUM, 0.1, -1e9, 1e9),
    "reweighted": lambda y, z: attrition.reweighted(y, np.ones(y.shape, dtype=bool), z, STRATUM, X),
    "doubly": lambda y, z: doubly.doubly(y, z, X),
    "entropy": lambda y, z: entropy.entropy(y, z, X),
    "matching": lambda y, z: matching.matching(y, z, X),
    "odds": lambda y, z: propensity.weighting(y, z, X),
}


def arm(name):
    return LOTS if name == "clustered" else TREATED


@pytest.mark.parametrize("kind", [int, np.uint8, float, np.float32])
@pytest.mark.parametrize("name", WAYS)
def test_an_arm_of_ones_and_noughts_is_an_arm(name, kind):
    """`~` of an integer 1 is -2, which picks row -2: Hájek said -0.66 where the effect was 0.28, with z = -139."""
    right, found = curve_of(WAYS[name](Y, arm(name))), curve_of(WAYS[name](Y, arm(name).astype(kind)))
    assert np.array_equal(right.effect, found.effect) and np.array_equal(right.error, found.error)


@pytest.mark.parametrize("wrong", [1 + TREATED.astype(int), np.where(TREATED, "ja", "nej"), np.where(np.arange(N) == 3, np.nan, TREATED)])
@pytest.mark.parametrize("name", WAYS)
def test_an_arm_that_is_neither_is_refused(name, wrong):
    assert WAYS[name](Y, wrong).key == "not-yes-no"


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", WAYS)
def test_a_missing_outcome_is_refused_unless_it_is_not_seen(name, hole):
    y = Y.copy()
    y[3, 1] = hole
    found = WAYS[name](y, arm(name))
    assert isinstance(found, Refused) and found.key == "missing-outcome" and "1 person" in found.reason and found.reason_en
    seen = np.ones(y.shape, dtype=bool)
    seen[3, 1] = False
    found, right = difference(y, TREATED, STRATUM, seen), difference(Y, TREATED, STRATUM, seen)
    assert np.array_equal(found.effect, right.effect) and np.array_equal(found.error, right.error)


@pytest.mark.parametrize("name", WAYS)
def test_columns_of_unlike_length_are_refused(name):
    assert WAYS[name](Y[:-1], arm(name)).key == "length"


@pytest.mark.parametrize("name", WAYS)
def test_the_memory_layout_and_the_width_of_numbers_do_not_matter(name):
    order = np.random.default_rng(3).permutation(N)
    right = curve_of(WAYS[name](Y, arm(name)))
    wide = np.zeros((2 * N, 6))
    wide[::2, ::2] = Y
    for other in (wide[::2, ::2], np.asfortranarray(Y)):
        found = curve_of(WAYS[name](other, np.repeat(arm(name), 2)[::2]))
        assert np.allclose(right.effect, found.effect, rtol=0, atol=1e-12) and np.allclose(right.error, found.error, rtol=0, atol=1e-12)
    assert np.allclose(curve_of(WAYS[name](Y.astype(np.float32), arm(name))).effect, right.effect, atol=1e-5)
    shuffled = difference(Y[order], TREATED[order], STRATUM[order])
    assert np.allclose(shuffled.error, difference(Y, TREATED, STRATUM).error, rtol=0, atol=1e-12)


@pytest.mark.parametrize("level", [0.0, 1.0, 0.1, 7.4, 1e6 + 0.1])
@pytest.mark.parametrize("name", sorted(WAYS.keys() - {"horvitz-thompson"}))  # which moves with the level, and says so itself
def test_rounding_is_no_effect(name, level):
    """Where everybody has the outcome (on benefit at the draw) the regression's noise gave z = 4.5, the weighted difference p = 2e-12."""
    found = curve_of(WAYS[name](np.full((N, 2), level), arm(name)))
    assert (found.effect == 0).all() and (found.psi == 0).all() and np.isnan([found.error, found.z, found.p]).all()


def test_a_level_for_each_stratum_is_no_effect_either():
    y = np.array([0.1, 0.7, 7.3])[STRATUM]
    for name in ("difference", "regression", "lin"):
        found = WAYS[name](y, TREATED)
        assert found.effect[0] == 0 and np.isnan(found.p[0])


def test_all_of_one_arm_and_none_of_the_other_has_no_error_to_go_by():
    """Without spread the statistic was nought: p = 1 beside a band from 1 to 1. The lottery alone can tell (below)."""
    y = TREATED.astype(float)
    for name in ("difference", "regression", "weighted"):
        found = WAYS[name](y, TREATED)
        assert found.effect[0] == pytest.approx(1) and np.isnan([found.error[0], found.z[0], found.p[0], *found.interval(0.1)[0]]).all()


@pytest.mark.parametrize("kind", [bool, float])
def test_the_sharpest_lottery_result_has_the_smallest_p(kind):
    """Five of five against none of five: two of 252 lotteries do it. It was refused, and counted as no difference where it was redrawn."""
    z, one = np.arange(10) < 5, np.zeros(10, dtype=np.int64)
    scheme = draw.Scheme.fixed(z, one)
    found = permutation.permutation(z[:, None].astype(kind), z, one, scheme.every(), True)
    assert found.p[0] == pytest.approx(2 / 252, abs=1e-12)
    nearly = z.copy()
    nearly[[4, 9]] = nearly[[9, 4]]
    again = permutation.permutation(nearly[:, None].astype(kind), z, one, scheme.every(), True)
    assert again.p[0] == pytest.approx(52 / 252, abs=1e-12)  # 2 + 2 · 25


def test_the_compiled_twin_counts_lotteries_without_spread_alike():
    dice = np.random.default_rng(8)
    stratum = np.repeat(np.arange(6), 5)
    treated = np.tile([True, True, False, False, False], 6)
    y = np.column_stack([treated, np.isin(np.arange(30), [0, 1]), dice.random(30) < 0.2])
    drawn = list(draw.Scheme.fixed(treated, stratum).redraws(400, dice))
    plain, tally = permutation.permutation(y.astype(float), treated, stratum, drawn), None
    import numba  # noqa: F401, PLC0415  # awake, so yes/no takes the compiled way

    tally = permutation.permutation(y, treated, stratum, drawn)
    assert np.array_equal(plain.p, tally.p) and np.array_equal(plain.p_family, tally.p_family)
    assert np.isinf(tally.statistic[0]) and 0 < tally.p[1] < 1


def test_a_week_in_which_nothing_varies_is_no_finding_of_the_wild_bootstrap():
    """0/0 reached nothing, so p was 0."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = wild.wild(np.column_stack([np.zeros(N), np.ones(N), np.full(N, 7.4), Y[:, 0]]), LOTS, CLUSTER, DICE)
    assert np.isnan(found.p[:3]).all() and np.isnan(found.t[:3]).all() and 0 < found.p[3] < 1


@pytest.mark.parametrize("kind", ["CR0", "CR1", "CR1S", "CR2"])
def test_one_cluster_in_an_arm_is_refused(kind):
    """Its residuals add up to nought, so its own ups and downs were counted as none: df 10 and an error half as large."""
    one = CLUSTER == 0
    assert clusters.clustered(Y, one, CLUSTER, kind=kind).key == "lone-cluster"
    assert clusters.clustered(Y, ~one, CLUSTER, kind=kind).key == "lone-cluster"
    two = np.isin(CLUSTER, [0, 5, 6, 9, 10])  # the only one of stratum 0
    assert clusters.clustered(Y, two, CLUSTER, STRATUM, kind=kind, lin=True).key == "lone-cluster"  # Lin needs the stratum's own difference
    assert isinstance(clusters.clustered(Y, two, CLUSTER, STRATUM, kind=kind), Curve)  # the common one does not
    assert isinstance(clusters.clustered(Y, CLUSTER % 2 == 0, CLUSTER, CLUSTER // 2, kind=kind), Curve)  # pairs


@pytest.mark.parametrize("seed", range(12))
def test_cr2_of_unlike_clusters_is_unbiased_and_by_the_definition(seed):
    """Random teams of 1 to 8 in one or two strata, shuffled. Under persons alike and independent E V = l'(X'X)^-1 l, the very thing CR2 is for."""
    dice = np.random.default_rng(seed)
    count = int(dice.integers(6, 14))
    cluster = np.repeat(np.arange(count), dice.integers(1, 9, count))
    cluster = dice.permutation(cluster)
    treated, stratum, n = (np.arange(count) % 2 == 0)[cluster], (np.arange(count) // 2 % 2)[cluster], len(cluster)  # never one alone
    y = dice.normal(size=n) + dice.normal(size=count)[cluster]
    found = clusters.clustered(y, treated, cluster, stratum)
    x = regression.design(treated, stratum)
    bread = np.linalg.inv(x.T @ x)
    left = np.eye(n) - x @ bread @ x.T
    pulls, scores = [], []
    for label in range(count):
        rows = cluster == label
        values, vectors = np.linalg.eigh(left[np.ix_(rows, rows)])
        root = (vectors * np.where(values > 1e-10, 1 / np.sqrt(np.maximum(values, 1e-10)), 0)) @ vectors.T
        pulls.append(left[:, rows] @ root @ x[rows] @ bread[:, 0])
        scores.append((bread @ x[rows].T @ root @ (left @ y)[rows])[0])
    gram = np.array(pulls) @ np.array(pulls).T
    assert found.error[0] ** 2 == pytest.approx(np.square(scores).sum(), rel=1e-9)
    assert found.df[0] == pytest.approx(np.trace(gram) ** 2 / (gram**2).sum(), rel=1e-9)
    assert np.trace(gram) == pytest.approx(bread[0, 0], rel=1e-9)


def test_a_week_without_one_arm_is_refused():
    """Without the arm's column the first coefficient was a stratum's level, and stood there as the effect."""
    seen = np.ones(Y.shape, dtype=bool)
    seen[TREATED, 1] = False
    assert regression.regression(Y, TREATED, STRATUM, observed=seen).key == "empty-week"
    assert regression.regression(Y, ~TREATED, STRATUM, observed=seen).key == "empty-week"
    seen = np.ones(Y.shape, dtype=bool)
    seen[LOTS, 1] = False
    assert clusters.clustered(Y, LOTS, CLUSTER, observed=seen).key == "empty-week"
    assert wild.wild(Y, LOTS, CLUSTER, DICE, observed=seen).key == "empty-week"
    assert clusters.clustered(Y, LOTS, CLUSTER, observed=seen & False).key == "empty-week"


def test_lin_goes_on_without_a_stratum_nobody_is_seen_in():
    """It refused the whole curve, since a centred dummy of a stratum not seen is a constant."""
    seen = np.ones(Y.shape, dtype=bool)
    seen[STRATUM == 2, 1] = False
    ours, plain = regression.regression(Y, TREATED, STRATUM, lin=True, observed=seen), difference(Y, TREATED, STRATUM, seen)
    assert np.allclose(ours.effect, plain.effect, rtol=0, atol=1e-12)
    among = STRATUM < 2
    alone = regression.regression(Y[among, 1], TREATED[among], STRATUM[among], X[among], lin=True)
    with_x = regression.regression(Y, TREATED, STRATUM, X, lin=True, observed=seen)
    assert with_x.effect[1] == pytest.approx(alone.effect[0], abs=1e-12) and with_x.error[1] == pytest.approx(alone.error[0], abs=1e-12)


def test_a_covariate_is_no_worse_for_its_unit():
    """Kroner in billions were called a copy of the others, because collinearity was measured against the largest column."""
    tiny = regression.regression(Y, TREATED, STRATUM, X * [1e-13, 1])
    assert np.allclose(tiny.effect, regression.regression(Y, TREATED, STRATUM, X).effect, rtol=0, atol=1e-9)
    copied = regression.regression(Y, TREATED, STRATUM, np.column_stack([X[:, 0], X[:, 0] * 1e-13]))
    assert copied.key == "collinear" and regression.regression(Y, TREATED, STRATUM, np.ones((N, 1))).key == "collinear"


def test_leverage_one_says_what_to_do():
    alone = np.append(STRATUM[:-1], 3)
    found = regression.regression(Y, TREATED, alone, kind="HC3")
    assert found.key == "leverage" and "HC3" in found.reason and "Slå strata sammen" in found.reason
    assert isinstance(regression.regression(Y, TREATED, alone, kind="HC1"), Curve)


def test_bands_with_few_clusters_are_t_all_the_way_out():
    """z was multiplied by t/z of a single week's quantile: 3.3 where the tail asked for is at 4.1, and a step-down p held t against the normal."""
    found = clusters.clustered(Y, LOTS, CLUSTER)
    drawn = bands.absolute_draws(found.covariance, np.random.default_rng(1), 20_000, found.df)
    made = bands.band(found, 0.9, np.sort(drawn.max(axis=1)))
    normal = float(np.quantile(drawn.max(axis=1), 0.9))
    assert made.simultaneous == pytest.approx(brentq(lambda c: 2 * _t_tail(c, found.df[0]) - 2 * _z_tail(normal), 0, 50), rel=1e-6)
    assert made.pointwise == pytest.approx(stdtrit(found.df[0], 0.95), rel=1e-12)
    alone = bands.adjusted(found.at(np.array([0])), drawn[:, :1])[0]
    assert alone == pytest.approx(found.p[0], abs=0.01)  # one week: its own p


def _t_tail(c, df):
    from scipy.stats import t  # noqa: PLC0415

    return t.sf(c, df)


def _z_tail(c):
    from scipy.stats import norm  # noqa: PLC0415

    return norm.sf(c)


def test_the_correlation_of_few_clusters_is_drawn_towards_none():
    """Eight clusters know six directions; twenty independent weeks looked like six, and the curve was covered 64 times in a hundred instead of 90."""
    dice, covered = np.random.default_rng(4), 0
    cluster, trials = np.repeat(np.arange(8), 6), 120
    treated = (np.arange(8) % 2 == 0)[cluster]
    for _ in range(trials):
        y = dice.normal(size=(8, 20))[cluster] + dice.normal(size=(48, 20))
        found = clusters.clustered(y, treated, cluster)
        made = bands.band(found, 0.9, bands.maxima(found.covariance, dice, 1000, found.df))
        covered += bool(((made.simultaneous_lower <= 0) & (made.simultaneous_upper >= 0)).all())
    assert covered / trials > 0.8  # claimed 0.9, Monte Carlo 0.03
    assert np.array_equal(bands.shrunk(np.ones((3, 3)), 8.0), np.ones((3, 3))) and bands.shrunk(np.eye(3), 8.0).sum() == 3


def test_a_family_of_parts_keeps_its_degrees_of_freedom():
    parts = {name: clusters.clustered(Y[:, at], LOTS, CLUSTER) for at, name in enumerate("ab")}
    found = subgroups.family(parts, 0.9, np.random.default_rng(1))
    assert np.allclose(found.p, [curve.p[0] for curve in parts.values()]) and found.critical > stdtrit(10, 0.95) > -ndtri(0.05)
    assert (found.p_joint >= found.p - 0.01).all()


def test_balance_tells_a_lottery_that_was_none():
    """A column that is the arm itself had SMD 0 and p = 1."""
    itself = TREATED[:, None].astype(float)
    assert balance.line("x", itself[:, 0], TREATED).key == "no-variation"
    assert balance.joint(itself, TREATED, STRATUM).key == balance.joint_wald(itself, TREATED, STRATUM).key == "separation"
    none = np.zeros((N, 0))
    assert {balance.joint(none, TREATED, STRATUM).key, balance.joint_wald(none, TREATED, STRATUM).key, balance.permuted(none, TREATED, STRATUM, redraws()).key} == {"no-covariates"}
    assert balance.joint(np.ones((N, 1)), TREATED, STRATUM).key == "collinear"


LEVELS = {
    "clopper-pearson": lambda a: audits.clopper_pearson(3, 10, a),
    "wilson": lambda a: audits.wilson(3, 10, a),
    "two-stage": lambda a: audits.two_stage(np.array([1, 2]), np.array([5, 5]), np.array([10, 10]), 5, a),
    "anderson-rubin": lambda a: complier.anderson_rubin(Y, RECEIVED, TREATED, STRATUM, a),
    "complier": lambda a: complier.complier(Y, RECEIVED, TREATED, STRATUM, a),
    "manski": lambda a: attrition.manski(Y > 0, Y > -1, TREATED, STRATUM, a),
    "lee": lambda a: attrition.lee(Y, Y > -1, TREATED, STRATUM, a),
    "sequence": lambda a: sequences.sequence(Y[:, 0], TREATED, HALF, a),
    "exact sequence": lambda a: sequences.exact_sequence((Y[:, 0] > 0) * 1.0, TREATED, HALF, a),
    "shift": lambda a: permutation.constant_effect(Y[:, 0], TREATED, STRATUM, redraws(), a),
    "kaplan-meier": lambda a: survival.kaplan_meier(TIME, TREATED | True, level=a),
    "cox": lambda a: hazards.cox(TIME, TREATED | True, TREATED, level=a),
    "power": lambda a: power.power(power.Design(100, 100, alpha=a), 0.2, 0.1),
    "smallest effect": lambda a: power.minimum_effect(power.Design(100, 100, alpha=a), 0.2),
    "events": lambda a: power.logrank_events(0.7, alpha=a),
}


@pytest.mark.parametrize("level", [0.0, 1.0, -0.1, 2.0, np.nan])
@pytest.mark.parametrize("name", LEVELS)
def test_a_level_of_nought_or_one_is_refused(name, level):
    assert isinstance(LEVELS[name](level), Refused)
    assert not isinstance(LEVELS[name](0.1), Refused)
    for wrong in (lambda: difference(Y, TREATED).interval(level), lambda: bands.band(difference(Y, TREATED), level, np.ones(9))):
        with pytest.raises(ValueError, match="between 0 and 1"):
            wrong()


@pytest.mark.parametrize("wrong", [{"r_squared": 1.0}, {"r_squared": -0.1}, {"subgroup": 0.0}, {"subgroup": 1.2}, {"compliance": 1.5}, {"icc": 2.0, "clusters": 10}])
def test_a_design_that_cannot_be_has_no_power(wrong):
    assert power.power(power.Design(100, 100, **wrong), 0.2, 0.1).key == "design"


def test_a_spell_cannot_end_before_it_is_seen():
    """Persons at risk went below nought, and a log-rank came out."""
    ended, entry = np.ones(N, dtype=bool), np.zeros(N)
    entry[5] = TIME[5] + 2
    found = [hazards.logrank(TIME, ended, TREATED, entry), hazards.cox(TIME, ended, TREATED, entry), hazards.scores(TIME, ended, entry), survival.kaplan_meier(TIME, ended, entry),
             survival.restricted_mean(TIME, ended, 4, entry), incidence.incidence(TIME, ended, [1, 2], entry)]  # fmt: skip
    assert {one.key for one in found} == {"no-time"}
    assert survival.restricted_mean(TIME, ended, 0).key == survival.restricted_mean(TIME, ended, -3).key == "no-limit"
    assert survival.kaplan_meier(TIME, ~ended).key == "no-events" and hazards.logrank(TIME, ~ended, TREATED).key == "no-comparison"
    assert hazards.logrank(np.where(ended, np.nan, 1), ended, TREATED).key == "no-time"


@pytest.mark.parametrize("seed", range(10))
def test_cox_and_log_rank_with_late_entry_ties_and_strata_by_brute_force(seed):
    """statsmodels counts those who enter on the very week as at risk in it; here the likelihood is written out, Efron's product over the ties."""
    dice = np.random.default_rng(seed)
    n = 60
    entry, stratum, x = dice.integers(0, 4, n), dice.integers(0, 2, n), dice.random(n) < 0.5
    out, ended = entry + dice.integers(1, 9, n), dice.random(n) < 0.6
    sets = [((stratum == s) & (entry < t) & (out >= t), (stratum == s) & ended & (out == t)) for s in (0, 1) for t in np.unique(out[ended & (stratum == s)])]

    def slope(beta):
        total = 0.0
        for risk, dead in sets:
            risks, deaths = np.exp(beta * x[risk]), np.exp(beta * x[dead])
            for step in np.arange(dead.sum()) / dead.sum():
                total -= ((risks * x[risk]).sum() - step * (deaths * x[dead]).sum()) / (risks.sum() - step * deaths.sum())
            total += x[dead].sum()
        return total

    found = hazards.cox(out, ended, x, entry, stratum)
    assert found.log_ratio == pytest.approx(brentq(slope, -9, 9, xtol=1e-13), abs=1e-9)
    assert found.error**-2 == pytest.approx(-(slope(found.log_ratio + 1e-5) - slope(found.log_ratio - 1e-5)) / 2e-5, rel=1e-6)
    test = hazards.logrank(out, ended, x, entry, stratum)
    terms = [(dead.sum(), (dead & x).sum(), risk.sum(), (risk & x).sum()) for risk, dead in sets]
    variance = sum(d * n1 / n * (1 - n1 / n) * (n - d) / (n - 1) for d, _, n, n1 in terms if n > 1)
    assert [test.observed, test.expected, test.variance] == pytest.approx([sum(t[1] for t in terms), sum(d * n1 / n for d, _, n, n1 in terms), variance], abs=1e-9)
    assert hazards.scores(out, ended, entry, stratum)[x].sum() == pytest.approx(test.observed - test.expected, abs=1e-9)


def test_hommel_is_the_closure_of_simes():
    dice = np.random.default_rng(2)
    for trial in range(60):
        m = int(dice.integers(1, 7))
        p = dice.choice([0.0, 0.001, 0.01, 0.02, 0.05, 0.2, 0.5, 1.0], m) if trial % 2 else dice.random(m)
        told = np.zeros(m)
        for some in itertools.chain.from_iterable(itertools.combinations(range(m), k) for k in range(1, m + 1)):
            simes = min(1.0, float((len(some) * np.sort(p[list(some)]) / np.arange(1, len(some) + 1)).min()))
            told[list(some)] = np.maximum(told[list(some)], simes)
        assert np.abs(multiplicity.hommel(p) - told).max() < 1e-12


def test_a_municipality_without_cases_and_an_audit_of_nought():
    with_none = audits.two_stage(np.array([1, 0, 3]), np.array([5, 0, 8]), np.array([20, 0, 30]), 10, 0.1)
    assert with_none == audits.two_stage(np.array([1, 3]), np.array([5, 8]), np.array([20, 30]), 10, 0.1)
    assert audits.two_stage(np.array([-1, 3]), np.array([5, 8]), np.array([20, 30]), 10, 0.1).key == "impossible"
    assert audits.clopper_pearson(0, 12, 0.1).lower == 0 and audits.clopper_pearson(0, 12, 0.1).upper == pytest.approx(1 - 0.05 ** (1 / 12), abs=1e-12)
    assert audits.clopper_pearson(12, 12, 0.1).upper == 1 and audits.wilson(0, 12, 0.1).lower == 0 and audits.wilson(12, 12, 0.1).upper == pytest.approx(1)
    assert audits.clopper_pearson(0, 0, 0.1).key == audits.wilson(1.5, 3, 0.1).key == "impossible"
    assert audits.cases_needed(0.0, 0.05, 500, 0.1).key == audits.cases_needed(0.3, 0.0, 500, 0.1).key == "share"


@pytest.mark.parametrize("shape", ["nobody received", "nothing happened", "as drawn"])
def test_anderson_rubin_where_nothing_varies(shape):
    y = np.zeros(N) if shape == "nothing happened" else TREATED.astype(float) if shape == "as drawn" else Y[:, 0]
    d = TREATED & False if shape == "nobody received" else TREATED
    found = complier.anderson_rubin(y, d, TREATED, STRATUM, 0.1)[0]
    assert found == {"nobody received": ((-np.inf, np.inf),), "nothing happened": ((0.0, 0.0),), "as drawn": ((1.0, 1.0),)}[shape]
    answer = complier.complier(y, d, TREATED, STRATUM, 0.1)
    assert answer.key == "weak-first-stage" if shape == "nobody received" else answer.robust_f == np.inf


@pytest.mark.parametrize("seed", range(6))
def test_anderson_rubin_sets_hold_exactly_what_is_not_rejected(seed):
    dice = np.random.default_rng(seed)
    d = (TREATED & (dice.random(N) < [0.05, 0.3, 0.9][seed % 3])) | (dice.random(N) < 0.2)
    y = dice.normal(size=N) + d
    inside = complier.anderson_rubin(y, d, TREATED, STRATUM, 0.1)[0]
    form, stage = (regression.regression(v, TREATED, STRATUM, None, "HC1") for v in (y, d))
    for beta in dice.normal(size=300) * 10:
        t = abs(form.effect - beta * stage.effect)[0] / np.sqrt(((form.psi - beta * stage.psi) ** 2).sum())
        assert any(low <= beta <= high for low, high in inside) == (t <= -ndtri(0.05))


def test_certain_or_missing_chances_are_refused_before_anything_is_divided():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for chance, key in ((np.where(np.arange(N) == 4, 0.0, 0.5), "certain"), (np.where(np.arange(N) == 4, np.nan, 0.5), "chance"), (HALF + 1, "chance")):
            assert weighting.weighted(Y, TREATED, chance).key == key and sequences.sequence(Y[:, 0], TREATED, chance, 0.1).key == key
            assert complier.complier(Y, RECEIVED, TREATED, STRATUM, 0.1, probability=chance).key == key
            assert permutation.permutation(Y, TREATED, STRATUM, redraws(), probability=chance).key == key
    with pytest.raises(ValueError, match="between 0 and 1"):
        draw.Scheme.personal(np.array([0.5, np.nan]))


def test_a_lottery_that_leaves_a_stratum_empty_warns_of_nothing():
    chance, stratum = np.full(8, 0.3), np.repeat([0, 1], 4)
    scheme, z = draw.Scheme.personal(chance), np.array([True, False, True, False, True, False, True, False])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = permutation.permutation(Y[:8], z, stratum, scheme.every(), True, None, chance, scheme.likelihood)
    assert (found.p > 0).all()


def test_shares_of_an_arm_in_numbers_are_the_arms():
    assert np.array_equal(shares(Y, TREATED.astype(np.uint8))[0], Y[TREATED].mean(axis=0))


def test_a_roll_out_over_few_municipalities_has_t_limits():
    """Nine municipalities, three cohorts: the normal covered 85-88 times in a hundred instead of 90."""
    dice, first = np.random.default_rng(7), np.array([3, 3, 3, 5, 5, 5, -1, -1, -1])
    label = np.repeat(np.arange(9), 10)
    inside, trials = 0, 200
    for _ in range(trials):
        y = np.cumsum(dice.normal(size=(9, 8)), axis=1)[label] + dice.normal(size=(90, 8))
        curve = staggered.staggered(y, first[label], "not-yet", label).simple()
        low, high = curve.interval(0.1)
        inside += bool(low[0] <= 0 <= high[0])
        parts = [(curve.psi[first == g, 0] ** 2).sum() for g in (3, 5, -1)]
        assert curve.df[0] == pytest.approx(sum(parts) ** 2 / sum(v**2 / 2 for v in parts), rel=1e-9)
    assert inside / trials > 0.88
    assert staggered.staggered(y, first[label]).simple().df is None  # one by one they are many


BACKGROUNDS = {
    "decides": (TREATED * 1.0, {"separation", "outside-hull", "collinear"}), "nearly decides": (TREATED + 0.1 * DICE.random(N), {"separation", "outside-hull", "too-few", "collinear"}),
    "decides for some": ((TREATED & (np.arange(N) < 6)) * 1.0, {"separation", "outside-hull", "collinear"}), "the same for all": (np.ones(N), {"collinear"}),
    "one far out": (np.where(np.arange(N) == 0, 1e9, X[:, 0]), {"separation", "outside-hull"}), "a hole": (np.where(np.arange(N) == 1, np.inf, X[:, 0]), {"missing-covariate"}),
    "more columns than persons": (DICE.normal(size=(N, N)), {"too-few"}), "none": (np.zeros((N, 0)), {"no-covariates"}),
}  # fmt: skip


@pytest.mark.parametrize("name", BACKGROUNDS)
@pytest.mark.parametrize("way", [doubly.doubly, entropy.entropy, matching.matching, propensity.weighting])
def test_a_background_without_comparable_people_is_refused(way, name):
    """Nothing is divided by nought on the way. Matching finds somebody for one far out (the overlap check is what tells); without a background the logit is the plain share."""
    x, keys = BACKGROUNDS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = way(Y, TREATED, x)
    if (name == "one far out" and way is matching.matching) or (name == "none" and way in (doubly.doubly, propensity.weighting)):
        assert np.isfinite(curve_of(found).error).all()
    else:
        assert isinstance(found, Refused) and found.key in keys


def test_clusters_with_a_chance_each_are_not_counted_as_if_alike():
    """The chances were left out of the account without a word."""
    chance = np.where(CLUSTER % 3 == 0, 0.3, 0.6)
    assert complier.complier(Y, LOTS, LOTS, STRATUM, 0.1, cluster=CLUSTER, probability=chance).key == "clusters"
    assert complier.anderson_rubin(Y, LOTS, LOTS, STRATUM, 0.1, cluster=CLUSTER, probability=chance).key == "clusters"
    groups = {"a": np.arange(N) < 60, "b": np.arange(N) < 50}
    split = subgroups.split("x", Y, LOTS, STRATUM * 0, groups, None, CLUSTER, chance)
    assert {part.curve.key for part in split.parts} == {"clusters"} and split.homogeneity_p is None
