"""The pages about citizens: what they show, what they hide, and that the log says exactly who was shown."""

import pytest
from django.test import Client

from snerydder.access import actions as access
from snerydder.access.tenancy import set_context
from snerydder.audit.models import Lookup
from snerydder.casework.people import actions
from snerydder.casework.people.models import Citizen
from tests import build
from tests.cast import AMINA_CPR, BAKKEBY, FJORDBY, fjordby
from tests.pages.visit import Page, counted, visitor

pytestmark = pytest.mark.django_db
DIGITS = AMINA_CPR.replace("-", "")


@pytest.fixture
def bente(client, cast):
    return visitor(client, cast.bente)


def looked_since(before: int) -> list[tuple[str, list]]:
    return [(look.kind, look.citizen_ids) for look in Lookup.objects.order_by("id")[before:]]


# --- Search ------------------------------------------------------------------------------------------
def test_a_search_finds_shows_masked_and_logs_who_was_shown(bente, cast):
    build.active(cast)
    before = Lookup.objects.count()
    with counted() as queries:
        page = Page(bente.post("/soeg/", {"q": AMINA_CPR}))
    assert len(queries) <= 12
    assert page.to("Amina Yusuf") == f"/borgere/{cast.amina.pk}/"
    assert "050389-••••" in page.words
    assert looked_since(before) == [("search", [cast.amina.pk])]
    assert Lookup.objects.order_by("-id").first().purpose == "Søgning på CPR-nummer"


def test_a_search_costs_the_same_for_one_as_for_thirty(bente, cast):
    with counted() as one:
        bente.post("/soeg/", {"q": "Amina"})
    for number in range(1, 29):
        build.citizen(cast, number, first_name="Amina")
    with counted() as thirty:
        page = Page(bente.post("/soeg/", {"q": "Amina"}))
    assert "29 borgere fundet" in page.words
    assert len(thirty) == len(one)
    assert len(Lookup.objects.order_by("-id").first().citizen_ids) == 29


def test_what_was_searched_for_is_in_no_address_and_no_log(bente, cast):
    answer = bente.post("/soeg/", {"q": AMINA_CPR})
    assert DIGITS not in "".join(Page(answer).addresses())
    assert AMINA_CPR not in "".join(Page(answer).addresses())
    assert not Lookup.objects.filter(purpose__contains="0503").exists()
    assert bente.get("/soeg/", {"q": "Amina"}).status_code == 200
    assert "Amina" not in Page(bente.get("/soeg/", {"q": "Amina"})).words  # by POST or not at all


@pytest.mark.parametrize(
    ("q", "says"),
    [("310290-5011", "CPR-nummeret kan ikke passe."), ("A", "Skriv mindst to bogstaver"), ("Findes ikke", "Ingen fundet."),
     ("050389-5012", "Ingen borger har det CPR-nummer"), ("<script>alert(1)</script>", "Ingen fundet."), ("😀😀", "Ingen fundet.")],
)  # fmt: skip
def test_a_search_in_vain_says_what_to_do(bente, cast, q, says):
    before = Lookup.objects.count()
    answer = bente.post("/soeg/", {"q": q})
    assert says in Page(answer).words
    assert "<script>alert" not in answer.content.decode()
    assert looked_since(before) == []  # nobody was shown


def test_from_a_number_nobody_has_one_registers(bente, cast):
    answer = bente.post("/soeg/", {"q": "010190-5001"})
    assert ("post", "/borgere/ny/") in Page(answer).forms
    answer = bente.post("/borgere/ny/", {"begin": "1", "cpr": "010190-5001"})
    assert 'value="010190-5001"' in answer.content.decode()
    assert "Udfyld" not in Page(answer).words  # not scolded for what one has not been asked yet


def test_a_protected_name_is_not_shown_in_a_search(bente, cast):
    actions.change_citizen(cast.amina, by=cast.bente, protected=True)
    assert "Amina" not in Page(bente.post("/soeg/", {"q": "Yusuf"})).words
    page = Page(bente.post("/soeg/", {"q": AMINA_CPR}))
    assert "Navn beskyttet" in page.words
    assert "Yusuf" not in page.words
    assert "050389-••••" not in page.words


def test_a_citizen_of_another_unit_is_named_by_unit_alone(bente, cast):
    far = access.add_unit("Voksenteamet", by=cast.henrik)
    bo = actions.register_citizen(by=cast.henrik, cpr="010190-5001", first_name="Bo", last_name="Langt", unit=far)
    before = Lookup.objects.count()
    page = Page(bente.post("/soeg/", {"q": "010190-5001"}))
    assert "Borgeren hører til Voksenteamet." in page.words
    assert "Langt" not in page.words
    assert looked_since(before) == [("search", [bo.pk])]


