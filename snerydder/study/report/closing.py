"""The later sections: receipt, other ways to count, money, mentors, data and provenance."""

from __future__ import annotations

from html import escape
from typing import Any

from snerydder.effects.complier import Complier
from snerydder.effects.results import Refused
from snerydder.registers.quality import Row
from snerydder.study.findings import Number, OutcomeFound, Place
from snerydder.study.found import Findings
from snerydder.study.protocol import Protocol
from snerydder.study.report import pieces as make
from snerydder.study.report import sentences
from snerydder.study.words import Words

Pictures = dict[str, dict[str, str]]


def refusal(found: Refused, w: Words) -> str:
    return f'<p class="refusal">{escape(w(found.reason, found.reason_en))}</p>'


def receiving(protocol: Protocol, found: Findings, figures: Pictures, w: Words) -> str:
    if found.delivery is None:
        return ""
    parts = [f'<section id="faa"><h2>{w("Dem, der fik en mentor", "Those who received a mentor")}</h2>']
    for one in found.outcomes:
        if isinstance(one.complier, Refused):
            parts.append(f"<h3>{w(one.short, one.short_en)}</h3>{refusal(one.complier, w)}")
            continue
        late, at = one.complier, one.week
        number = float(late.curve.effect[at])
        low, high = (float(bound[at]) for bound in late.curve.interval(protocol.alpha))
        said = ", ".join(
            w(f"{w.points(start)} til {w.points(end)}", f"{w.points(start)} to {w.points(end)}") for start, end in late.anderson_rubin[at]
        ) or w("tom", "empty")
        claim = sentences.Claim(number, low, high, protocol.alpha)
        opening = sentences.received(w.percent(late.first_stage, 0), w(one.short.lower(), one.short_en.lower()), at, claim, w.percent(float(late.control_mean[at])), w)
        told = opening + " " + w(
            f"Første trin er stærkt (F = {w.number(late.robust_f)}), og Anderson-Rubins interval, der ikke bygger på det, er {said}.",
            f"The first stage is strong (F = {w.number(late.robust_f)}), and the Anderson-Rubin interval, which does not rest on it, is {said}.",
        )
        caption = w(
            "Forskellen for dem, lodtrækningen gav en mentor, med bånd for hver uge for sig og for hele kurven; stiplet: forskellen mellem alle trukne.",
            "The difference for those the draw gave a mentor, with bands for each week alone and for the whole curve; dashed: between all drawn.",
        )
        parts.append(
            f"<h3>{w(one.short, one.short_en)}</h3><p>{escape(told)}</p>{make.figure(figures.get(f'late-{one.name}'), caption, _receipt_table(protocol, one, late, w))}"
        )
    parts.append(
        f"<p>{w('Det bygger på, at det at blive trukket kun gør en forskel gennem kontakten, og at ingen har undgået en mentor, fordi de blev trukket.', 'This rests on the draw making a difference only through the contact, and on nobody avoiding a mentor because they were drawn.')}</p>"
    )
    return "".join(parts) + "</section>"


def _receipt_table(protocol: Protocol, one: OutcomeFound, late: Complier, w: Words) -> str:
    low, high = late.curve.interval(protocol.alpha)
    level, band = round(100 * (1 - protocol.alpha)), one.receipt_band
    assert band is not None, "there is an effect"
    head = [w("Uge", "Week"), w("Forskel ved at få", "Difference by receiving"), f"{level} %", w(f"{level} %, hele kurven", f"{level} %, whole curve"), w("Uden mentor", "Without a mentor")]
    rows = [
        [
            str(week),
            w.points(float(late.curve.effect[t]), 2),
            w.pair(w.points(float(low[t]), 2), w.points(float(high[t]), 2)),
            w.pair(w.points(float(band.simultaneous_lower[t]), 2), w.points(float(band.simultaneous_upper[t]), 2)),
            w.percent(float(late.control_mean[t])),
        ]
        for t, week in enumerate(one.weeks.tolist())
    ]
    return make.table(
        w(f"{one.short}: forskel ved at få en mentor, uge for uge", f"{one.short_en}: difference by receiving a mentor, week by week"),
        head,
        rows,
        w("Vis tallene for hver uge", "Show the numbers for every week"),
    )


