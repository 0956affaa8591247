"""Municipalities that begin at different times: the plain double loop, the saturated regression, and what two-way fixed effects does to the same data."""

import numpy as np
import pytest
import statsmodels.api as sm

from snerydder.effects.observed.staggered import staggered
from snerydder.effects.observed.starts import NEVER
from snerydder.effects.results import Refused

CLOSE = 1e-9


def close(ours, theirs, bound=CLOSE):
    assert np.max(np.abs(np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float))) < bound


def rollout(seed=3, units=90, periods=8):
    dice = np.random.default_rng(seed)
    first = dice.permutation(np.resize([NEVER, 3, 5, 6], units))
    since = np.arange(periods) - first[:, None]
    effect = np.where((first[:, None] != NEVER) & (since >= 0), 0.3 + 0.1 * since, 0.0)
    return dice.normal(size=(units, 1)) + 0.2 * np.arange(periods) + effect + dice.normal(size=(units, periods)), first


def slow(y, first, controls):
    """Every cell by itself: effect, each unit's influence and the number of starters behind it."""
    found = {}
    for g in sorted(set(first) - {NEVER, 0}):
        for t in range(y.shape[1]):
            if t == g - 1:
                continue
            mine = [i for i in range(len(y)) if first[i] == g]
            others = [i for i in range(len(y)) if first[i] == NEVER or (controls == "not-yet" and first[i] != g and first[i] > max(t, g - 1))]
            if len(others) < 2:
                continue
            change = y[:, t] - y[:, g - 1]
            psi = np.zeros(len(y))
            for rows, sign in ((mine, 1), (others, -1)):
                for i in rows:
                    psi[i] = sign * (change[i] - change[rows].mean()) / np.sqrt(len(rows) * (len(rows) - 1))
            found[int(g), t] = change[mine].mean() - change[others].mean(), psi, len(mine)
    return found


@pytest.mark.parametrize("controls", ["not-yet", "never"])
def test_cells_and_means_by_the_double_loop(controls):
    y, first = rollout()
    ours, theirs = staggered(y, first, controls), slow(y, first, controls)
    assert list(zip(ours.cohort, ours.period, strict=True)) == list(theirs)
    close(ours.cells.effect, [effect for effect, _, _ in theirs.values()])
    close(ours.cells.psi, np.column_stack([psi for _, psi, _ in theirs.values()]))

    def mean(wanted):
        chosen = {cell: value for cell, value in theirs.items() if wanted(*cell)}
        total = sum(size for _, _, size in chosen.values())
        effect = sum(size * value for value, _, size in chosen.values()) / total
        psi = sum(size * value for _, value, size in chosen.values()) / total
        for i in range(len(y)):  # a person more in the cohort would give its cells more weight
            psi[i] += sum(value - effect for (g, _), (value, _, _) in chosen.items() if first[i] == g) / total
        return effect, psi

    times, curve = ours.dynamic()
    assert -1 not in times and times.min() == -6 and times.max() == 4
    for at, time in enumerate(times):
        effect, psi = mean(lambda g, t, time=time: t - g == time)
        close(curve.effect[at], effect)
        close(curve.psi[:, at], psi)
    for at, cohort in enumerate(ours.group()[0]):
        effect, psi = mean(lambda g, t, cohort=cohort: g == cohort and t >= g)
        close([ours.group()[1].effect[at], ours.group()[1].error[at]], [effect, np.sqrt((psi**2).sum())])
    effect, psi = mean(lambda g, t: t >= g)
    close([ours.simple().effect[0], ours.simple().error[0]], [effect, np.sqrt((psi**2).sum())])


def test_each_cell_is_the_saturated_regression_with_hc2():
    y, first = rollout()
    ours = staggered(y, first)
    for at, (g, t) in enumerate(zip(ours.cohort, ours.period, strict=True)):
        rows = (first == g) | (first == NEVER) | (first > max(t, g - 1))
        theirs = sm.OLS((y[:, t] - y[:, g - 1])[rows], sm.add_constant((first == g)[rows].astype(float))).fit(cov_type="HC2")
        close([ours.cells.effect[at], ours.cells.error[at]], [theirs.params[1], theirs.bse[1]])


