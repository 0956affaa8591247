"""The comparison group against a plain walk over persons and weeks."""

from collections import Counter

import numpy as np

from snerydder import panel
from snerydder.registers import kernels
from snerydder.registers.comparison import ONE, YEAR, comparison

PERSONS, FIRST, HISTORY, KINDS, BANDS, BEFORE, WEEKS = 300, 1800, 140, 3, 4, 20, 50
COULD, TRANSFER, GROUP = np.array([False, True, False, True]), np.array([False, True, True, False]), np.array([-1, 0, 1, 1])


def case():
    dice = np.random.default_rng(61)
    grid = np.repeat(np.where(dice.random((PERSONS, 28)) < 0.3, 0, dice.integers(1, 4, (PERSONS, 28))), 5, axis=1).astype(np.uint16)
    spells = panel.from_grid(tuple(map(str, range(PERSONS))), ("", "111", "651", "731"), grid, FIRST, np.ones(HISTORY, dtype=bool))
    rows = np.sort(dice.choice(PERSONS, 40, replace=False))
    kind = dice.integers(-1, KINDS, PERSONS)
    return grid, spells, kind, rows, FIRST + 70 + 2 * dice.integers(0, 3, 40)  # weeks between without anybody


def walked(grid, kind, rows, week):
    def cell(person, when):
        at = when - FIRST
        return kind[person], int(TRANSFER[grid[person, at - YEAR : at]].sum()) * BANDS // (YEAR + 1), when

    began = [(person, when) for person, when in zip(rows.tolist(), week.tolist(), strict=True) if kind[person] >= 0]
    could = [
        (person, when)
        for person in range(PERSONS)
        for when in sorted(set(week.tolist()))
        if person not in rows and kind[person] >= 0 and COULD[grid[person, when - FIRST]]
    ]
    n1, n0 = Counter(cell(*one) for one in began), Counter(cell(*one) for one in could)
    cube = np.zeros((2, 2, WEEKS), dtype=np.int64)
    for arm, people in enumerate((began, could)):
        for person, when in people:
            here = cell(person, when)
            weight = ONE * (n0[here] > 0) if arm == 0 else n1[here] * ONE // n0[here]
            for step, code in enumerate(grid[person, when - FIRST - BEFORE : when - FIRST - BEFORE + WEEKS]):
                if GROUP[code] >= 0:
                    cube[arm, GROUP[code], step] += weight
    return cube, sum(n0[cell(*one)] > 0 for one in began)


def test_the_comparison_is_the_plain_walk(monkeypatch):
    grid, spells, kind, rows, week = case()
    wanted, began = walked(grid, kind, rows, week)
    for large in (kernels.LARGE, 0):
        monkeypatch.setattr(kernels, "LARGE", large)
        found = comparison(spells, kind, KINDS, rows, week, COULD, TRANSFER, BANDS, BEFORE, WEEKS, GROUP, 2)
        assert np.array_equal(found.cube, wanted) and wanted[1].any()
        assert (found.began, found.alone, int(found.total[0])) == (began, 40 - began, began * ONE)
        assert 0 <= found.total[0] - found.total[1] < found.candidates, "each weight is rounded down by less than one unit"
