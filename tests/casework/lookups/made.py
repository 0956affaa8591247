"""Look-ups of March, written as the log writes them but for the hour; what the tests themselves look at is of today, and the log's clock is the database's."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from snerydder.access.models import Staff
from snerydder.audit.models import Lookup
from snerydder.casework.lookups import actions
from snerydder.casework.lookups.models import LookupSample, PickedLookup
from tests.cast import Cast

MARCH, SATURDAY = date(2026, 3, 1), date(2026, 12, 5)
NUMBER = "3 8 12 21 27 30 34"


def noon(day: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"{day}T12:00"))  # noqa: DTZ007


def look(staff: Staff, citizens: Iterable[Any], at: str = "2026-03-10T10:00", kind: str = "page", page: str = "desks:case", **more: Any) -> Lookup:
    values = {"municipality_id": staff.municipality_id, "staff_id": staff.pk, "purpose": "Se sagen", "citizen_ids": [each.pk for each in citizens]}
    return Lookup.objects.create(at=timezone.make_aware(datetime.fromisoformat(at)), kind=kind, page=page, **(values | more))  # noqa: DTZ007


def frozen(cast: Cast, size: int = 5) -> LookupSample:
    return actions.freeze(MARCH, by=cast.erik, size=size, seed_source="Lotto lørdag den 5. december", seed_day=SATURDAY)


def drawn(cast: Cast, size: int = 5, number: str = NUMBER) -> LookupSample:
    sample = frozen(cast, size)
    actions.type_number(sample, by=cast.erik, number=number, on=SATURDAY)
    return actions.type_number(sample, by=cast.henrik, number=number, on=SATURDAY)


def picked(cast: Cast, row: Lookup) -> PickedLookup:
    actions.look_through(MARCH, by=cast.henrik)
    return PickedLookup.objects.get(lookup=row)


def rules_of(cast: Cast) -> dict[int, set[str]]:
    """{look-up: rules that point at it}"""
    actions.look_through(MARCH, by=cast.henrik)
    return {row.lookup_id: {reason["rule"] for reason in row.reasons} for row in PickedLookup.objects.all()}
