"""Proof that a municipality sees its own rows and no others: in every table, from the database's own catalogue.

The proof is a list of faults; the control is that the list is not empty when a policy, a key or a trigger is taken away.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from snerydder.access.models import Account
from snerydder.access.tenancy import ROLE, SetContextError, set_context, within
from snerydder.audit.models import Event, Lookup
from snerydder.exchange.research.whitelist import COLUMNS
from snerydder.exchange.research.whitelist import ROLE as DOOR
from tests.access.filled import Filled, filled
from tests.cast import BAKKEBY, FJORDBY

# What the web's role may read without a municipality, and why.
OPEN_TABLES = {
    "access_account": "the sign-in itself: it is read before a municipality is known, and names none",
    "access_municipality": "names and addresses of authorities; changed from inside alone",
    "access_wrong_sign_in": "how often a password was wrong: a keyed digest and a number, no person",
    "django_session": "sessions: a signed key of an account, no person",
    "django_migrations": "Django's own",
    "django_content_type": "Django's own",
    "auth_permission": "Django's own, unused",
    "auth_group": "Django's own, unused",
    "auth_group_permissions": "Django's own, unused",
}
SEALED = {"trials_sealedplace", "trials_sealedsecret"}  # nothing to be seen before what it is opened for cannot be taken back
APPEND_ONLY = {
    "audit_event", "audit_lookup", "evaluation_amendment", "inspections_ticket", "inspections_drawncase", "trials_protocolchange", "trials_enrolment", "trials_lostplace",
    "trials_departure", "trials_joining", "trials_showncount", *SEALED,
}  # fmt: skip
OURS = "(municipality_id = ( SELECT (NULLIF(current_setting('app.mun'::text, true), ''::text))::integer AS \"nullif\"))"
OWN_PLACE = "(account_id = ( SELECT (NULLIF(current_setting('app.user'::text, true), ''::text))::uuid AS \"nullif\"))"
OPENED_PLACE = (  # an enrolment on the place, of a transaction that is over
    "(EXISTS ( SELECT 1\n   FROM trials_enrolment e\n  WHERE ((e.trial_id = trials_sealedplace.trial_id) AND ((e.stratum)::text = (trials_sealedplace.stratum)::text)"
    " AND (e.place = trials_sealedplace.place) AND (e.step IS DISTINCT FROM ((pg_current_xact_id_if_assigned())::text)::bigint))))"
)
OPENED_SECRET = (  # the number typed by two, or the intake over, in a transaction that is over
    "(EXISTS ( SELECT 1\n   FROM trials_trial t\n  WHERE ((t.id = trials_sealedsecret.trial_id) AND ((t.state)::text = ANY"
    " ((ARRAY['drawn'::character varying, 'closed'::character varying])::text[])) AND (t.step IS DISTINCT FROM ((pg_current_xact_id_if_assigned())::text)::bigint))))"
)
READ = {
    "access_staff": f"({OURS} OR {OWN_PLACE})",  # one's own places, so that one can choose among them
    "trials_sealedplace": f"({OURS} AND {OPENED_PLACE})", "trials_sealedsecret": f"({OURS} AND {OPENED_SECRET})",
}  # fmt: skip


def ask(cursor: Any, question: str, *values: Any) -> list[tuple[Any, ...]]:
    cursor.execute(question, list(values) or None)
    return list(cursor.fetchall())


def tables(cursor: Any) -> list[str]:
    """Every table with a municipality, whoever made it and however."""
    return [
        name
        for (name,) in ask(
            cursor,
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'municipality_id' AND NOT a.attisdropped"
            " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1",
        )
    ]


def faults(cursor: Any) -> list[str]:
    """Everything that is wrong with the walls. Empty: proven."""
    isolated = tables(cursor)
    return [*_walls(cursor, isolated), *_keys(cursor, isolated), *_role(cursor), *_side_doors(cursor, isolated), *_people_outside(isolated)]


def _walls(cursor: Any, isolated: list[str]) -> Iterator[str]:
    rows = ask(cursor, "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind IN ('r', 'p')")
    flags = {name: both for name, *both in rows}
    rows = ask(cursor, "SELECT tablename, policyname, permissive, roles::text[], cmd, qual, with_check FROM pg_policies WHERE schemaname = 'public'")
    policies = {(table, name): rest for table, name, *rest in rows}
    for table in isolated:
        if flags[table] != [True, True]:
            yield f"{table}: row security is not on and forced"
        expected = {
            "tenant_read": ["RESTRICTIVE", [ROLE], "SELECT", READ.get(table, OURS), None],
            "tenant_insert": ["RESTRICTIVE", [ROLE], "INSERT", None, OURS],
            "tenant_update": ["RESTRICTIVE", [ROLE], "UPDATE", OURS, OURS],
            "tenant_delete": ["RESTRICTIVE", [ROLE], "DELETE", OURS, None],
            "allow": ["PERMISSIVE", [ROLE], "ALL", "true", "true"],
        }
        if table in COLUMNS:  # what a research package may read (tests/exchange/research holds it to the columns)
            expected["door"] = ["PERMISSIVE", [DOOR], "SELECT", OURS, None]
        for name, is_like in expected.items():
            if policies.get((table, name)) != is_like:
                yield f"{table}: policy {name} is {policies.get((table, name))}"
        if extra := {name for of, name in policies if of == table} - set(expected):
            yield f"{table}: unknown policies {extra}"
    yield from _append_only(cursor)


def _append_only(cursor: Any) -> Iterator[str]:
    # 2 BEFORE, 8 DELETE, 16 UPDATE, 32 TRUNCATE, not 1 FOR EACH ROW; 'O' enabled
    rows = ask(cursor, "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%%_append_only' AND tgtype = 58 AND tgenabled = 'O'")
    for table in APPEND_ONLY - {name for (name,) in rows}:
        yield f"{table}: can be rewritten"


def _keys(cursor: Any, isolated: list[str]) -> Iterator[str]:
    """Every key from one isolated table to another carries the municipality, in the model and in the database."""
    rows = ask(
        cursor,
        "SELECT conrelid::regclass::text, confrelid::regclass::text,"
        " array(SELECT attname::text FROM pg_attribute, unnest(conkey) WITH ORDINALITY k(n, o) WHERE attrelid = conrelid AND attnum = k.n ORDER BY k.o), convalidated FROM pg_constraint WHERE contype = 'f'",
    )
    found = {(table, parent, tuple(columns)) for table, parent, columns, valid in rows if valid}
    for table, parent, columns in sorted(found):
        if table in isolated and parent in isolated and columns[0] != "municipality_id":
            yield f"{table}.{columns[0]}: a key to {parent} without the municipality"
    for model in apps.get_models():
        for key in model._meta.local_fields if model._meta.db_table in isolated else ():
            parent = key.related_model._meta.db_table if key.is_relation else ""
            if parent in isolated and (model._meta.db_table, parent, ("municipality_id", key.column)) not in found:
                yield f"{model._meta.db_table}.{key.column}: no key with the municipality to {parent}"


def _role(cursor: Any) -> Iterator[str]:
    """The web's role, and the one it may become while a research package is made: neither may more than it should, owns anything or leads further."""
    for role, leads_to in ((ROLE, [DOOR]), (DOOR, [])):
        facts = ask(cursor, "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication FROM pg_roles WHERE rolname = %s", role)
        if facts != [(False,) * 5]:
            yield f"{role}: may more than it should ({facts})"
        owned = "SELECT relname FROM pg_class WHERE relowner = %s::regrole UNION SELECT proname FROM pg_proc WHERE proowner = %s::regrole"
        for (name,) in ask(cursor, owned, role, role):
            yield f"{role} owns {name}"
        found = [of for (of,) in ask(cursor, "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole", role)]
        if found != leads_to:
            yield f"{role} is a member of {found}"
    rights = ask(
        cursor,
        "SELECT c.relname, r.may FROM pg_class c, unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) r(may) WHERE c.relkind IN ('r', 'p')"
        " AND c.relnamespace = 'public'::regnamespace AND has_table_privilege(%s, c.oid, r.may)", ROLE,
    )
    for table, may in rights:
        yield f"{ROLE} may {may} {table}"
    if ask(cursor, "SELECT has_schema_privilege(%s, 'public', 'CREATE')", ROLE) != [(False,)]:
        yield f"{ROLE} may make tables"