def other_ways(protocol: Protocol, found: Findings, figures: Pictures, w: Words) -> str:
    level = round(100 * (1 - protocol.alpha))
    parts = [f'<section id="andre"><h2>{w("Andre måder at regne og måle på", "Other ways to calculate and measure")}</h2>']
    for one in found.outcomes:
        rows = [
            [w(row.reason, row.reason_en), "", "", ""] if isinstance(row, Refused) else [w(row.name, row.name_en), *_cells(row, w)]
            for row in one.methods
        ]
        head = [w("Metode", "Method"), w("Forskel", "Difference"), w("Standardfejl", "Standard error"), w(f"{level} %", f"{level} %")]
        parts.append(make.table(w(f"{one.short}, uge {one.week}, procentpoint", f"{one.short_en}, week {one.week}, percentage points"), head, rows))
        if one.definitions:
            parts.append(_definitions(one, level, figures, w))
    return "".join(parts) + "</section>"


def _definitions(one: OutcomeFound, level: int, figures: Pictures, w: Words) -> str:
    """Each in the outcome's week; where a few persons would be the difference, in the week closest to it, with the first one's number that week above."""
    first, *others = one.definitions
    told = {week: [first, *(row for row in others if row.nearest(one.week) == week)] for week in dict.fromkeys(row.nearest(one.week) for row in one.definitions)}
    rows = [
        [w(f"{row.label}, uge {week}", f"{row.label_en}, week {week}") if len(told) > 1 else w(row.label, row.label_en), w.percent(row.panel.control[week]), w.percent(row.panel.treated[week]), *_cells(row.at(week), w)[::2]]
        for week, beside in told.items() for row in beside
    ]  # fmt: skip
    head = [w("Definition", "Definition"), w("Kontrol", "Control"), w("Deltagere", "Participants"), w("Forskel", "Difference"), w(f"{level} %", f"{level} %")]
    table = make.table(w(f"{one.short} målt på flere måder, uge {one.week}", f"{one.short_en} measured in several ways, week {one.week}") if len(told) == 1 else w(f"{one.short} målt på flere måder", f"{one.short_en} measured in several ways"), head, rows)
    few = w(" En uge, hvor to måder er forskellige med under fem personer i en gruppe, vises ikke; tabellen har så den nærmeste uge.", " A week in which two ways differ by fewer than five persons in an arm is not shown; the table then has the nearest week.")
    caption = w("Den første er protokollens. Alle billeder har samme mål.", "The first is the protocol's. All pictures share one scale.") + few
    return table + make.figure(figures[f"definitions-{one.name}"], caption, _weeks_of(one, w))


def _weeks_of(one: OutcomeFound, w: Words) -> str:
    """Every tenth week of each definition."""
    weeks = [week for week in one.weeks.tolist() if week % 10 == 0 or week == one.week]
    rows = [[w(row.label, row.label_en), *(w.points(float(row.panel.effect[week])) for week in weeks)] for row in one.definitions]
    head = [w("Definition", "Definition"), *(w(f"uge {week}", f"week {week}") for week in weeks)]
    return make.table(w(f"{one.short}: forskel i procentpoint", f"{one.short_en}: difference in points"), head, rows, w("Vis tallene", "Show the numbers"))


def _cells(row: Number, w: Words) -> list[str]:
    return [w.points(row.effect, 2), w.number(100 * row.error, 2), w.pair(w.points(row.lower, 2), w.points(row.upper, 2))]


ANSWERS = {
    "svarprocent": ("Svarede på spørgeskemaet", "Answered the survey"), "kvinde": ("Kvinder", "Women"), "under_30": ("Under 30 år", "Under 30 years"), "over_50": ("Over 50 år", "Over 50 years"),
    "mellemlang_uddannelse": ("Mellemlang videregående uddannelse", "Medium-cycle higher education"), "erfaring_under_2_aar": ("Under 2 års erfaring med målgruppen", "Under 2 years' experience with the group"),
    "fra_anden_kommunal_funktion": ("Kom fra en anden funktion i kommunen", "Came from another function in the municipality"),
}  # fmt: skip


