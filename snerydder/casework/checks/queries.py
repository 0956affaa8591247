"""What the nights have found: of one case, and of all that a person may see."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import Case
from snerydder.casework.cases.spoken import say, told
from snerydder.casework.cases.verdicts import Shown, cited
from snerydder.casework.cases.where import page_of
from snerydder.casework.checks.models import CURRENT, CheckState, NightRun
from snerydder.law import Level
from snerydder.law.engine import all_checks
from snerydder.ui.formats import dato


@lru_cache
def ids() -> tuple[str, ...]:
    return tuple(dict.fromkeys(check.id for check in all_checks()))


def promises() -> dict[str, str]:
    """What holds when a check is kept, by its number."""
    found: dict[str, str] = {}
    for check in all_checks():
        found.setdefault(check.id, say(check.promise))
    return found


def says(level: str, check: str) -> Exists:
    """A condition on a case: this check says this about it now."""
    return Exists(CheckState._default_manager.filter(CURRENT, case=OuterRef("pk"), check_id=check, level=level))


def of_case(case: Case) -> list[Shown]:
    """What the last night found, the gravest first. One question."""
    rows = CheckState.objects.filter(CURRENT, case=case).order_by("check_id")
    return sorted((_shown(row, case) for row in rows), key=lambda each: ("stop", "warn", "ok").index(each.level))


def _shown(row: CheckState, case: Case) -> Shown:
    link = "" if row.level == Level.OK else page_of(row.fields.partition(",")[0], case)
    since = _("%(citation)s (%(check)s). Siden %(day)s, regelsæt %(law)s.")
    source = since % {"citation": cited(row.citation), "check": row.check_id, "day": dato(row.since, "lang"), "law": row.law_version}
    return Shown(row.check_id, row.level, told(row.what), told(row.mend), link, source)


def last_night(municipality_id: int) -> NightRun | None:
    return NightRun.objects.filter(municipality=municipality_id).order_by("-day").first()


@dataclass(frozen=True)
class Said:
    """How many open cases a check stops and warns on."""

    check: str
    promise: str
    stops: int
    warns: int


def said(staff: Staff) -> list[Said]:
    """Every check, with what it says about the open cases within reach. One question."""
    rows = scope.rows(CheckState, staff).filter(CURRENT, case__closed_on__isnull=True).exclude(level=Level.OK)
    found: dict[Any, int] = {(check, level): cases for check, level, cases in rows.values_list("check_id", "level").annotate(Count("pk")).order_by()}
    return [Said(check, promise, found.get((check, "stop"), 0), found.get((check, "warn"), 0)) for check, promise in promises().items()]
