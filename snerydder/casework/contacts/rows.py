"""One INSERT for the rows of an entry: those already there are left alone, and it tells how many were new.

Written out, since Django's bulk_create cannot do both, and this is the statement the product runs most often.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from snerydder.casework.contacts.models import Contact
from snerydder.casework.contacts.weeks import week_of

COLUMNS = (
    "id", "municipality_id", "case_id", "mentor_id", "entry", "made_by_id", "at", "day", "week", "form", "minutes", "counted_minutes",
    "together", "help", "goal_id", "note", "written_at", "corrections", "withdrawn",
)  # fmt: skip
_ROW = f"({', '.join(['%s'] * len(COLUMNS))})"
_INSERT = f"INSERT INTO {Contact._meta.db_table} ({', '.join(COLUMNS)}) VALUES "  # noqa: S608 the names are our own
# Without a target: the same row sent twice at once may meet either of the two keys that hold the id, and both mean "already there".
_NEW_ONES = " ON CONFLICT DO NOTHING RETURNING id"
_OWN = f"SELECT snerydder_log_own({', '.join(['%s'] * 13)})"


def insert(rows: Sequence[Contact]) -> int:
    if not rows:
        return 0
    now = timezone.now()
    for row in rows:
        row.written_at = now
    values = [getattr(row, column) for row in rows for column in COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT + ", ".join([_ROW] * len(rows)) + _NEW_ONES, values)
        return len(cursor.fetchall())


def insert_own(
    new_id: UUID, case: UUID, *, entry: UUID, by: UUID, mentors: Collection[UUID], at: datetime, day: date, form: str, minutes: int, help: list[str], note: str
) -> UUID | None:
    """The row's id, if the case is a running one of these members of staff and the entry is not there (migration 0003)."""
    mine = "{" + ",".join(map(str, mentors)) + "}"
    with connection.cursor() as cursor:
        cursor.execute(_OWN, [new_id, case, entry, by, mine, at, day, week_of(day), form, minutes, help, note, timezone.now()])
        found: UUID | None = cursor.fetchone()[0]
    return found
