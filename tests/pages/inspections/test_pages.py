"""The pages of an inspection, from an empty list to a report."""

import io
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from snerydder.audit.models import Lookup
from snerydder.casework.cases.models import StoredVerdict
from snerydder.casework.checks.models import CheckState
from snerydder.casework.inspections import actions, guide, mending, queries
from snerydder.casework.inspections.models import Answer, Finding, Measure, Procedure, Sample
from snerydder.casework.inspections.published.verify_draw import faults
from tests.casework.inspections import made
from tests.casework.inspections.made import NUMBER, SOURCE, TODAY
from tests.pages.visit import Page, counted, visitor

TYPED = {
    "title": "Efterårets bevillinger", "first": "2026-07-01", "last": "2026-12-01", "status": "all", "hjemmel": "", "size": "4", "seed_source": SOURCE,
    "seed_day": "2026-12-01", "answer_by": "2026-12-29",
}  # fmt: skip


@pytest.fixture
def as_(client, town):
    def sign_in(who):
        return visitor(client, getattr(town, who))

    return sign_in


def at(name, *args):
    return reverse(f"inspections:{name}", args=args)


def test_counting_shows_the_groups_and_stores_nothing(as_):
    answer = as_("erik").post(at("new"), TYPED | {"do": "count", "title": "", "above_hours": "120"})
    page = Page(answer)
    assert "Alle sager over 120 timer" in page.words and "Alle andre sager" in page.words
    assert "Udfyld" not in page.words, "the rest is asked for when the list is frozen"
    assert not Sample.objects.exists()


def test_an_auditor_freezes_two_persons_type_and_the_file_verifies(as_):
    erik = as_("erik")
    answer = erik.post(at("new"), TYPED | {"do": "freeze"}, follow=True)
    page, sample = Page(answer), Sample.objects.get()
    assert sample.list_hash in page.words and "Når tallet er kendt, skriver to personer det hver for sig" in page.words
    assert faults(json.loads(erik.get(at("list_file", sample.pk)).content)) == []
    erik.post(at("number", sample.pk), {"number": NUMBER})
    page = Page(erik.get(at("sample", sample.pk)))
    assert "Erik Eng har skrevet tallet" in page.words and NUMBER not in page.words, "the second types blind"
    henrik = as_("henrik")
    page = Page(henrik.post(at("number", sample.pk), {"number": NUMBER}, follow=True))
    assert "Sagerne er udtrukket." in page.words and "Erik Eng og Henrik Holm skrev hver for sig tallet" in page.words
    told = json.loads(henrik.get(at("list_file", sample.pk)).content)
    assert faults(told) == [] and len(told["drawn"]) == 4


def test_a_wrong_second_number_says_so_and_draws_nothing(as_):
    as_("erik").post(at("new"), TYPED | {"do": "freeze"})
    sample = Sample.objects.get()
    as_("erik").post(at("number", sample.pk), {"number": NUMBER})
    page = Page(as_("henrik").post(at("number", sample.pk), {"number": "1 2 3 4 5 6 7"}))
    assert "Det er ikke det tal, den første skrev." in page.words
    assert not queries.drawn_cases(Sample.objects.get())
    assert "Tallet er slettet" in Page(as_("henrik").post(at("wipe", sample.pk), follow=True)).words


def test_the_room_shows_the_checks_and_takes_answers_in_several_goes(as_, town):
    sample = made.drawn(town)
    row = queries.drawn_cases(sample)[0]
    erik = as_("erik")
    page = Page(erik.get(at("room", row.pk)))
    assert "CHK-05" in page.words and "Fremgår formålet" in page.words and "Kilde: Notatet om aftalens indhold" in page.words
    assert Lookup.objects.filter(citizen_ids__contains=[row.case.citizen_id]).exists()
    page = Page(erik.post(at("room", row.pk), {"purpose": "lacking", "purpose_note": "", "do": "save"}))
    assert "Skriv, hvad der mangler: Formål" in page.words and not Answer.objects.exists()
    erik.post(at("room", row.pk), {"purpose": "lacking", "purpose_note": "Formålet er kun »støtte«.", "do": "save"})
    answer = erik.post(at("room", row.pk), {"purpose": "lacking", "purpose_note": "Formålet er kun »støtte«.", "hjemmel": "ok", "do": "next"})
    assert answer.url == at("room", queries.drawn_cases(sample)[1].pk) + "#videre"
    assert {each.line: each.verdict for each in Answer.objects.all()} == {"purpose": "lacking", "hjemmel": "ok"}


