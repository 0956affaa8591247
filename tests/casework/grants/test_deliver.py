"""That a letter came is written down with its proof (CHK-21); a letter that came is a decision announced."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from snerydder.audit.action import Refusal
from snerydder.audit.models import Event, Outbox
from snerydder.casework.grants import actions
from snerydder.casework.grants.models import Letter
from tests import build
from tests.build import DAY

PROOF = "Kvittering fra Digital Post kl. 10.12"


def test_a_letter_that_came_cannot_be_taken_back(cast):
    grant = build.granted(cast)
    letter = actions.deliver(Letter.objects.get(), by=cast.bente, on=DAY + timedelta(days=1), proof=PROOF)
    assert (letter.delivered_on, letter.delivery_proof) == (DAY + timedelta(days=1), PROOF)
    assert Outbox.objects.get().state == "sent"
    with pytest.raises(Refusal, match="sendt til borgeren"):
        actions.annul(grant, by=cast.bente, reason="Fejl i datoen.")


@pytest.mark.parametrize(("details", "field"), [({"on": DAY - timedelta(days=1)}, "on"), ({"proof": " "}, "proof")])
def test_it_asks_for_a_day_that_can_be_and_a_proof(cast, details, field):
    build.granted(cast)
    with pytest.raises(Refusal) as told:
        actions.deliver(Letter.objects.get(), by=cast.bente, **({"on": DAY, "proof": PROOF} | details))
    assert told.value.field == field


def test_a_correction_keeps_what_stood_before(cast):
    build.granted(cast)
    for day in (1, 3):
        actions.deliver(Letter.objects.get(), by=cast.bente, on=DAY + timedelta(days=day), proof=PROOF)
    assert Event.objects.filter(verb="grants.deliver").order_by("-id").first().data["was"]["on"] == "2026-08-04"


@pytest.mark.parametrize("wrong", [{"delivered_on": DAY}, {"delivered_on": DAY - timedelta(days=2), "delivery_proof": PROOF}])
def test_the_database_holds_it_too(cast, wrong):
    build.granted(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.update(**wrong)
