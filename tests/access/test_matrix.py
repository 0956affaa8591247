"""Every address as every role, at one's own things and at another municipality's. What is expected is in matrix.toml."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from snerydder.access.roles import ROLES, permissions_of
from snerydder.access.tenancy import set_context
from snerydder.exchange.csv import work
from snerydder.project import databases
from tests import ground
from tests.access.filled import Filled, filled
from tests.access.matrix import DEMO_ONLY, EVERYBODY, HOW, PAGE, Address, Row, addresses, page, rows, table
from tests.cast import BAKKEBY, FJORDBY
from tests.conftest import LATE
from tests.pages.visit import visitor

ROWS = rows()
GET, POST = "GET", "POST"


# --- The table itself ------------------------------------------------------------------------------
def test_every_address_has_a_line():
    for address in addresses():
        assert address.name in ROWS or address.name in DEMO_ONLY, HOW.format(name=address.name)


def test_every_line_has_an_address():
    assert set(ROWS) - {address.name for address in addresses()} == set(), "linjer uden adresse"


def test_every_line_names_known_roles():
    for row in ROWS.values():
        assert row.roles(ROLES) <= set(ROLES), row
        assert row.says


@pytest.mark.parametrize("address", list(addresses()), ids=lambda address: address.name)
def test_every_view_says_what_it_needs(address):
    """`@needs(...)`, `@open_to_all` or `@without_place`; and what it says gives the roles of the line."""
    assert hasattr(address.view, "needs"), f"{address.name}: sæt @needs(Permission...) eller @open_to_all på viewet"
    if address.name in DEMO_ONLY:
        return
    row, needs = ROWS[address.name], address.view.needs
    assert row.is_open == (getattr(address.view, "login_required", True) is False)
    if needs:
        assert {key for key in ROLES if permissions_of([key]) & set(needs)} == row.roles(ROLES)
    else:
        assert row.is_open or row.words == EVERYBODY


def test_the_manual_s_page_is_fresh():
    assert PAGE.is_file() and PAGE.read_text("utf-8") == page(), "kør: python -m tests.access.matrix"


# --- Every address, tried --------------------------------------------------------------------------
@pytest.fixture(scope="module")
def town(server_url, template, django_db_setup, django_db_blocker) -> Iterator[Any]:
    """Two municipalities, made once and committed: each visit is rolled back."""
    name = ground.name("own")
    ground.copy(server_url, template, name)
    with django_db_blocker.unblock(), ground.connected_to(name):
        with time_machine.travel(LATE - timedelta(minutes=1), tick=True), transaction.atomic():
            here, away = filled(), filled(BAKKEBY, "Bakkeby", "_b")
            set_context(FJORDBY)
            clients = {role: visitor(Client(), staff) for role, staff in here.staff.items()}
        yield SimpleNamespace(here=here, away=away, clients=clients)
        connections.close_all()
    databases.drop(server_url, name)


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    """No import begins in a thread of its own, and two thousand refusals are not news."""
    monkeypatch.setattr(work, "start", lambda *given: None)
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def thing_of(address: Address, town: Filled) -> Any:
    name = ROWS[address.name].thing or table()["things"].get(address.route.split("/")[0])
    assert name in town.things, f"{address.name}: hvilken ting handler adressen om? Se [things] i matrix.toml"
    return town.things[name]


def where(address: Address, thing: Any) -> str:
    values = table()["values"]
    of_thing = thing if isinstance(thing, UUID) else thing.pk if thing is not None else None
    return reverse(address.name, kwargs={key: values.get(key, of_thing) for key in address.kwargs})


def visit(client: Client, method: str, path: str) -> HttpResponse:
    """One request whose effects are taken back, in the database and in the browser."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        answer = client.post(path) if method == POST else client.get(path)
        if answer.status_code == 302 and path != "/" and answer.url.startswith(path):  # to the same thing's page for this role
            answer = client.get(answer.url)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def plain(answer: HttpResponse) -> str:
    """The page without what is drawn anew each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(answer.request["PATH_INFO"], "")


LET_IN = {200, 204, 302, 400}
NOT_SO = 405  # not by this method
# Links that somebody was given: without a true one there is nothing for anybody.
NOTHING_THERE = {"access:password_link", "access:join", "payments:answer", "lookups:own_list", "surveys:citizen"}


def own(address: Address, row: Row, role: str, town: Any) -> Iterator[str]:
    """At one's own: let in, or told which role it takes."""
    path = where(address, thing_of(address, town.here) if has_thing(address) else None)
    codes = {method: visit(town.clients[role], method, path).status_code for method in (GET, POST)}
    right = LET_IN if role in row.roles(ROLES) else {403}
    right = {404} if address.name in NOTHING_THERE else right
    if not set(codes.values()) <= right | {NOT_SO} or set(codes.values()) == {NOT_SO}:
        yield f"{path} ({address.name}) som {role}: {codes}, skulle være {sorted(right)}"


def foreign(address: Address, row: Row, role: str, town: Any) -> Iterator[str]:
    """At another municipality's: 404 for those who have the right, and to the letter the answer that nothing gets."""
    path, nothing = where(address, thing_of(address, town.away)), where(address, uuid4())
    has_right = role in row.roles(ROLES)
    codes = []
    for method in (GET, POST):
        answer = visit(town.clients[role], method, path)
        codes.append(answer.status_code)
        if has_right and not same(answer, visit(town.clients[role], method, nothing)):
            yield f"{method} {path} ({address.name}) som {role}: svaret er et andet end for det, der ikke findes"
    if has_right and address.name in MADE_BY_THE_PHONE:
        return
    right = 404 if has_right else 403
    if not set(codes) <= {right, NOT_SO} or right not in codes:
        yield f"{path} ({address.name}) som {role}: {codes}, skulle være {right}"


# The key of an entry is made where it is written: any key is as good as another until it is one's own.
MADE_BY_THE_PHONE = {"contacts:draft", "contacts:drop_draft", "contacts:undo", "contacts:restore"}


def same(one: HttpResponse, other: HttpResponse) -> bool:
    return (one.status_code, plain(one)) == (other.status_code, plain(other))


def has_thing(address: Address) -> bool:
    return any(key not in table()["values"] for key in address.kwargs)


@pytest.mark.parametrize("role", ROLES)
def test_at_one_s_own(town, role):
    faults = [fault for address in addresses() if address.name in ROWS for fault in own(address, ROWS[address.name], role, town)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", ROLES)
def test_at_another_municipality_s(town, role):
    faults = [
        fault for address in addresses() if address.name in ROWS and has_thing(address) and not ROWS[address.name].is_open
        for fault in foreign(address, ROWS[address.name], role, town)
    ]
    assert not faults, "\n".join(faults)


def test_without_a_sign_in(town):
    faults = []
    for address in addresses():
        if address.name not in ROWS:
            continue
        path = where(address, thing_of(address, town.here) if has_thing(address) else None)
        codes = [visit(Client(), method, path).status_code for method in (GET, POST)]
        right = set(codes) <= LET_IN | {404, NOT_SO} if ROWS[address.name].is_open else codes == [302, 403]
        if not right:
            faults.append(f"{path} ({address.name}): {codes}")
    assert not faults, "\n".join(faults)
