"""T17: what is held back cannot be worked out. The attacker is a program of its own: whole numbers, every sum, and every earlier table."""

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp

from snerydder.effects import disclosure, suppression
from snerydder.effects.disclosure import Earlier, Published, Table, apply, dominated, line, steps
from snerydder.effects.results import Refused


def table(counts, sums="shown"):
    counts = np.array(counts)
    return Table(tuple(f"r{n}" for n in range(counts.shape[0])), tuple(f"c{n}" for n in range(counts.shape[1])), counts, sums)


def shown(counts, sums="given", **options):
    found = apply(table(counts, sums), **options)
    assert isinstance(found, Published)
    return found


def test_large_counts_and_zeros_are_shown():
    found = shown([[12, 0], [5, 40]])
    assert found.cells == ((12, 0), (5, 40)) and found.held_back == 0


def test_a_small_count_is_held_back_and_so_is_what_gives_it_away():
    found = shown([[3, 20, 30], [40, 50, 60], [70, 80, 90]])
    assert found.cells == ((None, None, 30), (None, None, 60), (70, 80, 90))
    assert found.row_sums == (53, 150, 240) and found.column_sums == (113, 150, 180) and found.total == 443


def test_without_totals_only_the_small_one_is():
    found = shown([[3, 20], [40, 50]], "none")
    assert found.cells == ((None, 20), (40, 50)) and found.total is None


def test_two_that_add_up_to_little_are_not_enough():
    """1 and 1 beside a known total of 2 would be told."""
    assert shown([[1, 1, 30, 40], [40, 40, 40, 40]]).cells[0][:3] == (None, None, None)


def test_a_sum_that_gives_a_count_away_is_held_back_where_it_may_be_and_refused_where_it_is_known():
    assert shown([[3, 0], [40, 50]], "shown").row_sums[0] is None
    assert isinstance(apply(table([[3, 0], [40, 50]], "given")), Refused)


def test_the_limit_is_the_readers():
    assert shown([[9, 40], [50, 60]], limit=10).held_back == 4
    with pytest.raises(ValueError):
        shown([[-1, 4]])


def test_nobody_else_can_make_what_may_be_shown():
    with pytest.raises(TypeError, match="gate"):
        Published(object(), ("r",), ("c",), ((1,),), 5)


def test_one_row_in_closed_form_agrees_with_the_programming():
    dice = np.random.default_rng(4)
    for _ in range(60):
        counts = dice.integers(0, 14, dice.integers(2, 7))
        hidden = line(counts)
        if not (counts[hidden].sum() >= 5 and hidden.sum() > 1):
            assert not hidden.any() or hidden.all()
            continue
        known = suppression.Known(np.append(counts, counts.sum()).astype(float), np.append(np.ones(len(counts)), -1)[None, :], np.append(np.zeros(len(counts), bool), True), np.ones(len(counts) + 1))
        for at in np.flatnonzero(hidden):
            low, high = suppression.interval(known, np.append(hidden, False), int(at))
            assert (low, high) == pytest.approx((0, counts[hidden].sum()))


def test_a_curve_that_grows_shows_nobody_or_five_at_a_time():
    grown = np.array([[0, 0], [3, 0], [6, 0], [6, 0], [9, 4], [9, 5], [11, 9], [11, 11]])
    assert steps(grown).tolist() == [False, False, True, False, False, False, True, False]
    last = np.zeros(2)
    for row in grown[steps(grown)]:
        assert all(gap == 0 or gap >= 5 for gap in row - last)
        last = row


def test_a_sum_most_of_which_is_two_persons_is_dominated():
    assert dominated(np.array([[90.0, 10.0], [5.0, 10.0], [5.0, 10.0], [5.0, 10.0]])).tolist() == [True, False]


# --- The attacker ---------------------------------------------------------------------------------------


