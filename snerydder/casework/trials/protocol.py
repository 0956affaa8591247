"""The protocol as a file: the study.toml of the evaluation (`snerydder study`), with a section [trial] for what only the service needs.

The text is canonical: the same protocol gives the same bytes, and their SHA-256 is the protocol's mark. The two files it names
(register and lottery) come when there is something to analyse.
"""
# da-file: the file is read by evaluators in Danish, as `snerydder study new` writes it

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from snerydder.audit.action import Refusal
from snerydder.casework.trials.models import TEXTS, Trial
from snerydder.casework.trials.plan import CHOICES, LONGEST_OFFER, Plan
from snerydder.lottery.intake import Stratum

SCHEMES = {"ras": "ras", "own": "egen"}  # the end of an outcome's name tells whose codes it reads; the others are DREAM's
NUMBER_FAILS = "Bliver tallet ikke offentliggjort den dag, bruges det næste, samme kilde offentliggør."
BACKGROUND = {
    "age": ('name = "Alder"', 'column = "alder"'), "transfer": ('name = "Ydelse 1 år tilbage"', 'history = "transfer"'),
    "education": ('name = "Uddannelse 1 år tilbage"', 'history = "education"'),
}  # fmt: skip
CUTS = {
    "age": ("Alder", "cut = 25", ["under 25", "25 og over"]), "transfer": ("Ydelse 1 år tilbage", "median = true", ["kort", "lang"]),
    "education": ("Uddannelse 1 år tilbage", "above_zero = true", ["uden", "med"]),
}  # fmt: skip
ESTIMATORS = {"difference": ["difference"], "lpm_strata": ["difference", "lpm_strata"], "lpm_covariates": ["difference", "lpm_strata", "lpm_covariates"]}


def quoted(text: Any) -> str:
    """A basic string of TOML is a string of JSON, but for the delete character."""
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: Any) -> str:
    return "[" + ", ".join(quoted(value) if isinstance(value, str) else str(value) for value in values) + "]"


@dataclass(frozen=True)
class Head:
    """Whose protocol it is. The groups of one municipality are not named where several follow it."""

    municipality: str
    number: int
    invented: bool
    strata: tuple[str, ...]
    status: str = "final"


def text_of(trial: Trial, strata: list[Stratum], *, status: str = "final") -> str:
    plan = Plan.of(trial.plan)
    own = () if plan.is_joint and plan.stratify == "unit" else tuple(each.key for each in strata)
    head = Head(trial.municipality.name, trial.number, trial.municipality.invented, own, status)
    return _written(head, {name: getattr(trial, name) for name in TEXTS}, plan)


def _written(head: Head, texts: Mapping[str, str], plan: Plan) -> str:
    rows = [
        f"title = {quoted(texts['title'])}", f'status = "{head.status}"', f"invented = {'true' if head.invented else 'false'}",
        f"alpha = {plan.alpha / 100 / plan.offers:.3g}", f"seed = {quoted(f'{head.municipality} {head.number}')}", "redraws = 10000", "",
        "[trial]", *(f"{name} = {quoted(texts[name])}" for name in TEXTS if name != "title"),
        f"municipality = {quoted(head.municipality)}", f"number = {head.number}", f"municipalities = {plan.municipalities}",
        f"arms = {_list(plan.arms)}\nratio = {_list(plan.ratio)}\nblocks = {_list(plan.blocks)}", f'drawn = "{plan.drawn}"\nmore_offer = {quoted(plan.more_offer)}',
        f'stratify = "{plan.stratify}"\nage_cut = {plan.age_cut}', f"strata = {_list(head.strata)}", f"places = {plan.places}",
        f"number_fails = {quoted(NUMBER_FAILS)}", "",
        "[register]", 'file = "register.csv"', 'key = "noegle"', f'scheme = "{SCHEMES.get(plan.primary.rpartition("_")[2], "dream")}"', 'codes = "koder.csv"', "",
        "[lottery]", 'file = "lodtraekning.csv"', 'key = "noegle"', 'arm = "gruppe"', 'treated = "offered"', 'control = "control"', 'date = "uge"', *_drawn(plan),
        f"strata = {_list(_columns(plan))}", "",
        "[contacts]", 'file = "kontakter.csv"', 'key = "noegle"', 'week = "uge"', 'minutes = "minutter"', "",
        *(["[persons]", 'file = "personer.csv"', 'key = "noegle"', ""] if "age" in plan.subgroups else []),
        "[window]", "first = 0", f"last = {plan.last}", "",
        *_outcomes(plan),
        "[estimators]", f"use = {_list(ESTIMATORS[plan.estimator])}", "", "[multiplicity]", f'method = "{plan.correction}"', "",
        "[power]", f"take_up = {plan.take_up / 100:.2f}", "wanted = 0.90", "",
        "[policy]", 'drawn_twice = "stop"', f'not_in_register = "{plan.missing}"', f'dead = "{plan.dead}"', f'abroad = "{plan.abroad}"', "",
    ]  # fmt: skip
    for key in plan.subgroups:
        rows += ["[[background]]", *BACKGROUND[key], ""]
    for key in plan.subgroups:
        name, cut, labels = CUTS[key]
        rows += ["[[subgroup]]", f"name = {quoted(name)}", f"background = {quoted(name)}", cut, f"labels = {_list(labels)}", ""]
    return "\n".join(rows).rstrip("\n") + "\n"


def _drawn(plan: Plan) -> list[str]:
    """A second offer is compared by a protocol of its own (`other_offer`); a unit that has one lot is a cluster."""
    return [*(['others = ["more"]'] if plan.more else []), *(['cluster = "klynge"'] if plan.drawn == "unit" else [])]


