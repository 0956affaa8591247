"""The sections that are not from the trial: the mapping of courses and the inspection."""

from __future__ import annotations

from html import escape

import numpy as np

from snerydder.effects.results import Refused
from snerydder.study.found import Findings
from snerydder.study.mapping import Courses, Inspected
from snerydder.study.protocol import Protocol
from snerydder.study.report import pieces as make
from snerydder.study.report.beside import Pictures, at_week, say, section
from snerydder.study.report.closing import refusal
from snerydder.study.words import Words


def mapped(protocol: Protocol, found: Findings, figures: Pictures, w: Words) -> str:
    one, survey = found.mapped.courses, found.mapped.survey
    if one is None and not survey:
        return ""
    parts = [say("Det følgende er ikke fra forsøget og sammenligner ingen. Det beskriver, hvad der sker; hvad der fulgte efter et forløb, er ikke forløbets fortjeneste.", "What follows is not from the trial and compares nobody. It describes what happens; what followed a course is not due to the course.", w)]
    if isinstance(one, Refused):
        parts.append(refusal(one, w))
    elif one is not None:
        parts.append(_courses(protocol, one, figures, w))
    if survey:
        level = round(100 * (1 - protocol.alpha))
        rows = [[share.name, w.percent(share.share), f"{w.held(share.yes)} / {w.held(share.of)}", w(f"{w.percent(share.lower)} til {w.percent(share.upper)}", f"{w.percent(share.lower)} to {w.percent(share.upper)}")] for share in survey]
        parts.append(f"<h3>{escape(str(protocol.survey['title']))}</h3>" + make.table(w(f"Svar fra {w.number(found.mapped.answered)}", f"Answers from {w.number(found.mapped.answered)}"), [w("Spørgsmål", "Question"), w("Ja", "Yes"), w("Antal", "Number"), f"{level} % (Wilson)"], rows))
    return section("kortlaegning", w("Kortlægningen: mentor som eneste indsats", "The mapping study: a mentor as the only support"), *parts)


def _courses(protocol: Protocol, one: Courses, figures: Pictures, w: Words) -> str:
    level, horizon = round(100 * (1 - protocol.alpha)), len(one.after.weeks)
    median = "–" if one.length.median is None else w.number(one.length.median)
    typical = w("Det typiske forløb varer altså mere end et halvt år.", "So the typical course lasts more than half a year.") if one.over_half_year > 0.5 else ""
    length = w(
        f"{w.percent(one.over_half_year, 0)} af forløbene varer mere end 26 uger ({w.percent(one.over_lower, 0)} til {w.percent(one.over_upper, 0)}), og halvdelen er slut efter {median} uger. {typical} De, der endnu løb, da registret sluttede, er talt med som det, de er: ikke slut.",
        f"{w.percent(one.over_half_year, 0)} of the courses last more than 26 weeks ({w.percent(one.over_lower, 0)} to {w.percent(one.over_upper, 0)}), and half have ended after {median} weeks. {typical} Those still running when the register ended are counted as what they are: not ended.",
    )
    follow = w(
        f"Inden for {horizon} uger blev {w.percent(one.active_share, 0)} af de afsluttede forløb fulgt af et aktivt tilbud ({w.percent(one.active_lower, 0)} til {w.percent(one.active_upper, 0)}): {_third(one.active_share)}. "
        f"Af dem var {w.percent(one.company_share, 0)} virksomhedsrettede ({w.percent(one.company_lower, 0)} til {w.percent(one.company_upper, 0)}).",
        f"Within {horizon} weeks {w.percent(one.active_share, 0)} of the courses that ended were followed by an active offer ({w.percent(one.active_lower, 0)} to {w.percent(one.active_upper, 0)}). "
        f"Of these {w.percent(one.company_share, 0)} were with a company ({w.percent(one.company_lower, 0)} to {w.percent(one.company_upper, 0)}).",
    )
    weeks = one.after.weeks.astype(int).tolist()
    there = [week for week in weeks if np.isfinite(one.after.inside.effect[week - 1])]
    shown = sorted({max(week for week in there if week <= wanted) for wanted in (1, 4, 8, 13, 20, horizon) if there[0] <= wanted})
    head = [w("Uge efter", "Week after"), *(kind.replace("_", " ") for kind in one.kinds), w("Intet endnu", "Nothing yet"), w("Følges", "Followed")]
    rows = [[str(week), *(w.percent(float(curve.effect[week - 1])) for curve in one.after.curves), w.percent(float(one.after.inside.effect[week - 1])), w.number(int(one.after.at_risk[week - 1]))] for week in shown]
    lengths = [[str(week), w.percent(at_week(one.length, week)[0]), w.number(at_week(one.length, week)[1])] for week in (4, 8, 13, 26, 39, 52, 78, 104) if week <= one.length.time[-1]]
    minutes = [[group.group or w("Alle", "All"), w.number(group.courses), w.number(group.median), w.percent(group.one_to_two, 0)] for group in one.minutes]
    told = w("Tiden er minutter om ugen, som de står i forløbet.", "Time is minutes a week as the course has it.")
    return (
        f"<h3>{w('Hvor længe', 'How long')}</h3><p>{escape(length)}</p>"
        + make.figure(figures["length"], w(f"{w.number(one.courses)} forløb, {w.number(one.persons)} personer, Kaplan-Meier med {level} %-bånd.", f"{w.number(one.courses)} courses, {w.number(one.persons)} persons, Kaplan-Meier with a {level} % band."), make.table(w("Stadig i forløbet", "Still in the course"), [w("Uge", "Week"), w("Andel", "Share"), w("Følges", "Followed")], lengths, w("Vis tallene", "Show the numbers")))
        + f"<h3>{w('Hvad der fulgte', 'What followed')}</h3><p>{escape(follow)}</p>"
        + make.figure(figures["follows"], w("Det første, der fulgte, lagt oven på hinanden (Aalen-Johansen).", "The first that followed, stacked (Aalen-Johansen)."), make.table(w("Andel, der er gået videre til", "Share gone on to"), head, rows, w("Vis tallene", "Show the numbers")))
        + (f"<h3>{w('Tid om ugen', 'Time a week')}</h3><p>{escape(told)}</p>" + make.table(w("Minutter om ugen", "Minutes a week"), [w("Målgruppe", "Target group"), w("Perioder", "Periods"), w("Median", "Median"), w("1-2 timer om ugen", "1-2 hours a week")], minutes) if minutes else "")
    )  # fmt: skip


