from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from snerydder.casework.cases.models import Case
from tests import build
from tests.cast import Cast


@pytest.fixture(autouse=True)
def late_in_2026() -> Iterator[time_machine.Traveller]:
    """The tests' days lie in 2026; a contact of theirs must not lie in the future, whatever day the machine has."""
    with time_machine.travel("2026-12-01T10:00:00+01:00", tick=True) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def built(standing: Callable[..., Any]) -> tuple[Cast, Case]:
    return standing(build.cast_and_case)


@pytest.fixture
def cast(own: tuple[Cast, Case]) -> Cast:
    return own[0]


@pytest.fixture
def case(own: tuple[Cast, Case]) -> Case:
    return own[1]


@pytest.fixture
def other(cast: Cast) -> Case:
    """Another of Carl's cases."""
    return build.active(cast, build.citizen(cast, 7))
