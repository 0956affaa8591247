from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from tests import build
from tests.cast import Cast, fjordby


def eight() -> Cast:
    cast = fjordby()
    for number in range(1, 9):
        build.granted(cast, build.citizen(cast, number), minutes=60 * number)
    return cast


@pytest.fixture(autouse=True)
def late_in_2026(late_in_2026: time_machine.Traveller) -> time_machine.Traveller:
    return late_in_2026


@pytest.fixture(scope="module")
def built(standing: Callable[..., Any]) -> Cast:
    return standing(eight)


@pytest.fixture
def town(cast: Cast) -> Cast:
    return cast
