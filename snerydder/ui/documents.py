"""The same letter as `letters` prints, as a Word file one can go on writing in.

Real headings, lists and tables with a heading row that repeats; the language and the title stand in the file, so that a screen reader
and a spell checker know them. What a letter says is set as text.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
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
    _foot(section.footer.paragraphs[0], letter)
    _leave_nothing_of_the_template(file)
    properties = file.core_properties
    properties.title, properties.author, properties.language = letter["title"][:LONGEST], letter["sender"]["name"][:LONGEST], letter["lang"]
    made = letter.get("made") or datetime.now(UTC)
    properties.comments, properties.created, properties.modified = "", made, made
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


def _foot(line: Any, letter: dict[str, Any]) -> None:
    """Who it is from, and which page of how many: Word counts them."""
    line.add_run(letter["footer"])
    if "page-words" not in letter:
        return
    page, of = letter["page-words"]
    line.paragraph_format.tab_stops.add_tab_stop(Cm(16), WD_TAB_ALIGNMENT.RIGHT)
    line.add_run(f"\t{page} ")
    for name, after in (("PAGE", f" {of} "), ("NUMPAGES", "")):
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), name)
        line._p.append(field)
        number, text = OxmlElement("w:r"), OxmlElement("w:t")
        text.text = "1"  # until Word has counted
        number.append(text)
        field.append(number)
        line.add_run(after)


def _leave_nothing_of_the_template(file: Any) -> None:
    """The library begins from a file of its own, with a picture of it; and a zoom without the percentage the format asks for."""
    relations = file.part.package.rels
    for key in [key for key, each in relations.items() if each.reltype.endswith("/thumbnail")]:
        relations.pop(key)
    zoom = file.settings.element.find(qn("w:zoom"))
    if zoom is not None:
        zoom.set(qn("w:percent"), "100")


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
    _wide_as_asked(table, item)
    file.add_paragraph()
    return table


def _wide_as_asked(table: Any, item: dict[str, Any]) -> None:
    """A column is as wide as its longest line asks for, within reason; as in the printed letter."""
    longest = [max(len(line) for row in (item["head"], *item["rows"]) for line in row[at].split("\n")) for at in range(len(item["head"]))]
    shares = [min(max(length, 8), 40) + 3 for length in longest]
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Cm(16 * share / sum(shares))
        for cell in column.cells:
            cell.width = column.width


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
