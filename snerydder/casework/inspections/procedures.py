"""The fourteen procedures: who owns each, which version holds, when it is to be gone through, and whether the cases follow it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import Case, StoredVerdict
from snerydder.casework.cases.spoken import told
from snerydder.casework.checks.models import CheckState
from snerydder.casework.inspections import guide
from snerydder.casework.inspections.models import Procedure

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Kept:
    line: guide.Line
    latest: Procedure | None
    judged: int  # cases of the last year where one of its checks has looked
    remarks: dict[UUID, list[str]]  # those of them where one has a remark, and what it says
    day: date

    @property
    def followed(self) -> int:
        return self.judged - len(self.remarks)

    @property
    def state(self) -> str:
        """none | late | ok"""
        if self.latest is None:
            return "none"
        return "late" if self.latest.review_on < self.day else "ok"

    @property
    def share(self) -> int | None:
        return round(100 * self.followed / self.judged) if self.judged else None


def register(staff: Staff, day: date | None = None) -> list[Kept]:
    """Three questions: the latest versions, and what the checks said in the last year. The last word of a check on a case counts.

    With a `day`: as it stood then, so that a report says the same whenever it is printed.
    """
    today = day or timezone.localdate()
    versions = scope.rows(Procedure, staff).select_related("owner").order_by("version")
    latest: dict[str, Procedure] = {row.key: row for row in (versions.filter(valid_from__lte=day) if day else versions)}
    said = _said(staff, today)
    found = []
    for line in guide.current().part(1):
        judged: set[UUID] = set()
        remarks: dict[UUID, list[str]] = {}
        for check in line.checks:
            for case, (level, what) in said.get(check, {}).items():
                judged.add(case)
                if level != "ok":
                    remarks.setdefault(case, []).append(told(what))
        found.append(Kept(line, latest.get(line.key), len(judged), remarks, today))
    return found


Word = tuple[str, list[Any]]  # a level, and what the check said, as `spoken.kept` keeps it


def _said(staff: Staff, today: date) -> dict[str, dict[UUID, Word]]:
    """{check: {case: its last word}}: what the last night said of the case, and where no night has judged it, what was said at the step."""
    wanted = {check for line in guide.current().part(1) for check in line.checks}
    last: dict[str, dict[UUID, Word]] = {}
    for check, case, level, what in (*_at_the_steps(staff, today, wanted), *_by_night(staff, today, wanted)):
        last.setdefault(check, {})[case] = (level, what)
    return last


def _at_the_steps(staff: Staff, today: date, checks: set[str]) -> Iterator[tuple[str, UUID, str, list[Any]]]:
    rows = StoredVerdict.objects.filter(case__in=scope.rows(Case, staff).values("pk"), check_id__in=checks, judged_on__gt=today - YEAR, judged_on__lte=today)
    return rows.order_by("judged_at").values_list("check_id", "case_id", "level", "what").iterator(5000)


def _by_night(staff: Staff, today: date, checks: set[str]) -> Iterator[tuple[str, UUID, str, list[Any]]]:
    """A closed case is judged no more, and its last states stand: it counts for a year."""
    of_the_year = Q(case__closed_on__isnull=True) | Q(case__closed_on__gt=today - YEAR)
    rows = scope.rows(CheckState, staff).filter(of_the_year, Q(until__isnull=True) | Q(until__gt=today - YEAR), check_id__in=checks, since__lte=today)
    return rows.order_by("since").values_list("check_id", "case_id", "level", "what").iterator(5000)


def of(staff: Staff, key: str) -> Kept | None:
    return next((each for each in register(staff) if each.line.key == key), None)


def not_following(staff: Staff, kept: Kept) -> list[Case]:
    return list(scope.rows(Case, staff).filter(pk__in=kept.remarks).select_related("citizen", "unit").order_by("number"))


def tally(kept: list[Kept]) -> Counter[str]:
    return Counter(each.state for each in kept)


def versions(staff: Staff, key: str) -> list[Procedure]:
    return list(scope.rows(Procedure, staff).filter(key=key).select_related("owner").order_by("-version"))
