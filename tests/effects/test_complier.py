"""The effect of receiving: weeks only some are seen in, receipt that grows, who the compliers are, and sets that hold when the draw moves little."""

import numpy as np
import pytest
import statsmodels.api as sm
from linearmodels.iv import IV2SLS
from scipy import stats

from snerydder.effects import bands, complier
from snerydder.effects.regression import design
from snerydder.effects.results import Refused
from snerydder.lottery.draw import generator


def close(ours, theirs, bound=1e-9):
    assert np.max(np.abs(np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float))) < bound


def two_stages(t, rows, y, d, x=None):
    others = design(t.treated, t.stratum, x)[rows, 1:]
    return IV2SLS(y[rows].astype(float), others[:, others.any(axis=0)], d[rows].astype(float), t.treated[rows].astype(float)).fit(
        cov_type="robust", debiased=True
    )


def some_unseen(t):
    seen = np.ones(t.outcome.shape, dtype=bool)
    seen[:50, 3] = seen[300:, 5] = seen[t.stratum == 2, 6] = False
    return seen


@pytest.mark.parametrize("with_covariates", [False, True])
def test_weeks_only_some_are_seen_in_against_linearmodels(t, with_covariates):
    seen, x = some_unseen(t), t.x if with_covariates else None
    ours = complier.complier(t.outcome, t.received, t.treated, t.stratum, 0.1, x, seen)
    assert ours.weeks.tolist() == list(range(t.weeks))
    for week in range(t.weeks):
        rows = seen[:, week]
        theirs = two_stages(t, rows, t.outcome[:, week], t.received, x)
        close([ours.curve.effect[week], ours.curve.error[week]], [theirs.params.iloc[-1], theirs.std_errors.iloc[-1]])
        matrix = design(t.treated, t.stratum, x)[rows]
        stage = sm.OLS(t.received[rows].astype(float), matrix[:, matrix.any(axis=0)]).fit(cov_type="HC1")
        assert ours.weekly_f[week] == pytest.approx(stage.tvalues[0] ** 2, rel=1e-9)
    assert (ours.curve.psi[~seen] == 0).all()


def test_the_weeks_hang_together(t):
    """Sums over the weeks are the effect on the sum, so the covariance over weeks is right and a simultaneous band follows."""
    ours = complier.complier(t.outcome, t.received, t.treated, t.stratum, 0.1, t.x).curve
    theirs = two_stages(t, np.ones(t.n, dtype=bool), t.outcome.sum(axis=1), t.received, t.x)
    summed = ours.combine(np.ones(t.weeks))
    close([summed.effect[0], summed.error[0]], [theirs.params.iloc[-1], theirs.std_errors.iloc[-1]])
    band = bands.band(ours, 0.9, bands.maxima(ours.covariance, generator("a", "b"), 20_000))
    assert band.pointwise < band.simultaneous < -stats.norm.ppf(0.05 / t.weeks)


def test_receipt_that_grows_is_estimated_where_the_draw_moves_it(t):
    begun = np.random.default_rng(6).integers(1, 6, t.n)
    received = t.received[:, None] & (begun[:, None] <= np.arange(t.weeks))
    ours = complier.complier(t.outcome, received, t.treated, t.stratum, 0.1)
    assert ours.weekly_f[0] == 0
    assert 0 not in ours.weeks and ours.weeks[-1] == t.weeks - 1
    for place, week in enumerate(ours.weeks):
        theirs = two_stages(t, np.ones(t.n, dtype=bool), t.outcome[:, week], received[:, week])
        close([ours.curve.effect[place], ours.curve.error[place]], [theirs.params.iloc[-1], theirs.std_errors.iloc[-1]])


def test_shares_and_control_mean_weigh_the_strata_by_size(t):
    ours = complier.complier(t.outcome, t.received, t.treated, t.stratum, 0.1)
    always = never = above = below = 0.0
    for s in range(5):
        here, share = t.stratum == s, (t.stratum == s).mean()
        drawn, not_drawn = here & t.treated, here & ~t.treated
        always += share * t.received[not_drawn].mean()
        never += share * (1 - t.received[drawn].mean())
        above += share * (
            (t.outcome[drawn] * ~t.received[drawn, None]).mean(axis=0) - (t.outcome[not_drawn] * ~t.received[not_drawn, None]).mean(axis=0)
        )
        below += share * ((~t.received[drawn]).mean() - (~t.received[not_drawn]).mean())
    close([ours.always, ours.never], [always, never])
    close(ours.control_mean, above / below)


