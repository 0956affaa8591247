"""The engine's report inside the product's frame: the same sections, and under each figure how to take it along.

The report is written by the engine alone, with every word escaped and every count through its disclosure gate; nothing is added to its numbers.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from snerydder import study
from snerydder.evaluation.models import Run
from snerydder.evaluation.papers import parts, pdf
from snerydder.evaluation.worker import PROTOCOL
from snerydder.study.report import made

REM, ROOT = re.compile(r"([\d.]+)rem"), 1.6  # the design system's rem is 10 px; a media query's is the browser's own
PAGE = re.compile(r"(:root|\bhtml|\bbody) \{")
FIGURE = re.compile(r'<figure data-figure="([^"]+)">')
MADE_ENDS = "</code>.</p>"  # the line that says what the figure was made of ends so
MAIN = '<main id="top">'
FIGURES = "figures"
INVENTED = Path(study.__file__).with_name("demo.toml")
FORMS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
TABLES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet", "json": "application/json"}


def figures(folder: Path) -> list[str]:
    return sorted(file.stem for file in (folder / FIGURES).glob("*.svg"))


def report(run: Run, folder: Path) -> str:
    """The report's sections, with its files under each figure."""
    whole = (folder / "report.html").read_text(encoding="utf-8")
    body = whole.partition(MAIN)[2].rpartition("</main>")[0]
    pieces = FIGURE.split(body)  # what came before, the figure's name, its markup, what comes after, ...
    for at in range(1, len(pieces), 2):
        head, close, rest = pieces[at + 1].partition(MADE_ENDS)
        pieces[at + 1] = f'<figure data-figure="{pieces[at]}">{head}{close}{under(run, pieces[at], folder)}{rest}'
        pieces[at] = ""
    opening, heading, rest = "".join(pieces).partition("<h2>")  # the finding first, then the way around
    contents = format_html('<details class="sn-contents"><summary>{}</summary><nav aria-label="{}">{}</nav></details>', _("Indhold"), _("Indhold i rapporten"), _contents(whole))
    return mark_safe(opening + contents + heading + rest)  # noqa: S308  the engine's own page


def watched(found: dict[str, Any], language: str) -> str:
    """What the engine wrote of a trial that runs."""
    return mark_safe(found["html"]["en" if language == "en" else "da"])  # noqa: S308  the engine's own page, made of what the gate let through


def _contents(page: str) -> str:
    return mark_safe(page.partition("<nav")[2].partition(">")[2].partition("</nav>")[0])  # noqa: S308


def under(run: Run, name: str, folder: Path) -> str:
    """The figure's files: the drawing in three forms, and the table it is drawn from."""
    wanted = [(form.upper(), f"{name}.{form}") for form in FORMS]
    table = f"{made.table(name)}.csv"
    if (folder / table).is_file():
        wanted.append(("CSV", table))
    links = format_html_join(" · ", '<a href="{}" download>{}<span class="sr-only"> {}</span></a>', ((reverse("evaluation:file", args=[run.pk, file]), words, name) for words, file in wanted))
    return format_html('<p class="sn-under">{}: {}</p>', _("Hent"), links)


def tables(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if each.suffix[1:] in TABLES)


def style() -> str:
    """The report's style sheet, which speaks of `body` and `table`, inside a scope of its own."""
    from snerydder.study.report.page import STYLE

    lines = STYLE.read_text(encoding="utf-8").splitlines()
    lines = [PAGE.sub(":scope {", line) for line in lines if not line.startswith("@page")]
    rules = "\n".join(line if line.startswith("@") else REM.sub(lambda found: f"{float(found[1]) * ROOT:g}rem", line) for line in lines)
    return f"@scope (.sn-report) {{\n{rules}\n}}\n"


def file(folder: Path, name: str) -> tuple[bytes, str] | None:
    """A figure or a table by its name alone, or None."""
    stem, _dot, form = name.rpartition(".")
    if form == "pdf" and stem in figures(folder):
        return _pdf(folder, stem), FORMS["pdf"]
    allowed = {each.name: each for each in (folder / FIGURES).iterdir()} | {each.name: each for each in folder.iterdir() if each.suffix[1:] in TABLES}
    if name == PROTOCOL:
        return (folder.parents[1] / PROTOCOL).read_bytes(), "text/plain; charset=utf-8"
    if name not in allowed:
        return None
    return allowed[name].read_bytes(), (FORMS | TABLES)[form]


def _pdf(folder: Path, name: str) -> bytes:
    """The drawing as it is, lines and letters, with its words and what it was made of, on a page of its own size."""
    paper = parts.read((folder / "report.html").read_text(encoding="utf-8"))
    one = next(part for part in paper.parts if part["kind"] == "figure" and part["name"] == name)
    return pdf.figure(paper, one, folder / FIGURES)


def whole(run: Run, folder: Path, form: str) -> bytes | None:
    """The report as PDF or as a Word file, from the very page; or what SØM asks for, None without prices."""
    if form == "xlsx":
        from snerydder.evaluation.papers import som

        return som.render(folder, run.study.title, [(_("Protokol"), run.protocol_hash), (_("Register"), register_hash(run, folder))])
    paper = parts.read((folder / "report.html").read_text(encoding="utf-8"))
    footer = _("%(title)s · kørsel %(number)s · protokol %(protocol)s · register %(register)s") % {
        "title": run.study.title, "number": run.number, "protocol": run.protocol_hash[:12], "register": register_hash(run, folder)[:12],
    }  # fmt: skip
    if form == "docx":
        from snerydder.evaluation.papers import word

        return word.render(paper, folder / FIGURES, footer, run.municipality.name, run.made_at)
    return pdf.render(paper, folder / FIGURES, footer, run.municipality.name)


def is_invented_trial(run: Run) -> bool:
    """Is it the protocol that comes with the product, word for word?"""
    return run.protocol_hash == hashlib.sha256(INVENTED.read_bytes()).hexdigest()


def register_hash(run: Run, folder: Path) -> str:
    """Of the register file, as the report itself says."""
    files = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))["files"]
    register = tomllib.loads((folder.parents[1] / PROTOCOL).read_text(encoding="utf-8"))["register"]["file"]
    return str(files[register])
