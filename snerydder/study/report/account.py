"""The section on money: each purse, the price of one more, when it breaks even and what it rests on."""

from __future__ import annotations

from html import escape

import numpy as np

from snerydder.effects.results import Refused
from snerydder.study.findings import Number
from snerydder.study.found import Findings
from snerydder.study.money import NAMES, VIEW_NAMES, Money
from snerydder.study.protocol import Protocol
from snerydder.study.report import pieces as make
from snerydder.study.report.beside import Pictures, say, section
from snerydder.study.report.closing import refusal
from snerydder.study.report.sentences import no_interval, span
from snerydder.study.words import Words


def money(protocol: Protocol, found: Findings, figures: Pictures, w: Words) -> str:
    one = found.money
    if one is None:
        return ""
    heading = w("Økonomi pr. person, der blev trukket lod om", "Costs and benefits per person drawn")
    if isinstance(one, Refused):
        return section("penge", heading, refusal(one, w))
    level, prices = round(100 * (1 - protocol.alpha)), protocol.prices
    head = [w("Kasse", "Purse"), *(w(*NAMES[line]) for line in one.lines), w("I alt", "In all"), w(f"{level} %", f"{level} %")]
    rows = [[w(*VIEW_NAMES[view]), *(w.number(value) for value in one.by_view[view]), w.number(number.effect), _kroner(number, w)] for view, number in one.views.items()]
    table = make.table(w(f"Deltagere mindre kontrol, kroner, uge {protocol.first}-{protocol.last}, tilbageført til uge 0", f"Participants less control, kroner, weeks {protocol.first}-{protocol.last}, discounted to week 0"), head, rows)
    society = one.views["society"]
    sure = w("kan ikke skelnes fra nul", "cannot be told from zero") if society.lower < 0 < society.upper else w("er statistisk sikkert over nul", "is statistically certain to be above zero") if society.lower > 0 else w("er statistisk sikkert under nul", "is statistically certain to be below zero") if society.upper < 0 else w("kan ikke vurderes", "cannot be judged")
    opening = say(
        f"Inden for vinduet er det samlede regnskab for samfundet {w.kroner(society.effect)} pr. person ({level} %-interval {_kroner(society, w)}); det {sure}. Ydelser og SU er penge fra én kasse til en anden og går op for samfundet.",
        f"Within the window the overall balance for society is {w.kroner(society.effect)} per person ({level} % interval {_kroner(society, w)}); it {sure}. Benefits and grants move from one purse to another and cancel for society.", w,
    )  # fmt: skip
    return section("penge", heading, opening, table, _extra(found, one, w), _even(one, w), _uncertain(one, figures, w), _used(prices, protocol, w))


def _kroner(number: Number, w: Words) -> str:
    return span(w.number(number.lower), w.number(number.upper), w) if np.isfinite(number.lower) else no_interval(w)


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