def _third(share: float) -> str:
    return "mere end en tredjedel" if share > 1 / 3 else "mindre end en tredjedel"


def inspected(protocol: Protocol, found: Findings, w: Words) -> str:
    one = found.mapped.inspected
    if one is None:
        return ""
    heading = w("Tilsynet: er støtten fulgt op?", "The inspection: was support followed up?")
    if isinstance(one, Refused):
        return section("tilsyn", heading, refusal(one, w))
    return section("tilsyn", heading, _inspection(protocol, one, w))


def _inspection(protocol: Protocol, one: Inspected, w: Words) -> str:
    level = round(100 * (1 - protocol.alpha))
    share = w.percent(one.not_followed, 0)
    third, third_en = ("omkring en tredjedel af", "about one third of") if 0.28 <= one.not_followed <= 0.39 else (f"{share} af", f"{share} of")
    between, between_en = "", ""
    if np.isfinite(one.lowest):  # with few municipalities the ends are one municipality's
        between = f"Mellem kommunerne i stikprøven går det fra {w.percent(one.lowest, 0)} til {w.percent(one.highest, 0)}, og det siger lidt om den enkelte: der er kun set på {w.number(one.cases / one.municipalities)} sager i hver."
        between_en = f"Between the municipalities of the sample it runs from {w.percent(one.lowest, 0)} to {w.percent(one.highest, 0)}, which says little of any one of them: only {w.number(one.cases / one.municipalities)} cases were looked at in each."
    return say(
        f"I {third} sagerne var der ikke fulgt op på, om støtten blev leveret: {w.percent(one.not_followed)} ({level} %-interval {w.percent(one.lower)} til {w.percent(one.upper)}). "
        f"Der er set på {w.number(one.cases)} sager i {w.number(one.municipalities)} kommuner, trukket blandt {w.number(one.population)}; hver kommune vejer efter sit antal sager, og usikkerheden tager højde for begge lodtrækninger. "
        + between,
        f"In {third_en} the cases nobody had followed up whether support was delivered: {w.percent(one.not_followed)} ({level} % interval {w.percent(one.lower)} to {w.percent(one.upper)}). "
        f"{w.number(one.cases)} cases were looked at in {w.number(one.municipalities)} municipalities drawn among {w.number(one.population)}; each weighs by its number of cases, and the uncertainty allows for both draws. "
        + between_en, w,
    )  # fmt: skip
