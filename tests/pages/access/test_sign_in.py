"""Coming in: by password, as a persona in the demo alone, and back again after the session was lost while writing."""

import importlib
import re
from html import unescape

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, clear_url_caches, reverse, set_urlconf

from snerydder.access import throttle
from snerydder.access.models import Staff
from snerydder.access.tenancy import set_context
from tests.cast import BAKKEBY, Cast, fjordby
from tests.pages.visit import Page, counted, visitor

pytestmark = pytest.mark.django_db
PASSWORD = "sne-og-salt-2026"
OURS = {"headers": {"origin": "http://testserver"}}


@pytest.fixture
def demo(settings):
    """The addresses as they are in the demo, and as they were afterwards."""
    import snerydder.access.urls
    import snerydder.project.urls

    def load(on: bool) -> None:
        settings.DEMO = on
        for module in (snerydder.access.urls, snerydder.project.urls):
            importlib.reload(module)
        clear_url_caches()
        set_urlconf(None)

    load(True)
    yield
    load(False)


def test_the_front_page_leads_to_sign_in(client, cast):
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.url == "/log-ind/?next=/"
    page = Page(client.get(answer.url))
    assert page.headings[0] == "Log ind"
    assert "Hvem vil du være" not in page.words


def test_one_signs_in_with_name_and_password(client, cast):
    answer = client.post("/log-ind/", {"username": "Bente", "password": PASSWORD, "next": "/mentorer/"})
    assert (answer.status_code, answer.url) == (302, "/mentorer/")
    assert client.session["_auth_user_id"] == str(cast.bente.account_id)


def test_a_stranger_s_address_is_not_gone_to(client, cast):
    answer = client.post("/log-ind/", {"username": "bente", "password": PASSWORD, "next": "https://example.com/"})
    assert answer.url == "/"


@pytest.mark.parametrize("username", ["bente", "findes-ikke"])
def test_a_wrong_password_says_nothing_of_what_was_wrong(client, cast, username):
    page = Page(client.post("/log-ind/", {"username": username, "password": "forkert"}))
    assert "Brugernavn og adgangskode passer ikke sammen." in page.words


def test_five_wrong_passwords_cost_five_minutes(client, cast):
    for _ in range(throttle.BY_NAME_AND_ADDRESS):
        client.post("/log-ind/", {"username": "bente", "password": "forkert"})
    page = Page(client.post("/log-ind/", {"username": "bente", "password": PASSWORD}))
    assert "Vent fem minutter" in page.words
    assert "_auth_user_id" not in client.session
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")  # a stranger's tries must not shut the person out
    assert elsewhere.post("/log-ind/", {"username": "bente", "password": PASSWORD}).status_code == 302


def test_a_closed_account_cannot_sign_in(client, cast):
    cast.bente.account.is_active = False
    cast.bente.account.save()
    assert "passer ikke sammen" in Page(client.post("/log-ind/", {"username": "bente", "password": PASSWORD})).words


def test_signing_out_is_a_button_and_ends_the_session(client, cast):
    visitor(client, cast.bente)
    assert client.get("/log-ud/").status_code == 405
    assert client.post("/log-ud/").url == "/log-ind/"
    assert "_auth_user_id" not in client.session
    assert "Du er logget ud." in Page(client.get("/log-ind/")).words


# --- Personas --------------------------------------------------------------------------------------
def test_outside_the_demo_a_persona_s_address_does_not_exist(client, cast):
    assert settings.DEMO is False
    with pytest.raises(NoReverseMatch):
        reverse("access:persona", args=["dorthe"])
    assert client.post("/persona/dorthe/").status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_persona_is_refused_even_where_the_address_exists(client, cast, demo, settings):
    settings.DEMO = False
    assert client.post("/persona/dorthe/").status_code == 404


def test_in_the_demo_one_click_is_enough(client, cast, demo):
    page = Page(client.get("/log-ind/"))
    assert page.headings[0] == "Hvem vil du være?"
    assert "Dorthe Dam · koordinator" in page.words
    assert "Finder mentor, laver aftaler, fordeler sager" in page.words
    assert page.headings.index("Fjordby Kommune") < page.headings.index("Eller med brugernavn og adgangskode")
    assert client.get("/persona/dorthe/").status_code == 405
    assert client.post("/persona/dorthe/", {"next": "/mentorer/"}).url == "/mentorer/"
    assert client.session["_auth_user_id"] == str(cast.dorthe.account_id)
    assert client.post("/persona/findes-ikke/").status_code == 404


def test_a_real_municipality_has_no_personas(client, cast, demo):
    cast.henrik.municipality.invented = False
    cast.henrik.municipality.save()
    assert "Dorthe" not in Page(client.get("/log-ind/")).words
    assert client.post("/persona/dorthe/").status_code == 404


