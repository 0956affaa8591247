"""How sure: are the groups alike, from which week is the difference certain when more and more is looked at, and what was known along the way."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Protocol

import numpy as np

from snerydder.effects import bands
from snerydder.effects.permutation import Shift
from snerydder.effects.results import Floats, Refused
from snerydder.registers import weeks
from snerydder.study import protocol as protocols
from snerydder.study.findings import OutcomeFound
from snerydder.study.found import Findings
from snerydder.study.looks import Looks
from snerydder.study.report import pieces as make
from snerydder.study.report.closing import refusal
from snerydder.study.report.curves import frame
from snerydder.study.report.svg import BAND, INK, SOFT, TREATED, Board, ends
from snerydder.study.words import Words

Pictures = dict[str, dict[str, str]]


class Named(Protocol):
    """An outcome by its names: of a run, or of the protocol alone."""

    @property
    def short(self) -> str: ...

    @property
    def short_en(self) -> str: ...


def alike(found: Findings, w: Words) -> str:
    """The verdict on the draw in a sentence, and the three tests behind it."""
    tests, p = found.alike, found.alike.p
    if p is None:
        refused = tests.redrawn
        assert isinstance(refused, Refused)
        return refusal(refused, w)
    largest = max((abs(line.smd) for line in found.balance if not isinstance(line, Refused)), default=0.0)
    told = w(
        f"Lodtrækningen ligner den, den skulle være: den største forskel er {w.number(largest, 2)} standardafvigelse, og ser man på alle forhold under ét, ville en ny lodtrækning gøre grupperne mindst så ulige i {w.percent(p, 0)} af tilfældene. Enkelte lave p-værdier i en lang tabel er ventelige.",
        f"The draw looks as it should: the largest difference is {w.number(largest, 2)} standard deviations, and taking all characteristics together a new draw would make the arms at least this unlike in {w.percent(p, 0)} of cases. A few low p-values in a long table are to be expected.",
    ) if p > 0.05 else w(
        f"Grupperne er mere forskellige, end lodtrækningen skulle give: en ny lodtrækning ville kun gøre dem så ulige i {w.percent(p, 1)} af tilfældene. Se efter, om alle trukne er med.",
        f"The arms differ more than the draw should give: a new draw would make them this unlike in only {w.percent(p, 1)} of cases. Check that everybody drawn is here.",
    )  # fmt: skip
    return f"<p>{escape(told)}</p>"


def alike_table(found: Findings, w: Words) -> str:
    tests, rows = found.alike, list[list[str]]()
    names = (
        (tests.f, w("F-test af alle forhold", "F test of all characteristics")), (tests.wald, w("Wald-test med robuste fejl (HC2)", "Wald test with robust errors (HC2)")),
        (tests.redrawn, w("Samme F, med lodtrækningen trukket om", "The same F, with the lottery drawn again")),
    )  # fmt: skip
    for one, name in names:
        if isinstance(one, Refused):
            rows.append([name, w(one.reason, one.reason_en), ""])
        else:
            rows.append([name, w.number(getattr(one, "statistic", getattr(one, "f", 0.0)), 2), w.p(one.p)])
    return make.table(w("Alle forhold under ét", "All characteristics together"), [w("Prøve", "Test"), w("Størrelse", "Statistic"), "p"], rows)


def family(found: Findings, w: Words) -> str:
    """From which week on, when more and more is looked at at once."""
    rows, several = list[list[str]](), len(found.outcomes) > 1
    for one in found.outcomes:
        level, everything = round(100 * one.band.level), one.family
        weeks = [one.lasting_pointwise, one.lasting_simultaneous, *([everything.lasting if everything else None] if several else [])]
        rows.append([f"{w(one.short, one.short_en)}, {level} %", *(_week(week, w) for week in weeks), w.p(_smallest(one.permuted_family))])
        if level != 95:
            band = one.band_wide
            both = (bands.first_week_outside(low, high, one.weeks) for low, high in ((band.lower, band.upper), (band.simultaneous_lower, band.simultaneous_upper)))
            rows.append([f"{w(one.short, one.short_en)}, 95 %", *(_week(week, w) for week in both), *([""] if several else []), ""])
    head = [w("Udfald", "Outcome"), w("Hver uge for sig", "Each week alone"), w("Hele kurven", "The whole curve")]
    head += [w("Begge kurver", "Both curves") if len(found.outcomes) == 2 else w(f"Alle {len(found.outcomes)} kurver", f"All {len(found.outcomes)} curves")] if several else []
    told = w(
        "Jo flere uger og udfald man ser på, des oftere ser noget ud af noget. Tallet er den uge, hvorfra forskellen er sikker i resten af vinduet; sidste søjle er den mindste p-værdi, når lodtrækningen trækkes om og alle uger og udfald tæller som én familie (max-T).",
        "The more weeks and outcomes one looks at, the more often something seems to stand out. The number is the week from which the difference is certain for the rest of the window; the last column is the smallest p-value when the lottery is drawn again and all weeks and outcomes count as one family (max-T).",
    )
    table = make.table(w("Sikker fra uge", "Certain from week"), [*head, w("p, lod om", "p, redrawn")], rows)
    return f'<section id="sikkert"><h2>{w("Fra hvilken uge er det sikkert?", "From which week is it certain?")}</h2><p>{escape(told)}</p>{table}</section>'


def _smallest(p: Floats) -> float:
    shown = p[np.isfinite(p)]
    return float(shown.min()) if len(shown) else float("nan")


def _week(week: int | None, w: Words) -> str:
    return w("ikke", "not") if week is None else str(week)


def shifted(one: OutcomeFound, w: Words, level: int) -> str:
    """The lottery's own interval for the weeks summed up."""
    found = one.shift
    if not isinstance(found, Shift):
        return ""
    number = partial(w.number, decimals=1)
    return w(
        f" Lodtrækningen selv, trukket om, afviser ikke en fast forskel på mellem {number(found.lower)} og {number(found.upper)} uger ({level} %).",
        f" The lottery itself, drawn again, does not reject a constant difference of between {number(found.lower)} and {number(found.upper)} weeks ({level} %).",
    )


