"""Who looked at whom, from a look-up to what was done about it; and what the citizen may see of it."""

import io
import json
import re

from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from snerydder.audit.models import Lookup
from snerydder.casework.inspections.published.verify_draw import faults
from snerydder.casework.lookups.models import LookupSample, PickedLookup
from snerydder.casework.people import actions as people
from tests.casework.lookups.made import look
from tests.pages.visit import Page, counted

SATURDAY = "2026-12-05"
NUMBER = "3 8 12 21 27 30 34"


def at(name, *args):
    return reverse(f"lookups:{name}", args=args)


def test_from_a_curious_look_to_what_was_done_about_it(as_, cast):
    look(cast.nora, [cast.amina], at="2026-03-10T23:12")
    henrik = as_("henrik")
    assert "Her er ingen opslag" in Page(henrik.get(at("month", "2026-03"))).words
    page = Page(henrik.post(at("look_through", "2026-03"), follow=True))
    assert "Nora Nord" in page.words and "Ingen opgave i sagen, Nat eller weekend" in page.words
    row = PickedLookup.objects.get()

    nora = as_("nora")
    mine = Page(nora.get(at("mine")))
    assert "Det er ikke en mistanke" in mine.words and at("explain", row.pk) in mine.addresses()
    assert "Amina" not in mine.words, "the list has no names"
    assert "Amina" in Page(nora.get(at("explain", row.pk))).words
    nora.post(at("explain", row.pk), {"text": "Jeg kender hendes mor."})

    page = Page(henrik.get(at("picked", row.pk)))
    assert "Opgave i borgerens sag Ingen" in page.words
    assert "Jeg kender hendes mor." in page.words and "kl. 23.12" in page.words
    answer = henrik.post(at("picked", row.pk), {"verdict": "no_reason", "note": "", "do": "save"})
    assert "Skriv, hvad vurderingen bygger på." in Page(answer).words
    answer = henrik.post(at("picked", row.pk), {"verdict": "no_reason", "note": "Privat.", "do": "save"}, follow=True)
    assert "72 timer" in Page(answer).words
    answer = henrik.post(at("follow_up", row.pk), {"follow_up": "talk", "note": "Vi har talt om det."}, follow=True)
    assert "Samtale med medarbejderen" in Page(answer).words
    page = Page(nora.get(at("explain", row.pk)))
    assert "Ingen grund i arbejdet" in page.words and not [each for each in page.forms if each[1] == "" and each[0] == "post"]


def test_a_month_is_drawn_by_two_and_the_file_verifies(as_, cast):
    for day in range(1, 10):
        look(cast.bente, [cast.amina], at=f"2026-03-0{day}T10:00")
    erik, henrik = as_("erik"), as_("henrik")
    erik.post(at("freeze", "2026-03"), {"size": "3", "seed_source": "Lotto", "seed_day": SATURDAY})
    sample = LookupSample.objects.get()
    assert sample.list_hash in Page(erik.get(at("month", "2026-03"))).words
    erik.post(at("number", sample.pk), {"number": NUMBER})
    page = Page(henrik.get(at("month", "2026-03")))
    assert "Erik Eng har skrevet tallet" in page.words and NUMBER not in page.words, "the second types blind"
    answer = henrik.post(at("number", sample.pk), {"number": NUMBER}, follow=True)
    assert PickedLookup.objects.filter(sample=sample).count() == 3 and "Lodtrækning" in Page(answer).words
    assert faults(json.loads(erik.get(at("list_file", sample.pk)).content)) == []


def test_one_s_own_is_shown_and_not_judged(as_, cast):
    look(cast.henrik, [cast.amina], at="2026-03-10T23:12")
    henrik = as_("henrik")
    henrik.post(at("look_through", "2026-03"))
    row = PickedLookup.objects.get()
    answer = henrik.get(at("picked", row.pk))
    assert "Ingen vurderer sine egne opslag" in Page(answer).words and 'name="verdict"' not in answer.content.decode()
    answer = henrik.post(at("picked", row.pk), {"verdict": "job", "note": ""})
    assert PickedLookup.objects.get().verdict == ""
    assert 'name="verdict"' in as_("erik").get(at("picked", row.pk)).content.decode()


def test_somebody_else_s_explanation_is_not_mine_to_write(as_, cast):
    look(cast.nora, [cast.amina], at="2026-03-10T23:12")
    as_("henrik").post(at("look_through", "2026-03"))
    row = PickedLookup.objects.get()
    answer = as_("bente").post(at("explain", row.pk), {"text": "Det var mig."})
    assert answer.url == at("mine") and PickedLookup.objects.get().explanation == ""


def test_to_review_is_to_look(as_, cast):
    look(cast.nora, [cast.amina])
    henrik = as_("henrik")
    henrik.post(at("look_through", "2026-03"))
    before = Lookup.objects.count()
    henrik.get(at("picked", PickedLookup.objects.get().pk))
    looked = Lookup.objects.order_by("id")[before:]
    assert [(row.staff_id, row.purpose, row.citizen_ids) for row in looked] == [(cast.henrik.pk, "Kontrol af opslag", [cast.amina.pk])]


