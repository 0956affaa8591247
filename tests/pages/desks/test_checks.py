"""What the nights find, on the desks and on the case: every number leads to its rows, and what is mended is gone the next night."""

from datetime import timedelta

import pytest
from django.test import Client

from snerydder.access.tenancy import set_context
from snerydder.casework.checks import nightly
from snerydder.casework.grants import actions as grants
from snerydder.casework.grants.models import Letter
from snerydder.desks.selection import Selection
from tests.pages.desks.conftest import TODAY
from tests.pages.desks.test_numbers import numbers_on, rows_behind
from tests.pages.visit import Page, counted, visitor


@pytest.fixture
def judged(town):
    nightly.of_municipality(town.cast.municipality, TODAY)
    set_context(town.cast.municipality)
    return town


@pytest.mark.parametrize("who", ["dorthe", "henrik", "erik"])
def test_every_check_leads_to_its_cases(client, judged, who):
    user = visitor(client, getattr(judged.cast, who))
    found = numbers_on(user.get("/kontroller/").content.decode())
    said = [(href, number) for href, number in found if "kontrol=CHK" in href]
    assert len(said) >= 5
    for href, number in found:
        assert rows_behind(user, "/kontroller/", href) == number, href


@pytest.mark.parametrize("who", ["bente", "carl", "gitte", "freja"])
def test_it_is_for_those_who_answer_for_the_cases(client, judged, who):
    assert visitor(client, getattr(judged.cast, who)).get("/kontroller/").status_code == 403


def test_the_coordinator_and_the_leader_are_told(client, judged):
    stops = Selection("kontrol-stopper").rows(judged.cast.dorthe).count()
    assert stops >= 5
    assert f"{stops} åbne sager mangler noget, loven kræver" in Page(visitor(client, judged.cast.dorthe).get("/overblik/")).words
    assert f"En kontrol stopper i dag {stops}" in Page(visitor(client, judged.cast.henrik).get("/ledelse/")).words


def test_the_list_says_which_check(client, judged):
    words = Page(visitor(client, judged.cast.henrik).get("/sager/?vis=kontrol-stopper&kontrol=CHK-21")).words
    assert "CHK-21: Afgørelsen er kommet frem til borgeren, og beviset er gemt." in words
    assert Page(visitor(client, judged.cast.henrik).get("/sager/?vis=kontrol-stopper&kontrol=CHK-99")).words


def test_what_is_mended_is_gone_the_next_night(client, judged):
    case = judged.cases["running"]
    bente = visitor(client, judged.cast.bente)
    page = Page(bente.get(f"/sager/{case.pk}/"))
    assert "Kontroller i nat" in page.headings and "Der er intet bevis for, at afgørelsen" in page.words
    letter = Letter.objects.get(case=case, kind="grant")
    grants.deliver(letter, by=judged.cast.bente, on=TODAY, proof="Kvittering fra Digital Post")
    nightly.of_municipality(judged.cast.municipality, TODAY + timedelta(days=1))
    set_context(judged.cast.municipality)
    page = Page(bente.get(f"/sager/{case.pk}/"))
    assert "Der er intet bevis for" not in page.words and "Kvittering fra Digital Post" in page.words


def test_one_need_not_wait_for_the_night(client, judged):
    case = judged.cases["running"]
    bente = visitor(client, judged.cast.bente)
    grants.deliver(Letter.objects.get(case=case, kind="grant"), by=judged.cast.bente, on=TODAY, proof="Kvittering fra Digital Post")
    assert "Der er intet bevis for, at afgørelsen" in Page(bente.get(f"/sager/{case.pk}/")).words
    page = Page(bente.post(f"/sager/{case.pk}/kontroller/", follow=True))
    assert "siger noget andet end sidst" in page.words and "Der er intet bevis for" not in page.words
    page = Page(bente.post(f"/sager/{case.pk}/kontroller/", follow=True))
    assert "Kontrollerne siger det samme som sidst." in page.words
    words = Page(visitor(Client(), judged.cast.erik).get(f"/sager/{case.pk}/")).words
    assert "Kontroller i nat" in words and "Kontrollér igen nu" not in words, "an auditor changes nothing"


def test_few_questions(client, judged):
    for who, path, most in (("dorthe", "/kontroller/", 12), ("bente", f"/sager/{judged.cases['running'].pk}/", 42)):
        user = visitor(client, getattr(judged.cast, who))
        with counted() as queries:
            user.get(path)
        assert len(queries) <= most, (path, len(queries))


def test_before_the_first_night_it_says_so(client, town):
    assert "når den første nat er gået" in Page(visitor(client, town.cast.dorthe).get("/kontroller/")).words
