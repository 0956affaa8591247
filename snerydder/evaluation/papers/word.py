"""The report as a Word file one can go on writing in: real headings, tables whose heading row repeats, pictures with alternative text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from snerydder.evaluation.papers.parts import Paper, Part, Runs
from snerydder.evaluation.papers.pdf import BEHIND
from snerydder.ui import documents

WARN, SOFT = RGBColor(0x7A, 0x2F, 0x05), RGBColor(0x4F, 0x5A, 0x67)
WIDTH = Cm(15.5)
FILE = {"da": "Fil", "en": "File"}
SMALL = {"made": 8, "note": 9}


def render(paper: Paper, figures: Path, footer: str, sender: str, made: datetime | None = None) -> bytes:
    """figures: the folder with each figure as PNG. footer: what stands at the foot of each page. made: when, or now."""
    file = documents.blank({"lang": paper.language, "title": paper.title, "sender": {"name": sender}, "footer": footer, "made": made})
    header = file.sections[0].header.paragraphs[0]
    for place, line in enumerate(paper.ribbons):
        _warn(header if not place else file.sections[0].header.add_paragraph(), line)
    _text(file, {"style": "note", "runs": [(paper.kicker, False)]})
    file.add_heading(paper.title, 1)
    for boxed, parts in groupby(paper.parts, key=lambda part: bool(part.get("boxed"))):
        if boxed:
            _box(file, list(parts))
        else:
            for part in parts:
                _add(file, part, figures, paper.language)
    if paper.behind:
        _lie_down(file)
        file.add_heading(BEHIND[paper.language], 2)
        for part in paper.behind:
            _table(file, part)
    kept = io.BytesIO()
    file.save(kept)
    return kept.getvalue()


def _add(file: Any, part: Part, figures: Path, language: str) -> None:
    kind = part["kind"]
    if kind == "heading":
        file.add_heading(part["text"], min(part["level"], 3))
    elif kind == "text":
        _text(file, part)
    elif kind == "list" and part["cards"]:
        _cards(file, part["items"])
    elif kind == "list":
        for item in part["items"]:
            _runs(file.add_paragraph(style="List Bullet"), item)
    elif kind == "facts":
        documents.add_table(file, {"head": [FILE[language], "SHA-256"], "rows": part["rows"]})
    elif kind == "table":
        _table(file, part)
    elif kind == "figure":
        _figure(file, part, figures)


def _box(file: Any, parts: Sequence[Part]) -> None:
    """What stands beside the text on the page, in a frame of its own: what comes after it belongs to the heading before it."""
    table = file.add_table(rows=1, cols=1)
    table.style = "Table Grid"
    cell = table.cell(0, 0)
    _shade(cell)
    for number, part in enumerate(parts):
        if part["kind"] == "list":
            for item in part["items"]:
                _runs(cell.add_paragraph(style="List Bullet"), item)
            continue
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        _runs(paragraph, [(part["text"], True)] if part["kind"] == "heading" else part["runs"])
        paragraph.paragraph_format.keep_with_next = part["kind"] == "heading"
    file.add_paragraph()


def _cards(file: Any, items: Sequence[Runs]) -> None:
    """The three numbers beside each other: the number large, and under it what it is."""
    table = file.add_table(rows=1, cols=len(items))
    table.autofit = False
    for cell, item in zip(table.rows[0].cells, items, strict=True):
        cell.width = WIDTH // len(items)
        _shade(cell)
        number, words = [run for run in item if run[1]], [run for run in item if not run[1]]
        for run in _runs(cell.paragraphs[0], number):
            run.font.size = Pt(15)
        _runs(cell.add_paragraph(), [(text.strip(), False) for text, _bold in words], 9)
    file.add_paragraph()


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "F1F5F9")):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _lie_down(file: Any) -> None:
    """The long tables have ten columns: their pages lie down, or the letters are too small to read."""
    section = file.add_section(WD_SECTION.NEW_PAGE)
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, section.page_height, section.page_width


def _warn(paragraph: Any, line: str) -> None:
    run = paragraph.add_run(line)
    run.bold, run.font.size, run.font.color.rgb = True, Pt(8.5), WARN


def _runs(paragraph: Any, runs: Runs, size: float = 0) -> list[Any]:
    for text, bold in runs:
        run = paragraph.add_run(text)
        run.bold = bold or None
        if size:
            run.font.size, run.font.color.rgb = Pt(size), SOFT
    return list(paragraph.runs)


def _text(file: Any, part: Part) -> None:
    paragraph = file.add_paragraph()
    _runs(paragraph, part["runs"], SMALL.get(part["style"], 0))
    if part["style"] == "lead":
        for run in paragraph.runs:
            run.font.size = Pt(14)


def _table(file: Any, part: Part) -> None:
    caption = file.add_paragraph()
    caption.add_run(part["caption"]).bold = True
    caption.paragraph_format.keep_with_next, caption.paragraph_format.space_after = True, Pt(3)
    table = documents.add_table(file, part)
    size = Pt(8) if len(part["head"]) > 7 else Pt(9)
    for row in table.rows:
        for cell, numeric in zip(row.cells, part["numeric"], strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            if numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            for run in paragraph.runs:
                run.font.size = size


def _figure(file: Any, part: Part, figures: Path) -> None:
    picture = file.add_picture(str(figures / f"{part['name']}.png"), width=WIDTH)
    picture._inline.docPr.set("descr", part["alt"])
    file.paragraphs[-1].paragraph_format.keep_with_next = True
    caption = file.add_paragraph()
    _runs(caption, part["caption"], 9)
    caption.paragraph_format.keep_with_next = bool(part["made"])
    if part["made"]:
        _text(file, {"style": "made", "runs": part["made"]})
