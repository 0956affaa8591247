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


def counted(spells, cells, start=None, groups=3, table=GROUP, weeks=WEEKS):
    """Both ways: everybody, in the cells given."""
    rows = np.arange(len(cells))
    start = np.full(len(cells), 1500) if start is None else start
    asked = (rows, start, weeks, cells, int(cells.max()) + 1, table, groups)
    return panel.count(spells, *asked), kernels.count(narrow(spells), *asked, compiled=True)


def made(grid, first=1500):
    return panel.from_grid(tuple(map(str, range(len(grid)))), ("", *"abcde"), grid.astype(np.uint16), first, np.ones(grid.shape[1], dtype=bool))


def test_more_in_a_cell_than_one_byte_or_two_hold():
    grid = np.full((70_000, 4), 1)
    grid[:, 2] = np.arange(70_000) % 6
    plain, found = counted(made(grid), np.zeros(70_000, dtype=int), weeks=4)
    assert np.array_equal(plain, found) and found.max() == 70_000


def test_a_full_list_is_worked_off_and_begun_again():
    """One cell, more steps than its list has room for, and persons with more spells than are compared in one go among them."""
    from snerydder.registers import kernels_wide

    dice = np.random.default_rng(15)
    grid = dice.integers(0, 6, (900, HISTORY))
    grid[dice.random(900) < 0.7, 20:] = 0
    spells = made(grid)
    lengths = np.diff(spells.offsets)
    assert lengths.max() > kernels_wide.SEEN and (lengths <= kernels_wide.SEEN).any() and lengths.sum() > 4 * kernels_wide.ROOM
    plain, found = counted(spells, dice.integers(0, 2, 900), weeks=HISTORY)
    assert np.array_equal(plain, found)


@pytest.mark.parametrize("most", [0, 1, 7, 8, 9, 16, 17, 31, 32, 33, 40])
def test_every_number_of_spells_a_person(most):
    """Eight, and thirty-two, are taken at once; the edges lie there."""
    grid = np.zeros((80, 2 * 40))
    grid[:, : 2 * most : 2] = 1 + np.arange(80)[:, None] % 5
    plain, found = counted(made(grid), np.arange(80) % 3, weeks=80)
    assert np.array_equal(plain, found) and plain.any() == (most > 0)


@pytest.mark.parametrize("start", [-20, 0, 5, 65_500 - WEEKS, 65_529])
def test_windows_at_the_edges_of_time(start):
    """Two bytes end at week 65,535; a window may begin before the first week and reach beyond the last."""
    grid = np.repeat(np.random.default_rng(16).integers(0, 6, (200, 12)), 3, axis=1)
    spells = made(grid, first=max(min(start, 65_530 - 36), 0))
    plain, found = counted(spells, np.arange(200) % 4, np.full(200, start))
    assert np.array_equal(plain, found) and plain.any()


def test_more_places_in_a_cell_than_two_bytes_tell():
    grid = np.random.default_rng(17).integers(0, 6, (50, 200))
    plain, found = counted(made(grid), np.arange(50) % 2, groups=400, table=np.array([-1, 0, 399, 7, 8, -1]), weeks=200)
    assert np.array_equal(plain, found) and found[:, 399].any()


@pytest.mark.parametrize("weeks", [4095, 4096, 4100])
def test_a_window_as_long_as_a_list_can_tell_and_longer(weeks):
    """The list's spell has twelve bits for a week; a longer window takes the plain walk."""
    from snerydder.registers import kernels_wide

    assert kernels_wide.LONGEST == 4096
    grid = np.repeat(np.random.default_rng(18).integers(0, 6, (60, 20)), 210, axis=1)  # 4,200 weeks
    plain, found = counted(made(grid), np.arange(60) % 3, weeks=weeks)
    assert np.array_equal(plain, found) and found[:, :, 4090:].any()


def test_every_code_one_byte_can_name():
    grid = np.random.default_rng(19).integers(1, 256, (200, 30))
    codes = ("", *(f"{code:03d}" for code in range(255)))
    spells = panel.from_grid(tuple(map(str, range(200))), codes, grid.astype(np.uint16), 1500, np.ones(30, dtype=bool))
    plain, found = counted(spells, np.arange(200) % 2, groups=255, table=np.arange(256) - 1, weeks=28)
    assert np.array_equal(plain, found) and found.any(axis=(0, 2)).all()


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