def _side_doors(cursor: Any, isolated: list[str]) -> Iterator[str]:
    """Ways round the walls: open tables nobody gave a reason for, views, functions that run as their owner."""
    readable = ask(
        cursor,
        "SELECT relname, relkind::text, relrowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p', 'v', 'm', 'f') AND has_any_column_privilege(%s, oid, 'SELECT')", ROLE,
    )
    for name, kind, secured in readable:
        if kind in "vmf":
            yield f"{name}: a view or foreign table that {ROLE} may read"
        elif name not in isolated and name not in OPEN_TABLES:
            yield f"{name}: readable without a municipality, and nobody has said why"
        elif name == "access_municipality" and not secured:
            yield f"{name}: can be changed from another municipality"
    for (name,) in ask(cursor, "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"):
        yield f"{name}: runs as its owner, whom no wall stops"
    for table in APPEND_ONLY:
        for (right,) in ask(cursor, "SELECT may FROM unnest(ARRAY['UPDATE', 'DELETE']) r(may) WHERE has_table_privilege(%s, %s, may)", ROLE, table):
            yield f"{ROLE} may {right} {table}"


def _people_outside(isolated: list[str]) -> Iterator[str]:
    """Every model that says it holds personal data is behind a wall. `Account` is the one exception, and holds no such class."""
    for model in apps.get_models():
        protection = getattr(model, "DataProtection", None)
        personal = protection and [kind for kind in ("identity", "sensitive", "free_text") if getattr(protection, kind, ())]
        if personal and model._meta.db_table not in isolated:
            yield f"{model._meta.label}: {personal} outside the walls"
        if hasattr(protection, "before_municipality") and model is not Account:
            yield f"{model._meta.label}: says it is needed before the municipality is known"