# --- Registering --------------------------------------------------------------------------------------
def facts(cast, **more):
    return {"cpr": "010190-5001", "first_name": "Åse", "last_name": "O'Neill-Bæk", "unit": cast.unit.pk, "languages": "Dansk, Arabisk,dansk"} | more


def test_a_citizen_is_registered(bente, cast):
    answer = bente.post("/borgere/ny/", facts(cast, target_group="6.5", area="Havnen", protected=""))
    row = Citizen.objects.get(last_name="O'Neill-Bæk")
    assert answer.url == f"/borgere/{row.pk}/"
    assert (row.languages, row.target_group, row.area, row.unit) == (["dansk", "arabisk"], "6.5", "Havnen", cast.unit)
    assert "Åse O'Neill-Bæk er oprettet." in Page(bente.get(answer.url)).words


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"cpr": "310290-5001"}, "CPR-nummeret kan ikke passe."), ({"cpr": AMINA_CPR}, "Borgeren er allerede oprettet."), ({"unit": ""}, "Vælg: Enhed"),
     ({"first_name": ""}, "Udfyld: Fornavn"), ({"languages": "x" * 40}, "Sæt komma mellem hver."), ({"email": "ikke-en-mail"}, "e-mail")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_the_rest_is_kept(bente, cast, wrong, says):
    before = Citizen.objects.count()
    answer = bente.post("/borgere/ny/", facts(cast, address="Kajen 4 <b>😀</b>", **wrong))
    assert says in Page(answer).words
    assert "Kajen 4 &lt;b&gt;😀&lt;/b&gt;" in answer.content.decode()
    assert Citizen.objects.count() == before


def test_somebody_already_here_is_one_click_away(bente, cast):
    page = Page(bente.post("/borgere/ny/", facts(cast, cpr=AMINA_CPR)))
    assert f"/borgere/{cast.amina.pk}/" in page.addresses()


# --- The page -------------------------------------------------------------------------------------------
def test_the_page_shows_facts_cases_and_how_often_it_was_looked_at(bente, cast):
    case = build.active(cast)
    before = Lookup.objects.count()
    with counted() as queries:
        page = Page(bente.get(f"/borgere/{cast.amina.pk}/"))
    assert len(queries) <= 12
    assert page.headings[0] == "Amina Yusuf"
    assert page.to(case.number) == f"/sager/{case.pk}/"
    assert "050389-••••" in page.words
    assert DIGITS not in page.words
    assert "Oplysningerne er set" in page.words
    assert "Se borgerens oplysninger" in page.words
    panel = page.words.split("Hvornår og hvorfor er oplysningerne set?")[1]
    assert "Bente" not in panel  # how often and why, not by whom
    assert looked_since(before) == [("page", [cast.amina.pk])]
    assert f"/borgere/{cast.amina.pk}/henvis/" not in page.addresses()  # one open case at a time


def test_without_an_open_case_the_way_on_is_to_refer(bente, cast):
    page = Page(bente.get(f"/borgere/{cast.amina.pk}/"))
    assert page.to("Henvis til mentor") == f"/borgere/{cast.amina.pk}/henvis/"
    assert "Borgeren har ingen sager endnu." in page.words


def test_who_may_only_read_gets_no_verbs(cast, client):
    page = Page(visitor(client, cast.erik).get(f"/borgere/{cast.amina.pk}/"))
    for verb in ("henvis", "ret", "cpr", "beskyttet"):
        assert f"/borgere/{cast.amina.pk}/{verb}/" not in page.addresses()
    assert "/soeg/" not in page.addresses(), "a way back that is shut"


def test_a_protected_page_hides_until_asked(bente, cast):
    actions.change_citizen(cast.amina, by=cast.bente, protected=True)
    page = Page(bente.get(f"/borgere/{cast.amina.pk}/"))
    for hidden in ("Amina", "Yusuf", "Kajen", "00 00 00 02", "050389", "Havnen"):
        assert hidden not in page.words
    assert f"/borgere/{cast.amina.pk}/beskyttet/" in page.addresses()


