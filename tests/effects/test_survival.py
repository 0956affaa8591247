"""Durations against statsmodels, R's published numbers, and definitions written slowly."""

from types import SimpleNamespace

import numpy as np
import pytest
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight, _survdiff, survdiff

from snerydder.effects import hazards, incidence, survival
from snerydder.effects.bands import band, maxima
from snerydder.effects.results import Curve, Refused

CLOSE = 1e-9

# Miller (1981): weeks to relapse in acute myelogenous leukaemia; `survival::aml` in R
MAINTAINED = ([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
NOT = ([5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1])


def close(ours, theirs, limit=CLOSE):
    ours, theirs = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    assert ours.shape == theirs.shape and np.array_equal(np.isnan(ours), np.isnan(theirs)) and np.nanmax(np.abs(ours - theirs)) < limit


@pytest.fixture(scope="module")
def s():
    """Weeks, so ties in plenty; two arms, strata, late entry, three kinds of ending."""
    dice = np.random.default_rng(5)
    n = 300
    arm = dice.random(n) < 0.5
    length = 1 + np.ceil(dice.weibull(1.15, n) * np.where(arm, 34, 26)).astype(int)
    limit = dice.integers(20, 60, n)
    kind = np.where(length <= limit, dice.integers(1, 4, n), 0)
    exit_ = np.minimum(length, limit)
    for last in (np.flatnonzero(arm)[:4], np.flatnonzero(~arm)[:4]):  # someone in each arm is followed to the end without an event
        exit_[last], kind[last] = 60, 0
    entry = np.where(dice.random(n) < 0.35, dice.integers(0, 12, n), 0)
    entry = np.where(entry < exit_, entry, 0)
    return SimpleNamespace(
        n=n,
        arm=arm,
        exit=exit_,
        kind=kind,
        ended=kind > 0,
        entry=entry,
        stratum=dice.integers(0, 4, n),
        x=dice.normal(size=n),
        person=np.arange(n) // 2,
    )


@pytest.mark.parametrize("late", [False, True])
def test_kaplan_meier_and_greenwood(s, late):
    ours = survival.kaplan_meier(s.exit, s.ended, s.entry if late else None)
    theirs = SurvfuncRight(s.exit, s.ended, entry=s.entry if late else None)
    close(ours.time, theirs.surv_times)
    close(ours.at_risk, theirs.n_risk)
    close(ours.events, theirs.n_events)
    close(ours.share, theirs.surv_prob)
    close(ours.error, theirs.surv_prob_se)
    assert (ours.median, ours.median_lower, ours.median_upper) == (theirs.quantile(0.5), *theirs.quantile_ci(0.5, alpha=0.10))


def test_rs_printed_table_of_the_leukaemia_patients():
    ours = survival.kaplan_meier(*MAINTAINED)
    close(ours.share, [0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184], 0.0005)
    close(ours.error, [0.0867, 0.1163, 0.1397, 0.1526, 0.1642, 0.1627, 0.1535], 0.00005)
    assert (ours.median, survival.kaplan_meier(*NOT).median) == (31, 23)
    exit_, ended = (np.array(MAINTAINED[k] + NOT[k]) for k in (0, 1))
    without = np.arange(23) >= 11
    assert round(hazards.logrank(exit_, ended, without).chi2, 1) == 3.4
    ours = hazards.cox(exit_, ended, without)
    assert (round(ours.log_ratio, 4), round(ours.error, 4), round(ours.ratio, 3), round(ours.score, 2)) == (0.9155, 0.5119, 2.498, 3.42)


def test_limits_of_the_share_are_those_of_log_minus_log(s):
    ours = survival.kaplan_meier(s.exit, s.ended, level=0.95)
    for at in (0, 5, 20):
        theirs = SurvfuncRight(s.exit, s.ended)
        loglog, slope = np.log(-np.log(theirs.surv_prob[at])), theirs.surv_prob_se[at] / (theirs.surv_prob[at] * np.log(theirs.surv_prob[at]))
        ends = [np.exp(-np.exp(loglog + sign * 1.959963984540054 * slope)) for sign in (1, -1)]
        close([ours.lower[at], ours.upper[at]], sorted(ends))
    assert ((ours.lower < ours.share) & (ours.share < ours.upper))[ours.share > 0].all()


def test_one_kind_among_three(s):
    weeks = np.arange(0, 59)
    ours = incidence.incidence(s.exit, s.kind, weeks)
    theirs = CumIncidenceRight(s.exit, s.kind)
    place = np.searchsorted(theirs.times, weeks, side="right") - 1
    for number in range(3):
        close(ours.curves[number].effect, np.where(place >= 0, theirs.cinc[number][place], 0))
        close(np.nan_to_num(ours.curves[number].error), np.where(place >= 0, theirs.cinc_se[number][place], 0))


def weighted(weight, exit_, kind, entry, weeks, number):
    """The definition, week by week, every spell counted `weight` times."""
    inside, share, found = 1.0, 0.0, []
    for week in range(max(weeks) + 1):
        at_risk = weight[(entry < week) & (exit_ >= week)].sum()
        if at_risk > 0:
            share += inside * weight[(exit_ == week) & (kind == number)].sum() / at_risk
            inside *= 1 - weight[(exit_ == week) & (kind > 0)].sum() / at_risk
        found.append(share)
    return np.array(found)[weeks]


def test_late_entry_and_ties_by_the_definition(s):
    weeks = np.array([0, 3, 10, 26, 40, 55])
    ours = incidence.incidence(s.exit, s.kind, weeks, s.entry)
    for number in (1, 2, 3):
        close(ours.curves[number - 1].effect, weighted(np.ones(s.n), s.exit, s.kind, s.entry, weeks, number))
    close(ours.inside.effect + sum(c.effect for c in ours.curves), np.ones(6))
    close(
        ours.inside.effect,
        np.append(1.0, SurvfuncRight(s.exit, s.ended, entry=s.entry).surv_prob)[np.searchsorted(np.unique(s.exit[s.ended]), weeks, side="right")],
    )
    for person in (0, 7, 31, 200):  # the influence is the derivative by the spell's weight
        more, less = np.ones(s.n), np.ones(s.n)
        more[person], less[person] = 1 + 1e-4, 1 - 1e-4
        slope = (weighted(more, s.exit, s.kind, s.entry, weeks, 2) - weighted(less, s.exit, s.kind, s.entry, weeks, 2)) / 2e-4
        close(ours.curves[1].psi[person], slope, 1e-9)


def test_by_person_when_all_spells_are_used(s):
    weeks = np.array([10, 26, 40])
    single = incidence.incidence(s.exit, s.kind, weeks, s.entry)
    ours = incidence.incidence(s.exit, s.kind, weeks, s.entry, s.person)
    close(ours.curves[0].psi, single.curves[0].psi[::2] + single.curves[0].psi[1::2])
    twice = survival.kaplan_meier(np.repeat(s.exit, 2), np.repeat(s.ended, 2), person=np.repeat(np.arange(s.n), 2))
    once = survival.kaplan_meier(s.exit, s.ended)
    close(twice.error, once.error)  # the same spell told twice is one spell
    assert (survival.kaplan_meier(np.repeat(s.exit, 2), np.repeat(s.ended, 2)).error < once.error)[:-1].all()


def test_the_difference_between_arms_has_both_arms_errors(s):
    weeks = np.arange(1, 56)
    ours = incidence.incidence_difference(s.exit, s.kind, s.arm, weeks, 2)
    one, zero = (CumIncidenceRight(s.exit[rows], s.kind[rows]) for rows in (s.arm, ~s.arm))
    for at in (5, 25, 50):
        parts = []
        for theirs in (one, zero):
            place = np.searchsorted(theirs.times, weeks[at], side="right") - 1
            parts.append((theirs.cinc[1][place], theirs.cinc_se[1][place]))
        close([ours.effect[at], ours.error[at]], [parts[0][0] - parts[1][0], np.hypot(parts[0][1], parts[1][1])])
    found = band(ours, 0.9, maxima(ours.covariance, np.random.default_rng(1), 20_000))
    assert found.pointwise < found.simultaneous < 3.2
    flipped = incidence.incidence_difference(s.exit, s.kind, ~s.arm, weeks, 2)
    close(flipped.effect, -ours.effect)
    close(flipped.error, ours.error)


def test_the_difference_by_stratum(s):
    ours = incidence.incidence_difference(s.exit, s.kind, s.arm, [26], 1, s.entry * 0, s.stratum)
    effect = 0.0
    for label in range(4):
        rows = s.stratum == label
        effect += rows.mean() * incidence.incidence_difference(s.exit[rows], s.kind[rows], s.arm[rows], [26], 1).effect[0]
    close(ours.effect, [effect])


def test_a_stratum_with_one_person_in_an_arm_is_left_out_as_it_is_from_the_difference(s):
    n = len(s.exit)
    stratum, arm, weeks = np.arange(n) % 3, np.arange(n) % 2 == 0, np.arange(1.0, 30)
    alone = np.append(stratum, [7, 7, 7]), np.append(arm, [True, False, False])
    with_them = incidence.incidence_difference(np.append(s.exit, [9.0, 9, 9]), np.append(s.ended, [1, 1, 1]), alone[1], weeks, stratum=alone[0])
    without = incidence.incidence_difference(s.exit, s.ended, arm, weeks, stratum=stratum)
    assert np.allclose(with_them.effect, without.effect, atol=1e-15) and np.allclose(with_them.error, without.error, atol=1e-15, equal_nan=True)
    assert (with_them.psi[n:] == 0).all()
    assert incidence.incidence_difference([9.0, 9], [1, 1], np.array([True, False]), weeks).key == "one-arm"


def test_the_restricted_mean_by_greenwoods_areas(s):
    until = 26.0
    theirs = SurvfuncRight(s.exit, s.ended)
    edges = np.concatenate([[0], theirs.surv_times[theirs.surv_times < until], [until]])
    level = np.append(1.0, theirs.surv_prob)[: len(edges) - 1]
    area = level * np.diff(edges)
    variance = 0.0
    for j in range(len(edges) - 2):
        n, d = theirs.n_risk[j], theirs.n_events[j]
        variance += area[j + 1 :].sum() ** 2 * d / (n * (n - d))
    ours = survival.restricted_mean(s.exit, s.ended, until)
    close([ours.effect[0], ours.error[0] ** 2], [area.sum(), variance])
    whole = survival.restricted_mean(np.array([1, 2, 3, 4]), np.ones(4, dtype=bool), 4)
    close(whole.effect, [2.5])  # nobody censored: the plain mean
    close(whole.error, [np.std([1, 2, 3, 4]) / 2])


def test_the_restricted_mean_between_arms(s):
    ours = survival.restricted_mean_difference(s.exit, s.ended, s.arm, 30, s.entry)
    one, zero = (survival.restricted_mean(s.exit[rows], s.ended[rows], 30, s.entry[rows]) for rows in (s.arm, ~s.arm))
    close([ours.effect[0], ours.error[0]], [one.effect[0] - zero.effect[0], np.hypot(one.error[0], zero.error[0])])
    summed = incidence.incidence_difference(s.exit, s.ended, s.arm, np.arange(30), 0, s.entry)
    close(ours.effect[0], summed.effect.sum())  # events fall on whole weeks


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("strata", [False, True])
def test_logrank(s, late, strata):
    ours = hazards.logrank(s.exit, s.ended, s.arm, s.entry if late else None, s.stratum if strata else None)
    if late and strata:  # statsmodels' survdiff forgets to part the entries by stratum
        parts = [_survdiff(s.exit[r], s.ended[r], s.arm[r], None, np.array([False, True]), s.entry[r]) for r in (s.stratum == k for k in range(4))]
        gap, variance = (sum(part[k].item() for part in parts) for k in (0, 1))
        close([ours.observed - ours.expected, ours.variance], [gap, variance])
        return
    chi2, p = survdiff(s.exit, s.ended, s.arm, strata=s.stratum if strata else None, entry=s.entry if late else None)
    close([ours.chi2, ours.p], [chi2, p])


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("strata", [False, True])
@pytest.mark.parametrize("covariate", ["arm", "x"])
def test_cox(s, late, strata, covariate):
    x = getattr(s, covariate).astype(float)
    entry, stratum = s.entry + 0.5 if late else None, s.stratum if strata else None  # they count the week of entry as at risk, R and we do not
    ours = hazards.cox(s.exit, s.ended, x, s.entry if late else None, stratum)
    model = PHReg(s.exit.astype(float), x[:, None], status=s.ended.astype(int), entry=entry, strata=stratum, ties="efron")
    theirs = model.fit(tol=1e-12, maxiter=100)
    beta, error = theirs.params[0], theirs.bse[0]
    for _ in range(3):  # their optimiser stops early; a step more by their own score
        beta = beta - model.score(np.array([beta]))[0] / model.hessian(np.array([beta])).item()
    error = (-model.hessian(np.array([beta])).item()) ** -0.5
    close([ours.log_ratio, ours.error], [beta, error])
    zero = np.zeros(1)
    close(ours.score, model.score(zero)[0] ** 2 / -model.hessian(zero).item())
    assert abs(theirs.params[0] - ours.log_ratio) < 1e-4


def test_refusals(s):
    n = s.n
    cases = [
        (survival.kaplan_meier(s.exit, np.zeros(n, dtype=bool)), "no-events"),
        (survival.kaplan_meier(s.exit, s.ended, np.ones(n)), "no-beginning"),
        (survival.kaplan_meier(s.exit, s.ended, s.exit), "no-time"),
        (survival.kaplan_meier([3, 9, 9], [False, True, False], [0, 5, 5]), "nobody-at-risk"),
        (survival.kaplan_meier([3, 9, 9], [True, True, False], [0, 2, 3]), None),
        (survival.kaplan_meier([3, 9, 9], [True, True, False], [0, 3, 3]), "early-zero"),
        (survival.restricted_mean(s.exit, s.ended, 600), "not-followed"),
        (incidence.incidence(s.exit, s.kind, [5, 600]), "not-followed"),
        (incidence.incidence_difference(s.exit, s.kind, s.arm, [600]), "not-followed"),
        (hazards.logrank(s.exit, np.zeros(n, dtype=bool), s.arm), "no-comparison"),
        (hazards.cox(s.exit, s.ended, np.ones(n)), "one-arm"),
        (hazards.cox(s.exit, np.zeros(n, dtype=bool), s.arm), "no-comparison"),
        (hazards.cox(s.exit, s.ended & s.arm, s.arm), "no-bound"),
    ]
    for answer, key in cases:
        if key is None:
            assert not isinstance(answer, Refused)
        else:
            assert isinstance(answer, Refused) and answer.key == key and answer.reason and answer.reason_en


def test_nothing_is_random_and_order_does_not_matter(s):
    order = np.random.default_rng(2).permutation(s.n)
    weeks = np.arange(0, 50)
    first, again = (incidence.incidence(s.exit[o], s.kind[o], weeks, s.entry[o]) for o in (np.arange(s.n), order))
    assert isinstance(first.curves[0], Curve)
    close(first.curves[1].effect, again.curves[1].effect)
    close(first.curves[1].error, again.curves[1].error)
