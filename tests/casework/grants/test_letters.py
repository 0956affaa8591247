"""A letter is data kept with the decision; the PDF is made from them, the same for ever, in Danish."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from snerydder.casework.grants.letters import hours_text, pdf, rule_used
from snerydder.casework.grants.models import Letter
from tests import build
from tests.build import DAY


def test_the_pdf_is_the_same_bytes_whatever_the_language(cast):
    content = build.granted(cast).letters.get().content
    first = pdf(content)
    with translation.override("en"):
        assert pdf(content) == first
    assert first.startswith(b"%PDF-") and b"/StructTreeRoot" in first and b"/Lang" in first


def test_what_the_citizen_is_told(cast):
    content = build.granted(cast, minutes=90).letters.get().content
    facts = dict(content["facts"])
    assert facts["Timer"] == "1 time og 30 minutter om ugen"
    assert facts["Periode"] == "10. august 2026 til og med 30. januar 2027"
    headings = [section["heading"] for section in content["sections"]]
    assert headings == ["Hvorfor får du en mentor?", "Hvorfor netop så mange timer?", "Hvilke regler bygger afgørelsen på?", "Hvis du vil klage"]
    guidance = " ".join(content["sections"][3]["paragraphs"])
    assert "senest 4 uger" in guidance and "Ankestyrelsen" in guidance and "kommunen" in guidance


def test_the_words_are_those_of_the_day(cast):
    early = build.granted(cast, on=date(2025, 3, 3)).letters.get().content
    assert early["intro"].startswith("Jobcenteret har besluttet")
    late = build.granted(cast, build.citizen(cast, 1), on=DAY).letters.get().content
    assert late["intro"].startswith("Kommunen har besluttet")


def test_a_letter_is_danish_on_an_english_screen(cast):
    with translation.override("en"):
        content = build.granted(cast).letters.get().content
    assert dict(content["facts"])["Støtten skal hjælpe dig til"] == "ordinær uddannelse"


def test_a_protected_address_is_not_printed(cast):
    person = build.citizen(cast, 1, protected=True, address="Hemmeligvej 1")
    build.granted(cast, person)
    assert "Hemmeligvej" not in str(Letter.objects.get().content)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "#import \"x\"", "O’Neill 🐻 æøå ÆØÅ", "x" * 9000, "a\n\nb"])
def test_no_text_breaks_it(cast, text):
    content = build.granted(cast, purpose=text, hours_reason=text).letters.get().content
    assert pdf(content).startswith(b"%PDF-")


@pytest.mark.parametrize(("minutes", "text"), [(60, "1 time"), (120, "2 timer"), (30, "30 minutter"), (90, "1 time og 30 minutter")])
def test_hours_are_written_out(minutes, text):
    assert hours_text(minutes) == text


@pytest.mark.parametrize(
    ("hjemmel", "text"),
    [("lab-167-2", "§ 167, stk. 2, i lov om en aktiv beskæftigelsesindsats"), ("il-23d", "§ 23 d, i integrationsloven")],
)
def test_the_rule_is_named_by_its_law(hjemmel, text):
    assert text in rule_used(hjemmel)


def test_the_grant_is_kept_as_it_was_when_the_case_changes(cast):
    grant = build.granted(cast)
    before = pdf(grant.letters.get().content)
    cast.amina.first_name, cast.bente.name = "Amira", "Bente Bak-Holm"
    cast.amina.save(), cast.bente.save()
    grant.end += timedelta(days=3)
    grant.save()
    assert pdf(Letter.objects.get().content) == before
