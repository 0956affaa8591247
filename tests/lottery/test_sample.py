"""An audit's draw can be drawn again by a stranger with nothing but SHA-256."""

import hashlib

import numpy as np
from scipy import stats

from snerydder.lottery.sample import sample, two_stage

NAMES = [f"sag-{number:03d}" for number in range(30)]


def test_a_stranger_draws_the_same_cases():
    marks = {hashlib.sha256(b"tilsyn 2026\n" + name.encode()).hexdigest(): name for name in NAMES}
    assert sample("tilsyn 2026", NAMES, 4) == [marks[mark] for mark in sorted(marks)[:4]]


def test_the_order_does_not_matter_and_a_longer_sample_holds_the_shorter():
    assert sample("a", reversed(NAMES), 10)[:3] == sample("a", NAMES, 3)
    assert sample("a", NAMES, 3) != sample("b", NAMES, 3)
    assert sorted(sample("a", NAMES, 99)) == NAMES


def test_everybody_is_as_likely():
    counts = np.bincount([int(name[4:]) for seed in range(4000) for name in sample(str(seed), NAMES, 3)], minlength=30)
    assert stats.chisquare(counts).pvalue > 1e-4


def test_municipalities_first_and_then_cases_by_a_seed_of_their_own():
    cases = {"Vejle": NAMES, "Viborg": NAMES, "Aalborg": NAMES[:2], "Herning": NAMES}
    drawn = two_stage("x", cases, 3, 5)
    assert list(drawn) == sample("x", cases, 3)
    assert all(found == sample(f"x\n{name}", cases[name], 5) for name, found in drawn.items())
    assert len({tuple(found) for found in drawn.values()}) == 3
