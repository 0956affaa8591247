"""What comes out of a sample: the report to the management and the letter to the committee as PDF and Word, the figures as a workbook."""
# da-file: a paper from a Danish authority to its own management and committee, in Danish whatever the language of the page

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter
from django.utils import timezone

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.inspections import guide, procedures, queries
from snerydder.casework.inspections.models import Answer, DrawnCase, Measure, Sample
from snerydder.casework.inspections.rates import Rate, Results
from snerydder.casework.inspections.states import SampleState
from snerydder.ui import letters
from snerydder.ui.documents import MIME as DOCX
from snerydder.ui.documents import render_document
from snerydder.ui.formats import antal, dato


def percent(value: float) -> str:
    return f"{antal(100 * value, 1)} %"


def interval(rate: Rate) -> str:
    """12,0 %, and on the next line 3,1 % – 29,4 %"""
    return f"{percent(rate.share.estimate)}\n{percent(rate.share.lower)} – {percent(rate.share.upper)}" if rate.share else "ikke alle er besvaret"


def summary(sample: Sample, found: Results) -> str:
    """The one sentence the rest explains."""
    rate = found.any_line
    if rate.share is None:
        return "Ikke alle sager er gennemgået endnu, så der er ingen fejlprocent."
    if sample.size == sample.population:
        return f"Alle {sample.population} sager på listen er gennemgået. Mindst én ting mangler i {rate.lacking} af dem."
    reach = f"mellem {percent(rate.share.lower)} og {percent(rate.share.upper)}"
    return (
        f"Af {rate.drawn} udtrukne sager blandt {sample.population} mangler mindst én ting i {rate.lacking}. Det svarer til"
        f" {percent(rate.share.estimate)} af alle sagerne; med 95 % sikkerhed er det {reach}."
    )


def how_drawn(sample: Sample) -> list[str]:
    first, second = (sample.typed_by.name if sample.typed_by else ""), (sample.confirmed_by.name if sample.confirmed_by else "")
    return [
        f"Listen med {sample.population} {'kommuner' if sample.is_round else 'sager'} blev frosset {dato(sample.frozen_on, 'lang')}, før tallet var kendt. Listens SHA-256: {sample.list_hash}.",
        f"Tallet er {sample.seed} ({sample.seed_source}). {first} og {second} har hver for sig skrevet det.",
        "Enhver kan prøve lodtrækningen efter med den offentliggjorte liste og det program, der følger med.",
    ]


def _rows(found: Results) -> list[list[str]]:
    return [[rate.short, str(rate.lacking), str(rate.unclear + rate.unanswered), interval(rate)] for rate in found.lines]


def _measures(sample: Sample) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for finding in queries.findings(sample):
        for measure in finding.measures.all():
            rows.append([finding.text, measure.text, measure.owner.name, measure.due_on, where(measure)])
        if not finding.measures.all():
            rows.append([finding.text, "Intet aftalt endnu", "", "", ""])
    return rows


def where(measure: Measure) -> str:
    if measure.checked_on:
        return "hjulpet" if measure.helped else "ikke nok"
    if measure.done_on:
        return "gjort, ikke set efter"
    return "fristen er overskredet" if measure.is_late else "i gang"


def letter_of(sample: Sample, title: str, recipient: str, body: list[Any]) -> dict[str, Any]:
    town = sample.municipality
    lines = [each for each in (town.address, town.phone, town.email) if each]
    by = sample.ended_by or sample.frozen_by
    return {
        "lang": "da", "title": title, "date": dato(sample.ended_on or timezone.localdate(), "lang"), "reference": f"Stikprøve {sample.number}",
        "sender": {"name": town.name, "lines": lines}, "recipient": {"name": recipient}, "body": body,
        "draft": "" if sample.state == SampleState.REPORTED else "Foreløbig: ikke alle svar er givet.",
        "closing": {"greeting": "Venlig hilsen", "name": by.name, "lines": ["Revisor"]},
    }  # fmt: skip


