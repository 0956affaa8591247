"""The same letter as `letters` prints, as a Word file one can go on writing in.

Real headings, lists and tables with a heading row that repeats; the language and the title stand in the file, so that a screen reader
and a spell checker know them. What a letter says is set as text.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from snerydder.ui.letters import printable

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
INK, SOFT, PETROL = RGBColor(0x1D, 0x1C, 0x19), RGBColor(0x5B, 0x55, 0x46), RGBColor(0x16, 0x45, 0x3F)
LONGEST = 255  # what the file format lets a title be
LANGUAGES = {"da": "da-DK", "en": "en-GB"}


def render_document(data: dict[str, Any]) -> bytes:
    """The letter as the bytes of a Word file."""
    letter = printable(data)
    file = blank(letter)
    _head(file, letter)
    for item in letter["body"]:
        _PARTS[item["kind"]](file, item)
    if closing := letter["closing"]:
        file.add_paragraph(closing["greeting"])
        file.add_paragraph("\n".join([closing["name"], *closing["lines"]]))
    made = io.BytesIO()
    file.save(made)
    return made.getvalue()


def blank(letter: dict[str, Any]) -> Any:
    """An A4 page in the product's letters. Needs lang, title, sender and footer."""
    file = Document()
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.footer.paragraphs[0].text = letter["footer"]
    properties = file.core_properties
    properties.title, properties.author, properties.language = letter["title"][:LONGEST], letter["sender"]["name"][:LONGEST], letter["lang"]
    properties.comments = ""
    made = letter.get("made") or datetime.now(UTC)
    properties.created = properties.modified = made.astimezone(UTC).replace(tzinfo=None)  # or the file is said to be of 2013, as its template
    properties.last_modified_by = properties.author
    for key in [key for key, part in file.part.package.rels.items() if part.reltype.endswith("/thumbnail")]:  # a picture of an empty page
        del file.part.package.rels[key]
    for name, size, colour in (("Normal", 10.5, INK), ("Heading 1", 17, PETROL), ("Heading 2", 12, INK), ("Heading 3", 10.5, INK)):
        style = file.styles[name]
        style.font.size, style.font.color.rgb = Pt(size), colour
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for old in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[old]
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), "Calibri")
    _speak(file, LANGUAGES.get(letter["lang"], letter["lang"]))
    return file


def _speak(file: Any, language: str) -> None:
    """The language of all text, or it is read aloud as English."""
    defaults = file.styles.element.find(qn("w:docDefaults"))
    for mark in [*defaults.iter(qn("w:lang")), *file.styles["Normal"].element.iter(qn("w:lang"))]:
        mark.set(qn("w:val"), language)


def _head(file: Any, letter: dict[str, Any]) -> None:
    sender, recipient = letter["sender"], letter["recipient"]
    place = file.add_paragraph("\n".join([sender["name"], *sender["lines"]]))
    place.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    file.add_paragraph("\n".join([recipient["name"], *recipient["lines"]]))
    day = file.add_paragraph("\n".join(each for each in (letter["date"], letter["reference"]) if each))
    day.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if letter["draft"]:
        file.add_paragraph().add_run(letter["draft"]).bold = True
    file.add_heading(letter["title"].strip() or letter["untitled"], 1)


def _heading(file: Any, item: dict[str, Any]) -> None:
    if item["text"].strip():
        file.add_heading(item["text"], 2)


def _box(file: Any, item: dict[str, Any]) -> None:
    _heading(file, {"text": item["heading"]})
    for text in item["text"]:
        file.add_paragraph(text)


def add_table(file: Any, item: dict[str, Any]) -> Any:
    table = file.add_table(rows=1, cols=len(item["head"]))
    table.style = "Table Grid"
    repeats = OxmlElement("w:tblHeader")
    repeats.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeats)
    _fill(table.rows[0], item["head"], bold=True)
    for row in item["rows"]:
        _fill(table.add_row(), row)
    file.add_paragraph()
    return table


def _fill(row: Any, texts: list[str], bold: bool = False) -> None:
    kept = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(kept)
    for cell, text in zip(row.cells, texts, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(2)
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, Pt(9.5)


def _facts(file: Any, item: dict[str, Any]) -> None:
    for label, value in item["rows"]:
        line = file.add_paragraph()
        line.add_run(f"{label}: ").font.color.rgb = SOFT
        line.add_run(value)


def _bullets(file: Any, item: dict[str, Any]) -> None:
    for text in item["items"]:
        file.add_paragraph(text, "List Bullet")


def _numbers(file: Any, item: dict[str, Any]) -> None:
    """Each list begins at one again."""
    style = file.styles["List Number"]
    known = file.part.numbering_part.element
    list_of = known.num_having_numId(style.element.pPr.numPr.numId.val)
    own = known.add_num(list_of.abstractNumId.val)
    own.add_lvlOverride(ilvl=0).add_startOverride(1)
    for text in item["items"]:
        file.add_paragraph(text, style)._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = own.numId


_PARTS = {
    "text": lambda file, item: file.add_paragraph(item["text"]), "heading": _heading, "box": _box, "table": add_table, "facts": _facts,
    "list": _bullets, "numbers": _numbers,
}  # fmt: skip
