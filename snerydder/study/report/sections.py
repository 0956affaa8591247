"""Each section in words: what was found, how sure it is, and what it does not say."""

from __future__ import annotations

from html import escape

import numpy as np

from snerydder.effects import bands
from snerydder.effects.results import Refused
from snerydder.study.findings import Delivery, Number, OutcomeFound
from snerydder.study.found import Findings
from snerydder.study.protocol import Protocol
from snerydder.study.report import beside, sentences, sure
from snerydder.study.report import pieces as make
from snerydder.study.words import Words

Pictures = dict[str, dict[str, str]]


def contents(found: Findings, w: Words) -> list[tuple[str, str]]:
    """The table of contents: a section that is not there is not in it."""
    mapped = found.mapped
    listed = [(one.name, w(one.short, one.short_en), True) for one in found.outcomes] + [
        ("sikkert", w("Hvor sikkert", "How certain"), True),
        ("hvem", w("Hvem var med", "Who took part"), True),
        ("indsats", w("Hvad de fik", "What they got"), found.delivery is not None),
        ("undergrupper", w("Undergrupper", "Subgroups"), bool(found.outcomes[0].splits)),
        ("tid", w("Hvor hurtigt", "How soon"), True),
        ("faa", w("At få en mentor", "Receiving a mentor"), found.delivery is not None),
        ("svar", w("Svarene", "The answers"), bool(found.answers)),
        ("andre", w("Andre måder at regne på", "Other methods"), True),
        ("undervejs", w("Undervejs", "Along the way"), bool(found.looks)),
        ("styrke", w("Styrke", "Power"), not isinstance(found.power, Refused)),
        ("penge", w("Økonomi", "Costs and benefits"), found.money is not None),
        ("mentorer", w("Mentorerne", "The mentors"), any(place.mentors for place in found.places)),
        ("kortlaegning", w("Kortlægningen", "The mapping study"), mapped.courses is not None or bool(mapped.survey)),
        ("tilsyn", w("Tilsynet", "The inspection"), mapped.inspected is not None),
        ("data", w("Data", "Data"), True),
        ("ophav", w("Ophav", "Provenance"), True),
    ]
    return [(name, label) for name, label, there in listed if there]


def interval(number: Number, w: Words, decimals: int = 1) -> str:
    return sentences.span(w.points(number.lower, decimals), w.points(number.upper, decimals), w)


def sentence(protocol: Protocol, one: OutcomeFound, w: Words) -> str:
    """The finding as one would say it aloud."""
    at, number = one.week, one.headline(protocol.alpha)
    if not np.isfinite(number.effect):
        return escape(too_few(one, w))
    when = w("Et år efter lodtrækningen", "A year after the draw") if at == 52 else w(f"{at} uger efter lodtrækningen", f"{at} weeks after the draw")
    what = escape(w(one.label[0].lower() + one.label[1:], one.label_en[0].lower() + one.label_en[1:]))
    arms = (w("dem, der blev tilbudt en mentor,", "those offered a mentor"), w("i kontrolgruppen", "in the control group"))
    shares = (w.percent(float(one.treated[at])), w.percent(float(one.control[at])))
    return sentences.finding(when, what, shares, arms, claim(number, protocol), w)


def claim(number: Number, protocol: Protocol) -> sentences.Claim:
    return sentences.Claim(number.effect, number.lower, number.upper, protocol.alpha)


def too_few(one: OutcomeFound, w: Words) -> str:
    return w(
        f"{one.short} i uge {one.week} kan ikke vises: under fem i en af grupperne havde udfaldet, eller tallet ville røbe så få. Vent, til flere er med.",
        f"{one.short_en} in week {one.week} cannot be shown: fewer than five in one of the arms had the outcome, or the number would tell so few. Wait until more are in.",
    )


def certainty(protocol: Protocol, one: OutcomeFound, w: Words) -> str:
    """From which week, at the protocol's level and at 95 %."""
    level = round(100 * (1 - protocol.alpha))
    told = sentences.lasting(one.lasting_pointwise, one.lasting_simultaneous, one.ever_simultaneous, len(one.weeks), level, w)
    if level == 95:
        return told
    return f"{told} {sentences.also_at(95, *at_95(one), w)}"


