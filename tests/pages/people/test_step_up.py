"""A full CPR number and a protected address are shown soon after a password, and otherwise after a new one."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from snerydder.access import throttle
from snerydder.audit.models import Lookup
from snerydder.casework.people import actions
from tests.cast import AMINA_CPR, PASSWORD, fjordby
from tests.pages.visit import Page, visitor

pytestmark = pytest.mark.django_db
PURPOSE = {"purpose": "Sikre mig, at det er den rigtige borger"}
LATE = timedelta(minutes=11)


@pytest.fixture
def cast():
    cast = fjordby()
    actions.change_citizen(cast.amina, by=cast.bente, protected=True)
    return cast


@pytest.fixture
def bente(client, cast):
    return visitor(client, cast.bente)


@pytest.fixture(params=["cpr", "beskyttet"])
def hidden(request, cast):
    """(address, what it hides)"""
    return f"/borgere/{cast.amina.pk}/{request.param}/", {"cpr": AMINA_CPR, "beskyttet": "Yusuf"}[request.param]


def shows(answer, hidden):
    return hidden[1] in answer.content.decode()


def test_soon_after_the_sign_in_a_purpose_is_enough(bente, hidden):
    assert "Din adgangskode" not in Page(bente.get(hidden[0])).words
    assert shows(bente.post(hidden[0], PURPOSE), hidden)


def test_later_the_password_is_asked_for(bente, hidden):
    with time_machine.travel(timezone.now() + LATE):
        assert "Din adgangskode" in Page(bente.get(hidden[0])).words
        for wrong in ({}, {"password": ""}, {"password": "forkert-adgangskode"}):
            answer = bente.post(hidden[0], PURPOSE | wrong)
            assert not shows(answer, hidden)
        assert "Adgangskoden er ikke rigtig." in Page(answer).words
        assert not Lookup.objects.filter(kind__in=("cpr", "protected")).exists()
        answer = bente.post(hidden[0], PURPOSE | {"password": PASSWORD})
        assert shows(answer, hidden) and PASSWORD not in answer.content.decode()
        assert Lookup.objects.filter(kind__in=("cpr", "protected"), purpose=PURPOSE["purpose"]).count() == 1
        assert shows(bente.post(hidden[0], PURPOSE), hidden), "and the next is shown without"


def test_a_password_without_a_purpose_shows_nothing(bente, hidden):
    with time_machine.travel(timezone.now() + LATE):
        assert not shows(bente.post(hidden[0], {"password": PASSWORD}), hidden)


def test_guessing_is_stopped_also_here(bente, hidden):
    with time_machine.travel(timezone.now() + LATE):
        for _try in range(throttle.BY_NAME_AND_ADDRESS):
            bente.post(hidden[0], PURPOSE | {"password": "forkert-adgangskode"})
        answer = bente.post(hidden[0], PURPOSE | {"password": PASSWORD})
        assert not shows(answer, hidden) and "prøvet for mange gange" in Page(answer).words


def test_a_persona_of_the_demo_has_none_to_know(bente, hidden, settings):
    settings.DEMO = True
    with time_machine.travel(timezone.now() + LATE):
        page = Page(bente.get(hidden[0]))
        assert "Din adgangskode" not in page.words and "opdigtet person" in page.words
        assert shows(bente.post(hidden[0], PURPOSE), hidden)


def test_a_real_municipality_in_a_demo_is_asked(bente, hidden, cast, settings):
    from snerydder.access.actions import change_municipality

    settings.DEMO = True
    change_municipality(cast.henrik.municipality, by=cast.henrik, invented=False)
    with time_machine.travel(timezone.now() + LATE):
        assert not shows(bente.post(hidden[0], PURPOSE), hidden)