def of_offer(text: str, arm: str) -> str:
    """The protocol by which this offer is compared with the control."""
    return other_offer(text) if arm == "more" else text


def other_offer(text: str) -> str:
    """The same protocol with the second offer in the first one's place."""
    return text.replace('treated = "offered"', 'treated = "more"').replace('others = ["more"]', 'others = ["offered"]')


def _columns(plan: Plan) -> list[str]:
    """Where several municipalities draw, each is a stratum, and so is each group in it."""
    groups = plan.drawn != "unit" and not (plan.is_joint and plan.stratify == "none")
    return [*(["kommune"] if plan.is_joint else []), *(["gruppe_for_lod"] if groups else [])]


def _outcomes(plan: Plan) -> list[str]:
    goal = (plan.share + plan.effect) / 100
    rows = ["[[outcome]]", f'name = "{plan.primary}"', f"week = {plan.week}", f"expected = [{plan.share / 100:.4f}, {goal:.4f}]", ""]
    for name in plan.secondary:
        rows += ["[[outcome]]", f'name = "{name}"', f"week = {plan.week}", ""]
    return rows


def read(text: str) -> dict[str, Any]:
    """The boxes of the form from a file: the words, and the plan. Refuses what it cannot hold, so that nothing is lost unseen."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise Refusal(_("Filen kan ikke læses: %(fault)s") % {"fault": fault}, mend=_("Vælg en study.toml, der er hentet fra et forsøg."), field="file") from fault
    trial = found.get("trial")
    if not isinstance(trial, dict) or not found.get("outcome"):
        raise Refusal(_("Filen er ikke en protokol for et forsøg."), _("Den mangler [trial] eller [[outcome]]."), field="file")
    try:
        return _boxes(found, trial)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as fault:
        raise Refusal(_("Filen mangler noget: %(fault)s") % {"fault": fault}, mend=_("Hent den igen fra det forsøg, den kommer fra."), field="file") from fault


def _boxes(found: dict[str, Any], trial: dict[str, Any]) -> dict[str, Any]:
    first, *others = found["outcome"]
    low, goal = first["expected"]
    used = found["estimators"]["use"]
    names = {name: key for key, (name, *_rest) in CUTS.items()}
    plan = Plan(
        municipalities=trial["municipalities"], stratify=trial["stratify"], age_cut=trial["age_cut"], places=trial["places"], offered=trial["ratio"][0],
        control=trial["ratio"][-1], more=trial["ratio"][1] if len(trial["ratio"]) == 3 else 0, more_offer=trial["more_offer"], drawn=trial["drawn"], blocks=tuple(trial["blocks"]), primary=first["name"], week=first["week"], last=found["window"]["last"],
        secondary=tuple(each["name"] for each in others), subgroups=tuple(names[each["name"]] for each in found.get("subgroup", [])),
        estimator={tuple(value): key for key, value in ESTIMATORS.items()}[tuple(used)], correction=found["multiplicity"]["method"],
        alpha=round(100 * found["alpha"] * (len(trial["ratio"]) - 1)), share=round(100.0 * low, 2), effect=round(100.0 * (goal - low), 2), take_up=round(100 * found["power"]["take_up"]),
        dead=found["policy"]["dead"], abroad=found["policy"]["abroad"], missing=found["policy"]["not_in_register"],
    )  # fmt: skip
    texts = {name: found["title"] if name == "title" else trial[name] for name in TEXTS}
    if strange := [*plan.strange(), *(name for name, text in (texts | {"more_offer": plan.more_offer}).items() if not _fits(name, text))]:
        raise ValueError(strange[0])
    return {**texts, **plan.kept()}


def _fits(name: str, text: Any) -> bool:
    """A text the table can hold."""
    most: Any = LONGEST_OFFER if name == "more_offer" else Trial._meta.get_field(name).max_length  # type: ignore[union-attr]  # a field of its own
    return isinstance(text, str) and len(text) <= most and "\0" not in text


def amended(text: str, holds: Mapping[str, str]) -> str:
    """The same protocol with what holds now: what the evaluation counts by."""
    boxes = read(text)
    return _written(_head(tomllib.loads(text)), boxes | {name: value for name, value in holds.items() if name in TEXTS}, plan_of(text, holds))


def plan_of(text: str, holds: Mapping[str, str]) -> Plan:
    """The numbers and choices that hold now. An amendment is kept as text."""
    plan = Plan.of(read(text))
    for name, value in holds.items():
        if name not in TEXTS:
            plan = replace(plan, **{name: _typed(name, getattr(plan, name), value)})
    return plan


def _typed(name: str, was: Any, value: str) -> Any:
    words = tuple(each.strip() for each in value.split(",") if each.strip()) if isinstance(was, tuple) else (value.strip(),)
    allowed = CHOICES.get(name)
    try:
        if allowed and (unknown := [each for each in words if each not in allowed]):
            raise Refusal(_("%(value)s kendes ikke.") % {"value": unknown[0]}, mend=_("Skriv en af disse: %(words)s.") % {"words": ", ".join(map(str, allowed.values()))}, field="after")
        return words if isinstance(was, tuple) else type(was)(value)
    except ValueError:
        raise Refusal(_("Det er ikke et tal."), mend=_("Skriv tallet alene, for eksempel 60."), field="after") from None


def _head(found: dict[str, Any]) -> Head:
    trial = found["trial"]
    return Head(trial["municipality"], trial["number"], found["invented"], tuple(trial["strata"]), found["status"])


def is_whole(text: str) -> bool:
    """The boxes say all that is in the file, so whoever sees them has seen it all."""
    boxes = read(text)
    return _written(_head(tomllib.loads(text)), boxes, Plan.of(boxes)) == text
