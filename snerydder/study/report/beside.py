"""The sections beside the effect: how soon, power, money, the method kept, the mapping, the inspection and the quality of the data."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import numpy as np

from snerydder.effects.attrition import Bounds
from snerydder.effects.fidelity import Measure
from snerydder.effects.results import Curve, Refused
from snerydder.study.findings import Number
from snerydder.study.found import Findings
from snerydder.study.mapping import Courses, Inspected
from snerydder.study.money import NAMES, VIEW_NAMES, Money
from snerydder.study.power import in_part, in_time
from snerydder.study.protocol import Protocol
from snerydder.study.report import pieces as make
from snerydder.study.report import sentences
from snerydder.study.report.closing import refusal
from snerydder.study.report.durations import latest
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
        school = f" Et skoleår begynder derfor omkring uge {low}-{high}, og et spring dér i begge grupper er årstid; kun forskellen mellem dem tæller."
        school_en = f" So a school year begins at about weeks {low}-{high}, and a jump there in both arms is the season; only the difference between them counts."
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
    parts = [say("Kurverne regner fra lodtrækningen, så ingen er valgt fra undervejs.", "The curves run from the draw, so nobody is selected on the way.", w)]
    one = found.reached
    if isinstance(one, Refused):
        parts.append(refusal(one, w))
    else:
        rows = []
        for number, outcome in enumerate(found.outcomes):
            gap = one.difference[number]
            at = np.flatnonzero(np.isfinite(gap.effect))[-1:]
            last = replace(gap, effect=gap.effect[at], psi=gap.psi[:, at], df=None)
            rows.append([w(outcome.short, outcome.short_en), w.percent(latest(one.control[number])), w.percent(latest(one.treated[number])), *(_points(last, protocol.alpha, w) if len(at) else ["–", ""])])
        head = [w("Først nået", "Reached first"), w("Kontrol", "Control"), w("Deltagere", "Participants"), w("Forskel, point", "Difference, points"), f"{level} %"]
        low, high = one.earlier.interval(protocol.alpha)
        won = sentences.Claim(float(one.earlier.effect[0]), float(low[0]), float(high[0]), protocol.alpha)
        told = sentences.sooner(won, w) if len(found.outcomes) > 1 else ""
        caption = w("Den første uge i hvert udfald, og aldrig begge: den, der er begyndt i job, kan ikke også være begyndt på uddannelse som det første (Aalen-Johansen).", "The first week in each outcome and never both: who has begun a job cannot have begun education first (Aalen-Johansen).")
        parts.append(f"<p>{escape(told)} {escape(_sooner(one.p, w))}</p>")
        parts.append(make.figure(figures["reached"], caption, make.table(w(f"Nået inden uge {protocol.last}", f"Reached by week {protocol.last}"), head, rows, w("Vis tallene", "Show the numbers"))))
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
        rows = [[str(week), *(f"{w.percent(share)} ({w.number(at)})" for share, at in (_at(two.control, week), _at(two.treated, week)))] for week in range(0, two.until + 1, 10)]
        table = make.table(w("Stadig på ydelse (og hvor mange der følges)", "Still on benefit (and how many are followed)"), [w("Uge", "Week"), w("Kontrol", "Control"), w("Deltagere", "Participants")], rows, w("Vis tallene", "Show the numbers"))
        caption = w(f"Kaplan-Meier, med {level} %-bånd om deltagerne. En pause på op til {two.gap} uger er ikke en afslutning.", f"Kaplan-Meier, with a {level} % band for participants. A pause of up to {two.gap} weeks is no end.")
        parts.append(f"<p>{escape(told)} {escape(_sooner(two.p, w))}</p>" + make.figure(figures["benefit"], caption, table))
    return section("tid", w("Hvor hurtigt?", "How soon?"), *parts)


def _sooner(p: float | None, w: Words) -> str:
    """The log-rank test, by the lottery itself."""
    if p is None:
        return ""
    return w(f"Er tiden forskellig? Log-rank-test med lodderne trukket om: p\u00a0=\u00a0{w.p(p)}.", f"Does the time differ? Log-rank test, the lottery drawn again: p\u00a0=\u00a0{w.p(p)}.")


def _at(found: object, week: int) -> tuple[float, float]:
    from snerydder.effects.survival import Survival

    assert isinstance(found, Survival)
    place = int(np.searchsorted(found.time, week, side="right")) - 1
    later = int(np.searchsorted(found.time, week, side="left"))
    return (1.0 if place < 0 else float(found.share[place])), float(found.at_risk[min(later, len(found.at_risk) - 1)])


def _points(curve: Curve, alpha: float, w: Words) -> list[str]:
    low, high = curve.interval(alpha)
    return [w.points(float(curve.effect[0]), 2), f"{w.points(float(low[0]), 2)}; {w.points(float(high[0]), 2)}"]


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


def money(protocol: Protocol, found: Findings, figures: Pictures, w: Words) -> str:
    one = found.money
    if one is None:
        return ""
    heading = w("Økonomi pr. person, der blev trukket lod om", "Money per person drawn")
    if isinstance(one, Refused):
        return section("penge", heading, refusal(one, w))
    level, prices = round(100 * (1 - protocol.alpha)), protocol.prices
    head = [w("Kasse", "Purse"), *(w(*NAMES[line]) for line in one.lines), w("I alt", "In all"), f"{level} %"]
    rows = [[w(*VIEW_NAMES[view]), *(w.number(value) for value in one.by_view[view]), w.number(number.effect), _kroner(number, w)] for view, number in one.views.items()]
    table = make.table(w(f"Deltagere mindre kontrol, kroner, uge {protocol.first}-{protocol.last}, tilbageført til uge 0", f"Participants less control, kroner, weeks {protocol.first}-{protocol.last}, discounted to week 0"), head, rows)
    society = one.views["society"]
    sure = w("kan ikke skelnes fra nul", "cannot be told from zero") if society.lower < 0 < society.upper else w("er sikkert over nul", "is certainly above zero") if society.lower > 0 else w("er sikkert under nul", "is certainly below zero")
    opening = say(
        f"Inden for vinduet er det samlede regnskab for samfundet {w.kroner(society.effect)} pr. person ({_kroner(society, w)}); det {sure}. Ydelser og SU er penge fra én kasse til en anden og går op for samfundet.",
        f"Within the window the account of society is {w.kroner(society.effect)} per person ({_kroner(society, w)}); it {sure}. Benefits and grants move from one purse to another and cancel for society.", w,
    )  # fmt: skip
    return section("penge", heading, opening, table, _extra(found, one, w), _even(one, w), _uncertain(one, figures, w), _used(prices, protocol, w))


def _kroner(number: Number, w: Words) -> str:
    return w(f"{w.number(number.lower)} til {w.number(number.upper)}", f"{w.number(number.lower)} to {w.number(number.upper)}")


def _extra(found: Findings, one: Money, w: Words) -> str:
    said = []
    for outcome in found.outcomes:
        price = one.per_extra[outcome.name]
        if isinstance(price, Refused):
            said.append(f"<li><b>{w(outcome.short, outcome.short_en)}:</b> {escape(w(price.reason, price.reason_en))}</li>")
            continue
        value, low, high = (w.kroner(round(number, -3)) for number in (price.value, price.lower, price.upper))
        said.append("<li>" + w(f"<b>{outcome.short}:</b> {value} til mentor for hver ekstra person i uge {outcome.week} ({low} til {high}).", f"<b>{outcome.short_en}:</b> {value} for mentors per extra person in week {outcome.week} ({low} to {high}).") + "</li>")
    return f"<h3>{w('Prisen for én mere', 'The price of one more')}</h3><ul>{''.join(said)}</ul>"


def _even(one: Money, w: Words) -> str:
    price = one.break_even_price
    if isinstance(price, Refused):
        told = w(price.reason, price.reason_en)
    elif price.value < 0:
        told = w("Selv en gratis mentor ville ikke gå op for det offentlige inden for vinduet.", "Even mentors for nothing would not break even for the public within the window.")
    else:
        told = w(
            f"For det offentlige går det op inden for vinduet, hvis en mentortime koster {w.kroner(price.value)} ({w.kroner(price.lower)} til {w.kroner(price.upper)}); den er regnet til {w.kroner(one.mentor_price)}",
            f"For the public it breaks even within the window if a mentor hour costs {w.kroner(price.value)} ({w.kroner(price.lower)} to {w.kroner(price.upper)}); it was counted at {w.kroner(one.mentor_price)}",
        )
    never, never_en = "ikke inden for ti år", "not within ten years"
    week = {name: (f"i uge {at}", f"in week {at}") if at is not None else (never, never_en) for name, at in one.break_even_week.items()}
    lasting = w(
        f"Hvornår det går op, afhænger af, hvad der sker efter vinduet, og det er ikke målt: {week['none'][0]}, hvis intet varer ved; {week['half'][0]}, hvis gevinsten halveres hvert halve år; {week['ever'][0]}, hvis den varer ved.",
        f"When it breaks even rests on what happens after the window, which was not measured: {week['none'][1]} if nothing lasts; {week['half'][1]} if the gain is halved every half year; {week['ever'][1]} if it lasts.",
    )
    return f"<h3>{w('Hvornår går det op?', 'When does it break even?')}</h3><p>{escape(told)} {escape(lasting)}</p>"


def _uncertain(one: Money, figures: Pictures, w: Words) -> str:
    if isinstance(one.tornado, Refused) or isinstance(one.spread, Refused):
        return ""
    rows = [[bar_name(bar.name, w), w.number(bar.at_low), w.number(bar.at_high)] for bar in one.tornado]
    table = make.table(w("Det offentliges regnskab, ét tal ad gangen, kroner pr. person", "The public account, one number at a time, kroner per person"), [w("Tal", "Number"), w("Lavt", "Low"), w("Højt", "High")], rows, w("Vis tallene", "Show the numbers"))
    positive = one.spread.positive
    chance = w("under 1 %", "below 1 %") if positive < 0.005 else w("over 99 %", "above 99 %") if positive > 0.995 else w.percent(positive, 0)
    told = w(
        f"Med usikkerheden i både forskelle og priser er sandsynligheden for, at det offentlige har overskud inden for vinduet, {chance}.",
        f"With the uncertainty of both differences and prices the chance that the public gains within the window is {chance}.",
    )
    return f"<h3>{w('Hvad det hviler på', 'What it rests on')}</h3><p>{escape(told)}</p>" + make.figure(figures["tornado"], w("Hver bjælke går fra det ene yderpunkt til det andet, mens de andre tal står stille: prisen lavere eller højere som skrevet i protokollen, renten ét point hver vej.", "Each bar runs from one end of a number's range to the other while the rest stand still: the price lower or higher as the protocol says, the interest one point each way."), table)


def bar_name(name: str, w: Words) -> str:
    return w("Kalkulationsrente ±1 point", "Interest ±1 point") if name == "discount" else w(*NAMES[name])


def _used(prices: dict[str, float | str], protocol: Protocol, w: Words) -> str:
    said = [w(f"{w.kroner(float(prices['mentor_hour']))} pr. mentortime", f"{w.kroner(float(prices['mentor_hour']))} per mentor hour"), w(f"{w.kroner(float(prices['transfer_week']))} pr. uge på ydelse", f"{w.kroner(float(prices['transfer_week']))} per week on benefit")]
    if prices["su_week"]:
        said.append(w(f"{w.kroner(float(prices['su_week']))} pr. uge på SU", f"{w.kroner(float(prices['su_week']))} per week on SU"))
    if prices["wage_week"]:
        said.append(w(f"{w.kroner(float(prices['wage_week']))} pr. uge i job, heraf {w.percent(float(prices['tax']), 0)} i skat", f"{w.kroner(float(prices['wage_week']))} per week in job, {w.percent(float(prices['tax']), 0)} of it in tax"))
    steps = w(" Priser, der skifter med datoen, er regnet efter dagen.", " Prices that change with the date are counted by the day.") if protocol.price_steps else ""
    share = w.percent(float(prices["transfer_municipality"]), 0)
    told = w(
        f"Regnet med {', '.join(said)}. Kommunen bærer {share} af ydelsen. Rente {w.percent(float(prices['discount']))} om året; mentorernes løn er for samfundet ganget med {w.number(float(prices['net_tax']), 2)}.{steps}",
        f"Counted at {', '.join(said)}. The municipality bears {share} of the benefit. Interest {w.percent(float(prices['discount']))} a year; mentors' pay is multiplied by {w.number(float(prices['net_tax']), 2)} for society.{steps}",
    )
    region = w(
        "Regionen står med nul, fordi intet af det, der er regnet på, bliver betalt af regionen: sygehus og praksis er ikke i filerne.",
        "The region stands at zero because nothing counted here is paid by the region: hospitals and practices are not in the files.",
    )
    beyond = w("Gevinst efter vinduet er ikke talt med, og et minus her er ikke et minus for livet.", "Gains beyond the window are not counted, and a loss here is not a loss for life.")
    source = w(str(prices["source"]), str(prices["source_en"] or prices["source"]))
    return f"<p>{escape(told)} {escape(source)} {escape(region)} {escape(beyond)}</p>"


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
    return section("kortlaegning", w("Kortlægningen: mentor som eneste indsats", "The mapping: a mentor as the only effort"), *parts)


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
    lengths = [[str(week), w.percent(_at(one.length, week)[0]), w.number(_at(one.length, week)[1])] for week in (4, 8, 13, 26, 39, 52, 78, 104) if week <= one.length.time[-1]]
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
    third, third_en = ("omkring en tredjedel af", "about one third of") if 0.28 <= one.not_followed <= 0.39 else (share, f"{share} of")
    return say(
        f"I {third} sagerne var der ikke fulgt op på, om støtten blev leveret: {w.percent(one.not_followed)} ({level} %-interval {w.percent(one.lower)} til {w.percent(one.upper)}). "
        f"Der er set på {w.number(one.cases)} sager i {w.number(one.municipalities)} kommuner, trukket blandt {w.number(one.population)}; hver kommune vejer efter sit antal sager, og usikkerheden kender begge lodtrækninger. "
        f"Mellem kommunerne i stikprøven går det fra {w.percent(one.lowest, 0)} til {w.percent(one.highest, 0)}, og det siger lidt om den enkelte: der er kun set på {w.number(one.cases / one.municipalities)} sager i hver.",
        f"In {third_en} the cases nobody had followed up whether support was delivered: {w.percent(one.not_followed)} ({level} % interval {w.percent(one.lower)} to {w.percent(one.upper)}). "
        f"{w.number(one.cases)} cases were looked at in {w.number(one.municipalities)} municipalities drawn among {w.number(one.population)}; each weighs by its number of cases, and the uncertainty knows both draws. "
        f"Between the municipalities of the sample it runs from {w.percent(one.lowest, 0)} to {w.percent(one.highest, 0)}, which says little of any one of them: only {w.number(one.cases / one.municipalities)} cases were looked at in each.", w,
    )  # fmt: skip


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
        head = [w("Måde", "Way"), w("Forskel", "Difference"), f"{level} %"]
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
