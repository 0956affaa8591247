"""What a hard check stops cannot be decided, and it says what is missing, where the law says so, and the box that mends it."""

from datetime import timedelta

import pytest

from snerydder.audit.action import Conflict, Refusal
from snerydder.audit.models import Event, Outbox
from snerydder.casework.cases import actions as cases
from snerydder.casework.cases.models import StoredVerdict
from snerydder.casework.grants import actions
from snerydder.casework.grants.models import Grant, Letter
from tests import build
from tests.build import DAY


def test_it_decides_writes_the_letter_and_moves_the_case(cast):
    grant = build.granted(cast)
    case = build.fresh(grant.case)
    assert (grant.state, grant.decided_by, grant.decided_on, len(grant.law_version)) == ("decided", cast.bente, DAY, 12)
    assert (case.stage, case.grant_start, case.period_end, case.grant_end) == ("granted", grant.start, grant.end, grant.end)
    assert case.minutes_granted == grant.total_minutes == round(120 * 174 / 7)
    letter = Letter.objects.get()
    assert Outbox.objects.get(kind="letter").object_id == letter.pk
    assert letter.content["title"] == "Du får en mentor" and "10. august 2026" in letter.content["intro"]
    kept = StoredVerdict.objects.filter(step="grant", object_id=grant.pk)
    assert kept.get(check_id="CHK-05").level == "ok" and "§ 167" in kept.get(check_id="CHK-05").citation
    assert Event.objects.get(verb="grants.decide").data["hjemmel"] == "lab-167-1"


STOPPED = [
    ({"end": DAY + timedelta(days=220)}, "CHK-05", "end", "LAB § 167, stk. 1"),
    ({"hjemmel": "lab-167-1-new"}, "CHK-06", "hjemmel", "2. pkt."),
    ({"purpose": " "}, "CHK-03", "purpose", "§ 167"),
    ({"minutes": 0}, "CHK-14", "minutes", ""),
    ({"end": None}, "CHK-13", "end", ""),
    ({"hjemmel": ""}, "CHK-02", "hjemmel", ""),
    ({"hjemmel": "lab-167-2"}, "CHK-07", "discharge_on", "stk. 2"),
    ({"hjemmel": "lab-167-3"}, "CHK-08", "admission_on", "stk. 3"),
]


@pytest.mark.parametrize(("details", "check", "field", "law"), STOPPED, ids=[each[1] + each[2] for each in STOPPED])
def test_a_hard_check_stops_it_and_says_where(cast, details, check, field, law):
    draft = build.proposed(cast, **details)
    with pytest.raises(Refusal) as told:
        actions.decide(draft, by=cast.bente, on=DAY)
    found = [problem for problem in told.value.problems if check in problem.why]
    assert [problem.field for problem in found if problem.field == field], [(p.field, p.why) for p in told.value.problems]
    assert law in found[0].why and found[0].mend
    draft.refresh_from_db()
    assert draft.state == "draft" and not Letter.objects.exists() and not Outbox.objects.exists()
    assert build.fresh(draft.case).stage == "assessed"


def test_all_that_stops_is_said_at_once(cast):
    draft = build.proposed(cast, purpose="", minutes=0, end=None)
    with pytest.raises(Refusal) as told:
        actions.decide(draft, by=cast.bente, on=DAY)
    assert {problem.field for problem in told.value.problems} == {"purpose", "minutes", "end"}


def test_what_nobody_has_read_in_the_law_warns_and_stops_no_one(cast):
    grant = actions.decide(build.proposed(cast, hours_reason=""), by=cast.bente, on=DAY)
    assert StoredVerdict.objects.get(object_id=grant.pk, check_id="CHK-04").level == "warn"
    assert "Hvorfor netop så mange timer?" not in str(Letter.objects.get().content)


