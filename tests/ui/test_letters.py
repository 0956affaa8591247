"""Letters: accessible, and nothing a person wrote is read as a program."""

import json

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from snerydder.ui import letters
from tests.ui.samples import NASTY

BASE = {
    "title": "Afgørelse om mentorstøtte",
    "date": "3. marts 2026",
    "sender": {"name": "Fjordby Kommune", "lines": ["Rådhusvej 1"]},
    "recipient": {"name": "Amina Y.", "lines": ["Havnegade 2", "9990 Fjordby"]},
}
PROGRAMS = [
    "#panic()", '#read("/etc/passwd")', "$ x $", "*fed* _kursiv_", "= Overskrift", "@ref", "<label>", "\\u{41}", "`raw`", '#import "x.typ"',
    "https://ond.example/", "- punkt", "/ ord: forklaring", "// bemærkning", "\\ \\", "~--- ...", "#strong[x]", "#link(\"x\")[y]",
    "\x00\x07\x1b[31m", "æøå Åse O'Hara-Møller", "👩‍🦰 👍🏽 🇩🇰", "中文 العربية עברית", "\u202egnp.exe", "\r\n\t", "\ud800", "a" * 3000, "", NASTY,
]  # fmt: skip
MARKED_UP = ("strong", "emph", "raw", "math.equation", "link", "ref", "terms")


def letter(*body, **more):
    return letters.render_letter({**BASE, "body": list(body), **more})


def test_it_is_a_tagged_accessible_pdf():
    pdf = letter("Kære Amina", letters.heading("Begrundelse"), letters.bullets(["en", "to"]), letters.numbers(["en"]),
                 letters.facts([("Timer", "20")]), letters.table(["Måned", "Timer"], [["Marts", "5"]]), letters.box("Klage", "Inden 4 uger."),
                 closing={"name": "Bente Krogh", "lines": ["sagsbehandler"]}, draft="Udkast", reference="Sag 1")  # fmt: skip
    assert pdf.startswith(b"%PDF-")
    assert b"/MarkInfo" in pdf or b"/ObjStm" in pdf
    assert b"pdfuaid:part" in pdf
    assert b"<rdf:li>da</rdf:li>" in pdf


def everywhere(text):
    body = [text, letters.heading(text), letters.bullets([text]), letters.numbers([text]), letters.facts([(text, text)])]
    body += [letters.table([text], [[text]]), letters.box(text, text)]
    return {**BASE, "title": text, "reference": text, "draft": text, "body": body, "closing": {"name": text, "lines": [text]}}


@pytest.mark.parametrize("text", PROGRAMS, ids=range(len(PROGRAMS)))
def test_text_is_text_in_every_place(text):
    assert letters.render_letter(everywhere(text)).startswith(b"%PDF-")
    printable = json.dumps(letters.printable(everywhere(text)))
    for element in MARKED_UP:
        found = typst.query(letters.TEMPLATE, element, root=letters.TEMPLATE.parent, sys_inputs={"letter": printable})
        assert json.loads(found) == [], element


def test_the_query_above_would_see_markup(tmp_path):
    file = tmp_path / "a.typ"
    file.write_text("*fed* _kursiv_ `raw` $x$ https://x.example", "utf-8")
    assert all(json.loads(typst.query(file, element)) for element in MARKED_UP[:5])


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200))
def test_no_text_stops_a_letter(text):
    assert letter(text).startswith(b"%PDF-")


def test_what_no_font_has_is_seen_to_be_missing():
    printable = letters.printable({**BASE, "body": ["Ja 👍👍 tak"]})
    assert letters._without(printable, "👍")["body"][0]["text"] == "Ja ▯ tak"


def test_a_part_it_does_not_read_is_a_mistake():
    with pytest.raises(TypeError, match="subject"):
        letter("x", subject="y")
    with pytest.raises(ValueError, match="row"):
        letter(letters.table(["a", "b"], [["1"]]))


def test_the_same_letter_is_the_same_bytes():
    assert letter("Kære Amina") == letter("Kære Amina")
