"""Prices hold from a day on, and what a grant costs is said before it is decided."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snerydder.audit.action import Refusal
from snerydder.audit.models import Event
from snerydder.casework.grants import actions
from snerydder.casework.grants.cost import cost_of, price_on
from snerydder.casework.grants.models import Grant, Price
from tests import build
from tests.build import DAY


def test_the_price_of_the_day_goes_with_the_grant(cast):
    actions.set_price("municipal", "350.50", DAY, by=cast.henrik)
    assert price_on(901, "municipal", DAY - timedelta(days=1)) == 310 and price_on(901, "municipal", DAY) == Decimal("350.50")
    assert build.proposed(cast, mentor_kind="municipal").hourly_price == Decimal("350.50")
    actions.set_price("municipal", 400, DAY, by=cast.henrik)
    assert Grant.objects.get().hourly_price == Decimal("350.50"), "a price corrected later does not change what was decided"
    assert Price.objects.filter(mentor_kind="municipal", valid_from=DAY).count() == 1
    assert Event.objects.filter(verb="grants.set_price").last().data["was"] == "350.50"


def test_a_kind_without_a_price_costs_nothing_and_says_so(cast):
    cost = cost_of(build.proposed(cast, mentor_kind="volunteer"))
    assert cost.total == 0 and cost.lines()[0][1] == "Der er ingen timepris for den slags mentor."


def test_a_negative_price_is_refused(cast):
    with pytest.raises(Refusal) as told:
        actions.set_price("municipal", -1, DAY, by=cast.henrik)
    assert told.value.field == "per_hour"


def test_it_is_split_by_calendar_year(cast):
    cost = cost_of(build.proposed(cast))
    assert [year for year, _amount in cost.by_year] == [2026, 2027]
    assert cost.total == (Decimal(round(120 * 174 / 7)) / 60 * 310).quantize(Decimal("0.01"))
    assert cost.lines()[-1][0] == "I alt"


@settings(max_examples=200, deadline=None)
@given(
    minutes=st.integers(1, 6000), per=st.sampled_from(["week", "total"]), price=st.decimals(0, 900, places=2),
    start=st.dates(date(2020, 1, 1), date(2030, 12, 31)), days=st.integers(0, 800),
)  # fmt: skip
def test_the_years_add_up_to_the_total_to_the_oere(minutes, per, price, start, days):
    cost = cost_of(Grant(start=start, end=start + timedelta(days=days), minutes=minutes, minutes_per=per, hourly_price=price))
    assert cost.total == (Decimal(cost.minutes) / 60 * price).quantize(Decimal("0.01"))
    assert all(amount >= 0 for _year, amount in cost.by_year)
    assert [year for year, _amount in cost.by_year] == list(range(start.year, (start + timedelta(days=days)).year + 1))
