"""Writing the agreement: what it takes from the grant and the mentor, and when it must be accepted anew."""

from datetime import timedelta

import pytest

from snerydder.audit.action import Conflict, Refusal
from snerydder.casework.agreements import actions
from snerydder.casework.agreements.models import Agreement
from snerydder.casework.grants import actions as grants
from tests import build
from tests.build import DAY

pytestmark = pytest.mark.django_db


def write(cast, case, **more):
    facts = {"goal": "Jeg vil gerne i skole.", "tasks": [("wake", "To morgener"), ("letters", "")], "on": DAY}
    return actions.write(build.fresh(case), by=cast.dorthe, **(facts | more))


def test_what_is_not_said_comes_from_the_grant_and_the_mentor(cast):
    case = build.matched(cast)
    row = write(cast, case)
    assert (row.minutes, row.minutes_per, row.start, row.end) == (120, "week", DAY + timedelta(days=7), DAY + timedelta(days=180))
    assert row.mentor_contact == "00 00 00 01, carl@example.org" and "4 uger" in row.complaint_guidance
    assert {task.kind: task.text for task in row.tasks.all()} == {"wake": "To morgener", "letters": ""}


def test_a_draft_may_lack_everything(cast):
    row = write(cast, build.matched(cast), goal="", tasks=[])
    assert row.goal == "" and not row.tasks.exists()


def test_a_changed_agreement_is_accepted_anew_and_an_unchanged_one_is_not(cast):
    agreement = build.agreed(cast)
    same = {"start": agreement.start, "tasks": [("wake", "To morgener om ugen"), ("letters", "")]}
    row = write(cast, agreement.case, **same)
    assert (row.state, row.edition, row.acceptances.count(), build.fresh(agreement.case).stage) == ("agreed", 1, 3, "agreed")
    row = write(cast, agreement.case, **same, tries=5)
    case = build.fresh(agreement.case)
    assert (row.state, row.edition, row.acceptances.count(), case.stage, case.agreement_complete) == ("draft", 2, 0, "matched", False)


@pytest.mark.parametrize(
    ("dates", "words", "field"),
    [
        ((DAY + timedelta(days=20), DAY + timedelta(days=10)), "slutter, før den begynder", "end"),
        ((DAY, DAY + timedelta(days=10)), "før der er bevilget", "start"),
        ((DAY + timedelta(days=20), DAY + timedelta(days=200)), "ud over bevillingen", "end"),
    ],
)
def test_it_stays_within_the_grant(cast, dates, words, field):
    case = build.matched(cast)
    with pytest.raises(Refusal, match=words) as refused:
        write(cast, case, start=dates[0], end=dates[1])
    assert refused.value.field == field and not Agreement.objects.exists()


def test_an_unknown_task_is_refused(cast):
    with pytest.raises(Refusal, match="ikke kender: flying"):
        write(cast, build.matched(cast), tasks=[("flying", "")])


def test_before_the_match_it_is_too_early(cast):
    with pytest.raises(Refusal, match="valgt en mentor"):
        write(cast, build.granted(cast).case)


def test_in_a_running_case_it_is_for_the_next_period(cast, late_in_2026):
    case = build.active(cast)
    later = DAY + timedelta(days=150)
    build.cases.follow_up(case, by=cast.bente, text="Det går fremad med at komme op.", decision="go_on", on=later)
    second = build.propose_for(
        cast, build.fresh(case), build.assess_again(cast, build.fresh(case), later), later, hjemmel="lab-167-1-new",
        start=DAY + timedelta(days=181), end=DAY + timedelta(days=300),
    )  # fmt: skip
    grants.decide(second, by=cast.bente, on=later)
    row = write(cast, case, on=later)
    assert (row.grant, row.start) == (second, second.start)
    assert Agreement.objects.get(state="active").grant != second and build.fresh(case).stage == "active"
    within = write(cast, case, on=later, start=later, end=DAY + timedelta(days=170))
    assert within.grant != second  # another agreement for the rest of the running period


def test_the_second_of_two_is_told(cast):
    case = build.matched(cast)
    write(cast, case, version=case.version)
    with pytest.raises(Conflict, match="skrevet aftalen"):
        write(cast, case, version=case.version, goal="Noget andet")
    assert Agreement.objects.get().goal == "Jeg vil gerne i skole."