# --- The proof, and its control --------------------------------------------------------------------
@pytest.mark.django_db
def test_every_wall_stands():
    with connection.cursor() as cursor:
        assert len(tables(cursor)) >= 28
        assert faults(cursor) == []


BREAKS = {
    "a policy is dropped": "DROP POLICY tenant_read ON cases_case",
    "a policy is widened": "ALTER POLICY tenant_read ON people_citizen USING (true)",
    "a policy is for somebody else": "ALTER POLICY tenant_insert ON people_citizen TO PUBLIC",
    "row security is off": "ALTER TABLE contacts_contact DISABLE ROW LEVEL SECURITY",
    "row security is not forced": "ALTER TABLE contacts_contact NO FORCE ROW LEVEL SECURITY",
    "a policy too many": "CREATE POLICY also ON grants_letter USING (true)",
    "a key is dropped": "ALTER TABLE cases_case DROP CONSTRAINT cases_case_citizen_id_mun",
    "a key without the municipality": "ALTER TABLE cases_case ADD FOREIGN KEY (citizen_id) REFERENCES people_citizen (id)",
    "a new table without a wall": "CREATE TABLE notes (municipality_id int, note text)",
    "a new table with no municipality": f"CREATE TABLE notes (note text); GRANT SELECT ON notes TO {ROLE}",
    "a view": f"CREATE VIEW everybody AS SELECT * FROM people_citizen; GRANT SELECT ON everybody TO {ROLE}",
    "a function that runs as its owner": "ALTER FUNCTION snerydder_append_only() SECURITY DEFINER",
    "the role owns a table": f"ALTER TABLE people_course OWNER TO {ROLE}",
    "the role may truncate": f"GRANT TRUNCATE ON people_course TO {ROLE}",
    "the role may rewrite the log": f"GRANT UPDATE ON audit_event TO {ROLE}",
    "the role is somebody's member": f"GRANT pg_read_all_data TO {ROLE}",
    "the role passes by the walls": f"ALTER ROLE {ROLE} BYPASSRLS",
    "the log can be rewritten": "ALTER TABLE audit_lookup DISABLE TRIGGER audit_lookup_append_only",
    "a seal is taken off": f"ALTER POLICY tenant_read ON trials_sealedplace USING {OURS}",
    "municipalities are open": "ALTER TABLE access_municipality DISABLE ROW LEVEL SECURITY",
}


@pytest.mark.parametrize("words", BREAKS.values(), ids=BREAKS)
def test_the_proof_goes_red_when(words, owner):
    """Each break is made by the owner in a transaction that is rolled back."""
    with owner.cursor() as cursor, owner.transaction(force_rollback=True):
        before = faults(cursor)
        cursor.execute(words)
        assert set(faults(cursor)) > set(before)


# --- The same, tried as the web's role -------------------------------------------------------------
@pytest.fixture(scope="module")
def built(standing) -> tuple[Filled, Filled]:
    return standing(lambda: (filled(), filled(BAKKEBY, "Bakkeby", "_b")))


@pytest.fixture
def towns(own) -> tuple[Filled, Filled]:
    return own


def _seen(cursor: Any, table: str) -> set[int]:
    return {number for (number,) in ask(cursor, f"SELECT DISTINCT municipality_id FROM {table}")}


def test_each_sees_its_own_rows_in_every_table(towns):
    with connection.cursor() as cursor:
        for number in (FJORDBY, BAKKEBY):
            set_context(number)
            for table in tables(cursor):
                wanted = set() if table in SEALED else {number}
                assert _seen(cursor, table) == wanted, f"{table}: a table nothing was put in proves nothing"


