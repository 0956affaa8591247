"""From an address to a connection, and the two roles: the owner migrates, the web process owns nothing."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from snerydder.project import postgres, state

APP_ROLE = "snerydder_app"
DOOR_ROLE = "snerydder_door"  # what the web's role becomes while a research package is made (exchange.research.whitelist)
APP_PASSWORD = "app.password"  # the name of the file, not the word itself # noqa: S105
# Django's own tables. Every table of the product grants its rights in its own migration.
READ = ("django_content_type", "auth_permission", "auth_group", "auth_group_permissions", "django_migrations")
WRITE = ("django_session",)


def as_settings(url: str) -> dict[str, Any]:
    """A libpq address as Django's DATABASES entry."""
    parts = conninfo_to_dict(url)
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    entry: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql"}
    entry |= {known[key]: value for key, value in parts.items() if key in known}
    entry["OPTIONS"] = {key: value for key, value in parts.items() if key not in known}
    return entry


def with_database(url: str, name: str) -> str:
    return make_url({**conninfo_to_dict(url), "dbname": name})


def make_url(parts: dict[str, Any]) -> str:
    login = quote(str(parts.get("user") or ""), safe="")
    if parts.get("password"):
        login += ":" + quote(str(parts["password"]), safe="")
    options = {key: value for key, value in parts.items() if key not in ("user", "password", "dbname") and value}
    tail = "&".join(f"{key}={quote(str(value), safe='')}" for key, value in options.items())
    return f"postgresql://{login}@/{quote(str(parts.get('dbname') or ''), safe='')}" + (f"?{tail}" if tail else "")


def app_url(owner_url: str) -> str:
    """Where the web process connects: the same database, the other role."""
    if given := os.environ.get("APP_DATABASE_URL"):
        return make_url({**conninfo_to_dict(given), "dbname": conninfo_to_dict(owner_url).get("dbname")})
    return make_url({**conninfo_to_dict(owner_url), "user": APP_ROLE, "password": state.secret(APP_PASSWORD, 24)})


def connect(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(make_conninfo(url, connect_timeout=10), autocommit=True)
    except psycopg.OperationalError as fault:
        said = str(fault).strip().splitlines()[-1]
        raise postgres.Unavailable(f"Databasen svarer ikke: {said}. Ret DATABASE_URL, eller start databasen.") from fault


def prepare(owner_url: str) -> None:
    """Before migrating: the server is new enough, the web's role exists and can do nothing by itself."""
    with connect(owner_url) as owner:
        if (major := owner.info.server_version // 10_000) < postgres.OLDEST:
            raise postgres.Unavailable(postgres.too_old(major))
        # One lock for the whole server, not one a database: roles are the server's.
        with owner.transaction():
            owner.execute("SELECT pg_advisory_xact_lock(hashtext('snerydder.role'))")
            _make_role(owner, owner_url)
            _make_door(owner)
        owner.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(APP_ROLE)))
        owner.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")


def _make_role(owner: psycopg.Connection, owner_url: str) -> None:
    role = sql.Identifier(APP_ROLE)
    known = owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone()
    if known and _works(app_url(owner_url)):
        return
    if os.environ.get("APP_DATABASE_URL"):
        raise postgres.Unavailable(f"Rollen {APP_ROLE} kan ikke logge ind med APP_DATABASE_URL. Opret den, eller ret adgangskoden.")
    rights = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION INHERIT PASSWORD {}").format(
        sql.Literal(state.secret(APP_PASSWORD, 24))
    )
    verb = sql.SQL("ALTER ROLE {} WITH {}" if known else "CREATE ROLE {} WITH {}")
    try:
        owner.execute(verb.format(role, rights))
    except psycopg.errors.InsufficientPrivilege as fault:
        raise postgres.Unavailable(
            f"Brugeren i DATABASE_URL må ikke oprette rollen {APP_ROLE}. Giv den CREATEROLE, eller opret rollen selv og sæt APP_DATABASE_URL."
        ) from fault


def _make_door(owner: psycopg.Connection) -> None:
    """A role nobody can log in as, and which owns and may nothing until a migration says what."""
    door, app = sql.Identifier(DOOR_ROLE), sql.Identifier(APP_ROLE)
    if not owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [DOOR_ROLE]).fetchone():
        owner.execute(sql.SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION").format(door))
    member = "SELECT 1 FROM pg_auth_members WHERE roleid = %s::regrole AND member = %s::regrole"
    if not owner.execute(member, [DOOR_ROLE, APP_ROLE]).fetchone():
        owner.execute(sql.SQL("GRANT {} TO {}").format(door, app))


def _works(url: str) -> bool:
    try:
        psycopg.connect(make_conninfo(url, connect_timeout=10)).close()
    except psycopg.OperationalError:
        return False
    return True


def grant(owner_url: str) -> None:
    """After migrating: what the web's role may do to Django's own tables."""
    with connect(owner_url) as owner:
        there = {name for (name,) in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
        for rights, tables in (("SELECT", READ), ("SELECT, INSERT, UPDATE, DELETE", WRITE)):
            for table in there.intersection(tables):
                words = sql.SQL("GRANT {} ON {} TO {}")
                owner.execute(words.format(sql.SQL(rights), sql.Identifier(table), sql.Identifier(APP_ROLE)))


def too_mighty(url: str) -> str | None:
    """Why the role of this address must not serve pages, or None. Row-level security binds neither
    superusers, nor roles that bypass it, nor (unless forced) the owner of a table."""
    with connect(url) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, EXISTS (SELECT 1 FROM pg_tables WHERE tableowner = current_user"
            " AND schemaname = 'public'), current_user FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert row
    if not any(row[:3]):
        return None
    kind = "superbruger" if row[0] else "fri af rækkesikkerheden (BYPASSRLS)" if row[1] else "ejer af tabeller"
    return f"Databaserollen {row[3]} er {kind} og må ikke vise sider. Brug rollen {APP_ROLE}."


def create(server_url: str, name: str) -> bool:
    """Make the database if it is not there. True if it was made."""
    with connect(server_url) as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return True


def drop(server_url: str, name: str) -> None:
    with connect(server_url) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
