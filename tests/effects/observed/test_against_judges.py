"""Each comparison against statsmodels, SciPy or the plain definition. Where the bound is not 1e-9 the judge is the less exact of the two, and it says why."""

from pathlib import Path

import numpy as np
import pytest
import statsmodels
import statsmodels.api as sm
from scipy.optimize import minimize
from scipy.spatial.distance import cdist
from statsmodels.treatment.treatment_effects import TreatmentEffect

from snerydder.effects.difference import difference
from snerydder.effects.observed.doubly import doubly, folds
from snerydder.effects.observed.entropy import entropy
from snerydder.effects.observed.matching import matching
from snerydder.effects.observed.propensity import propensity, weighting, with_constant
from snerydder.effects.results import Refused
from tests.effects.observed.conftest import sandwich, town

CLOSE = 1e-9
BIRTHS = ("bweight", "mage", "medu", "mbsmoke_", "mmarried_", "fbaby_")
BY_DIFFERENCES = 1e-6  # of the error: what a numeric derivative is good for


def close(ours, theirs, bound=CLOSE):
    assert np.max(np.abs(np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float))) < bound


def judge(t, week):
    select = sm.Logit(t.started.astype(float), sm.add_constant(t.x)).fit(disp=0, method="newton", tol=1e-14)
    return TreatmentEffect(sm.OLS(t.outcome[:, week], sm.add_constant(t.x)), t.started.astype(float), results_select=select)


def test_the_score_is_statsmodels_logit(t):
    theirs = sm.Logit(t.started.astype(float), sm.add_constant(t.x)).fit(disp=0, method="newton", tol=1e-14)
    ours = propensity(t.started, t.x)
    close(ours.score, theirs.predict())
    close(ours.coefficients, theirs.params)
    close(ours.influence.sum(axis=0), 0)


def test_odds_weighting_against_statsmodels(t):
    ours = weighting(t.outcome, t.started, t.x)
    for week in range(t.weeks):
        theirs = judge(t, week).ipw(return_results=True, effect_group=1)
        close(ours.curve.effect[week], theirs.start_params[0])
        close(ours.control[week], theirs.start_params[1])
        close(
            ours.curve.error[week] / theirs.results_gmm.bse[0], 1, 1e-5
        )  # statsmodels moves its solution by a search and differentiates numerically


def test_odds_weighting_against_the_plain_sandwich(t):
    x, d = with_constant(t.x), t.started.astype(float)
    ours = weighting(t.outcome, t.started, t.x)
    score = propensity(t.started, t.x)
    for week in range(t.weeks):
        y = t.outcome[:, week]

        def moments(theta, y=y):
            gamma, one, zero = theta[:4], theta[4], theta[5]
            e = 1 / (1 + np.exp(-x @ gamma))
            return np.column_stack([x * (d - e)[:, None], d * (y - one), (1 - d) * e / (1 - e) * (y - zero)])

        theta = np.array([*score.coefficients, y[t.started].mean(), ours.control[week]])
        close(moments(theta).sum(axis=0), 0)
        v = sandwich(moments, theta)
        close(ours.curve.error[week] / np.sqrt(v[4, 4] + v[5, 5] - 2 * v[4, 5]), 1, BY_DIFFERENCES)


def test_the_scores_own_uncertainty_counts(t):
    ours = weighting(t.outcome, t.started, t.x)
    known = ours.weights[:, None] * (t.outcome - ours.control)
    one = np.where(t.started[:, None], t.outcome - t.outcome[t.started].mean(axis=0), 0) / t.started.sum()
    assert (np.abs(ours.curve.error / np.sqrt(((one - known) ** 2).sum(axis=0)) - 1) > 1e-3).any()


def test_entropy_balancing_has_the_starters_means(t):
    ours = entropy(t.outcome, t.started, t.x)
    close(ours.weights @ t.x, t.x[t.started].mean(axis=0))
    close(ours.weights.sum(), 1)
    assert (ours.weights[~t.started] > 0).all()


