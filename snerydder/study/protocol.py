"""The protocol: one file that says what is compared with what, before anybody has seen the answer.

Read with the standard library's TOML. A fault names the file, the key, what was found, what was expected and what to do.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from snerydder.registers import codes, outcomes
from snerydder.registers.faults import BadInput
from snerydder.registers.source import ENDS, FORMS

ESTIMATORS = ("difference", "lpm_strata", "lpm_covariates", "lin")
ERRORS = ("HC0", "HC1", "HC2", "HC3")
CORRECTIONS = ("holm", "hochberg", "hommel", "bh", "by", "romano_wolf", "none")


@dataclass(frozen=True)
class Outcome:
    name: str
    week: int  # the week the headline speaks of
    also: tuple[str, ...] = ()  # other definitions, shown beside it
    expected: tuple[float, ...] = ()  # the share without and with support that was hoped for, before the draw


@dataclass(frozen=True)
class Background:
    name: str
    column: str = ""
    missing_of: str = ""  # 1 where this column is blank
    history: str = ""  # "transfer" or "education": share of weeks in the register
    year: int = 1  # years back: 1 is the 52 weeks before the draw
    years: int = 1  # how many years together, from `year` and further back
    only_subgroups: bool = False  # neither in the balance table nor among the covariates


@dataclass(frozen=True)
class Subgroup:
    name: str
    background: str  # a [[background]] name
    cut: float | None = None  # below / at or above
    median: bool = False
    above_zero: bool = False
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Protocol:
    file: Path
    title: str
    status: str
    invented: bool
    note: str  # what a reader must know first, in the box of what one may not conclude
    note_en: str
    design: str  # "no-lottery": a comparison of those who began with those who did not, with its verdict first
    alpha: float
    seed: str
    redraws: int
    register: dict[str, Any]
    lottery: dict[str, Any]
    persons: dict[str, str]
    contacts: dict[str, str]
    mentors: dict[str, str]
    caseworkers: dict[str, str]
    first: int
    last: int
    summary: tuple[int, int]
    outcomes: tuple[Outcome, ...]
    before: int  # without a lottery: weeks before the start that the comparison is tried on first
    estimators: tuple[str, ...]
    errors: tuple[Any, ...]  # of lpm_strata: HC0 to HC3
    correction: str  # for many subgroups at once
    background: tuple[Background, ...]
    subgroups: tuple[Subgroup, ...]
    policy: dict[str, str]
    power: dict[str, float]
    courses: dict[str, Any]
    survey: dict[str, Any]
    questions: tuple[dict[str, str], ...]
    looks: dict[str, Any]  # to look as the numbers come
    inspection: dict[str, Any]
    answers: dict[str, str]
    answer_list: tuple[dict[str, Any], ...]
    prices: dict[str, Any]
    price_steps: tuple[dict[str, Any], ...]  # prices that changed on a day

    def path(self, section: dict[str, Any], key: str = "file") -> Path:
        return self.file.parent / str(section[key])

    @property
    def weeks(self) -> int:
        return self.last - self.first + 1

    @property
    def files(self) -> tuple[str, ...]:
        """Every data file the protocol names, as it names it."""
        parts = (self.register, self.lottery, self.persons, self.contacts, self.mentors, self.caseworkers, self.answers, self.courses, self.survey, self.inspection)
        named = [str(part["file"]) for part in parts if part]
        return (*named, *(str(self.register[key]) for key in ("months", "codes") if self.register[key]))


FIDELITY = ("central_course", "local_course", "paid", "authority", "supervision")  # columns of the mentors' file
# key: (kind, required, default, allowed)
Rule = tuple[type | tuple[type, ...], bool, Any, tuple[Any, ...]]
NUMBER = (int, float)
TOP: dict[str, Rule] = {
    "title": (str, True, "", ()), "status": (str, False, "draft", ("draft", "final")), "invented": (bool, False, False, ()),
    "note": (str, False, "", ()), "note_en": (str, False, "", ()),
    "design": (str, False, "lottery", ("lottery", "no-lottery")), "alpha": (float, False, 0.10, ()), "seed": (str, True, "", ()), "redraws": (int, False, 10_000, ()),
}  # fmt: skip
SECTIONS: dict[str, dict[str, Rule]] = {
    "register": {
        "file": (str, True, "", ()), "key": (str, True, "", ()), "scheme": (str, True, "", codes.SCHEMES), "codes": (str, False, "", ()), "form": (str, False, "wide", FORMS),
        "week": (str, False, "", ()), "year": (str, False, "", ()), "from": (str, False, "", ()), "to": (str, False, "", ()), "to_is": (str, False, "", ("", *ENDS)), "code": (str, False, "", ()),
        "first_week": (str, False, "", ()), "last_week": (str, False, "", ()), "priority": (list, False, [], ()), "months": (str, False, "", ()),
    },
    "lottery": {
        "file": (str, True, "", ()), "key": (str, True, "", ()), "arm": (str, True, "", ()), "treated": (str, True, "", ()), "control": (str, True, "", ()),
        "date": (str, True, "", ()), "strata": (list, False, [], ()), "share": (str, False, "", ()), "cluster": (str, False, "", ()), "block": (str, False, "", ()), "chances": (str, False, "stratum", ("stratum", "personal")),
    },
    "persons": {"file": (str, True, "", ()), "key": (str, True, "", ())},
    "contacts": {"file": (str, True, "", ()), "key": (str, True, "", ()), "week": (str, True, "", ()), "minutes": (str, True, "", ())},
    "mentors": {"file": (str, True, "", ()), "municipality": (str, True, "", ()), "hours": (str, True, "", ()), **dict.fromkeys(FIDELITY, (str, False, "", ()))},
    "caseworkers": {"file": (str, True, "", ()), "course": (str, True, "", ())},
    "window": {"first": (int, False, 0, (0,)), "last": (int, True, 75, ()), "summary_from": (int, False, -1, ()), "summary_to": (int, False, -1, ())},
    "comparison": {"before": (int, False, 52, ())},
    "estimators": {"use": (list, False, ["difference"], ()), "errors": (list, False, ["HC1", "HC2"], ())},
    "multiplicity": {"method": (str, False, "holm", CORRECTIONS)},
    "policy": {
        "drawn_twice": (str, False, "stop", ("stop", "first")), "not_in_register": (str, False, "stop", ("stop", "zero", "drop")),
        "dead": (str, False, "keep", ("keep", "drop")), "abroad": (str, False, "keep", ("keep", "drop")), "not_covered": (str, False, "leave_out", ("leave_out", "stop")),
        "empty_end": (str, False, "stop", ("stop", "leave_out", "keep")),
        "same_person_twice": (str, False, "stop", ("stop", "merge")), "paid_after_death": (str, False, "stop", ("stop", "dead", "keep")),
    },
    "power": {
        "wanted": (NUMBER, False, 0.90, ()), "take_up": (NUMBER, False, 1.0, ()), "r_squared": (NUMBER, False, 0.0, ()), "icc": (NUMBER, False, 0.05, ()),
    },
    "courses": {
        "file": (str, True, "", ()), "key": (str, True, "", ()), "state": (str, True, "", ()), "begin": (str, True, "", ()), "end": (str, True, "", ()),
        "spell": (str, True, "", ()), "company": (list, False, [], ()), "active": (list, True, [], ()), "other": (list, False, [], ()),
        "first": (str, True, "", ()), "last": (str, True, "", ()), "group": (str, False, "", ()), "minutes": (str, False, "", ()), "gap": (int, False, 4, ()), "horizon": (int, False, 26, ()),
    },
    "answers": {"file": (str, True, "", ()), "key": (str, True, "", ())},
    "looks": {"sharpest": (int, False, 0, ())},
    "survey": {"file": (str, True, "", ()), "title": (str, True, "", ())},
    "inspection": {
        "file": (str, True, "", ()), "municipality": (str, True, "", ()), "size": (str, True, "", ()), "followed": (str, True, "", ()), "population": (int, False, 98, ()),
    },
    "prices": {
        "mentor_hour": (NUMBER, True, 0, ()), "transfer_week": (NUMBER, True, 0, ()), "transfer_municipality": (NUMBER, False, 0.7, ()), "su_week": (NUMBER, False, 0, ()),
        "wage_week": (NUMBER, False, 0, ()), "tax": (NUMBER, False, 0.35, ()), "net_tax": (NUMBER, False, 1.0, ()), "discount": (NUMBER, True, 0, ()),
        "low": (NUMBER, False, 0.75, ()), "high": (NUMBER, False, 1.25, ()), "source": (str, True, "", ()), "source_en": (str, False, "", ()),
    },
}  # fmt: skip
LISTS: dict[str, dict[str, Rule]] = {
    "outcome": {"name": (str, True, "", ()), "week": (int, True, 0, ()), "also": (list, False, [], ()), "expected": (list, False, [], ())},
    "background": {
        "name": (str, True, "", ()), "column": (str, False, "", ()), "missing_of": (str, False, "", ()), "history": (str, False, "", ("", "transfer", "education")),
        "year": (int, False, 1, ()), "years": (int, False, 1, ()), "only_subgroups": (bool, False, False, ()),
    },
    "price": {
        "price": (str, True, "", ("mentor_hour", "transfer_week", "su_week", "wage_week")), "from": (str, True, "", ()), "to": (str, False, "", ()), "kroner": (NUMBER, True, 0, ()),
    },
    "answer": {"name": (str, True, "", ()), "column": (str, True, "", ()), "least": (NUMBER, True, 0, ()), "most": (NUMBER, True, 1, ())},
    "question": {"name": (str, True, "", ()), "column": (str, True, "", ())},
    "subgroup": {
        "name": (str, True, "", ()), "background": (str, True, "", ()), "cut": (NUMBER, False, None, ()), "median": (bool, False, False, ()),
        "above_zero": (bool, False, False, ()), "labels": (list, False, [], ()),
    },
}  # fmt: skip
NEEDED = ("register", "lottery", "window")


def read(file: Path) -> Protocol:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(file, "Protokollen findes ikke.", mend="Lav et forlæg, der kan rettes til: snerydder study new") from None
    except UnicodeDecodeError:
        raise BadInput(file, "Protokollen er ikke gemt som UTF-8.", mend="Gem den igen med kodningen UTF-8.") from None
    except tomllib.TOMLDecodeError as fault:
        raise BadInput(file, f"Protokollen kan ikke læses: {fault}", expected='linjer som nøgle = "værdi" under [afsnit]') from None
    known = {*TOP, *SECTIONS, *LISTS}
    _no_strangers(file, "", found, known)
    if missing := [name for name in NEEDED if name not in found]:
        raise BadInput(
            file,
            f"Afsnittet [{missing[0]}] mangler.",
            expected=f"[{missing[0]}] med {', '.join(key for key, rule in SECTIONS[missing[0]].items() if rule[1])}",
        )
    top = _section(file, "", {key: value for key, value in found.items() if key in TOP}, TOP)
    parts = {name: _section(file, name, found[name], rules) if name in found else {} for name, rules in SECTIONS.items()}
    for name in ("comparison", "estimators", "multiplicity", "policy", "power"):
        parts[name] = parts[name] or _section(file, name, {}, SECTIONS[name])
    lists = {
        name: [_section(file, f"{name} nr. {number}", row, rules) for number, row in enumerate(found.get(name, []), 1)]
        for name, rules in LISTS.items()
    }
    protocol = Protocol(
        file=file, **top, register=parts["register"], lottery=parts["lottery"], persons=parts["persons"], contacts=parts["contacts"], mentors=parts["mentors"], caseworkers=parts["caseworkers"],
        policy=parts["policy"], power=parts["power"], courses=parts["courses"], survey=parts["survey"], questions=tuple(lists["question"]), inspection=parts["inspection"], answers=parts["answers"], looks=parts["looks"], answer_list=tuple(lists["answer"]), prices=parts["prices"], price_steps=tuple(lists["price"]),
        first=parts["window"]["first"], last=parts["window"]["last"], summary=_summary(parts["window"]), estimators=tuple(parts["estimators"]["use"]), errors=tuple(parts["estimators"]["errors"]),
        before=parts["comparison"]["before"], correction=parts["multiplicity"]["method"],
        outcomes=tuple(Outcome(**{**row, "also": tuple(row["also"]), "expected": tuple(row["expected"])}) for row in lists["outcome"]),
        background=tuple(Background(**row) for row in lists["background"]),
        subgroups=tuple(Subgroup(**{**row, "labels": tuple(row["labels"])}) for row in lists["subgroup"]),
    )  # fmt: skip
    _makes_sense(protocol)
    return protocol


def _summary(window: dict[str, Any]) -> tuple[int, int]:
    last = window["last"]
    return (window["summary_from"] if window["summary_from"] >= 0 else max(0, last - 23), window["summary_to"] if window["summary_to"] >= 0 else last)


def _no_strangers(file: Path, section: str, found: dict[str, Any], known: set[str]) -> None:
    for key in found:
        if key not in known:
            near = get_close_matches(key, known, 1)
            place = f"afsnit [{section}], nøgle {key}" if section else f"nøgle {key}"
            raise BadInput(
                file, "Nøglen kendes ikke.", place, f"en af: {', '.join(sorted(known))}", f"Mente du {near[0]}?" if near else "Fjern linjen."
            )


def _section(file: Path, name: str, found: Any, rules: dict[str, Rule]) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise BadInput(file, f"[{name}] er ikke et afsnit.", expected=f"en linje [{name}] og derunder nøgler")
    _no_strangers(file, name, found, set(rules))
    taken = {}
    for key, (kind, required, default, allowed) in rules.items():
        place = f"afsnit [{name}], nøgle {key}" if name else f"nøgle {key}"
        if key not in found:
            if required:
                raise BadInput(file, "Nøglen mangler.", place, " eller ".join(map(str, allowed)) if allowed else _kind(kind), f"Skriv {key} = … i protokollen.")
            taken[key] = default
            continue
        value = found[key]
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise BadInput(file, f"Værdien {value!r} passer ikke.", place, _kind(kind))
        if allowed and value not in allowed:
            raise BadInput(file, f"Værdien {value!r} kendes ikke.", place, " eller ".join(str(one) for one in allowed if one != ""))
        if required and value == "":
            raise BadInput(file, "Værdien er tom.", place, _kind(kind))
        taken[key] = value
    return taken


def _kind(kind: type | tuple[type, ...]) -> str:
    words = {
        str: 'tekst i anførselstegn, fx "pnr"',
        int: "et helt tal",
        float: "et tal med punktum, fx 0.10",
        bool: "true eller false",
        list: 'en liste, fx ["kommune"]',
    }
    return words.get(kind, "et tal") if isinstance(kind, type) else "et tal"


def _makes_sense(protocol: Protocol) -> None:
    for judge in (_outcomes, _numbers, _lottery, _beside, _people):
        judge(protocol)


def _outcomes(protocol: Protocol) -> None:
    file = protocol.file
    if not 0 < protocol.alpha < 0.5:
        raise BadInput(file, f"alpha = {protocol.alpha} giver ingen mening.", "nøgle alpha", "fx 0.10 for 90 %-bånd")
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
                raise BadInput(file, f"Udfaldet {name!r} kendes ikke.", "afsnit [[outcome]]", f"et af: {', '.join(outcomes.names())}")
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
    for key, (least, most) in {"wanted": (0.5, 1.0), "take_up": (0.0, 1.0), "r_squared": (0.0, 0.999), "icc": (0.0, 1.0)}.items():
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
    for group in protocol.subgroups:
        if group.background not in names:
            near = get_close_matches(group.background, names, 1)
            raise BadInput(
                file,
                f"Undergruppen {group.name!r} bygger på {group.background!r}, som ikke er en [[background]].",
                mend=f"Mente du {near[0]!r}?" if near else "Skriv den som [[background]] først.",
            )