KINDS = {
    "only": ("kun fuldtid", "full time only"), "mostly": ("flest fuldtid", "mostly full time"), "equal": ("lige mange", "as many of each"), "part": ("flest deltid", "mostly part time"),
}  # fmt: skip


def kind_of(place: Place) -> str:
    if not place.part_time:
        return "only"
    return "equal" if place.full_time == place.part_time else "mostly" if place.full_time > place.part_time else "part"


def caseload_band(per_full_time: float, w: Words) -> str:
    if not per_full_time >= 0:
        return "–"
    return w("under 10", "under 10") if per_full_time < 10 else "10-14" if per_full_time < 15 else "15-19" if per_full_time < 20 else w("20 og flere", "20 and more")


def mentors(found: Findings, w: Words) -> str:
    if not any(place.mentors for place in found.places):
        return ""
    answers = [[w(*ANSWERS[name]), w.percent(share, 0)] for name, share in found.mentor_answers.items()]
    survey = ""
    if answers:
        survey = make.table(w("Mentorerne, af dem der svarede", "The mentors, of those who answered"), [w("Træk", "Trait"), w("Andel", "Share")], answers)
    told = w(
        "Kommunerne står i alfabetisk orden. De er ikke en rangliste: forsøget kan ikke skelne én kommunes forskel fra en andens.",
        "The municipalities stand in alphabetical order. They are no ranking: the trial cannot tell one municipality's difference from another's.",
    )
    return f'<section id="mentorer"><h2>{w("Mentorerne", "The mentors")}</h2>{survey}<p>{escape(told)}</p>{_places(found, w)}</section>'


def _places(found: Findings, w: Words) -> str:
    rows = [
        [place.name, w.held(place.control), w.held(place.treated), w.number(place.full_time), w.number(place.part_time), w(*KINDS[kind_of(place)]), w.number(place.per_full_time, 1), caseload_band(place.per_full_time, w)]
        for place in found.places
    ]  # fmt: skip
    head = [
        w("Kommune", "Municipality"), w("Kontrol", "Control"), w("Deltagere", "Participants"), w("Mentorer over 30 timer", "Mentors over 30 hours"), w("Under 30 timer", "Under 30 hours"),
        w("Ansættelse", "Employment"), w("Deltagere pr. fuldtidsmentor", "Participants per full-time mentor"), w("Bånd", "Band"),
    ]  # fmt: skip
    return make.table(w("Kommunerne i forsøget", "The municipalities of the trial"), head, rows) + make.held([count for place in found.places for count in (place.control, place.treated)], w)


def quality(found: Findings, w: Words, reading: dict[str, Any]) -> str:
    facts = w(
        f"Registret har {w.number(reading['rows'])} rækker i filen og uger fra {w.week(reading['first'])} til {w.week(reading['last'])}.",
        f"The register has {w.number(reading['rows'])} rows in the file and weeks from {w.week(reading['first'])} to {w.week(reading['last'])}.",
    )
    unfirm, absent = reading["unfirm"], reading["absent"]
    listed = w("Alle koder i registret er bekræftet i kodelisten.", "Every code in the register is confirmed in the code list.")
    if unfirm:
        listed = w("Koder, ingen har bekræftet: ", "Codes nobody has confirmed: ") + "; ".join(unfirm) + "."
    gaps = w("Ingen uge mangler mellem den første og den sidste.", "No week is missing between the first and the last.")
    if absent:
        gaps = w(f"Uger uden kolonne: {', '.join(map(w.week, absent))}.", f"Weeks without a column: {', '.join(absent)}.")
    blank = w(
        "En tom uge betyder ingen offentlig ydelse. Det er en oplysning, og det er ikke det samme som job.",
        "A blank week means no public benefit. That is information, and not the same as a job.",
    )
    heading = w("Data og hvad der er gjort ved dem", "The data and what was done to them")
    return f'<section id="data"><h2>{heading}</h2><p>{escape(facts)} {escape(gaps)} {escape(listed)} {escape(blank)}</p>{checked(found.quality, w)}</section>'


