"""The sections beside the effect: how soon, power, the method kept and what not everybody answered. `account` has the money, `mapped` what is not the trial's."""

from __future__ import annotations

from html import escape

import numpy as np

from snerydder.effects.attrition import Bounds
from snerydder.effects.fidelity import Measure
from snerydder.effects.results import Curve, Refused
from snerydder.study.findings import Number
from snerydder.study.found import Findings
from snerydder.study.power import in_part, in_time
from snerydder.study.protocol import Protocol
from snerydder.study.report import pieces as make
from snerydder.study.report import sentences
from snerydder.study.report.closing import refusal
from snerydder.study.words import MONTHS, MONTHS_EN, Words

Pictures = dict[str, dict[str, str]]


def section(name: str, heading: str, *parts: str) -> str:
    return f'<section id="{name}"><h2>{escape(heading)}</h2>{"".join(parts)}</section>'


def say(danish: str, english: str, w: Words) -> str:
    return f"<p>{escape(w(danish, english))}</p>"


def season(found: Findings, w: Words) -> str:
    """Elapsed weeks and the calendar are not the same: an autumn intake meets the school year at about week 45-52."""
    held = [month for month, count in enumerate(found.season) if count]
    if not held:
        return ""
    first, last = _span(held)
    da = f"lodtrækningerne lå fra {MONTHS[first]} til {MONTHS[last]}" if first != last else f"lodtrækningerne lå i {MONTHS[first]}"
    en = f"the draws were made from {MONTHS_EN[first]} to {MONTHS_EN[last]}" if first != last else f"the draws were made in {MONTHS_EN[first]}"
    school, school_en = "", ""
    if len(held) < 10:
        weeks = [((7 - month) % 12 or 12) * 4.35 for month in held]  # the school year opens in August, month 7 from January
        low, high = (round(week) for week in (min(weeks), max(weeks)))
        around, around_en = (f"uge {low}-{high}", f"weeks {low}-{high}") if low < high else (f"uge {low}", f"week {low}")
        school = f" Et skoleår begynder derfor omkring {around}, og et spring dér i begge grupper er årstid; kun forskellen mellem dem tæller."
        school_en = f" So a school year begins at about {around_en}, and a jump there in both arms is the season; only the difference between them counts."
    return say(f"Ugerne er talt fra lodtrækningen og ikke efter kalenderen: {da}.{school}", f"Weeks are counted from the draw and not by the calendar: {en}.{school_en}", w)


def _span(held: list[int]) -> tuple[int, int]:
    """The shortest run of months, over new year too."""
    for length in range(1, 13):
        for first in range(12):
            if set(held) <= {(first + step) % 12 for step in range(length)}:
                return first, (first + length - 1) % 12
    return 0, 11


