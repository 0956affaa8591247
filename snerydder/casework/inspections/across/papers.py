"""The report of a round as PDF and Word, and its table as a workbook: the chapters of the state's report, with our own figures."""
# da-file: a paper from a Danish authority, in Danish whatever the language of the page

from collections.abc import Iterator, Sequence
from typing import Any

from snerydder.access.models import Staff
from snerydder.access.signing import short
from snerydder.casework.inspections import guide
from snerydder.casework.inspections.across.table import Found, Round, asks, result
from snerydder.casework.inspections.models import Sample
from snerydder.casework.inspections.papers import DOCX, PDF, XLSX, Paper, book_of, bounds, how_drawn, letter_of, percent, printed, sheet_of
from snerydder.ui import letters
from snerydder.ui.documents import render_document
from snerydder.ui.formats import dato

DESCRIBED = ["Forretningsgang", "Beskrevet", "Ikke beskrevet", "Uafklaret", "Fulgt i sagerne"]
FOUND = ["Krav", "I orden", "Mangler", "Uafklaret", "Mangler i alle sager (95 %)", "Kommuner med mangel"]
CAVEAT = (
    "Spørgeguiden er skrevet efter statens fokusrevision i 2018-2019; statens egen ordlyd og tal er ikke fundet. Tabellerne følger rapportens"
    " afsnit, og tallene er rundens egne."
)


def share_of(count: int, whole: int) -> str:
    return f"{count} ({percent(count / whole)})" if whole else "0"


def summary(sample: Sample, found: Round) -> str:
    told = f"{len(found.answered)} af {sample.population} kommuner har svaret om deres forretningsgange."
    if found.whole is None:
        return told
    whole = found.whole
    told += (
        f" I {whole.of} {'udtrukket kommune' if whole.of == 1 else 'udtrukne kommuner'} er der set på {whole.looked_at} sager. I {share_of(whole.lacking, whole.looked_at)} af dem mangler"
        f" mindst én ting."
    )
    if whole.share is None:
        return told + " Usikkerheden for alle sager i alle kommuner kan ikke måles med de tal, der er kommet."
    reach = f"mellem {percent(whole.share.lower)} og {percent(whole.share.upper)}"
    return told + f" For alle sager i alle kommuner svarer det til {percent(whole.share.estimate)}; med 95 % sikkerhed er det {reach}."


