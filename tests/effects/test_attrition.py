"""Not everybody is seen: bounds by their definition and Lee's own variance formula, response weights against statsmodels and the stacked moments."""

from types import SimpleNamespace

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from snerydder.effects import attrition
from snerydder.effects.difference import difference
from snerydder.effects.results import Refused


@pytest.fixture(scope="module")
def a(t):
    dice = np.random.default_rng(8)
    wage = 20 + 4 * t.x[:, 0] + 3 * t.treated + dice.normal(0, 5, t.n)
    seen = dice.random(t.n) < 1 / (1 + np.exp(-(0.6 + 0.5 * t.treated + 0.5 * t.x[:, 0])))
    return SimpleNamespace(wage=wage, seen=seen, one=np.zeros(t.n, dtype=np.int64), t=t)


def close(ours, theirs, bound=1e-9):
    assert np.max(np.abs(np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float))) < bound


def test_differential_response_is_the_difference_in_shares(a):
    found = attrition.response(a.seen, a.t.treated, a.one)
    one, zero = a.seen[a.t.treated], a.seen[~a.t.treated]
    close(found.effect[0], one.mean() - zero.mean())
    close(found.error[0] ** 2, one.var(ddof=1) / len(one) + zero.var(ddof=1) / len(zero))


def lee_by_hand(y, seen, treated):
    """Sort, drop, average (the one at the edge by its part), and the variance of Lee (2009), proposition 3, term by term."""
    y1, y0 = np.sort(y[treated & seen]), y[~treated & seen]
    alpha1, alpha0, n1, n0 = seen[treated].mean(), seen[~treated].mean(), treated.sum(), (~treated).sum()
    p = 1 - alpha0 / alpha1
    found = []
    for values in (y1, -y1):
        values, left, parts = np.sort(values), (1 - p) * len(y1), []
        for value in values:
            parts.append((value, min(1.0, left)))
            left -= parts[-1][1]
            if left <= 1e-12:
                break
        trimmed, weights = np.array(parts).T
        mean, edge = np.average(trimmed, weights=weights), trimmed[-1]
        inside = np.average((trimmed - mean) ** 2, weights=weights)
        v = inside / (len(y1) * (1 - p)) + (edge - mean) ** 2 * p / (len(y1) * (1 - p))
        v += ((edge - mean) / (1 - p)) ** 2 * (1 - p) ** 2 * ((1 - alpha1) / (alpha1 * n1) + (1 - alpha0) / (alpha0 * n0))
        found.append((mean, np.sqrt(v + y0.var() / len(y0))))
    return found[0][0] - y0.mean(), found[0][1], -found[1][0] - y0.mean(), found[1][1], p


def test_lee_by_his_own_formula(a):
    found = attrition.lee(a.wage, a.seen, a.t.treated, a.one, 0.1)
    expected = lee_by_hand(a.wage, a.seen, a.t.treated)
    assert expected[4] > 0.05  # more are seen among those drawn
    close([found.lower.effect[0], found.lower.error[0], found.upper.effect[0], found.upper.error[0], found.trimmed[0]], expected)


def test_lee_trims_the_control_arm_when_more_of_it_is_seen(a):
    found = attrition.lee(a.wage, a.seen, ~a.t.treated, a.one, 0.1)
    expected = lee_by_hand(a.wage, a.seen, a.t.treated)
    close([-found.upper.effect[0], found.upper.error[0], -found.lower.effect[0], found.lower.error[0], found.trimmed[0]], expected)


def test_lee_of_a_yes_no_outcome_by_counting():
    """50 drawn, 40 seen, 20 yes; 50 not, 30 seen, 12 yes: 10 of the 40 leave, all with yes or all with no."""
    treated = np.repeat([True, False], 50)
    seen, yes = np.zeros(100, dtype=bool), np.zeros(100)
    seen[:40] = seen[50:80] = True
    yes[:20] = yes[50:62] = 1
    found = attrition.lee(yes, seen, treated, np.zeros(100, dtype=np.int64), 0.1)
    close([found.lower.effect[0], found.upper.effect[0], found.trimmed[0]], [10 / 30 - 12 / 30, 20 / 30 - 12 / 30, 0.25])


def test_everybody_seen_leaves_one_number(a):
    everybody = np.ones(a.t.n, dtype=bool)
    plain = difference(a.wage, a.t.treated)
    for found in (attrition.lee(a.wage, everybody, a.t.treated, a.one, 0.1), attrition.manski(a.wage, everybody, a.t.treated, a.one, 0.1, -50, 90)):
        close([found.lower.effect[0], found.upper.effect[0]], plain.effect[0])
    close(attrition.reweighted(a.wage, everybody, a.t.treated, a.one, a.t.x).effect, plain.effect)


