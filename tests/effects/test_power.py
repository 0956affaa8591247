"""Power against statsmodels, R's published numbers and the two documents' own trial."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import brentq
from statsmodels.stats.power import NormalIndPower, TTestIndPower, normal_power_het
from statsmodels.stats.proportion import power_proportions_2indep

from snerydder.effects import hazards
from snerydder.effects import power as p
from snerydder.effects.power import Design
from snerydder.effects.results import Refused

TRIAL = Design(1299, 1289)
CLOSE = 1e-9


@pytest.mark.parametrize(
    ("one", "zero", "share", "effect"), [(1299, 1289, 0.12, 0.04), (100, 100, 0.05, 0.02), (200, 600, 0.5, -0.03), (60, 40, 0.3, 0.0)]
)
def test_the_unpooled_test_is_statsmodels_normal_power(one, zero, share, effect):
    moved = share + effect
    sd = (moved * (1 - moved) * zero / one + share * (1 - share)) ** 0.5  # per control person
    theirs = normal_power_het(effect, zero, 0.10, std_null=sd, std_alternative=sd)
    assert abs(p.power(Design(one, zero), share, effect) - theirs) < CLOSE


@pytest.mark.parametrize(("one", "zero", "share", "effect"), [(1299, 1289, 0.12, 0.04), (100, 100, 0.05, 0.02), (200, 600, 0.5, -0.03)])
def test_the_pooled_test_is_statsmodels_for_two_proportions(one, zero, share, effect):
    theirs = power_proportions_2indep(effect, share, one, ratio=zero / one, alpha=0.10).power
    assert abs(p.power(Design(one, zero, pooled=True), share, effect) - theirs) < CLOSE


def test_covariates_are_a_smaller_variance():
    theirs = NormalIndPower().power(0.04 / (0.5 * 0.7**0.5), 300, 0.05, ratio=1.0)
    ours = p._power(replace(Design(300, 300, alpha=0.05), r_squared=0.3), 0.48, 0.04)
    sd = np.mean([0.48 * 0.52, 0.52 * 0.48]) ** 0.5
    again = NormalIndPower().power(0.04 / (sd * 0.7**0.5), 300, 0.05, ratio=1.0)
    assert abs(ours - again) < CLOSE and abs(ours - theirs) < 0.001


def test_the_trials_own_numbers():
    assert p.persons_needed(Design(100, 100, pooled=True), 0.12, 0.04) == (1287, 1287)
    assert p.persons_needed(Design(100, 100), 0.12, 0.04) == (1285, 1285)
    assert 0.900 < p.power(TRIAL, 0.12, 0.04) < 0.905
    assert round(p.power(TRIAL, 0.05, 0.02), 2) == 0.69


def test_teams_promise_less_than_the_normal_says():
    """Of 26 teams where the normal gives .596, the noncentral t gives .575."""

    def by_normal(icc):
        _, error = p._errors(Design(1299, 1289, clusters=26, icc=icc), 0.12, 0.04)
        return stats.norm.cdf(0.04 / error - stats.norm.ppf(0.95)) + stats.norm.cdf(-0.04 / error - stats.norm.ppf(0.95))

    icc = brentq(lambda rho: by_normal(rho) - 0.596, 0.0, 0.1)
    assert round(p.power(Design(1299, 1289, clusters=26, icc=icc), 0.12, 0.04), 3) == 0.575


def test_clusters_are_a_noncentral_t():
    design = Design(200, 200, alpha=0.05, clusters=20, icc=0.03, size_cv=0.5)
    deff = 1 + ((1 + 0.25) * 20 - 1) * 0.03
    assert design.effect_of_clusters == pytest.approx(deff, abs=1e-12)
    sd = ((0.12 * 0.88 + 0.2 * 0.8) / 2 * deff) ** 0.5
    theirs = TTestIndPower().power(0.08 / sd, 200, 0.05, ratio=1.0, df=18)
    assert abs(p.power(design, 0.12, 0.08) - theirs) < CLOSE


def test_strata_of_unlike_size_and_share():
    one, zero, share = np.array([30, 100, 50]), np.array([60, 90, 50]), np.array([0.05, 0.15, 0.4])
    size = one + zero
    variance = sum(
        (n / size.sum()) ** 2 * ((q + 0.05) * (1 - q - 0.05) / a + q * (1 - q) / b) for n, a, b, q in zip(size, one, zero, share, strict=True)
    )
    z = 0.05 / variance**0.5
    assert abs(p.power(Design(one, zero), share, 0.05) - stats.norm.cdf(z - stats.norm.ppf(0.95)) - stats.norm.cdf(-z - stats.norm.ppf(0.95))) < CLOSE
    assert abs(p.power(Design([50, 50], [70, 70]), 0.2, 0.05) - p.power(Design(100, 140), 0.2, 0.05)) < CLOSE


def test_receipt_subgroup_and_band():
    plain = p.bloom(TRIAL, 0.12)
    assert plain == pytest.approx((stats.norm.ppf(0.95) + stats.norm.ppf(0.9)) * (0.12 * 0.88 * (1 / 1299 + 1 / 1289)) ** 0.5, abs=1e-12)
    assert p.bloom(replace(TRIAL, compliance=0.85), 0.12) == pytest.approx(plain / 0.85, abs=1e-12)
    assert p.bloom(replace(TRIAL, subgroup=0.25), 0.12) == pytest.approx(plain * 2, abs=1e-12)
    assert p.bloom(replace(TRIAL, r_squared=0.36), 0.12) == pytest.approx(plain * 0.8, abs=1e-12)
    assert p.power(replace(TRIAL, compliance=0.8), 0.12, 0.05) == pytest.approx(p.power(TRIAL, 0.12, 0.04), abs=1e-12)
    wide = replace(TRIAL, critical=2.68)
    assert p.power(wide, 0.12, 0.04) == pytest.approx(p.power(replace(TRIAL, alpha=2 * stats.norm.sf(2.68)), 0.12, 0.04), abs=1e-12)
    assert p.power(wide, 0.12, 0.04) < p.power(TRIAL, 0.12, 0.04)
    teams = replace(TRIAL, clusters=26, icc=0.01)
    assert p.power(replace(teams, critical=2.68), 0.12, 0.06) == pytest.approx(
        p.power(replace(teams, alpha=2 * stats.norm.sf(2.68)), 0.12, 0.06), abs=1e-12
    )


def test_the_best_share_to_draw_has_the_smallest_error():
    best = p.optimal_share(0.05, 0.30)
    errors = [p._errors(Design(1000 * share, 1000 * (1 - share)), 0.05, 0.25)[1] for share in (best - 0.01, best, best + 0.01)]
    assert errors[1] == min(errors)
    assert best == pytest.approx(0.21**0.5 / (0.21**0.5 + 0.0475**0.5), abs=1e-12)


@pytest.mark.parametrize(("ratio", "wanted", "events"), [(0.7, 0.8, 247), (0.75, 0.9, 508), (2.0, 0.8, 66), (0.5, 0.8, 66)])
def test_events_for_the_logrank_test(ratio, wanted, events):
    assert p.logrank_events(ratio, wanted, 0.05) == events
    assert p.logrank_power(events - 1, ratio, 0.05) < wanted <= p.logrank_power(events, ratio, 0.05)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(20, 3000),
    st.integers(20, 3000),
    st.floats(0.05, 0.9),
    st.sampled_from([0.8, 0.9]),
    st.booleans(),
    st.sampled_from([0, 10, 26]),
    st.booleans(),
)
def test_the_smallest_effect_has_the_power_asked_for_and_size_comes_back(one, zero, share, wanted, pooled, clusters, falling):
    design = Design(one, zero, pooled=pooled, clusters=clusters, icc=0.01)
    smallest = p.minimum_effect(design, share, wanted, falling)
    if isinstance(smallest, Refused):
        assert smallest.key == "too-few"
        return
    assert (smallest < 0) == falling
    assert p.power(design, share, smallest) == pytest.approx(wanted, abs=1e-9)
    assert p.times_larger(design, share, smallest, wanted) == pytest.approx(1, abs=1e-6)


def test_the_plain_sentence():
    small = p.verdict(Design(100, 100), 0.12, 0.04, municipalities=1)
    assert not small.enough and small.municipalities == 13
    assert "for lille til at vise en forskel på 4 procentpoint (fra 12 til 16 %)" in small.sentence
    assert "16,2 procentpoint" in small.sentence and "1.285 personer" in small.sentence and "13 kommuner" in small.sentence
    assert "16.2 percentage points" in small.sentence_en and "1,285 persons" in small.sentence_en
    large = p.verdict(TRIAL, 0.12, 0.04, municipalities=13)
    assert large.enough and "kommuner" not in large.sentence and "viser med 90 % sandsynlighed" in large.sentence
    assert "ikke i Danmark" in p.verdict(Design(20, 20), 0.05, 0.02).sentence


@pytest.mark.parametrize(
    ("found", "key"),
    [
        (lambda: p.power(Design(1, 100), 0.1, 0.05), "too-few"),
        (lambda: p.power(TRIAL, 0.0, 0.05), "share"),
        (lambda: p.power(TRIAL, 0.9, 0.2), "share"),
        (lambda: p.power(replace(TRIAL, clusters=2), 0.1, 0.05), "too-few-clusters"),
        (lambda: p.minimum_effect(Design(3, 3), 0.5), "too-few"),
        (lambda: p.minimum_effect(TRIAL, 0.5, 0.05), "power"),
        (lambda: p.minimum_effect(replace(TRIAL, compliance=0), 0.5), "compliance"),
        (lambda: p.persons_needed(TRIAL, 0.5, 0.0), "no-effect"),
        (lambda: p.verdict(TRIAL, 0.5, 0.6), "share"),
        (lambda: p.verdict(TRIAL, 0.5, 0.0), "no-effect"),
        (lambda: p.logrank_events(1.0), "no-effect"),
    ],
)
def test_refusals(found, key):
    answer = found()
    assert isinstance(answer, Refused) and answer.key == key and answer.reason and answer.reason_en


def test_time_to_the_outcome_by_trials_held_again_and_again():
    """Exponential times with the two shares reached at the end, against the log-rank test itself."""
    dice, hits, trials = np.random.default_rng(3), 0, 1200
    design, week = p.Design(260, 220), np.arange(1, 53)
    found = p.sooner(design, 0.20, 0.10)
    treated = np.arange(480) < 260
    rate = np.where(treated, -np.log1p(-0.30), -np.log1p(-0.20)) / 52
    assert found.ratio == pytest.approx(rate[0] / rate[-1]) and found.events == pytest.approx(260 * 0.30 + 220 * 0.20)
    for _ in range(trials):
        time = np.ceil(dice.exponential(1 / rate))
        hits += hazards.logrank(np.minimum(time, week[-1]), time <= week[-1], treated).p <= 0.10
    assert abs(hits / trials - found.power) < 4 * (0.25 / trials) ** 0.5
    assert p.sooner(p.Design(260, 220, compliance=0.5), 0.20, 0.20).power == pytest.approx(found.power)


def test_a_difference_between_two_parts_by_trials_held_again_and_again():
    dice, hits, trials = np.random.default_rng(4), 0, 3000
    found = p.contrast_power(p.Design(500, 500, subgroup=0.4), 0.3, 0.15)
    sizes = np.array([[200, 200], [300, 300]])
    for _ in range(trials):
        share = dice.binomial(sizes, [[0.45, 0.3], [0.3, 0.3]]) / sizes
        error = (share * (1 - share) / sizes).sum() ** 0.5
        gap = (share[0, 0] - share[0, 1]) - (share[1, 0] - share[1, 1])
        hits += abs(gap / error) > 1.6449
    assert abs(hits / trials - found) < 4 * (0.25 / trials) ** 0.5 and found < p.power(p.Design(500, 500, subgroup=0.4), 0.3, 0.15)


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (p.sooner(p.Design(100, 100, clusters=20, icc=0.05), 0.2, 0.1), "clusters"), (p.sooner(p.Design(100, 100), 0.2, 0.9), "share"),
        (p.contrast_power(p.Design(100, 100), 0.2, 0.1), "parts"), (p.contrast_power(p.Design(100, 100, subgroup=0.5, clusters=20, icc=0.05), 0.2, 0.1), "parts"),
    ],
)  # fmt: skip
def test_what_time_and_parts_refuse(answer, key):
    assert isinstance(answer, Refused) and answer.key == key and answer.reason and answer.reason_en