def timing(protocol: Protocol, found: Findings, figures: Pictures, w: Words) -> str:
    """What came first, and still on benefit."""
    level = round(100 * (1 - protocol.alpha))
    parts = [say("Kurverne regner fra lodtrækningen, så ingen er valgt fra undervejs.", "The curves run from the draw, so nobody is picked along the way.", w)]
    one = found.reached
    if isinstance(one, Refused):
        parts.append(refusal(one, w))
    else:
        rows, last = [], protocol.last
        for number, outcome in enumerate(found.outcomes):
            gap = one.difference[number]
            at = np.flatnonzero(np.isfinite(gap.effect))[-1:]  # the last week that may be shown, in both arms: a share of it stands beside no other week's
            last = int(at[0]) if len(at) else last
            shares = [w.percent(float(curve[at[0]])) if len(at) else "–" for curve in (one.control[number], one.treated[number])]
            rows.append([w(outcome.short, outcome.short_en), *shares, *(_points(gap.at(at), protocol.alpha, w) if len(at) else ["–", ""])])
        head = [w("Først nået", "Reached first"), w("Kontrol", "Control"), w("Deltagere", "Participants"), w("Forskel, point", "Difference, points"), w(f"{level} %", f"{level} %")]
        low, high = one.earlier.interval(protocol.alpha)
        won = sentences.Claim(float(one.earlier.effect[0]), float(low[0]), float(high[0]), protocol.alpha)
        told = sentences.sooner(won, w) if len(found.outcomes) > 1 else ""
        caption = w("Den første uge i hvert udfald, og aldrig begge: den, der er begyndt i job, kan ikke også være begyndt på uddannelse som det første (Aalen-Johansen).", "The first week in each outcome and never both: who has begun a job cannot have begun education first (Aalen-Johansen).")
        parts.append(f"<p>{escape(told)} {escape(_sooner(one.p, w))}</p>")
        parts.append(make.figure(figures["reached"], caption, make.table(w(f"Nået til og med uge {last}", f"Reached by the end of week {last}"), head, rows, w("Vis tallene", "Show the numbers"))))
    two = found.benefit
    parts.append(f"<h3>{w('Stadig på ydelse', 'Still on benefit')}</h3>")
    if isinstance(two, Refused):
        parts.append(refusal(two, w))
    else:
        low, high = two.restricted.interval(protocol.alpha)
        spent = sentences.Claim(float(two.restricted.effect[0]), float(low[0]), float(high[0]), protocol.alpha)
        told = w(
            f"De {w.number(two.persons)}, der var på ydelse ved lodtrækningen, følges, til de har været {two.gap + 1} uger i træk uden. {sentences.on_benefit(spent, two.until, w)}",
            f"The {w.number(two.persons)} on benefit at the draw are followed until {two.gap + 1} weeks in a row without. {sentences.on_benefit(spent, two.until, w)}",
        )
        rows = [[str(week), *(f"{w.percent(share)} ({w.number(at)})" for share, at in (at_week(two.control, week), at_week(two.treated, week)))] for week in range(0, two.until + 1, 10)]
        table = make.table(w("Stadig på ydelse (og hvor mange der følges)", "Still on benefit (and how many are followed)"), [w("Uge", "Week"), w("Kontrol", "Control"), w("Deltagere", "Participants")], rows, w("Vis tallene", "Show the numbers"))
        caption = w(f"Kaplan-Meier, med {level} %-bånd om deltagerne. En pause på op til {two.gap} uger er ikke en afslutning.", f"Kaplan-Meier, with a {level} % band for participants. A pause of up to {two.gap} weeks is no end.")
        parts.append(f"<p>{escape(told)} {escape(_sooner(two.p, w))}</p>" + make.figure(figures["benefit"], caption, table))
    return section("tid", w("Hvor hurtigt?", "How soon?"), *parts)


def _sooner(p: float | None, w: Words) -> str:
    """The log-rank test, by the lottery itself."""
    if p is None:
        return ""
    return w(f"Er tiden forskellig? Log-rank-test med lodderne trukket om: {w.p_is(p)}.", f"Does the time differ? Log-rank test, the lottery drawn again: {w.p_is(p)}.")


def at_week(found: object, week: int) -> tuple[float, float]:
    from snerydder.effects.survival import Survival

    assert isinstance(found, Survival)
    place = int(np.searchsorted(found.time, week, side="right")) - 1
    later = int(np.searchsorted(found.time, week, side="left"))
    return (1.0 if place < 0 else float(found.share[place])), float(found.at_risk[min(later, len(found.at_risk) - 1)])


def _points(curve: Curve, alpha: float, w: Words) -> list[str]:
    low, high = curve.interval(alpha)
    return [w.points(float(curve.effect[0]), 2), w.pair(w.points(float(low[0]), 2), w.points(float(high[0]), 2))]


TOGETHER = {  # by whether one municipality asks alone
    True: (
        "Kommunen kan ikke få svaret alene. Gå sammen med andre kommuner om den samme protokol.",
        "The municipality cannot get the answer alone. Join other municipalities in the same protocol.",
    ),
    False: ("Der skal flere kommuner med, eller flere borgere i hver.", "It takes more municipalities, or more citizens in each."),
}  # fmt: skip


def power(protocol: Protocol, found: Findings, figures: Pictures, w: Words) -> str:
    if isinstance(found.power, Refused):
        return ""
    parts = []
    rows = []
    for one in found.power:
        more = " ".join(words for words in (in_time(one, w), in_part(protocol.power["wanted"], one, w)) if words)
        parts.append(f"<p><b>{escape(w(one.question.name, one.question.name_en))}.</b> {escape(w(one.alone.sentence, one.alone.sentence_en))} {escape(more)}</p>")
        if not one.alone.enough:
            parts.append(f"<p><b>{escape(w(*TOGETHER[one.alone.now == 1]))}</b></p>")
        rows += [[f"{w(one.question.name, one.question.name_en)} {w.points(size, 0)}", w.percent(alone, 0), w.percent(together, 0)] for size, alone, together in one.table]
    level = round(100 * (1 - protocol.alpha))
    head = [w("Forskel, procentpoint", "Difference, points"), w(f"Én uge, valgt på forhånd ({level} %)", f"One week, chosen beforehand ({level} %)"), w("Hele kurven", "Whole curve")]
    caption = w("Sandsynligheden for at finde en forskel, efter dens størrelse. Vandret, prikket: den styrke, der blev ønsket.", "The chance of finding a difference, by its size. Dotted: the power wanted.")
    table = make.table(w("Sandsynlighed for at finde forskellen", "Chance of finding the difference"), head, rows, w("Vis tallene", "Show the numbers"))
    return section("styrke", w("Kunne forsøget vise det?", "Could the trial show it?"), *parts, make.figure(figures["power"], caption, table))


