"""One question to the database for what every request must know: who is it, in which municipality, for whom does one stand in."""

from functools import cache
from typing import Any

from django.db import connection
from django.utils import timezone

from snerydder.access.models import Municipality, Staff
from snerydder.access.tenancy import SetContextError


@cache
def _question() -> tuple[str, list[str], list[str]]:
    staff = [field.attname for field in Staff._meta.concrete_fields]
    town = [field.attname for field in Municipality._meta.concrete_fields]
    columns = ", ".join([*(f"(e.staff).{name}" for name in staff), *(f"(e.town).{name}" for name in town)])
    return f"SELECT e.stands_in, {columns} FROM snerydder_enter(%s, %s, %s) e", staff, town  # noqa: S608


def place_of(account_id: Any, wanted: str | None) -> Staff | None:
    """The active place the account works at, `wanted` if it is one of them, and the context set to it for the rest of the
    transaction (migration 0002). None leaves a context in which no municipality's rows are seen."""
    if not connection.in_atomic_block:
        raise SetContextError("the municipality can only be set inside a transaction")
    words, staff_names, town_names = _question()
    with connection.cursor() as cursor:
        cursor.execute(words, [account_id, wanted, timezone.localdate()])
        row = cursor.fetchone()
    if row is None or row[1] is None:
        return None
    end = 1 + len(staff_names)
    staff = Staff.from_db(connection.alias, staff_names, row[1:end])
    staff.municipality = Municipality.from_db(connection.alias, town_names, row[end:])
    if not row[0]:
        staff.stands_in_for = []  # known already: most stand in for nobody
    return staff