@letters.in_danish
def report(sample: Sample, staff: Staff) -> dict[str, Any]:
    """All of it: how it was drawn, each line with its interval, the procedures, the findings and what is done."""
    found = queries.results(sample)
    groups = [[each["text"], str(each["population"]), str(each["size"]), percent(each["size"] / each["population"])] for each in sample.strata]
    body: list[Any] = [letters.box("Det korte", [summary(sample, found), *([sample.conclusion] if sample.conclusion else [])])]
    body += [letters.heading("Sådan er sagerne udtrukket"), *how_drawn(sample)]
    body.append(letters.table(["Gruppe", "Sager i alt", "Udtrukket", "Chance for den enkelte"], groups))
    body += [letters.heading("Hvad sagerne viser"), letters.table(["Spørgsmål", "Mangler", "Uafklaret", "Andel af alle (95 %)"], _rows(found))]
    body.append(
        "Andelen er vægtet efter gruppernes størrelse, og intervallet er eksakt. Sager, der ikke kan afgøres, tæller som i orden i den nedre"
        " grænse og som mangel i den øvre."
    )
    if found.any_line.needed:
        tenth, twentieth = found.any_line.needed
        body.append(f"For at kende andelen på ± 10 procentpoint skal der ses på {tenth} sager, på ± 5 procentpoint {twentieth}.")
    body += [letters.heading("Forretningsgange"), letters.table(["Forretningsgang", "Svar", "Udgave", "Sager, der følger den"], _procedures(sample, staff))]
    body += [letters.heading("Fund og tiltag"), f"Som de står den {dato(timezone.localdate(), 'lang')}.", *_found(sample)]
    body += [letters.heading("Spørgeguiden"), f"Udgave {sample.guide}. Skrevet efter {guide.of(sample.guide).source}. Statens egen ordlyd er ikke fundet."]
    return letter_of(sample, f"Tilsyn med mentorstøtte: {sample.title}", "Ledelsen", body)


def _found(sample: Sample) -> list[Any]:
    rows = [[found, measure, f"{owner}\n{dato(due, 'lang')}" if owner else "", status] for found, measure, owner, due, status in _measures(sample)]
    return [letters.table(["Fund", "Tiltag", "Ansvarlig og frist", "Status"], rows)] if rows else ["Der er ikke skrevet fund."]


def _promised(sample: Sample) -> list[Any]:
    """The same in sentences, for those who read one page."""
    told = [
        f"{found} {measure} {owner}, senest {dato(due, 'lang')} ({status})." if owner else f"{found} Der er ikke aftalt noget endnu."
        for found, measure, owner, due, status in _measures(sample)
    ]  # fmt: skip
    return [letters.bullets(told)] if told else ["Der er ikke skrevet fund."]


def _procedures(sample: Sample, staff: Staff) -> list[list[str]]:
    answers = {row.line: str(row.get_verdict_display()) for row in Answer.objects.filter(sample=sample, drawn_case=None)}
    return [
        [
            each.line.short, answers.get(each.line.key, "ikke besvaret"), f"{each.latest.version}" if each.latest else "ingen",
            f"{each.followed} af {each.judged}" if each.judged else "ingen kontrol ser på det",
        ]
        for each in _kept(sample, staff)
    ]  # fmt: skip


def _kept(sample: Sample, staff: Staff) -> list[procedures.Kept]:
    """As they stood when the sample was closed."""
    return procedures.register(staff, sample.ended_on)


@letters.in_danish
def committee(sample: Sample, staff: Staff) -> dict[str, Any]:
    """Short: what was looked at, what it shows, what is done about it."""
    found = queries.results(sample)
    body: list[Any] = [
        f"Vi har ført tilsyn med sager om mentorstøtte: {sample.title}.", summary(sample, found),
        *([sample.conclusion] if sample.conclusion else []),
    ]  # fmt: skip
    if found.worst:
        body += [letters.heading("Det mangler oftest"), letters.bullets(f"{rate.short}: {rate.lacking} af {rate.drawn} sager" for rate in found.worst[:5])]
    body += [letters.heading("Det gør vi nu"), *_promised(sample)]
    body += [letters.heading("Kan man stole på stikprøven?"), *how_drawn(sample)]
    return letter_of(sample, "Tilsyn med mentorstøtte", "Udvalget", body)


@letters.in_danish
def workbook(sample: Sample, staff: Staff) -> bytes:
    """Sheets: what was drawn from and how, the figures, the cases with their answers, findings and measures, the procedures. No names of citizens."""
    drawn = queries.drawn_cases(sample)
    scope.seen(staff, (each.case.citizen_id for each in drawn), purpose="tilsyn", page="inspections:report", kind="export")
    found, kept = queries.results(sample), _kept(sample, staff)
    answers = {row.line: str(row.get_verdict_display()) for row in Answer.objects.filter(sample=sample, drawn_case=None)}
    figures = [[r.short, r.ok, r.lacking, r.unclear, r.unanswered, *bounds(r)] for r in [*found.lines, found.any_line]]
    figures[-1][0] = "Sager med mindst én mangel"
    register = [[k.line.short, answers.get(k.line.key, "ikke besvaret"), k.latest.version if k.latest else "", k.followed, k.judged] for k in kept]
    with book_of(f"Stikprøve {sample.number}: {sample.title}", sample.municipality.name) as (book, made):
        sheet_of(book, "Stikprøven", ["Hvad", "Svar"], _drawn(sample))
        groups = [[each["text"], each["population"], each["size"], each["size"] / each["population"]] for each in sample.strata]
        sheet_of(book, "Grupper", ["Gruppe", "Sager i alt", "Udtrukket", "Chance for den enkelte"], groups)
        sheet_of(book, "Tal", ["Spørgsmål", "I orden", "Mangler", "Kan ikke afgøres", "Ikke besvaret", "Mangler i alle sager", "Nedre (95 %)", "Øvre (95 %)"], figures)
        sheet_of(book, "Sager", ["Lod", "Sag", "Gruppe", "Chance", *(line.short for line in guide.of(sample.guide).part(2))], _cases(sample, drawn))
        sheet_of(book, "Fund og tiltag", ["Fund", "Tiltag", "Ansvarlig", "Frist", "Status"], _measures(sample))
        sheet_of(book, "Forretningsgange", ["Forretningsgang", "Svar", "Udgave", "Sager, der følger den", "Sager, kontrollerne har set"], register)
    return made.getvalue()


