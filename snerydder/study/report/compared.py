"""The page of a comparison without a lottery: first how far to trust it, then what it rests on, and a number only where the checks held."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from snerydder.effects.observed import Comparison
from snerydder.effects.results import Refused
from snerydder.study.compared import Compared, OutcomeCompared, largest
from snerydder.study.gate import PublishedStudy
from snerydder.study.in_time import InTime
from snerydder.study.protocol import Protocol
from snerydder.study.report import closing, page, sentences
from snerydder.study.report import pieces as make
from snerydder.study.report.curves import frame
from snerydder.study.report.svg import BAND, BAND_WIDE, CONTROL, INK, SOFT, TREATED, Board, ends
from snerydder.study.words import Words

NAMES = {
    "doubly": ("Dobbelt robust (hovedtal)", "Doubly robust (main)"), "odds": ("Vægtet efter chancen for at begynde", "Weighted by the chance of starting"),
    "starts": ("De, der begyndte, mod dem, der endnu ventede", "Those who began against those still waiting"),
    "dynamic": ("Så længe efter begyndelsen (Callaway og Sant'Anna)", "So long after the beginning (Callaway and Sant'Anna)"), "overall": ("Alle perioder efter begyndelsen under ét", "All periods from the beginning as one"),
    "entropy": ("Entropibalanceret", "Entropy balanced"), "matching": ("Matchet", "Matched"), "plain": ("Rå forskel, ikke gjort sammenlignelig", "Plain difference, not made comparable"),
}  # fmt: skip


def figure(one: OutcomeCompared, words: Words, width: float) -> str:
    w, curve, band = words, one.curve, one.band
    assert curve is not None and band is not None
    board = Board(
        width, 320, w(f"{one.short}: de, der begyndte, mindre de andre, gjort sammenlignelige", f"{one.short_en}: starters less the others, made comparable"),
        w(f"I uge {one.weeks[one.place]}: {w.points(float(curve.effect[one.place]))} procentpoint.", f"In week {one.weeks[one.place]}: {w.points(float(curve.effect[one.place]))} points."), f"compared-{one.name}-{int(width)}",
    )  # fmt: skip
    low, high = ends(0.0, curve.effect, band.simultaneous_lower, band.simultaneous_upper, step=0.01)
    weeks = one.weeks
    panel = frame(board, float(weeks[-1]), low, high, 16, 258, lambda value: w.points(value, 0), True, 8)
    board.area(panel.points(weeks, band.simultaneous_upper), panel.points(weeks, band.simultaneous_lower), BAND_WIDE)
    board.area(panel.points(weeks, band.upper), panel.points(weeks, band.lower), BAND)
    for edge in (band.simultaneous_upper, band.simultaneous_lower):
        board.curve(panel.points(weeks, edge), TREATED, 0.8, "3 3")
    board.line(panel.left, panel.y(0), panel.right, panel.y(0), INK, 1.2)
    board.curve(panel.points(weeks, curve.effect), INK, 2.2)
    board.text((panel.left + panel.right) / 2, 306, w("Uger siden begyndelsen", "Weeks since the start"), anchor="middle", colour=SOFT, size=12)
    return board.markup()


def description(one: OutcomeCompared, words: Words, width: float) -> str:
    """How it went for the two groups, as they stand: no difference is drawn."""
    w, at = words, one.week
    told = w(f"I uge {at} {w.percent(float(one.started[at]))} af dem, der begyndte, og {w.percent(float(one.others[at]))} af de andre.", f"In week {at} {w.percent(float(one.started[at]))} of those who started and {w.percent(float(one.others[at]))} of the others.")
    board = Board(width, 320, w(f"{one.short}: andel uge for uge i de to grupper", f"{one.short_en}: share week by week in the two groups"), told, f"described-{one.name}-{int(width)}")
    weeks = list(range(len(one.started)))
    high = ends(0.0, 1.18 * one.started, 1.18 * one.others, step=0.02)[1]
    panel = frame(board, float(weeks[-1]), 0, high, 34, 258, lambda value: w.percent(value, 0), True)
    board.curve(panel.points(weeks, one.others), CONTROL, 2.5, "7 5")
    board.curve(panel.points(weeks, one.started), TREATED)
    for place, (name, colour, dash) in enumerate(((w("Begyndte", "Started"), TREATED, ""), (w("De andre", "The others"), CONTROL, "7 5"))):
        left = panel.left + 8 + place * 130
        board.line(left, 16, left + 24, 16, colour, 2.2, dash)
        board.text(left + 30, 20, name, size=12)
    board.text((panel.left + panel.right) / 2, 306, w("Uger siden begyndelsen", "Weeks since the start"), anchor="middle", colour=SOFT, size=12)
    return board.markup()


def _described(one: OutcomeCompared, figures: dict[str, dict[str, str]], w: Words) -> str:
    caption = w("Sådan gik det de to grupper. Ingen trak lod mellem dem, så afstanden mellem linjerne siger ikke, hvad støtten gjorde.", "How it went for the two groups. No lots were drawn between them, so the distance between the lines does not tell what the support did.")
    if not len(one.started):
        return ""
    rows = [[str(week), w.percent(float(one.others[week])), w.percent(float(one.started[week]))] for week in range(len(one.started))]
    head = [w("Uge", "Week"), w("De andre", "The others"), w("Begyndte", "Started")]
    table = make.table(w(f"{one.short}: andel uge for uge", f"{one.short_en}: share week by week"), head, rows, w("Vis tallene for hver uge", "Show the numbers for every week"))
    return make.figure(figures.get(f"described-{one.name}"), caption, table)


def markup(protocol: Protocol, published: PublishedStudy, provenance: dict[str, Any], figures: dict[str, dict[str, str]], w: Words) -> str:
    found = published.comparison
    parts = [_opening(found, w)]
    contents = [("dom", w("Hvor langt kan man stole på det", "How far to trust it"))]
    for one in found.outcomes:
        contents.append((one.name, w(one.short, one.short_en)))
        parts.append(_outcome(protocol, one, figures, w))
    alike = _alike(found, w)
    parts += [alike, _data(found, w, provenance), _origin(provenance, w)]
    contents += [*([("ens", w("Ligner de hinanden", "Are they alike"))] if alike else []), ("data", "Data"), ("ophav", w("Ophav", "Provenance"))]
    return page.shell(protocol, provenance, w, contents, parts, w("Sammenligning uden lodtrækning", "A comparison without a lottery"))


def _opening(found: Compared, w: Words) -> str:
    """The verdict, before any number."""
    told = []
    for one in found.outcomes:
        said = w(one.found.reason, one.found.reason_en) if isinstance(one.found, Refused) else w(one.found.trust.da, one.found.trust.en)
        told.append(f"<p class=\"refusal\"><b>{escape(w(one.short, one.short_en))}.</b> {escape(said)}</p>")
    people = _people(found, w)
    return f"<section id=\"dom\"><h2>{w('Hvor langt kan man stole på det?', 'How far to trust it?')}</h2><p>{escape(people)}</p>{''.join(told)}</section>"


def _people(found: Compared, w: Words) -> str:
    return w(
        f"{w.number(found.started)} begyndte, og {w.number(found.compared)} gjorde ikke. Ingen trak lod mellem dem.", f"{w.number(found.started)} started and {w.number(found.compared)} did not. No lots were drawn between them.",
    )  # fmt: skip


def _outcome(protocol: Protocol, one: OutcomeCompared, figures: dict[str, dict[str, str]], w: Words) -> str:
    heading = f"<h2>{escape(w(one.short, one.short_en))}</h2>"
    if isinstance(one.found, Refused):
        return f'<section id="{one.name}">{heading}{closing.refusal(one.found, w)}{_described(one, figures, w)}</section>'
    level = round(100 * (1 - protocol.alpha))
    checks = [[w(check.da, check.en), w("holder", "holds") if check.passed else w("holder ikke", "does not hold")] for check in one.found.checks]
    counted = f"<p>{escape(_counted(protocol, one.found, w))}</p>" if isinstance(one.found, InTime) else ""
    parts = [counted, make.table(w(f"{one.short}: prøverne, før nogen så tallet", f"{one.short_en}: the checks, before anybody saw the number"), [w("Prøve", "Check"), w("Udfald", "Outcome")], checks, text_columns=2), _described(one, figures, w)]
    if one.curve is not None and one.band is not None and f"compared-{one.name}" in figures:
        at, curve, band = one.place, one.curve, one.band
        claim = sentences.Claim(float(curve.effect[at]), float(band.lower[at]), float(band.upper[at]), protocol.alpha, drawn=False)
        if np.isfinite(claim.value):
            parts.append(f"<p>{escape(sentences.compared(w(one.short.lower(), one.short_en.lower()), one.weeks[at], claim, w))}</p>")
        caption = w(f"Mørkt bånd: hver uge for sig, {level} %. Lyst: hele kurven på én gang. Båndene kender kun tilfældet, ikke det, registret ikke ved.", f"Dark band: each week alone, {level} %. Pale: the whole curve. The bands know chance only, not what the register does not know.")
        rows = [[str(week), w.points(float(one.curve.effect[at]), 2), w.pair(w.points(float(one.band.lower[at]), 2), w.points(float(one.band.upper[at]), 2))] for at, week in enumerate(one.weeks)]
        table = make.table(w(f"{one.short} uge for uge", f"{one.short_en} week by week"), [w("Uge", "Week"), w("Forskel", "Difference"), f"{level} %"], rows, w("Vis tallene for hver uge", "Show the numbers for every week"))
        parts.append(make.figure(figures[f"compared-{one.name}"], caption, table))
        ways = [[w(*NAMES[name]), *(["", ""] if isinstance(number, Refused) else [w.points(number.effect, 2), w.pair(w.points(number.lower, 2), w.points(number.upper, 2))])] for name, number in one.methods]
        parts.append(make.table(w(f"{one.short}, uge {one.weeks[one.place]}, procentpoint, på flere måder", f"{one.short_en}, week {one.weeks[one.place]}, percentage points, in several ways"), [w("Måde", "Way"), w("Forskel", "Difference"), f"{level} %"], ways))
    return f'<section id="{one.name}">{heading}{"".join(parts)}</section>'


def _counted(protocol: Protocol, found: InTime, w: Words) -> str:
    """Who stands against whom."""
    if protocol.design == "starts":
        return w(
            f"{w.number(found.began)} begyndte i {w.number(found.groups)} forskellige uger af ventetiden, og hver sammenlignes med dem, der endnu ventede i den uge, også dem, der begyndte senere. "
            f"{w.number(found.left_out)} er ikke med: de ventede ikke længere, begyndte efter {protocol.waiting} uger, eller ingen lignede dem. Tallet er virkningen af at begynde nu frem for at vente. "
            f"Sammenligningen er først prøvet på de {protocol.before} uger før begyndelsen.",
            f"{w.number(found.began)} began in {w.number(found.groups)} weeks of waiting, and each is compared with those still waiting that week, also those who began later. "
            f"{w.number(found.left_out)} are left out: no longer waiting, later than {protocol.waiting} weeks, or with nobody like them. The number is the effect of beginning now against waiting on. "
            f"The comparison was first tried on the {protocol.before} weeks before the start.",
        )
    return w(
        f"{w.number(found.groups)} enheder med hver sin begyndelse, i perioder på {found.step} uger; {w.number(found.began)} personer i dem, der begyndte. Hver sammenlignes med dem, der endnu ikke var begyndt, i forhold til perioden lige før. "
        f"{w.number(found.left_out)} personer er ikke med, fordi deres var begyndt før den første periode.",
        f"{w.number(found.groups)} units each with its own beginning, in periods of {found.step} weeks; {w.number(found.began)} persons in those that began. Each is compared with those not yet begun, relative to the period just before. "
        f"{w.number(found.left_out)} persons are left out because theirs began before the first period.",
    )


def _alike(found: Compared, w: Words) -> str:
    one = next((one.found for one in found.outcomes if isinstance(one.found, Comparison)), None)
    if one is None:
        return ""
    rows = [[name, w.number(float(before), 2), w.number(float(after), 2)] for name, before, after in zip(found.names, one.before, one.after, strict=True)]
    told = w(
        f"Største forskel før vægtningen er {w.number(largest(one.before), 2)} standardafvigelse, efter den {w.number(largest(one.after), 2)}. Efter vægtningen svarer de {w.number(one.compared)} andre til {w.number(one.effective)} personer. Sammenligningen er først prøvet på de {found.before} uger før begyndelsen, hvor støtten endnu ikke kan have gjort nogen forskel.",
        f"The largest difference before weighting is {w.number(largest(one.before), 2)} standard deviations, after it {w.number(largest(one.after), 2)}. After weighting the {w.number(one.compared)} others count as {w.number(one.effective)} persons. The comparison was first tried on the {found.before} weeks before the start, where the support cannot yet have made a difference.",
    )
    if found.left_out:
        told += " " + w(f"Derfor er {', '.join(found.left_out)} ikke blandt det, der gøres ens.", f"So {', '.join(found.left_out)} is not among what is made alike.")
    head = [w("Forhold", "Characteristic"), w("Forskel før", "Difference before"), w("Efter", "After")]
    return f"<section id=\"ens\"><h2>{w('Ligner de hinanden?', 'Are they alike?')}</h2><p>{escape(told)}</p>{make.table(w('Forskel i standardafvigelser', 'Standardised differences'), head, rows)}</section>"


def _data(found: Compared, w: Words, provenance: dict[str, Any]) -> str:
    return f"<section id=\"data\"><h2>{w('Data og hvad der er gjort ved dem', 'The data and what was done to them')}</h2>{closing.checked(found.quality, w)}</section>"


def _origin(provenance: dict[str, Any], w: Words) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd><code>{escape(str(mark))}</code></dd>" for name, mark in provenance["files"].items())
    return f"<section id=\"ophav\"><h2>{w('Filernes fingeraftryk (SHA-256)', 'Fingerprints of the files (SHA-256)')}</h2><dl>{rows}</dl></section>"
