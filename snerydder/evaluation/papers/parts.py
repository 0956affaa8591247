"""The engine's page as parts one after the other: headings, paragraphs, lists, tables and figures. Nothing is reworded and nothing left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

Part = dict[str, Any]
Runs = list[tuple[str, bool]]  # text, and whether it is bold
LONG = 12  # signs: a cell of more, without a figure in it, is words
SPACE = re.compile(r"[ \n\t]+")
BOLD = {"b", "strong"}
SKIPPED = {"nav", "style", "title"}
STYLES = ("lead", "made", "note", "refusal", "ribbon", "kicker")


@dataclass
class Paper:
    language: str
    title: str
    kicker: str
    ribbons: list[str]  # what must be read with every page of it
    parts: list[Part]
    behind: list[Part] = field(default_factory=list)  # the folded tables: the numbers behind the figures


def read(page: str) -> Paper:
    reader = _Reader()
    reader.feed(page)
    found = reader.parts
    ribbons = [plain(part["runs"]) for part in found if part.get("style") == "ribbon"]
    kicker = next((plain(part["runs"]) for part in found if part.get("style") == "kicker"), "")
    title = next(part["text"] for part in found if part["kind"] == "heading" and part["level"] == 1)
    body = [part for part in found if part.get("style") not in ("ribbon", "kicker") and not (part["kind"] == "heading" and part["level"] == 1)]
    shown = [part for part in body if not part.get("folded")]
    return Paper(reader.language, title, kicker, ribbons, shown, [part for part in body if part.get("folded")])


def plain(runs: Runs) -> str:
    return "".join(text for text, _bold in runs).strip()


class _Reader(HTMLParser):
    """Walks the page. What is open stands in `within`; words go to the innermost run of text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.language, self.parts = "da", list[Part]()
        self.within: list[str] = []
        self.runs: Runs | None = None
        self.table: Part | None = None
        self.figure: Part | None = None
        self.list: Part | None = None
        self.terms: Part | None = None
        self.boxed = self.folded = False
        self.drawing = 0  # how deep in an SVG

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("meta", "link", "br", "rect", "line", "path", "circle"):
            return
        self.within.append(tag)
        if tag == "html":
            self.language = given.get("lang", "da")
        if tag == "svg":
            self.drawing += 1
        if self.drawing or self._skipped():
            if tag in ("title", "desc") and self.drawing:
                self.runs = []
            return
        opening = getattr(self, f"_open_{tag}", None)
        if opening:
            opening(given.get("class", ""), given)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.within:
            return
        while self.within and self.within.pop() != tag:
            pass
        if self.drawing:
            self._drawn(tag)
            return
        closing = getattr(self, f"_close_{tag}", None)
        if closing and not self._skipped():
            closing()

    def handle_data(self, data: str) -> None:
        if self.runs is None or (self._skipped() and not self.drawing):
            return
        text = SPACE.sub(" ", data)
        self.runs.append((text, bool(BOLD & set(self.within))))

    def _skipped(self) -> bool:
        return any(tag in SKIPPED for tag in self.within) or "head" in self.within or "footer" in self.within

    def _taken(self) -> Runs:
        found, self.runs = self.runs or [], None
        joined: Runs = []
        for text, bold in found:
            if joined and joined[-1][1] == bold:
                joined[-1] = (joined[-1][0] + text, bold)
            else:
                joined.append((text, bold))
        if joined:
            joined[0] = (joined[0][0].lstrip(" "), joined[0][1])
            joined[-1] = (joined[-1][0].rstrip(" "), joined[-1][1])
        return [run for run in joined if run[0]]

    def _add(self, part: Part) -> None:
        if self.boxed:
            part["boxed"] = True
        self.parts.append(part)

    def _begin(self, _style: str = "", _given: dict[str, str] | None = None) -> None:
        self.runs = []

    # Figures: the drawing's own words are its alternative text.
    def _drawn(self, tag: str) -> None:
        if tag in ("title", "desc") and self.figure is not None:
            self.figure.setdefault("said", []).append(plain(self._taken()))
        self.runs = None
        if tag == "svg":
            self.drawing -= 1

    def _open_figure(self, _style: str, given: dict[str, str]) -> None:
        self.figure = {"kind": "figure", "name": given["data-figure"], "caption": [], "made": []}
        self._add(self.figure)

    def _close_figure(self) -> None:
        if self.figure is not None:
            said = self.figure.pop("said", [])[:2]  # drawn twice, for a wide and a narrow page
            self.figure["alt"] = " ".join(f"{text.rstrip('.')}." for text in said)
        self.figure = None

    _open_figcaption = _open_caption = _open_h1 = _open_h2 = _open_h3 = _open_h4 = _open_td = _open_li = _open_dt = _open_dd = _begin

    def _close_figcaption(self) -> None:
        if self.figure is not None:
            self.figure["caption"] = self._taken()

    # Words
    def _open_p(self, style: str, _given: dict[str, str]) -> None:
        self.style = next((each for each in STYLES if each in style.split()), "")
        self.runs = []

    def _close_p(self) -> None:
        runs = self._taken()
        if self.figure is not None and self.style == "made":
            self.figure["made"] = runs
        elif runs:
            self._add({"kind": "text", "style": self.style, "runs": runs})

    def _heading(self, level: int) -> None:
        self._add({"kind": "heading", "level": level, "text": plain(self._taken())})

    def _close_h1(self) -> None:
        self._heading(1)

    def _close_h2(self) -> None:
        self._heading(2)

    def _close_h3(self) -> None:
        self._heading(3)

    def _close_h4(self) -> None:
        self._heading(4)

    def _open_aside(self, _style: str, _given: dict[str, str]) -> None:
        self.boxed = True

    def _close_aside(self) -> None:
        self.boxed = False

    # Lists
    def _open_ul(self, style: str, _given: dict[str, str]) -> None:
        self.list = {"kind": "list", "cards": "numbers" in style, "items": []}
        self._add(self.list)

    def _open_span(self, style: str, _given: dict[str, str]) -> None:
        if self.runs and self.list is not None and self.list["cards"]:
            self.runs.append((" ", False))

    def _close_li(self) -> None:
        if self.list is not None:
            self.list["items"].append(self._taken())

    def _close_ul(self) -> None:
        self.list = None

    def _open_dl(self, _style: str, _given: dict[str, str]) -> None:
        self.terms = {"kind": "facts", "rows": []}
        self._add(self.terms)

    def _close_dt(self) -> None:
        if self.terms is not None:
            self.terms["rows"].append([plain(self._taken()), ""])

    def _close_dd(self) -> None:
        if self.terms is not None:
            self.terms["rows"][-1][1] = plain(self._taken())

    # Tables
    def _open_details(self, _style: str, _given: dict[str, str]) -> None:
        self.folded = True

    def _close_details(self) -> None:
        self.folded = False

    def _open_table(self, _style: str, _given: dict[str, str]) -> None:
        self.table = {"kind": "table", "caption": "", "head": [], "numeric": [], "rows": [], "folded": self.folded}
        self.rows: list[list[str]] = []
        self._add(self.table)

    def _close_caption(self) -> None:
        if self.table is not None:
            self.table["caption"] = plain(self._taken())

    def _open_tr(self, _style: str, _given: dict[str, str]) -> None:
        self.rows.append([])

    def _open_th(self, style: str, _given: dict[str, str]) -> None:
        if self.table is not None and "thead" in self.within:
            self.table["numeric"].append("n" in style.split())
        self.runs = []

    def _close_th(self) -> None:
        self._close_td()

    def _close_td(self) -> None:
        if self.rows:
            self.rows[-1].append(plain(self._taken()))

    def _close_table(self) -> None:
        if self.table is not None:
            head, *rows = self.rows
            wordy = [any(len(row[at]) > LONG and not re.search(r"\d", row[at]) for row in rows) for at in range(len(head))]
            self.table |= {"head": head, "rows": rows, "numeric": [of_numbers and not wordy[at] for at, of_numbers in enumerate(self.table["numeric"])]}
        self.table = None
