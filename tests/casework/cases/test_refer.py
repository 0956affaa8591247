"""Referral opens a case; a citizen has one open case at a time."""

from datetime import timedelta

import pytest

from snerydder.audit.action import Refusal
from snerydder.audit.models import Event
from snerydder.casework.cases import actions
from snerydder.casework.cases.models import Case
from tests import build
from tests.build import DAY


def test_it_opens_a_case_with_the_caseworker_who_referred(cast):
    case = build.referred(cast)
    referral = case.referrals.get()
    assert (case.stage, case.caseworker, case.unit, case.opened_on) == ("referred", cast.bente, cast.unit, DAY)
    assert case.next_deadline == DAY + timedelta(weeks=2)
    assert (referral.made_by, referral.barriers) == (cast.bente, ["morning", "reading"])
    event = Event.objects.get(verb="cases.refer")
    assert (event.case_id, event.citizen_id, event.on, event.staff_name) == (case.pk, cast.amina.pk, DAY, "Bente Bak")


def test_numbers_run_through_the_year_and_begin_again(cast):
    numbers = [build.referred(cast, build.citizen(cast, n)).number for n in (1, 2)]
    assert numbers == ["2026-00001", "2026-00002"]
    assert build.referred(cast, build.citizen(cast, 3), on=DAY.replace(year=2027)).number == "2027-00001"


def test_a_second_open_case_is_refused_and_the_first_is_linked(cast):
    case = build.referred(cast)
    with pytest.raises(Refusal) as told:
        build.referred(cast)
    assert "allerede sag 2026-00001" in told.value.what
    assert told.value.link == f"/sager/{case.pk}/"
    assert Case.objects.count() == 1


def test_after_the_first_is_cancelled_a_new_one_may_open(cast):
    actions.cancel(build.referred(cast), by=cast.bente, reason="Oprettet ved en fejl.", on=DAY)
    assert build.referred(cast).number == "2026-00002"


@pytest.mark.parametrize("need", ["", "   ", "\0"])
def test_a_referral_says_why(cast, need):
    with pytest.raises(Refusal) as told:
        build.referred(cast, need=need)
    assert told.value.field == "need"


def test_a_text_that_is_too_long_is_refused_in_words(cast):
    with pytest.raises(Refusal) as told:
        build.referred(cast, need="å" * 10_001)
    assert told.value.what == "Teksten er for lang: 10001 tegn." and told.value.field == "need"


def test_a_barrier_nobody_knows_is_not_stored(cast):
    assert build.referred(cast, barriers=["money", "weather", "morning"]).referrals.get().barriers == ["morning", "money"]


def test_a_coordinator_leaves_it_unassigned_or_names_a_caseworker(cast):
    assert actions.refer(cast.amina, by=cast.dorthe, need="Behov").caseworker is None
    other = build.citizen(cast, 1)
    assert actions.refer(other, by=cast.dorthe, need="Behov", caseworker=cast.bente).caseworker == cast.bente


def test_a_mentor_cannot_be_made_caseworker(cast):
    with pytest.raises(Refusal) as told:
        actions.refer(cast.amina, by=cast.dorthe, need="Behov", caseworker=cast.carl)
    assert told.value.what == "Carl Clausen er ikke sagsbehandler." and told.value.field == "caseworker"
