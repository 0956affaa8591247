import os

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from snerydder.project import databases, postgres, schema


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://me:p%40ss%2F@db.example:5433/town?sslmode=require",
            {"USER": "me", "PASSWORD": "p@ss/", "HOST": "db.example", "PORT": "5433", "NAME": "town", "OPTIONS": {"sslmode": "require"}},
        ),
        ("postgresql://me@/town?host=/run/pg", {"USER": "me", "HOST": "/run/pg", "NAME": "town", "OPTIONS": {}}),
        ("", {"OPTIONS": {}}),
    ],
)
def test_an_address_is_read(url: str, expected: dict[str, object]) -> None:
    engine = {"ENGINE": "django.db.backends.postgresql"}
    assert databases.as_settings(url) == engine | expected
    if url:
        assert databases.as_settings(databases.with_database(url, "town")) == engine | expected


def test_the_web_role_can_do_nothing_by_itself(own_database: str) -> None:
    with databases.connect(own_database) as owner:
        row = owner.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication FROM pg_roles WHERE rolname = 'snerydder_app'"
        ).fetchone()
    assert row == (False,) * 5
    with databases.connect(databases.app_url(own_database)) as app:
        for words in ("CREATE TABLE mine (x int)", "TRUNCATE django_session", "DROP TABLE django_session", "DELETE FROM django_migrations"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(words)


def test_only_the_mighty_are_refused(own_database: str) -> None:
    assert "superbruger" in (databases.too_mighty(own_database) or "")
    assert databases.too_mighty(databases.app_url(own_database)) is None


def test_an_old_server_is_refused_in_a_sentence(server_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "OLDEST", 99)
    with pytest.raises(postgres.Unavailable, match="kræver 99 eller nyere"):
        databases.prepare(server_url)


def test_a_server_that_is_away_is_said_in_a_sentence() -> None:
    with pytest.raises(postgres.Unavailable, match="Databasen svarer ikke: .*DATABASE_URL"):
        databases.connect("postgresql://nobody@127.0.0.1:1/none")


def test_a_given_web_address_follows_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_DATABASE_URL", "postgresql://web:x@db/one")
    assert databases.app_url("postgresql://owner:y@db/two") == "postgresql://web:x@/two?host=db"
    assert "APP_DATABASE_URL" in os.environ


def test_a_process_that_serves_pages_does_not_know_the_owner(server_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    password = conninfo_to_dict(server_url).get("password") or "none was given"
    monkeypatch.setenv("SNERYDDER_DB_ROLE", "owner")
    environment = schema.web_environment(server_url)
    assert [name for name, value in environment.items() if str(password) in value] == []
    assert "SNERYDDER_DB_ROLE" not in environment
    assert databases.as_settings(environment["APP_DATABASE_URL"])["USER"] == "snerydder_app"
