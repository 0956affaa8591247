"""Questions about samples: where each stands, its cases with their checks, and how it goes with what was found."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases import queries as cases
from snerydder.casework.cases.models import Case, StoredVerdict
from snerydder.casework.cases.verdicts import Shown, stored
from snerydder.casework.checks import queries as nights
from snerydder.casework.inspections import guide, rates
from snerydder.casework.inspections.models import Answer, DrawnCase, Finding, Measure, Sample
from snerydder.casework.inspections.states import SampleState

OPEN = (SampleState.FROZEN, SampleState.DRAWN)
GRAVEST = ("stop", "warn", "ok")
WITH_CASE = ("case__citizen", "case__unit", "case__caseworker", "case__mentor__staff", "ticket", "sample")


def samples(staff: Staff) -> QuerySet[Sample]:
    """The newest first, without the long lists."""
    return scope.rows(Sample, staff).defer("list_text").select_related("frozen_by").order_by("-number")


def open_samples(staff: Staff) -> list[Sample]:
    return list(samples(staff).filter(state__in=OPEN))


@dataclass(frozen=True)
class Row:
    """A drawn case in the list of a sample's cases."""

    drawn: DrawnCase
    answered: int
    lacking: int
    lines: int

    @property
    def is_done(self) -> bool:
        return self.answered == self.lines


def drawn_cases(sample: Sample) -> list[DrawnCase]:
    order = {stratum["key"]: place for place, stratum in enumerate(sample.strata)}
    rows = DrawnCase.objects.filter(sample=sample).select_related(*WITH_CASE)
    return sorted(rows, key=lambda row: (order[row.stratum], row.rank))


def drawn_of(sample: Sample) -> list[Any]:
    """Whatever the draw fell on: cases, or the municipalities of a round."""
    return list(sample.members.filter(rank__isnull=False).order_by("rank")) if sample.is_round else drawn_cases(sample)


def rows_of(sample: Sample, drawn: list[DrawnCase]) -> list[Row]:
    counts: dict[UUID, Counter[str]] = {}
    answers = Answer.objects.filter(sample=sample, drawn_case__isnull=False).order_by().values("drawn_case", "verdict").annotate(number=Count("pk"))
    for each in answers:
        counts.setdefault(each["drawn_case"], Counter())[each["verdict"]] = each["number"]
    lines = len(guide.lines_of(sample.guide, part=2))
    return [Row(each, sum((found := counts.get(each.pk, Counter())).values()), found["lacking"], lines) for each in drawn]


def drawn(pk: Any, staff: Staff, purpose: Any) -> DrawnCase:
    return scope.get(DrawnCase, pk, staff, purpose=purpose, related=(*WITH_CASE, "sample__municipality"))


def next_unanswered(sample: Sample, after: DrawnCase | None = None) -> DrawnCase | None:
    """The next case on the list that lacks an answer, round again from the top."""
    rows = rows_of(sample, drawn_cases(sample))
    at = next((place for place, row in enumerate(rows) if after and row.drawn.pk == after.pk), -1)
    return next((row.drawn for row in [*rows[at + 1 :], *rows[: at + 1]] if not row.is_done and (not after or row.drawn.pk != after.pk)), None)


# --- One case in the auditor's room --------------------------------------------------------------
@dataclass(frozen=True)
class Asked:
    """A line of the guide with the answer it has, and what the product's own checks said of the same."""

    line: guide.Line
    answer: Answer | None
    checks: list[Shown]


def asked(sample: Sample, drawn_case: DrawnCase | None) -> list[Asked]:
    lines = guide.of(sample.guide).part(2 if drawn_case else 1)
    answers = {row.line: row for row in Answer.objects.filter(sample=sample, drawn_case=drawn_case)}
    checks = checks_of(drawn_case.case) if drawn_case else {}
    return [Asked(line, answers.get(line.key), [each for check in line.checks for each in checks.get(check, [])]) for line in lines]


def checks_of(case: Case) -> dict[str, list[Shown]]:
    """By check: what each said on the day of its decision, never judged again; and of support that has begun, what they say today.

    A check that belongs to no decision (payment, confirmation) says what it said last night.
    """
    found: dict[str, dict[str, Shown]] = {}
    rows = list(StoredVerdict.objects.filter(case=case).order_by("-judged_at", "check_id"))
    for shown in stored(rows):
        found.setdefault(shown.check, {}).setdefault(shown.text or shown.level, shown)
    if case.started_on and case.closed_on is None:
        for shown in cases.delivery(case, timezone.localdate()).checks:
            found.setdefault(shown.check, {}).setdefault(shown.text, replace(shown, link=""))  # the way to mend it is not the auditor's
    for shown in nights.of_case(case):
        if shown.check not in found:
            found[shown.check] = {shown.text: replace(shown, link="")}
    return {check: sorted(each.values(), key=lambda shown: GRAVEST.index(shown.level)) for check, each in found.items()}


# --- What it shows -------------------------------------------------------------------------------
def results(sample: Sample) -> rates.Results:
    drawn_by = dict(DrawnCase.objects.filter(sample=sample).values_list("pk", "stratum"))
    given = Answer.objects.filter(sample=sample, drawn_case__isnull=False).values_list("drawn_case", "line", "verdict")
    return rates.results(sample.strata, drawn_by, list(given), guide.of(sample.guide).part(2))


def findings(sample: Sample) -> list[Finding]:
    return list(Finding.objects.filter(sample=sample).select_related("made_by").prefetch_related("measures__owner", "measures__checked_by").order_by("made_on", "pk"))


def measures(staff: Staff) -> QuerySet[Measure]:
    """What is not finished: not done, or done and not looked after. The nearest deadline first."""
    rows = scope.rows(Measure, staff).filter(checked_on__isnull=True)
    return rows.select_related("owner", "finding__sample").defer("finding__sample__list_text").order_by("due_on", "pk")


def own_measures(staff: Staff) -> list[Measure]:
    return list(measures(staff).filter(owner=staff, done_on__isnull=True))


def owners(staff: Staff) -> QuerySet[Staff]:
    """Who can be given a measure: somebody who works with the cases, not who inspects them."""
    return scope.rows(Staff, staff).filter(active=True, roles__overlap=["leader", "coordinator", "caseworker"]).order_by("sort_key")
