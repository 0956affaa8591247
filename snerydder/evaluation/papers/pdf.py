"""The report as accessible PDF (PDF/UA-1), by typst: tagged, with the figures as drawings and their words as alternative text."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any

from snerydder.evaluation.papers.parts import Paper, Part

TEMPLATE, ONE = (Path(__file__).with_name(name) for name in ("report.typ", "figure.typ"))
BEHIND = {"da": "Tallene bag figurerne", "en": "The numbers behind the figures"}


def render(paper: Paper, figures: Path, footer: str, sender: str) -> bytes:
    """figures: the folder with each figure as SVG. footer: what stands at the foot of each page."""
    drawn = {f"{part['name']}.svg": (figures / f"{part['name']}.svg").read_bytes() for part in paper.parts if part["kind"] == "figure"}
    data = {
        "lang": paper.language, "title": paper.title, "kicker": paper.kicker, "ribbons": paper.ribbons, "footer": footer, "sender": sender,
        "groups": groups(paper.parts), "behind": paper.behind, "behind-title": BEHIND[paper.language],
    }  # fmt: skip
    return _compiled(TEMPLATE.read_bytes(), data, drawn)


def figure(paper: Paper, one: Part, figures: Path) -> bytes:
    """One figure with its words, what it was made of and what must be read with it."""
    data = {"lang": paper.language, "title": paper.title, "ribbons": paper.ribbons, "figure": one}
    return _compiled(ONE.read_bytes(), data, {f"{one['name']}.svg": (figures / f"{one['name']}.svg").read_bytes()})


def _compiled(program: bytes, data: dict[str, Any], drawn: dict[str, bytes]) -> bytes:
    import typst

    from snerydder.study.report.png import FONTS

    compiled: Any = typst.compile  # its types do not know of several files
    files = {"main": program, "paper.json": json.dumps(data, ensure_ascii=False).encode(), **drawn}
    made: bytes = compiled(files, font_paths=[str(FONTS)], ignore_system_fonts=True, format="pdf", pdf_standards="ua-1")
    return made


def groups(parts: list[Part]) -> list[dict[str, Any]]:
    """What stands in one box together."""
    return [{"boxed": boxed, "parts": list(held)} for boxed, held in groupby(parts, key=lambda part: bool(part.get("boxed")))]
