"""What a protocol declares, as plain frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


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
class Interaction:
    """Does the effect change along a background that is a number?"""

    name: str
    background: str  # a [[background]] name
    per: float = 1  # told for so much of it: 5 years, 1 grade


@dataclass(frozen=True)
class Protocol:
    file: Path
    title: str
    status: str
    invented: bool
    note: str  # what a reader must know first, in the box of what one may not conclude
    note_en: str
    design: str  # "no-lottery": a comparison of those who began with those who did not, with its verdict first; "starts", "roll-out": in time
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
    waiting: int  # "starts": so many weeks of waiting in which somebody may start
    period: int  # "roll-out": weeks in a period
    estimators: tuple[str, ...]
    errors: tuple[Any, ...]  # of lpm_strata: HC0 to HC3
    correction: str  # for many subgroups at once
    background: tuple[Background, ...]
    subgroups: tuple[Subgroup, ...]
    interactions: tuple[Interaction, ...]
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
    def by_municipality(self) -> bool:
        """The strata are municipalities, and may be called so."""
        return self.lottery["strata"] == ["kommune"]

    @property
    def in_each(self) -> str:
        return "i hver kommune" if self.by_municipality else "i hvert stratum"

    @property
    def strata_name(self) -> str:
        return "kommuner" if self.by_municipality else "strata"

    @property
    def weeks(self) -> int:
        return self.last - self.first + 1

    @property
    def files(self) -> tuple[str, ...]:
        """Every data file the protocol names, as it names it."""
        parts = (self.register, self.lottery, self.persons, self.contacts, self.mentors, self.caseworkers, self.answers, self.courses, self.survey, self.inspection)
        named = [str(part["file"]) for part in parts if part]
        return (*named, *(str(self.register[key]) for key in ("months", "codes") if self.register[key]))
