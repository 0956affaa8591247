"""The lottery as yardstick where it was over clusters, blocks or personal chances, against the plain definition, lottery by lottery."""

import importlib
import subprocess
import sys

import numpy as np
import pytest

from snerydder.effects import permutation
from snerydder.effects.difference import difference
from snerydder.effects.permutation import constant_effect
from snerydder.effects.results import Refused
from snerydder.lottery.draw import Scheme, generator

STRATUM = np.repeat([0, 1], [14, 14])
CLUSTER = np.arange(28) // 2
DICE = np.random.default_rng(4)
Y = np.column_stack([DICE.normal(size=28), DICE.random(28) < 0.4, DICE.gamma(2, 9e4, 28)])
DRAWN_CLUSTERS = np.isin(CLUSTER, [0, 2, 5, 8, 9, 13])
CHANCE = np.where(np.arange(28) < 12, np.linspace(0.2, 0.8, 28), np.arange(28) % 2)  # twelve lots are open
DRAWN_BY_CHANCE = (np.arange(28) % 2 == 1) & (CHANCE > 0)


def plain(y, drawn, stratum, unit, chance):
    """μ = Σ aY / Σ aN by arm and stratum over the units, person by person; strata by size."""
    effect = variance = 0.0
    for s in np.unique(stratum):
        means, spreads = [], []
        for arm in (True, False):
            rows = (stratum == s) & (drawn == arm)
            a = 1 / (chance if arm else 1 - chance)[rows]
            mean = (a * y[rows]).sum() / a.sum()
            units = np.unique(unit[rows])
            parts = [(a * (y[rows] - mean))[unit[rows] == u].sum() / a.sum() for u in units]
            if len(units) < 2:
                break
            means.append(mean)
            spreads.append(len(units) / (len(units) - 1) * np.square(parts).sum())
        if len(means) == 2:
            effect += (stratum == s).sum() * (means[0] - means[1])
            variance += (stratum == s).sum() ** 2 * sum(spreads)
    return effect / np.sqrt(variance) if variance > 1e-9 else 0.0


def slow(scheme, treated, stratum, unit, chance):
    lotteries = np.concatenate(list(scheme.every()))
    weight = scheme.likelihood(lotteries)
    tests = np.array([[abs(plain(Y[:, column], one, stratum, unit, chance)) for column in range(3)] for one in lotteries])
    mine = np.array([abs(plain(Y[:, column], treated, stratum, unit, chance)) for column in range(3)])
    p = weight @ (tests >= mine - 1e-6)
    family, least = np.zeros(3), 0.0
    order = np.argsort(-mine)
    for place, column in enumerate(order):
        least = family[column] = max(least, weight @ (tests[:, order[place:]].max(axis=1) >= mine[column] - 1e-6))
    return mine, p, family


def check(scheme, treated, stratum, unit, chance, **given):
    mine, p, family = slow(scheme, treated, stratum, unit, chance)
    found = permutation.permutation(Y, treated, stratum, scheme.every(), exact=True, likelihood=scheme.likelihood, **given)
    assert found.exact and found.redraws == scheme.possible()
    assert np.abs(found.statistic - mine).max() < 1e-9
    assert np.abs(found.p - p).max() < 1e-9 and np.abs(found.p_family - family).max() < 1e-9
    assert 0 < p.min() < 1
    again = permutation.permutation(Y, treated, stratum, scheme.redraws(6000, generator("a", "b")), **given)
    assert np.abs(again.p - p).max() < 0.03 and np.abs(again.p_family - family).max() < 0.03


def test_clusters_were_drawn():
    check(Scheme.fixed(DRAWN_CLUSTERS, STRATUM, CLUSTER), DRAWN_CLUSTERS, STRATUM, CLUSTER, np.full(28, 0.5), cluster=CLUSTER)


def test_every_person_had_a_chance_of_its_own():
    scheme, whole = Scheme.personal(CHANCE), np.zeros(28, dtype=np.int64)
    chance = np.clip(CHANCE, 0.05, 0.95)  # those without a lot weigh as if they had one; they are the same in every lottery
    check(scheme, DRAWN_BY_CHANCE, whole, np.arange(28), chance, probability=chance)


def test_an_unfinished_block_lets_the_numbers_vary():
    block = np.arange(12) // 5
    scheme = Scheme.blocks(block, np.array([5, 5, 4]), np.array([2, 3, 2]))
    treated = np.array([1, 1, 0, 0, 0, 1, 0, 1, 0, 1, 1, 0], dtype=bool)
    lotteries, whole = np.concatenate(list(scheme.every())), np.zeros(12, dtype=np.int64)
    assert len(set(lotteries.sum(axis=1))) > 1
    y = Y[:12]
    tests = np.array([np.abs(difference(y, one).z) for one in lotteries])
    p = scheme.likelihood(lotteries) @ (tests >= np.abs(difference(y, treated).z) - 1e-9)
    found = permutation.permutation(y, treated, whole, scheme.every(), exact=True, likelihood=scheme.likelihood)
    assert np.abs(found.p - p).max() < 1e-9


def test_one_person_a_cluster_and_even_chances_is_the_plain_test(t):
    scheme, y = Scheme.fixed(t.treated, t.stratum), t.outcome * 1.0
    one = permutation.permutation(y, t.treated, t.stratum, scheme.redraws(300, generator("a", "b")))
    for given in ({"cluster": np.arange(t.n)}, {"probability": np.full(t.n, 0.5)}):
        other = permutation.permutation(y, t.treated, t.stratum, scheme.redraws(300, generator("a", "b")), **given)
        assert np.abs(one.statistic - other.statistic).max() < 1e-9 and (one.p == other.p).all() and (one.p_family == other.p_family).all()