# --- What was written is kept --------------------------------------------------------------------
TEXT = "Åse O'Neill <script>alert(1)</script> 😀\nog en linje til"


def hidden(answer, name):
    return unescape(re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())[1])


def test_a_lost_session_keeps_what_was_written(client, cast):
    """POST without a session, sign in, send again: the verb gets every word."""
    visitor(client, cast.henrik)
    client.session.flush()
    client.cookies.pop(settings.SESSION_COOKIE_NAME)
    answer = client.post("/medarbejdere/ny/", {"name": TEXT, "roles": ["mentor", "caseworker"], "csrfmiddlewaretoken": "x"}, **OURS)
    assert answer.status_code == 403  # not 200: a draft that saves itself must not believe it was saved
    assert "det, du skrev, er ikke tabt" in Page(answer).words
    answer = client.post("/log-ind/", {"username": "henrik", "password": PASSWORD, "kept": hidden(answer, "kept")})
    assert answer.status_code == 200
    body = answer.content.decode()
    assert 'action="/medarbejdere/ny/"' in body
    assert "csrfmiddlewaretoken" in body
    assert "<script>alert" not in body
    assert [unescape(each) for each in re.findall(r'<textarea hidden name="(\w+)">', body)] == ["name", "roles", "roles"]
    assert "Åse O&#39;Neill &lt;script&gt;" in body


def test_a_stranger_s_form_is_not_kept(client, cast):
    answer = client.post("/medarbejdere/ny/", {"name": "Ond"}, headers={"origin": "https://example.com"})
    assert answer.status_code == 403
    assert 'name="kept"' not in answer.content.decode()


def test_a_get_without_a_session_goes_to_sign_in_and_back(client, cast):
    assert client.get("/mentorer/").url == "/log-ind/?next=/mentorer/"


def test_an_old_token_keeps_what_was_written(cast):
    client = visitor(Client(enforce_csrf_checks=True), cast.henrik)
    answer = client.post("/medarbejdere/ny/", {"name": TEXT, "csrfmiddlewaretoken": "gammel"}, **OURS)
    assert answer.status_code == 403
    assert "Send det, jeg skrev" in answer.content.decode()
    assert "Åse O&#39;Neill" in answer.content.decode()
    answer = client.post("/medarbejdere/ny/", {"name": "Ond"}, headers={"origin": "https://example.com"})
    assert "Ond" not in answer.content.decode()


def test_more_than_one_page_may_carry_is_refused_kindly(client, cast):
    visitor(client, cast.henrik)
    answer = client.post("/medarbejdere/ny/", {"name": "x" * 13_000_000})
    assert answer.status_code == 413
    assert "må højst fylde 10 MB" in Page(answer).words


def test_ten_megabytes_are_refused_by_the_field_with_the_text_kept(client, cast):
    visitor(client, cast.henrik)
    answer = client.post("/medarbejdere/ny/", {"name": "x" * 10_000_000, "roles": ["mentor"]})
    assert answer.status_code == 200
    assert "x" * 1000 in answer.content.decode()


# --- Places ------------------------------------------------------------------------------------------
def test_without_a_place_one_is_told_what_to_do(client, cast):
    visitor(client, cast.bente)
    Staff.objects.filter(pk=cast.bente.pk).update(active=False)
    answer = client.get("/mentorer/", follow=True)
    assert answer.redirect_chain == [("/ingen-plads/", 302)]
    assert "Bed din leder om at oprette dig" in Page(answer).words


def test_a_person_with_a_place_is_sent_home_from_no_place(client, cast):
    assert visitor(client, cast.bente).get("/ingen-plads/").url == "/"


@pytest.fixture
def both(cast) -> tuple[Cast, Cast, Staff]:
    """Freja evaluates in two municipalities with one sign-in."""
    away = fjordby(BAKKEBY, "Bakkeby", suffix="_b")
    place = Staff.objects.get(pk=away.freja.pk)
    place.account = cast.freja.account
    place.save()
    set_context(cast.municipality)
    return cast, away, place


def test_one_sign_in_may_have_places_in_two_municipalities(client, both):
    cast, _away, place = both
    answer = client.post("/log-ind/", {"username": "freja", "password": PASSWORD, "next": "/mentorer/"})
    assert answer.url == "/skift-plads/?next=%2Fmentorer%2F"
    page = Page(client.get(answer.url))
    assert "Fjordby Kommune" in page.words
    assert "Bakkeby Kommune" in page.words
    assert client.post("/skift-plads/", {"place": place.pk, "next": "/"}).url == "/"
    assert client.session["staff"] == str(place.pk)


