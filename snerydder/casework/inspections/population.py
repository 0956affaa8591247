"""Which cases a sample can fall on, and in which group each lies: chosen by plain filters, before anybody knows the seed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.models import Staff, Unit
from snerydder.casework.cases.models import OPEN, Case, StoredVerdict
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.states import GrantState
from snerydder.law import find_hjemmel
from snerydder.ui.formats import dato

GIVEN = (GrantState.DECIDED, GrantState.STOPPED)
ABOVE, RISK, REST = "over", "risiko", "resten"


@dataclass(frozen=True)
class Wanted:
    """What the auditor asks for. A case belongs when mentor support was granted in it within the period."""

    first: date
    last: date
    size: int  # drawn among the rest
    status: str = "all"  # all, open, closed
    hjemmel: str = ""
    unit: Unit | None = None
    risk_size: int = 0  # drawn among cases with a remark from a check; 0: they are no group of their own
    above_hours: int | None = None  # all cases above so many granted hours
    above_kroner: int | None = None

    def words(self) -> list[str]:
        """What is drawn from, in words that stand on the published list."""
        status = {"open": _("åbne sager"), "closed": _("afsluttede sager")}.get(self.status, _("åbne og afsluttede sager"))
        span = {"first": dato(self.first, "lang"), "last": dato(self.last, "lang")}
        told = [_("Mentorstøtte bevilget fra %(first)s til og med %(last)s") % span, status]
        if self.hjemmel:
            found = find_hjemmel(self.hjemmel, self.last)
            told.append(found.citation if found else self.hjemmel)
        if self.unit:
            told.append(self.unit.name)
        return told


@dataclass
class Stratum:
    key: str
    text: str
    size: int  # asked for; all of them where there are fewer
    cases: list[UUID] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        return {"key": self.key, "text": self.text, "population": len(self.cases), "size": min(self.size, len(self.cases))}


def strata(staff: Staff, wanted: Wanted) -> list[Stratum]:
    """The cases in their groups. Two questions to the database; a group nobody is in is left out."""
    found = _groups(wanted)
    amounts = _amounts(staff, wanted)
    remarked: set[UUID] = set()
    if wanted.risk_size:
        rows = StoredVerdict.objects.filter(case__in=amounts, level__in=("warn", "stop"))
        remarked = set(rows.values_list("case_id", flat=True).distinct())
    for case, (hours, kroner) in amounts.items():
        found[_group(case, hours, kroner, wanted, remarked)].cases.append(case)
    return [stratum for stratum in found.values() if stratum.cases]


def _groups(wanted: Wanted) -> dict[str, Stratum]:
    limits = []
    if wanted.above_hours is not None:
        limits.append(_("over %(hours)s timer") % {"hours": wanted.above_hours})
    if wanted.above_kroner is not None:
        limits.append(_("over %(kroner)s kr.") % {"kroner": wanted.above_kroner})
    everybody = 10**9
    return {
        ABOVE: Stratum(ABOVE, _("Alle sager %(limits)s") % {"limits": _(" eller ").join(limits)}, everybody),
        RISK: Stratum(RISK, _("Sager, hvor en kontrol har haft en bemærkning"), wanted.risk_size),
        REST: Stratum(REST, _("Alle andre sager") if limits or wanted.risk_size else _("Alle sager"), wanted.size),
    }


def _group(case: UUID, hours: float, kroner: float, wanted: Wanted, remarked: set[UUID]) -> str:
    if wanted.above_hours is not None and hours > wanted.above_hours or wanted.above_kroner is not None and kroner > wanted.above_kroner:
        return ABOVE
    return RISK if case in remarked else REST


def _amounts(staff: Staff, wanted: Wanted) -> dict[UUID, tuple[float, float]]:
    """{case: (granted hours, what they cost)} of what was granted within the period."""
    about = Q(decided_on__range=(wanted.first, wanted.last), state__in=GIVEN, case__in=_cases(staff, wanted))
    if wanted.hjemmel:
        about &= Q(hjemmel=wanted.hjemmel)
    found: dict[UUID, tuple[float, float]] = {}
    for grant in Grant.objects.filter(about).order_by("case__number", "start").iterator(2000):
        hours, kroner = found.get(grant.case_id, (0.0, 0.0))
        more = grant.total_minutes / 60
        found[grant.case_id] = (hours + more, kroner + more * float(grant.hourly_price))
    return found


def _cases(staff: Staff, wanted: Wanted) -> Any:
    rows = scope.rows(Case, staff)
    if wanted.status != "all":
        rows = rows.filter(OPEN) if wanted.status == "open" else rows.exclude(OPEN)
    return (rows.filter(unit=wanted.unit) if wanted.unit else rows).values("pk")


def total(groups: Sequence[Stratum]) -> int:
    return sum(len(group.cases) for group in groups)
