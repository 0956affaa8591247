"""The leader's pages, and stand-ins: what they say, what they do, what they refuse."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from snerydder.access import actions
from snerydder.access.models import Staff, StandIn, Unit
from snerydder.access.tenancy import set_context
from snerydder.audit.models import Event
from tests.cast import BAKKEBY, FJORDBY, fjordby
from tests.pages.visit import Page, counted, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(client, cast):
    return visitor(client, cast.henrik)


def test_the_list_names_everybody_with_their_roles(leader, cast):
    with counted() as queries:
        page = Page(leader.get("/medarbejdere/"))
    assert len(queries) <= 12
    assert "Bente Bak sagsbehandler Ungeteamet" in page.words
    assert "Hvad må hvem?" in page.headings
    assert "Ser sine egne borgere, skriver kontakter og siger ja til aftaler." in page.words


def test_the_list_costs_the_same_with_more_staff(leader, cast):
    with counted() as few:
        leader.get("/medarbejdere/")
    for number in range(20):
        actions.appoint(f"Ny {number}", ["mentor"], by=cast.henrik, unit=cast.unit)
    with counted() as many:
        leader.get("/medarbejdere/")
    assert len(many) == len(few)


def test_a_person_is_appointed_and_gets_a_link(leader, cast):
    page = Page(leader.get("/medarbejdere/ny/"))
    assert "Henviser, vurderer behovet, træffer afgørelse" in page.words
    answer = leader.post("/medarbejdere/ny/", {"name": "Ida Bæk-Ågård", "roles": ["caseworker"], "unit": cast.unit.pk})
    ida = Staff.objects.get(name="Ida Bæk-Ågård")
    assert answer.url == f"/medarbejdere/{ida.pk}/login/"
    answer = leader.post(answer.url, {"kind": "new", "username": "ida"})
    link = re.search(r"http://testserver(/adgangskode/[^<]+)", answer.content.decode())[1]
    assert "Det vises kun nu" in Page(answer).words

    hers = Client()
    page = Page(hers.get(link))
    assert page.headings[0] == "Vælg din adgangskode"
    assert "Dit brugernavn er ida." in page.words
    assert "for kort" in Page(hers.post(link, {"password": "kort"})).words
    assert hers.post(link, {"password": "en-lille-saetning-til-mig"}).url == "/log-ind/"
    assert hers.get(link).status_code == 404  # it works once
    assert hers.post("/log-ind/", {"username": "ida", "password": "en-lille-saetning-til-mig"}).status_code == 302


def test_a_link_with_another_s_key_is_nothing(leader, cast):
    answer = leader.post(f"/medarbejdere/{cast.bente.pk}/login/")
    link = re.search(r"http://testserver(/adgangskode/[^<]+)", answer.content.decode())[1]
    moved = link.replace(str(cast.bente.account_id), str(cast.henrik.account_id))
    assert Client().get(moved).status_code == 404
    assert Client().get(link).status_code == 200


def test_errors_stand_in_the_form_and_the_text_is_kept(leader, cast):
    answer = leader.post("/medarbejdere/ny/", {"name": "O'Neill <script>alert(1)</script> 😀"})
    page = Page(answer)
    assert "Vælg mindst én rolle." in page.words
    assert "O&#39;Neill &lt;script&gt;alert(1)&lt;/script&gt; 😀" in answer.content.decode()


def test_a_person_s_page_says_what_the_roles_may_and_what_is_open(leader, cast):
    page = Page(leader.get(f"/medarbejdere/{cast.bente.pk}/"))
    assert "træffer afgørelse" in page.words
    assert "Åbne sager som sagsbehandler 0" in page.words


def test_a_person_is_changed(leader, cast):
    answer = leader.post(f"/medarbejdere/{cast.bente.pk}/ret/", {"name": "Bente Bak", "roles": ["coordinator"], "unit": ""})
    assert answer.url == f"/medarbejdere/{cast.bente.pk}/"
    assert Staff.objects.get(pk=cast.bente.pk).roles == ["coordinator"]
    page = Page(leader.post(f"/medarbejdere/{cast.henrik.pk}/ret/", {"name": "Henrik", "roles": ["mentor"]}))
    assert "Henrik Holm er den eneste leder." in page.words


def test_access_is_closed_with_a_way_back(leader, cast):
    bente = visitor(Client(), cast.bente)
    assert bente.get("/mentorer/").status_code == 200
    page = Page(leader.post(f"/medarbejdere/{cast.bente.pk}/luk/", follow=True))
    assert "Adgangen for Bente Bak er lukket." in page.words
    assert ("post", f"/medarbejdere/{cast.bente.pk}/aabn/") in page.forms
    assert bente.get("/mentorer/").url == "/ingen-plads/"  # at once, though the session lives
    leader.post(f"/medarbejdere/{cast.bente.pk}/aabn/")
    assert bente.get("/mentorer/").status_code == 200


def test_a_refused_button_says_why(leader, cast):
    page = Page(leader.post(f"/medarbejdere/{cast.henrik.pk}/luk/", follow=True))
    assert "Du kan ikke lukke din egen adgang." in page.words
    assert Staff.objects.get(pk=cast.henrik.pk).active


def test_units(leader, cast):
    assert leader.post("/enheder/ny/", {"name": "Voksenteamet"}).url == "/medarbejdere/"
    page = Page(leader.post("/enheder/ny/", {"name": "Voksenteamet"}))
    assert "Der er allerede en enhed, der hedder Voksenteamet." in page.words
    unit = Unit.objects.get(name="Voksenteamet")
    assert leader.post(f"/enheder/{unit.pk}/ret/", {"name": "Team Voksen"}).status_code == 302
    assert Unit.objects.get(pk=unit.pk).name == "Team Voksen"


def test_the_municipality_s_own_words(leader, cast):
    assert "Rådhustorvet 1" in leader.get("/kommunen/").content.decode()
    leader.post("/kommunen/", {"name": "Fjordby Kommune", "address": "Torvet 2", "rules_of_the_game": "Vi kører ikke i egen bil."})
    cast.henrik.municipality.refresh_from_db()
    assert cast.henrik.municipality.rules_of_the_game == "Vi kører ikke i egen bil."
    assert Event.objects.order_by("-id").first().data["before"]["address"] == "Rådhustorvet 1, 0000 Fjordby"
    page = Page(leader.post("/kommunen/", {"name": "", "address": "Torvet 3"}))
    assert "Udfyld: " in page.words
    assert "Fjordby Kommune" in page.words


def test_a_second_place_on_the_same_sign_in(leader, cast):
    away = fjordby(BAKKEBY, "Bakkeby", suffix="_b")
    set_context(FJORDBY)
    ida = actions.appoint("Carl fra Bakkeby", ["mentor"], by=cast.henrik)
    answer = leader.post(f"/medarbejdere/{ida.pk}/login/", {"kind": "known"})
    link = re.search(r"http://testserver(/velkommen/[^<]+)", answer.content.decode())[1]
    assert Client().get(link).status_code == 302  # sign in first
    carl = visitor(Client(), away.carl)
    page = Page(carl.get(link))
    assert "Pladsen er til Carl fra Bakkeby som mentor." in page.words
    assert carl.post(link).url == "/"
    assert carl.session["staff"] == str(ida.pk)
    assert carl.get(link).status_code == 404
    assert carl.get(link[:-3] + "abc/").status_code == 404


def test_one_s_own_password(client, cast):
    bente = visitor(client, cast.bente)
    other = visitor(Client(), cast.bente)
    page = Page(bente.post("/adgangskode/", {"current": "forkert", "password": "en-lille-saetning-til-mig"}))
    assert "Den nuværende adgangskode er ikke rigtig." in page.words
    assert bente.post("/adgangskode/", {"current": "sne-og-salt-2026", "password": "en-lille-saetning-til-mig"}).url == "/"
    assert bente.get("/mentorer/").status_code == 200
    assert other.get("/mentorer/").status_code == 302  # the person's other sessions have ended


# --- Stand-ins -------------------------------------------------------------------------------------
@pytest.fixture
def coordinator(cast):
    return visitor(Client(), cast.dorthe)


def test_a_stand_in_is_put_in_and_ended(coordinator, cast):
    day = timezone.localdate()
    assert "Ingen er stedfortræder nu." in Page(coordinator.get("/stedfortraeder/")).words
    answer = coordinator.post(
        "/stedfortraeder/ny/", {"away": cast.bente.pk, "stand_in": cast.henrik.pk, "start": day.isoformat(), "end": day.isoformat()}
    )
    assert answer.url == "/stedfortraeder/"
    page = Page(coordinator.get("/stedfortraeder/"))
    assert "Henrik Holm er stedfortræder for Bente Bak." in page.words
    row = StandIn.objects.get()
    assert coordinator.post(f"/stedfortraeder/{row.pk}/slut/").url == "/stedfortraeder/"
    assert not StandIn.objects.exists()


def test_a_stand_in_with_the_dates_in_the_wrong_order(coordinator, cast):
    answer = coordinator.post(
        "/stedfortraeder/ny/",
        {"away": cast.bente.pk, "stand_in": cast.henrik.pk, "start": "2026-03-09", "end": "2026-03-02", "reason": "Ferie i Åre"},
    )
    assert "Slutdatoen ligger før startdatoen." in Page(answer).words
    assert "Ferie i Åre" in answer.content.decode()
    assert not StandIn.objects.exists()


def test_a_stand_in_from_another_municipality_cannot_be_chosen(coordinator, cast):
    away = fjordby(BAKKEBY, "Bakkeby", suffix="_b")
    set_context(FJORDBY)
    answer = coordinator.post(
        "/stedfortraeder/ny/", {"away": cast.bente.pk, "stand_in": away.henrik.pk, "start": "2026-03-02", "end": "2026-03-09"}
    )
    assert answer.status_code == 200
    assert not StandIn.objects.exists()


def test_others_see_the_stand_ins_that_concern_them(client, cast):
    day = timezone.localdate()
    actions.let_stand_in(cast.bente, cast.henrik, by=cast.dorthe, start=day, end=day, reason="Ferie")
    page = Page(visitor(client, cast.bente).get("/stedfortraeder/"))
    assert "Henrik Holm" in page.words
    assert "/stedfortraeder/ny/" not in page.addresses()
    assert "Henrik Holm" not in Page(visitor(client, cast.carl).get("/stedfortraeder/")).words


def test_one_s_own_page_says_what_one_may(client, cast):
    page = Page(visitor(client, cast.carl).get("/min-side/"))
    assert "Træffer aldrig afgørelser." in page.words
    assert "/adgangskode/" in page.addresses()