def at_95(one: OutcomeFound) -> tuple[int | None, int | None]:
    """The first week from which the 95 % bands stay away from zero: each week alone, and the whole curve."""
    band = one.band_wide
    return bands.first_week_outside(band.lower, band.upper, one.weeks), bands.first_week_outside(band.simultaneous_lower, band.simultaneous_upper, one.weeks)


def _cards(protocol: Protocol, one: OutcomeFound, w: Words) -> str:
    number = one.headline(protocol.alpha)
    if not np.isfinite(number.effect):
        return ""
    level = round(100 * (1 - protocol.alpha))
    relative = number.effect / one.control[one.week] if one.control[one.week] else float("nan")
    low, high = protocol.summary
    told = f"{level} {w('%-interval', '% interval')} {interval(number, w)}" if claim(number, protocol).known else sentences.no_interval(w)
    cards = [
        (w(f"{w.percent(one.control[one.week], 0)} → {w.percent(one.treated[one.week], 0)}", f"{w.percent(one.control[one.week], 0)} → {w.percent(one.treated[one.week], 0)}"), w(f"i uge {one.week}, kontrol og deltagere", f"in week {one.week}, control and participants")),
        (w(f"{w.points(number.effect)} point", f"{w.points(number.effect)} points"), w(f"{told}; det svarer til {w.points(relative, 0)} %", f"{told}; that is {w.points(relative, 0)} %")),
        (w.p_is(one.summary_permuted), w(f"så tit ville lodtrækningen alene give en så stor forskel i {w.weeks(low, high)}", f"how often the draw alone would give such a difference in {w.weeks(low, high)}")),
    ]  # fmt: skip
    if not np.isfinite(one.summary_permuted):
        cards.pop()
    return '<ul class="numbers">' + "".join(f"<li><b>{escape(big)}</b><span>{escape(small)}</span></li>" for big, small in cards) + "</ul>"


def _curve(protocol: Protocol, one: OutcomeFound, figures: Pictures, w: Words) -> str:
    level = round(100 * (1 - protocol.alpha))
    if f"effect-{one.name}" not in figures:
        return f"<p class=\"refusal\">{escape(too_few(one, w))}</p>"
    head = [
        w("Uge", "Week"),
        w("Kontrol", "Control"),
        w("Deltagere", "Participants"),
        w("Forskel", "Difference"),
        w(f"{level} % hver uge", f"{level} % weekly"),
        w(f"{level} % hele kurven", f"{level} % whole curve"),
        *([] if level == 95 else [w("95 % hver uge", "95 % weekly"), w("95 % hele kurven", "95 % whole curve")]),
        w("p, lod om", "p, redrawn"),
        w("p, alle uger", "p, all weeks"),
    ]
    rows = [
        [
            str(week), *make.shares(one, t, w), w.points(one.curve.effect[t], 2),
            *(cell for band in ([one.band] if level == 95 else [one.band, one.band_wide]) for cell in _edges(band, t, w)),
            w.p(float(one.permuted[t])), w.p(float(one.permuted_family[t])),
        ]
        for t, week in enumerate(one.weeks.tolist())
    ]  # fmt: skip
    table = make.table(
        w(f"{one.short} uge for uge", f"{one.short_en} week by week"), head, rows, w("Vis tallene for hver uge", "Show the numbers for every week")
    )
    caption = w(
        f"Øverst andelen i hver gruppe, nederst forskellen. Det mørke bånd gælder hver uge for sig, det lyse hele kurven på én gang (faktor {w.number(one.band.pointwise, 2)} og {w.number(one.band.simultaneous, 2)} gange standardfejlen).",
        f"Above, the share in each arm; below, the difference. The dark band holds for each week alone, the pale one for the whole curve at once (factor {w.number(one.band.pointwise, 2)} and {w.number(one.band.simultaneous, 2)} times the standard error).",
    )
    if not np.isfinite(one.band.lower).any():
        caption = w("Øverst andelen i hver gruppe, nederst forskellen. Der er intet bånd, for alle i samme gruppe og stratum var ens i de viste uger.", "Above, the share in each arm; below, the difference. There is no band, as all in the same arm and stratum were alike in the weeks shown.")
    return make.figure(figures[f"effect-{one.name}"], caption, table)


