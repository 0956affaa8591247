"""Where a case stands, and what is next: who, by when, where."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from snerydder.casework.cases import actions, queries
from tests import build
from tests.build import DAY


def step(case, on=DAY, closer=False):
    case = build.fresh(case)
    found = queries.next_step(case, today=on, closer=queries.record(case) if closer else None)
    return (found.role_key, found.who, found.link, found.by) if found else None


def test_each_stage_has_somebody_to_do_something(cast):
    due = DAY + timedelta(weeks=2)
    assert step(build.referred(cast, build.citizen(cast, 1))) == ("caseworker", "Bente Bak", "cases:assess", due)
    assert step(build.assessed(cast, build.citizen(cast, 2))[0]) == ("caseworker", "Bente Bak", "grants:grant", due)
    assert step(build.granted(cast, build.citizen(cast, 3)).case)[:3] == ("coordinator", "", "agreements:match")
    assert step(build.matched(cast, build.citizen(cast, 4)))[:3] == ("coordinator", "", "agreements:agreement")
    assert step(build.agreed(cast, build.citizen(cast, 5)).case)[:3] == ("coordinator", "", "agreements:agreement")


def test_a_running_case_asks_for_what_is_most_urgent(cast):
    case = build.active(cast)
    started, end = case.started_on, case.grant_end
    assert step(case, started)[:3] == ("mentor", "Carl Clausen", "desks:case"), "nobody has been in contact yet"
    assert step(case, started)[3] == started + timedelta(days=30)
    build.contact(cast, case, started)
    assert step(case, started) == ("caseworker", "Bente Bak", "cases:follow_up", case.follow_up_due)
    actions.follow_up(case, by=cast.bente, text="Godt.", decision="go_on", next_on=end - timedelta(days=1), on=started + timedelta(days=50))
    assert step(case, end - timedelta(days=40)) == ("caseworker", "Bente Bak", "cases:follow_up", end)
    assert step(case, end + timedelta(days=1)) == ("caseworker", "Bente Bak", "cases:assess", end)


def test_looking_closer_it_knows_a_stop_and_an_assessment_that_waits(cast):
    case = build.active(cast)
    build.contact(cast, case, case.started_on)
    on = case.started_on + timedelta(days=20)
    actions.follow_up(case, by=cast.bente, text="Hun vil ikke mere.", decision="stop", on=on)
    assert step(case, on, closer=True)[2] == "cases:close"
    build.assess_again(cast, case, on)
    assert step(case, on, closer=True)[2] == "grants:grant"
    assert step(build.assessed(cast, build.citizen(cast, 1), conclusion="refuse")[0], closer=True)[2] == "grants:refuse"


def test_an_ended_case_has_no_next_step(cast):
    case = build.referred(cast)
    actions.cancel(case, by=cast.bente, reason="Fejl.", on=DAY)
    assert step(case) is None


def test_it_asks_nothing_of_the_database(cast):
    case = build.active(cast)
    case.caseworker.name, case.mentor.staff.name  # noqa: B018
    with CaptureQueriesContext(connection) as asked:
        queries.next_step(case)
    assert len(asked) == 0


def states(case, on=DAY):
    with CaptureQueriesContext(connection) as asked:
        found = queries.steps(build.fresh(case), today=on)
    assert len(asked) == 2, "the case itself, and one question"
    assert [str(each["text"]) for each in found] == ["Henvisning", "Vurdering", "Bevilling", "Match", "Aftale", "I gang", "Opfølgning", "Afslutning"]
    return " ".join(each["state"] for each in found), found


def test_the_stations_follow_the_case(cast):
    later = "later later later later later"
    assert states(build.referred(cast, build.citizen(cast, 1)))[0] == f"done now {later} later"
    assert states(build.assessed(cast, build.citizen(cast, 2))[0])[0] == f"done done now {later}"
    case = build.active(cast)
    shown, found = states(case, case.started_on)
    assert shown == "done done done done done now later later"
    assert found[0]["note"] == "3. august 2026" and found[5]["note"] == "10. august 2026"
    assert found[6]["note"].startswith("næste ")
    assert found[5]["href"] == f"/sager/{case.pk}/"
    assert [each["href"] for place, each in enumerate(found) if place != 5] == [""] * 7
    assert states(case, case.grant_end + timedelta(days=1))[1][2]["note"] == "udløb 30. januar 2027"


def test_followed_up_closed_cancelled_and_refused_are_seen(cast):
    case = build.active(cast)
    actions.follow_up(case, by=cast.bente, text="Godt.", decision="go_on", on=DAY + timedelta(days=30))
    assert states(case)[0] == "done done done done done done now later"
    actions.close(case, by=cast.bente, goal_result="partly", result_text="Noget.", follows="other", on=DAY + timedelta(days=60))
    assert states(case)[0] == "done done done done done done done done"
    dropped = build.granted(cast, build.citizen(cast, 1)).case
    actions.cancel(dropped, by=cast.bente, reason="Flyttet.", on=DAY)
    assert states(dropped)[0] == "done done done later later later later error"


@pytest.mark.parametrize("contacts", [True, False])
def test_what_a_follow_up_looks_at_costs_the_same_for_a_long_case(cast, contacts):
    case = build.active(cast)
    for day in (case.started_on, *(case.started_on + timedelta(days=n) for n in range(1, 60, 3))) if contacts else ():
        build.contact(cast, case, day)
    case = build.fresh(case)
    with CaptureQueriesContext(connection) as asked:
        seen = queries.delivery(case, case.started_on + timedelta(days=60))
    assert len(asked) <= 9
    assert (seen.contacts_since, seen.minutes_since) == ((21, 21 * 60) if contacts else (0, 0))
    assert seen.used == seen.minutes_since and seen.weeks_without == (0 if contacts else 9)
    assert any(check.check == "CHK-22" for check in seen.checks) is not contacts


def test_of_two_assessments_on_one_day_the_undecided_one_waits(cast):
    for number in (11, 12, 13, 14):  # their ids are random: each order comes up
        case = build.granted(cast, build.citizen(cast, number)).case
        second = build.assess_again(cast, build.fresh(case), DAY)
        assert queries.open_assessment(case) == queries.last_assessment(case) == second
