"""The compiled kernels say what NumPy says, to the last bit, however the persons are shared out."""

from dataclasses import replace

import numpy as np
import pytest

from snerydder import panel
from snerydder.registers import kernels

PERSONS, HISTORY, WEEKS, CELLS = 400, 90, 30, 6
GROUP = np.array([-1, 0, 1, 1, -1, 2])


@pytest.fixture(scope="module")
def spells():
    dice = np.random.default_rng(11)
    grid = np.repeat(np.where(dice.random((PERSONS, 18)) < 0.4, 0, dice.integers(1, 6, (PERSONS, 18))), 5, axis=1).astype(np.uint16)
    return panel.from_grid(tuple(map(str, range(PERSONS))), ("", *"abcde"), grid, 1500, np.ones(HISTORY, dtype=bool))


@pytest.fixture(scope="module")
def trial():
    dice = np.random.default_rng(12)
    rows = dice.permutation(PERSONS)[:301]
    return rows, 1500 + dice.integers(-10, 80, 301), dice.integers(0, CELLS, 301)


def narrow(spells):
    return replace(
        spells,
        code=spells.code.astype(np.uint8),
        begin=spells.begin.astype(np.uint16),
        end=spells.end.astype(np.uint16),
        offsets=spells.offsets.astype(np.uint32),
    )


@pytest.mark.parametrize("form", [lambda spells: spells, narrow], ids=["wide", "narrow"])
@pytest.mark.parametrize("workers", [1, 2, 5])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_count_is_the_twins_count(spells, trial, form, workers, weighted):
    rows, start, cell = trial
    weight = np.random.default_rng(13).integers(-(2**40), 2**40, len(rows)) if weighted else None
    plain = panel.count(spells, rows, start, WEEKS, cell, CELLS, GROUP, 3, weight)
    found = kernels.count(
        form(spells), rows, start.astype(np.uint16), WEEKS, cell.astype(np.int32), CELLS, GROUP, 3, weight, compiled=True, workers=workers
    )
    assert np.array_equal(plain, found) and plain.any()


def test_the_weighted_count_is_a_sum_over_the_grid(spells, trial):
    rows, start, cell = trial
    weight = np.random.default_rng(14).integers(1, 2**50, len(rows))
    group = GROUP[panel.codes_from(spells, rows, start, WEEKS)]
    cube = panel.count(spells, rows, start, WEEKS, cell, CELLS, GROUP, 3, weight)
    for c in range(CELLS):
        for g in range(3):
            assert (cube[c, g] == ((group[cell == c] == g) * weight[cell == c, None]).sum(axis=0)).all()


def test_weeks_in_and_present_are_the_twins(spells, trial, monkeypatch):
    rows, start, _ = trial
    wanted = np.array([False, True, False, True, True, False])
    plain = kernels.weeks_in(spells, rows, start, 52, wanted), kernels.present(spells, 1490, 40, wanted)
    monkeypatch.setattr(kernels, "LARGE", 0)
    compiled = kernels.weeks_in(narrow(spells), rows, start, 52, wanted), kernels.present(narrow(spells), 1490, 40, wanted)
    assert all(np.array_equal(one, other) and one.any() for one, other in zip(plain, compiled, strict=True))


def test_a_small_study_never_loads_the_compiler(spells, trial):
    import subprocess
    import sys

    code = (
        "import sys, numpy as np\nfrom snerydder import panel\nfrom snerydder.registers import kernels\nfrom snerydder.effects import counts\n"
        "s = panel.from_grid(('a', 'b'), ('', 'x'), np.array([[0, 1], [1, 1]], dtype=np.uint16), 0, np.ones(2, dtype=bool))\n"
        "kernels.count(s, np.arange(2), np.zeros(2, dtype=int), 2, np.arange(2), 2, np.array([-1, 0]), 1)\n"
        "assert 'numba' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr == ""
    assert not kernels.large(spells, trial[0])
