"""The leader: are the files in order, is the support delivered, what does it cost. Every figure leads to its cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import Coalesce

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import OPEN, Case
from snerydder.casework.cases.states import ENDED, Stage
from snerydder.casework.grants import spans
from snerydder.casework.inspections import queries as inspections
from snerydder.casework.questions import queries as questions
from snerydder.desks import over_time, payer
from snerydder.desks.coordinator import even_pace
from snerydder.desks.filters import counts_hours
from snerydder.desks.selection import Number, Selection, by_key, count, counted, law_today
from snerydder.law.rulebook import Law

RUNNING = [stage for stage in Stage if stage not in ENDED]
ASKED = (
    "aabne", "i-gang", "uden-kontakt", "foerste-kontakt", "udloebet", "over-frist", "i-orden", "ikke-i-orden", "i-gang-uden-kontroller", "med-timer",
    "kontrol-stopper", "kontrol-advarer",
)  # fmt: skip


@dataclass(frozen=True)
class Hours:
    used: int
    expected: int
    granted: int

    @property
    def share(self) -> int | None:
        return round(100 * self.used / self.expected) if self.expected else None


@dataclass(frozen=True)
class UnitRow:
    pk: UUID
    name: str
    stages: dict[str, int]
    found: dict[str, int]
    law: Law

    def number(self, key: str) -> Number:
        return Number(self.found.get(key, 0), Selection(key, unit=self.pk), self.law)

    def at(self, stage: str) -> Number:
        return Number(self.stages.get(stage, 0), Selection(unit=self.pk, stage=stage), self.law)


def figures(staff: Staff) -> dict[str, Any]:
    law = law_today()
    numbers = count(staff, by_key(*ASKED))
    closed = count(staff, by_key("afsluttet-i-aar"))["afsluttet-i-aar"]
    year, of_units = spans.year_of(law.day), units(staff, law)
    return {
        "day": law.day, "numbers": numbers, "closed": closed, "order_share": share(numbers["i-orden"].count, numbers["i-gang"].count),
        "months": over_time.months(staff, law, numbers["i-gang"], numbers["i-orden"]), "hours": hours(staff, law), "year": year, "cost": payer.sums(payer.lines(staff, year)), "units": of_units,
        "stages": [(stage.value, str(stage.label).capitalize()) for stage in RUNNING], "totals": stage_totals(of_units, law),
        "measures": list(inspections.measures(staff).filter(done_on__isnull=True)), "samples": inspections.open_samples(staff),
        "questions": questions.counts(staff),
    }  # fmt: skip


def share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def hours(staff: Staff, law: Law) -> Hours:
    """Delivered against granted, of the periods that run: up to today at an even pace, and in all."""
    rows = scope.rows(Case, staff).filter(counts_hours(law))
    found = rows.aggregate(
        used=Coalesce(Sum("minutes_used"), 0), expected=Coalesce(Sum(even_pace(law.day)), 0), granted=Coalesce(Sum("minutes_granted"), 0)
    )
    return Hours(**found)


def units(staff: Staff, law: Law) -> list[UnitRow]:
    """Each unit with its open cases, step by step. One question."""
    asked = by_key("aabne", "uden-kontakt", "i-orden")
    rows: Any = scope.rows(Case, staff).filter(OPEN).order_by("unit__name").values("unit", "unit__name", "stage").annotate(**counted(staff, asked))
    found: dict[UUID, UnitRow] = {}
    for row in rows:
        unit = found.setdefault(row["unit"], UnitRow(row["unit"], row["unit__name"], {}, dict.fromkeys(asked, 0), law))
        unit.stages[row["stage"]] = row["aabne"]
        for key in asked:
            unit.found[key] += row[key]
    return list(found.values())


def stage_totals(rows: Sequence[UnitRow], law: Law) -> dict[str, Number]:
    """Every case has a unit, so the whole is the sum of them."""
    return {stage.value: Number(sum(row.stages.get(stage.value, 0) for row in rows), Selection(stage=stage.value), law) for stage in RUNNING}
