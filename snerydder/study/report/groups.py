"""Does it help some more than others? The parts, their weeks, and the only test that answers: the one of the difference."""

from __future__ import annotations

import math
from html import escape

from snerydder.effects.results import Refused
from snerydder.study.findings import OutcomeFound, Panel
from snerydder.study.found import Findings
from snerydder.study.protocol import Protocol
from snerydder.study.report import pieces as make
from snerydder.study.report import sentences
from snerydder.study.words import Words

Pictures = dict[str, dict[str, str]]


def groups(protocol: Protocol, found: Findings, figures: Pictures, w: Words) -> str:
    if not found.outcomes[0].splits:
        return _only_along(protocol, found, w)
    low, high = protocol.summary
    told = w(
        f"Tallet for hver gruppe er gennemsnittet af {w.weeks(low, high)}. En forskel, der er sikker i den ene gruppe og ikke i den anden, er ikke bevis for, at grupperne er ulige: det kan kun en prøve af den ene mod den anden vise, og den står sidst i tabellen.",
        f"The figure for each group is the mean of {w.weeks(low, high)}. A difference that is certain in one group and not in the other is no proof that the groups are unlike: only a test of one against the other can show that, and it stands last in the table.",
    )
    parts = [
        f'<section id="undergrupper"><h2>{w("Hjælper det nogen mere end andre?", "Does it help some more than others?")}</h2><p>{escape(told)}</p>'
    ]
    parts += [_outcome(protocol, one, figures, w) for one in found.outcomes if one.splits]
    first = found.outcomes[0]
    if first.by_place:
        sizes = sorted(int(panel.persons) // 2 for panel in first.by_place if math.isfinite(panel.persons))
        few, few_en = (f"omkring {sizes[len(sizes) // 2]}", f"about {sizes[len(sizes) // 2]}") if sizes else ("så få", "so few")
        named = "Kommunerne" if protocol.by_municipality else "Strata"
        told = w(f"{named} står i alfabetisk orden. Med {few} i hver gruppe kan forsøget ikke skelne dem fra hinanden.", f"The strata stand in alphabetical order. With {few_en} in each arm the trial cannot tell them apart.")
        told = f"{told} {_between_places(first, protocol.alpha, w)}"
        small = _parts(first, first.by_place, f"places-{first.name}", w(f"Ugerne {protocol.in_each}", "The weeks in each stratum"), figures, w)
        parts.append(f"<h3>{w(f'{first.short} {protocol.in_each}', f'{first.short_en} in each stratum')}</h3><p>{escape(told)}</p>{small}")
    return "".join(parts) + "</section>"


def _between_places(one: OutcomeFound, alpha: float, w: Words) -> str:
    """How unlike the places are once chance is taken out."""
    if isinstance(one.spread, Refused):
        return w(one.spread.reason, one.spread.reason_en)
    p, unlike = one.spread.homogeneity_p, 100 * one.spread.between**0.5
    if p < alpha:
        return w(f"De er mere forskellige i uge {one.week}, end tilfældet giver ({w.p_is(p)}); effekten svinger omkring {w.number(unlike, 1)} point mellem dem.", f"In week {one.week} they differ more than chance gives ({w.p_is(p)}); the effect varies by about {w.number(unlike, 1)} points between them.")
    return w(f"I uge {one.week} er de ikke mere forskellige, end tilfældet giver ({w.p_is(p)}).", f"In week {one.week} they differ no more than chance gives ({w.p_is(p)}).")


def _outcome(protocol: Protocol, one: OutcomeFound, figures: Pictures, w: Words) -> str:
    rule, rule_en = CORRECTION[protocol.correction]
    certain = [f"{name} ({w.p_is(p)})" for name, p in one.corrected_contrasts.items() if p < protocol.alpha]
    verdict = _difference_between(protocol, one, certain, w)
    head = [w("Gruppe", "Group"), w("Personer", "Persons"), w("Forskel, procentpoint", "Difference, points"), "p", f"p, {w(rule, rule_en)}", w("p for ens effekt", "p for equal effects")]
    if one.corrected_contrasts and protocol.correction != "none":
        head.append(w(f"p for ens effekt, {_between(protocol)}", f"p for equal effects, {_between(protocol)}"))
    table = make.table(w(f"Undergrupper, {one.short.lower()}", f"Subgroups, {one.short_en.lower()}"), head, _rows(protocol, one, w), w("Vis tallene", "Show the numbers"))
    level = round(100 * (1 - protocol.alpha))
    caption = w(f"Prikken er forskellen, stregen dens {level} %-interval. Fyldt prik: intervallet når ikke nul.", f"The dot is the difference, the line its {level} % interval. Filled dot: the interval does not reach zero.")
    weeks = _parts(one, one.panels, f"parts-{one.name}", w("Ugerne i hver undergruppe", "The weeks in each subgroup"), figures, w) if one.panels else ""
    return f"<h3>{w(one.short, one.short_en)}</h3><p>{escape(verdict)}</p>{make.figure(figures[f'forest-{one.name}'], caption, table)}{weeks}{_along(protocol, one, w)}"


def _only_along(protocol: Protocol, found: Findings, w: Words) -> str:
    if not protocol.interactions:
        return ""
    tables = "".join(f"<h3>{w(one.short, one.short_en)}</h3>{_along(protocol, one, w)}" for one in found.outcomes)
    return f'<section id="undergrupper"><h2>{w("Hjælper det nogen mere end andre?", "Does it help some more than others?")}</h2>{tables}</section>'


def _along(protocol: Protocol, one: OutcomeFound, w: Words) -> str:
    """A background that is a number is not cut in two where it need not be."""
    rows = []
    for along in one.along:
        label = f"{along.name}, {w('pr.', 'per')} {w.number(along.per, 0 if float(along.per).is_integer() else 2)}"
        if isinstance(along.change, Refused):
            rows.append([label, w(along.change.reason, along.change.reason_en), "", "", ""])
            continue
        change = along.change
        limits = w.pair(w.points(change.lower, 2), w.points(change.upper, 2))
        rows.append([label, w.points(change.effect, 2), limits, w.p(change.p), w.p(along.corrected) if along.corrected is not None else ""])
    if not rows:
        return ""
    rule, rule_en = CORRECTION["holm" if protocol.correction == "romano_wolf" else protocol.correction]
    low, high = protocol.summary
    head = [w("Langs", "Along"), w("Ændring i forskellen, point", "Change in the difference, points"), f"{round(100 * (1 - protocol.alpha))} %", "p", f"p, {w(rule, rule_en)}"]
    caption = w(f"{one.short}: hvor meget forskellen ({w.weeks(low, high)}) ændrer sig for hver så meget mere", f"{one.short_en}: how much the difference ({w.weeks(low, high)}) changes for each so much more")
    return make.table(caption, head, rows)


def _rows(protocol: Protocol, one: OutcomeFound, w: Words) -> list[list[str]]:
    rows = []
    for split in one.splits:
        for place, part in enumerate(split.parts):
            label = f"{split.name}: {part.name}"
            between = [""] if place else [w.p(split.homogeneity_p) if split.homogeneity_p is not None else "–"]
            if one.corrected_contrasts and protocol.correction != "none":
                between.append(w.p(one.corrected_contrasts[split.name]) if not place and split.name in one.corrected_contrasts else "")
            if isinstance(part.curve, Refused):
                rows.append([label, w.held(part.persons), w(part.curve.reason, part.curve.reason_en), "", "", *([""] * len(between))])
                continue
            low, high = (float(bound[0]) for bound in part.curve.interval(protocol.alpha))
            effect = f"{w.points(float(part.curve.effect[0]))} ({w.pair(w.points(low), w.points(high))})"
            rows.append([label, w.held(part.persons), effect, w.p(float(part.curve.p[0])), w.p(one.corrected_parts[f"{split.name} · {part.name}"]), *between])
    return rows


def _parts(one: OutcomeFound, panels: tuple[Panel, ...], name: str, title: str, figures: Pictures, w: Words) -> str:
    """The small pictures, and every tenth week of each as a table."""
    weeks = [week for week in one.weeks.tolist() if week % 10 == 0 or week == one.week]
    rows = [[f"{panel.group}: {panel.part}" if panel.group else panel.part, w.held(panel.persons), *(w.points(float(panel.effect[week])) for week in weeks)] for panel in panels]
    head = [w("Gruppe", "Group"), w("Personer", "Persons"), *(w(f"uge {week}", f"week {week}") for week in weeks)]
    caption = w(f"{title}, med bånd for hver uge for sig. Alle billeder har samme mål, og i små grupper er udsvingene store.", f"{title}, with a band for each week alone. All pictures share one scale, and small groups swing widely.")
    return make.figure(figures.get(name), caption, make.table(w(f"{one.short}: forskel i procentpoint", f"{one.short_en}: difference in points"), head, rows, w("Vis tallene", "Show the numbers")))


CORRECTION = {
    "holm": ("Holm", "Holm"), "hochberg": ("Hochberg", "Hochberg"), "hommel": ("Hommel", "Hommel"), "bh": ("Benjamini-Hochberg", "Benjamini-Hochberg"),
    "by": ("Benjamini-Yekutieli", "Benjamini-Yekutieli"), "romano_wolf": ("Romano-Wolf", "Romano-Wolf"), "none": ("ikke korrigeret", "not corrected"),
}  # fmt: skip


def _difference_between(protocol: Protocol, one: OutcomeFound, certain: list[str], w: Words) -> str:
    rule = "" if protocol.correction == "none" else _between(protocol)
    return sentences.unlike(w(one.short.lower(), one.short_en.lower()), certain, len(one.splits), rule, w)


def _between(protocol: Protocol) -> str:
    """The rule for the tests of one part against the other."""
    return CORRECTION["holm" if protocol.correction == "romano_wolf" else protocol.correction][0]
