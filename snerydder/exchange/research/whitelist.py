"""What may go through the door: these columns and no others, held by the database itself.

While a package is made the transaction takes the role `snerydder_door`, which may SELECT just these columns of the municipality it stands in
and can write nothing, nowhere. A column is here only if its field is classified operational or aggregate (tests/exchange/research):
no identity, nothing sensitive, no free text. A person is an id that ends as a pseudonym, a date ends as a week.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.migrations.operations.base import Operation

from snerydder.access.tenancy import OURS

ROLE = "snerydder_door"
COLUMNS: dict[str, tuple[str, ...]] = {
    "trials_enrolment": ("id", "municipality_id", "trial_id", "number", "case_id", "citizen_id", "stratum", "enrolled_on"),
    "trials_offer": ("municipality_id", "enrolment_id", "offered_on", "answer", "answered_on"),
    "trials_departure": ("municipality_id", "enrolment_id", "kind", "noticed_on"),
    "contacts_contact": ("municipality_id", "case_id", "mentor_id", "week", "form", "counted_minutes", "withdrawn"),
    "people_citizen": ("id", "municipality_id", "birth_year"),
    "people_mentor": ("id", "municipality_id", "kind", "hours_per_week"),
}


class LetThrough(Operation):
    """Give the door's role its columns, and a policy of its own: a table it has no policy on shows it nothing."""

    reduces_to_sql = True
    reversible = True

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return "LetThrough", [], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, editor: Any, from_state: Any, to_state: Any) -> None:
        editor.execute(f"GRANT USAGE ON SCHEMA public TO {ROLE}")
        for table, columns in COLUMNS.items():
            editor.execute(f"GRANT SELECT ({', '.join(columns)}) ON {table} TO {ROLE}")
            editor.execute(f"CREATE POLICY door ON {table} FOR SELECT TO {ROLE} USING ({OURS})")

    def database_backwards(self, app_label: str, editor: Any, from_state: Any, to_state: Any) -> None:
        for table in COLUMNS:
            editor.execute(f"REVOKE ALL ON {table} FROM {ROLE}")
            editor.execute(f"DROP POLICY IF EXISTS door ON {table}")

    def describe(self) -> str:
        return "Let the door's columns through"


@contextmanager
def through_the_door() -> Iterator[Any]:
    """A cursor that can read the whitelist and nothing else."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        yield cursor
        cursor.execute("RESET ROLE")
