"""The count: which frauds were asked about, and how many honest contacts were."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Any

from snerydder.casework.questions.proof.frauds import PATTERN, RULE, Planted, plant
from snerydder.casework.questions.proof.honest import FIRST, LAST, World, world
from snerydder.casework.questions.signs import ALL, look
from snerydder.casework.questions.signs.log import DAY, Found

EACH = 2  # of every kind in a world
PERIOD = 14  # the signs are asked every other week here; every night in the product


@dataclass(frozen=True)
class OfSeed:
    """One seed's own line."""

    seed: int
    honest: int
    asked: int
    rules: float
    patterns: float

    @property
    def share(self) -> float:
        return self.asked / self.honest


@dataclass
class Count:
    """What came of one or more seeds."""

    planted: dict[str, int] = field(default_factory=lambda: dict.fromkeys(RULE | PATTERN, 0))
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(RULE | PATTERN, 0))
    contacts: dict[str, list[int]] = field(default_factory=lambda: {kind: [0, 0] for kind in RULE | PATTERN})  # asked about, in all
    honest: int = 0
    asked: int = 0  # honest contacts somebody was asked about
    by_sign: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ALL, 0))
    questions: int = 0
    seeds: list[OfSeed] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.asked / self.honest

    @property
    def worst(self) -> float:
        """The highest share of one seed."""
        return max(each.share for each in self.seeds)

    def of(self, kinds: Iterable[str]) -> float:
        listed = list(kinds)
        return sum(self.found[kind] for kind in listed) / sum(self.planted[kind] for kind in listed)


def ask(made: World) -> list[Found]:
    """A fortnight at a time, on what was written by then."""
    known: set[tuple[str, Any, int]] = set()
    asked: list[Found] = []
    for day in [*range(FIRST + 35, LAST + 5, PERIOD), LAST + 5]:
        log = replace(made.log, rows=[row for row in made.log.rows if row.written // DAY < day and row.day < day], today=day)
        for found in look(log, known):
            known.update((found.sign, row.id, row.corrections) for row in found.rows)
            asked.append(found)
    return asked


def count(seeds: Iterable[int], contacts: int | None = None, each: int = EACH, untidy: float = 1.0) -> Count:
    result = Count()
    for seed in seeds:
        made = world(Random(f"snerydder {seed}"), **({"contacts": contacts} if contacts else {}), untidy=untidy)  # noqa: S311 a seed that anybody can use again
        planted = plant(made, each)
        _add(result, seed, made, planted, ask(made))
    return result


def _add(result: Count, seed: int, made: World, planted: list[Planted], asked: list[Found]) -> None:
    about = {row.id for found in asked for row in found.rows}
    bad = {each for fraud in planted for each in fraud.ids}
    of: dict[bool, list[bool]] = {True: [], False: []}
    for fraud in planted:
        hit = len(fraud.ids & about)
        result.planted[fraud.kind] += 1
        result.contacts[fraud.kind][0] += hit
        result.contacts[fraud.kind][1] += len(fraud.ids)
        # a rule's fraud is found when every contact of it is; a pattern, when somebody is asked about most of it
        is_found = hit == len(fraud.ids) if fraud.kind in RULE else hit * 2 > len(fraud.ids)
        result.found[fraud.kind] += is_found
        of[fraud.kind in RULE].append(is_found)
    honest = {row.id for row in made.log.rows} - bad
    result.honest += len(honest)
    result.asked += len(honest & about)
    result.questions += len(asked)
    rules, patterns = (sum(found) / len(found) if found else 1.0 for found in (of[True], of[False]))
    result.seeds.append(OfSeed(seed, len(honest), len(honest & about), rules, patterns))
    for found in asked:
        result.by_sign[found.sign] += len({row.id for row in found.rows} & honest)


def period() -> str:
    return f"{date.fromordinal(FIRST).isoformat()} - {date.fromordinal(LAST).isoformat()}"