def test_what_another_page_mends_is_linked(cast):
    case, assessment = build.assessed(cast, target_group="", decisive=False, decisive_reason="")
    draft = build.propose_for(cast, case, assessment, DAY)
    with pytest.raises(Refusal) as told:
        actions.decide(draft, by=cast.bente, on=DAY)
    assert {problem.link for problem in told.value.problems} == {f"/sager/{case.pk}/vurdering/"}


def test_an_assessment_dated_after_the_decision_is_refused(cast):
    case = build.referred(cast)
    draft = build.propose_for(cast, case, build.assess_again(cast, case, DAY + timedelta(days=1)), DAY)
    with pytest.raises(Refusal, match="dateret efter afgørelsen"):
        actions.decide(draft, by=cast.bente, on=DAY)


def test_an_assessment_that_says_no_carries_no_grant(cast):
    draft = build.propose_for(cast, *build.assessed(cast, conclusion="refuse"), DAY)
    with pytest.raises(Refusal, match="ikke er behov for mentor"):
        actions.decide(draft, by=cast.bente, on=DAY)


def test_it_is_decided_once(cast):
    draft = build.proposed(cast)
    actions.decide(draft, by=cast.bente, on=DAY)
    with pytest.raises(Refusal, match="allerede truffet afgørelse"):
        actions.decide(draft, by=cast.bente, on=DAY)
    assert Letter.objects.count() == 1


def test_the_second_decider_is_told_what_the_first_did(cast):
    draft = build.proposed(cast)
    seen = build.fresh(draft.case).version
    actions.decide(draft, by=cast.bente, on=DAY, version=seen)
    with pytest.raises(Conflict, match="Bente Bak har netop bevilget mentorstøtte"):
        actions.decide(draft, by=cast.dorthe, on=DAY, version=seen)


def test_the_mentor_never_decides_on_own_case(cast):
    case = build.active(cast)
    later = DAY + timedelta(days=150)
    cases.follow_up(case, by=cast.bente, text="Godt.", decision="go_on", on=later)
    second = build.assess_again(cast, build.fresh(case), later)
    period = {"hjemmel": "lab-167-1-new", "start": DAY + timedelta(days=181), "end": DAY + timedelta(days=300)}
    draft = build.propose_for(cast, build.fresh(case), second, later, **period)
    cast.carl.roles = ["mentor", "caseworker"]
    cast.carl.save()
    with pytest.raises(Refusal, match="du er mentor i sagen"):
        actions.decide(draft, by=cast.carl, on=later)
    assert actions.decide(draft, by=cast.bente, on=later).state == "decided", "the same draft, decided by another"


def test_a_new_period_needs_its_own_assessment_and_a_follow_up(cast):
    case = build.active(cast)
    later, start, end = DAY + timedelta(days=150), DAY + timedelta(days=181), DAY + timedelta(days=300)
    draft = build.propose_for(cast, build.fresh(case), build.assess_again(cast, case, later), later, hjemmel="lab-167-1-new", start=start, end=end)
    with pytest.raises(Refusal) as told:
        actions.decide(draft, by=cast.bente, on=later)
    assert [(problem.field, problem.link) for problem in told.value.problems] == [("on", f"/sager/{case.pk}/opfoelgning/")]
    cases.follow_up(case, by=cast.bente, text="Godt.", decision="go_on", on=later)
    actions.decide(draft, by=cast.bente, on=later)
    assert build.fresh(case).stage == "active" and build.fresh(case).grant_end == end


def test_an_overlap_is_told_in_words_by_the_database_itself(cast):
    """The new period is put before the one that is given, where no check looks: the exclusion constraint does."""
    first = build.granted(cast)
    second = build.assess_again(cast, build.fresh(first.case), DAY)
    draft = build.propose_for(cast, build.fresh(first.case), second, DAY, start=first.start - timedelta(days=5), end=first.start)
    with pytest.raises(Refusal) as told:
        actions.decide(draft, by=cast.bente, on=DAY)
    assert told.value.what == "Perioden overlapper en bevilling, der allerede er givet." and told.value.field == "start"
    assert Grant.objects.get(pk=draft.pk).state == "draft"