def test_results_report_letter_and_workbook(as_, town):
    sample = made.drawn(town)
    made.answer_all(town, sample, {0: ["purpose", "goal"], 1: ["purpose"]})
    erik = as_("erik")
    with counted() as asked:
        page = Page(erik.get(at("sample", sample.pk)))
    assert len(asked) <= 24, len(asked)
    assert "Mindst én ting mangler i 2 af 5 sager. For alle 8 sager på listen: 40,0 %, med 95 % sikkerhed mellem 25,0 % og 62,5 %" in page.words
    page = Page(erik.post(at("close", sample.pk), {"conclusion": "Formålet skal skrives tydeligere."}, follow=True))
    assert "afsluttet med rapport" in page.words and "Formålet skal skrives tydeligere." in page.words
    for paper in ("ledelsen", "udvalget"):
        answer = erik.get(at("report", sample.pk, f"{paper}.pdf"))
        assert answer.content[:5] == b"%PDF-" and f"-{sample.number}.pdf" in answer["Content-Disposition"]
        answer = erik.get(at("report", sample.pk, f"{paper}.docx"))
        assert f"-{sample.number}.docx" in answer["Content-Disposition"]
        said = Document(io.BytesIO(answer.content))
        assert any("mellem 25,0 % og 62,5 %" in each.text for each in said.paragraphs)
        assert any("Formålet skal skrives tydeligere." in each.text for each in said.paragraphs)
    said = Document(io.BytesIO(erik.get(at("report", sample.pk, "ledelsen.docx")).content))
    rows = [[cell.text for cell in row.cells] for row in said.tables[1].rows]
    assert rows[0] == ["Spørgsmål", "Mangler", "Uafklaret", "Andel af alle (95 %)"] and len(rows) == 16
    assert next(row for row in rows if row[0] == "Formål")[1:3] == ["2", "0"]
    book = load_workbook(io.BytesIO(erik.get(at("report", sample.pk, "tal.xlsx")).content))
    assert book.sheetnames == ["Stikprøven", "Grupper", "Tal", "Sager", "Fund og tiltag", "Forretningsgange"]
    assert [cell.value for cell in book["Tal"][2]][:5] == ["Hjemmel og målgruppe", 5, 0, 0, 0] and book["Tal"].max_row == 17
    assert [cell.value for cell in book["Tal"][17]] == ["Sager med mindst én mangel", 3, 2, 0, 0, 0.4, 0.25, 0.625]
    assert [cell.value for cell in book["Grupper"][2]] == ["Alle sager", 8, 5, 0.625] and book["Grupper"]["D2"].number_format == "0.0%"
    assert book["Sager"].max_row == 6 and {row[3].value for row in book["Sager"].iter_rows(min_row=2)} == {0.625}
    about = {row[0].value: row[1] for row in book["Stikprøven"].iter_rows()}
    assert about["Listens SHA-256"].value == sample.list_hash and about["Listen er frosset"].is_date
    for sheet in book:
        assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref and sheet.print_title_rows == "$1:$1"
        assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert erik.get(at("report", sample.pk, "ledelsen.odt")).status_code == 404


def test_what_is_agreed_stands_in_the_workbook_as_dates_and_the_report_says_from_which_day(as_, town):
    sample = made.drawn(town)
    finding = mending.find(sample, by=town.erik, text="=1+1 Formålet er ofte kun ét ord.")
    mending.plan(finding, by=town.erik, text="Ny skabelon.", owner=town.dorthe, due_on=TODAY + timedelta(days=30))
    erik = as_("erik")
    book = load_workbook(io.BytesIO(erik.get(at("report", sample.pk, "tal.xlsx")).content))
    row = book["Fund og tiltag"][2]
    assert (row[0].value, row[0].data_type) == ("=1+1 Formålet er ofte kun ét ord.", "s") and row[3].is_date and row[3].number_format == "dd-mm-yyyy"
    said = [each.text for each in Document(io.BytesIO(erik.get(at("report", sample.pk, "ledelsen.docx")).content)).paragraphs]
    assert any(each.startswith("Som de står den ") for each in said)