def checked(rows: tuple[Row, ...], w: Words) -> str:
    """What was wrong, or could have been. A check that found nothing is there too."""
    found = [[_capital(w(row.text, row.text_en)), w.held(row.count), "" if row.share is None else w.percent(row.share), row.policy, ", ".join(map(str, row.examples))] for row in rows if row.count]
    clean = "".join(f"<li>{escape(_capital(w(row.text, row.text_en)))}</li>" for row in rows if not row.count)
    head = [w("Fundet", "Found"), w("Antal", "Number"), w("Andel", "Share"), w("Protokollen siger", "The protocol says"), w("Fx række", "E.g. row")]
    table = make.table(w("Datakvalitet", "Data quality"), head, found) if found else f"<p>{w('Ingen af prøverne fandt noget.', 'None of the checks found anything.')}</p>"
    return table + (f"<details><summary>{w('Set efter, og intet fundet', 'Looked for, and nothing found')}</summary><ul>{clean}</ul></details>" if clean else "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _main(protocol: Protocol) -> tuple[str, str]:
    """The main estimate, as the lottery was."""
    if protocol.lottery["cluster"]:
        return (
            "Der blev trukket lod om klynger. Hovedtallet er en lineær sandsynlighedsmodel, usikkerheden regnes mellem klyngerne (CR2), og båndene bruger t med Satterthwaites frihedsgrader.",
            "Clusters were drawn. The main figure is a linear probability model with errors between clusters (CR2), and the bands use t with Satterthwaite's degrees of freedom.",
        )
    if protocol.lottery["chances"] == "personal":
        return "Hver person havde sin egen chance, og hovedtallet vægter hver med den (Hájek).", "Each person had a chance of its own, and the main figure weighs by it (Hájek)."
    return f"Hovedtallet er forskellen mellem grupperne {protocol.in_each}, vægtet sammen efter størrelse (Neyman).", "The main figure is the difference between the arms in each stratum, weighted by size (Neyman)."


def _again(protocol: Protocol) -> tuple[str, str]:
    """How the lottery was drawn again."""
    if protocol.lottery["chances"] == "personal":
        return ", hver person med sin egen chance", ", each person with its own chance"
    what, what_en = ("hele klynger", "whole clusters") if protocol.lottery["cluster"] else ("", "")
    inside = ("de samme blokke", "the same blocks") if protocol.lottery["block"] else (f"de samme {protocol.strata_name}", "the same strata")
    return f"{' af ' + what if what else ''} inden for {inside[0]}, med det samme antal trukket i hver", f"{' of ' + what_en if what_en else ''} within {inside[1]}, with the same number drawn in each"


def origin(protocol: Protocol, found: Findings, provenance: dict[str, Any], w: Words) -> str:
    files = provenance["files"]
    rows = "".join(f"<dt>{escape(name)}</dt><dd><code>{escape(str(mark))}</code></dd>" for name, mark in files.items())
    draws = (
        w(f"alle {w.number(found.redraws)} mulige lodtrækninger", f"all {w.number(found.redraws)} possible draws")
        if found.exact
        else w(
            f"{w.number(found.redraws)} nye lodtrækninger{_again(protocol)[0]}",
            f"{w.number(found.redraws)} new draws{_again(protocol)[1]}",
        )
    )
    how = w(
        f"{_main(protocol)[0]} Båndet om hele kurven er sup-t med 100.000 træk af den fælles fordeling. p-værdierne fra lodtrækningen bygger på {draws}; på tværs af uger og udfald som max-T, trin for trin.",
        f"{_main(protocol)[1]} The band around the whole curve is sup-t with 100,000 draws of the joint distribution. The p-values from the draw rest on {draws}; over weeks and outcomes as max-T, stepping down.",
    )
    return f'<section id="ophav"><h2>{w("Hvordan tallene er blevet til", "How the numbers came about")}</h2><p>{escape(how)}</p><h3>{w("Filernes fingeraftryk (SHA-256)", "Fingerprints of the files (SHA-256)")}</h3><dl>{rows}</dl></section>'
