"""The engine's report inside the product's frame: the same sections, and under each figure what it is made of and how to take it along.

The report is written by the engine alone, with every word escaped and every count through its disclosure gate; nothing is added to its numbers.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from snerydder.evaluation.models import Run
from snerydder.evaluation.worker import PROTOCOL

REM, ROOT = re.compile(r"([\d.]+)rem"), 1.6  # the design system's rem is 10 px; a media query's is the browser's own
PAGE = re.compile(r"(:root|\bhtml|\bbody) \{")
LABELLED = re.compile(r'aria-labelledby="[^"]+"')  # a figure's own, and so the sign it is known by in the page
MAIN = '<main id="top">'
FIGURES = "figures"
FORMS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
TABLES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet", "json": "application/json"}
# figure's kind: its table, and how it is counted
KINDS = {
    "effect": ("weekly", "Δ(t) = Σₛ (nₛ/n) · (ȳ₁ₛₜ − ȳ₀ₛₜ);  Var = Σₛ (nₛ/n)² · (s²₁ₛₜ/n₁ₛ + s²₀ₛₜ/n₀ₛ)", "Neyman (1923); Imbens & Rubin (2015), kap. 9"),
    "forest": ("subgroups", "Δ(t) i hver undergruppe; p efter Holm", "Holm (1979)"),
    "parts": ("parts", "Δ(t) i hver undergruppe, uge for uge", "Imbens & Rubin (2015), kap. 9"),
    "places": ("", "Δ(t) i hvert stratum, uge for uge", "Imbens & Rubin (2015), kap. 9"),
    "late": ("weekly", "β(t) = z̃′y(t) / z̃′d, hvor z̃ er loddet minus dets andel i stratum, og d er at få en mentor", "Imbens & Angrist (1994)"),
    "share": ("delivery", "andel(t) = personer med kontakt i uge t / alle trukne", ""),
    "minutes": ("delivery", "minutter(t) = alle minutter i uge t / alle trukne", ""),
    "reached": ("reached", "Aalen-Johansen", "Aalen & Johansen (1978)"),
    "benefit": ("benefit", "Kaplan-Meier", "Kaplan & Meier (1958)"),
    "length": ("courses", "Kaplan-Meier", "Kaplan & Meier (1958)"),
    "follows": ("follows", "Aalen-Johansen", "Aalen & Johansen (1978)"),
    "power": ("power", "styrke = P(afvis | effekten er den ventede)", "Bloom (1995)"),
    "tornado": ("money", "nutidsværdi med én pris ad gangen ved lav og høj", ""),
}


def figures(folder: Path) -> list[str]:
    return sorted(file.stem for file in (folder / FIGURES).glob("*.svg"))


def report(run: Run, folder: Path) -> str:
    """The report's sections with links under each figure."""
    whole = (folder / "report.html").read_text(encoding="utf-8")
    body = whole.partition(MAIN)[2].rpartition("</main>")[0]
    for name in figures(folder):
        labelled = LABELLED.search((folder / FIGURES / f"{name}.svg").read_text(encoding="utf-8"))
        place = body.find(labelled[0]) if labelled else -1
        if place < 0:
            continue
        end = body.index("</figcaption>", place) + len("</figcaption>")
        body = body[:end] + under(run, name, folder) + body[end:]
    return mark_safe(body)  # noqa: S308  the engine's own page


def watched(found: dict[str, Any], language: str) -> str:
    """What the engine wrote of a trial that runs."""
    return mark_safe(found["html"]["en" if language == "en" else "da"])  # noqa: S308  the engine's own page, made of what the gate let through


def contents(folder: Path) -> str:
    whole = (folder / "report.html").read_text(encoding="utf-8")
    return mark_safe(whole.partition("<nav")[2].partition(">")[2].partition("</nav>")[0])  # noqa: S308


def under(run: Run, name: str, folder: Path) -> str:
    """Formula, what it is made of, and the files."""
    table, formula, paper = KINDS.get(name.partition("-")[0], ("", "", ""))
    wanted = [(form.upper(), f"{name}.{form}") for form in FORMS]
    if table and (folder / f"{table}.csv").is_file():
        wanted += [("CSV", f"{table}.csv")]
    links = format_html_join(" · ", '<a href="{}" download>{}<span class="sr-only"> {}</span></a>', ((reverse("evaluation:file", args=[run.pk, file]), words, name) for words, file in wanted))
    hashes = format_html("{} <code>{}</code> · {} <code>{}</code>", _("Protokol"), run.protocol_hash[:12], _("register"), register_hash(run)[:12])
    how = format_html("{}: <span class=\"sn-formula\">{}</span>{}", _("Regnet som"), formula, f" ({paper})" if paper else "") if formula else ""
    return format_html('<div class="sn-under">{}<p>{}</p><p>{}: {}</p></div>', format_html("<p>{}</p>", how) if how else "", hashes, _("Hent"), links)


def register_hash(run: Run) -> str:
    """Of the largest file: the register."""
    return str(max(run.delivery.files, key=lambda one: one["bytes"])["sha256"])


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
        return _pdf(folder / FIGURES / f"{stem}.svg"), FORMS["pdf"]
    allowed = {each.name: each for each in (folder / FIGURES).iterdir()} | {each.name: each for each in folder.iterdir() if each.suffix[1:] in TABLES}
    if name == PROTOCOL:
        return (folder.parents[1] / PROTOCOL).read_bytes(), "text/plain; charset=utf-8"
    if name not in allowed:
        return None
    return allowed[name].read_bytes(), (FORMS | TABLES)[form]


def _pdf(picture: Path) -> bytes:
    """The drawing as it is, lines and letters, on a page of its own size."""
    import typst

    from snerydder.study.report.png import FONTS

    page = '#set page(width: auto, height: auto, margin: 4mm)\n#image("picture.svg", width: 170mm)'
    compiled: Any = typst.compile  # its types do not know of several files
    made: bytes = compiled({"main": page.encode(), "picture.svg": picture.read_bytes()}, font_paths=[str(FONTS)], ignore_system_fonts=True, format="pdf")
    return made
