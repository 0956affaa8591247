"""Runs the checks of a step and holds the one rule above them: what nobody has read may never stop anyone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from . import rulebook
from .facts import Facts
from .hjemmel import replaced_by
from .packs import Value
from .rulebook import Law, NoRule
from .sources import Standing, weakest
from .text import N_, Text
from .verdict import Level, Verdict

STEPS = ("grant", "agreement", "start", "follow_up", "closing", "refusal")
ORDER = (Level.OK, Level.WARN, Level.STOP)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a check found. `level` and `cites` are given only when milder or other than the check's own."""

    what: Text
    mend: Text
    field: str = ""
    why: Text | None = None
    level: Level | None = None
    cites: tuple[str, ...] = ()


class NotRelevant:
    """The check has nothing to say about this case."""


NOT_RELEVANT = NotRelevant()
Found = Problem | NotRelevant | None


@dataclass(frozen=True, slots=True)
class Check:
    id: str
    promise: str  # the sentence that holds when the check is kept
    why: str
    steps: dict[str, Level]
    cites: tuple[str, ...]
    uses: tuple[str, ...]  # keys of the values it reads; "group.*" for a family
    field: str
    topic: str
    judge: Callable[[Facts, Law], Found] = field(compare=False)


CHECKS: dict[str, Check] = {}


def check(
    id: str,
    *,
    promise: str,
    why: str,
    steps: dict[str, Level],
    cites: tuple[str, ...],
    uses: tuple[str, ...] = (),
    field: str = "",
) -> Callable[[Callable[[Any, Any], Found]], Callable[[Any, Any], Found]]:
    """Enter a function as a check. One file, one id, nothing else to edit."""

    def enter(function: Callable[[Any, Any], Found]) -> Callable[[Any, Any], Found]:
        if id in CHECKS:
            raise ValueError(f"{id} is defined twice")
        if unknown := set(steps) - set(STEPS):
            raise ValueError(f"{id}: unknown step {unknown}")
        if unknown := set(cites) - rulebook.sources().keys():
            raise ValueError(f"{id}: unknown source {unknown}")
        topic = function.__module__.rpartition(".")[2]
        CHECKS[id] = Check(id, promise, why, steps, cites, uses, field, topic, function)
        return function

    return enter


class WatchedLaw(Law):
    """The law of the day, remembering what a check read and refusing what it did not declare."""

    def __init__(self, day: date, uses: tuple[str, ...]) -> None:
        super().__init__(day)
        self.uses = uses
        self.read: dict[str, Value] = {}

    def allows(self, key: str) -> bool:
        return any(key == use or (use.endswith("*") and key.startswith(use[:-1])) for use in self.uses)

    def rule(self, key: str) -> Value:
        if not self.allows(key):
            raise LookupError(f"a check read {key} without saying so in uses")
        self.read[key] = super().rule(key)
        return self.read[key]

    def knows(self, key: str) -> bool:
        if not super().knows(key):
            return False
        self.rule(key)
        return True


def _standing(cites: Iterable[str], read: dict[str, Value]) -> Standing:
    return weakest([rulebook.sources()[cite].standing for cite in cites] + [value.standing for value in read.values()])


def _may_stop(standing: Standing, read: dict[str, Value]) -> bool:
    return standing is Standing.READ and not any(rulebook.entries()[key].is_local for key in read)


def _citation(cites: Iterable[str]) -> str:
    return "; ".join(rulebook.sources()[cite].text for cite in cites)


def run(check: Check, step: str, facts: Facts, on: date) -> Verdict | None:
    if check.id in replaced_by(facts.grant.hjemmel):
        return None
    law = WatchedLaw(on, check.uses)
    try:
        found = check.judge(facts, law)
    except NoRule:
        found = Problem(
            what=Text(N_("Regelbogen siger ikke, hvad der gjaldt den {day}."), day=on),
            mend=Text(N_("Vurdér selv sagen efter reglerne fra den tid, og skriv hvorfor.")),
            field=check.field,
            level=Level.WARN,
        )
    if isinstance(found, NotRelevant):
        return None
    cites = (found.cites if found else ()) or check.cites
    standing = _standing(cites, law.read)
    level = Level.OK
    if found:
        level = min(check.steps[step], found.level or Level.STOP, key=ORDER.index)
        if level is Level.STOP and not _may_stop(standing, law.read):
            level = Level.WARN
    return Verdict(
        check=check.id,
        level=level,
        what=found.what if found else Text(check.promise),
        why=(found.why if found and found.why else Text(check.why)),
        mend=found.mend if found else Text(""),
        field=(found.field or check.field) if found else check.field,
        cites=cites,
        citation_text=_citation(cites),
        law_version=rulebook.version,
        standing=standing,
    )


@lru_cache(maxsize=1)
def all_checks() -> dict[str, Check]:
    """Every module in checks/ is a topic; a new file is found without being listed anywhere."""
    package = import_module("snerydder.law.checks")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(CHECKS.items()))


def judge(step: str, facts: Facts, on: date) -> list[Verdict]:
    """All verdicts of a step, by check id. Checks that do not concern the case are left out."""
    if step not in STEPS:
        raise ValueError(f"unknown step {step!r}; one of {STEPS}")
    verdicts = (run(check, step, facts, on) for check in all_checks().values() if step in check.steps)
    return [verdict for verdict in verdicts if verdict]
