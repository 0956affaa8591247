"""The fourteen procedures: who owns each, which version holds, when it is to be gone through, and whether the cases follow it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import Case, StoredVerdict
from snerydder.casework.inspections import guide
from snerydder.casework.inspections.models import Procedure

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Kept:
    line: guide.Line
    latest: Procedure | None
    followed: int  # cases of the last year where no check of it has a remark
    judged: int  # cases of the last year where one of its checks has looked
    day: date

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
    """Two questions: the latest versions, and what the checks said in the last year. The last word of a check on a case counts.

    With a `day`: as it stood then, so that a report says the same whenever it is printed.
    """
    today = day or timezone.localdate()
    versions = scope.rows(Procedure, staff).select_related("owner").order_by("version")
    latest: dict[str, Procedure] = {row.key: row for row in (versions.filter(valid_from__lte=day) if day else versions)}
    seen, remarked = _checked(staff, today)
    found = []
    for line in guide.current().part(1):
        judged = set().union(*(seen[check] for check in line.checks if check in seen)) if line.checks else set()
        faulty = set().union(*(remarked[check] for check in line.checks if check in remarked)) if line.checks else set()
        found.append(Kept(line, latest.get(line.key), len(judged - faulty), len(judged), today))
    return found


def _checked(staff: Staff, today: date) -> tuple[dict[str, set], dict[str, set]]:
    """{check: cases it has looked at}, {check: cases where its last word was a remark}."""
    rows = StoredVerdict.objects.filter(case__in=scope.rows(Case, staff).values("pk"), judged_on__gt=today - YEAR, judged_on__lte=today).order_by("judged_at")
    last = {(check, case): level for check, case, level in rows.values_list("check_id", "case_id", "level").iterator(5000)}
    seen: dict[str, set] = {}
    remarked: dict[str, set] = {}
    for (check, case), level in last.items():
        seen.setdefault(check, set()).add(case)
        if level != "ok":
            remarked.setdefault(check, set()).add(case)
    return seen, remarked


def tally(kept: list[Kept]) -> Counter[str]:
    return Counter(each.state for each in kept)


def versions(staff: Staff, key: str) -> list[Procedure]:
    return list(scope.rows(Procedure, staff).filter(key=key).select_related("owner").order_by("-version"))
