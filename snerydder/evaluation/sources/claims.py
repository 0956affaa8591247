# da-file: the words of the sources, which are Danish, and ours beside them
"""Each figure of the two sources that a program can produce. The words of the sources stand as they are printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from snerydder.evaluation.sources import measures as m
from snerydder.evaluation.sources.told import FULL_TIME_MOST, PART_TIME_MOST, Told

TALK = "Rambøll: Mentorforsøg. Erfaringer omkring den gode mentorindsats (oplæg)"
LIST = "Cabi: Mentormaterialer (oversigt over rapporter og artikler)"


@dataclass(frozen=True)
class Claim:
    document: str
    what: str
    theirs: str
    find: Callable[[Told], m.Found]
    anchor: str  # the section of the report where the figure stands


@dataclass(frozen=True)
class Row:
    claim: Claim
    ours: str
    agrees: bool


def compare(folder: Path) -> list[Row]:
    told = Told(folder)
    return [Row(claim, *claim.find(told)) for claim in CLAIMS]


def _talk(anchor: str, *rows: tuple[str, str, Callable[[Told], m.Found]]) -> list[Claim]:
    return [Claim(TALK, what, theirs, find, anchor) for what, theirs, find in rows]


def _list(anchor: str, *rows: tuple[str, str, Callable[[Told], m.Found]]) -> list[Claim]:
    return [Claim(LIST, what, theirs, find, anchor) for what, theirs, find in rows]


def _balance() -> list[Claim]:
    """The talk's table, both columns, as printed."""
    printed = {
        "Gennemsnitskarakter i dansk og matematik, 9. klasse": ("4,27", "4,36"), "Mangler 9.-klasseskarakterer": ("0,55", "0,52"),
        "Overførselsgrad 1 år tilbage": ("0,79", "0,78"), "Overførselsgrad 2 år tilbage": ("0,61", "0,60"), "Overførselsgrad 3 år tilbage": ("0,49", "0,49"),
        "SU-omfang 1 år tilbage": ("0,08", "0,09"), "SU-omfang 2 år tilbage": ("0,15", "0,16"), "SU-omfang 3 år tilbage": ("0,16", "0,15"),
        "Indvandrer eller efterkommer": ("0,10", "0,10"), "Alder": ("23,99", "23,81"),
    }  # fmt: skip
    arms = ("kontrolgruppe", "deltagergruppe")
    return [
        Claim(TALK, f"{name}, {arms[arm]}", theirs[arm], m.exactly(theirs[arm], m.mean(name, arm), 2), "hvem")
        for name, theirs in printed.items()
        for arm in (0, 1)
    ]


def _mentors() -> list[Claim]:
    printed = {
        "kvinde": ("Kvinder", "65 %"), "under_30": ("Under 30 år", "32 %"), "over_50": ("Over 50 år", "35 %"), "mellemlang_uddannelse": ("Mellemlang videregående uddannelse", "71 %"),
        "erfaring_under_2_aar": ("Mindre end 2 års erfaring", "33 %"), "fra_anden_kommunal_funktion": ("Fra en funktion et andet sted i kommunen", "23 %"),
    }  # fmt: skip
    return [
        Claim(TALK, f"Mentorerne: {what}", theirs, m.exactly(theirs, m.trait(key), 0, " %"), "mentorer")
        for key, (what, theirs) in printed.items()
    ]


