"""Look-ups older than the years they are kept for are deleted, with what was said of them. The owner's job (`snerydder forget_lookups`).

The web's role has no right to delete in the log, and a trigger refuses everybody. So the owner opens the walls in a transaction
that puts them up again before it ends: nobody else sees them down.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from snerydder.access.models import Municipality
from snerydder.audit.action import action
from snerydder.audit.events import record
from snerydder.audit.models import Event, Lookup
from snerydder.casework.lookups import reading
from snerydder.casework.lookups.models import LookupCode, LookupSample, PickedLookup, month_of
from snerydder.law import rulebook

WALLED = (Municipality, Event, Lookup, PickedLookup, LookupSample, LookupCode)
WAIT = "SET LOCAL lock_timeout = '5s'"  # the service goes on; it is tried again at the next look


class TheCalendar:
    """Who deletes: nobody in particular."""

    pk = UUID(int=0)
    name = "Sletning efter fristen"  # da: as it stands in the trail

    def __init__(self, municipality: int) -> None:
        self.municipality_id = municipality


def first_kept(today: date) -> date:
    """Look-ups from this day on are kept. The number of years is a setting without a source (`law/packs/local.toml`)."""
    years: int = rulebook.on(today).value("norm.lookup_years")
    month = month_of(today)  # whole months, so that a month is never half there
    return month.replace(year=month.year - years)


def forget(today: date) -> dict[int, int]:
    """How many look-ups were deleted in each municipality that had any so old."""
    day = first_kept(today)
    with transaction.atomic(), _walls_down():
        return {municipality.pk: _of(municipality, day, by=TheCalendar(municipality.pk)) for municipality in Municipality.objects.order_by("pk") if _old(municipality, day).exists()}


def _old(municipality: Municipality, day: date) -> QuerySet[Lookup]:
    return Lookup.objects.filter(municipality_id=municipality.pk, at__lt=reading.begin(day))


@action
def _of(municipality: Municipality, day: date, *, by: TheCalendar) -> int:
    LookupCode.objects.filter(municipality=municipality, expires_on__lt=day).delete()
    PickedLookup.objects.filter(municipality=municipality, lookup__in=_old(municipality, day)).delete()
    LookupSample.objects.filter(municipality=municipality, month__lt=day).delete()
    number, _kinds = _old(municipality, day).delete()
    record("lookups.forget", municipality, by=by, number=number, before=day)
    return number


@contextmanager
def _walls_down() -> Iterator[None]:
    tables = [model._meta.db_table for model in WALLED]
    with connection.cursor() as cursor:
        cursor.execute(WAIT)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER")