def looks_figure(one: Looks, outcome: Named, words: Words, width: float) -> str:
    w, shown = words, np.isfinite(one.lower)
    persons, last = one.persons[shown].astype(float).tolist(), float(one.persons[-1])
    title = w(f"{outcome.short}, uge {one.week}: hvad man vidste undervejs", f"{outcome.short_en}, week {one.week}: what was known along the way")
    board = Board(width, 330, title, w(f"Til sidst {w.points(float(one.estimate[-1]))} procentpoint.", f"At the end {w.points(float(one.estimate[-1]))} points."), f"looks-{one.outcome}-{int(width)}")
    steady = one.persons[shown] >= last / 8  # the first looks reach far beyond the page
    low, high = ends(0.0, one.lower[shown][steady], one.upper[shown][steady], step=0.02)
    panel = frame(board, last, low, high, 16, 268, lambda value: w.points(value, 0), True, 8)
    inside = [np.clip(edge[shown], low, high) for edge in (one.exact_upper, one.exact_lower, one.upper, one.lower, one.estimate)]
    board.area(panel.points(persons, inside[2]), panel.points(persons, inside[3]), BAND)
    for edge in inside[:2]:  # not along the edge of the picture, where it would look as if it stood still
        board.curve(panel.points(persons, np.where((edge > low) & (edge < high), edge, np.nan)), INK, 1.2, "4 3")
    board.line(panel.left, panel.y(0), panel.right, panel.y(0), INK, 1.2)
    board.curve(panel.points(persons, inside[4]), TREATED, 2.2)
    board.text((panel.left + panel.right) / 2, 316, w("Personer, hvis udfald var kendt", "Persons whose outcome was known"), anchor="middle", colour=SOFT, size=12)
    return board.markup()