def _edges(band: bands.Band, t: int, w: Words) -> list[str]:
    """A week's two bands: for that week alone, and for the whole curve."""
    return [w.pair(w.points(low[t], 2), w.points(high[t], 2)) for low, high in ((band.lower, band.upper), (band.simultaneous_lower, band.simultaneous_upper))]


def opening(protocol: Protocol, found: Findings, figures: Pictures, w: Words) -> str:
    one = found.outcomes[0]
    chosen = ""
    if protocol.note:
        chosen = f"<li>{escape(w(protocol.note, protocol.note_en or protocol.note))}</li>"
    limits = w(
        f"""<aside aria-labelledby="ikke"><h3 id="ikke">Det kan man ikke slutte</h3><ul>{chosen}
<li>At forskellen begyndte i en bestemt uge. Ugen siger, hvornår forskellen var stor nok til at ses, ikke hvornår den opstod.</li>
<li>At uge {protocol.last + 1} og frem ser ud på samme måde. Målingen slutter i uge {protocol.last}.</li>
<li>At en mentor gør det alene. Sammenligningen er mellem at blive tilbudt en mentor oven i den vanlige indsats og ikke at blive det.</li>
<li>At det samme vil ske andre steder, for andre unge eller under andre regler.</li>
<li>At kontrolgruppen var helt uberørt, hvis de samme mentorer og sagsbehandlere også mødte dem.</li></ul></aside>""",
        f"""<aside aria-labelledby="ikke"><h3 id="ikke">What one may not conclude</h3><ul>{chosen}
<li>That the difference began in a given week. The week says when the difference was large enough to be seen, not when it arose.</li>
<li>That week {protocol.last + 1} and on look the same. Measurement ends in week {protocol.last}.</li>
<li>That a mentor does it alone. The comparison is between being offered a mentor on top of the usual support and not being offered one.</li>
<li>That the same will happen elsewhere, for others, or under other rules.</li>
<li>That the control group was wholly untouched, if the same mentors and caseworkers met them too.</li></ul></aside>""",
    )
    return (
        f'<section id="{one.name}"><p class="lead">{sentence(protocol, one, w)}</p><p>{escape(certainty(protocol, one, w))}</p>'
        f'<h2>{w(f"{one.short}, uge for uge", f"{one.short_en}, week by week")}</h2><div class="beside">{_curve(protocol, one, figures, w)}{limits}</div>{_cards(protocol, one, w)}{_measured(protocol, one, w)}{beside.season(found, w)}</section>'
    )


def _measured(protocol: Protocol, one: OutcomeFound, w: Words) -> str:
    total, low, high = one.total_weeks, *protocol.summary
    weeks = lambda value: w.number(value, 1) if value <= 0 else f"+{w.number(value, 1)}"  # noqa: E731
    level = round(100 * (1 - protocol.alpha))
    told = ""
    if np.isfinite(total.effect):
        between = f"{level} {w('%-interval', '% interval')} {sentences.span(weeks(total.lower), weeks(total.upper), w)}" if np.isfinite(total.lower) else sentences.no_interval(w)
        told += w(f"Lagt sammen over uge {protocol.first}-{protocol.last} er det {weeks(total.effect)} uger pr. person ({between}). ", f"Summed over weeks {protocol.first}-{protocol.last} it is {weeks(total.effect)} weeks a person ({between}). ")
    if np.isfinite(one.summary.effect):
        between = interval(one.summary, w) if np.isfinite(one.summary.lower) else sentences.no_interval(w)
        told += w(f"I gennemsnit af {w.weeks(low, high)} er forskellen {w.points(one.summary.effect)} procentpoint ({between}).", f"Averaged over {w.weeks(low, high)} the difference is {w.points(one.summary.effect)} percentage points ({between}).")
    told += sure.shifted(one, w, level)
    return f"<p>{told}</p><p><b>{w('Tæller med', 'Counts')}:</b> {escape(w(one.counts, one.counts_en))} <b>{w('Tæller ikke', 'Does not count')}:</b> {escape(w(one.does_not_count, one.does_not_count_en))}</p>"


