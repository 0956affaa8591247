"""Starts in different weeks: against the same thing stacked out in full, and against the mistake it is there to avoid."""

import numpy as np

from snerydder.effects.observed.entropy import entropy
from snerydder.effects.observed.starts import NEVER, one_start, starts
from snerydder.effects.results import Refused, sum_by

CLOSE = 1e-9


def close(ours, theirs):
    assert np.max(np.abs(np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float))) < CLOSE


def waiting(seed=2, n=400, weeks=16, effect=0.0):
    """Everyone waits for a job; some get a mentor while waiting, at random among those who still wait."""
    dice = np.random.default_rng(seed)
    x = dice.normal(size=(n, 2))
    job = np.zeros((n, weeks))
    start = np.full(n, NEVER)
    at_work = np.zeros(n, dtype=bool)
    for week in range(weeks):
        may = ~at_work & (start == NEVER) & (week < 10)
        start[may & (dice.random(n) < 0.05 + 0.02 * (x[:, 0] > 0))] = week
        with_mentor = (start != NEVER) & (start < week)
        at_work |= dice.random(n) < np.clip(0.06 + 0.02 * x[:, 0] + effect * with_mentor, 0, 1)
        job[:, week] = at_work
    waits = np.column_stack([np.ones(n, dtype=bool), job[:, :-1] == 0])
    return job, start, x, waits


def test_it_is_entropy_balancing_of_the_stack_with_a_dummy_per_week():
    job, start, x, waits = waiting()
    horizon, before = 5, 1
    ours = starts(job, start, x, horizon, before, waits)
    rows, started, week = [], [], []
    for s in np.unique(start[(start >= before) & (start <= job.shape[1] - horizon)]):
        at_risk = np.flatnonzero(waits[:, s] & ((start >= s) | (start == NEVER)))
        rows.append(at_risk)
        started.append(start[at_risk] == s)
        week.append(np.full(len(at_risk), s))
    row, now, s = np.concatenate(rows), np.concatenate(started), np.concatenate(week)
    y = np.array([job[i, w - before : w + horizon] for i, w in zip(row, s, strict=True)])
    dummies = (s[:, None] == np.unique(s)[1:]).astype(float)
    stack = entropy(y, now, np.column_stack([x[row], dummies]))
    close(ours.weighted.curve.effect, stack.curve.effect)
    close(ours.weighted.control, stack.control)
    close(ours.weighted.curve.psi, sum_by_person(stack.curve.psi, row, len(start)))
    close(ours.weighted.weights, sum_by_person(stack.weights[:, None], row, len(start))[:, 0])
    assert ours.starters.sum() == now.sum() and ours.event.tolist() == [-1, 0, 1, 2, 3, 4]
    assert ours.left_out == (start != NEVER).sum() - now.sum()


def sum_by_person(values, row, n):
    found = np.zeros((n, values.shape[1]))
    known = sum_by(values, row)
    found[: len(known)] = known
    return found


def test_who_could_not_start_is_no_starter():
    job, start, x, waits = waiting()
    first = int(np.flatnonzero(start == 3)[0])
    ours = starts(job, start, x, 5, 0, waits)
    without = waits.copy()
    without[first, 3] = False
    again = starts(job, start, x, 5, 0, without)
    assert again.left_out == ours.left_out + 1 and again.starters[3] == ours.starters[3] - 1


def test_one_start_for_all_is_entropy_balancing():
    job, start, x, _ = waiting()
    same = np.where(start != NEVER, 0, NEVER)
    ours, theirs = starts(job, same, x, 16), entropy(job, same == 0, x)
    close(ours.weighted.curve.effect, theirs.curve.effect)
    close(ours.weighted.curve.psi, theirs.curve.psi)


def test_a_mentor_without_effect_shows_none_here_and_harm_the_wrong_way():
    """Ever against never: whoever found a job early never got the chance to start. The same data, two answers, one of them false."""
    job, start, x, waits = waiting(seed=6, n=20_000)
    right = starts(job, start, x, 6, 0, waits).weighted.curve
    wrong = entropy(job, start != NEVER, x).curve
    assert (np.abs(right.z) < 3).all() and np.abs(right.effect).max() < 0.02
    assert wrong.effect[8] < -0.15 and wrong.z[8] < -10


def test_an_effect_is_found():
    job, start, x, waits = waiting(seed=6, n=20_000, effect=0.05)
    right = starts(job, start, x, 6, 0, waits).weighted.curve
    assert right.z[3] > 5 and right.effect[0] < right.effect[2] < right.effect[4]


def test_refusals():
    job, start, x, waits = waiting()
    refused = one_start(start)
    assert isinstance(refused, Refused) and refused.key == "immortal-time" and "(0-9)" in refused.reason
    assert one_start(np.array([NEVER, 3, 3])) is None
    assert starts(job, np.full(len(start), NEVER), x, 5).key == "no-starters"
    assert starts(np.where(job > 0, np.nan, job), start, x, 5).key == "missing-outcome"
    assert starts(job, start, np.column_stack([x, x[:, 0]]), 5).key == "collinear"
