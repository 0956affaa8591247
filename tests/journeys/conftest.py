"""Who walks: a browser of one's own for each person, closed when the test is over; a fault on any page is the test's."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.browsing import Served, serve
from tests.journeys.pictures import Album
from tests.journeys.walking import MANUAL, Visitor, newcomer


@dataclass
class Arrive:
    """arrive("Bente Bak"), arrive("Carl Clausen", phone=True), arrive() for somebody not signed in."""

    browser: Any
    url: str
    album: Album
    logins: dict[str, str]  # name: username
    there: list[Visitor] = field(default_factory=list)

    def __call__(self, name: str = "", *, phone: bool = False) -> Visitor:
        visitor = newcomer(self.browser, self.url, self.album, phone=phone)
        self.there.append(visitor)
        return visitor.enter(name, self.logins[name]) if name else visitor

    def scene(self) -> str:
        """What everybody had on the screen."""
        return "\n".join(f"--- {each.page.url}\n{each.words('body')}\n{each.faults or ''}" for each in self.there)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    arrive = getattr(item, "funcargs", {}).get("arrive")
    if report.when == "call" and report.failed and arrive:
        report.sections.append(("On the screens", arrive.scene()))
    return report


@pytest.fixture(scope="session")
def album() -> Album:
    return Album(wanted=MANUAL)


@pytest.fixture
def arrive(browser: Any, served: Served, album: Album) -> Iterator[Arrive]:
    yield from _come(browser, served, album)


@pytest.fixture(scope="session")
def served_town(server_url: str, template: str) -> Iterator[Served]:
    """The whole town, half a minute to build: for the few who need all of it."""
    with serve(server_url, template, "town") as town:
        yield town


@pytest.fixture
def arrive_in_town(browser: Any, served_town: Served, album: Album) -> Iterator[Arrive]:
    yield from _come(browser, served_town, album)


def _come(browser: Any, served: Served, album: Album) -> Iterator[Arrive]:
    come = Arrive(browser, served.url, album, {each["navn"]: each["login"] for each in served.town["people"]})
    yield come
    for visitor in come.there:
        visitor.page.context.close()
    assert not [fault for visitor in come.there for fault in visitor.faults]
