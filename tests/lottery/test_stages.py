"""Two stages without a library, held against the one with a library."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import stdtrit

from snerydder.effects import audits
from snerydder.effects.results import Refused
from snerydder.lottery.shares import Counted
from snerydder.lottery.stages import across, student


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 6, 12, 19, 40, 97])
@pytest.mark.parametrize("central", [0.5, 0.9, 0.95, 0.99])
def test_student_s_quantile(freedom, central):
    assert student(freedom, central) == pytest.approx(stdtrit(freedom, (1 + central) / 2), rel=1e-10)


@st.composite
def municipalities(draw_):
    cases = draw_(st.integers(2, 400))
    drawn = draw_(st.integers(2, min(cases, 30)))
    least = draw_(st.integers(0, drawn))
    return Counted(cases, drawn, least, draw_(st.integers(least, drawn)))


@settings(max_examples=300, deadline=None)
@given(st.lists(municipalities(), min_size=2, max_size=25), st.integers(0, 80))
def test_it_says_what_the_judge_says(drawn, others):
    whole = len(drawn) + others

    def judge(which):
        return audits.two_stage(*(np.array([getattr(each, name) for each in drawn]) for name in (which, "drawn", "cases")), whole, 0.05)

    low, high, found = judge("least"), judge("most"), across(drawn, whole)
    if isinstance(low, Refused) or isinstance(high, Refused):
        assert found is None
    else:
        assert (found.estimate, found.lower, found.upper) == pytest.approx((low.estimate, low.lower, high.upper), abs=1e-9)


@pytest.mark.parametrize("drawn", [[], [Counted(10, 5, 1, 1)], [Counted(10, 1, 1, 1), Counted(10, 5, 2, 2)], [Counted(9, 4, 0, 0)] * 3])
def test_what_cannot_be_measured_is_not_guessed(drawn):
    assert across(drawn, 98) is None


def test_a_municipality_without_cases_adds_nothing():
    some = [Counted(40, 20, 3, 4), Counted(99, 20, 8, 8)]
    assert across([*some, Counted(0, 0, 0, 0)], 98) == across(some, 98)
