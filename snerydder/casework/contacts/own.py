"""The cases a contact may be written on, asked in the cheapest way for the usual case: a mentor's own."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import Case
from snerydder.casework.contacts import queries

COLUMNS = ("id", "municipality_id", "number", "mentor_id", "opened_on", "started_on", "closed_on")
_ASK = f"SELECT {', '.join(COLUMNS)}, known FROM snerydder_own_cases(%s, %s, %s)"  # noqa: S608


def chosen(staff: Staff, ids: Collection[UUID], entry: UUID) -> tuple[list[Case], bool]:
    """The cases within reach, and whether the entry is known already.

    Cases where the person, or one the person stands in for, is the mentor are within the reach of whoever may write
    contacts: found by the function of migration 0002. Only when one is missing is the whole rule of `access.scope` asked.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [_array(ids), _array(scope.actors(staff)), str(entry)])
        rows = cursor.fetchall()
    if len(rows) < len(set(ids)):
        return queries.chosen(staff, ids, entry)
    return [Case.from_db(connection.alias, COLUMNS, row[:-1]) for row in rows], any(row[-1] for row in rows)


def _array(ids: Collection[Any]) -> str:
    return "{" + ",".join(str(each) for each in ids) + "}"
