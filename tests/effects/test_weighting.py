"""Personal chances: against statsmodels, and without bias over every lottery there is."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from snerydder.effects.difference import difference
from snerydder.effects.results import Refused
from snerydder.effects.weighting import weighted
from snerydder.lottery.draw import Scheme


def close(ours, theirs, bound=1e-9):
    assert np.max(np.abs(np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float))) < bound


def chances(t):
    return np.clip(0.5 + 0.1 * t.x[:, 0], 0.2, 0.8)


def test_hajek_is_the_weighted_regression(t):
    p, z = chances(t), t.treated.astype(float)
    ours = weighted(t.outcome, t.treated, p)
    for week in range(t.weeks):
        theirs = sm.WLS(t.outcome[:, week].astype(float), sm.add_constant(z), weights=np.where(t.treated, 1 / p, 1 / (1 - p))).fit(cov_type="HC0")
        close(ours.effect[week], theirs.params[1])
        arms = [np.square(ours.psi[arm, week]).sum() * (1 - 1 / arm.sum()) for arm in (t.treated, ~t.treated)]  # without the n/(n-1)
        close(np.sqrt(sum(arms)), theirs.bse[1])


def test_one_chance_for_all_is_the_plain_difference(t):
    ours, plain = weighted(t.outcome, t.treated, np.full(t.n, 0.3)), difference(t.outcome, t.treated)
    close(ours.effect, plain.effect)
    close(ours.psi, plain.psi)


def test_horvitz_thompson_is_the_mean_of_its_terms(t):
    p = chances(t)
    each = np.where(t.treated[:, None], t.outcome / p[:, None], t.outcome / (p[:, None] - 1))
    ours = weighted(t.outcome, t.treated, p, kind="horvitz-thompson")
    close([ours.effect, ours.error], [each.mean(axis=0), stats.sem(each, axis=0)])


@pytest.mark.parametrize("kind", ["hajek", "horvitz-thompson"])
def test_weeks_not_seen_are_left_out_that_week(t, kind):
    seen = np.ones(t.outcome.shape, dtype=bool)
    seen[:90, 2] = False
    ours = weighted(t.outcome, t.treated, chances(t), seen, kind)
    alone = weighted(t.outcome[90:, 2], t.treated[90:], chances(t)[90:], kind=kind)
    close([ours.effect[2], ours.error[2]], [alone.effect[0], alone.error[0]])
    assert (ours.psi[:90, 2] == 0).all()


def test_no_bias_over_every_lottery_and_the_pooled_difference_has_one():
    """Both answers of twelve invented persons; the chance rises with the answer, which is what pooling cannot bear."""
    dice = np.random.default_rng(12)
    without = np.sort(dice.normal(10, 3, 12))
    given = without + dice.normal(1, 1, 12)
    p = np.linspace(0.25, 0.75, 12)
    scheme = Scheme.personal(p)
    lotteries = np.concatenate(list(scheme.every()))
    usable = np.minimum(lotteries.sum(axis=1), (~lotteries).sum(axis=1)) > 1
    likely = scheme.likelihood(lotteries)
    means = {}
    for kind in ("hajek", "horvitz-thompson"):
        found = [weighted(np.where(one, given, without), one, p, kind=kind).effect[0] for one in lotteries[usable]]
        means[kind] = likely[usable] @ found
    rest = [np.where(one, given / p, -without / (1 - p)).mean() for one in lotteries[~usable]]  # lotteries the estimator refuses
    truth = (given - without).mean()
    close(means["horvitz-thompson"] + likely[~usable] @ rest, truth)
    pooled = likely[usable] @ [difference(np.where(one, given, without), one).effect[0] for one in lotteries[usable]]
    hajek, plain = (abs(found / likely[usable].sum() - truth) for found in (means["hajek"], pooled))
    assert hajek < plain / 3  # a ratio of small sums; it goes away as 1/n, pooling does not


def test_the_blocked_difference_has_no_bias_over_every_lottery():
    """Strata with unlike shares drawn, unlike levels and unlike effects: the mean over all lotteries is the truth."""
    dice = np.random.default_rng(13)
    stratum = np.repeat([0, 1], [5, 7])
    without = dice.normal(10 + 4 * stratum, 2)
    given = without + dice.normal(1 + stratum, 1)
    first = np.isin(np.arange(12), [0, 1, 5, 6, 7, 8, 9])
    lotteries = np.concatenate(list(Scheme.fixed(first, stratum).every()))
    found = [difference(np.where(one, given, without), one, stratum).effect[0] for one in lotteries]
    close(np.mean(found), (given - without).mean())
    assert abs(np.mean([difference(np.where(one, given, without), one).effect[0] for one in lotteries]) - (given - without).mean()) > 0.1


REFUSALS = {
    "certain": lambda t: weighted(t.outcome, t.treated, np.where(np.arange(t.n) == 3, 1.0, 0.5)),
    "empty-week": lambda t: weighted(t.outcome, t.treated, chances(t), np.tile(~t.treated[:, None], t.weeks)),
}


@pytest.mark.parametrize("key", REFUSALS)
def test_it_refuses_with_a_reason(t, key):
    found = REFUSALS[key](t)
    assert isinstance(found, Refused) and found.key == key and found.reason and found.reason_en
