"""The cells lead to their rows, the mentor approves the month, and the citizen answers without a sign-in."""

import re

from django.test import Client

from snerydder.casework.payments.models import Confirmation, ConfirmationRequest, TimeSheet
from tests import build
from tests.pages.payments.conftest import FIRST
from tests.pages.visit import Page, counted


def test_every_cell_on_the_case_page_leads_to_its_rows(as_staff, month):
    bente = as_staff("bente")
    page = Page(bente.get(f"/sager/{month.case.pk}/"))
    assert "August 2026 6,3 4,5 0,0 0,0" in page.words
    cells = [(text, href) for text, href in page.links if "/timer/" in href]
    assert len(cells) >= 3
    for text, href in cells:
        words = Page(bente.get(href)).words
        hours = re.search(r": (?:(\d+) t)? ?(?:(\d+) min)?", words.split("Se alle fire kolonner")[1])
        minutes = int(hours[1] or 0) * 60 + int(hours[2] or 0)
        assert f"{round(minutes / 60, 1):.1f}".replace(".", ",").removesuffix(",0") == text.removesuffix(",0"), (text, href)


def test_the_payer_sees_the_rows_without_name_and_note(as_staff, month, cast):
    page = Page(as_staff("gitte").get(f"/timer/{month.case.pk}/2026-08/"))
    assert "Leveret: 4 t 30 min" in page.words and "Bekræftet: 0 min" in page.words
    assert "Amina" not in page.words and "Yusuf" not in page.words
    assert not [href for href in page.addresses() if "/bekraeft/" in href or href.startswith("/sager/")]


def test_nonsense_in_the_address_is_not_there(as_staff, month):
    gitte = as_staff("gitte")
    for word in ("2026-13", "2026", "x", "2026-8"):
        assert gitte.get(f"/timer/{month.case.pk}/{word}/").status_code == 404
    assert gitte.get(f"/timer/{month.case.pk}/2026-08/?kolonne=x").status_code == 200


def test_the_coordinator_sees_them_where_the_mentor_opens(as_staff, month, cast):
    words = Page(as_staff("dorthe").get(f"/overblik/?mentor={cast.mentor.pk}")).words
    assert "I måneden: bevilget 8,6 · leveret 0,0 · bekræftet 0,0 · faktureret 0,0" in words


def test_the_mentor_approves_the_month(as_staff, month, cast):
    TimeSheet.objects.all().delete()
    carl = as_staff("carl")
    page = Page(carl.get("/i-dag/"))
    assert "Dine timer i august 2026" in page.words
    address = page.to("Se timesedlen")
    page = Page(carl.get(address))
    assert "Godkend 4 t 30 min" in page.words and month.case.number in page.words
    assert carl.post(address, {"minutes": "270"}).status_code == 302
    assert "Godkendt af Carl Clausen" in Page(carl.get(address)).words
    assert "Dine timer i" not in Page(carl.get("/i-dag/")).words
    assert carl.get(f"{address}timeseddel.pdf").content.startswith(b"%PDF")
    assert carl.get(f"{address}timeseddel.xlsx")["Content-Type"].endswith("sheet")
    build.contact(cast, month.case, FIRST.replace(day=30))
    assert "De skal godkendes igen" in Page(carl.get(address)).words
    assert "Åbnet igen: loggen er rettet" in Page(as_staff("gitte").get("/timesedler/?maaned=2026-08")).words


def test_others_see_the_sheet_and_cannot_approve_it(as_staff, month, cast):
    address = f"/timesedler/{cast.mentor.pk}/2026-08/"
    gitte = as_staff("gitte")
    TimeSheet.objects.all().delete()
    assert "Godkend 4 t" not in Page(gitte.get(address)).words
    gitte.post(address, {"minutes": "270"})
    assert "Kun mentoren selv" in Page(gitte.get(address)).words and not TimeSheet.objects.exists()


def test_a_mentor_does_not_see_anothers_sheet(as_staff, month, cast):
    from snerydder.casework.people import actions as people

    other = people.welcome_mentor("Mona Munk", by=cast.henrik, unit=cast.unit, kind="municipal", hours_per_week=10)
    assert as_staff("carl").get(f"/timesedler/{other.pk}/2026-08/").status_code == 404


def test_the_citizen_answers_by_link_without_a_sign_in(as_staff, month):
    bente, contact = as_staff("bente"), month.contacts[2]
    page = Page(bente.get(f"/kontakter/{contact.pk}/bekraeft/"))
    assert f"/kontakter/{contact.pk}/spoerg/" in [href for _method, href in page.forms]
    shown = Page(bente.post(f"/kontakter/{contact.pk}/spoerg/")).words
    code = re.search(r"901-\w{4}-\w{4}-\w{4}", shown)[0]
    phone = Client()
    assert phone.post("/svar/", {"code": code.lower()}).url == f"/svar/{code}/"
    page = Page(phone.get(f"/svar/{code}/"))
    assert "Mødtes du med Carl tirsdag den 25. august?" in page.title and "Amina" not in page.words
    assert "Vælg: Dit svar" in Page(phone.post(f"/svar/{code}/", {})).words
    assert "Tak for dit svar" in Page(phone.post(f"/svar/{code}/", {"answer": "yes"})).words
    assert phone.get(f"/svar/{code}/").status_code == 404
    assert "Bekræftet: 1 t" in Page(bente.get(f"/timer/{month.case.pk}/2026-08/")).words
    assert ConfirmationRequest.objects.get().answered_at and Confirmation.objects.get().source == "citizen"


def test_the_caseworker_writes_what_the_school_says(as_staff, month):
    bente, contact = as_staff("bente"), month.contacts[0]
    facts = {"source": "school", "source_name": "Lis Lund, Sprogskolen", "answered": "yes"}
    assert bente.post(f"/kontakter/{contact.pk}/bekraeft/", facts).status_code == 302
    assert "Bekræftet: 1 t" in Page(bente.get(f"/timer/{month.case.pk}/2026-08/")).words
    assert as_staff("carl").get(f"/kontakter/{contact.pk}/bekraeft/").status_code == 403


def test_the_case_page_stays_within_its_questions(as_staff, month):
    bente = as_staff("bente")
    with counted() as queries:
        bente.get(f"/sager/{month.case.pk}/")
    assert len(queries) <= 46, len(queries)
