"""Money by plain sums: person by person, week by week, purse by purse."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from snerydder.effects import cost, ratio, sensitivity
from snerydder.effects.cost import Line, Step
from snerydder.effects.difference import difference
from snerydder.effects.results import Curve, Refused

CLOSE = 1e-9
PURSES = {"municipality": -0.7, "state": -0.3, "participant": 1.0}


def close(ours, theirs):
    ours, theirs = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    assert np.max(np.abs(ours - theirs) / np.maximum(1, np.abs(theirs))) < CLOSE


@pytest.fixture(scope="module")
def m():
    dice = np.random.default_rng(3)
    n, weeks = 600, 40
    treated, stratum = dice.random(n) < 0.5, dice.integers(0, 3, n)
    hours = np.where(treated[:, None], dice.gamma(2, 0.6, (n, weeks)), 0.0)
    level = np.clip(0.75 - 0.004 * np.arange(weeks) - 0.12 * treated[:, None] * (np.arange(weeks) > 15), 0, 1)
    benefit = (dice.random((n, 1)) * 0.6 + dice.random((n, weeks)) * 0.4 < level).astype(float)
    wage = (dice.random((n, weeks)) < 0.2 + 0.12 * treated[:, None]).astype(float)
    lines = [
        Line("mentor", hours, 400.0, {"municipality": -1}, market=1.28),
        Line("benefit", benefit, 1800.0, PURSES),
        Line("wage", wage, 2500.0, {"participant": 0.6, "state": 0.25, "municipality": 0.15}),
    ]
    found = SimpleNamespace(n=n, weeks=weeks, treated=treated, stratum=stratum, hours=hours, benefit=benefit, wage=wage, lines=lines)
    found.estimate = lambda y: difference(y, treated, stratum)
    found.account = cost.account(lines, 0.035, found.estimate)
    return found


def test_discounting_is_by_date():
    assert cost.discount(np.array([0]), 0.035)[0] == 1
    close(cost.discount([52, 104], 0.035), [1.035 ** (-364 / 365.25), 1.035 ** (-728 / 365.25)])
    weeks = np.array([40, 72]) * 365.25 / 7
    close(cost.discount(weeks, cost.GUIDE.discount), [1.035**-35 * 1.025**-5, 1.035**-35 * 1.025**-35 * 1.015**-2])


def test_a_price_is_the_one_in_force_that_day():
    steps = [Step(date(2024, 1, 1), date(2024, 12, 31), 100), Step(date(2025, 1, 1), None, 110)]
    days = np.array([["2024-12-30", "2024-12-31"], ["2025-01-01", "2031-05-05"]])
    assert cost.priced(steps, days).tolist() == [[100, 100], [110, 110]]
    assert cost.priced(steps, ["2023-12-31"]).key == "no-price" and "2023-12-31" in cost.priced(steps, ["2023-12-31"]).reason
    assert cost.priced([*steps, Step(date(2024, 6, 1), date(2024, 6, 30), 5)], ["2024-06-03"]).key == "prices-overlap"


def test_net_present_value_by_the_plain_sum(m):
    person = [sum(1.035 ** (-7 * t / 365.25) * (-400 * 1.28 * m.hours[i, t] + 1.0 * 2500 * m.wage[i, t]) for t in range(m.weeks)) for i in range(m.n)]
    theirs = difference(np.array(person), m.treated, m.stratum)
    ours = m.account.view("society")
    close([ours.effect[0], ours.error[0]], [theirs.effect[0], theirs.error[0]])


def test_transfers_net_out_and_purses_add_up(m):
    only = cost.account(m.lines[1:2], 0.035, m.estimate)
    assert abs(only.view("society").effect[0]) < 1e-9 and only.view("participant").effect[0] < -1000
    close(only.view("municipality").effect * 3 / 7, only.view("state").effect)
    public = sum(m.account.view(name).effect[0] for name in cost.PUBLIC)
    close(m.account.view("public").effect, [public])
    close(m.account.view("state").effect, m.account.part("state", ["benefit"]).effect + m.account.part("state", ["wage"]).effect)


def test_weeks_are_not_independent(m):
    by_week = cost.weekly(m.lines, "public", m.estimate)
    total = cost.cumulative(by_week, 0.035, m.weeks)
    npv = m.account.view("public")
    close([total.effect[-1], total.error[-1]], [npv.effect[0], npv.error[0]])
    delta = cost.discount(np.arange(m.weeks), 0.035)
    close(npv.error[0] ** 2, delta @ by_week.covariance @ delta)
    assert np.sqrt(delta**2 @ by_week.error**2) < 0.7 * npv.error[0]


def test_existing_totals(m):
    ours = cost.totals([-400 * m.hours, -1800 * m.benefit], np.arange(m.weeks), 0.035, m.treated, m.stratum)
    close(ours.effect, [-m.account.curve.effect[0], -m.account.curve.effect[1], -m.account.curve.effect[:2].sum()])


def test_prices_that_change(m):
    price = np.where(np.arange(m.weeks) < 20, 1700.0, 1900.0) * np.ones((m.n, 1))
    ours = cost.account([replace(m.lines[1], price=price)], 0.0, m.estimate)
    theirs = m.estimate(1700 * m.benefit[:, :20].sum(axis=1) + 1900 * m.benefit[:, 20:].sum(axis=1))
    close(ours.curve.effect, theirs.effect)
    assert ours.prices == (1.0,)


def test_break_even_week_and_what_lasts():
    gain = Curve(np.array([-100.0, -95, 10, 10, 10]), np.eye(5), "told", 5)
    total = cost.cumulative(gain, 0.0, 60, tail=3, half_life=None)
    close(total.effect[:6], [-100, -195, -185, -175, -165, -155])
    assert cost.break_even_week(total, 0.1)[0] == 21  # -195 and then 10 a week
    assert cost.break_even_week(cost.cumulative(gain, 0.0, 60), 0.1) == (None, None, None)
    halved = cost.cumulative(gain, 0.0, 2000, tail=3, half_life=8)
    close(halved.effect[-1], -165 + 10 / (2 ** (1 / 8) - 1))  # Σ 2^(-k/8)
    assert cost.break_even_week(halved, 0.1)[0] is None
    early, late = cost.break_even_week(total, 0.1)[1:]
    assert early < 21 and (late is None or late > 21)
    # three persons decide the last weeks: psi'psi of the sum is 3 (1 + k/3)² + 2 when k weeks have been added
    close(total.error[20] ** 2, 2 + 3 * (1 + 16 / 3) ** 2)


def test_a_ratio_ends_where_the_test_just_rejects(m):
    education = m.estimate(m.wage[:, -1])
    spent = m.account.part("municipality", ["mentor"]).combine([-1.0])
    ours = ratio.ratio(spent, education, 0.10)
    totals = (m.hours * 400) @ cost.discount(np.arange(m.weeks), 0.035)
    for end in (ours.lower, ours.upper):
        tested = difference(totals - end * m.wage[:, -1], m.treated, m.stratum)
        close(abs(tested.z[0]), stats.norm.ppf(0.95))
    assert ours.lower < ours.value < ours.upper
    close(ours.value, spent.effect[0] / education.effect[0])


def test_no_price_for_what_may_be_nothing(m):
    nothing = m.estimate(np.random.default_rng(1).random(m.n) < 0.5)
    answer = ratio.ratio(m.account.view("public"), nothing, 0.10)
    assert isinstance(answer, Refused) and answer.key == "no-bound"


def test_break_even_price_makes_the_account_zero(m):
    ours = ratio.break_even_price(m.account, "mentor", "public", 0.10)
    again = cost.account([replace(m.lines[0], price=ours.value), *m.lines[1:]], 0.035, m.estimate)
    assert abs(again.view("public").effect[0]) < 1e-6
    at_end = cost.account([replace(m.lines[0], price=ours.upper), *m.lines[1:]], 0.035, m.estimate)
    close(abs(at_end.view("public").z[0]), stats.norm.ppf(0.95))
    assert ratio.break_even_price(m.account, "mentor", "participant", 0.1).key == "not-in-view"


def test_benefit_over_cost_and_value_of_public_funds(m):
    e = m.account.curve.effect
    ours = ratio.benefit_cost(m.account, ["mentor"], "society", 0.1)
    close(ours.value, e[2] / (1.28 * e[0]))
    funds = ratio.value_of_public_funds(m.account, 0.1)
    spent = e[0] + e[1] - 0.4 * e[2]
    close(funds.value, (e[1] + 0.6 * e[2]) / spent)
    cheap = cost.account([replace(m.lines[0], price=1.0), *m.lines[1:]], 0.035, m.estimate)
    assert ratio.value_of_public_funds(cheap, 0.1).key == "public-saves"
    close(ratio.benefit_cost(m.account, ["benefit"], "participant", 0.1).value, 0.6 * e[2] / -e[1])
    assert ratio.benefit_cost(m.account, ["mentor"], "state", 0.1).key == "no-cost"


def test_the_tornado_is_the_account_made_again(m):
    bars = sensitivity.tornado(m.account, "public", {"mentor": (0.5, 1.5), "benefit": (0.9, 1.1)}, {"discount": (-3.0, 4.0)})
    for name, at in (("mentor", 0), ("benefit", 1)):
        bar = next(one for one in bars if one.name == name)
        for factor, value in (({"mentor": 0.5, "benefit": 0.9}[name], bar.at_low), ({"mentor": 1.5, "benefit": 1.1}[name], bar.at_high)):
            lines = list(m.lines)
            lines[at] = replace(lines[at], price=lines[at].price * factor)
            close(value, cost.account(lines, 0.035, m.estimate).view("public").effect[0])
    widths = [abs(bar.at_high - bar.at_low) for bar in bars]
    assert widths == sorted(widths, reverse=True) and len(bars) == 3


def test_all_prices_at_once(m):
    npv, draws = m.account.view("public"), 40_000
    known = sensitivity.spread(m.account, "public", {}, 0.10, np.random.default_rng(4), draws)
    near = 4 * npv.error[0] / draws**0.5
    assert abs(known.mean - npv.effect[0]) < near
    assert abs(known.positive - stats.norm.cdf(npv.z[0])) < 4 * 0.5 / draws**0.5
    assert abs(known.lower - npv.interval(0.10)[0][0]) < 3 * near
    ranges = {"mentor": (0.6, 1.2), "benefit": (0.8, 1.3)}
    wide = sensitivity.spread(m.account, "public", ranges, 0.10, np.random.default_rng(4), draws)
    mean, extra = np.ones(3), np.zeros(3)
    for at, (low, high) in enumerate(ranges.values()):
        mean[at], extra[at] = (low + 1 + high) / 3, (low**2 + 1 + high**2 - low - high - low * high) / 18
    share = m.account.shares[:, cost.VIEWS.index("public")]
    e, v = m.account.curve.effect, m.account.curve.covariance
    variance = (share * mean) @ v @ (share * mean) + (share**2 * extra * (e**2 + np.diag(v))).sum()
    assert abs(wide.mean - share * mean @ e) < 4 * (variance / draws) ** 0.5
    assert abs(wide.draws.std() / variance**0.5 - 1) < 0.02


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda m: cost.account([replace(m.lines[0], parties={"employer": 1})], 0.0, m.estimate), "party"),
        (lambda m: cost.account([replace(m.lines[0], price=np.full((m.n, m.weeks), np.nan))], 0.0, m.estimate), "missing-amount"),
        (lambda m: cost.account(m.lines, 0.0, lambda y: difference(y, np.ones(m.n, dtype=bool))), "one-arm"),
        (lambda m: sensitivity.tornado(m.account, "public", {"mentor": (1.1, 1.2)}), "range"),
        (lambda m: sensitivity.spread(m.account, "public", {"rent": (0.5, 2)}, 0.1, np.random.default_rng(1)), "range"),
    ],
)
def test_refusals(m, make, key):
    answer = make(m)
    assert isinstance(answer, Refused) and answer.key == key and answer.reason and answer.reason_en
