"""Intervals that hold however often one looks: by the definition person by person, and by their coverage at every look at once."""

import math

import numpy as np
import pytest

from snerydder.effects.results import Refused
from snerydder.effects.sequences import FIRST, exact_sequence, sequence


def trial(dice, n=600, effect=0.1):
    stratum = dice.integers(0, 3, n)
    p = np.array([0.4, 0.5, 0.65])[stratum]
    treated = dice.random(n) < p
    yes = dice.random(n) < 0.2 + 0.15 * stratum + effect * treated
    return yes.astype(float), treated, p, stratum


def test_the_asymptotic_sequence_person_by_person():
    y, treated, p, stratum = trial(np.random.default_rng(1), 160)
    found = sequence(y, treated, p, 0.1, stratum, sharpest=100)
    rho2, terms = (-2 * math.log(0.1) + math.log(-2 * math.log(0.1) + 1)) / 100, []
    for i in range(160):
        means = []
        for arm in (True, False):
            near = [y[j] for j in range(i) if treated[j] == arm and stratum[j] == stratum[i]]
            far = [y[j] for j in range(i) if treated[j] == arm]
            means.append(np.mean(near) if near else np.mean(far) if far else 0.0)
        m1, m0 = means
        terms.append(m1 - m0 + ((y[i] - m1) / p[i] if treated[i] else -(y[i] - m0) / (1 - p[i])))
        n = i + 1
        reach = np.std(terms) * math.sqrt(2 * (n * rho2 + 1) / (n**2 * rho2) * math.log(math.sqrt(n * rho2 + 1) / 0.1))
        assert found.estimate[i] == pytest.approx(np.mean(terms), abs=1e-9)
        assert (found.lower[i], found.upper[i]) == (
            pytest.approx((np.mean(terms) - reach, np.mean(terms) + reach), abs=1e-9) if n > FIRST else (-np.inf, np.inf)
        )


def test_the_exact_sequence_person_by_person():
    y, treated, p, _ = trial(np.random.default_rng(2), 120)
    found = exact_sequence(y, treated, p, 0.1)
    low, high = -1 / 0.35, 1 / 0.4
    mean, spread, bets, won, paid, seen, squares = 0.5, 0.25, 0.0, 0.0, math.log(20), 0.0, 0.25
    best = [0.0, 1.0]
    for i in range(120):
        x = ((y[i] / p[i] if treated[i] else -y[i] / (1 - p[i])) - low) / (high - low)
        bet = min(0.5, math.sqrt(2 * math.log(20) / (spread * (i + 1) * math.log(i + 2))))
        bets, won, paid = bets + bet, won + bet * x, paid + 4 * (x - mean) ** 2 * (-math.log(1 - bet) - bet) / 4
        best = [max(best[0], (won - paid) / bets), min(best[1], (won + paid) / bets)]
        seen += x
        mean = (0.5 + seen) / (i + 2)
        squares += (x - mean) ** 2
        spread = squares / (i + 2)
        assert (found.lower[i], found.upper[i]) == pytest.approx((low + best[0] * (high - low), low + best[1] * (high - low)), abs=1e-9)
        assert found.estimate[i] == pytest.approx(low + won / bets * (high - low), abs=1e-9)


def ever_wrong(make, repeats, seed):
    """The share of trials in which the truth is outside at any look at all, and the same for an interval made for one look."""
    dice, wrong, naive = np.random.default_rng(seed), 0, 0
    for _ in range(repeats):
        y, treated, p, stratum = trial(dice)
        found = make(y, treated, p, stratum)
        wrong += bool(((found.lower > 0.1) | (found.upper < 0.1)).any())
        term = np.where(treated, y / p, -y / (1 - p))
        count = np.arange(1, len(y) + 1)
        mean = np.cumsum(term) / count
        error = np.sqrt((np.cumsum(term**2) / count - mean**2) / count)
        naive += bool((np.abs(mean - 0.1) > 1.645 * error)[FIRST:].any())
    return wrong / repeats, naive / repeats


SEQUENCES = {"asymptotic": lambda y, z, p, s: sequence(y, z, p, 0.1, s, 300), "exact": lambda y, z, p, s: exact_sequence(y, z, p, 0.1)}


