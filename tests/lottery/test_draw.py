"""Every lottery the engine can draw again: the numbers it keeps, the chances it gives, the list of all there are."""

import importlib
import itertools
import sys

import numpy as np
import pytest
from scipy import stats

from snerydder.lottery.draw import Scheme, generator


def drawn(scheme, count, seed="x"):
    return np.concatenate(list(scheme.redraws(count, generator(seed, "test"))))


def all_of(scheme):
    listed = np.concatenate(list(scheme.every()))
    return listed, scheme.likelihood(listed)


STRATUM = np.repeat([0, 1], [4, 5])
TREATED = np.isin(np.arange(9), [0, 2, 4, 5, 8])
CLUSTER = np.array([0, 0, 1, 2, 3, 3, 4, 5, 5])
CLUSTERED = np.isin(CLUSTER, [0, 3, 4])
SCHEMES = {
    "strata": Scheme.fixed(TREATED, STRATUM),
    "clusters": Scheme.fixed(CLUSTERED, np.isin(CLUSTER, [3, 4, 5]).astype(int), CLUSTER),
    "blocks": Scheme.blocks(np.array([0, 0, 0, 0, 1, 1, 1, 2]), np.array([4, 4, 6]), np.array([2, 2, 3])),
    "personal": Scheme.personal(np.array([0.5, 0.2, 0.9, 1.0, 0.0, 0.4])),
    "personal clusters": Scheme.personal(np.array([0.3, 0.3, 0.6, 0.6, 0.6]), np.array([7, 7, 2, 2, 2])),
}


@pytest.mark.parametrize("name", SCHEMES)
def test_the_list_is_every_lottery_once_and_their_chances_sum_to_one(name):
    listed, likely = all_of(SCHEMES[name])
    assert len(listed) == SCHEMES[name].possible() == len(np.unique(listed, axis=0))
    assert likely.sum() == pytest.approx(1, abs=1e-12) and (likely > 0).all()


@pytest.mark.parametrize("name", SCHEMES)
def test_redraws_come_as_often_as_they_are_likely(name):
    """Chi-square over the whole list; a biased lottery does not pass."""
    listed, likely = all_of(SCHEMES[name])
    place = {row.tobytes(): at for at, row in enumerate(listed)}
    counts = np.bincount([place[row.tobytes()] for row in drawn(SCHEMES[name], 60_000)], minlength=len(listed))
    assert stats.chisquare(counts, likely * counts.sum()).pvalue > 1e-4


def test_the_numbers_possible_by_hand():
    assert SCHEMES["strata"].possible() == 6 * 10
    assert SCHEMES["clusters"].possible() == 3 * 3
    assert SCHEMES["blocks"].possible() == 6 * (3 + 3) * 2  # three of four places hold one or two; one of six holds none or one
    assert SCHEMES["personal"].possible() == 16


def test_an_unfinished_block_by_laying_out_the_whole_block():
    """The first three of four places, two of them for a mentor: by listing the arrangements of the block."""
    scheme = Scheme.blocks(np.zeros(3, dtype=int), np.array([4]), np.array([2]))
    whole = [np.isin(np.arange(4), pair)[:3] for pair in itertools.combinations(range(4), 2)]
    listed, likely = all_of(scheme)
    for row, chance in zip(listed, likely, strict=True):
        assert chance == pytest.approx(np.mean([(row == other).all() for other in whole]))


def test_a_cluster_shares_its_lot_and_a_stratum_keeps_its_number():
    for one in drawn(SCHEMES["clusters"], 200):
        assert all(len(set(one[cluster == CLUSTER])) == 1 for cluster in range(6))
        assert len(set(CLUSTER[one & (CLUSTER < 3)])) == 1 and len(set(CLUSTER[one & (CLUSTER > 2)])) == 2


@pytest.mark.parametrize("stratum", [np.zeros(400, dtype=int), np.sort(np.arange(400) % 7), np.arange(400) // 3, np.repeat([0, 1, 2], [1, 9, 390])])
def test_a_redraw_keeps_the_numbers_and_takes_everybody_equally_often(stratum):
    treated = np.random.default_rng(2).random(400) < 0.4
    found = drawn(Scheme.fixed(treated, stratum), 6000)
    for label in np.unique(stratum):
        rows = stratum == label
        assert (found[:, rows].sum(axis=1) == treated[rows].sum()).all()
        assert np.abs(found[:, rows].mean(axis=0) - treated[rows].mean()).max() < 0.035


def test_a_draw_does_not_depend_on_how_many_follow():
    scheme = SCHEMES["strata"]
    assert (drawn(scheme, 50) == drawn(scheme, 4000)[:50]).all()
    assert not (drawn(scheme, 50, "y") == drawn(scheme, 50)).all()


@pytest.mark.parametrize("stratum", [np.sort(np.arange(300) % 7), np.zeros(300, dtype=int), np.arange(300) // 4])
def test_the_compiled_twin_draws_the_same(stratum, monkeypatch):
    scheme = Scheme.fixed(np.random.default_rng(2).random(300) < 0.4, stratum)
    importlib.import_module("snerydder.lottery.draw_compiled")
    compiled = drawn(scheme, 1500)
    monkeypatch.delitem(sys.modules, "numba")
    assert (drawn(scheme, 1500) == compiled).all()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Scheme.fixed(TREATED, STRATUM, np.zeros(9, dtype=int)),
        lambda: Scheme.fixed(CLUSTERED, np.arange(9), CLUSTER),
        lambda: Scheme.blocks(np.zeros(5, dtype=int), np.array([4]), np.array([2])),
        lambda: Scheme.personal(np.array([0.5, 1.2])),
    ],
)
def test_a_lottery_that_cannot_have_been_held_stops(make):
    with pytest.raises(ValueError, match="a cluster|a block|a chance"):
        make()