def test_entropy_weights_against_scipys_search(t):
    target = t.x[t.started].mean(axis=0)
    gap = (t.x[~t.started] - target) / t.x.std(axis=0)
    found = minimize(lambda at: np.log(np.exp(gap @ at).sum()), np.zeros(3), method="BFGS", options={"gtol": 1e-10})
    theirs = np.exp(gap @ found.x)
    close(entropy(t.outcome, t.started, t.x).weights[~t.started], theirs / theirs.sum(), 1e-8)  # the search stops there


def test_entropy_errors_against_the_plain_sandwich(t):
    d, scale = t.started.astype(float), t.x.std(axis=0)
    x = (t.x - t.x.mean(axis=0)) / scale
    ours = entropy(t.outcome, t.started, t.x)
    mean = x[t.started].mean(axis=0)
    weights = ours.weights[~t.started]
    tilt = np.linalg.lstsq(with_constant(x[~t.started] - mean), np.log(weights), rcond=None)[0]
    for week in (0, 3):
        y = t.outcome[:, week]

        def moments(theta, y=y):
            m, lamda, one, zero = theta[:3], theta[3:6], theta[6], theta[7]
            w = (1 - d) * np.exp(np.clip((x - m) @ lamda, -50, 50))
            return np.column_stack([d[:, None] * (x - m), w[:, None] * (x - m), d * (y - one), w * (y - zero)])

        theta = np.array([*mean, *tilt[1:], y[t.started].mean(), ours.control[week]])
        v = sandwich(moments, theta)
        close(ours.curve.error[week] / np.sqrt(v[6, 6] + v[7, 7] - 2 * v[6, 7]), 1, BY_DIFFERENCES)


def test_doubly_robust_ate_against_statsmodels(t):
    ours = doubly(t.outcome, t.started, t.x, "ATE")
    for week in range(t.weeks):
        theirs = judge(t, week).aipw(return_results=True)
        close(ours.effect[week], theirs.start_params[0])
        close(ours.error[week] / theirs.results_gmm.bse[0], 1, 1e-5)  # as for the odds weights


@pytest.mark.parametrize("target", ["ATT", "ATE"])
def test_doubly_robust_against_the_plain_formula_and_sandwich(t, target):
    x, d = with_constant(t.x), t.started.astype(float)
    ours, score = doubly(t.outcome, t.started, t.x, target), propensity(t.started, t.x)
    for week in (0, 4):
        y = t.outcome[:, week]
        lines = [np.linalg.lstsq(x[t.started == arm], y[t.started == arm], rcond=None)[0] for arm in (False, True)]

        def moments(theta, y=y):
            gamma, b0, b1, tau = theta[:4], theta[4:8], theta[8:12], theta[12]
            e, r0, r1 = 1 / (1 + np.exp(-x @ gamma)), y - x @ b0, y - x @ b1
            phi = d * r0 - (1 - d) * e / (1 - e) * r0 - d * tau if target == "ATT" else x @ (b1 - b0) + d * r1 / e - (1 - d) * r0 / (1 - e) - tau
            return np.column_stack([x * (d - e)[:, None], x * ((1 - d) * r0)[:, None], x * (d * r1)[:, None], phi])

        theta = np.array([*score.coefficients, *lines[0], *lines[1], ours.effect[week]])
        close(moments(theta).sum(axis=0), 0)
        close(ours.error[week] / np.sqrt(sandwich(moments, theta)[12, 12]), 1, BY_DIFFERENCES)