def test_the_overview_leads_to_the_months(as_, cast):
    look(cast.nora, [cast.amina])
    look(cast.nora, [cast.amina], at="2026-02-28T23:59")
    henrik = as_("henrik")
    henrik.post(at("look_through", "2026-03"))
    page = Page(henrik.get(at("overview")))
    assert {at("month", "2026-03"), at("month", "2026-02")} <= set(page.addresses())
    assert "1 opslag venter på en vurdering" in page.words and "gemt i 5 år" in page.words and "ingen er ældre end 1. december 2021" in page.words
    assert at("overview") in Page(henrik.get("/ledelse/")).addresses()


def test_the_file_holds_reasons_and_verdicts_and_no_citizen_s_name(as_, cast):
    look(cast.nora, [cast.amina], purpose="=1+1")
    henrik = as_("henrik")
    henrik.post(at("look_through", "2026-03"))
    sheet = load_workbook(io.BytesIO(henrik.get(at("export", "2026-03", "xlsx")).content)).active
    head, row = list(sheet.iter_rows(values_only=True))
    assert head[:3] == ("Tidspunkt", "Medarbejder", "Formål i loggen") and row[1:3] == ("Nora Nord", "=1+1")
    assert "hverken sagsbehandler" in row[5] and "Amina" not in str(row)
    assert sheet["C2"].data_type == "s"
    assert "Nora Nord" in as_("erik").get(at("export", "2026-03", "csv")).content.decode()


def test_a_page_costs_the_same_for_one_as_for_fifty(as_, cast):
    henrik = as_("henrik")
    look(cast.nora, [cast.amina], at="2026-03-01T23:00")
    henrik.post(at("look_through", "2026-03"))
    with counted() as one:
        henrik.get(at("month", "2026-03"))
    for day in range(2, 29):
        look(cast.nora, [cast.amina], at=f"2026-03-{day:02}T23:00")
    henrik.post(at("look_through", "2026-03"))
    with counted() as many:
        henrik.get(at("month", "2026-03"))
    assert PickedLookup.objects.count() == 28
    assert len(many) == len(one) <= 12
    for name, most in (("overview", 12), ("mine", 10)):
        with counted() as queries:
            henrik.get(at(name))
        assert len(queries) <= most, name
    with counted() as queries:
        henrik.get(at("picked", PickedLookup.objects.first().pk))
    assert len(queries) <= 14


# --- The citizen -----------------------------------------------------------------------------------
def test_the_citizen_s_list_and_letter_say_when_and_why_and_never_who(as_, cast):
    look(cast.nora, [cast.amina], purpose="Se sagen")
    bente = as_("bente")
    page = Page(bente.get(at("citizen", cast.amina.pk), {"aar": "2026"}))  # what the test itself looks at is of the machine's year
    shown = page.words.split("Hvornår er oplysningerne set?")[1]
    assert "10. marts 2026 Se sagen (åbnet)" in shown and "Nora" not in shown
    assert at("citizen", cast.amina.pk) in Page(bente.get(f"/borgere/{cast.amina.pk}/")).addresses()
    answer = bente.get(at("letter", cast.amina.pk))
    assert answer.content.startswith(b"%PDF") and b"Nora" not in answer.content
    assert [row.kind for row in Lookup.objects.filter(purpose="Skrive til borgeren, hvornår oplysningerne er set")] == ["page"]


def test_a_code_read_aloud_opens_the_list_without_a_sign_in(as_, cast):
    look(cast.nora, [cast.amina], purpose="Se sagen")
    answer = as_("bente").post(at("give_code", cast.amina.pk))
    code = re.search(r"901-\w{4}-\w{4}-\w{4}", answer.content.decode())[0]
    stranger = Client()
    answer = stranger.post(at("code"), {"code": code.lower()})
    page = Page(stranger.get(answer.url, {"aar": "2026"}))
    assert "Se sagen" in page.words and "Fjordby Kommune" in page.words
    for name in ("Nora", "Bente", "Amina", "Yusuf"):
        assert name not in page.words
    assert stranger.get(answer.url)["Cache-Control"].count("no-store")
    assert stranger.get(at("own_list", "901-AAAA-BBBB-CCCC")).status_code == 404


def test_the_letter_to_a_protected_person_names_nobody(as_, cast, monkeypatch):
    people.change_citizen(cast.amina, by=cast.bente, protected=True)
    from snerydder.ui import letters

    sent = []
    monkeypatch.setattr(letters, "render_letter", lambda data: sent.append(data) or b"%PDF")
    as_("bente").get(at("letter", cast.amina.pk))
    assert "Yusuf" not in str(sent) and "Kajen" not in str(sent) and "Navn beskyttet" in sent[0]["recipient"]["name"]
