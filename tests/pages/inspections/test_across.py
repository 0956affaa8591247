"""A round on the pages: called, joined, answered, received, drawn and reported. Fjordby holds it and is in it."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from openpyxl import load_workbook

from snerydder.audit.models import Lookup
from snerydder.casework.inspections import actions, guide, queries
from snerydder.casework.inspections.models import Member, Sample
from tests.casework.inspections.made import NUMBER, SOURCE
from tests.pages.inspections.test_pages import as_, at  # noqa: F401 fixtures
from tests.pages.visit import Page, counted

TYPED = {
    "title": "Efterårets bevillinger", "towns": "901 Fjordby\r\n902 Bakkeby\r\n", "first": "2026-07-01", "last": "2026-12-01", "size": "2", "each": "3",
    "seed_source": SOURCE, "seed_day": "2026-12-01", "answer_by": "2027-01-29",
}  # fmt: skip


def called(erik):
    erik.post(at("call"), TYPED)
    return Sample.objects.get(kind="municipalities")


def joined(erik, round_):
    content = erik.get(at("list_file", round_.pk)).content
    return erik.post(at("join"), {"file": SimpleUploadedFile("runde.json", content)})


def sent(erik, own):
    return erik.post(at("send", own.pk))


def received(erik, round_, content):
    return erik.post(at("receive", round_.pk), {"file": SimpleUploadedFile("svar.json", content)}, follow=True)


@pytest.fixture
def round_(as_, town):  # noqa: F811
    return called(as_("erik"))


def test_the_98_stand_ready_and_what_is_wrong_is_said(as_, town):  # noqa: F811
    erik = as_("erik")
    shown = erik.get(at("call")).content.decode()
    assert "101 København" in shown and "860 Hjørring" in shown
    page = Page(erik.post(at("call"), TYPED | {"towns": "901 Fjordby\n90 Bakkeby"}))
    assert "Linje 2 kan ikke læses." in page.words and not Sample.objects.exists()
    assert "En runde har mindst to kommuner." in Page(erik.post(at("call"), TYPED | {"towns": "901 Fjordby"})).words


def test_from_the_list_to_the_report(as_, town, round_):  # noqa: F811
    erik = as_("erik")
    joined(erik, round_)
    own = Sample.objects.get(kind="cases")
    assert own.round_hash == round_.list_hash and "Runden på tværs af kommuner" in Page(erik.get(at("sample", own.pk))).words
    assert "Der mangler svar om forretningsgangene." in Page(erik.post(at("send", own.pk), follow=True)).words
    assert "Gem svarene" in Page(erik.get(at("part_one", own.pk))).words, "procedures are answered before the draw"
    erik.post(at("part_one", own.pk), dict.fromkeys(guide.lines_of(own.guide, part=1), "ok") | {"fraud": "lacking", "fraud_note": "Den findes ikke."})
    assert "Svaret fra Fjordby er modtaget." in received(erik, round_, sent(erik, own).content).content.decode()
    for row in (round_, own):
        for who in ("erik", "henrik"):
            as_(who).post(at("number", row.pk), {"number": NUMBER})
    erik = as_("erik")
    lines = guide.lines_of(own.guide, part=2)
    for place, row in enumerate(queries.drawn_cases(own)):
        answers = dict.fromkeys(lines, ("ok", "")) | ({"purpose": ("lacking", "Der står kun støtte.")} if place == 0 else {})
        actions.answer(own, row, by=town.erik, answers=answers)
    received(erik, round_, sent(erik, own).content)
    with counted() as asked:
        page = Page(erik.get(at("sample", round_.pk)))
    assert len(asked) <= 14, len(asked)
    assert "I 1 af 3 sager i 1 kommune mangler mindst én ting." in page.words
    assert "5.1 Dokumentation af det faglige fokus" in page.words and "901 Fjordby" in page.words
    said = Document(io.BytesIO(erik.get(at("report", round_.pk, "runden.docx")).content))
    heads = [each.text for each in said.paragraphs if each.style.name == "Heading 2"]
    assert [each[:3] for each in heads if each[0].isdigit()] == ["4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4"]
    (purpose,) = [[cell.text for cell in row.cells] for table in said.tables for row in table.rows if row.cells[0].text == "Formål"]
    assert purpose == ["Formål", "2 (66,7 %)", "1 (33,3 %)", "0", "kan ikke måles", "1 af 1"]  # a range of one municipality says nothing
    assert erik.get(at("report", round_.pk, "runden.pdf")).content[:5] == b"%PDF-"
    book = load_workbook(io.BytesIO(erik.get(at("report", round_.pk, "runden.xlsx")).content))
    assert book.sheetnames == ["Forretningsgange", "Sager", "Kommuner", "Sager pr. kommune"]
    assert "Der mangler tal fra Bakkeby." in Page(erik.post(at("close", round_.pk), {"conclusion": "Slut."})).words
    assert not Lookup.objects.filter(page="inspections:receive").exists(), "figures are nobody's"


def test_a_changed_file_is_refused_on_the_page(as_, town, round_):  # noqa: F811
    erik = as_("erik")
    joined(erik, round_)
    own = Sample.objects.get(kind="cases")
    erik.post(at("part_one", own.pk), dict.fromkeys(guide.lines_of(own.guide, part=1), "ok"))
    told = json.loads(sent(erik, own).content)
    told["procedures"]["fraud"][0] = "lacking"
    answer = received(erik, round_, json.dumps(told).encode())
    assert "Underskriften passer ikke." in Page(answer).words and not Member.objects.filter(procedures__isnull=False).exists()


def test_what_belongs_to_cases_is_not_there_for_a_round(as_, town, round_):  # noqa: F811
    erik = as_("erik")
    for name in ("part_one", "find"):
        assert erik.get(at(name, round_.pk)).status_code == 404
    assert erik.post(at("send", round_.pk)).status_code == 404