def test_one_cannot_choose_somebody_else_s_place(client, both):
    cast, away, _place = both
    visitor(client, cast.bente)
    for foreign in (away.bente.pk, cast.dorthe.pk, "vrøvl"):
        assert client.post("/skift-plads/", {"place": foreign}).status_code == 404
    assert client.session["staff"] == str(cast.bente.pk)


# --- A sign-in does not last for ever ----------------------------------------------------------------
def signed_in(client):
    client.post("/log-ind/", {"username": "henrik", "password": PASSWORD})
    return client


def test_half_an_hour_without_a_press_ends_it(client, cast):
    with time_machine.travel("2026-12-31 23:40:00+01:00", tick=False) as clock:
        signed_in(client)
        clock.shift(29 * 60)
        assert client.get("/min-side/").status_code == 200
        clock.shift(29 * 60)
        assert client.get("/min-side/").status_code == 200, "each press begins a new half hour"
        clock.shift(30 * 60)
        answer = client.get("/min-side/")
        assert answer.url == "/log-ind/?next=/min-side/"
        assert "Du har været væk længe og er logget ud." in Page(client.get(answer.url)).words
        assert "_auth_user_id" not in client.session


def test_what_was_being_written_then_is_kept(client, cast):
    with time_machine.travel("2027-01-04 09:00:00+01:00", tick=False) as clock:
        signed_in(client)
        clock.shift(45 * 60)
        answer = client.post("/medarbejdere/ny/", {"name": TEXT, "roles": ["mentor"]}, **OURS)
        assert answer.status_code == 403 and "det, du skrev, er ikke tabt" in Page(answer).words
        answer = client.post("/log-ind/", {"username": "henrik", "password": PASSWORD, "kept": hidden(answer, "kept")})
        assert "Åse O&#39;Neill &lt;script&gt;" in answer.content.decode()
        assert client.get("/min-side/").status_code == 200


def test_ten_hours_end_it_however_busy(client, cast):
    with time_machine.travel("2027-01-04 07:00:00+01:00", tick=False) as clock:
        signed_in(client)
        for _ in range(29):
            clock.shift(20 * 60)
            assert client.get("/min-side/").status_code == 200
        clock.shift(20 * 60)
        assert client.get("/min-side/").url == "/log-ind/?next=/min-side/"


def test_a_page_costs_no_write_within_the_same_minute(client, cast):
    with time_machine.travel("2027-01-04 07:00:00+01:00", tick=False) as clock:
        signed_in(client).get("/min-side/")  # writes the place in the session, once
        for seconds, written in ((50, 0), (10, 1)):
            clock.shift(seconds)
            with counted() as asked:
                client.get("/min-side/")
            assert sum(each["sql"].startswith("UPDATE") for each in asked.captured_queries) == written


def test_wrong_passwords_are_forgotten_after_five_minutes_and_the_count_is_the_database_s(client, cast):
    for _ in range(throttle.BY_NAME_AND_ADDRESS):
        throttle.failed("bente", "127.0.0.1")
    assert throttle.too_many("bente", "127.0.0.1") and not throttle.too_many("bente", "10.0.0.9")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(key, ' ') FROM access_wrong_sign_in")
        assert "bente" not in cursor.fetchone()[0]
        cursor.execute("UPDATE access_wrong_sign_in SET until = now() - interval '1 second'")
    assert not throttle.too_many("bente", "127.0.0.1")
    throttle.failed("bente", "127.0.0.1")
    assert not throttle.too_many("bente", "127.0.0.1"), "a new window begins at one"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_wrong_sign_in SET until = now() - interval '1 second' WHERE tries > 0")
        throttle.forget()
        cursor.execute("SELECT count(*) FROM access_wrong_sign_in")
        assert cursor.fetchone()[0] == 0


def test_a_name_tried_from_everywhere_is_shut_at_last(client, cast):
    for number in range(throttle.BY_NAME):
        throttle.failed("bente", f"10.0.0.{number}")
    assert throttle.too_many("bente", "192.0.2.1")
    throttle.succeeded("bente", "10.0.0.1")
    assert throttle.too_many("bente", "192.0.2.1")


def test_whoever_runs_the_server_makes_the_link_no_leader_may(client, both, capsys):
    cast, _away, _place = both
    call_command("password_link", "Freja")
    address = capsys.readouterr().out.strip().removeprefix("https://<adressen>")
    assert client.post(address, {"password": "en helt ny sætning"}).url == "/log-ind/"
    assert client.post("/log-ind/", {"username": "freja", "password": "en helt ny sætning"}).status_code == 302
    with pytest.raises(CommandError, match="Der er ikke noget åbent login, der hedder ukendt"):
        call_command("password_link", "ukendt")
