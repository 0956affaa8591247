"""The report as a Word file one can go on writing in: real headings, tables whose heading row repeats, pictures with alternative text."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt, RGBColor

from snerydder.evaluation.papers.parts import Paper, Part, Runs
from snerydder.evaluation.papers.pdf import BEHIND
from snerydder.ui import documents

WARN, SOFT = RGBColor(0x7A, 0x2F, 0x05), RGBColor(0x4F, 0x5A, 0x67)
WIDTH = Cm(15.5)
SMALL = {"made": 7.5, "note": 8.5}


def render(paper: Paper, figures: Path, footer: str, sender: str) -> bytes:
    """figures: the folder with each figure as PNG. footer: what stands at the foot of each page."""
    file = documents.blank({"lang": paper.language, "title": paper.title, "sender": {"name": sender}, "footer": footer})
    header = file.sections[0].header.paragraphs[0]
    for place, line in enumerate(paper.ribbons):
        _warn(header if not place else file.sections[0].header.add_paragraph(), line)
    _text(file, {"style": "note", "runs": [(paper.kicker, False)]})
    file.add_heading(paper.title, 1)
    for part in paper.parts:
        _add(file, part, figures)
    if paper.behind:
        file.add_page_break()
        file.add_heading(BEHIND[paper.language], 2)
        for part in paper.behind:
            _table(file, part)
    made = io.BytesIO()
    file.save(made)
    return made.getvalue()


def _add(file: Any, part: Part, figures: Path) -> None:
    kind = part["kind"]
    if kind == "heading":
        file.add_heading(part["text"], min(part["level"], 3))
    elif kind == "text":
        _text(file, part)
    elif kind == "list":
        for item in part["items"]:
            _runs(file.add_paragraph(style="List Bullet"), item)
    elif kind == "facts":
        documents.add_table(file, {"head": ["", "SHA-256"], "rows": part["rows"]})
    elif kind == "table":
        _table(file, part)
    elif kind == "figure":
        _figure(file, part, figures)


def _warn(paragraph: Any, line: str) -> None:
    run = paragraph.add_run(line)
    run.bold, run.font.size, run.font.color.rgb = True, Pt(8.5), WARN


def _runs(paragraph: Any, runs: Runs, size: float = 0) -> None:
    for text, bold in runs:
        run = paragraph.add_run(text)
        run.bold = bold
        if size:
            run.font.size, run.font.color.rgb = Pt(size), SOFT


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
    size = Pt(6.5) if len(part["head"]) > 7 else Pt(8.5)
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