EDUCATION, JOB = "su_education", "job_week"
CLAIMS = [
    *_talk(
        "hvem",
        ("Kommuner", "13", m.exactly("13", lambda told: told.results["strata"], 0)),
        ("Antal observationer, kontrolgruppe", "1.289", m.exactly("1.289", lambda told: told.results["control"], 0)),
        ("Antal observationer, deltagergruppe", "1.299", m.exactly("1.299", lambda told: told.results["treated"], 0)),
        ("Unge i hver gruppe i hver kommune", "ca. 100", m.hundred),
        ("Alder i gennemsnit", "24", m.exactly("24", m.mean_of("Alder"), 0)),
        ("Karaktersnit fra folkeskolen", "4,3", m.exactly("4,3", m.mean_of("Gennemsnitskarakter i dansk og matematik, 9. klasse"), 1)),
    ),
    *_balance(),
    *_talk("hvem", ("Lodtrækningen har fungeret, som den skal", "grupperne ligner hinanden særdeles meget", m.fit)),
    *_talk(
        EDUCATION,
        ("Uddannelse: forskel", "ca. 4 %-point", m.about(m.rise(EDUCATION, 52), 0.035, 0.045, lambda value: f"{m.w.points(value)} point")),
        ("Uddannelse: stigning", "30 %", m.exactly("30 %", lambda told: 100 * m.relative(EDUCATION, 52)(told), 0, " %")),
        ("Uddannelse: signifikant med 90 %", "efter ca. 52 uger", m.certain_from(EDUCATION, 52)),
    ),
    *_talk(
        JOB,
        ("Job: forskel", "ca. 2 %-point", m.about(m.rise(JOB, 75), 0.015, 0.025, lambda value: f"{m.w.points(value)} point")),
        ("Job: stigning", "40 %", m.about(m.relative(JOB, 75), 0.385, 0.415, m.percent)),
        ("Job: signifikant med 90 %", "efter ca. 60 uger", m.certain_from(JOB, 60)),
    ),
    *_talk(
        "undergrupper",
        ("Uddannelse: signifikant for", "afgangssnit under 4", m.only_in(EDUCATION, "Karakterer", "under 4", "4 og over", "mangler")),
        ("Uddannelse: signifikant for", "mor uden erhvervskompetencegivende uddannelse", m.only_in(EDUCATION, "Mors uddannelse", "uden uddannelse", "har uddannelse")),
        ("Uddannelse: signifikant for", "mor med indkomst under gennemsnittet i gruppen", m.only_in(EDUCATION, "Mors indkomst", "under medianen", "over medianen")),
        ("Uddannelse: signifikant for", "kvinder", m.only_in(EDUCATION, "Køn", "kvinder", "mænd")),
        ("Job: signifikant for", "lang forsørgelseshistorik, eksklusiv SU", m.only_in(JOB, "Forsørgelseshistorik, uden SU", "lang (mindst to tredjedele)", "kortere")),
        ("Job: signifikant for", "mor uden erhvervskompetencegivende uddannelse", m.only_in(JOB, "Mors uddannelse", "uden uddannelse", "har uddannelse")),
        ("Job: signifikant for", "SU inden for 3 år", m.only_in(JOB, "SU inden for 3 år", "ja", "nej")),
    ),
    *_talk(
        "indsats",
        ("Andel med mentor, uge 5 til ca. 40", "60-70 %", m.weekly_range(0, 5, 40, 0.60, 0.70, m.percent)),
        ("Andel med mentor efter uge 40", "falder jævnt", m.falls),
        ("Andel med mentor omkring uge 52-53", "brat fald", m.drop(0, m.percent)),
        ("Tid med mentor pr. uge, også dem uden kontakt", "1-1½ time", m.weekly_range(1, 5, 50, 60, 90, lambda value: f"{m.w.number(value)} minutter")),
        ("Tid med mentor omkring uge 52-53", "brat fald", m.drop(1, lambda value: f"{m.w.number(value)} minutter")),
        ("Kursus: sagsbehandlere", "ikke så høj kursusdeltagelse", m.fewer_trained),
        ("Lønnet af kommunen og ikke myndighedsperson", "alle", m.exactly("100 %", lambda told: 100 * told.point("Lønnet af kommunen og uden myndighed"), 0, " %")),
        ("Supervision til mentorer", "mindre systematisk i visse kommuner", m.about(lambda told: told.point("Mentorer med fast supervision"), 0.5, 0.95, m.percent)),
        ("Unge pr. mentor", "lidt for mange i visse kommuner", m.too_many),
    ),
    *_talk(
        "mentorer",
        ("Mentorer i hver kommune", "4-17", m.mentors),
        ("Svar på survey blandt mentorerne", "over 90 procent", m.about(lambda told: told.results["mentor_answers"]["svarprocent"], 0.9, 1, m.percent)),
    ),
    *_mentors(),
    *[
        Claim(TALK, what, theirs, m.named(kind, theirs, lambda told: told.hired()), "mentorer")
        for what, kind, theirs in (
            ("Udelukkende fuldtidsmentorer", "kun fuldtid", "Hjørring, København, Næstved, Silkeborg, Sønderborg og Aalborg"), ("Flest fuldtidsmentorer", FULL_TIME_MOST, "Holbæk, Slagelse og Vejle"),
            ("Lige mange deltids- og fuldtidsmentorer", "lige mange", "Viborg"), ("Flest deltidsmentorer", PART_TIME_MOST, "Haderslev, Herning og Kalundborg"),
        )
    ],
    *[
        Claim(TALK, f"{band} deltagere pr. fuldtidsmentor", theirs, m.named(band, theirs, lambda told: told.load()), "mentorer")
        for band, theirs in (
            ("10-14", "Haderslev, Holbæk, Silkeborg, Sønderborg og Vejle"), ("15-19", "Herning, Hjørring, Kalundborg, København, Næstved, Slagelse og Viborg"), ("20+", "Aalborg"),
        )
    ],
    *_list(
        EDUCATION,
        ("I uddannelse efter et år, uden mentor", "12 %", m.exactly("12 %", m.share(EDUCATION, 52, "control"), 0, " %")),
        ("I uddannelse efter et år, med mentor", "16 %", m.exactly("16 %", m.share(EDUCATION, 52, "treated"), 0, " %")),
    ),
    *_list(
        JOB,
        ("I arbejde, uden mentor", "5 %", m.exactly("5 %", m.share(JOB, 75, "control"), 0, " %")),
        ("I arbejde, med mentor", "7 %", m.exactly("7 %", m.share(JOB, 75, "treated"), 0, " %")),
    ),
    *_list("undergrupper", ("Uddannelse, unge med dårlige skolekundskaber", "op mod 10 procentpoints", m.about(lambda told: told.subgroups[EDUCATION, "Karakterer", "under 4"]["effect"], 0.07, 0.10, lambda value: f"{m.w.points(value)} point"))),
    *_list(
        "tilsyn",
        ("Fokusrevisionens stikprøve", "98 kommuner; 20 sager i 20 udvalgte", m.sample),
        ("Ikke fulgt op på, om ydelsen er leveret", "ca. en tredjedel af sagerne", m.about(lambda told: told.results["mapped"]["inspected"]["not_followed"], 0.28, 0.39, m.percent)),
    ),
    *_list(
        "kortlaegning",
        ("Jobcentre, der ikke måler resultater", "knap halvdelen", m.about(lambda told: told.survey(0), 0.45, 0.50, m.percent)),
        ("Jobcentre med udfordringer i samarbejdet", "53 pct.", m.about(lambda told: told.survey(1), 0.525, 0.535, m.percent)),
        ("Mindst halvdelen af budgettet til ret og pligt-mentor", "27,2 %", m.exactly("27,2 %", lambda told: 100 * told.survey(2), 1, " %")),
        ("Mentor som eneste indsats varer typisk", "mere end 6 måneder", m.about(lambda told: told.courses["over_half_year"], 0.5, 1, lambda value: f"{m.percent(value)} varer over 26 uger")),
        ("Tid sammen, oftest", "1-2 timer om ugen", m.about(lambda told: m.group(told, "")["one_to_two"], 0.5, 1, lambda value: f"{m.percent(value)} har 1-2 timer")),
        ("I ressourceforløb", "mere intensiv", m.intense),
        ("Efterfulgt af et aktivt tilbud", "mere end en tredjedel", m.about(lambda told: told.courses["active_share"], 1 / 3, 0.45, m.percent)),
        ("Heraf virksomhedsrettet", "en fjerdedel", m.about(lambda told: told.courses["company_share"], 0.24, 0.26, m.percent)),
    ),
]
