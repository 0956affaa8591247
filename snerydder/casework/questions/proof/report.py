"""The count as a page of `docs/method`: fraud, found, unpayable, honest contacts asked about."""
# da-file: a page of the documentation

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from snerydder.casework.questions.proof.frauds import RULE
from snerydder.casework.questions.proof.table import EACH, Count, count

START, END = "<!-- tabel -->\n", "<!-- slut -->\n"
NAMES = {
    "overlap": ("To borgere på samme tid", "`line_mentor_in_one_place`"), "two_mentors": ("To mentorer skriver den samme time", "`line_citizen_with_one_mentor`"),
    "after_the_end": ("Kontakt efter afslutning", "`line_after_closing`"), "edited_after_approval": ("Rettet op efter godkendelse", "`invoice_sheet_approved`"),
    "split_invoices": ("Samme time på to fakturaer", "`line_contact_once`"), "copied_text": ("Kopierede noter", "nej"), "long_days": ("Mere end ti timer på en dag", "nej"),
    "backdated": ("Skrevet mere end 14 dage efter", "nej"), "same_minutes": ("Lige mange minutter hver gang", "nej"), "month_end": ("Mange timer sidst på måneden", "nej"),
    "while_away": ("Kontakt under fravær", "venter"), "weekends": ("Opdigtede weekender", "nej"), "exact_hours": ("Præcis de bevilgede timer", "nej"),
    "ghost": ("En borger, ingen møder", "venter"),
}  # fmt: skip
SIGNS = {
    "two_places": "to borgere på samme tid", "two_mentors": "to mentorer hos samme borger", "after_closing": "efter afslutning", "raised": "længere efter godkendelse",
    "billed_twice": "to fakturalinjer", "copied_notes": "kopierede noter", "long_day": "mere end en arbejdsdag", "written_late": "skrevet sent", "same_minutes": "lige mange minutter",
    "month_end": "sidst på måneden", "while_away": "under fravær", "weekends": "weekender", "exact_hours": "præcis de bevilgede timer", "never_heard": "ingen andre har hørt fra borgeren",
}  # fmt: skip


def page(seeds: Iterable[int], told: Callable[[str], object] = lambda said: None) -> str:
    listed = list(seeds)
    told("ærlige og snydere")
    both = count(listed)
    told("kun ærlige")
    honest = count(listed, each=0)
    told("en rodet kommune")
    untidy = count(listed[: len(listed) // 2 or 1], untidy=2.0)
    return "\n".join((_goals(both), _table(both), _of_seeds(both), _sums(listed, both, honest, untidy), _signs(honest)))


def _goals(found: Count) -> str:
    """What was promised, and whether it held."""
    rule, pattern = ({kind for kind in NAMES if (kind in RULE) is wanted} for wanted in (True, False))
    rows = [
        ("Snyd, som reglerne om penge udelukker, er fundet og kan ikke betales", "100 %", found.of(rule), found.of(rule) == 1),
        ("Snyd, som kun er et mønster, er fundet", "mindst 90 %", found.of(pattern), found.of(pattern) >= 0.9),
        ("Ærlige kontakter, der blev spurgt til, i det værste frø", "højst 2 %", found.worst, found.worst <= 0.02),
    ]  # fmt: skip
    return "\n".join(["| Mål | Grænse | Målt | Holdt |", "|---|---|---|---|", *(f"| {text} | {goal} | {_percent(share)} | {'ja' if held else 'NEJ'} |" for text, goal, share, held in rows)]) + "\n"


def _of_seeds(found: Count) -> str:
    head = ["| Frø | Ærlige kontakter | Spurgt til | Andel | Regler fundet | Mønstre fundet |", "|---|---|---|---|---|---|"]
    rows = [f"| {each.seed} | {each.honest} | {each.asked} | {_percent(each.share)} | {_percent(each.rules)} | {_percent(each.patterns)} |" for each in found.seeds]
    return "\n".join(head + rows) + "\n"


def _table(found: Count) -> str:
    rows = ["| Snyd | Slags | Fundet | Kontakter spurgt til | Hvad der standser betalingen |", "|---|---|---|---|---|"]
    for kind, (name, rule) in NAMES.items():
        hit, of = found.contacts[kind]
        stops = f"databasen: {rule}" if kind in RULE else "databasen, til spørgsmålet er afsluttet: `line_waits_for_an_answer`" if rule == "venter" else "kun den, der tager sig af spørgsmålet"
        rows.append(f"| {name} | {'regel' if kind in RULE else 'mønster'} | {found.found[kind]} af {found.planted[kind]} | {hit} af {of} | {stops} |")
    return "\n".join(rows) + "\n"


def _percent(share: float) -> str:
    return f"{100 * share:.2f}".replace(".", ",") + " %"


def _sums(seeds: list[int], both: Count, honest: Count, untidy: Count) -> str:
    rule, pattern = ({kind for kind in NAMES if (kind in RULE) is wanted} for wanted in (True, False))
    lines = [
        f"- Frø {seeds[0]}-{seeds[-1]}, {both.honest} ærlige kontakter, {EACH} af hver slags snyd i hvert frø.",
        f"- Regler: {_percent(both.of(rule))} fundet. Mønstre: {_percent(both.of(pattern))} fundet.",
        f"- Ærlige kontakter, der blev spurgt til: {_percent(both.share)} (mest i ét frø: {_percent(both.worst)}), også dem, der står ved siden af snyd.",
        f"- I en kommune, hvor ingen snyder: {_percent(honest.share)} (mest {_percent(honest.worst)}).",
        f"- I en kommune, hvor alle er dobbelt så rodede (den første halvdel af frøene): {_percent(untidy.share)} (mest {_percent(untidy.worst)}); mønstre {_percent(untidy.of(pattern))}, regler {_percent(untidy.of(rule))} fundet.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _signs(found: Count) -> str:
    rows = ["| Ærlige kontakter spurgt til, når ingen snyder | Pr. 10.000 kontakter |", "|---|---|"]
    rows += [f"| {SIGNS[sign]} | {10_000 * number / found.honest:.1f} |".replace(".", ",") for sign, number in sorted(found.by_sign.items(), key=lambda each: -each[1])]
    return "\n".join(rows) + "\n"


def write(path: str, text: str) -> None:
    """Between the marks of the page; the words around stay."""
    file = Path(path)
    before, _mark, rest = file.read_text("utf-8").partition(START)
    file.write_text(f"{before}{START}{text}{END}{rest.partition(END)[2]}", "utf-8")
