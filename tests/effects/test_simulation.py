"""Operating character: do bands cover what they claim, and does the draw's own test keep its size? Short here, long with -m slow."""

import numpy as np
import pytest

from snerydder.effects import attrition, bands, complier, multiplicity, permutation
from snerydder.effects.difference import difference
from snerydder.lottery.draw import Scheme

STRATUM = np.repeat(np.arange(4), [40, 60, 80, 100])
DRAWN = np.array([20, 24, 44, 50])  # unequal shares
LEVEL = np.array([0.10, 0.25, 0.40, 0.20])
LIFT = np.array([0.00, 0.10, -0.05, 0.15])
WEEKS = 12


def population(dice):
    """Both answers of everybody, with runs over weeks as registers have them; the truth is their weighted mean difference."""
    wave = np.cumsum(dice.normal(size=(len(STRATUM), WEEKS)), axis=1) / np.sqrt(np.arange(1, WEEKS + 1))
    rank = wave.argsort(axis=0).argsort(axis=0) / len(STRATUM)
    without = rank < LEVEL[STRATUM][:, None]
    given = rank < (LEVEL + LIFT)[STRATUM][:, None]
    return without, given


def lottery(dice):
    treated = np.zeros(len(STRATUM), dtype=bool)
    for s, count in enumerate(DRAWN):
        treated[dice.permutation(np.flatnonzero(s == STRATUM))[:count]] = True
    return treated


def coverage(repeats, seed):
    dice = np.random.default_rng(seed)
    inside, whole, estimates = [], [], []
    without, given = population(dice)
    truth = (given.astype(float) - without).mean(axis=0)
    for _ in range(repeats):
        treated = lottery(dice)
        curve = difference(np.where(treated[:, None], given, without), treated, STRATUM)
        band = bands.band(curve, 0.9, bands.maxima(curve.covariance, dice, 2000))
        inside.append((band.lower <= truth) & (truth <= band.upper))
        whole.append(bool(((band.simultaneous_lower <= truth) & (truth <= band.simultaneous_upper)).all()))
        estimates.append(curve.effect - truth)
    return np.mean(inside), np.mean(whole), np.abs(np.mean(estimates, axis=0)).max()


def receipt(repeats, seed):
    """Weak but usable: a first stage of F about 30. How often do the interval and the Anderson-Rubin set hold the compliers' effect?"""
    dice = np.random.default_rng(seed)
    n, inside, held, strength = 280, [], [], []
    always, complies = dice.random(n) < 0.15, dice.random(n) < 0.34
    without = dice.normal(size=n) + 0.8 * always
    given = without + 0.5 + 0.5 * complies
    moved = complies & ~always
    share = DRAWN[STRATUM] / np.bincount(STRATUM)[STRATUM]
    weight = share * (1 - share)  # how much each person weighs in two-stage least squares with a dummy per stratum
    truth = np.average((given - without)[moved], weights=weight[moved])
    for _ in range(repeats):
        treated = lottery(dice)
        received = always | (complies & treated)
        y = np.where(received, given, without)
        sets = complier.anderson_rubin(y, received, treated, STRATUM, 0.1)[0]
        held.append(any(low <= truth <= high for low, high in sets))
        found = complier.complier(y, received, treated, STRATUM, 0.1)
        if isinstance(found, complier.Complier):
            low, high = found.curve.interval(0.1)
            inside.append(low[0] <= truth <= high[0])
            strength.append(found.robust_f)
    return np.mean(inside), np.mean(held), np.mean(strength)