def attack(rounds):
    """`rounds` is [(counts, Published)], later ones grown from earlier: for each held-back count, and each difference, the least and the most it can be."""
    shape = rounds[0][0].shape
    n, size = shape[0] * shape[1], shape[0] * shape[1] * len(rounds)
    rules, known, held = [], [], []
    for number, (counts, told) in enumerate(rounds):
        place = np.arange(n).reshape(shape) + number * n
        groups = [(place[r, c : c + 1], told.cells[r][c]) for r in range(shape[0]) for c in range(shape[1])]
        groups += [(place[r], told.row_sums[r]) for r in range(shape[0])] + [(place[:, c], told.column_sums[c]) for c in range(shape[1])] + [(place.ravel(), told.total)]
        for members, value in groups:
            row = np.zeros(size)
            row[members] = 1
            if value is None:
                held.append((True, row, int(counts.ravel()[members - number * n].sum())))
            else:
                rules.append(row)
                known.append(float(value))
            if number:
                row = np.zeros(size)
                row[members], row[members - n] = 1, -1
                held.append((False, row, int((counts - rounds[number - 1][0]).ravel()[members - number * n].sum())))
    limits = [LinearConstraint(np.array(rules), known, known)] if rules else []
    if len(rounds) > 1:
        grows = np.zeros((n * (len(rounds) - 1), size))
        for at in range(len(grows)):
            grows[at, at + n], grows[at, at] = 1, -1
        limits.append(LinearConstraint(grows, 0, np.inf))
    for count, row, truth in held:
        ends = []
        for sign in (1, -1):
            found = milp(sign * row, constraints=limits, integrality=np.ones(size), bounds=None)
            ends.append(np.inf * -sign if found.status == 3 or found.x is None else sign * found.fun)
        yield count, truth, min(ends), max(ends)


def won(rounds, limit=5):
    """Held-back counts, and small differences from an earlier table, for which the attacker has fewer than five values left."""
    return [(truth, low, high) for count, truth, low, high in attack(rounds) if (count or 0 < truth < limit) and high - low < limit - 1 - 1e-6]


def a_table(dice):
    shape = dice.integers(2, 5, 2)
    return dice.poisson(dice.choice([3.0, 8.0, 25.0]), shape)


def held_from(dice, tables):
    for _ in range(tables):
        counts = a_table(dice)
        told = apply(table(counts))
        assert isinstance(told, Published), counts
        yield [(counts, told)]


def over_time(dice, tables):
    """A release, and one some weeks later with a few persons more."""
    for _ in range(tables):
        counts = a_table(dice) + 6
        told = apply(table(counts))
        later = counts + dice.poisson(dice.choice([0.3, 2.0, 9.0]), counts.shape)
        again = apply(table(later), earlier=[Earlier(counts, told)])
        if isinstance(again, Refused):
            assert (later - counts).sum() > 0, "nothing new is no reason to refuse"
            continue
        yield [(counts, told), (later, again)]


def none_is_won(tables):
    dice, tried, pairs = np.random.default_rng(17), 0, 0
    for rounds in held_from(dice, tables):
        assert not won(rounds), rounds
        tried += rounds[0][1].held_back > 0
    for rounds in over_time(dice, tables // 2):
        assert not won(rounds), rounds
        pairs += 1
        (old, before), (new, after) = rounds
        for r in range(old.shape[0]):
            for c in range(old.shape[1]):
                both = before.cells[r][c] is not None and after.cells[r][c] is not None
                assert not (both and 0 < abs(new[r, c] - old[r, c]) < 5)
    assert tried > tables / 3 and pairs > tables / 8


def test_the_attacker_wins_nothing():
    none_is_won(24)


@pytest.mark.slow
def test_the_attacker_wins_nothing_of_500():
    none_is_won(500)


def test_the_attacker_bites(monkeypatch):
    """With the further suppression taken out he wins, and so he does when what was let out before is forgotten."""
    dice = np.random.default_rng(17)
    monkeypatch.setattr(disclosure, "protect", lambda known, hidden: hidden)
    assert any(won(rounds) for rounds in held_from(dice, 12))
    monkeypatch.undo()
    counts = np.array([[20, 30], [40, 50]])
    later = counts + np.array([[2, 0], [0, 9]])
    forgotten = [(counts, apply(table(counts))), (later, apply(table(later)))]
    assert won(forgotten)
    remembered = apply(table(later), earlier=[Earlier(counts, forgotten[0][1])])
    assert isinstance(remembered, Published) and remembered.held_back and not won([forgotten[0], (later, remembered)])


def test_two_persons_more_in_all_is_refused_with_what_to_do():
    counts = np.array([[20, 30], [40, 50]])
    found = apply(table(counts + np.array([[2, 0], [0, 0]]), "given"), earlier=[Earlier(counts, apply(table(counts)))])
    assert isinstance(found, Refused) and "Vent" in found.reason