def test_a_citizen_who_is_not_yours_is_not_there(bente, cast):
    far = access.add_unit("Voksenteamet", by=cast.henrik)
    bo = actions.register_citizen(by=cast.henrik, cpr="010190-5001", first_name="Bo", last_name="Langt", unit=far)
    away = fjordby(BAKKEBY, "Bakkeby", suffix="_b")
    set_context(FJORDBY)
    before = Lookup.objects.count()
    for pk in (bo.pk, away.amina.pk, "00000000-0000-4000-8000-000000000000"):
        for page in ("", "ret/", "cpr/", "beskyttet/"):
            assert bente.get(f"/borgere/{pk}/{page}").status_code == 404
    assert Lookup.objects.count() == before


# --- Editing and asking ----------------------------------------------------------------------------------
def test_facts_are_corrected(bente, cast):
    at = f"/borgere/{cast.amina.pk}/ret/"
    body = bente.get(at).content.decode()
    assert "Kajen 4" in body
    assert DIGITS not in body and AMINA_CPR not in body
    values = {"cpr": "", "first_name": "Amina", "last_name": "Yusuf", "unit": cast.unit.pk, "languages": "dansk, somali", "address": "Kajen 5"}
    assert bente.post(at, values).status_code == 302
    row = Citizen.objects.get(pk=cast.amina.pk)
    assert (row.address, row.languages, row.cpr()) == ("Kajen 5", ["dansk", "somali"], DIGITS)
    assert bente.post(at, values | {"cpr": "060389-5011"}).status_code == 302
    assert Citizen.objects.get(pk=cast.amina.pk).cpr() == "0603895011"


def test_a_protected_person_is_corrected_without_being_shown(bente, cast):
    actions.change_citizen(cast.amina, by=cast.bente, protected=True)
    at = f"/borgere/{cast.amina.pk}/ret/"
    body = bente.get(at).content.decode()
    for hidden in ("Amina", "Yusuf", "Kajen", "00 00 00 02"):
        assert hidden not in body
    bente.post(at, {"unit": cast.unit.pk, "languages": "dansk", "protected": "on", "phone": "00 00 00 77"})
    row = Citizen.objects.get(pk=cast.amina.pk)
    assert (row.full_name, row.address, row.phone, row.protected) == ("Amina Yusuf", "Kajen 4, 0000 Fjordby", "00 00 00 77", True)


def test_the_number_is_shown_for_a_purpose_and_hidden_again(bente, cast):
    at = f"/borgere/{cast.amina.pk}/cpr/"
    assert AMINA_CPR not in bente.get(at).content.decode()
    before = Lookup.objects.count()
    answer = bente.post(at, {"purpose": "Sende Digital Post"})
    assert AMINA_CPR in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert looked_since(before) == [("page", [cast.amina.pk]), ("cpr", [cast.amina.pk])]
    assert Lookup.objects.order_by("-id").first().purpose == "Sende Digital Post"
    assert AMINA_CPR not in bente.get(at).content.decode()


@pytest.mark.parametrize("page", ["cpr", "beskyttet"])
@pytest.mark.parametrize("posted", [{}, {"purpose": "other"}, {"purpose": "other", "other": " x "}, {"purpose": "noget andet"}])
def test_without_a_purpose_nothing_is_shown(bente, cast, page, posted):
    actions.change_citizen(cast.amina, by=cast.bente, protected=True)
    answer = bente.post(f"/borgere/{cast.amina.pk}/{page}/", posted)
    assert AMINA_CPR not in answer.content.decode()
    assert "Yusuf" not in answer.content.decode()
    assert not Lookup.objects.filter(kind__in=("cpr", "protected")).exists()


def test_a_protected_name_is_shown_for_a_purpose(bente, cast):
    actions.change_citizen(cast.amina, by=cast.bente, protected=True)
    answer = bente.post(f"/borgere/{cast.amina.pk}/beskyttet/", {"purpose": "other", "other": "Politiet ringer"})
    page = Page(answer)
    assert "Amina Yusuf" in page.words
    assert "Kajen 4" in page.words
    look = Lookup.objects.order_by("-id").first()
    assert (look.kind, look.purpose, look.citizen_ids) == ("protected", "Politiet ringer", [cast.amina.pk])


def test_a_leader_finds_but_does_not_register(cast):
    henrik = visitor(Client(), cast.henrik)
    page = Page(henrik.post("/soeg/", {"q": "010190-5001"}))
    assert ("post", "/borgere/ny/") not in page.forms
    assert henrik.get("/borgere/ny/").status_code == 403
    assert "sagsbehandler" in Page(henrik.get("/borgere/ny/")).words  # who has the right