def test_lotteries_drawn_by_another_rule_are_weighed_back():
    """Importance weights: even lots, weighed by the true chances, come to the exact p."""
    whole, open_lots = np.zeros(28, dtype=np.int64), (CHANCE > 0) & (CHANCE < 1)
    chance, true = np.clip(CHANCE, 0.05, 0.95), Scheme.personal(CHANCE)
    even = Scheme.personal(np.where(open_lots, 0.5, CHANCE))
    exact = permutation.permutation(Y, DRAWN_BY_CHANCE, whole, true.every(), True, probability=chance, likelihood=true.likelihood)
    weighed = permutation.permutation(
        Y,
        DRAWN_BY_CHANCE,
        whole,
        even.redraws(20_000, generator("a", "b")),
        probability=chance,
        likelihood=lambda z: true.likelihood(z) / even.likelihood(z),
    )
    unweighed = permutation.permutation(Y, DRAWN_BY_CHANCE, whole, even.redraws(20_000, generator("a", "b")), probability=chance)
    assert np.abs(weighed.p - exact.p).max() < 0.02 < np.abs(unweighed.p - exact.p).max()


@pytest.mark.parametrize("given", [{}, {"cluster": CLUSTER}])
def test_the_ends_of_the_interval_are_where_the_test_turns(given):
    scheme = Scheme.fixed(DRAWN_CLUSTERS, STRATUM, given.get("cluster"))
    lotteries = np.concatenate(list(scheme.redraws(999, generator("a", "b"))))
    y = Y[:, 2] + 9e4 * DRAWN_CLUSTERS
    found = constant_effect(y, DRAWN_CLUSTERS, STRATUM, [lotteries], 0.1, **given)
    assert found.lower < found.estimate < found.upper and found.level == pytest.approx(0.9)

    def p(tau):
        return permutation.permutation((y - tau * DRAWN_CLUSTERS)[:, None], DRAWN_CLUSTERS, STRATUM, [lotteries], **given).p[0]

    step = 1e-4 * (found.upper - found.lower)
    for end, out in ((found.lower, -step), (found.upper, step)):
        assert p(end - out) > 0.1 >= p(end + out)


def test_a_shift_of_all_those_drawn_moves_the_interval_as_far():
    scheme = Scheme.fixed(DRAWN_CLUSTERS, STRATUM)
    one, other = (
        constant_effect(Y[:, 0] + add * DRAWN_CLUSTERS, DRAWN_CLUSTERS, STRATUM, scheme.redraws(500, generator("a", "b")), 0.1) for add in (0, 2)
    )
    assert other.lower - one.lower == pytest.approx(2, abs=1e-6) and other.upper - one.upper == pytest.approx(2, abs=1e-6)


def yes_no(columns=150):
    dice = np.random.default_rng(6)
    stratum = np.sort(np.repeat(np.arange(4), [70, 130, 64, 5]))
    treated = dice.random(269) < np.array([0.3, 0.5, 0.6, 0.5])[stratum]
    y = dice.random((269, columns)) < np.linspace(0, 0.5, columns)
    return y, treated, stratum


@pytest.mark.parametrize("kind", ["strata", "unfinished blocks"])
def test_the_compiled_twin_counts_the_same(kind, monkeypatch):
    """Bit planes and counted bits on all cores, or one product per stratum: the same p to the last digit, also when the numbers drawn vary."""
    y, treated, stratum = yes_no()
    block = np.arange(269) // 8
    scheme = Scheme.fixed(treated, stratum) if kind == "strata" else Scheme.blocks(block, np.full(34, 8), np.full(34, 4))
    lotteries = list(scheme.redraws(3500, generator("a", "b")))
    importlib.import_module("snerydder.effects.permutation_compiled")
    compiled = permutation.permutation(y, treated, stratum, lotteries)
    with monkeypatch.context() as asleep:
        asleep.delitem(sys.modules, "numba")
        plain = permutation.permutation(y, treated, stratum, lotteries)
        asleep.setattr(permutation, "LARGE", 269 * 150 * 1000)  # wakes in the middle
        woken = permutation.permutation(y, treated, stratum, lotteries)
    for found in (compiled, woken):
        assert (found.p == plain.p).all() and (found.p_family == plain.p_family).all() and found.redraws == plain.redraws == 3500
    assert plain.p.min() < 0.05 and len(set(plain.p)) > 50


def test_a_small_study_does_not_wake_the_compiler():
    code = (
        "import sys, numpy as np; from snerydder.lottery.draw import Scheme, generator; from snerydder.effects.permutation import permutation;"
        "z = np.arange(40) % 2 == 0; s = np.zeros(40, dtype=int);"
        "permutation(np.arange(40)[:, None] % 3 == 0, z, s, Scheme.fixed(z, s).redraws(200, generator('a', 'b'))); print('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"


REFUSALS = {
    "no-statistic": lambda: permutation.permutation(np.ones((28, 2)), DRAWN_CLUSTERS, STRATUM, []),
    "certain": lambda: permutation.permutation(Y, DRAWN_BY_CHANCE, STRATUM, [], probability=CHANCE),
    "yes-no": lambda: constant_effect(Y[:, 1], DRAWN_CLUSTERS, STRATUM, [], 0.1),
    "few-lotteries": lambda: constant_effect(
        Y[:4, 0], np.array([1, 0, 1, 0]) > 0, STRATUM[:4], Scheme.fixed(np.array([1, 0, 1, 0]) > 0, STRATUM[:4]).every(), 0.1, True
    ),
}


@pytest.mark.parametrize("key", REFUSALS)
def test_it_refuses_with_a_reason(key):
    found = REFUSALS[key]()
    assert isinstance(found, Refused) and found.key == key and found.reason and found.reason_en