def test_cross_fitting_by_the_definition(t):
    fold = folds(t.started, 4, np.random.default_rng(2))
    for target in ("ATT", "ATE"):
        ours = doubly(t.outcome, t.started, t.x, target, fold)
        y, d, x = t.outcome[:, 1], t.started.astype(float), sm.add_constant(t.x)
        e, m0, m1 = np.zeros(t.n), np.zeros(t.n), np.zeros(t.n)
        for part in range(4):
            here, away = fold == part, fold != part
            e[here] = sm.Logit(d[away], x[away]).fit(disp=0, method="newton", tol=1e-14).predict(x[here])
            for found, arm in ((m0, False), (m1, True)):
                rows = away & (t.started == arm)
                found[here] = sm.OLS(y[rows], x[rows]).fit().predict(x[here])
        if target == "ATT":
            parts = d * (y - m0) - (1 - d) * e / (1 - e) * (y - m0)
            effect = parts.sum() / d.sum()
            phi = (parts - d * effect) / d.mean()
        else:
            parts = m1 - m0 + d * (y - m1) / e - (1 - d) * (y - m0) / (1 - e)
            effect = parts.mean()
            phi = parts - effect
        close([ours.effect[1], ours.error[1]], [effect, np.sqrt((phi**2).sum()) / t.n])


def slow_matching(y, d, x, k, correct, j=1):
    """Abadie & Imbens (2006, 2011) person by person."""
    distance = np.round(cdist(x, x, "mahalanobis", VI=np.linalg.inv(np.cov(x.T))), 10)
    ones, zeros = np.flatnonzero(d), np.flatnonzero(~d)
    sets = {i: zeros[distance[i, zeros] <= np.sort(distance[i, zeros])[k - 1]] for i in ones}
    use, squared = np.zeros(len(y)), np.zeros(len(y))
    for i in ones:
        use[sets[i]] += 1 / len(sets[i])
        squared[sets[i]] += 1 / len(sets[i]) ** 2
    used = np.flatnonzero(use)
    line = sm.WLS(y[used], sm.add_constant(x[used]), weights=use[used]).fit().params[1:]
    gaps = np.array([y[i] - np.mean([y[m] + correct * (x[i] - x[m]) @ line for m in sets[i]]) for i in ones])
    variance = ((gaps - gaps.mean()) ** 2).sum()
    for i in used:
        others = zeros[zeros != i]
        near = others[distance[i, others] <= np.sort(distance[i, others])[j - 1]]
        variance += (use[i] ** 2 - squared[i]) * len(near) / (len(near) + 1) * (y[i] - y[near].mean()) ** 2
    return gaps.mean(), np.sqrt(variance) / len(ones), use / len(ones)


@pytest.mark.parametrize("neighbours", [1, 3])
@pytest.mark.parametrize("correct", [False, True])
@pytest.mark.parametrize("ties", [False, True])
def test_matching_by_the_slow_definition(neighbours, correct, ties):
    t = town(seed=8, n=150, weeks=2)
    x = np.column_stack([np.round(t.x[:, 0]), t.x[:, 1], np.round(t.x[:, 2] / 3)]) if ties else t.x
    ours = matching(t.outcome, t.started, x, neighbours, correct)
    for week in range(2):
        effect, error, weights = slow_matching(t.outcome[:, week], t.started, x, neighbours, correct)
        close([ours.curve.effect[week], ours.curve.error[week]], [effect, error])
        close(ours.weights, weights)


def test_exact_twins_are_the_difference_within_cells():
    """With one yes/no covariate matching, balancing and weighting are all the cell means weighted by the starters."""
    t = town(seed=3, n=300, weeks=2)
    x = t.x[:, 1:2]
    by_hand = sum(
        (x[t.started, 0] == v).mean() * (t.outcome[t.started & (x[:, 0] == v)].mean(axis=0) - t.outcome[~t.started & (x[:, 0] == v)].mean(axis=0))
        for v in (0, 1)
    )
    for ours in (
        matching(t.outcome, t.started, x, 1, False).curve,
        entropy(t.outcome, t.started, x).curve,
        weighting(t.outcome, t.started, x).curve,
        doubly(t.outcome, t.started, x),
    ):
        close(ours.effect, by_hand)


