"""The periods of a case, what runs out, and what the law says now or said then."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from snerydder.access import actions as access
from snerydder.casework.cases import actions as cases
from snerydder.casework.grants import actions, queries
from snerydder.casework.grants.models import Grant
from tests import build
from tests.build import DAY


def test_the_chain_has_each_period_with_its_own_minutes(cast):
    case = build.active(cast)
    build.contact(cast, case, DAY + timedelta(days=8))
    build.contact(cast, case, DAY + timedelta(days=60), minutes=30)
    build.contact(cast, case, DAY + timedelta(days=90), form="tried")
    actions.stop(Grant.objects.get(), by=cast.bente, reason="Flytter for en tid.", last_day=DAY + timedelta(days=30), heard="agrees", on=DAY + timedelta(days=30))
    later = DAY + timedelta(days=31)
    cases.follow_up(case, by=cast.bente, text="Godt.", decision="go_on", on=later)
    draft = build.propose_for(
        cast, build.fresh(case), build.assess_again(cast, case, later), later, hjemmel="lab-167-1-new", start=later, end=later + timedelta(days=60)
    )
    actions.decide(draft, by=cast.bente, on=later)
    with CaptureQueriesContext(connection) as asked:
        chain = queries.chain_of_periods(case)
    assert len(asked) == 1
    assert [(grant.state, grant.used) for grant in chain] == [("stopped", 60), ("decided", 30)]


def test_only_open_cases_within_reach_and_six_weeks_expire(cast):
    soon = build.granted(cast, build.citizen(cast, 1)).case
    build.granted(cast, build.citizen(cast, 2), end=DAY + timedelta(days=100))
    ended = build.granted(cast, build.citizen(cast, 3)).case
    cases.cancel(ended, by=cast.bente, reason="Flyttet.", on=DAY)
    other = access.appoint("Ida Iversen", ["caseworker"], by=cast.henrik, unit=access.add_unit("Voksenteamet", by=cast.henrik))
    end = DAY + timedelta(days=180)
    assert list(queries.expiring_within(cast.bente, today=end - timedelta(days=42))) == [soon]
    assert list(queries.expiring_within(cast.bente, today=end - timedelta(days=43))) == []
    assert list(queries.expiring_within(cast.bente, today=end + timedelta(days=1))) == []
    assert list(queries.expiring_within(cast.bente, days=7, today=end - timedelta(days=8))) == []
    assert list(queries.expiring_within(other, today=end)) == []
    assert list(queries.expiring_within(cast.dorthe, today=end)) == [soon]


def test_a_draft_is_judged_now_and_a_decision_is_never_judged_again(cast):
    draft = build.proposed(cast, end=DAY + timedelta(days=400))
    live = {check.check: check for check in queries.verdicts(draft, DAY)}
    assert live["CHK-05"].stops and live["CHK-05"].link == "#id_end" and "§ 167, stk. 1" in live["CHK-05"].source
    assert live["CHK-05"].address.startswith("https://")
    draft = build.propose_for(cast, draft.case, draft.assessment, DAY)
    actions.decide(draft, by=cast.bente, on=DAY)
    Grant.objects.update(purpose="")  # what nobody should do; the verdict of the day stands
    grant = Grant.objects.get()
    with CaptureQueriesContext(connection) as asked:
        kept = {check.check: check for check in queries.verdicts(grant, DAY)}
    assert kept["CHK-03"].level == "ok" and "CHK-03" in kept["CHK-03"].source
    assert len(asked) <= 2


def test_an_unread_source_says_that_it_cannot_stop_anyone(cast):
    draft = build.proposed(cast, hours_reason="")
    hours = [check for check in queries.verdicts(draft, DAY) if check.field == "hours_reason"]
    assert [check.level for check in hours] == ["warn"] and "Ikke læst i kilden" in hours[0].source


def test_the_sheet_counts_the_end_out(cast):
    draft = build.proposed(cast)
    sheet = queries.sheet(draft, cast.bente, DAY)
    assert sheet.longest_end == DAY + timedelta(days=190)  # 9 February 2027: six months from 10 August
    assert "Perioden kan senest slutte 9. februar 2027." in sheet.limits
    assert not sheet.stops and sheet.letter["title"] == "Du får en mentor" and sheet.cost.total > 0
    draft.hjemmel, draft.discharge_on = "lab-167-2", DAY + timedelta(days=30)
    limits = queries.sheet(draft, cast.bente, DAY).limits
    assert limits == ["Støtten kan tidligst begynde 2. juni 2026.", "Perioden skal vare mindst til 9. februar 2027."]


def test_a_sheet_of_nothing_is_no_fault(cast):
    case, assessment = build.assessed(cast)
    sheet = queries.sheet(queries.unsaved(case, assessment, {}, DAY), cast.bente, DAY)
    assert sheet.letter is None and sheet.cost is None and {check.check for check in sheet.stops} >= {"CHK-02", "CHK-03", "CHK-13", "CHK-14"}


def test_a_protected_name_is_not_in_the_preview(cast):
    person = build.citizen(cast, 1, protected=True)
    sheet = queries.sheet(build.proposed(cast, person), cast.bente, DAY)
    assert "Nummer1" not in str(sheet.letter) and "Navn beskyttet" in sheet.letter["recipient"]["name"]


def test_a_new_period_begins_with_what_the_last_one_was(cast):
    case = build.active(cast)
    first = queries.first_suggestion(case, DAY + timedelta(days=170))
    assert (first["hjemmel"], first["start"], first["minutes"]) == ("lab-167-1-new", DAY + timedelta(days=181), 120)
    assert queries.first_suggestion(build.assessed(cast, build.citizen(cast, 1))[0], DAY) == {}


def test_the_price_list_says_what_holds_what_comes_and_what_was(cast):
    actions.set_price("municipal", 320, DAY, by=cast.henrik)
    actions.set_price("municipal", 330, DAY + timedelta(days=10), by=cast.henrik)
    kinds = {each.kind: each for each in queries.price_list(cast.henrik, DAY)}
    mine = kinds["municipal"]
    assert (mine.now.per_hour, [p.per_hour for p in mine.later], [p.per_hour for p in mine.earlier]) == (320, [330], [310])
    assert list(kinds) == ["municipal", "company", "consultant", "volunteer", "senior"]
