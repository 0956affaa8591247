"""A referral is corrected with what it said before kept in the history."""

import pytest

from snerydder.audit.action import Conflict, Refusal
from snerydder.audit.models import Event
from snerydder.casework.cases import actions
from tests import build


def test_it_keeps_before_and_after(cast):
    case = build.referred(cast)
    referral = case.referrals.get()
    changes = {"need": "Har angst.", "barriers": ["anxiety"], "citizen_says": referral.citizen_says}
    actions.change_referral(referral, by=cast.bente, reason="Ny oplysning fra lægen.", **changes)
    referral.refresh_from_db()
    assert (referral.need, referral.barriers) == ("Har angst.", ["anxiety"])
    data = Event.objects.get(verb="cases.change_referral").data
    assert data["before"] == {"need": "Kommer ikke op om morgenen og åbner ikke sin post.", "barriers": ["morning", "reading"]}
    assert data["after"] == {"need": "Har angst.", "barriers": ["anxiety"]}, "what did not change is not told as changed"


def test_it_asks_why(cast):
    with pytest.raises(Refusal) as told:
        actions.change_referral(build.referred(cast).referrals.get(), by=cast.bente, reason=" ", need="Andet")
    assert told.value.field == "reason"


def test_the_second_is_told_what_the_first_did(cast):
    case = build.referred(cast)
    seen = case.version
    build.assess_again(cast, case, build.DAY)
    with pytest.raises(Conflict) as told:
        actions.change_referral(case.referrals.get(), by=cast.dorthe, reason="Nyt", need="Andet", version=seen)
    assert told.value.what.startswith("Bente Bak har netop vurderet behovet (kl. ")
    assert "står stadig her" in told.value.mend
