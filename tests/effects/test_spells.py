"""Spells from weeks: the rules one by one, and that a spell is the same however it is told."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from snerydder.effects import spells
from snerydder.effects.spells import episodes, followed, rasterised, stack


def weeks(*lines, mark="#"):
    return np.array([[sign == mark for sign in line] for line in lines])


def rows(found):
    return [
        tuple(int(v) for v in row)
        for row in zip(found.person, found.begin, found.end, found.entry, found.exit, found.ended, found.known, strict=True)
    ]


def test_a_pause_of_four_weeks_is_no_end_and_five_is():
    found = episodes(weeks("......##....###........", "......##.....###......."))
    assert rows(found) == [(0, 6, 15, 0, 9, 1, 1), (1, 6, 8, 0, 2, 1, 1), (1, 13, 16, 0, 3, 1, 1)]


def test_the_registers_end_cannot_tell_an_end_from_a_pause():
    # 20 weeks: what happens in the last four may be a pause, so all are censored at week 16
    found = episodes(weeks(".....#########......", ".....##########.....", ".....###########....", ".....##############.", ".....###############"))
    assert [(int(e), bool(d)) for e, d in zip(found.exit, found.ended, strict=True)] == [(9, True), (10, True), (11, False), (11, False), (11, False)]


def test_death_and_emigration_end_the_view():
    inside, seen = weeks(".....##########..........."), weeks("############..............", mark="#")
    assert rows(episodes(inside, seen)) == [(0, 5, 12, 0, 3, 0, 1)]


def test_a_spell_running_at_the_start_has_an_age_or_is_left_out():
    inside = weeks("###########...........", "..#######.............", "......####............")
    assert [bool(v) for v in episodes(inside).known] == [False, False, True]
    told = episodes(inside, began=np.array([30, 0, 0]))
    assert rows(told) == [(0, -30, 11, 30, 41, 1, 1), (1, 2, 9, 0, 7, 1, 1), (2, 6, 10, 0, 4, 1, 1)]
    assert told.usable.all()


def test_a_long_hole_in_the_register_cuts_and_a_short_one_does_not():
    inside = weeks(".....####################......")
    short, long = np.ones((2, 1, 31), dtype=bool)
    short[0, 12:15], long[0, 12:18] = False, False
    assert rows(episodes(inside, short)) == [(0, 5, 25, 0, 20, 1, 1)]
    assert rows(episodes(inside, long)) == [(0, 5, 12, 0, 3, 0, 1), (0, 18, 25, 0, 7, 1, 0)]


def test_an_end_beside_a_short_hole_is_still_an_end():
    seen = np.ones((1, 30), dtype=bool)
    seen[0, 10:12] = False
    assert rows(episodes(weeks(".....#####...................."), seen)) == [(0, 5, 10, 0, 5, 1, 1)]


def test_the_first_of_each_person():
    found = episodes(weeks(".....##......##......", ".....................", ".......##............"))
    assert [int(p) for p in found.first().person] == [0, 2]
    assert [int(b) for b in found.first().begin] == [5, 7]


def test_nobody_inside():
    assert len(episodes(np.zeros((3, 9), dtype=bool)).person) == 0 and not rasterised(episodes(np.zeros((3, 9), dtype=bool)), 3, 9).any()


def test_what_follows_is_the_first_that_comes_within_the_horizon():
    inside = weeks(*[".....###.............."] * 5)
    state = np.zeros((5, 22), dtype=int)
    state[0, 10:], state[1, 8:], state[2, 13], state[3, 20], state[4, 9] = 1, 2, 3, 1, 2
    seen = np.ones((5, 22), dtype=bool)
    seen[4, 16:] = False
    state[1, 12:] = 1
    after = followed(episodes(inside, seen), state, seen, horizon=10)
    assert [int(v) for v in after.kind] == [1, 2, 3, 0, 2]
    assert [int(v) for v in after.weeks] == [3, 1, 6, 10, 2]
    assert after.seen.all()
    state[4, 9] = 0
    lost = followed(episodes(inside, seen), state, seen, horizon=10)
    assert (int(lost.kind[4]), int(lost.weeks[4]), bool(lost.seen[4])) == (0, 8, False)


def test_the_stack_sums_to_one_of_those_seen():
    inside = weeks(*[".....###..............", ".....###..............", ".....#################"])
    state = np.zeros((3, 22), dtype=int)
    state[0, 10:] = 2
    shares, counted = stack(episodes(inside), state, 2, horizon=6)
    assert counted.tolist() == [2] * 6
    assert shares[2].tolist() == [0, 0, 0.5, 0.5, 0.5, 0.5] and np.allclose(shares.sum(axis=0), 1)


GRIDS = arrays(bool, st.tuples(st.integers(1, 4), st.integers(1, 30)))


@settings(max_examples=150, deadline=None)
@given(GRIDS, st.integers(0, 5))
def test_told_as_spells_and_back(inside, gap):
    persons, length = inside.shape
    assert (rasterised(episodes(inside, gap=0), persons, length) == inside).all()
    covered = rasterised(episodes(inside, gap=gap), persons, length)
    assert (covered | ~inside).all()
    wider = rasterised(episodes(inside, gap=gap + 1), persons, length)
    assert (wider | ~covered).all()
    again = episodes(covered, gap=gap)
    assert rows(again) == rows(episodes(inside, gap=gap))


@settings(max_examples=150, deadline=None)
@given(arrays(np.int8, st.tuples(st.integers(1, 4), st.integers(1, 30)), elements=st.integers(0, 3)), st.integers(0, 4))
def test_the_same_as_walking_week_by_week(signs, gap):
    inside, seen = signs == 2, signs > 0  # 0 not seen, 1 outside, 2 inside, 3 outside
    found = episodes(inside, seen, gap)
    assert rows(found) == [row for number in range(len(signs)) for row in walked(number, inside[number], seen[number], gap)]


def walked(number, inside, seen, gap):
    """The definition, slowly."""
    seen, length = seen.copy(), len(inside)
    week = 0
    while week < length:  # holes no longer than a pause
        stop = week
        while stop < length and not seen[stop]:
            stop += 1
        if week < stop < length and week > 0 and stop - week <= gap:
            seen[week:stop] = True
        week = max(stop, week + 1)
    week = 0
    while week < length:
        if not inside[week]:
            week += 1
            continue
        begin, last = week, week
        while week < length and week - last - 1 <= gap:
            if inside[week]:
                last = week
            week += 1
        end = last + 1
        week = end
        before = begin
        while before > 0 and seen[before - 1]:
            before -= 1
        after = end
        while after < length and seen[after]:
            after += 1
        ended = after - end >= gap + 1
        yield number, begin, end, 0, (end if ended else min(end, after - gap)) - begin, int(ended), int(begin - before >= gap + 1)


def test_followed_takes_only_spells_that_ended():
    found = episodes(weeks(".....#######"), gap=2)
    assert not found.ended[0]
    after = followed(found, np.ones((1, 12), dtype=int), horizon=3)
    assert (int(after.kind[0]), int(after.weeks[0]), bool(after.seen[0])) == (0, 0, False)


def test_the_gap_is_four_weeks_unless_told():
    assert spells.GAP == 4
    with pytest.raises(ValueError):
        episodes(np.zeros(4, dtype=bool))
