"""What every test stands on: a real PostgreSQL, the role that owns nothing, and a real browser when asked for.

One template database is migrated per state of the migration files and copied for each run. All tests work as
`snerydder_app`: what passes here cannot rest on the rights of an owner.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

if "DJANGO_SETTINGS_MODULE" in os.environ and not {"SNERYDDER_TEST", "DATABASE_URL"} <= set(os.environ):
    # pytest-django has then read the settings already, before there was a database to name in them
    raise SystemExit("Fjern DJANGO_SETTINGS_MODULE fra miljøet: prøverne sætter den selv.")
os.environ["SNERYDDER_TEST"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "snerydder.project.settings"
os.environ.pop("SNERYDDER_DB_ROLE", None)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's sync API keeps an event loop in this thread

import psycopg  # noqa: E402
import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402

from snerydder.project import databases, postgres  # noqa: E402
from tests import ground  # noqa: E402

_until_the_end = ExitStack()
if "DATABASE_URL" not in os.environ:
    server = _until_the_end.enter_context(postgres.running("test-postgres", durable=False))
    os.environ["DATABASE_URL"] = server.url()

import django  # noqa: E402

django.setup()

from django.conf import settings as product  # noqa: E402
from django.db import connection, connections  # noqa: E402

pytest_plugins = ["tests.browsing"]

# The suite tries the same examples each time, so that it says the same of the same code. SNERYDDER_SEARCH=1 looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=1000, deadline=None)
settings.load_profile("search" if os.environ.get("SNERYDDER_SEARCH") else "steady")


def pytest_unconfigure(config: pytest.Config) -> None:
    _until_the_end.close()


@pytest.fixture(scope="session")
def server_url() -> str:
    """The owner's address of the server the tests use."""
    return os.environ["DATABASE_URL"]


@pytest.fixture(scope="session")
def template(server_url: str) -> str:
    """The name of the migrated database that the others are copies of."""
    return ground.template(server_url)


@pytest.fixture(scope="session")
def django_db_setup(server_url: str, template: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """In place of pytest-django's own, which migrates and tests as the owner."""
    ground.sweep(server_url)
    name = ground.name("test")
    ground.copy(server_url, template, name)
    with django_db_blocker.unblock(), ground.connected_to(name):  # type: ignore[attr-defined]
        yield
    databases.drop(server_url, name)


@pytest.fixture
def owner(db: None, server_url: str) -> Iterator[psycopg.Connection]:
    """The owner's own connection to the test database. It does not see what the test has not committed."""
    with databases.connect(databases.with_database(server_url, connection.settings_dict["NAME"])) as opened:
        yield opened


@pytest.fixture
def own_database(server_url: str, template: str, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh copy where transactions really commit, for tests with several connections. The owner's address."""
    name = ground.name("own")
    ground.copy(server_url, template, name)
    with django_db_blocker.unblock(), ground.connected_to(name):  # type: ignore[attr-defined]
        yield databases.with_database(server_url, name)
        connections.close_all()
    databases.drop(server_url, name)


@pytest.fixture(scope="session", autouse=True)
def research_store(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The evaluation's files of the tests lie with the tests."""
    product.RESEARCH_STORE = tmp_path_factory.mktemp("research")
    os.environ["SNERYDDER_RESEARCH"] = str(product.RESEARCH_STORE)  # for those that serve a town


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).resolve().parents[1]
