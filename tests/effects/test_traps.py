"""Traps of the design that have no estimator of their own to stand with (docs/method/traps.md)."""

import numpy as np
import pytest
import statsmodels.api as sm
from linearmodels.iv import IV2SLS

from snerydder.effects import complier
from snerydder.effects.difference import difference
from snerydder.effects.regression import regression
from snerydder.registers.faults import BadInput


def test_a_stratum_without_two_in_each_arm_leaves_the_week(t):
    """In week 3 stratum 2 has one control left, and the others weigh as they are among themselves."""
    seen = np.ones(t.outcome.shape, dtype=bool)
    seen[np.flatnonzero((t.stratum == 2) & ~t.treated)[1:], 3] = False
    found, others = difference(t.outcome, t.treated, t.stratum, seen), t.stratum != 2
    alone = difference(t.outcome[others, 3], t.treated[others], t.stratum[others])
    assert found.effect[3] == pytest.approx(alone.effect[0], abs=1e-12) and found.error[3] == pytest.approx(alone.error[0], abs=1e-12)
    assert (found.psi[t.stratum == 2, 3] == 0).all() and (found.psi[t.stratum == 2, 2] != 0).all()


def test_lin_is_centred_at_everybody_drawn(t):
    """Weeks in which some are not seen are still about everybody drawn; uncentred, the coefficient would be the effect at x = 0."""
    seen = np.ones(t.outcome.shape, dtype=bool)
    seen[t.x[:, 0] > 0.8, 3] = False
    ours = regression(t.outcome, t.treated, None, t.x, "HC2", lin=True, observed=seen)
    rows, z = seen[:, 3], t.treated.astype(float)
    told = []
    for centre in (t.x.mean(axis=0), t.x[rows].mean(axis=0), np.zeros(3)):
        columns = np.column_stack([z, np.ones(t.n), t.x - centre, z[:, None] * (t.x - centre)])
        told.append(sm.OLS(t.outcome[rows, 3].astype(float), columns[rows]).fit(cov_type="HC2").params[0])
    assert ours.effect[3] == pytest.approx(told[0], abs=1e-10) and min(abs(ours.effect[3] - other) for other in told[1:]) > 1e-3


def test_receipt_without_the_strata_is_another_number():
    """Where the chance of being drawn and the outcome's level go together, pooling makes an effect of nothing."""
    dice = np.random.default_rng(12)
    stratum = np.repeat([0, 1], 600)
    treated = dice.random(1200) < np.where(stratum == 0, 0.25, 0.75)
    received = treated & (dice.random(1200) < 0.8)
    y = 2.0 * stratum + dice.normal(size=1200)
    ours = complier.complier(y, received, treated, stratum, 0.1).curve
    pooled = IV2SLS(y, np.ones(1200), received.astype(float), treated.astype(float)).fit()
    assert abs(ours.effect[0]) < 2 * ours.error[0] and abs(pooled.params.iloc[-1]) > 1


def test_a_fault_says_what_was_expected_and_what_to_do():
    said = str(BadInput("fil.csv", "Koden '65x' er ikke en kode.", "række 4, kolonne y_1201", "tre cifre", "Ret cellen."))
    assert all(part in said for part in ("fil.csv", "række 4, kolonne y_1201", "65x", "tre cifre", "Ret cellen."))