def test_the_whole_curve_is_one_saturated_regression():
    """With never begun as controls all cells come out of one regression with a dummy per cohort and period (Sun & Abraham 2021; Wooldridge 2021)."""
    y, first = rollout()
    units, periods = y.shape
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    ours = staggered(y, first, "never")
    cells = [((first[unit] == g) & (period == t)) for g, t in zip(ours.cohort, ours.period, strict=True)]
    x = np.column_stack([*cells, unit[:, None] == np.arange(units), period[:, None] == np.arange(1, periods)]).astype(float)
    close(ours.cells.effect, sm.OLS(y.ravel(), x).fit().params[: len(cells)])


def test_clusters_are_what_began():
    """Persons in municipalities: the effects are of the persons, the error is of the municipalities' sums, scaled for how few they are."""
    means, begun = rollout(units=24)
    dice = np.random.default_rng(1)
    cluster = np.sort(dice.integers(0, 24, 700))
    y = means[cluster] + dice.normal(size=(700, means.shape[1]))
    first = begun[cluster]
    ours = staggered(y, first, cluster=cluster)
    for at in (0, 5, 9):
        g, t = int(ours.cohort[at]), int(ours.period[at])
        change, variance, effect = y[:, t] - y[:, g - 1], 0.0, []
        for rows in (first == g, (first == NEVER) | ((first > max(t, g - 1)) & (first != g))):
            labels = np.unique(cluster[rows])
            effect.append(change[rows].mean())
            sums = [(change[cluster == c] - effect[-1]).sum() for c in labels]
            variance += np.square(sums).sum() / rows.sum() ** 2 * len(labels) / (len(labels) - 1)
        close([ours.cells.effect[at], ours.cells.error[at] ** 2], [effect[0] - effect[1], variance])
    assert len(ours.dynamic()[1].psi) == 24


def test_two_way_fixed_effects_is_wrong_where_this_is_right():
    """No noise: two cohorts, everyone in the end begun, an effect that grows by one a period. The truth is known to the last digit."""
    first = np.repeat([2, 6, NEVER], [40, 40, 10])
    period = np.arange(10)
    since = np.where(first[:, None] == NEVER, -1, period - first[:, None])
    y = np.arange(90)[:, None] * 0.1 + 0.5 * period + np.where(since >= 0, since + 1.0, 0.0)
    ours = staggered(y, first)
    times, curve = ours.dynamic()
    close(curve.effect, np.where(times >= 0, times + 1, 0))
    truth = (since[since >= 0] + 1).mean()
    close(ours.simple().effect, truth)
    residual = (since >= 0) - (since >= 0).mean(axis=1, keepdims=True) - (since >= 0).mean(axis=0) + (since >= 0).mean()
    two_way = float((residual * y).sum() / (residual**2).sum())
    assert truth > 3 and two_way < 0.8 * truth


def test_who_had_begun_before_the_first_period_is_left_out_and_counted():
    y, first = rollout()
    early = np.where(np.arange(len(first)) < 7, 0, first)
    ours = staggered(y, early)
    assert ours.left_out == 7
    close(ours.cells.effect, staggered(y[7:], first[7:]).cells.effect)


def test_refusals():
    y, first = rollout()

    def key(found):
        assert isinstance(found, Refused) and found.reason and found.reason_en
        return found.key

    assert key(staggered(y, np.full(len(first), 4))) == "no-controls"
    assert key(staggered(y, np.where(first == NEVER, 6, first), "never")) == "no-controls"
    assert key(staggered(y, first, cluster=np.zeros(len(first), dtype=np.int64))) == "mixed-cluster"
    lone = np.where(np.arange(len(first)) == 0, 4, first)
    assert key(staggered(y, lone)) == "one-cluster"
    assert key(staggered(np.where(np.arange(len(first))[:, None] == 0, np.nan, y), first)) == "missing-outcome"