def _by_chapter(sample: Sample, found: Round) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Each chapter with its heading row and its lines. The last one is the whole of the case review."""
    names = guide.of(sample.guide).chapters
    for number, name in names.items():
        described = [each for each in found.procedures if each.line.chapter == number]
        cases = [each for each in found.cases if each.chapter == number]
        if described and found.answered:
            yield f"{number} {name}", DESCRIBED, [described_row(each) for each in described]
        if cases:
            yield f"{number} {name}", FOUND, [found_row(each, each.short) for each in cases]
    if found.whole:
        yield "5.4 Resultatet af sagsgennemgangen", FOUND, [found_row(found.whole, "Sager med mindst én mangel")]


def described_row(each: Any) -> list[str]:
    said = each.answers
    followed = f"{each.followed} af {each.judged}\n{percent(each.followed / each.judged)}" if each.judged else "ingen kontrol ser på det"
    return [each.line.short, share_of(said["ok"], each.answered), share_of(said["lacking"], each.answered), str(said["unclear"]), followed]


def found_row(each: Found, name: str) -> list[str]:
    share = f"{percent(each.share.estimate)}\n{percent(each.share.lower)} – {percent(each.share.upper)}" if each.share else "kan ikke måles"
    return [
        name, share_of(each.ok, each.looked_at), share_of(each.lacking, each.looked_at), str(each.unclear), share,
        f"{each.lacking_in} af {each.of}" + (f"\n{percent(each.lowest)} til {percent(each.highest)} af kommunens sager" if each.of > 1 else ""),
    ]  # fmt: skip


@letters.in_danish
def report(sample: Sample, staff: Staff) -> dict[str, Any]:
    found, asked = result(sample), asks(sample)
    body: list[Any] = [letters.box("Det korte", [summary(sample, found), *([sample.conclusion] if sample.conclusion else [])])]
    body += [
        letters.heading("Sådan er det gjort"),
        f"Alle {sample.population} kommuner er spurgt om deres forretningsgange. {sample.size} af dem er udtrukket, og i hver af dem er der set på"
        f" {asked.cases_each} sager, hvor mentorstøtte er bevilget fra {dato(asked.first, 'lang')} til og med {dato(asked.last, 'lang')}, eller alle, hvor der er færre.",
        *how_drawn(sample),
        "Hver kommune har frosset sin egen liste over sager, før tallet var kendt. Ingen sag har forladt sin kommune: hver har sendt antal, skrevet"
        " under med kommunens nøgle.",
    ]
    for heading, head, rows in _by_chapter(sample, found):
        body += [letters.heading(heading), letters.table(head, rows)]
    body.append(
        "Procenter er af de sager, der er set på. Andelen af alle sager er vægtet efter, hvor mange sager hver kommune har, i to trin (Cochran 1977);"
        " sager, der ikke kan afgøres, tæller som i orden i den nedre grænse og som mangel i den øvre. Den sidste kolonne viser den laveste og den højeste andel."
    )
    body += [letters.heading("Kommunerne"), letters.table(["Kommune", "Sager på listen", "Udtrukket", "Svar"], _towns(found))]
    body += [letters.heading("Spørgeguiden"), f"Udgave {sample.guide}. {CAVEAT}"]
    return letter_of(sample, f"Tilsyn på tværs af kommuner: {sample.title}", "Modtagerne af runden", body)


def _towns(found: Round) -> list[list[str]]:
    return [[each.mark, "" if each.cases_there is None else str(each.cases_there), "ja" if each.rank else "nej", status(each)] for each in found.members]


def status(each: Any) -> str:
    if each.cases:
        return "forretningsgange og sager"
    if each.procedures:
        return "forretningsgange, sager mangler" if each.rank else "forretningsgange"
    return "intet svar"


@letters.in_danish
def workbook(sample: Sample, staff: Staff) -> bytes:
    """Sheets: procedures, cases, municipalities, and every line in every municipality that was drawn."""
    found = result(sample)
    with book_of(f"Runde {sample.number}: {sample.title}", sample.municipality.name) as (book, made):
        rows = [[each.line.chapter, each.line.short, *(each.answers[key] for key in ("ok", "lacking", "unclear")), each.followed, each.judged] for each in found.procedures]
        sheet_of(book, "Forretningsgange", ["Afsnit", "Forretningsgang", "Beskrevet", "Ikke beskrevet", "Uafklaret", "Sager, der følger den", "Sager, kontrollerne har set"], rows)
        sheet_of(book, "Sager", ["Afsnit", "Krav", "Sager set", "I orden", "Mangler", "Uafklaret", "Andel", "Nedre", "Øvre", "Kommuner med mangel", "Laveste", "Højeste"], list(_figures(found)))
        heads = ["Kommunenummer", "Kommune", "Sager på listen", "Plads i lodtrækningen", "Listen modtaget", "Nøgle", "Svar"]
        sheet_of(book, "Kommuner", heads, [_town(each) for each in found.members])
        names = {line.key: line.short for line in guide.of(sample.guide).part(2)} | {"any": "Mindst én mangel"}
        each_line = [[each.name, names[key], *counts] for each in found.sent for key, counts in (each.cases or {}).items()]
        sheet_of(book, "Sager pr. kommune", ["Kommune", "Krav", "I orden", "Mangler", "Uafklaret"], each_line)
    return made.getvalue()


def _figures(found: Round) -> Iterator[list[Any]]:
    whole: Sequence[tuple[str, str, Found]] = [("5.4", "Sager med mindst én mangel", found.whole)] if found.whole else []
    for chapter, name, each in [*((each.chapter, each.short, each) for each in found.cases), *whole]:
        yield [chapter, name, each.looked_at, each.ok, each.lacking, each.unclear, *bounds(each), each.lacking_in, each.lowest, each.highest]


def _town(each: Any) -> list[Any]:
    return [each.code, each.name, "" if each.cases_there is None else each.cases_there, each.rank or "", each.listed_on or "", short(each.key) if each.key else "", status(each)]


FILES = {
    "runden.pdf": Paper(printed(letters.render_letter, report), PDF, "runde-paa-tvaers"),
    "runden.docx": Paper(printed(render_document, report), DOCX, "runde-paa-tvaers"),
    "runden.xlsx": Paper(workbook, XLSX, "runde-paa-tvaers"),
}
