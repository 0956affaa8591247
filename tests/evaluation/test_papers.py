"""The report as PDF and as a Word file: the very words, figures and tables of the page, and nothing else."""

import html
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from snerydder.evaluation import actions, shown, store
from snerydder.evaluation.models import Run, Study
from snerydder.evaluation.papers import parts
from snerydder.evaluation.papers.parts import Paper
from tests import small_study
from tests.cast import Cast
from tests.pages.visit import visitor


@pytest.fixture
def folder(run: Run) -> Path:
    return store.results(run, "da")


@pytest.fixture
def page(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture
def paper(page: str) -> Paper:
    return parts.read(page)


def words(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(text)).strip()


def everything(paper: Paper) -> str:
    """All words of a paper, in one string without spaces."""

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for key in ("text", "runs", "items", "caption", "head", "rows", "made"):
                yield from walk(value.get(key, ""))
        elif isinstance(value, list | tuple):
            for one in value:
                yield from walk(one)

    return re.sub(r"\s", "", "".join(walk([paper.title, paper.kicker, paper.ribbons, *paper.parts, *paper.behind])))


def test_every_word_of_the_page_is_on_the_paper(page: str, paper: Paper) -> None:
    told = everything(paper)
    body = page.partition("<header>")[2].partition("<footer>")[0]
    body = re.sub(r"<svg.*?</svg>|<nav.*?</nav>|<summary>.*?</summary>", "", body, flags=re.DOTALL)
    said = [re.sub(r"\s", "", html.unescape(text)) for text in re.split(r"<[^>]+>", body)]
    assert len(said) > 500 and not [text for text in said if text not in told]


def test_every_figure_has_its_words_and_what_it_was_made_of(page: str, paper: Paper) -> None:
    figures = [part for part in paper.parts if part["kind"] == "figure"]
    assert len(figures) == page.count("<figure ") >= 5
    for one in figures:
        assert len(one["alt"]) > 20 and one["caption"] and "Regnet som" in parts.plain(one["made"]), one["name"]
    assert len(paper.behind) == page.count("<details><summary>") - page.count("</ul></details>"), "each folded table"


def test_numbers_are_set_as_numbers(paper: Paper) -> None:
    table = next(part for part in paper.behind if "uge for uge" in part["caption"])
    assert table["head"][:3] == ["Uge", "Kontrol", "Deltagere"] and table["numeric"] == [False] + [True] * (len(table["head"]) - 1)
    assert [row[0] for row in table["rows"]] == [str(week) for week in range(21)]


def taken(client: Client, cast: Cast, run: Run, form: str) -> bytes:
    answer = visitor(client, cast.freja).get(reverse("evaluation:paper", args=[run.pk, form]))
    assert answer.status_code == 200 and f'filename="rapport-1.{form}"' in answer["Content-Disposition"]
    return bytes(answer.content)


def test_the_pdf_is_tagged_and_in_danish(client: Client, cast: Cast, run: Run) -> None:
    made = taken(client, cast, run, "pdf")
    assert made.startswith(b"%PDF") and b"/StructTreeRoot" in made and b"/Lang" in made and b"<pdfuaid:part>1" in made


def test_the_word_file_has_headings_tables_and_figures_with_their_words(client: Client, cast: Cast, run: Run, paper: Paper) -> None:
    made = Document(io.BytesIO(taken(client, cast, run, "docx")))
    headings = [each.text for each in made.paragraphs if each.style.name.startswith("Heading")]
    assert headings[0] == paper.title == "En lille undersøgelse" and "Hvem var med" in headings and "Tallene bag figurerne" in headings
    assert len(made.inline_shapes) == sum(part["kind"] == "figure" for part in paper.parts)
    assert all(len(shape._inline.docPr.get("descr")) > 20 for shape in made.inline_shapes)
    headed = [table for table in made.tables if "tblHeader" in table.rows[0]._tr.xml]
    assert len(headed) == sum(part["kind"] in ("table", "facts") for part in [*paper.parts, *paper.behind])
    assert ["Fil", "SHA-256"] in [[cell.text for cell in table.rows[0].cells] for table in headed], "the fingerprints say whose they are"
    assert run.protocol_hash[:12] in made.sections[0].footer.paragraphs[0].text
    assert made.core_properties.language == "da"


def test_the_word_file_does_not_put_the_findings_among_what_may_not_be_concluded(client: Client, cast: Cast, run: Run, paper: Paper) -> None:
    made = Document(io.BytesIO(taken(client, cast, run, "docx")))
    boxes = [table for table in made.tables if "tblHeader" not in table.rows[0]._tr.xml and len(table.columns) == 1]
    told = [each.text for each in boxes[0].cell(0, 0).paragraphs]
    outside = [each.text for each in made.paragraphs]
    assert len(boxes) == 1 and told[0] == "Det kan man ikke slutte" and len(told) > 4
    assert not set(told) & set(outside), "the box is a frame of its own, and no heading that takes what follows it"
    cards = [table for table in made.tables if len(table.rows) == 1 and len(table.columns) == 3]
    assert len(cards) == sum(part["kind"] == "list" and part["cards"] for part in paper.parts) > 0
    assert "→" in cards[0].cell(0, 0).paragraphs[0].text and all(cell.paragraphs[1].text for cell in cards[0].rows[0].cells)


def test_the_word_files_long_tables_lie_down_and_it_is_of_its_own_day(client: Client, cast: Cast, run: Run) -> None:
    made = Document(io.BytesIO(taken(client, cast, run, "docx")))
    first, last = made.sections
    assert (first.page_width, first.page_height) == (last.page_height, last.page_width) and last.page_width > last.page_height
    sizes = {inner.font.size.pt for table in made.tables for row in table.rows for cell in row.cells for each in cell.paragraphs for inner in each.runs if inner.font.size}
    assert min(sizes) >= 8
    assert made.core_properties.created.date() == run.made_at.date() and made.core_properties.created.year > 2020
    assert not [part for part in made.part.package.rels.values() if "thumbnail" in part.reltype]


def test_an_unknown_form_is_not_found(client: Client, cast: Cast, run: Run) -> None:
    assert visitor(client, cast.freja).get(reverse("evaluation:report", args=[run.pk])[:-1] + ".exe").status_code == 404


def test_without_prices_there_is_no_workbook(client: Client, cast: Cast, run: Run) -> None:
    freja = visitor(client, cast.freja)
    assert freja.get(reverse("evaluation:paper", args=[run.pk, "xlsx"])).status_code == 404
    assert "SØM" not in freja.get(reverse("evaluation:run", args=[run.pk])).content.decode()


# --- A protocol changed after data -----------------------------------------------------------------
@pytest.fixture
def late(cast: Cast, study: Study, run: Run) -> Run:
    actions.amend(study, small_study.PROTOCOL.replace("week = 20", "week = 19"), 'Uge 20 er ferie; "lukket" <uge>.', by=cast.freja)
    made = actions.run(study, by=cast.freja)
    small_study.work_again(store.of_run(made))
    return made


def test_a_protocol_changed_after_data_stands_on_every_page_of_every_form(client: Client, cast: Cast, late: Run) -> None:
    freja, folder = visitor(client, cast.freja), store.results(late, "da")
    alone = freja.get(reverse("evaluation:report", args=[late.pk])).content.decode()
    assert "efter at data var kommet. Grunden: Uge 20 er ferie; &quot;lukket&quot; &lt;uge&gt;." in alone
    running = re.search(r'@top-left { content: "([^"]*)"', alone)
    assert running and "Protokollen er ændret" in running[1] and r"\22 lukket\22  \3c uge\3e " in running[1], "at the head of every printed page"
    paper = parts.read(alone)
    assert any("Uge 20 er ferie" in line for line in paper.ribbons)
    word = Document(io.BytesIO(shown.whole(late, folder, "docx")))
    assert "Uge 20 er ferie" in word.sections[0].header.paragraphs[0].text
    english = (store.results(late, "en") / "report.html").read_text(encoding="utf-8")
    assert "after data had come" in english and "efter at data" not in english


def test_a_run_on_an_unchanged_protocol_has_no_such_line(page: str) -> None:
    assert "ribbon late" not in page and "@top-left" not in page


def test_the_figure_alone_as_pdf_says_what_it_was_made_of(client: Client, cast: Cast, late: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    from snerydder.evaluation.papers import pdf

    monkeypatch.setattr(pdf, "_compiled", lambda program, data, drawn: given.update(data) or b"%PDF")
    visitor(client, cast.freja).get(reverse("evaluation:file", args=[late.pk, "effect-su_education.pdf"]))
    assert late.protocol_hash[:12] in parts.plain(given["figure"]["made"]) and any("Uge 20 er ferie" in line for line in given["ribbons"])