@pytest.mark.parametrize("name", SEQUENCES)
def test_looking_at_every_person_is_wrong_no_more_often_than_claimed(name):
    wrong, naive = ever_wrong(SEQUENCES[name], 400, 31)
    assert wrong <= 0.13 and naive > 0.25


@pytest.mark.slow
@pytest.mark.parametrize("name", SEQUENCES)
def test_looking_at_every_person_in_the_long_run(name):
    wrong, naive = ever_wrong(SEQUENCES[name], 4000, 32)
    print(f"{name}: ever wrong {wrong:.4f}, an interval for one look {naive:.4f}")
    assert wrong <= 0.112 and naive > 0.25


def test_strata_and_their_means_make_it_narrower_and_a_clear_effect_is_decided():
    y, treated, p, stratum = trial(np.random.default_rng(3), 2000, 0.3)
    one, plain, exact = sequence(y, treated, p, 0.1, stratum), sequence(y, treated, p, 0.1), exact_sequence(y, treated, p, 0.1)
    assert one.upper[-1] - one.lower[-1] < plain.upper[-1] - plain.lower[-1] < exact.upper[-1] - exact.lower[-1]
    assert FIRST < one.decided < exact.decided < 2000
    assert sequence(*trial(np.random.default_rng(3), 300, 0.0)[:3], 0.1).decided is None


REFUSALS = {
    "too-few": lambda y, z, p: sequence(y[:20], z[:20], p[:20], 0.1),
    "certain": lambda y, z, p: sequence(y, z, np.where(p > 0.6, 1.0, p), 0.1),
    "range": lambda y, z, p: exact_sequence(2 * y, z, p, 0.1),
}


@pytest.mark.parametrize("key", REFUSALS)
def test_it_refuses_with_a_reason(key):
    found = REFUSALS[key](*trial(np.random.default_rng(1))[:3])
    assert isinstance(found, Refused) and found.key == key and found.reason and found.reason_en


def blocked(dice, n=600, effect=0.1):
    """As the service draws: hidden blocks of four, six or eight in each of three strata, half to the effort."""
    stratum = dice.integers(0, 3, n)
    treated = np.zeros(n, dtype=bool)
    for label in range(3):
        rows = np.flatnonzero(stratum == label)
        lots: list[bool] = []
        while len(lots) < len(rows):
            half = int(dice.integers(2, 5))
            lots += dice.permutation([True] * half + [False] * half).tolist()
        treated[rows] = lots[: len(rows)]
    yes = dice.random(n) < 0.2 + 0.15 * stratum + effect * treated
    return yes.astype(float), treated, np.full(n, 0.5), stratum


def peeking(repeats, seed=77):
    """{how it was drawn: {interval: share of trials in which it was ever wrong}}, looking at every person."""
    found = {}
    for how, draw in (("hver for sig", trial), ("i blokke", blocked)):
        dice, wrong = np.random.default_rng(seed), dict.fromkeys((*SEQUENCES, "once"), 0)
        for _ in range(repeats):
            y, treated, p, stratum = draw(dice)
            for name, make in SEQUENCES.items():
                told = make(y, treated, p, stratum)
                wrong[name] += bool(((told.lower > 0.1) | (told.upper < 0.1)).any())
            term, count = np.where(treated, y / p, -y / (1 - p)), np.arange(1, len(y) + 1)
            mean = np.cumsum(term) / count
            error = np.sqrt((np.cumsum(term**2) / count - mean**2) / count)
            wrong["once"] += bool((np.abs(mean - 0.1) > 1.645 * error)[FIRST:].any())
        found[how] = {name: times / repeats for name, times in wrong.items()}
    return found


def test_blocks_as_the_service_draws_them_keep_the_error_too():
    found = peeking(150)["i blokke"]
    assert max(found["asymptotic"], found["exact"]) <= 0.10 + 3 * math.sqrt(0.09 / 150) and found["once"] > 0.15


@pytest.mark.slow
def test_looking_at_every_person_of_4000_trials(capsys):
    found = peeking(4000)
    with capsys.disabled():
        print("\n" + "\n".join(f"{how}: {told}" for how, told in found.items()))
    for told in found.values():
        assert max(told["asymptotic"], told["exact"]) <= 0.10 + 3 * math.sqrt(0.09 / 4000) and told["once"] > 0.2
