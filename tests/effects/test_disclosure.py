"""What is held back cannot be worked out: tried as a reader would, by asking what every held-back cell could be."""

import numpy as np
import pytest
from scipy.optimize import linprog

from snerydder.effects.disclosure import publish


def names(shape):
    return tuple(f"r{n}" for n in range(shape[0])), tuple(f"c{n}" for n in range(shape[1]))


def shown(counts, **options):
    counts = np.array(counts)
    return publish(*names(counts.shape), counts, **options)


def test_large_counts_and_zeros_are_shown():
    found = shown([[12, 0], [5, 40]])
    assert found.cells == ((12, 0), (5, 40)) and found.held_back == 0


def test_a_small_count_is_held_back_and_so_is_what_gives_it_away():
    found = shown([[3, 20, 30], [40, 50, 60], [70, 80, 90]])
    assert found.cells == ((None, None, 30), (None, None, 60), (70, 80, 90))


def test_without_totals_only_the_small_one_is():
    assert shown([[3, 20], [40, 50]], totals=False).cells == ((None, 20), (40, 50))


def test_two_that_add_up_to_little_are_not_enough():
    """1 and 1 beside a known total of 2 would be told."""
    [row] = shown([[1, 1, 30, 40]]).cells
    assert row == (None, None, None, 40)


def test_the_limit_is_the_readers():
    assert shown([[9, 40], [50, 60]], limit=10).held_back == 4
    with pytest.raises(ValueError):
        shown([[-1, 4]])


def reach(held, counts, at):
    """The least and the most one held-back cell could be, given the totals and the cells shown."""
    lines = [[(r, c) for c in range(counts.shape[1])] for r in range(counts.shape[0])] + [[(r, c) for r in range(counts.shape[0])] for c in range(counts.shape[1])]
    sums = np.array([[float(place in line) for place in held] for line in lines])
    known = np.array([sum(counts[place] for place in line if place in held) for line in lines], dtype=float)
    ends = []
    for sign in (1, -1):
        aim = np.zeros(len(held))
        aim[at] = sign
        ends.append(sign * linprog(aim, A_eq=sums, b_eq=known, bounds=(0, None)).fun)
    return ends


def test_no_small_count_can_be_worked_out_from_the_totals():
    dice = np.random.default_rng(8)
    tried = 0
    for _ in range(40):
        counts = dice.integers(0, 30, (4, 4))
        found = shown(counts)
        held = [(r, c) for r, row in enumerate(found.cells) for c, cell in enumerate(row) if cell is None]
        for at, place in enumerate(held):
            if 0 < counts[place] < 5 and not whole_line_held(found, place):
                tried += 1
                least, most = reach(held, counts, at)
                assert most - least > 0.5, (counts, place)
    assert tried > 40


def whole_line_held(found, place):
    """A row or column with nobody else in it: its total is the count, and it is the caller's to merge."""
    row, column = place
    return all(cell is None for cell in found.cells[row]) or all(line[column] is None for line in found.cells)