@pytest.mark.parametrize("estimator", [lambda *a: weighting(*a).curve, lambda *a: entropy(*a).curve, doubly, lambda *a: matching(*a).curve])
def test_the_order_and_the_scale_do_not_matter(t, estimator):
    order = np.random.default_rng(1).permutation(t.n)
    first = estimator(t.outcome, t.started, t.x)
    again = estimator(t.outcome[order], t.started[order], t.x[order] * [1000.0, 1.0, 0.01] + [5, 0, 0])
    close(first.effect, again.effect)
    close(first.psi[order], again.psi)


def test_without_covariates_that_matter_entropy_is_near_the_plain_difference():
    """A covariate with the same mean in both groups moves no weight, and the error is Neyman's but for n in place of n - 1."""
    y = np.random.default_rng(4).random((80, 3))
    started, x = np.arange(80) % 2 == 0, np.repeat([0.0, 0.0, 1.0, 1.0], 20)[:, None]
    ours, plain = entropy(y, started, x), difference(y, started)
    close(ours.curve.effect, plain.effect)
    close(ours.weights[~started], 1 / 40)


def test_refusals(t):
    def key(found):
        assert isinstance(found, Refused) and found.reason and found.reason_en
        return found.key

    far = t.x.copy()
    far[t.started, 0] += 20
    assert key(weighting(t.outcome, t.started, far)) == "separation"
    assert key(doubly(t.outcome, t.started, far)) == "separation"
    assert key(entropy(t.outcome, t.started, far)) == "outside-hull"
    none = t.x.copy()
    none[:, 1] = ~t.started & (t.x[:, 1] > 0)  # a trait that no starter has
    assert key(weighting(t.outcome, t.started, none)) == "separation"
    edge = t.x.copy()
    edge[:, 1] = t.started  # on the hull's very edge: every starter has what nobody else has
    assert key(entropy(t.outcome, t.started, edge)) == "outside-hull"
    for estimator in (weighting, entropy, doubly, matching):
        assert key(estimator(t.outcome, np.ones(t.n, dtype=bool), t.x)) == "one-arm"
        assert key(estimator(t.outcome, t.started, np.column_stack([t.x, t.x[:, 0] + t.x[:, 1]]))) == "collinear"
        assert key(estimator(np.where(np.arange(t.n)[:, None] == 3, np.nan, t.outcome), t.started, t.x)) == "missing-outcome"
        assert key(estimator(t.outcome, t.started, np.where(np.arange(t.n)[:, None] == 3, np.nan, t.x))) == "missing-covariate"
    assert key(matching(t.outcome, t.started, t.x, 500)) == "too-few"


@pytest.mark.parametrize("seed", range(40))
def test_a_logit_that_runs_away_is_refused_and_never_a_number(seed):
    """No starter has the trait; in every second town one covariate splits the two groups clean."""
    dice = np.random.default_rng(seed)
    x = dice.normal(size=(int(dice.integers(12, 200)), 3))
    x[:, 1] = dice.random(len(x)) < 0.3
    started = (x[:, 1] == 0) & (dice.random(len(x)) < 0.5) if seed % 2 else x[:, 0] > 0
    found = propensity(started, x)
    assert isinstance(found, Refused) and found.key in ("separation", "collinear")


def test_matching_on_the_score_is_what_stata_publishes():
    """Stata's manual, `teffects psmatch ... , atet` on its example data, which come with statsmodels: -236.7848. Whole of the ties are used in both."""
    data = np.genfromtxt(Path(statsmodels.__file__).parent / "treatment/tests/results/cataneo2.csv", delimiter=",", names=True, usecols=BIRTHS)
    x = np.column_stack([data["mmarried_"], data["mage"], data["mage"] ** 2, data["fbaby_"], data["medu"]])
    smoked = data["mbsmoke_"] == 1
    close(matching(data["bweight"], smoked, propensity(smoked, x).score[:, None], 1, False).curve.effect, -236.7848, 5e-5)  # its digits
