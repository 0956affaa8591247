"""Goals: the citizen's own words first, changed with their history."""

import pytest

from snerydder.audit.action import Refusal
from snerydder.audit.models import Event
from snerydder.casework.cases import actions
from snerydder.casework.cases.facts import case_facts
from tests import build
from tests.build import DAY


def test_the_citizens_own_words_are_what_the_law_sees(cast):
    case = build.referred(cast)
    assert case_facts(case, None).citizen_words == "Jeg vil gerne i skole."
    actions.set_goal(case, by=cast.bente, text="Begynde på hf", own_words="Jeg vil være sygeplejerske 💉", on=DAY)
    assert case_facts(case, None).citizen_words == "Jeg vil være sygeplejerske 💉"


def test_it_is_changed_with_history(cast):
    goal = actions.set_goal(build.referred(cast), by=cast.bente, text="Begynde på hf", on=DAY)
    actions.change_goal(goal, by=cast.dorthe, result="partly", text="Begynde på hf")
    assert Event.objects.get(verb="cases.change_goal").data == {"before": {"result": "open"}, "after": {"result": "partly"}}


def test_a_closed_case_gets_no_new_goal(cast):
    case = build.referred(cast)
    actions.cancel(case, by=cast.bente, reason="Fejl.", on=DAY)
    with pytest.raises(Refusal, match="annulleret"):
        actions.set_goal(case, by=cast.bente, text="Mål")


def test_an_empty_goal_is_refused(cast):
    with pytest.raises(Refusal) as told:
        actions.set_goal(build.referred(cast), by=cast.bente, text=" ")
    assert told.value.field == "text"
