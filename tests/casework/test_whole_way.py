"""From referral to closing through the verbs, and what the case row says on the way."""

from datetime import timedelta

import pytest
from django.db import transaction

from snerydder.access.tenancy import set_context
from snerydder.audit.models import Event, Outbox
from snerydder.casework.agreements import actions as agreements
from snerydder.casework.cases import actions as cases
from snerydder.casework.cases.models import StoredVerdict
from snerydder.casework.contacts.models import CaseWeek
from snerydder.casework.grants import actions as grants
from tests import build
from tests.build import DAY
from tests.cast import fjordby

pytestmark = pytest.mark.django_db


def test_it_goes_from_referral_to_closing():
    cast = fjordby()
    case = build.active(cast)
    assert (case.stage, case.mentor, case.agreement_complete) == ("active", cast.mentor, True)
    assert case.grant_end == DAY + timedelta(days=180)
    assert case.minutes_granted == round(120 * 174 / 7)
    build.contact(cast, case, DAY + timedelta(days=8))
    build.contact(cast, case, DAY + timedelta(days=9), form="tried")
    build.contact(cast, case, DAY + timedelta(days=15), minutes=45)
    case = build.fresh(case)
    assert (case.first_contact_on, case.last_contact_on) == (DAY + timedelta(days=8), DAY + timedelta(days=15))
    assert (case.weeks_with_contact, case.minutes_used) == (2, 105)
    assert list(CaseWeek.objects.filter(case=case).order_by("week").values_list("contacts", "attempts", "minutes")) == [(1, 1, 60), (1, 0, 45)]
    cases.follow_up(case, by=cast.bente, text="Det går fremad.", decision="go_on", contacts_approved=True, on=DAY + timedelta(days=60))
    later = DAY + timedelta(days=150)
    second = build.assess_again(cast, build.fresh(case), later)
    grant = build.propose_for(
        cast, build.fresh(case), second, later, hjemmel="lab-167-1-new", start=DAY + timedelta(days=181), end=DAY + timedelta(days=300)
    )
    grants.decide(grant, by=cast.bente, on=later)
    renewed = agreements.write(build.fresh(case), by=cast.dorthe, goal="Blive i skolen", tasks=[("letters", "")], on=later)
    agreements.accept(renewed, by=cast.carl, party="mentor")
    agreements.accept(renewed, by=cast.bente, party="municipality")
    agreements.accept(renewed, by=cast.dorthe, party="citizen", how="phone")
    renewed.refresh_from_db()
    agreements.start(renewed, by=cast.dorthe, on=DAY + timedelta(days=181))
    case = build.fresh(case)
    assert case.stage == "active" and case.grant_end == DAY + timedelta(days=300)
    cases.close(case, by=cast.bente, goal_result="reached", result_text="Hun er begyndt på hf.", follows="education", on=DAY + timedelta(days=290))
    case = build.fresh(case)
    assert (case.stage, case.closed_on) == ("closed", DAY + timedelta(days=290))
    verbs = list(Event.objects.filter(case_id=case.pk).order_by("id").values_list("verb", flat=True))
    assert verbs[:3] == ["cases.refer", "cases.assess", "grants.propose"] and verbs[-1] == "cases.close"
    assert verbs.count("contacts.log") == 3
    assert Outbox.objects.filter(case_id=case.pk, kind="letter").count() == 2
    assert StoredVerdict.objects.filter(case=case, step="grant").exists()


def test_another_municipality_sees_nothing():
    cast = fjordby()
    case = build.active(cast)
    other = fjordby(902, "Bakkeby", "2")
    with transaction.atomic():
        set_context(other.municipality)
        assert not type(case).objects.filter(pk=case.pk).exists()
        set_context(None)
        assert type(case).objects.count() == 0 and Event.objects.count() == 0
