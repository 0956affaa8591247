"""The legal bases a grant can stand on. One module in bases/ each; `hjemler(on)` gives those of the day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from . import rulebook
from .facts import GrantFacts
from .rulebook import Law
from .sources import Standing, weakest
from .text import Text

Day = Callable[[GrantFacts, Law], date | None]


def no_limit(grant: GrantFacts, law: Law) -> date | None:
    return None


@dataclass(frozen=True, slots=True)
class Basis:
    """What a module in bases/ declares. The values it uses stand in the packs under hjemmel.<key>."""

    key: str  # "lab-167-1": also the key of its source
    order: int  # place in forms
    name: str
    rule: str  # one sentence for the caseworker; {months} and the like come from `values`
    letter: str  # the sentence the citizen reads in the decision
    is_right: bool = False
    is_new_period: bool = False
    values: tuple[tuple[str, str], ...] = ()  # placeholder, key in the packs
    replaces: tuple[str, ...] = ()  # common checks that do not hold here
    asks: tuple[str, ...] = ()  # fields of GrantFacts that only this hjemmel needs
    within_section_6: bool = True
    latest_end: Day = no_limit
    earliest_end: Day = no_limit
    earliest_start: Day = no_limit
    latest_start: Day = no_limit


@lru_cache(maxsize=1)
def bases() -> dict[str, Basis]:
    package = import_module("snerydder.law.bases")
    modules = (import_module(f"{package.__name__}.{module.name}") for module in iter_modules(package.__path__))
    found: list[Basis] = [module.BASIS for module in modules]
    return {basis.key: basis for basis in sorted(found, key=lambda basis: basis.order)}


def replaced_by(key: str) -> tuple[str, ...]:
    basis = bases().get(key)
    return basis.replaces if basis else ()


@dataclass(frozen=True, slots=True)
class Hjemmel:
    """A legal basis as it stands on one day."""

    basis: Basis
    law: Law

    @property
    def key(self) -> str:
        return self.basis.key

    @property
    def name(self) -> Text:
        return Text(self.basis.name)

    @property
    def rule(self) -> Text:
        return Text(self.basis.rule, **self._values())

    @property
    def letter(self) -> Text:
        return Text(self.basis.letter, **self._values())

    def _values(self) -> dict[str, object]:
        return {placeholder: self.law.value(key) for placeholder, key in self.basis.values}

    @property
    def citation(self) -> str:
        return rulebook.sources()[self.key].text

    @property
    def standing(self) -> Standing:
        rule = self.law.rule(f"hjemmel.{self.key}.in_force")
        return weakest([rule.standing, rulebook.sources()[rule.source].standing_on(self.law.day)])

    @property
    def is_right(self) -> bool:
        return self.basis.is_right

    @property
    def is_new_period(self) -> bool:
        return self.basis.is_new_period

    @property
    def asks(self) -> tuple[str, ...]:
        return self.basis.asks

    @property
    def purposes(self) -> tuple[str, ...]:
        """Keys of purpose_kind; empty when the law of that day ties it to no purpose."""
        return self.law.value(f"hjemmel.{self.key}.purposes") or ()

    @property
    def target_groups(self) -> tuple[str, ...]:
        """The groups it is limited to; empty when it is not."""
        key = f"hjemmel.{self.key}.groups"
        return self.law.value(key) if self.law.knows(key) else ()

    def latest_end(self, grant: GrantFacts) -> date | None:
        """The last day the period may have, both ends counted; None without a limit or without dates."""
        return self.basis.latest_end(grant, self.law)

    def earliest_end(self, grant: GrantFacts) -> date | None:
        return self.basis.earliest_end(grant, self.law)

    def earliest_start(self, grant: GrantFacts) -> date | None:
        return self.basis.earliest_start(grant, self.law)

    def latest_start(self, grant: GrantFacts) -> date | None:
        return self.basis.latest_start(grant, self.law)


def _offered(key: str, law: Law) -> bool:
    """An end that nobody has read takes no right away: it is offered still, and the check warns."""
    name = f"hjemmel.{key}.in_force"
    if not law.knows(name):
        return False
    rule = law.rule(name)
    return bool(rule.value) or rule.standing is not Standing.READ


def hjemler(on: date) -> list[Hjemmel]:
    """The legal bases to choose from that day, in the order of the forms."""
    law = rulebook.on(on)
    return [Hjemmel(basis, law) for basis in bases().values() if _offered(basis.key, law)]


def find_hjemmel(key: str, on: date) -> Hjemmel | None:
    """The legal basis with this key as it stood that day, whether or not it was in force."""
    basis = bases().get(key)
    return Hjemmel(basis, rulebook.on(on)) if basis else None
