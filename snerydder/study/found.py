"""Everything a run found: what the report, the tables and the JSON read."""

from __future__ import annotations

from dataclasses import dataclass

from snerydder.effects.balance import Line
from snerydder.effects.fidelity import Measure
from snerydder.effects.results import Refused
from snerydder.registers.quality import Row
from snerydder.study.answers import AnswerFound
from snerydder.study.findings import Delivery, OutcomeFound, Place
from snerydder.study.looks import Looks
from snerydder.study.mapping import Mapped
from snerydder.study.money import Money
from snerydder.study.power import Answer
from snerydder.study.redrawn import Alike
from snerydder.study.timing import Benefit, Reached


@dataclass(frozen=True)
class Findings:
    drawn: float  # draws in the file
    treated: int
    control: int
    received: float | None
    strata: int
    balance: tuple[Line | Refused, ...]
    alike: Alike
    outcomes: tuple[OutcomeFound, ...]
    delivery: Delivery | None
    places: tuple[Place, ...]
    mentor_answers: dict[str, float]
    points: tuple[Measure | Refused, ...]  # the seven of the method
    money: Money | Refused | None
    reached: Reached | Refused
    benefit: Benefit | Refused
    mapped: Mapped
    answers: tuple[AnswerFound, ...]
    looks: tuple[Looks | Refused, ...]
    power: tuple[Answer, ...] | Refused
    quality: tuple[Row, ...]
    season: tuple[float, ...]  # persons whose week 0 lies in each month, January first
    redraws: int
    exact: bool
