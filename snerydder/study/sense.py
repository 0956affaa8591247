"""Do the values of a protocol make sense together? The first that does not is told, with its place and what was expected."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from snerydder.registers import outcomes
from snerydder.registers.faults import BadInput
from snerydder.study.declared import Protocol
from snerydder.study.keys import ERRORS, ESTIMATORS, IN_TIME

FEWEST_REDRAWS, MOST_REDRAWS = 99, 10_000_000


def makes_sense(protocol: Protocol) -> None:
    for judge in (_names, _outcomes, _numbers, _lottery, _beside, _people):
        judge(protocol)


def _names(protocol: Protocol) -> None:
    """What the report calls by name is named once."""
    for section, names in (
        ("outcome", [one.name for one in protocol.outcomes]), ("background", [one.name for one in protocol.background]), ("subgroup", [one.name for one in protocol.subgroups]), ("interaction", [one.name for one in protocol.interactions]),
        ("question", [one["name"] for one in protocol.questions]), ("answer", [one["name"] for one in protocol.answer_list]),
    ):  # fmt: skip
        if again := _again(names):
            raise BadInput(protocol.file, f"Navnet {again!r} står to gange.", f"afsnit [[{section}]]", "et navn til hver", "Giv den ene et andet navn, eller fjern den.")
    for group in protocol.subgroups:
        if group.labels and (len(group.labels) not in (2, 3) or _again(group.labels)):
            raise BadInput(protocol.file, f"Undergruppen {group.name!r} har navnene {list(group.labels)}.", "afsnit [[subgroup]], nøgle labels", 'to forskellige navne, og et tredje, hvis nogen mangler en værdi: ["under 4", "4 og over", "mangler"]')


def _again(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    return next((name for name in names if name in seen or seen.add(name)), None)  # type: ignore[func-returns-value]


def _meant(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"Mente du {near[0]}?" if near else "Uddannelse er su_education, og job er job_week; de andre er beskrevet i docs/method/api.md."


def _outcomes(protocol: Protocol) -> None:
    file = protocol.file
    if not 0 < protocol.alpha < 0.5:
        raise BadInput(file, f"alpha = {protocol.alpha} giver ingen mening.", "nøgle alpha", "fx 0.10 for 90 %-bånd")
    if not FEWEST_REDRAWS <= protocol.redraws <= MOST_REDRAWS:
        raise BadInput(file, f"redraws = {protocol.redraws} giver ingen mening.", "nøgle redraws", f"et helt tal fra {FEWEST_REDRAWS} til {MOST_REDRAWS}, fx 10000")
    if protocol.last < 1 or protocol.last > 1040:
        raise BadInput(file, f"Vinduet slutter i uge {protocol.last}.", "afsnit [window], nøgle last", "et helt tal fra 1 til 1040")
    low, high = protocol.summary
    if not 0 <= low <= high <= protocol.last:
        raise BadInput(file, f"Sammendraget går fra uge {low} til {high}.", "afsnit [window]", f"0 ≤ summary_from ≤ summary_to ≤ {protocol.last}")
    if not protocol.outcomes:
        raise BadInput(file, "Der er intet udfald.", expected='mindst ét afsnit [[outcome]] med name = "su_education" og week = 52')
    for outcome in protocol.outcomes:
        for name in (outcome.name, *outcome.also):
            if outcomes.find(name) is None:
                raise BadInput(file, f"Udfaldet {name!r} kendes ikke.", "afsnit [[outcome]]", f"et af: {', '.join(outcomes.names())}", _meant(name, outcomes.names()))
        if outcome.expected and not (len(outcome.expected) == 2 and all(isinstance(share, float) and 0 < share < 1 for share in outcome.expected)):
            raise BadInput(
                file,
                f"Det ventede {list(outcome.expected)} giver ingen mening.",
                f"afsnit [[outcome]] {outcome.name}, nøgle expected",
                "andelen uden og med indsatsen, fx [0.12, 0.16]",
            )
        if not 0 <= outcome.week <= protocol.last:
            raise BadInput(
                file, f"Uge {outcome.week} ligger uden for vinduet.", f"afsnit [[outcome]] {outcome.name}, nøgle week", f"0 til {protocol.last}"
            )


def _numbers(protocol: Protocol) -> None:
    file = protocol.file
    for key, (least, most) in {"wanted": (0.5, 1.0), "take_up": (0.0, 1.0), "r_squared": (0.0, 0.999), "icc": (0.0, 1.0), "subgroup": (0.01, 1.0)}.items():
        if not least <= protocol.power[key] <= most:
            raise BadInput(file, f"{key} = {protocol.power[key]} giver ingen mening.", f"afsnit [power], nøgle {key}", f"et tal fra {least} til {most}")
    if protocol.looks and not 0 <= protocol.looks["sharpest"] <= 10_000_000:
        raise BadInput(file, f"sharpest = {protocol.looks['sharpest']} giver ingen mening.", "afsnit [looks], nøgle sharpest", "det antal personer, man venter at slutte ved; 0 for alle trukne")
    if protocol.prices:
        limits: dict[str, tuple[float, float]] = {"transfer_municipality": (0, 1), "tax": (0, 1), "discount": (0, 1), "low": (0, 1), "high": (1, 100), "net_tax": (0.5, 3)}
        limits |= dict.fromkeys(("mentor_hour", "transfer_week", "su_week", "wage_week"), (0, 1_000_000))
        for key, (least, most) in limits.items():
            if not least <= protocol.prices[key] <= most:
                raise BadInput(file, f"{key} = {protocol.prices[key]} giver ingen mening.", f"afsnit [prices], nøgle {key}", f"et tal fra {least} til {most}")
    if protocol.price_steps and not protocol.prices:
        raise BadInput(file, "Der er priser med dato, men intet afsnit [prices].", "afsnit [[price]]", "et afsnit [prices] med de øvrige priser")


def _lottery(protocol: Protocol) -> None:
    file = protocol.file
    if protocol.design in IN_TIME:
        _in_time(protocol)
        return
    for key in ("arm", "treated", "control"):
        if not protocol.lottery[key].strip():
            raise BadInput(file, "Nøglen mangler.", f"afsnit [lottery], nøgle {key}", 'tekst i gåseøjne, fx "pnr"', f"Skriv {key} = … i protokollen.")
    if protocol.lottery["start"]:
        raise BadInput(file, "start hører til sammenligninger i tid.", "afsnit [lottery], nøgle start", 'design = "starts" eller "roll-out"', "Fjern linjen, eller ret design.")
    if protocol.lottery["treated"] == protocol.lottery["control"]:
        raise BadInput(file, f"Begge grupper hedder {protocol.lottery['treated']!r}.", "afsnit [lottery], nøgle treated og control", "to forskellige ord")
    if protocol.lottery["chances"] == "personal" and not protocol.lottery["share"]:
        raise BadInput(file, "Når hver person havde sin egen chance, skal den stå i en kolonne.", "afsnit [lottery], nøgle share", "navnet på kolonnen med chancen")
    if protocol.lottery["chances"] == "personal" and protocol.lottery["cluster"]:
        raise BadInput(file, "Egne chancer og klynger kan ikke regnes sammen.", "afsnit [lottery]", "enten chances eller cluster")
    if protocol.lottery["chances"] == "personal" and protocol.lottery["block"]:
        raise BadInput(file, "Egne chancer og blokke kan ikke regnes sammen.", "afsnit [lottery]", "enten chances eller block")
    if not 4 <= protocol.before <= 520:
        raise BadInput(file, f"before = {protocol.before} giver ingen mening.", "afsnit [comparison], nøgle before", "4 til 520 uger")
    if protocol.design == "no-lottery" and not any(not one.only_subgroups for one in protocol.background):
        raise BadInput(file, "Uden lodtrækning skal grupperne gøres ens på noget, og der er ingen baggrund.", "afsnit [[background]]", "det, der kan have afgjort, hvem der begyndte", "Skriv mindst ét afsnit [[background]].")


def _in_time(protocol: Protocol) -> None:
    """Nobody drew lots, and each (or each municipality) began on a day of its own."""
    file, part = protocol.file, protocol.lottery
    if not part["start"]:
        raise BadInput(file, "Det skal stå, hvornår hver begyndte.", "afsnit [lottery], nøgle start", "kolonnen med dagen; tom for dem, der ikke begyndte")
    if stray := [key for key in ("arm", "treated", "control", "share", "block") if part[key]] + (["chances"] if part["chances"] == "personal" else []) + (["strata"] if part["strata"] else []):
        raise BadInput(file, "Her blev der ikke trukket lod.", f"afsnit [lottery], nøgle {stray[0]}", "key, date, start og eventuelt cluster", "Fjern linjen.")
    if protocol.design == "roll-out" and not part["cluster"]:
        raise BadInput(file, "Det skal stå, hvad der begyndte på én gang.", "afsnit [lottery], nøgle cluster", 'kolonnen med fx kommunen: cluster = "kommune"')
    if protocol.design == "starts" and part["cluster"]:
        raise BadInput(file, "Her begyndte personer og ikke klynger.", "afsnit [lottery], nøgle cluster", 'design = "roll-out", hvis det var kommuner, der begyndte')
    if protocol.design == "starts" and not any(not one.only_subgroups for one in protocol.background):
        raise BadInput(file, "Uden lodtrækning skal grupperne gøres ens på noget, og der er ingen baggrund.", "afsnit [[background]]", "det, der kan have afgjort, hvem der begyndte", "Skriv mindst ét afsnit [[background]].")
    for key, value, least, most in (("before", protocol.before, 0 if protocol.design == "roll-out" else 4, 520), ("waiting", protocol.waiting, 1, 520), ("period", protocol.period, 1, 52)):
        if not least <= value <= most:
            raise BadInput(file, f"{key} = {value} giver ingen mening.", f"afsnit [comparison], nøgle {key}", f"{least} til {most} uger")
    if protocol.design == "roll-out" and protocol.weeks < 3 * protocol.period:
        raise BadInput(file, f"Vinduet er {protocol.weeks} uger og en periode {protocol.period}.", "afsnit [window], nøgle last", "plads til mindst tre perioder")


def _beside(protocol: Protocol) -> None:
    file = protocol.file
    if bool(protocol.answers) != bool(protocol.answer_list):
        raise BadInput(file, "Svar skal have både en fil og mindst ét spørgsmål.", "afsnit [answers] og [[answer]]", "begge eller ingen af dem")
    for asked in protocol.answer_list:
        if not asked["least"] < asked["most"]:
            raise BadInput(file, f"Skalaen for {asked['name']!r} går fra {asked['least']} til {asked['most']}.", "afsnit [[answer]], nøgle least og most", "least under most")
    if bool(protocol.survey) != bool(protocol.questions):
        raise BadInput(file, "Et spørgeskema skal have både en fil og spørgsmål.", "afsnit [survey] og [[question]]", "begge eller ingen af dem")
    if protocol.courses:
        if not 0 <= protocol.courses["gap"] <= 26 or not 1 <= protocol.courses["horizon"] <= 260:
            raise BadInput(file, "Pausen eller tiden bagefter giver ingen mening.", "afsnit [courses], nøgle gap og horizon", "gap 0-26 uger, horizon 1-260 uger")
        if stray := [name for name in protocol.courses["company"] if name not in protocol.courses["active"]]:
            raise BadInput(file, f"{stray[0]!r} er virksomhedsrettet og skal også stå som aktivt tilbud.", "afsnit [courses], nøgle active", f"en liste med {stray[0]!r} i")


def _people(protocol: Protocol) -> None:
    file = protocol.file
    if bad := [name for name in protocol.estimators if name not in ESTIMATORS]:
        raise BadInput(file, f"Metoden {bad[0]!r} kendes ikke.", "afsnit [estimators], nøgle use", f"af: {', '.join(ESTIMATORS)}")
    if bad := [name for name in protocol.errors if name not in ERRORS]:
        raise BadInput(file, f"Standardfejlen {bad[0]!r} kendes ikke.", "afsnit [estimators], nøgle errors", f"af: {', '.join(ERRORS)}")
    for one in protocol.background:
        if sum(bool(value) for value in (one.column, one.missing_of, one.history)) != 1:
            raise BadInput(
                file, f"Baggrunden {one.name!r} skal komme ét sted fra.", "afsnit [[background]]", "enten column, missing_of eller history"
            )
        if (one.column or one.missing_of) and not protocol.persons:
            raise BadInput(
                file,
                f"Baggrunden {one.name!r} står i personfilen, men [persons] mangler.",
                "afsnit [[background]]",
                mend="Skriv et afsnit [persons] med file og key.",
            )
    names = [one.name for one in protocol.background]
    asked = [("Undergruppen", group.name, group.background) for group in protocol.subgroups]
    for what, name, background in (*asked, *(("Sammenhængen", one.name, one.background) for one in protocol.interactions)):
        if background not in names:
            near = get_close_matches(background, names, 1)
            raise BadInput(
                file,
                f"{what} {name!r} bygger på {background!r}, som ikke er en [[background]].",
                mend=f"Mente du {near[0]!r}?" if near else "Skriv den som [[background]] først.",
            )
    for along in protocol.interactions:
        if not along.per > 0:
            raise BadInput(file, f"per = {along.per} giver ingen mening.", f"afsnit [[interaction]] {along.name}, nøgle per", "et tal over 0, fx 5 for fem år")
