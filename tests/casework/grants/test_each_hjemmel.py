"""Each legal basis through the same verbs: its own sentence in the letter, its own rule for the period, its own facts asked for."""

from datetime import date, timedelta
from typing import Any

import pytest

from snerydder.audit.action import Refusal
from snerydder.casework.cases import actions as cases
from snerydder.casework.grants import actions
from snerydder.casework.grants.forms import GrantForm
from snerydder.casework.grants.models import Letter
from snerydder.casework.grants.queries import asked_by
from snerydder.law.months import last_day
from tests import build
from tests.build import DAY

START = DAY + timedelta(days=7)
SIX = last_day(START, 6)
ONE = timedelta(days=1)
OUTSIDE = {"outside_section_6": True, "target_group": ""}
# what it is called: (the assessment, the grant, what the letter says)
GIVEN: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "§ 167, stk. 1": ({}, {"hjemmel": "lab-167-1", "end": SIX}, "højst 6 måneder"),
    "outside § 6": (OUTSIDE, {"hjemmel": "lab-167-1", "purpose_kind": "employment", "end": SIX}, "højst 6 måneder"),
    "§ 167, stk. 2": ({}, {"hjemmel": "lab-167-2", "discharge_on": last_day(START, 3), "end": SIX}, "op til 3 måneder før udskrivningen og i mindst 6 måneder i alt"),
    "§ 167, stk. 2, longer": ({}, {"hjemmel": "lab-167-2", "discharge_on": START, "end": last_day(START, 12)}, "ret til en mentor"),
    "§ 167, stk. 3": ({}, {"hjemmel": "lab-167-3", "admission_on": DAY, "end": SIX}, "bruge retten inden 6 måneder"),
    "IL § 23 d": ({"target_group": ""}, {"hjemmel": "il-23d", "end": last_day(START, 12)}, "§ 23 d i integrationsloven"),
}
# (the assessment, the grant, which check stops it)
NOT_GIVEN: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "§ 167, stk. 1, a day too long": ({}, {"hjemmel": "lab-167-1", "end": SIX + ONE}, "CHK-05"),
    "§ 167, stk. 2, a day too short": ({}, {"hjemmel": "lab-167-2", "discharge_on": START, "end": SIX - ONE}, "CHK-07"),
    "§ 167, stk. 2, too long before": ({}, {"hjemmel": "lab-167-2", "discharge_on": last_day(START, 3) + 2 * ONE, "end": SIX}, "CHK-07"),
    "§ 167, stk. 3, a day too long": ({}, {"hjemmel": "lab-167-3", "admission_on": DAY, "end": SIX + ONE}, "CHK-08"),
    "§ 167, stk. 3, used too late": ({}, {"hjemmel": "lab-167-3", "admission_on": date(2026, 2, 1), "end": SIX}, "CHK-08"),
    "§ 167, stk. 2 is not for those outside § 6": (OUTSIDE, {"hjemmel": "lab-167-2", "discharge_on": START, "end": SIX}, "CHK-01"),
    "§ 167, stk. 3 is for 6.4 and 6.5 alone": ({"target_group": "6.2"}, {"hjemmel": "lab-167-3", "admission_on": DAY, "end": SIX}, "CHK-08"),
}


def drafted(cast, assessment, grant):
    case, made = build.assessed(cast, **assessment)
    return build.propose_for(cast, case, made, DAY, **({"start": START} | grant))


@pytest.mark.parametrize(("assessment", "grant", "says"), GIVEN.values(), ids=GIVEN)
def test_it_is_given_with_its_own_sentence(cast, assessment, grant, says):
    given = actions.decide(drafted(cast, assessment, grant), by=cast.bente, on=DAY)
    letter = str(Letter.objects.get(grant=given).content)
    assert says in letter and "Ankestyrelsen" in letter and "4 uger" in letter


@pytest.mark.parametrize(("assessment", "grant", "check"), NOT_GIVEN.values(), ids=NOT_GIVEN)
def test_its_own_rule_stops_it(cast, assessment, grant, check):
    with pytest.raises(Refusal) as told:
        actions.decide(drafted(cast, assessment, grant), by=cast.bente, on=DAY)
    assert check in " ".join(problem.why for problem in told.value.problems)
    assert not Letter.objects.exists()


@pytest.mark.parametrize(("days", "given"), [(0, True), (1, False)])
def test_a_new_period_follows_the_one_before_and_is_six_months_at_most(cast, days, given):
    case, on = build.active(cast), DAY + timedelta(days=150)
    cases.follow_up(build.fresh(case), by=cast.bente, text="Det hjælper.", decision="go_on", on=on)
    begins = build.fresh(case).grant_end + ONE
    end = last_day(begins, 6) + days * ONE
    draft = build.propose_for(cast, build.fresh(case), build.assess_again(cast, case, on), on, hjemmel="lab-167-1-new", start=begins, end=end)
    if not given:
        with pytest.raises(Refusal) as told:
            actions.decide(draft, by=cast.bente, on=on)
        assert [problem.field for problem in told.value.problems] == ["end"] and "2. pkt." in told.value.why
        return
    letter = str(Letter.objects.get(grant=actions.decide(draft, by=cast.bente, on=on)).content)
    assert "2. pkt." in letter and "ny konkret vurdering" in letter


def test_each_asks_for_its_own_facts(cast):
    assert asked_by() == {"discharge_on": ["lab-167-2"], "admission_on": ["lab-167-3"]}
    case, _made = build.assessed(cast)
    offered = [key for key, _name in GrantForm(case=case, draft=None, day=DAY).fields["hjemmel"].choices]
    assert offered == ["lab-167-1", "lab-167-1-new", "lab-167-2", "lab-167-3", "il-23d"]
