"""A Monday in August, three weeks after the tests' first day. The clock stands still."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from tests.cast import Cast, fjordby
from tests.pages.visit import visitor

NOW = datetime(2026, 8, 24, 10, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))
TODAY = date(2026, 8, 24)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def built(standing: Callable[..., Any]) -> Cast:
    return standing(fjordby, NOW)


@pytest.fixture
def cast(own: Cast, clock: time_machine.Traveller) -> Cast:
    return own


@pytest.fixture
def dorthe(client: Client, cast: Cast) -> Client:
    return visitor(client, cast.dorthe)


@pytest.fixture
def carl(cast: Cast) -> Client:
    return visitor(Client(), cast.carl)


@pytest.fixture
def bente(cast: Cast) -> Client:
    return visitor(Client(), cast.bente)
