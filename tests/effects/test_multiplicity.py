"""Families of p-values against statsmodels, and Romano-Wolf against the plain definition and the numbers another package gave."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from snerydder.effects import multiplicity
from snerydder.effects.results import Refused

PYFIXEST = np.array([65.0, 97.0, 184.0, 80.0, 96.0])
THEIRS = {"holm": "holm", "hochberg": "simes-hochberg", "hommel": "hommel", "bh": "fdr_bh", "by": "fdr_by"}
FAMILIES = {
    "ties": [0.04, 0.001, 0.6, 0.03, 0.03, 0.2],
    "one": [0.03],
    "extremes": [0.0, 1.0, 0.5, 0.0],
    "many": np.random.default_rng(5).random(40) ** 3,
}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("name", THEIRS)
def test_a_family_against_statsmodels(name, family):
    p = np.array(FAMILIES[family])
    assert np.abs(multiplicity.METHODS[name](p) - multipletests(p, method=THEIRS[name])[1]).max() < 1e-9


def test_every_method_has_a_judge():
    assert set(multiplicity.METHODS) == set(THEIRS)


def test_a_number_that_is_no_p_value_stops():
    with pytest.raises(ValueError, match="between 0 and 1"):
        multiplicity.holm(np.array([0.2, np.nan]))


def joint(columns=6, draws=400):
    dice = np.random.default_rng(9)
    root = np.linalg.cholesky(0.6 * np.ones((columns, columns)) + 0.4 * np.eye(columns))
    return np.array([3.1, -2.2, 0.4, 1.9, -2.9, 1.0])[:columns], dice.normal(size=(draws, columns)) @ root.T


def test_romano_wolf_by_the_definition():
    t, draws = joint()
    left, expected, least = list(np.argsort(-np.abs(t))), np.zeros(len(t)), 0.0
    while left:
        column = left[0]
        count = sum(max(abs(row[k]) for k in left) >= abs(t[column]) for row in draws)
        least = expected[column] = max(least, (1 + count) / (1 + len(draws)))
        left.pop(0)
    assert np.abs(multiplicity.romano_wolf(t, draws) - expected).max() < 1e-12


def test_romano_wolf_of_one_question_is_its_own_p():
    t, draws = joint(1)
    assert multiplicity.romano_wolf(t, draws)[0] == pytest.approx((1 + (np.abs(draws[:, 0]) >= abs(t[0])).sum()) / 401)


def test_romano_wolf_without_draws_refuses():
    assert isinstance(multiplicity.romano_wolf(np.ones(2), np.zeros((0, 2))), Refused)


def test_romano_wolf_as_pyfixest_has_it():
    """pyfixest 0.60.0, `_get_rwolf_pval` on these draws, counts out of 201."""
    draws = 2.6 * np.sin(np.arange(1, 1001).reshape(200, 5) ** 1.5) + 0.8 * np.sin(np.arange(1, 201))[:, None]
    found = multiplicity.romano_wolf(np.array([3.1, -2.2, 0.4, 2.9, -2.6]), draws)
    assert np.abs(found * 201 - PYFIXEST).max() < 1e-9