def looks(protocol: protocols.Protocol, found: Findings, figures: Pictures, w: Words) -> str:
    if not found.looks:
        return ""
    level = round(100 * (1 - protocol.alpha))
    told = w(
        f"De almindelige bånd holder kun, hvis man ser efter én gang. Her er et {level} %-interval, der holder, hvor tit man end kigger, mens udfaldene bliver kendt. Det er bredere; det er prisen.",
        f"The ordinary bands hold only if one looks once. Here is a {level} % interval that holds however often one looks as the outcomes become known. It is wider; that is the price.",
    )
    parts = [f'<section id="undervejs"><h2>{w("Hvis man kigger undervejs", "Looking along the way")}</h2><p>{escape(told)}</p>']
    for one, outcome in zip(found.looks, found.outcomes, strict=True):
        parts.append(f"<h3>{w(outcome.short, outcome.short_en)}</h3>")
        parts.append(refusal(one, w) if isinstance(one, Refused) else looked(one, outcome, figures, level, w))
    return "".join(parts) + "</section>"


def looked(one: Looks, outcome: Named, figures: Pictures, level: int, w: Words) -> str:
    rows = [
        [w.week(weeks.name(int(week))), w.number(persons), *([w.points(estimate, 2), f"{w.points(low, 2)}; {w.points(high, 2)}"] if np.isfinite(low) else ["", ""]), f"{w.points(exact_low, 2)}; {w.points(exact_high, 2)}"]
        for week, persons, estimate, low, high, exact_low, exact_high in zip(one.calendar.tolist(), one.persons.tolist(), one.estimate.tolist(), one.lower.tolist(), one.upper.tolist(), one.exact_lower.tolist(), one.exact_upper.tolist(), strict=True)
    ]  # fmt: skip
    head = [w("Kalenderuge", "Calendar week"), w("Kendt", "Known"), w("Forskel", "Difference"), f"{level} %", w(f"{level} %, uden tilnærmelse", f"{level} %, without approximation")]
    table = make.table(w(f"{outcome.short} i uge {one.week}, som det så ud undervejs", f"{outcome.short_en} in week {one.week}, as it looked along the way"), head, rows, w("Vis tallene", "Show the numbers"))
    told = [_ruled_out(one, one.decided, one.lower, one.upper, w)]
    if one.decided is None and one.decided_exactly is None:
        told = [w("Nul kunne på intet tidspunkt udelukkes, heller ikke uden tilnærmelsen.", "At no time could zero be ruled out, with or without the approximation.")]
    elif not np.array_equal(one.lower, one.exact_lower):
        told += [w("Uden tilnærmelsen:", "Without the approximation:"), _ruled_out(one, one.decided_exactly, one.exact_lower, one.exact_upper, w)]
    caption = w("Bånd: intervallet ved mange personer. Stiplet: et, der holder ved ethvert antal.", "Band: the interval for many persons. Dashed: one that holds at any number.")
    return f"<p>{escape(' '.join(told))}</p>{make.figure(figures[f'looks-{one.outcome}'], caption, table)}"


def _ruled_out(one: Looks, decided: int | None, lower: Floats, upper: Floats, w: Words) -> str:
    if decided is None:
        return w("Nul kunne på intet tidspunkt udelukkes.", "At no time could zero be ruled out.")
    when, persons = w.week(weeks.name(int(one.calendar[decided]))), w.number(int(one.persons[decided]))
    last = w("Til sidst var nul stadig udelukket.", "At the end zero was still ruled out.") if lower[-1] > 0 or upper[-1] < 0 else w("Til sidst var nul med igen.", "At the end zero was back inside.")
    if decided == len(one.persons) - 1:
        last = ""
    return w(f"Nul var første gang udelukket i {when}, da udfaldet var kendt for {persons} personer. {last}", f"Zero was first ruled out in {when}, when the outcome was known for {persons} persons. {last}").strip()
