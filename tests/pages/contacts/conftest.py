"""A Monday in August on which Carl has been Amina's mentor for two weeks. The clock stands still."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from snerydder.casework.cases.models import Case
from tests import build
from tests.cast import Cast
from tests.pages.visit import visitor

NOW = datetime(2026, 8, 24, 10, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))
TODAY = date(2026, 8, 24)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def built(standing: Callable[..., Any]) -> tuple[Cast, Case]:
    return standing(build.cast_and_case, NOW)


@pytest.fixture
def cast(own: tuple[Cast, Case], clock: time_machine.Traveller) -> Cast:
    return own[0]


@pytest.fixture
def case(own: tuple[Cast, Case], clock: time_machine.Traveller) -> Case:
    return own[1]


@pytest.fixture
def dorthe(cast: Cast) -> Client:
    return visitor(Client(), cast.dorthe)


@pytest.fixture
def carl(client: Client, cast: Cast) -> Client:
    return visitor(client, cast.carl)