def test_the_report_says_of_the_procedures_what_was_so_when_it_was_closed(as_, town):
    henrik, sample = as_("henrik"), made.drawn(town)
    words = {"owner": str(town.dorthe.pk), "where": "Intranettet", "valid_from": "2026-11-01", "review_on": "2027-12-01"}
    henrik.post(at("procedure", "decision"), words)
    made.answer_all(town, sample)
    actions.report(sample, by=town.erik, conclusion="Alt er godt.", on=TODAY)

    def rows():
        file = Document(io.BytesIO(as_("erik").get(at("report", sample.pk, "ledelsen.docx")).content))
        return [[cell.text for cell in row.cells] for row in file.tables[2].rows]

    before = rows()
    assert before[2][2] == "1"
    henrik.post(at("procedure", "decision"), words | {"valid_from": "2026-12-02"})
    StoredVerdict.objects.update(judged_on=TODAY + timedelta(days=1))
    after = rows()
    assert after[2][2] == "1" and {row[3] for row in after[1:]} == {"ingen kontrol ser på det"} != {row[3] for row in before[1:]}


def test_it_is_not_closed_with_an_answer_missing(as_, town):
    sample = made.drawn(town)
    page = Page(as_("erik").post(at("close", sample.pk), {"conclusion": "Slut."}))
    lines = guide.current()
    assert f"Der mangler {5 * len(lines.part(2)) + len(lines.part(1))} svar." in page.words


def test_a_finding_becomes_a_measure_is_done_and_looked_after(as_, town):
    sample = made.drawn(town)
    answer = as_("erik").post(at("find", sample.pk), {"line": "purpose", "text": "Formålet er ofte kun ét ord."})
    finding = Finding.objects.get()
    assert answer.url == at("plan", finding.pk)
    as_("erik").post(answer.url, {"text": "Ny skabelon med eksempler.", "owner": str(town.dorthe.pk), "due_on": "2027-01-15"})
    measure = Measure.objects.get()
    assert "Ny skabelon" in Page(as_("dorthe").get(at("measures"))).words
    assert "Det er Dorthe Dam" in Page(as_("bente").post(at("done", measure.pk), {"text": "Gjort."})).words
    as_("dorthe").post(at("done", measure.pk), {"text": "Skabelonen er i brug."})
    as_("erik").post(at("check", measure.pk), {"helped": "yes", "text": "De ti seneste har formål."})
    page = Page(as_("henrik").get(at("sample", sample.pk)))
    assert "det hjalp" in page.words and "Set efter af Erik Eng: De ti seneste har formål." in page.words


def test_the_procedures_are_kept_in_versions_and_say_whether_cases_follow(as_, town):
    henrik = as_("henrik")
    assert Page(henrik.get(at("procedures"))).words.count("findes ikke") == 14
    words = {"owner": str(town.dorthe.pk), "where": "Intranettet: Mentor 2", "valid_from": "2026-12-01", "review_on": "2027-12-01"}
    henrik.post(at("procedure", "decision"), words)
    henrik.post(at("procedure", "decision"), words | {"where": "Intranettet: Mentor 3"})
    assert list(Procedure.objects.order_by("version").values_list("version", "where")) == [(1, "Intranettet: Mentor 2"), (2, "Intranettet: Mentor 3")]
    page = Page(henrik.get(at("procedures")))
    assert page.words.count("findes ikke") == 13 and "8 af 8 (100 %)" in page.words
    assert henrik.get(at("procedure", "findes-ikke")).status_code == 404
    henrik.post(at("procedure", "decision"), words | {"review_on": "2026-11-01"})
    assert Procedure.objects.count() == 2