def outcome(protocol: Protocol, found: Findings, one: OutcomeFound, figures: Pictures, w: Words) -> str:
    return f'<section id="{one.name}"><h2>{w(f"{one.short}, uge for uge", f"{one.short_en}, week by week")}</h2><p>{sentence(protocol, one, w)} {escape(certainty(protocol, one, w))}</p>{_curve(protocol, one, figures, w)}{_cards(protocol, one, w)}{_measured(protocol, one, w)}</section>'


def who(found: Findings, figures: Pictures, w: Words) -> str:
    rows = [
        [w("Antal", "Persons"), w.number(found.control), w.number(found.treated), "", ""],
        *(
            [
                line.name,
                w.number(line.control, 2 if line.control < 1000 else 0),
                w.number(line.treated, 2 if line.control < 1000 else 0),
                w.number(line.smd, 2),
                w.p(line.p),
            ]
            for line in found.balance
            if not isinstance(line, Refused)
        ),
    ]
    head = [
        w("Gennemsnit", "Mean"),
        w("Kontrol", "Control"),
        w("Deltagere", "Participants"),
        w("Forskel i standardafvigelser", "Standardised difference"),
        "p",
    ]
    caption = w(
        "Alle, der blev trukket lod om, er med i opgørelsen, også dem mentoren aldrig fik fat på.",
        "Everybody drawn is analysed, also those the mentor never reached.",
    )
    return f'<section id="hvem"><h2>{w("Hvem var med", "Who took part")}</h2>{make.figure(figures["flow"], caption, _flow_table(found, w))}{sure.alike(found, w)}{make.table(w("Karakteristika ved målgruppen", "Characteristics of the target group"), head, rows)}{sure.alike_table(found, w)}</section>'


def _flow_table(found: Findings, w: Words) -> str:
    rows = [[w("Trukket", "Drawn"), w.number(found.treated), w.number(found.control)]]
    if found.received is not None and found.delivery is not None:
        rows.append([w("Havde kontakt med en mentor", "Had contact with a mentor"), w.held(found.received), w.held(found.delivery.control_ever)])
    rows.append([w("Opgjort", "Analysed"), w.number(found.treated), w.number(found.control)])
    return make.table(
        w("Fra lodtrækning til opgørelse", "From draw to analysis"),
        [w("Trin", "Step"), w("Deltagere", "Participants"), w("Kontrol", "Control")],
        rows,
        w("Vis tallene", "Show the numbers"),
    )


def _some(count: float, w: Words) -> str:
    return w.number(count) if np.isfinite(count) else w("under fem", "fewer than five")


