"""Starting: what the law demands of the agreement stops it, by code as by page."""

from datetime import timedelta

import pytest

from snerydder.audit.action import Conflict, Refusal
from snerydder.casework.agreements import actions
from snerydder.casework.agreements.models import Agreement
from snerydder.casework.cases.models import StoredVerdict
from snerydder.casework.people.models import Qualification
from tests import build
from tests.build import DAY
from tests.casework.agreements.conftest import mentor

pytestmark = pytest.mark.django_db
START = DAY + timedelta(days=7)


def agree(cast, case, **more):
    facts = {"goal": "Jeg vil gerne i skole.", "tasks": [("wake", "")], "start": START, "on": DAY}
    row = actions.write(build.fresh(case), by=cast.dorthe, **(facts | more))
    actions.accept(row, by=row.mentor.staff, party="mentor")
    actions.accept(row, by=cast.bente, party="municipality")
    actions.accept(row, by=cast.dorthe, party="citizen", how="meeting")
    return row


def test_it_begins_and_keeps_what_the_law_said(cast):
    row = actions.start(build.agreed(cast), by=cast.dorthe, on=START)
    case = build.fresh(row.case)
    assert (row.state, row.started_on, case.stage, case.started_on) == ("active", START, "active", START)
    assert case.follow_up_due == case.next_deadline == START + timedelta(days=56)
    assert StoredVerdict.objects.filter(step="start", check_id="CHK-12", level="ok").exists()


@pytest.mark.parametrize(
    ("lacks", "check", "field"),
    [({"goal": ""}, "CHK-10", "goal"), ({"tasks": []}, "CHK-12", "tasks")],
)
def test_what_the_agreement_lacks_stops_it(cast, lacks, check, field):
    row = agree(cast, build.matched(cast), **lacks)
    with pytest.raises(Refusal) as refused:
        actions.start(row, by=cast.dorthe, on=START)
    assert [problem.field for problem in refused.value.problems] == [field] and check in str(refused.value)
    assert build.fresh(row.case).started_on is None


def test_a_mentor_without_any_documented_qualification_stops_it(cast):
    Qualification.objects.all().delete()
    with pytest.raises(Refusal, match="ikke dokumenteret"):
        actions.start(agree(cast, build.matched(cast)), by=cast.dorthe, on=START)


def by_another(cast, kind):
    case, other = build.granted(cast).case, mentor(cast, "Ove Ø", kind=kind)
    build.people.add_qualification(other, by=cast.dorthe, title="Kursus", tasks=["wake"])
    actions.choose(case, by=cast.dorthe, mentor=other, reason="Arbejder der")
    return case


def test_a_company_must_have_declared_what_goes_beyond_the_usual(cast):
    case = by_another(cast, "company")
    with pytest.raises(Refusal, match="CHK-17"):
        actions.start(agree(cast, case), by=cast.dorthe, on=START)
    assert actions.start(agree(cast, case, beyond_usual="Følger til møder."), by=cast.dorthe, on=START)


def test_what_nobody_has_read_in_force_warns_and_does_not_stop(cast):
    case = by_another(cast, "consultant")
    actions.start(agree(cast, case), by=cast.dorthe, on=START)
    assert StoredVerdict.objects.get(step="start", check_id="CHK-18").level == "warn"


def test_without_the_third_yes_it_does_not_begin(cast):
    row = build.written(cast)
    actions.accept(row, by=cast.carl, party="mentor")
    with pytest.raises(Refusal, match="Alle tre"):
        actions.start(row, by=cast.dorthe, on=START)


@pytest.mark.parametrize("day", [DAY, DAY + timedelta(days=181)])
def test_it_begins_within_the_agreement(cast, day):
    with pytest.raises(Refusal, match="kan ikke begynde den dag"):
        actions.start(build.agreed(cast), by=cast.dorthe, on=day)


def test_twice_and_two_at_once_are_told(cast):
    row = build.agreed(cast)
    version = build.fresh(row.case).version
    actions.start(row, by=cast.dorthe, on=START, version=version)
    with pytest.raises(Conflict, match="sat støtten i gang"):
        actions.start(row, by=cast.bente, on=START, version=version)
    with pytest.raises(Refusal, match="allerede i gang"):
        actions.start(row, by=cast.bente, on=START)


def test_a_renewal_takes_over_from_the_one_that_runs(cast):
    case = build.active(cast)
    first = Agreement.objects.get(case=case)
    day = START + timedelta(days=30)
    second = actions.start(agree(cast, case, start=day), by=cast.dorthe, on=day)
    first.refresh_from_db()
    assert (first.state, first.ended_on, second.follows) == ("ended", day, first)
    assert build.fresh(case).started_on == START
