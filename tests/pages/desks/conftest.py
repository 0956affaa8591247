"""A small town as the desks meet it, built once: one case at each step, some of them awkward. Each test works in a transaction of
its own on top of it."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction

from snerydder.access.tenancy import set_context
from snerydder.casework.cases.models import Case
from snerydder.project import databases
from tests import build, ground
from tests.cast import BAKKEBY, Cast, fjordby

TODAY = date(2026, 11, 16)  # a Monday


@dataclass
class Town:
    cast: Cast
    cases: dict[str, Case] = field(default_factory=dict)

    def fresh(self, name: str) -> Case:
        return build.fresh(self.cases[name])


def noon() -> time_machine.travel:
    return time_machine.travel(f"{TODAY.isoformat()}T11:00:00+00:00", tick=False)


@pytest.fixture(scope="session")
def desks(server_url: str, template: str, django_db_setup, django_db_blocker) -> Iterator[tuple[str, Town]]:
    """The town, committed in a database of its own."""
    name = ground.name("own")
    ground.copy(server_url, template, name)
    with django_db_blocker.unblock(), ground.connected_to(name), noon(), transaction.atomic():
        made = make()
    yield name, made
    databases.drop(server_url, name)


@pytest.fixture(scope="module")
def built(desks: tuple[str, Town], django_db_blocker) -> Iterator[Town]:
    """The clock stands at noon of the town's day."""
    name, made = desks
    with django_db_blocker.unblock(), ground.connected_to(name), noon():
        yield made


@pytest.fixture
def town(built: Town) -> Iterator[Town]:
    with transaction.atomic():
        set_context(built.cast.municipality)
        yield deepcopy(built)
        transaction.set_rollback(True)


@pytest.fixture
def bakkeby(town: Town) -> Cast:
    """Strangers in another municipality, with one running case of their own."""
    other = fjordby(BAKKEBY, "Bakkeby", "2")
    running(other, other.amina, 40, 3)
    set_context(town.cast.municipality)
    return other


def make() -> Town:
    cast = fjordby()
    made = Town(cast)

    def person(number: int, first: str, **details):
        return build.citizen(cast, number, first_name=first, last_name="Nielsen", **details)

    made.cases["referred"] = build.referred(cast, person(1, "Rita"), on=TODAY - timedelta(days=3))
    made.cases["assessed"], _row = build.assessed(cast, person(2, "Vera"), on=TODAY - timedelta(days=20))
    made.cases["granted"] = build.granted(cast, person(3, "Bo"), on=TODAY - timedelta(days=10)).case
    made.cases["matched"] = build.matched(cast, person(4, "Mads"), on=TODAY - timedelta(days=9))
    made.cases["written"] = build.written(cast, person(5, "Åse"), on=TODAY - timedelta(days=8)).case
    made.cases["agreed"] = build.agreed(cast, person(6, "Ida"), on=TODAY - timedelta(days=7)).case
    made.cases["running"] = running(cast, person(7, "Rune"), 60, 3)
    made.cases["silent"] = running(cast, person(8, "Stine", phone="00 00 00 08"), 70, 27)
    made.cases["never"] = running(cast, person(9, "Nikolaj"), 45, None)
    made.cases["protected"] = running(cast, person(10, "Hemmelig", protected=True), 30, 16)
    made.cases["expiring"] = running(cast, cast.amina, 150, 2)
    return made


def running(cast: Cast, citizen, started_ago: int, last_contact: int | None) -> Case:
    """Support that began so many days ago, with weekly contacts until so many days ago (None: not one)."""
    case = build.active(cast, citizen, on=TODAY - timedelta(days=started_ago + 7))
    for ago in range(last_contact, started_ago, 7) if last_contact is not None else ():
        build.contact(cast, case, on=TODAY - timedelta(days=ago))
    return build.fresh(case)
