"""Where there are many courses their counts are made at night, and the page says as of when; elsewhere, and when one asks, they are made now."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from snerydder.access.models import Municipality
from snerydder.access.tenancy import within
from snerydder.casework.contacts.models import NightCount
from snerydder.desks.delivery import courses
from snerydder.desks.delivery.courses import Part
from snerydder.law import rulebook
from snerydder.law.months import add_months
from snerydder.law.rulebook import Law

MANY = 5_000  # courses: so many are counted in less than a second
OLD = timedelta(days=1)  # a count older than last night's is not used
SPANS = (6, 12, 24, 60)  # months, as the page offers them


@dataclass(frozen=True)
class Counted:
    parts: dict[str, Part]
    day: date
    at: datetime | None = None  # None: now


def ground(town: int, months: int, law: Law, unit: UUID | None = None) -> courses.Ground:
    return courses.granted(
        town, add_months(law.day, -months), law.day, unit, first=law.value("norm.first_contact_months"), longest=law.value("norm.longest_support_months"),
    )  # fmt: skip


def counted(town: int, months: int, law: Law, *, now: bool = False) -> Counted:
    """Every unit's counts: last night's where they were kept, unless one wants them as they are now."""
    kept = None if now else NightCount.objects.filter(municipality=town, months=months, day__gte=law.day - OLD, day__lte=law.day).first()
    if kept is None:
        return Counted(courses.parts(ground(town, months, law)), law.day)
    return Counted({unit: Part(**part) for unit, part in kept.parts.items()}, kept.day, kept.counted_at)


def run(day: date | None = None, *, many: int = MANY) -> int:
    """Every municipality; the number of counts kept. A municipality that has become small is counted when one looks."""
    law, kept = rulebook.on(day or timezone.localdate()), 0
    for town in Municipality.objects.order_by("pk").values_list("pk", flat=True):
        with within(town):
            kept += sum(_keep(town, months, law, many) for months in SPANS)
    return kept


def _keep(town: int, months: int, law: Law, many: int) -> bool:
    rows = NightCount.objects.filter(municipality=town, months=months)
    if ground(town, months, law).ask("SELECT count(*) FROM judged")[0][0] < many:
        rows.delete()
        return False
    parts = {unit: asdict(part) for unit, part in courses.parts(ground(town, months, law)).items()}
    NightCount.objects.update_or_create(municipality_id=town, months=months, defaults={"day": law.day, "counted_at": timezone.now(), "parts": parts})
    return True
