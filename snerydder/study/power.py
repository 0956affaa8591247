"""`snerydder study power`: what a trial can show, in a sentence and a table, from a few numbers or from a protocol with its lottery file."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import TextWrapper
from typing import Any

import numpy as np

from snerydder.effects import bands
from snerydder.effects import power as of
from snerydder.effects.results import Refused
from snerydder.registers import table
from snerydder.registers.faults import BadInput
from snerydder.study.protocol import Protocol
from snerydder.study.words import Words

wrap = TextWrapper(100, break_on_hyphens=False).wrap
WANTED = 0.90
LIKENESS = 0.97  # between neighbouring weeks: what such registers show; only the band of the whole curve rests on it
TOWN = "kommune"  # where the lottery's file says so, it says how many municipalities there are; else each stratum is one
POINTS = (0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.10)


@dataclass(frozen=True)
class Question:
    """An outcome that is hoped for."""

    name: str
    name_en: str
    share: float  # without support
    effect: float


@dataclass(frozen=True)
class Part:
    """What the trial can show in a part of its persons."""

    share: float
    power: float
    smallest: float | Refused
    contrast: float | Refused  # the chance of seeing that the effect is there and not in the rest


@dataclass(frozen=True)
class Answer:
    question: Question
    alone: of.Verdict  # one week, decided beforehand
    chance_all: float  # the same, when every week of the curve is looked at
    smallest_all: float | Refused
    persons_all: tuple[int, int] | Refused
    sooner: of.Sooner | Refused  # the log-rank test, when the shares are those who have reached it at the end
    part: Part | None  # a subgroup of the size asked about
    table: tuple[tuple[float, float, float], ...]  # effect, chance alone, chance for the whole curve


@dataclass(frozen=True)
class Plan:
    design: of.Design
    questions: tuple[Question, ...]
    weeks: int = 76
    wanted: float = WANTED
    places: int = 1
    subgroup: float = 1.0  # share of the persons in the part asked about; 1: none

    @property
    def critical_all(self) -> float:
        """The critical value of a band around the whole curve when neighbouring weeks are alike: correlation `LIKENESS` to the power of the distance."""
        if self.weeks < 2:
            return _alone(self.design)
        place = np.arange(self.weeks)
        drawn = bands.maxima(LIKENESS ** np.abs(place[:, None] - place[None, :]), np.random.Generator(np.random.PCG64(1)), 50_000)
        assert not isinstance(drawn, Refused)
        return max(_alone(self.design), float(np.quantile(drawn, 1 - self.design.alpha)))


def _alone(design: of.Design) -> float:
    from scipy.special import ndtri

    return float(-ndtri(design.alpha / 2))


def answers(plan: Plan) -> tuple[Answer, ...] | Refused:
    whole = replace(plan.design, critical=plan.critical_all)
    found = []
    for one in plan.questions:
        alone = of.verdict(plan.design, one.share, one.effect, plan.wanted, plan.places)
        chance = of.power(whole, one.share, one.effect)
        if isinstance(alone, Refused):
            return alone
        if isinstance(chance, Refused):
            return chance
        sign = -1.0 if one.effect < 0 else 1.0
        rows = [(sign * size, of.power(plan.design, one.share, sign * size), of.power(whole, one.share, sign * size)) for size in POINTS]
        kept = tuple(
            (size, single, together) for size, single, together in rows if not isinstance(single, Refused) and not isinstance(together, Refused)
        )
        smallest = of.minimum_effect(whole, one.share, plan.wanted, falling=one.effect < 0)
        part = _part(plan, one)
        if isinstance(part, Refused):
            return part
        needed, sooner = of.persons_needed(whole, one.share, one.effect, plan.wanted), of.sooner(plan.design, one.share, one.effect)
        found.append(Answer(one, alone, chance, smallest, needed, sooner, part, kept))
    return tuple(found)


def _part(plan: Plan, one: Question) -> Part | Refused | None:
    if plan.subgroup >= 1:
        return None
    design = replace(plan.design, subgroup=plan.subgroup)
    chance = of.power(design, one.share, one.effect)
    if isinstance(chance, Refused):
        return chance
    smallest = of.minimum_effect(design, one.share, plan.wanted, falling=one.effect < 0)
    return Part(plan.subgroup, chance, smallest, of.contrast_power(design, one.share, one.effect))


def from_protocol(protocol: Protocol) -> Plan:
    """Strata, arms and clusters as the lottery file has them; what is hoped for from `expected` under each [[outcome]]."""
    part, file = protocol.lottery, protocol.path(protocol.lottery)
    if not part["arm"]:
        raise BadInput(protocol.file, "Styrken regnes for en lodtrækning, og her trækkes der ikke lod.", "nøgle design", "design = \"lottery\"")
    found = table.read(file, "lodtrækningen")
    table.require(found, file, [part["arm"], *part["strata"], *([part["cluster"]] if part["cluster"] else [])], "[lottery]")
    found = found.filter(~found[part["arm"]].cast(str).is_in(part["others"]))
    arms = np.array(table.texts(found, part["arm"]))
    labels = (
        [" · ".join(cells) for cells in zip(*(table.texts(found, name) for name in part["strata"]), strict=True)]
        if part["strata"]
        else [""] * len(arms)
    )
    _, stratum = np.unique(labels, return_inverse=True)
    one, zero = (np.bincount(stratum[arms == part[arm]], minlength=stratum.max() + 1) for arm in ("treated", "control"))
    both = (one > 1) & (zero > 1)
    questions = tuple(
        Question(module.SHORT, module.SHORT_EN, outcome.expected[0], outcome.expected[1] - outcome.expected[0])
        for outcome, module in ((outcome, _outcome(outcome.name)) for outcome in protocol.outcomes)
        if outcome.expected
    )
    if not questions:
        raise BadInput(
            protocol.file, "Protokollen siger ikke, hvad der ventes.", "afsnit [[outcome]]", "expected = [0.12, 0.16]: andelen uden og med indsatsen"
        )
    plan = protocol.power
    clusters, spread = 0, 0.0
    if part["cluster"]:
        sizes = np.unique(table.texts(found, part["cluster"]), return_counts=True)[1]
        clusters, spread = len(sizes), float(sizes.std() / sizes.mean())
    design = of.Design(
        one[both],
        zero[both],
        protocol.alpha,
        r_squared=plan["r_squared"],
        compliance=plan["take_up"],
        clusters=clusters,
        icc=plan["icc"] if clusters else 0.0,
        size_cv=spread,
    )
    towns = len(set(table.texts(found, TOWN))) if TOWN in found.columns else len(one[both])
    return Plan(design, questions, protocol.weeks, plan["wanted"], towns, plan["subgroup"])


def _outcome(name: str) -> Any:
    from snerydder.registers import outcomes

    return outcomes.find(name)


def told(plan: Plan, found: tuple[Answer, ...], w: Words) -> str:
    """Plain text for a screen."""
    lines = []
    level = f"{round(100 * (1 - plan.design.alpha))} %"
    for one in found:
        if one.question.name:
            lines += [w(one.question.name, one.question.name_en)]
        lines += [*wrap(w(one.alone.sentence, one.alone.sentence_en)), *wrap(whole_curve(plan, one, w))]
        lines += [line for more in (in_time(one, w), in_part(plan.wanted, one, w)) if more for line in wrap(more)]
        lines.append("")
        head = (
            w("Forskel, procentpoint", "Difference, points"),
            w(f"Sandsynlighed, én uge ({level})", f"Chance, one week ({level})"),
            w("Sandsynlighed, hele kurven", "Chance, whole curve"),
        )
        lines.append("  " + "   ".join(head))
        for size, single, together in one.table:
            cells = (w.points(size, 0), w.percent(single, 0), w.percent(together, 0))
            lines.append("  " + "   ".join(cell.replace("\u00a0", " ").rjust(len(name)) for cell, name in zip(cells, head, strict=True)))
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def whole_curve(plan: Plan, one: Answer, w: Words) -> str:
    chance = w.percent(one.chance_all, 0).replace("\u00a0", " ")
    smallest = "" if isinstance(one.smallest_all, Refused) else w.number(100 * abs(one.smallest_all), 1)
    more, more_en = "", ""
    if smallest:
        more, more_en = (
            f", og den mindste forskel, der så bliver set, er {smallest} procentpoint",
            f", and the smallest difference then seen is {smallest} percentage points",
        )
    return w(
        f"Skal forskellen også stå ved magt, når der tages højde for alle {plan.weeks} uger i kurven, er sandsynligheden {chance}{more}.",
        f"If the difference is to hold when allowing for all {plan.weeks} weeks of the curve, the chance is {chance}{more_en}.",
    )


def in_time(one: Answer, w: Words) -> str:
    """Asked as time: the same numbers as shares who have reached it."""
    if isinstance(one.sooner, Refused):
        return ""
    chance = w.percent(one.sooner.power, 0).replace("\u00a0", " ")
    return w(
        f"Spørger man i stedet, hvor hurtigt de nåede det (log-rank-test), er sandsynligheden {chance}; andelene er så dem, der har nået det, når målingen slutter.",
        f"Asked instead how soon they reached it (log-rank test), the chance is {chance}; the shares are then those who have reached it by the end.",
    )


def in_part(sought: float, one: Answer, w: Words) -> str:
    part = one.part
    if part is None:
        return ""
    share, chance = (w.percent(value, 0).replace("\u00a0", " ") for value in (part.share, part.power))
    told = w(f"I en undergruppe på {share} af personerne er sandsynligheden {chance}", f"In a subgroup of {share} of the persons the chance is {chance}")
    if not isinstance(part.smallest, Refused):
        size, wanted = w.number(100 * abs(part.smallest), 1), w.percent(sought, 0).replace("\u00a0", " ")
        told += w(f", og den mindste forskel, der bliver set med {wanted}, er {size} procentpoint", f", and the smallest difference seen with {wanted} is {size} percentage points")
    if isinstance(part.contrast, Refused):
        return told + "."
    contrast = w.percent(part.contrast, 0).replace("\u00a0", " ")
    return told + w(
        f". Virker det kun dér, er sandsynligheden for at se, at de to dele er forskellige, {contrast}.",
        f". If it works only there, the chance of seeing that the two parts differ is {contrast}.",
    )


def as_json(plan: Plan, found: tuple[Answer, ...]) -> str:
    design = plan.design
    persons = {"treated": np.atleast_1d(np.asarray(design.treated)).tolist(), "control": np.atleast_1d(np.asarray(design.control)).tolist()}
    said = {
        "design": persons | {name: getattr(design, name) for name in ("alpha", "r_squared", "compliance", "clusters", "icc", "size_cv")},
        "weeks": plan.weeks, "critical_all": plan.critical_all, "wanted": plan.wanted,
        "outcomes": [
            {
                "name": one.question.name_en, "control_share": one.question.share, "effect": one.question.effect, "power": one.alone.power, "power_all": one.chance_all,
                "smallest": _number(one.alone.smallest), "smallest_all": _number(one.smallest_all), "persons_needed": list(one.alone.persons),
                "persons_needed_all": None if isinstance(one.persons_all, Refused) else list(one.persons_all), "municipalities": one.alone.municipalities, "sentence": one.alone.sentence, "sentence_en": one.alone.sentence_en,
                "logrank": None if isinstance(one.sooner, Refused) else {"power": one.sooner.power, "hazard_ratio": one.sooner.ratio, "events": one.sooner.events},
                "subgroup": None if one.part is None else {"share": one.part.share, "power": one.part.power, "smallest": _number(one.part.smallest), "power_contrast": _number(one.part.contrast)},
                "table": [{"effect": size, "power": single, "power_all": together} for size, single, together in one.table],
            }
            for one in found
        ],
    }  # fmt: skip
    return json.dumps(json.loads(json.dumps(said), parse_float=lambda text: float(f"{float(text):.10g}")), ensure_ascii=False, indent=1) + "\n"


def _number(value: float | Refused) -> float | None:
    return None if isinstance(value, Refused) else value


def write(folder: Path, plan: Plan, found: tuple[Answer, ...]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "power.json"
    file.write_text(as_json(plan, found), encoding="utf-8")
    return file