def what(found: Findings, figures: Pictures, w: Words) -> str:
    one = found.delivery
    if one is None:
        return ""
    month, month_en = "", ""
    if not isinstance(one.month, Refused):
        sure, possible = (w.percent(measure.share, 0) for measure in one.month)
        between = (f"mellem {sure} og {possible}", f"between {sure} and {possible}") if sure != possible else (sure, sure)
        month, month_en = f", og {between[0]} inden for den første måned (kontakterne er kun kendt på ugen)", f", and {between[1]} within the first month (contacts are known by the week only)"
    if not one.ever:
        nobody = w("Ingen af deltagerne havde en kontakt i vinduet.", "None of the participants had a contact within the window.")
        return f'<section id="indsats"><h2>{w("Hvad de fik", "What they got")}</h2><p>{escape(nobody)}</p>{beside.fidelity(found, w)}</section>'
    met = w.percent(one.weeks_met / one.weeks_between, 0) if one.weeks_between else "–"
    after = w(f"{w.percent(one.after_year, 0)} havde kontakt efter de 12 måneder. ", f"{w.percent(one.after_year, 0)} had contact after the 12 months. ") if len(one.share) > 53 else ""
    told = w(
        f"{w.held(one.ever)} af {w.number(one.drawn)} deltagere ({w.percent(one.ever / one.drawn, 0)}) havde mindst én kontakt{month}. "
        f"Mellem første og sidste kontakt var der kontakt i {met} af ugerne. {after}"
        + (f"I kontrolgruppen havde {_some(one.control_ever, w)} en mentor." if one.control_ever else "Ingen i kontrolgruppen havde en mentor."),
        f"{w.held(one.ever)} of {w.number(one.drawn)} participants ({w.percent(one.ever / one.drawn, 0)}) had at least one contact{month_en}. "
        f"Between first and last contact there was contact in {met} of the weeks. {after}"
        + (f"In the control group {_some(one.control_ever, w)} had a mentor." if one.control_ever else "Nobody in the control group had a mentor."),
    )
    early, peak = one.share[5:41], one.minutes[5:51]
    if len(early) == 36 and len(peak) == 46 and np.isfinite([*early, *peak]).all():
        told += w(
            f" Fra uge 5 til 40 havde {w.number(100 * float(early.min()))}-{w.percent(float(early.max()), 0)} kontakt i ugen, og tiden var {w.number(float(peak.min()))}-{w.number(float(peak.max()))} minutter om ugen, når dem uden kontakt er talt med. Omkring uge 52-53 falder begge brat.",
            f" From week 5 to 40 {w.number(100 * float(early.min()))}-{w.percent(float(early.max()), 0)} had contact in the week, and the time was {w.number(float(peak.min()))}-{w.number(float(peak.max()))} minutes a week, those without contact included. Around weeks 52-53 both fall sharply.",
        ) if len(one.share) > 53 and one.share[53] < 0.6 * one.share[51] else ""
    head = [w("Uge", "Week"), w("Andel med kontakt", "Share with contact"), w("Minutter", "Minutes")]
    rows = [
        [str(week), w.percent(float(share), 0), w.number(float(minutes))]
        for week, (share, minutes) in enumerate(zip(one.share, one.minutes, strict=True))
    ]
    table, minutes_table = (
        make.table(caption, [head[0], head[at]], [[row[0], row[at]] for row in rows], w("Vis tallene", "Show the numbers"))
        for caption, at in (
            (w("Andel med mentor uge for uge", "Share with mentor week by week"), 1),
            (w("Minutter uge for uge", "Minutes week by week"), 2),
        )
    )
    share = make.figure(
        figures.get("share"), w("Andel med mentor, af alle der blev trukket til en.", "Share with mentor, of everyone drawn for one."), table
    )
    minutes = make.figure(
        figures.get("minutes"),
        w("Gennemsnitlig tid pr. uge, også dem uden kontakt.", "Average time a week, those without contact included."),
        minutes_table,
    )
    return f'<section id="indsats"><h2>{w("Hvad de fik", "What they got")}</h2><p>{escape(told)}</p><h3>{w("Andel med mentor", "Share with mentor")}</h3>{share}<h3>{w("Tid med mentor, minutter", "Time with mentor, minutes")}</h3>{minutes}{_dose(one, w)}{beside.fidelity(found, w)}</section>'


def _dose(one: Delivery, w: Words) -> str:
    """How much each got. Who got much was not decided by lot, so it is told and not compared."""
    if not one.dose:
        return ""
    head = [w("Mål", "Measure"), w("Personer", "Persons"), w("Nederste fjerdedel", "Lower quarter"), w("Median", "Median"), w("Øverste fjerdedel", "Upper quarter"), w("Gennemsnit", "Mean")]
    rows = [[w(row.what, row.what_en), w.number(row.persons), *(w.number(value, 1) for value in (row.low, row.median, row.high, row.mean))] for row in one.dose]
    told = w(
        "Hvor meget den enkelte fik, blev ikke afgjort ved lod: den, der har det svært, kan få mere eller mindre. Derfor sammenlignes dem med meget og lidt ikke.",
        "How much each person got was not decided by lot: those who struggle may get more or less. So those with much and little are not compared.",
    )
    return f"<h3>{w('Dosis: hvor meget den enkelte fik', 'Dose: how much each person got')}</h3><p>{escape(told)}</p>{make.table(w('Timer og uger pr. person', 'Hours and weeks per person'), head, rows)}"