def families(repeats, seed, questions=8):
    """No effect on any of eight questions that hang together: how often does each rule find one anyway?"""
    dice = np.random.default_rng(seed)
    found = {"sup-t": [], "bh": [], **{name: [] for name in ("holm", "hochberg", "hommel")}, "none": []}
    for _ in range(repeats):
        y = dice.normal(size=(len(STRATUM), questions)) + dice.normal(size=(len(STRATUM), 1))
        curve = difference(y, lottery(dice), STRATUM)
        found["sup-t"].append(bands.adjusted(curve, bands.absolute_draws(curve.covariance, dice, 1000)).min() <= 0.1)
        found["none"].append(curve.p.min() <= 0.1)
        for name in ("holm", "hochberg", "hommel", "bh"):
            found[name].append(multiplicity.METHODS[name](curve.p).min() <= 0.1)
    return {name: np.mean(hits) for name, hits in found.items()}


def lee_holds(repeats, seed):
    """Being drawn makes more people answer. How often does the interval hold the effect for those who answer either way?"""
    dice, held, naive = np.random.default_rng(seed), [], []
    for _ in range(repeats):
        n = 400
        ready = dice.random(n)
        without = 10 + 3 * ready + dice.normal(size=n)
        truth = 0.4
        treated = dice.permutation(n) < 200
        seen = ready > np.where(treated, 0.2, 0.35)
        y = without + truth * treated
        found = attrition.lee(y, seen, treated, np.zeros(n, dtype=np.int64), 0.1)
        held.append(found.interval_lower[0] <= truth <= found.interval_upper[0])
        plain = difference(y[seen], treated[seen])
        naive.append(abs(plain.effect[0] - truth) <= 1.645 * plain.error[0])
    return np.mean(held), np.mean(naive)


def sizes(repeats, seed, redraws=199):
    """Under no effect at all: how often is p, and the smallest family p, below 10 %?"""
    dice = np.random.default_rng(seed)
    alone, family = [], []
    for _ in range(repeats):
        without, _ = population(dice)
        treated = lottery(dice)
        found = permutation.permutation(without, treated, STRATUM, Scheme.fixed(treated, STRATUM).redraws(redraws, dice))
        alone.append(found.p <= 0.10)
        family.append(found.p_family.min() <= 0.10)
    return np.mean(alone), np.mean(family)


def test_bands_cover_and_the_estimate_is_unbiased_under_unequal_shares():
    """Neyman's variance is too large when effects differ, so coverage may lie above; it may not lie below."""
    pointwise, simultaneous, bias = coverage(300, 21)
    assert 0.87 <= pointwise <= 0.97 and 0.85 <= simultaneous <= 0.97 and bias < 0.01


def test_the_draws_own_test_keeps_its_size():
    alone, family = sizes(250, 22)
    assert 0.06 <= alone <= 0.14 and 0.05 <= family <= 0.16


@pytest.mark.slow
def test_bands_cover_in_the_long_run():
    pointwise, simultaneous, bias = coverage(4000, 23)
    print(f"pointwise {pointwise:.4f}, simultaneous {simultaneous:.4f}, largest bias {bias:.5f}")
    assert 0.89 <= pointwise <= 0.95 and 0.885 <= simultaneous <= 0.95 and bias < 0.003


@pytest.mark.slow
def test_the_draws_own_test_keeps_its_size_in_the_long_run():
    alone, family = sizes(4000, 24)
    print(f"alone {alone:.4f}, family {family:.4f}")
    assert 0.085 <= alone <= 0.115 and 0.085 <= family <= 0.115


def test_the_effect_of_receiving_is_covered_with_a_first_stage_of_thirty():
    inside, held, strength = receipt(300, 41)
    assert 20 < strength < 45 and inside >= 0.86 and held >= 0.86


@pytest.mark.slow
def test_the_effect_of_receiving_is_covered_in_the_long_run():
    inside, held, strength = receipt(4000, 42)
    print(f"2SLS {inside:.4f}, Anderson-Rubin {held:.4f}, mean F {strength:.1f}")
    assert 20 < strength < 45 and 0.88 <= inside <= 0.96 and 0.885 <= held <= 0.96


def test_a_family_finds_nothing_where_there_is_nothing():
    found = families(300, 51)
    assert 0.055 <= found["sup-t"] <= 0.145 and found["none"] > 0.25
    assert max(found[name] for name in ("holm", "hochberg", "hommel", "bh")) <= 0.145


