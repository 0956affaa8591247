"""Effects by place against statsmodels' meta-analysis and weighted least squares."""

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.meta_analysis import combine_effects

from snerydder.effects.places import shrunk, slope
from snerydder.effects.results import Refused

DICE = np.random.default_rng(6)
ERROR = DICE.uniform(0.02, 0.06, 13)
KEPT = DICE.uniform(0.3, 0.9, 13)
EFFECT = 0.04 + 0.08 * (KEPT - 0.6) + DICE.normal(0, 0.05, 13) + DICE.normal(0, ERROR)


def test_spread_between_places():
    theirs = combine_effects(EFFECT, ERROR**2, method_re="dl")
    ours = shrunk(EFFECT, ERROR)
    assert ours.between > 0
    assert abs(ours.between - theirs.tau2) < 1e-12 and abs(ours.mean - theirs.mean_effect_re) < 1e-12
    assert abs(ours.mean_error - theirs.sd_eff_w_re) < 1e-12
    assert abs(ours.homogeneity_p - theirs.test_homogeneity().pvalue) < 1e-9


def test_each_is_drawn_towards_the_mean_the_less_certain_the_more():
    ours = shrunk(EFFECT, ERROR)
    share = (EFFECT - ours.effect) / (EFFECT - ours.mean)
    assert np.allclose(share, ERROR**2 / (ERROR**2 + ours.between), atol=1e-12)
    assert (ours.error < ERROR).all()
    alike = shrunk([0.03, 0.04, 0.05], [0.1, 0.1, 0.1])
    assert alike.between == 0 and np.allclose(alike.effect, 0.04) and np.allclose(alike.error, 0.1 / 3**0.5)


def test_against_how_well_the_method_was_kept():
    ours = slope(EFFECT, ERROR, KEPT)
    theirs = sm.WLS(EFFECT, sm.add_constant(KEPT), weights=1 / (ERROR**2 + ours.between)).fit(cov_type="fixed scale", cov_kwds={"scale": 1.0})
    assert np.allclose([ours.level, ours.slope], theirs.params, atol=1e-12)
    assert abs(ours.error - theirs.bse[1]) < 1e-12 and abs(ours.p - theirs.pvalues[1]) < 1e-9
    # τ² is where the weighted squares of the plain line are what they should be on average
    w, x = np.diag(1 / ERROR**2), sm.add_constant(KEPT)
    left = np.eye(13) - x @ np.linalg.inv(x.T @ w @ x) @ x.T @ w
    expected = np.trace(left.T @ w @ left @ np.diag(ERROR**2 + ours.between))
    assert ours.between > 0 and abs(expected - EFFECT @ left.T @ w @ left @ EFFECT) < 1e-9


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (shrunk([0.1], [0.1]), "too-few-places"),
        (shrunk([0.1, 0.2], [0.1, 0.0]), "no-effect"),
        (slope([0.1] * 4, [0.1] * 4, [1, 2, 3, 4]), "too-few-places"),
        (slope(EFFECT, ERROR, np.ones(13)), "no-variation"),
    ],
)
def test_refusals(answer, key):
    assert isinstance(answer, Refused) and answer.key == key and answer.reason and answer.reason_en
