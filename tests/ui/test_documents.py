"""The letter as a Word file: what a screen reader needs stands in it, and text is text."""

import io
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn

from snerydder.ui import letters
from snerydder.ui.documents import render_document
from tests.ui.test_letters import BASE, PROGRAMS, everywhere


def opened(data):
    return Document(io.BytesIO(render_document(data)))


def test_headings_lists_and_tables_are_real():
    file = opened({
        **BASE, "lang": "da", "reference": "Sag 1", "draft": "Udkast", "closing": {"name": "Bente Krogh", "lines": ["sagsbehandler"]},
        "body": ["Kære Amina", letters.heading("Begrundelse"), letters.bullets(["en", "to"]), letters.numbers(["først"]),
                 letters.facts([("Timer", "20")]), letters.table(["Måned", "Timer"], [["Marts", "5"], ["April", "7"]]), letters.box("Klage", "Inden 4 uger.")],
    })  # fmt: skip
    by_style = [(each.style.name, each.text) for each in file.paragraphs]
    for expected in (
        ("Heading 1", "Afgørelse om mentorstøtte"), ("Heading 2", "Begrundelse"), ("List Bullet", "to"), ("List Number", "først"),
        ("Normal", "Timer: 20"), ("Heading 2", "Klage"), ("Normal", "Inden 4 uger."), ("Normal", "Bente Krogh\nsagsbehandler"), ("Normal", "Udkast"),
    ):  # fmt: skip
        assert expected in by_style, expected
    (table,) = file.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["Måned", "Timer"], ["Marts", "5"], ["April", "7"]]
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True, False, False]
    assert (file.core_properties.title, file.core_properties.language) == ("Afgørelse om mentorstøtte", "da")


@pytest.mark.parametrize(("lang", "code"), [("da", "da-DK"), ("en", "en-GB")])
def test_the_file_says_which_language_it_is_in(lang, code):
    styles = zipfile.ZipFile(io.BytesIO(render_document({**BASE, "lang": lang, "body": ["Tekst"]}))).read("word/styles.xml").decode()
    assert f'w:lang w:val="{code}"' in styles and 'w:lang w:val="en-US"' not in styles


def test_each_numbered_list_begins_at_one():
    file = opened({**BASE, "body": [letters.numbers(["en", "to"]), letters.numbers(["en"])]})
    first, second, other = [each._p.pPr.numPr.numId.val for each in file.paragraphs if each.style.name == "List Number"]
    assert first == second != other


@pytest.mark.parametrize("text", PROGRAMS, ids=range(len(PROGRAMS)))
def test_text_is_text_in_every_place(text):
    file = opened(everywhere(text))
    shown = letters.printable(everywhere(text))["body"][0]["text"]
    assert file.tables[0].rows[1].cells[0].text == shown


def test_nothing_is_left_of_the_librarys_own_file():
    kept = zipfile.ZipFile(io.BytesIO(render_document({**BASE, "body": ["Tekst"]})))
    assert not [name for name in kept.namelist() if "thumbnail" in name]
    assert b"thumbnail" not in kept.read("_rels/.rels") and b'w:zoom w:val="bestFit" w:percent="100"' in kept.read("word/settings.xml")
    assert opened({**BASE, "body": ["Tekst"]}).core_properties.created.year > 2013


def test_the_foot_counts_the_pages_and_a_column_is_as_wide_as_its_words():
    file = opened({**BASE, "lang": "da", "body": [letters.table(["Spørgsmål om hver enkelt sag", "Nej"], [["Er formålet skrevet, så man kan se, hvornår det er nået?", "2"]])]})
    foot = file.sections[0].footer.paragraphs[0]._p
    assert [field.get(qn("w:instr")) for field in foot.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    assert "".join(text.text for text in foot.iter(qn("w:t"))).endswith("Side 1 af 1")
    wide, narrow = file.tables[0].columns
    assert wide.width > 3 * narrow.width and file.tables[0].autofit is False
