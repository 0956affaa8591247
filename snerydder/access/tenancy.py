"""Each municipality sees its own rows and nothing else: PostgreSQL row-level security from the first migration.

The web process works as the role `snerydder_app`, which owns nothing and cannot bypass a policy. A policy compares the
row's municipality with `app.mun`, set once per transaction from the membership (`access.door`). No context, no rows:
`nullif` is needed because a setting that was once set reads as '' afterwards (safety.md, M3).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.migrations.operations.base import Operation

ROLE = "snerydder_app"
MUNICIPALITY = "(SELECT nullif(current_setting('app.mun', true), '')::int)"
ACCOUNT = "(SELECT nullif(current_setting('app.user', true), '')::uuid)"
OURS = f"municipality_id = {MUNICIPALITY}"


class Isolate(Operation):
    """Put one table behind its municipality: policies, rights and composite foreign keys.

    A foreign key alone is checked by the table's owner and so reaches across municipalities; each key to another
    isolated table therefore carries the municipality too. `append_only` gives INSERT and SELECT alone, and a trigger
    refuses the rest to everybody. `shown_when` narrows what may be read further than the municipality. `app` names the table's app when that stands below `access` (audit); until this has run,
    the web process has no right to the table at all.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, model: str, *, app: str = "", append_only: bool = False, read_own: str = "", shown_when: str = "") -> None:
        self.model, self.app, self.append_only, self.read_own, self.shown_when = model, app, append_only, read_own, shown_when

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return "Isolate", [self.model], {"app": self.app, "append_only": self.append_only, "read_own": self.read_own, "shown_when": self.shown_when}

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(self.app or app_label, self.model)
        table = model._meta.db_table
        read = f"({OURS} OR {self.read_own})" if self.read_own else f"({OURS} AND {self.shown_when})" if self.shown_when else OURS
        rights = "SELECT, INSERT" if self.append_only else "SELECT, INSERT, UPDATE, DELETE"
        editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        editor.execute(f"CREATE POLICY tenant_read ON {table} AS RESTRICTIVE FOR SELECT TO {ROLE} USING ({read})")
        editor.execute(f"CREATE POLICY tenant_insert ON {table} AS RESTRICTIVE FOR INSERT TO {ROLE} WITH CHECK ({OURS})")
        editor.execute(f"CREATE POLICY tenant_update ON {table} AS RESTRICTIVE FOR UPDATE TO {ROLE} USING ({OURS}) WITH CHECK ({OURS})")
        editor.execute(f"CREATE POLICY tenant_delete ON {table} AS RESTRICTIVE FOR DELETE TO {ROLE} USING ({OURS})")
        editor.execute(f"CREATE POLICY allow ON {table} TO {ROLE} USING (true) WITH CHECK (true)")
        editor.execute(f"GRANT {rights} ON {table} TO {ROLE}")
        if isinstance(model._meta.pk, models.AutoField):
            editor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}")
        editor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {table}_mun_id UNIQUE (municipality_id, {model._meta.pk.column})")
        if self.append_only:
            editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION snerydder_append_only()"
            )
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and not field.db_constraint:  # type: ignore[attr-defined]
                parent = field.related_model._meta.db_table
                editor.execute(
                    f"ALTER TABLE {table} ADD CONSTRAINT {table}_{field.column}_mun FOREIGN KEY (municipality_id, {field.column}) "
                    f"REFERENCES {parent} (municipality_id, {field.related_model._meta.pk.column})"
                )

    def database_backwards(self, app_label: str, editor: Any, from_state: Any, to_state: Any) -> None:
        table = from_state.apps.get_model(self.app or app_label, self.model)._meta.db_table
        for policy in ("tenant_read", "tenant_insert", "tenant_update", "tenant_delete", "allow"):
            editor.execute(f"DROP POLICY IF EXISTS {policy} ON {table}")
        editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

    def describe(self) -> str:
        return f"Isolate {self.model} by municipality"


class SetContextError(RuntimeError):
    """A context outside a transaction would be lost, or worse, stay in the connection."""


def set_context(municipality_id: int | None, account_id: UUID | None = None) -> None:
    """Say, for the rest of this transaction, whose rows may be seen."""
    if not connection.in_atomic_block:
        raise SetContextError("the municipality can only be set inside a transaction")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.mun', %s, true), set_config('app.user', %s, true)",
            ["" if municipality_id is None else str(municipality_id), "" if account_id is None else str(account_id)],
        )


@contextmanager
def within(municipality_id: int) -> Iterator[None]:
    """A transaction in one municipality's context, for commands, jobs and tests."""
    with transaction.atomic():
        set_context(municipality_id)
        yield
        set_context(None)


def take_turns(over: str, municipality_id: int) -> None:
    """Those who come for the next number at the same moment wait for each other until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{over} {municipality_id}"])