def _drawn(sample: Sample) -> list[list[Any]]:
    told = json.loads(sample.list_text.partition("\n")[0])
    return [
        ["Kommune", sample.municipality.name], ["Stikprøve", sample.number], ["Om", sample.title], ["Udtrukket blandt", ", ".join(told["drawn_from"])],
        ["Listen er frosset", sample.frozen_on], ["Listens SHA-256", sample.list_hash], ["Offentligt tal", sample.seed_source], ["Tallet", sample.seed],
        ["Udtrukket", sample.drawn_on or ""], ["Spørgeguide", sample.guide], ["Tilstand", str(sample.get_state_display())], ["Konklusion", sample.conclusion],
    ]  # fmt: skip


def _cases(sample: Sample, drawn: list[DrawnCase]) -> list[list[Any]]:
    """A case drawn with the chance p stands for 1/p cases of the list."""
    answers = {(row.drawn_case_id, row.line): str(row.get_verdict_display()) for row in Answer.objects.filter(sample=sample, drawn_case__isnull=False)}
    groups = {each["key"]: (each["text"], each["size"] / each["population"]) for each in sample.strata}
    lines = guide.of(sample.guide).part(2)
    return [[each.ticket.number, each.case.number, *groups[each.stratum], *(answers.get((each.pk, line.key), "") for line in lines)] for each in drawn]


def bounds(rate: Any) -> list[Any]:
    return [rate.share.estimate, rate.share.lower, rate.share.upper] if rate.share else ["", "", ""]


@contextmanager
def book_of(title: str, author: str) -> Iterator[tuple[Any, io.BytesIO]]:
    """Text is text, and a date is a date."""
    made = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "default_date_format": "dd-mm-yyyy"}
    with xlsxwriter.Workbook(made, {"in_memory": True, **plain}) as book:
        book.set_properties({"title": title[:255], "author": author})
        yield book, made


def sheet_of(book: Any, name: str, heads: list[str], rows: list[list[Any]]) -> None:
    """The heading row stays in sight and can be filtered; a column is as wide as its words ask for, within reason; printed on paper lying down."""
    sheet = book.add_worksheet(name)
    top, plain = {"valign": "top"}, {"valign": "top", "text_wrap": True}
    bold, text = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F3EEE3", **plain}), book.add_format(plain)
    share, day = book.add_format({"num_format": "0.0%", **top}), book.add_format({"num_format": "dd-mm-yyyy", "align": "left", **top})
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(heads) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for place, head in enumerate(heads):
        longest = max([len(head) + 3, *(len(str(row[place])) for row in rows if isinstance(row[place], str))])
        sheet.set_column(place, place, min(max(longest + 1, 12), 60))
    sheet.write_row(0, 0, heads, bold)
    for at, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            sheet.write(at, place, value, day if isinstance(value, date) else share if isinstance(value, float) else text)


@dataclass(frozen=True)
class Paper:
    make: Callable[[Sample, Staff], bytes]
    kind: str
    name: str


def printed(print_it: Callable[[dict[str, Any]], bytes], letter: Callable[[Sample, Staff], dict[str, Any]]) -> Callable[[Sample, Staff], bytes]:
    return letters.in_danish(lambda sample, staff: print_it(letter(sample, staff)))


PDF, XLSX = "application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES = {
    "ledelsen.pdf": Paper(printed(letters.render_letter, report), PDF, "tilsynsrapport"),
    "ledelsen.docx": Paper(printed(render_document, report), DOCX, "tilsynsrapport"),
    "udvalget.pdf": Paper(printed(letters.render_letter, committee), PDF, "brev-til-udvalget"),
    "udvalget.docx": Paper(printed(render_document, committee), DOCX, "brev-til-udvalget"),
    "tal.xlsx": Paper(workbook, XLSX, "tilsyn"),
}