def test_the_figure_of_a_procedure_leads_to_the_cases_behind_it(as_, town):
    case = queries.drawn_cases(made.drawn(town))[0].case
    CheckState.objects.create(
        municipality_id=901, case=case, check_id="CHK-25", level="stop", what=["Der er betalt en time uden kontakt."], citation="x", judged_on=TODAY, law_version="x", since=TODAY
    )
    henrik = as_("henrik")
    page = Page(henrik.get(at("procedures")))
    assert "0 af 1 (0 %)" in page.words and "Se den ene, der ikke gør" in page.words and at("unfollowed", "payment") in page.addresses()
    page = Page(henrik.get(at("unfollowed", "payment")))
    assert "Der er betalt en time uden kontakt." in page.words and reverse("desks:case", args=[case.pk]) in page.addresses()
    assert Lookup.objects.filter(page="inspections:unfollowed", citizen_ids__contains=[case.citizen_id]).exists()
    assert "følger den." in Page(henrik.get(at("unfollowed", "fraud"))).words and henrik.get(at("unfollowed", "ukendt")).status_code == 404
    assert as_("bente").get(at("unfollowed", "payment")).status_code == 403


def test_giving_up_keeps_the_number(as_, town):
    sample = made.frozen(town, seed_day=TODAY + timedelta(days=1))
    assert at("give_up", sample.pk) in Page(as_("erik").get(at("sample", sample.pk))).addresses()
    page = Page(as_("erik").post(at("give_up", sample.pk), {"reason": "Forkert periode."}, follow=True))
    assert "Forkert periode." in page.words and "Stikprøve 1" in page.words
    known = made.frozen(town)
    assert at("give_up", known.pk) not in Page(as_("erik").get(at("sample", known.pk))).addresses(), "who knows the number can work the draw out"


def test_a_closed_samples_answers_are_read_and_not_written(as_, town):
    sample = made.drawn(town, risk_size=3, above_hours=150)
    made.answer_all(town, sample)
    room = at("room", queries.drawn_cases(sample)[0].pk)
    erik = as_("erik")
    assert "in-still" not in erik.get(room).content.decode()
    page = Page(erik.get(at("sample", sample.pk)))
    assert "Alle sager over 150 timer" in page.words and page.words.count("Gruppe") >= 2, "which group each case was drawn in"
    assert erik.get(at("number", sample.pk)).url == at("sample", sample.pk), "an old link to the number leads to what was drawn"
    actions.report(sample, by=town.erik, conclusion="Slut.")
    answer = erik.get(room)
    assert "Svarene kan ikke ændres." in Page(answer).words and '<fieldset class="in-still" disabled>' in answer.content.decode()


def test_the_verifier_can_be_taken_home(as_):
    erik = as_("erik")
    page = Page(erik.get(at("verifier")))
    assert "verify_draw.py" in page.words
    for form in ("py", "html"):
        answer = erik.get(at("verifier_file", form))
        assert f'filename="verify_draw.{form}"' in answer["Content-Disposition"] and b"list_sha256" in answer.content
    assert erik.get(at("verifier_file", "exe")).status_code == 404


def test_no_page_asks_more_for_more_cases(as_, town):
    """Frozen, drawn, answered: the questions of a page are as many with eight cases as with two."""
    small, large = made.drawn(town, size=2), made.drawn(town, "1 2 3 4 5 6 7", size=8)
    made.answer_all(town, small)
    made.answer_all(town, large)
    erik, asked = as_("erik"), {}
    for name, sample in (("small", small), ("large", large)):
        paths = [at("sample", sample.pk), at("room", queries.drawn_cases(sample)[0].pk), at("list_file", sample.pk), at("report", sample.pk, "udvalget.pdf")]
        for path in paths:
            with counted() as questions:
                assert erik.get(path).status_code == 200
            asked.setdefault(name, []).append(len(questions))
    assert asked["small"] == asked["large"] and max(asked["large"]) <= 24, asked


def test_everybody_else_is_told_which_roles(as_, town):
    sample = made.frozen(town)
    assert as_("bente").get(at("sample", sample.pk)).status_code == 403
    assert as_("henrik").get(at("new")).status_code == 403