def fidelity(found: Findings, w: Words) -> str:
    if not found.points:
        return ""
    rows = []
    for one in found.points:
        if isinstance(one, Measure):
            unknown = w.number(one.unknown) if one.unknown else ""
            rows.append([f"{one.point}. {w(one.label, one.label_en)}", w.percent(one.share, 0), f"{w.number(one.numerator)} / {w.number(one.denominator)}", unknown])
        else:
            rows.append([w(one.reason, one.reason_en), "", "", ""])
    head = [w("Indsatspunkt", "Point of the method"), w("Andel", "Share"), w("Antal", "Number"), w("Vides ikke", "Not known")]
    told = say("Forsøgets syv indsatspunkter, så langt filerne kan sige det. De, mentoren aldrig fik fat på, er med i nævneren, hvor punktet handler om dem.", "The trial's seven points, as far as the files can tell. Those never reached are in the denominator where the point is about them.", w)
    return f"<h3>{w('Blev metoden fulgt?', 'Was the method kept?')}</h3>{told}{make.table(w('Indsatspunkterne', 'The points of the method'), head, rows)}"


def answers(protocol: Protocol, found: Findings, w: Words) -> str:
    """Only when something was asked and some did not answer."""
    if not found.answers:
        return ""
    level = round(100 * (1 - protocol.alpha))
    parts = []
    for one in found.answers:
        share = [w.percent(count / of, 0) for count, of in ((one.answered_treated, found.treated), (one.answered_control, found.control))]
        moved = one.response
        skew, skew_en = "", ""
        if not isinstance(moved, Refused):
            certain = moved.lower > 0 or moved.upper < 0
            skew = "Forskellen er større, end tilfældet giver, så de, der svarede, kan ikke uden videre sammenlignes." if certain else "Det er ikke mere forskelligt, end tilfældet giver."
            skew_en = "That is more than chance gives, so those who answered cannot simply be compared." if certain else "That is no more different than chance gives."
        told = w(
            f"{share[0]} af deltagerne og {share[1]} af kontrolgruppen svarede. {skew} Gennemsnittet blandt dem er {w.number(one.treated, 2)} og {w.number(one.control, 2)}.",
            f"{share[0]} of participants and {share[1]} of controls answered. {skew_en} Among them the means are {w.number(one.treated, 2)} and {w.number(one.control, 2)}.",
        )
        rows = [
            _answer(w("Forskel blandt dem, der svarede", "Difference among those who answered"), one.among, w),
            _answer(w("Vægtet, så de svarer for dem, der ligner dem", "Weighted to stand for those like them"), one.reweighted, w),
            _between(w("Grænser for dem, der svarer i begge tilfælde (Lee)", "Bounds for those who answer either way (Lee)"), one.lee, w),
            _between(w("Grænser, uanset hvad resten ville have svaret (Manski)", "Bounds whatever the rest would have said (Manski)"), one.manski, w),
        ]
        head = [w("Måde", "Method"), w("Forskel", "Difference"), w(f"{level} %", f"{level} %")]
        parts.append(f"<h3>{escape(one.name)}</h3><p>{escape(told)}</p>{make.table(w('Hvad forskellen kan være', 'What the difference can be'), head, rows)}")
    return section("svar", w("Det, ikke alle svarede på", "What not everybody answered"), *parts)


def _answer(name: str, one: Number | Refused, w: Words) -> list[str]:
    if isinstance(one, Refused):
        return [f"{name}: {w(one.reason, one.reason_en)}", "", ""]
    return [name, _signed(one.effect, w), f"{_signed(one.lower, w)}; {_signed(one.upper, w)}"]


def _between(name: str, one: Bounds | Refused, w: Words) -> list[str]:
    if isinstance(one, Refused):
        return [f"{name}: {w(one.reason, one.reason_en)}", "", ""]
    low, high = float(one.lower.effect[0]), float(one.upper.effect[0])
    return [name, w(f"{_signed(low, w)} til {_signed(high, w)}", f"{_signed(low, w)} to {_signed(high, w)}"), f"{_signed(float(one.interval_lower[0]), w)}; {_signed(float(one.interval_upper[0]), w)}"]


def _signed(value: float, w: Words) -> str:
    return w.points(value / 100, 2)