@pytest.mark.slow
def test_a_family_finds_nothing_in_the_long_run():
    found = families(4000, 52)
    print({name: round(float(share), 4) for name, share in found.items()})
    assert 0.085 <= found["sup-t"] <= 0.115 and found["none"] > 0.25
    assert found["holm"] <= found["hochberg"] <= found["hommel"] <= 0.11


def test_lees_interval_holds_where_those_seen_are_no_longer_alike():
    held, naive = lee_holds(300, 61)
    assert held >= 0.86 and naive < held


@pytest.mark.slow
def test_lees_interval_in_the_long_run():
    held, naive = lee_holds(4000, 62)
    print(f"Lee {held:.4f}, as if nothing were missing {naive:.4f}")
    assert held >= 0.885 and naive < held


def test_swapping_the_arms_names_turns_the_signs_and_nothing_else(t):
    one, other = (difference(t.outcome, arm, t.stratum) for arm in (t.treated, ~t.treated))
    assert np.abs(one.effect + other.effect).max() < 1e-12 and np.abs(one.error - other.error).max() < 1e-12
    drawn = np.concatenate(list(Scheme.fixed(t.treated, t.stratum).redraws(300, np.random.default_rng(1))))
    first, second = (
        permutation.permutation(t.outcome, t.treated, t.stratum, [drawn]),
        permutation.permutation(t.outcome, ~t.treated, t.stratum, [~drawn]),
    )
    assert (first.p == second.p).all() and (first.p_family == second.p_family).all()
    late, mirrored = (complier.complier(t.outcome, d, z, t.stratum, 0.1) for d, z in ((t.received, t.treated), (~t.received, ~t.treated)))
    assert np.abs(late.curve.effect + mirrored.curve.effect).max() < 1e-9 and np.abs(late.curve.error - mirrored.curve.error).max() < 1e-9
    assert late.always == pytest.approx(mirrored.never) and late.robust_f == pytest.approx(mirrored.robust_f)


def test_the_order_of_the_persons_changes_nothing(t):
    order = np.random.default_rng(3).permutation(t.n)
    for name, found in {
        "difference": lambda r: difference(t.outcome[r], t.treated[r], t.stratum[r]),
        "receiving": lambda r: complier.complier(t.outcome[r], t.received[r], t.treated[r], t.stratum[r], 0.1, t.x[r]).curve,
        "response weights": lambda r: attrition.reweighted(t.outcome[r], t.x[r, 0] > -0.5, t.treated[r], t.stratum[r], t.x[r, 1:]),
    }.items():
        one, other = found(np.arange(t.n)), found(order)
        assert np.abs(one.effect - other.effect).max() < 1e-9 and np.allclose(one.error, other.error, rtol=0, atol=1e-9, equal_nan=True), name


def test_a_person_nobody_has_seen_changes_the_number_and_nothing_else(t):
    """Never found in the register: in every count of those drawn, in no week of the outcome."""
    seen = np.ones((t.n + 1, t.weeks), dtype=bool)
    seen[-1] = False
    more = [np.append(part, part[-1:], axis=0) for part in (t.outcome, t.treated, t.stratum, t.received)]
    plain, found = difference(t.outcome, t.treated, t.stratum), difference(more[0], more[1], more[2], seen)
    assert found.persons == plain.persons + 1 and (found.psi[-1] == 0).all()
    assert np.abs(found.effect - plain.effect).max() < 1e-12 and np.abs(found.error - plain.error).max() < 1e-12
    late = complier.complier(t.outcome, t.received, t.treated, t.stratum, 0.1)
    later = complier.complier(more[0], more[3], more[1], more[2], 0.1, None, seen)
    assert np.abs(late.curve.effect - later.curve.effect).max() < 1e-12 and np.abs(late.curve.error - later.curve.error).max() < 1e-12
