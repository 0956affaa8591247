"""Audit samples: intervals against statsmodels, two stages against every sample there is."""

import itertools

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from snerydder.effects import audits
from snerydder.effects.results import Refused


@pytest.mark.parametrize("alpha", [0.05, 0.1])
@pytest.mark.parametrize(("yes", "looked_at"), [(0, 20), (1, 20), (13, 20), (20, 20), (27, 81), (1, 1)])
def test_the_intervals_against_statsmodels(yes, looked_at, alpha):
    for ours, method in ((audits.clopper_pearson, "beta"), (audits.wilson, "wilson")):
        found, theirs = ours(yes, looked_at, alpha), proportion_confint(yes, looked_at, alpha, method)
        assert (found.estimate, found.lower, found.upper) == pytest.approx((yes / looked_at, *theirs), abs=1e-9)


CASES = [np.array([1, 0, 1, 1]), np.array([0, 0, 1]), np.array([1, 1, 0, 1, 1]), np.array([0, 1, 0])]


def samples(m, each):
    """Every two-stage sample: (municipalities, cases found, looked at, there are) with its probability."""
    chosen = list(itertools.combinations(range(len(CASES)), m))
    for places in chosen:
        within = [list(itertools.combinations(range(len(CASES[place])), each)) for place in places]
        count = np.prod([len(part) for part in within])
        for picks in itertools.product(*within):
            yes = np.array([CASES[place][list(pick)].sum() for place, pick in zip(places, picks, strict=True)])
            yield yes, np.full(m, each), np.array([len(CASES[place]) for place in places]), 1 / len(chosen) / count


def error(found):
    return 0.0 if isinstance(found, Refused) else found.error


@pytest.mark.parametrize("m", [2, 3, 4])
def test_over_every_sample_the_mean_and_its_variance_are_right(m):
    """Each municipality counting the same, both are without bias: the mean over all samples is the truth, to the last digit."""
    means, chance, variances = [], [], []
    for yes, looked_at, cases, p in samples(m, 2):
        found = audits.two_stage(yes, looked_at, cases, 4, 0.1, "municipality")
        means.append((yes / looked_at).mean())
        variances.append(error(found) ** 2)
        chance.append(p)
    truth = np.mean([part.mean() for part in CASES])
    means, chance = np.array(means), np.array(chance)
    assert chance.sum() == pytest.approx(1) and chance @ means == pytest.approx(truth, abs=1e-12)
    assert chance @ np.array(variances) == pytest.approx(chance @ (means - truth) ** 2, abs=1e-12)


def test_each_case_counting_the_same_by_the_formula():
    yes, n, cases = np.array([3, 7, 2, 9]), np.array([10, 12, 8, 11]), np.array([120, 300, 60, 210])
    p = yes / n
    estimate = sum(cases * p) / sum(cases)
    between = (1 - 4 / 98) * sum((cases * p - estimate * cases) ** 2) / 3 / 4
    within = sum(cases**2 * (1 - n / cases) * (p * (1 - p) * n / (n - 1)) / n) / (4 * 98)
    expected = np.sqrt(between + within) / np.mean(cases)
    found = audits.two_stage(yes, n, cases, 98, 0.1)
    reach = stats.t.ppf(0.95, 3) * expected
    assert (found.estimate, found.error) == pytest.approx((estimate, expected), abs=1e-12)
    assert (found.lower, found.upper) == pytest.approx((max(estimate - reach, 0), min(estimate + reach, 1)), abs=1e-12)


def test_all_municipalities_drawn_is_a_stratified_sample():
    yes, n, cases = np.array([3, 7, 2]), np.array([10, 12, 8]), np.array([120, 300, 60])
    p, share = yes / n, cases / cases.sum()
    found = audits.two_stage(yes, n, cases, 3, 0.1)
    variance = sum(share**2 * (1 - n / cases) * p * (1 - p) / (n - 1))
    assert found.error**2 == pytest.approx(variance, abs=1e-12)
    assert found.upper - found.estimate == pytest.approx(1.6448536269514722 * variance**0.5, abs=1e-9)


def test_everything_looked_at_leaves_no_doubt():
    found = audits.two_stage(np.array([3, 7]), np.array([10, 12]), np.array([10, 12]), 2, 0.1)
    assert found.error == 0 and found.lower == found.upper == pytest.approx(10 / 22)


def test_what_would_suffice_suffices_and_one_less_does_not():
    def reach(n, cases):
        return 1.6448536 * np.sqrt(0.25 / n * (1 - n / cases) * cases / (cases - 1))

    for cases in (50, 400, 100_000):
        n = audits.cases_needed(0.5, 0.05, cases, 0.1)
        assert reach(n, cases) <= 0.05 + 1e-6 < reach(n - 1, cases) + 2e-6
    assert audits.cases_needed(0.5, 0.001, 40, 0.1) == 40

    def between(m, each=20, spread=0.12, of=98):
        return 1.6448536 * np.sqrt((1 - m / of) * spread**2 / m + (0.21 - spread**2) / each / m)

    m = audits.municipalities_needed(0.3, 0.12, 0.04, 20, 98, 0.1)
    assert between(m) <= 0.04 + 1e-6 < between(m - 1)


REFUSALS = {
    "impossible": lambda: audits.wilson(4, 3, 0.1),
    "one-cluster": lambda: audits.two_stage(*(np.array([n]) for n in (1, 5, 9)), 98, 0.1),
    "too-few": lambda: audits.two_stage(*(np.array(n) for n in ([1, 1], [5, 1], [9, 9])), 98, 0.1),
    "no-variation": lambda: audits.two_stage(*(np.array(n) for n in ([0, 0], [5, 5], [9, 9])), 98, 0.1),
    "not-enough": lambda: audits.municipalities_needed(0.5, 0.01, 0.001, 5, 98, 0.1),
}


@pytest.mark.parametrize("key", REFUSALS)
def test_it_refuses_with_a_reason(key):
    found = REFUSALS[key]()
    assert isinstance(found, Refused) and found.key == key and found.reason and found.reason_en