def test_no_context_no_rows(towns):
    set_context(None)
    with connection.cursor() as cursor:
        assert {table: _seen(cursor, table) for table in tables(cursor)} == {table: set() for table in tables(cursor)}


def test_an_account_sees_its_own_places_and_nothing_else(towns):
    here, away = towns
    set_context(None, away.cast.bente.account_id)
    with connection.cursor() as cursor:
        assert ask(cursor, "SELECT id FROM access_staff") == [(away.cast.bente.pk,)]
        assert {table for table in tables(cursor) if _seen(cursor, table)} == {"access_staff"}


@contextlib.contextmanager
def refused(cursor: Any) -> Iterator[None]:
    with pytest.raises(ProgrammingError) as failed, transaction.atomic():
        yield
    assert isinstance(failed.value.__cause__, psycopg.errors.InsufficientPrivilege), failed.value


def test_no_row_can_be_put_in_another_municipality(towns):
    set_context(FJORDBY)
    with connection.cursor() as cursor:
        for table in tables(cursor):
            with refused(cursor):
                moved = "to_jsonb(t) || jsonb_build_object('municipality_id', %s::int)"
                source = "(VALUES (NULL)) t" if table in SEALED else f"{table} t"  # of a sealed row nothing is known but the municipality
                moved = moved.replace("to_jsonb(t)", "'{}'::jsonb") if table in SEALED else moved
                cursor.execute(f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, {moved})).* FROM {source} LIMIT 1", [BAKKEBY])


def test_no_row_can_be_moved_to_another_municipality(towns):
    set_context(FJORDBY)
    with connection.cursor() as cursor:
        for table in tables(cursor):
            with refused(cursor):
                cursor.execute(f"UPDATE {table} SET municipality_id = %s", [BAKKEBY])


def test_another_municipality_s_rows_cannot_be_changed_or_deleted(towns):
    _here, away = towns
    set_context(FJORDBY)
    with connection.cursor() as cursor:
        for table in set(tables(cursor)) - APPEND_ONLY:
            cursor.execute(f"UPDATE {table} SET municipality_id = municipality_id WHERE municipality_id = %s", [BAKKEBY])
            assert cursor.rowcount == 0, table
            cursor.execute(f"DELETE FROM {table} WHERE municipality_id = %s", [BAKKEBY])
            assert cursor.rowcount == 0, table
        cursor.execute("UPDATE access_municipality SET name = 'Erobret' WHERE id = %s", [BAKKEBY])
        assert cursor.rowcount == 0


def test_a_key_cannot_reach_into_another_municipality(towns):
    """The foreign key is checked by the owner, whom no policy stops: so the key itself carries the municipality."""
    here, away = towns
    set_context(FJORDBY)
    with pytest.raises(Exception, match="cases_case_citizen_id_mun"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET citizen_id = %s WHERE id = %s", [away.cast.amina.pk, here.things["case"].pk])


# --- The context ----------------------------------------------------------------------------------
def test_a_context_needs_a_transaction(own_database):
    with pytest.raises(SetContextError):
        set_context(FJORDBY)


def test_a_context_ends_with_its_transaction(own_database):
    with transaction.atomic():
        filled()
    with connection.cursor() as cursor:
        for table in tables(cursor):  # the same connection, the next transactions
            assert _seen(cursor, table) == set(), table
    with within(FJORDBY), connection.cursor() as cursor:
        assert _seen(cursor, "cases_case") == {FJORDBY}
    with transaction.atomic(), connection.cursor() as cursor:
        assert _seen(cursor, "cases_case") == set()
        with contextlib.suppress(ZeroDivisionError), within(FJORDBY):
            raise ZeroDivisionError
        assert _seen(cursor, "cases_case") == set()  # rolled back with the savepoint it was set in


def test_the_log_can_be_rewritten_by_nobody(own_database):
    """Not by the web's role, which lacks the right, and not by the owner, whom the trigger stops."""
    with transaction.atomic():
        filled()
    with psycopg.connect(own_database, autocommit=True) as owner:
        for table in APPEND_ONLY:
            assert owner.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0
            for words in (f"UPDATE {table} SET municipality_id = 1", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
                with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
                    owner.execute(words)
    for model in (Event, Lookup):
        with pytest.raises(ProgrammingError, match="permission denied"), within(FJORDBY):
            model.objects.all().delete()
        with pytest.raises(ProgrammingError, match="permission denied"), within(FJORDBY):
            model.objects.update(municipality_id=1)
