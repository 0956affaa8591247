"""A person chooses the mentor, says why, and never one who decides in the case."""

from datetime import timedelta

import pytest

from snerydder.audit.action import Conflict, Refusal
from snerydder.audit.models import Event
from snerydder.casework.agreements import actions
from snerydder.casework.agreements.models import Match
from snerydder.casework.people import actions as people
from tests import build
from tests.build import DAY
from tests.casework.agreements.conftest import mentor

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast):
    return build.fresh(build.granted(cast).case)


def choose(cast, case, whom, **more):
    return actions.choose(case, by=cast.dorthe, mentor=whom, on=DAY, **({"reason": "Taler arabisk."} | more))


def test_it_is_kept_with_reason_wish_and_what_was_suggested(cast, case):
    row = choose(cast, case, cast.mentor, citizen_wish="En mand", suggestions=[{"name": "Carl"}])
    case = build.fresh(case)
    assert (case.stage, case.mentor, case.next_deadline) == ("matched", cast.mentor, DAY + timedelta(days=14))
    assert (row.reason, row.citizen_wish, row.suggestions, row.chosen_by) == ("Taler arabisk.", "En mand", [{"name": "Carl"}], cast.dorthe)
    assert Event.objects.get(verb="agreements.choose").data["mentor"] == "Carl Clausen"


def test_another_choice_replaces_the_first_and_ends_its_draft(cast, case, ulla):
    choose(cast, case, cast.mentor)
    draft = actions.write(build.fresh(case), by=cast.dorthe, goal="x", tasks=[("wake", "")], on=DAY)
    choose(cast, build.fresh(case), ulla)
    assert Match.objects.get(withdrawn=False).mentor == ulla
    draft.refresh_from_db()
    assert (draft.state, draft.ended_on) == ("ended", DAY)


def test_it_needs_a_reason(cast, case):
    with pytest.raises(Refusal, match="én linje"):
        choose(cast, case, cast.mentor, reason="  ")
    assert build.fresh(case).mentor is None


@pytest.mark.parametrize("who", ["bente", "dorthe"])
def test_nobody_who_decides_in_the_case_becomes_its_mentor(cast, case, who):
    staff = getattr(cast, who)
    also = people.register_mentor(staff, by=cast.henrik, kind="municipal", hours_per_week=10)
    if who == "dorthe":  # she decides nothing here
        assert choose(cast, case, also)
    else:
        with pytest.raises(Refusal, match="kan ikke være mentor"):
            choose(cast, case, also)


def test_who_is_away_or_unwanted_is_refused(cast, case, ulla):
    people.change_mentor(ulla, by=cast.dorthe, active=False)
    with pytest.raises(Refusal, match="tager ikke imod"):
        choose(cast, case, ulla)
    actions.veto(case, cast.mentor, by=cast.dorthe, on=DAY)
    with pytest.raises(Refusal, match="sagt nej til Carl"):
        choose(cast, case, cast.mentor)
    assert choose(cast, case, mentor(cast, "Villy Vang"))


def test_before_the_grant_and_after_the_agreement_it_is_too_early_and_too_late(cast, ulla):
    case, _assessment = build.assessed(cast)
    with pytest.raises(Refusal, match="når støtten er bevilget"):
        choose(cast, case, ulla)
    agreed = build.agreed(cast, build.citizen(cast, 3))
    with pytest.raises(Refusal, match="når støtten er bevilget"):
        choose(cast, agreed.case, ulla)


def test_the_second_of_two_is_told(cast, case, ulla):
    version = case.version
    choose(cast, case, cast.mentor, version=version)
    with pytest.raises(Conflict, match="Dorthe Dam har netop valgt mentor"):
        choose(cast, case, ulla, version=version)