def test_who_the_compliers_are_by_abadies_kappa(t):
    p = np.array([t.treated[t.stratum == s].mean() for s in range(5)])[t.stratum]
    kappa = 1 - t.received * ~t.treated / (1 - p) - ~t.received * t.treated / p
    ours = complier.complier_means(t.x, t.received, t.treated, t.stratum)
    close(ours.compliers.effect, kappa @ t.x / kappa.sum())
    shares = complier.complier(t.outcome, t.received, t.treated, t.stratum, 0.1)
    whole = shares.always * ours.always + shares.never * ours.never + (1 - shares.always - shares.never) * ours.compliers.effect
    close(whole, ours.everybody)


def test_the_error_of_the_complier_means_by_differentiating(t):
    """Each person's influence is the derivative by that person's weight, taken by a complex step through the definition."""
    z, d, n = t.treated.astype(float), t.received.astype(float), t.n
    member = (t.stratum[:, None] == np.arange(5)).astype(float)

    def definition(w):
        w = w * (member @ (member.sum(axis=0) / (w @ member)))  # the strata keep their sizes, as the lottery had them
        p = member @ ((w * z) @ member / (w @ member))
        kappa = 1 - d * (1 - z) / (1 - p) - (1 - d) * z / p
        return (w * kappa) @ t.x / (w * kappa).sum()

    psi = np.array([definition(np.ones(n) + 1e-30j * (np.arange(n) == i)).imag / 1e-30 for i in range(n)])
    close(complier.complier_means(t.x, t.received, t.treated, t.stratum).compliers.psi, psi)


C = 2.7
SHAPES = {
    "interval": ((0.1, 0.5, 0.01, 0.01, 0.002), 1, False),
    "two rays": ((0.5, 0.1, 0.01, 0.01, 0.002), 2, True),
    "line": ((0.1, 0.1, 0.01, 0.01, 0.002), 1, True),
    "empty": ((0.1, 0.5, 0.0, 0.01, 0.02), 0, False),  # no covariance matrix looks so: with one instrument the set is never empty
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_four_shapes_of_a_set(shape):
    (y, d, v_yy, v_dd, v_yd), pieces, endless = SHAPES[shape]
    found = complier.solve(y, d, v_yy, v_dd, v_yd, C)
    assert len(found) == pieces and any(np.isinf(part).any() for part in found) == endless
    for b in np.linspace(-30, 30, 2001):
        inside = any(low <= b <= high for low, high in found)
        gap = (y - b * d) ** 2 - C * (v_yy - 2 * b * v_yd + b * b * v_dd)
        assert inside == (gap <= 0) or abs(gap) < 1e-9


def test_a_weak_draw_has_a_set_though_no_estimate(t):
    """The draw hardly moves it: refused as an estimate, and the set is endless, as the tests at any value say."""
    weak = (t.x[:, 1] > 0) | (t.treated & (np.arange(t.n) % 25 == 0))
    assert complier.complier(t.outcome, weak, t.treated, t.stratum, 0.1).key == "weak-first-stage"
    found = complier.anderson_rubin(t.outcome, weak, t.treated, t.stratum, 0.1)
    assert any(np.isinf(part).any() for one in found for part in one) and all(found)
    for week in range(t.weeks):
        for b in (-400.0, -1.0, 0.0, 0.3, 1.5, 400.0):
            fit = sm.OLS(t.outcome[:, week] - b * weak, design(t.treated, t.stratum)).fit(cov_type="HC1")
            assert any(low <= b <= high for low, high in found[week]) == (abs(fit.tvalues[0]) <= stats.norm.ppf(0.95))


REFUSALS = {
    "one-arm": lambda t: complier.complier(t.outcome, t.received, np.ones(t.n, dtype=bool), t.stratum, 0.1),
    "empty-week": lambda t: complier.complier(t.outcome, t.received, t.treated, t.stratum, 0.1, None, np.tile(t.treated[:, None], t.weeks)),
    "collinear": lambda t: complier.anderson_rubin(t.outcome, t.received, t.treated, t.stratum, 0.1, t.treated[:, None] * 1.0),
    "no-compliers": lambda t: complier.complier_means(t.x, ~t.treated, t.treated, t.stratum),
    "missing-covariate": lambda t: complier.complier_means(t.x * np.nan, t.received, t.treated, t.stratum),
}


@pytest.mark.parametrize("key", REFUSALS)
def test_it_refuses_with_a_reason(t, key):
    found = REFUSALS[key](t)
    assert isinstance(found, Refused) and found.key == key and found.reason and found.reason_en
