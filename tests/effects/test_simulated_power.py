"""Trials held again and again agree with the formula where there is one."""

import numpy as np
import pytest

from snerydder.effects import power as p
from snerydder.effects.power import Design
from snerydder.effects.results import Refused
from snerydder.effects.simulated_power import from_shares, resampled, simulated_power


def near(found, expected, trials, times=4):
    chance = np.asarray(expected)
    assert np.all(np.abs(np.asarray(found) - chance) < times * np.sqrt(np.maximum(chance * (1 - chance), 0.01) / trials))


def test_one_week_is_the_formula():
    design = Design(220, 180)
    found = simulated_power(design, from_shares([0.2]), 0.1, np.random.default_rng(1), trials=1500)
    near(found.alone, p.power(design, 0.2, 0.1), 1500)
    assert found.any_week == found.alone[0] == found.simultaneous[0] and found.lottery is None


def test_strata_and_those_who_stay_away():
    design = Design([60, 120], [90, 110], compliance=0.7)
    found = simulated_power(design, from_shares([0.2]), 0.15, np.random.default_rng(2), trials=1500)
    near(found.alone, p.power(design, 0.2, 0.15), 1500)


def test_no_effect_is_found_as_often_as_the_level_says():
    people = from_shares(np.linspace(0.15, 0.3, 6), 0.8)
    found = simulated_power(Design([60, 60], [60, 60]), people, 0.0, np.random.default_rng(3), trials=500, redraws=99)
    near([*found.alone, found.any_week, *found.lottery], 0.10, 500)
    assert (found.simultaneous <= found.alone).all() and (found.lottery_family <= found.lottery).all() and found.any_week < found.alone.sum()


def test_the_lotterys_test_sees_what_the_formula_promises():
    design = Design(100, 100)
    found = simulated_power(design, from_shares([0.3]), 0.15, np.random.default_rng(4), trials=500, redraws=199)
    near(found.lottery, p.power(design, 0.3, 0.15), 500)


def test_the_effect_asked_for_is_the_effect_given():
    dice = np.random.default_rng(5)
    pilot = dice.random((400, 3)) < np.array([0.3, 0.5, 0.9])
    people = resampled(pilot)
    assert np.allclose(people.share, pilot.mean(axis=0))
    found = simulated_power(Design(400, 400), people, [0.1, 0.0, -0.1], dice, trials=400)
    near(found.alone, [p.power(Design(400, 400), share, e) for share, e in zip(people.share, (0.1, 0.0, -0.1), strict=True)], 400)


def test_neighbouring_weeks_are_alike():
    drawn = from_shares([0.3, 0.3, 0.3], 0.97).draw(20_000, np.random.default_rng(6))
    assert np.allclose(drawn.mean(axis=0), 0.3, atol=0.015)
    assert (
        np.corrcoef(drawn[:, 0], drawn[:, 1])[0, 1]
        > 0.75
        > 0.1
        > np.corrcoef(from_shares([0.3, 0.3], 0.0).draw(20_000, np.random.default_rng(6)).T)[0, 1]
    )


@pytest.mark.parametrize(
    ("design", "effect", "key"),
    [
        (Design(50, 50, clusters=5), 0.1, "not-simulated"),
        (Design(50, 50, r_squared=0.2), 0.1, "not-simulated"),
        (Design(50, 50), 0.9, "share"),
        (Design(1, 50), 0.1, "too-few"),
    ],
)
def test_refusals(design, effect, key):
    answer = simulated_power(design, from_shares([0.2]), effect, np.random.default_rng(1), 5)
    assert isinstance(answer, Refused) and answer.key == key and answer.reason and answer.reason_en


@pytest.mark.slow
def test_long_form():
    """The trial's own size: R = 4,000 against the formula, one week and 76."""
    design = Design(1299, 1289)
    found = simulated_power(design, from_shares([0.12]), 0.04, np.random.default_rng(7), trials=4000)
    print(f"one week: {found.alone[0]:.4f} (formula {p.power(design, 0.12, 0.04):.4f})")
    near(found.alone, p.power(design, 0.12, 0.04), 4000)
    curve = simulated_power(design, from_shares(np.full(12, 0.12)), 0.04, np.random.default_rng(8), trials=4000)
    print(f"twelve weeks: alone {curve.alone.mean():.4f}, in the band {curve.simultaneous.mean():.4f}, some week {curve.any_week:.4f}")
    near(curve.alone, p.power(design, 0.12, 0.04), 4000)
