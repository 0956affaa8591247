"""What every test stands on: a real PostgreSQL, the role that owns nothing, and a real browser when asked for.

One template database is migrated per state of the migration files and copied for each run. All tests work as
`snerydder_app`: what passes here cannot rest on the rights of an owner.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

if "DJANGO_SETTINGS_MODULE" in os.environ and not {"SNERYDDER_TEST", "DATABASE_URL"} <= set(os.environ):
    # pytest-django has then read the settings already, before there was a database to name in them
    raise SystemExit("Fjern DJANGO_SETTINGS_MODULE fra miljøet: prøverne sætter den selv.")
os.environ["SNERYDDER_TEST"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "snerydder.project.settings"
os.environ["SNERYDDER_SECRET_KEY"] = "prøvernes egen nøgle, som alle kender: 0123456789 abcdefghij"  # the same on each machine,
os.environ["SNERYDDER_CPR_KEYS"] = "1:" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="  # and so what is worked out from them
os.environ.pop("SNERYDDER_DB_ROLE", None)
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the study's command does, and before NumPy wakes: threads that wait burn a core
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's sync API keeps an event loop in this thread

import psycopg  # noqa: E402
import pytest  # noqa: E402
import time_machine  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

from snerydder.project import databases, postgres  # noqa: E402
from tests import chance, ground, sharing  # noqa: E402

_until_the_end = ExitStack()
if "DATABASE_URL" not in os.environ:
    server = _until_the_end.enter_context(postgres.running("test-postgres", durable=False))
    os.environ["DATABASE_URL"] = server.url()

import django  # noqa: E402

django.setup()

from django.conf import settings as product  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402

from tests.cast import Cast, fjordby  # noqa: E402

pytest_plugins = ["tests.browsing"]

# The suite tries the same examples each time, so that it says the same of the same code. SNERYDDER_SEARCH=1 looks for new ones.
_patient: Any = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}  # a slow machine costs time, not the test
settings.register_profile("steady", derandomize=True, **_patient)
settings.register_profile("search", max_examples=1000, **_patient)
settings.load_profile("search" if os.environ.get("SNERYDDER_SEARCH") else "steady")
chance.steady()


@pytest.hookimpl(tryfirst=True)
def pytest_make_collect_report(collector: pytest.Collector) -> None:
    chance.stream.begin(collector.nodeid)  # what a file draws when it is read


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    chance.stream.begin(item.nodeid)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> Iterator[None]:
    if fixturedef.scope == "function":
        return (yield)
    with chance.of(f"{request.node.nodeid}::{fixturedef.argname}"):
        return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = sharing.in_order(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> sharing.Sharing | None:
    config.option.loadscopereorder = False  # the longest first, and not the most
    return sharing.Sharing(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_unconfigure(config: pytest.Config) -> None:
    _until_the_end.close()


@pytest.fixture(scope="session")
def server_url() -> str:
    """The owner's address of the server the tests use."""
    return os.environ["DATABASE_URL"]


@pytest.fixture(scope="session")
def template(server_url: str) -> Iterator[str]:
    """The name of the migrated database that the others are copies of."""
    with ground.template(server_url) as name:
        yield name


@pytest.fixture(scope="session")
def django_db_setup(server_url: str, template: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """In place of pytest-django's own, which migrates and tests as the owner."""
    ground.sweep(server_url)
    name = ground.name("test")
    ground.copy(server_url, template, name)
    with django_db_blocker.unblock(), ground.connected_to(name):  # type: ignore[attr-defined]
        yield
    databases.drop(server_url, name)


LATE = datetime(2026, 12, 1, 10, tzinfo=ZoneInfo("Europe/Copenhagen"))


@pytest.fixture
def late_in_2026() -> Iterator[time_machine.Traveller]:
    """The tests' days lie in 2026; a contact of theirs must not lie in the future, whatever day the machine has."""
    with time_machine.travel(LATE, tick=True) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """standing(make): what make() builds, once for the tests of a file. Each of them works on top of it, and is rolled back to it.

    Give each test its own copy.deepcopy of what was made: rows are rolled back, objects are not.
    """

    def stand(make: Callable[[], Any], now: datetime = LATE) -> Any:
        with time_machine.travel(now - timedelta(minutes=1), tick=True):  # before anything that a test does
            made = make()
        connection.check_constraints()  # once, and not again with each test
        return made

    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield stand
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def built(standing: Callable[..., Any]) -> Any:
    """A Cast; in some folders with the case that most of its tests are about."""
    return standing(fjordby)


@pytest.fixture
def own(db: None, built: Any) -> Any:
    """What was built, as this test's own."""
    return deepcopy(built)


@pytest.fixture
def cast(own: Cast) -> Cast:
    return own


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


@pytest.fixture
def machines_chance() -> Iterator[None]:
    """For a test that is about secrecy itself."""
    with chance.real():
        yield


@pytest.fixture(scope="session", autouse=True)
def research_store(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The evaluation's files of the tests lie with the tests."""
    product.RESEARCH_STORE = tmp_path_factory.mktemp("research")
    os.environ["SNERYDDER_RESEARCH"] = str(product.RESEARCH_STORE)  # for those that serve a town


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).resolve().parents[1]
