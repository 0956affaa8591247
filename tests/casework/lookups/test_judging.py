"""What is said of a look-up: by the one who looked, and by somebody else."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from snerydder.audit.action import Conflict, Refusal
from snerydder.audit.models import Event, Outbox
from snerydder.casework.lookups import actions, queries
from snerydder.casework.lookups.models import LookupCode, PickedLookup
from snerydder.casework.payments.codes import code_of
from tests import build
from tests.casework.lookups.made import look, picked

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(cast):
    build.active(cast)
    return picked(cast, look(cast.nora, [cast.amina]))


def test_the_one_who_looked_explains_and_somebody_else_judges(cast, row):
    actions.explain(row, by=cast.nora, text="Bente var syg.")
    done = actions.judge(row, by=cast.henrik, verdict="explained", note="Det passer med vagtplanen.")
    assert (done.explanation, done.verdict, done.reviewed_by) == ("Bente var syg.", "explained", cast.henrik)
    assert list(Event.objects.filter(verb__startswith="lookups.").order_by("id").values_list("verb", flat=True)) == [
        "lookups.look_through", "lookups.explain", "lookups.judge",
    ]  # fmt: skip


def test_only_the_one_who_looked_explains_and_not_after_the_verdict(cast, row):
    with pytest.raises(Refusal, match="Nora Nord"):
        actions.explain(row, by=cast.carl, text="Jeg tror")
    actions.judge(row, by=cast.henrik, verdict="job")
    with pytest.raises(Refusal, match="er vurderet"):
        actions.explain(row, by=cast.nora, text="Bente var syg.")
    with pytest.raises(DatabaseError, match="in other words"), transaction.atomic():
        PickedLookup.objects.update(explanation="Bente var syg.", explained_on=date(2026, 12, 1))


def test_nobody_judges_their_own(cast):
    own = picked(cast, look(cast.henrik, [cast.amina], at="2026-03-10T23:00"))
    with pytest.raises(Refusal, match="dit eget opslag"):
        actions.judge(own, by=cast.henrik, verdict="job")
    with pytest.raises(IntegrityError, match="picked_judged_by_another"), transaction.atomic():
        PickedLookup.objects.update(verdict="job", reviewed_by=cast.henrik, reviewed_on=date(2026, 12, 1))
    assert actions.judge(own, by=cast.erik, verdict="job").verdict == "job"


def test_another_verdict_than_work_says_why(cast, row):
    with pytest.raises(Refusal, match="hvad vurderingen bygger på"):
        actions.judge(row, by=cast.henrik, verdict="no_reason")
    with pytest.raises(IntegrityError, match="picked_says_why"), transaction.atomic():
        PickedLookup.objects.update(verdict="no_reason", reviewed_by=cast.henrik, reviewed_on=date(2026, 12, 1))


def test_the_second_reviewer_is_told_what_the_first_said(cast, row):
    actions.judge(row, by=cast.henrik, verdict="job")
    with pytest.raises(Conflict, match="Henrik Holm har allerede vurderet opslaget: i orden"):
        actions.judge(row, by=cast.erik, verdict="no_reason", note="Nej.")
    assert actions.judge(row, by=cast.henrik, verdict="mistake", note="Forkert klik.").verdict == "mistake", "one's own may be mended"


def test_what_should_not_have_been_is_followed_up_by_another(cast, row):
    with pytest.raises(Refusal, match="ikke noget at følge op på"):
        actions.follow_up(row, by=cast.henrik, follow_up="talk", note="Snak.")
    judged = actions.judge(row, by=cast.henrik, verdict="no_reason", note="Hun kender familien.")
    assert judged.waits_for_follow_up and queries.waiting(cast.henrik) == 1
    with pytest.raises(Refusal, match="dit eget"):
        actions.follow_up(row, by=cast.nora, follow_up="nothing", note="Glem det.")
    done = actions.follow_up(row, by=cast.henrik, follow_up="breach", note="Anmeldt samme dag.")
    assert not done.waits_for_follow_up and queries.waiting(cast.henrik) == 0
    with pytest.raises(Refusal, match="kan ikke ændres"):
        actions.judge(row, by=cast.henrik, verdict="job")
    with pytest.raises(DatabaseError, match="followed up is not changed"), transaction.atomic():
        PickedLookup.objects.update(note="Noget andet.")


# --- The citizen -----------------------------------------------------------------------------------
def test_a_code_opens_the_citizen_s_own_list_until_it_runs_out(cast, row):
    made = actions.give_code(cast.amina, by=cast.bente, on=date(2026, 12, 1))
    code = code_of(made)
    assert queries.code_behind(code.lower().replace("-", " ").replace("901 ", "901-")).citizen == cast.amina
    assert code not in str(LookupCode.objects.values()) and Outbox.objects.filter(kind="sms.lookups", object_id=made.pk).exists()
    later = actions.give_code(cast.amina, by=cast.bente, on=date(2026, 12, 2))
    made.refresh_from_db()
    assert made.expires_on == date(2026, 12, 1) and later.expires_on == date(2027, 1, 1)
    assert queries.code_behind("901-AAAA-BBBB-CCCC") is None and queries.code_behind("æøå") is None


def test_the_citizen_s_list_counts_days_and_purposes(cast, row):
    look(cast.bente, [cast.amina], at="2025-12-31T23:59")
    found = queries.looks_of(cast.amina, 2025)
    assert (found.year, found.years, found.times) == (2025, [2026, 2025], 1)
    assert queries.looks_of(cast.amina, 1999).year == 2026, "a year without look-ups is answered with the newest"
    assert queries.looks_of(build.citizen(cast, 9)).looks == []
