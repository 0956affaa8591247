"""From the mentor's phone to the coordinator's desk and the leader's count: the way of one question through its pages."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from snerydder.access import actions as access
from snerydder.casework.questions import actions
from snerydder.casework.questions.models import Question
from tests import build
from tests.cast import Cast, fjordby
from tests.pages.visit import Page, counted, visitor

NOW = datetime(2026, 9, 7, 10, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))
FACTS = {"day": "2026-08-11", "minutes": 660}


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield fjordby()


@pytest.fixture
def question(cast):
    case = build.active(cast)
    rows = [build.contact(cast, case, build.DAY + timedelta(days=8 + place), minutes=220) for place in range(3)]
    return actions.ask("long_day", cast.carl, rows, FACTS, named=cast.dorthe, by=actions.TheNight(cast.municipality))


@pytest.fixture
def see(cast):
    return lambda who, address: Page(visitor(Client(), getattr(cast, who)).get(address))


def post(cast, who, address, **given):
    return visitor(Client(), getattr(cast, who)).post(address, given)


def test_the_mentor_meets_it_on_the_front_page_and_answers(cast, question, see):
    home = see("carl", "/i-dag/")
    assert "11. august 2026 er der skrevet 11 t kontakt på én dag." in home.words
    page = see("carl", home.to("Se og svar"))
    assert page.headings[0] == "Mere end en arbejdsdag" and "Hvad var det for en dag?" in page.words
    assert sum(address.startswith("/kontakter/") for address in page.addresses()) == 3  # exactly the contacts behind, each to be corrected
    assert not [address for address in page.addresses() if address.endswith(("/afslut/", "/leder/"))]
    empty = post(cast, "carl", page.to("Svar"), answer=" ")
    assert empty.status_code == 200 and not Question.objects.get().answer
    assert post(cast, "carl", page.to("Svar"), answer="Vi var på messe i Odense.").status_code == 302
    assert "Se og svar" not in see("carl", "/i-dag/").words and "Ret svaret" in see("carl", f"/spoergsmaal/{question.pk}/").words


def test_the_coordinator_closes_it_and_may_undo(cast, question, see):
    assert "1 spørgsmål om kontakter, du tager dig af" in see("dorthe", "/overblik/").words
    page = see("dorthe", see("dorthe", "/spoergsmaal/?vis=mine").to("Mere end en arbejdsdag"))
    case = question.contacts.first().contact.case_id
    assert f"/sager/{case}/" in page.addresses() and f"/timer/{case}/2026-08/?kolonne=leveret" in page.addresses()
    close = page.to("Afslut")
    assert "forretningsgang" not in see("dorthe", close).words  # only the leader's
    assert post(cast, "dorthe", close, outcome="corrected", reason="Rettet").status_code == 200
    assert post(cast, "dorthe", close, outcome="explained", reason="En messe i Odense.").status_code == 302
    assert "Der er ingen spørgsmål." in see("dorthe", "/spoergsmaal/").words
    assert "En messe i Odense." in see("carl", f"/spoergsmaal/{question.pk}/").words
    assert post(cast, "dorthe", f"/spoergsmaal/{question.pk}/genaabn/").status_code == 302 and Question.objects.get().is_open


def test_it_is_taken_to_the_leader_who_ends_it(cast, question, see):
    address = see("dorthe", f"/spoergsmaal/{question.pk}/").to("Tag det op med lederen")
    assert post(cast, "dorthe", address, leader=cast.henrik.pk, reason="Carl kan ikke huske dagen.").status_code == 302
    assert not [link for link in see("dorthe", f"/spoergsmaal/{question.pk}/").addresses() if link.endswith("/afslut/")]
    home = see("henrik", "/ledelse/")
    assert "Taget op med lederen 1" in home.words and "Carl" not in home.words
    page = see("henrik", f"/spoergsmaal/{question.pk}/")
    assert "Carl kan ikke huske dagen." in page.words and "forretningsgang" in see("henrik", page.to("Afslut")).words
    assert post(cast, "henrik", page.to("Afslut"), outcome="explained", reason="Talt igennem.").status_code == 302
    assert "Der er ingen åbne spørgsmål." in see("henrik", "/ledelse/").words


def test_another_mentor_sees_nothing_and_the_auditor_only_reads(cast, question, see):
    cast.mogens = access.appoint("Mogens Moe", by=cast.henrik, roles=["mentor"], unit=cast.unit, username="mogens")
    assert visitor(Client(), cast.mogens).get(f"/spoergsmaal/{question.pk}/").status_code == 404
    assert visitor(Client(), cast.mogens).post(f"/spoergsmaal/{question.pk}/svar/", {"answer": "Mig"}).status_code == 404
    assert "Der er ingen spørgsmål." in see("mogens", "/spoergsmaal/").words
    erik = see("erik", f"/spoergsmaal/{question.pk}/")
    assert not [link for link in erik.addresses() if link.endswith(("/svar/", "/afslut/", "/leder/"))]


@pytest.mark.parametrize(("address", "most"), [("/spoergsmaal/", 6), ("/spoergsmaal/{}/", 8)])
def test_the_pages_ask_as_few_questions_for_many_contacts_as_for_few(cast, question, see, address, most):
    def asked():
        client = visitor(Client(), cast.dorthe)
        with counted() as queries:
            assert client.get(address.format(question.pk)).status_code == 200
        return len(queries)

    few = asked()
    case = build.active(cast, build.citizen(cast, 7))
    more = [build.contact(cast, case, build.DAY + timedelta(days=8 + place)) for place in range(12)]
    for row in more[:6]:
        actions.ask("long_day", cast.carl, [row], FACTS, named=cast.dorthe, by=actions.TheNight(cast.municipality))
    question.contacts.bulk_create(
        [type(question.contacts.first())(municipality_id=cast.municipality, question=question, contact=row, sign="long_day", corrections=0) for row in more[6:]]
    )
    assert asked() == few <= most
