from collections.abc import Iterator

import pytest
import time_machine

from tests import build
from tests.cast import Cast, fjordby


@pytest.fixture(autouse=True)
def late_in_2026() -> Iterator[None]:
    """The tests' days lie in 2026; a contact of theirs must not lie in the future, whatever day the machine has."""
    with time_machine.travel("2026-12-01T10:00:00+01:00", tick=True):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return fjordby()


@pytest.fixture
def town(cast: Cast) -> Cast:
    """Twelve cases with a grant, no two alike to the draw."""
    for number in range(1, 13):
        build.granted(cast, build.citizen(cast, number), minutes=60 * number)
    return cast