def test_manski_by_filling_in(a):
    found = attrition.manski(a.t.outcome, np.tile(a.seen[:, None], a.t.weeks), a.t.treated, a.t.stratum, 0.1)
    worst = np.where(a.seen[:, None], a.t.outcome, ~a.t.treated[:, None])
    close(found.lower.effect, difference(worst, a.t.treated, a.t.stratum).effect)
    close(
        found.upper.effect - found.lower.effect,
        sum((a.t.stratum == s).mean() * sum(1 - a.seen[(a.t.stratum == s) & (a.t.treated == arm)].mean() for arm in (True, False)) for s in range(5)),
    )


def test_the_interval_solves_imbens_and_manski(a):
    found = attrition.lee(a.wage, a.seen, a.t.treated, a.one, 0.1)
    reach = (found.lower.effect[0] - found.interval_lower[0]) / found.lower.error[0]
    width = (found.upper.effect[0] - found.lower.effect[0]) / max(found.lower.error[0], found.upper.error[0])
    close(stats.norm.cdf(reach + width) - stats.norm.cdf(-reach), 0.9)
    close((found.interval_upper[0] - found.upper.effect[0]) / found.upper.error[0], reach)
    close([attrition._reach(0.0, 0.1), attrition._reach(50.0, 0.1)], stats.norm.ppf([0.95, 0.9]))


def test_response_weights_against_the_stacked_moments(a):
    """statsmodels' logit, and the sandwich of all the moments at once, differentiated by complex steps."""
    found = attrition.reweighted(a.wage, a.seen, a.t.treated, a.one, a.t.x)
    effect = variance = 0.0
    for arm, sign in ((a.t.treated, 1), (~a.t.treated, -1)):
        x, s, y = sm.add_constant(a.t.x[arm]), a.seen[arm].astype(float), a.wage[arm]
        gamma = sm.Logit(s, x).fit(disp=0, tol=1e-14, maxiter=100).params
        e = 1 / (1 + np.exp(-x @ gamma))
        mean = np.average(y, weights=s / e)
        theta = np.append(gamma, mean)

        def moments(theta, x=x, s=s, y=y):
            e = 1 / (1 + np.exp(-x @ theta[:-1]))
            return np.column_stack([x * (s - e)[:, None], s / e * (y - theta[-1])])

        jacobian = np.column_stack([moments(theta + 1e-30j * np.eye(len(theta))[k]).imag.sum(axis=0) / 1e-30 for k in range(len(theta))])
        inverse = np.linalg.inv(jacobian)
        effect += sign * mean
        variance += (inverse @ moments(theta).T @ moments(theta) @ inverse.T)[-1, -1]
    close([found.effect[0], found.error[0]], [effect, np.sqrt(variance)])
    known = attrition.reweighted(a.wage, a.seen, a.t.treated, a.one, a.t.x[:, :0])
    close(known.effect[0], a.wage[a.seen & a.t.treated].mean() - a.wage[a.seen & ~a.t.treated].mean())


def test_each_week_by_those_seen_in_it(a):
    seen = np.column_stack([a.seen, np.ones(a.t.n, dtype=bool), a.seen])
    found = attrition.reweighted(a.t.outcome[:, :3], seen, a.t.treated, a.one, a.t.x)
    for week in range(3):
        alone = attrition.reweighted(a.t.outcome[:, week], seen[:, week], a.t.treated, a.one, a.t.x)
        close([found.effect[week], found.error[week]], [alone.effect[0], alone.error[0]])


REFUSALS = {
    "too-few": lambda a: attrition.lee(a.wage, np.arange(a.t.n) < 3, a.t.treated, a.one, 0.1),
    "one-arm": lambda a: attrition.lee(a.wage, a.seen, a.t.treated, a.t.treated.astype(np.int64), 0.1),
    "range": lambda a: attrition.manski(a.wage, a.seen, a.t.treated, a.one, 0.1, 0.0, 20.5),
    "separation": lambda a: attrition.reweighted(a.wage, a.t.x[:, 1] > 0, a.t.treated, a.one, a.t.x),
}


@pytest.mark.parametrize("key", REFUSALS)
def test_it_refuses_with_a_reason(a, key):
    found = REFUSALS[key](a)
    assert isinstance(found, Refused) and found.key == key and found.reason and found.reason_en
