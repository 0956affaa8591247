"""Databases for tests: made once per state of the migrations, copied in a fraction of a second."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from snerydder.project import databases, schema, serving

KEPT = 4  # templates of earlier states, so that switching between branches is fast
_PREFIX = "snerydder_template_"


@contextmanager
def template(server_url: str) -> Iterator[str]:
    """The migrated database, made by whoever comes first; others wait for the lock. Nobody drops it as long as it is in use."""
    databases.prepare(server_url)
    name = _PREFIX + schema.fingerprint()
    with databases.connect(server_url) as server:
        server.execute("SELECT pg_advisory_lock(hashtext('snerydder.template'))")
        if not _exists(server, name):
            draft = name.replace("template", "draft")
            databases.drop(server_url, draft)
            databases.create(server_url, draft)
            schema.migrate(databases.with_database(server_url, draft))
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
            server.execute(rename)
            _forget_old(server, server_url)
        server.execute("SELECT pg_advisory_lock_shared(hashtext(%s))", [name])
        server.execute("SELECT pg_advisory_unlock(hashtext('snerydder.template'))")
        yield name


def name(kind: str) -> str:
    return f"snerydder_{kind}_{os.getpid()}_{secrets.token_hex(3)}"


def port() -> int:
    """A free one below those that the machine hands to whoever calls out, so that none of them takes it before the server does."""
    return serving.free_port(20_000 + os.getpid() % 100 * 100)


def copy(server_url: str, source: str, target: str) -> None:
    with databases.connect(server_url) as server:
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(target), sql.Identifier(source))
        server.execute(words)


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Django's default connection leads to this database, as the role that owns nothing. The one before rests, and is as it was afterwards."""
    from django.db import connections

    before = connections["default"]
    settings = connections.settings["default"]
    connections.settings["default"] = settings | {"NAME": name, "ATOMIC_REQUESTS": True}  # other threads ask here
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = settings
        connections["default"] = before


def sweep(server_url: str) -> None:
    """Drop what runs that were killed left behind: their process is gone and nobody is connected."""
    with databases.connect(server_url) as server:
        found = server.execute(
            r"SELECT datname FROM pg_database d WHERE datname ~ '^snerydder_(test|own|served)_\d+_'"
            " AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datname = d.datname)"
        ).fetchall()
    for (left,) in found:
        if not Path(f"/proc/{left.split('_')[2]}").exists():
            databases.drop(server_url, left)


def _exists(server: psycopg.Connection, name: str) -> bool:
    return bool(server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())


def _forget_old(server: psycopg.Connection, server_url: str) -> None:
    words = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC OFFSET %s"
    for (old,) in server.execute(words, [_PREFIX, KEPT]).fetchall():
        if server.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [old]).fetchone() == (True,):  # else somebody works from it
            databases.drop(server_url, old)
            server.execute("SELECT pg_advisory_unlock(hashtext(%s))", [old])
