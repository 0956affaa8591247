"""Runs the checks of a step and holds the one rule above them: what nobody has read may never stop anyone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from . import rulebook
from .facts import Facts
from .hjemmel import replaced_by
from .packs import Value
from .rulebook import Law, NoRule
from .sources import Standing, weakest
from .text import N_, Text
from .verdict import Level, Verdict

STEPS = ("grant", "agreement", "start", "follow_up", "closing", "refusal", "payment", "nightly")
ORDER = (Level.OK, Level.WARN, Level.STOP)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a check found. `level`, `why` and `cites` are given only when other than the check's own."""

    what: Text
    mend: Text
    field: str = ""
    why: Text | None = None
    level: Level | None = None
    cites: tuple[str, ...] = ()


class NotRelevant:
    """The check has nothing to say about this case."""


NOT_RELEVANT = NotRelevant()
Found = Sequence[Problem] | NotRelevant
Judge = Callable[[Facts, Law], Found]


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
    judge: Judge


CHECKS: list[Check] = []


def check(
    id: str,
    *,
    promise: str,
    why: str,
    steps: dict[str, Level],
    cites: tuple[str, ...],
    uses: tuple[str, ...] = (),
    field: str = "",
) -> Callable[[Judge], Judge]:
    """Enter a function as a check, or as part of one when the id is judged otherwise at another step."""

    def enter(function: Judge) -> Judge:
        taken = {step for other in CHECKS if other.id == id for step in other.steps}
        if unknown := set(steps) - set(STEPS):
            raise ValueError(f"{id}: unknown step {unknown}")
        if taken & set(steps):
            raise ValueError(f"{id} is judged twice at {taken & set(steps)}")
        if unknown := set(cites) - rulebook.sources().keys():
            raise ValueError(f"{id}: unknown source {unknown}")
        topic = function.__module__.rpartition(".")[2]
        CHECKS.append(Check(id, promise, why, steps, cites, uses, field, topic, function))
        return function

    return enter


@lru_cache(maxsize=1)
def all_checks() -> tuple[Check, ...]:
    """Every module in checks/ is a topic; a new file is found without being listed anywhere."""
    package = import_module("snerydder.law.checks")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return tuple(sorted(CHECKS, key=lambda check: check.id))


class WatchedLaw(Law):
    """The law of the day, remembering what a check read and refusing what it did not declare."""

    def __init__(self, day: date, uses: tuple[str, ...]) -> None:
        super().__init__(day)
        self.uses = uses
        self.read: dict[str, Value] = {}

    def rule(self, key: str) -> Value:
        if not any(key == use or (use.endswith("*") and key.startswith(use[:-1])) for use in self.uses):
            raise LookupError(f"a check read {key} without naming it in uses")
        self.read[key] = super().rule(key)
        return self.read[key]

    def knows(self, key: str) -> bool:
        known = super().knows(key)
        if known:
            self.rule(key)
        return known


def standing_of(cites: Iterable[str], read: dict[str, Value], day: date) -> Standing:
    """The weakest that day: a text replaced by one that nobody has read is itself unread from then on."""
    sources = [*cites, *(value.source for value in read.values())]
    return weakest([rulebook.sources()[source].standing_on(day) for source in sources] + [value.standing for value in read.values()])


def level_of(check_level: Level, found: Problem, standing: Standing, read: dict[str, Value]) -> Level:
    """A stop needs every source and every value to be read at its source, and no local norm among them."""
    level = min(check_level, found.level or Level.STOP, key=ORDER.index)
    is_solid = standing is Standing.READ and not any(rulebook.entries()[key].is_local for key in read)
    return level if is_solid else min(level, Level.WARN, key=ORDER.index)


def _unknown_day(check: Check, day: date) -> Problem:
    return Problem(
        what=Text(N_("Regelbogen siger ikke, hvad der gjaldt den {day}."), day=day),
        mend=Text(N_("Vurdér sagen efter reglerne fra den tid, og skriv hvorfor.")),
        field=check.field,
        level=Level.WARN,
    )


def run(check: Check, step: str, facts: Facts, on: date) -> list[Verdict]:
    if check.id in replaced_by(facts.grant.hjemmel):
        return []
    law = WatchedLaw(on, check.uses)
    try:
        why = Text(check.why, **words(law))
        found = check.judge(facts, law)
    except NoRule:
        why = Text(N_("Vi gætter ikke på, hvad loven sagde."))
        found = [_unknown_day(check, on)]
    if isinstance(found, NotRelevant):
        return []
    return [_verdict(check, step, problem, why, law) for problem in found] or [_kept(check, why, law)]


def words(law: WatchedLaw) -> dict[str, object]:
    """The dated words a check declares fill the placeholders of the same name in its reason."""
    names = (use.removeprefix("word.") for use in law.uses if use.startswith("word."))
    return {name: law.word(name) for name in names}


def _kept(check: Check, why: Text, law: WatchedLaw) -> Verdict:
    standing = standing_of(check.cites, law.read, law.day)
    parts = (Text(check.promise), why, Text(""), check.field)
    return Verdict(check.id, Level.OK, *parts, check.cites, citation(check.cites), rulebook.version, standing)


def _verdict(check: Check, step: str, problem: Problem, why: Text, law: WatchedLaw) -> Verdict:
    cites = problem.cites or check.cites
    standing = standing_of(cites, law.read, law.day)
    level = level_of(check.steps[step], problem, standing, law.read)
    parts = (problem.what, problem.why or why, problem.mend, problem.field or check.field)
    return Verdict(check.id, level, *parts, cites, citation(cites), rulebook.version, standing)


def citation(cites: Iterable[str]) -> str:
    return "; ".join(rulebook.sources()[cite].text for cite in cites)


def judge(step: str, facts: Facts, on: date) -> list[Verdict]:
    """All verdicts of a step, by check id: one per thing to mend, or one OK.

    A check that does not concern the case gives no verdict.
    `on` is the day of the decision that is judged: the law of its day holds, forever.
    """
    if step not in STEPS:
        raise ValueError(f"unknown step {step!r}; one of {STEPS}")
    return [verdict for check in all_checks() if step in check.steps for verdict in run(check, step, facts, on)]
