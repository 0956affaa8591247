from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from snerydder.access import actions as access
from snerydder.casework.people import actions as people
from snerydder.casework.people.models import Mentor
from tests.cast import Cast, fjordby


@pytest.fixture(autouse=True)
def late_in_2026() -> Iterator[time_machine.Traveller]:
    """The tests' days lie in 2026; a contact of theirs must not lie in the future, whatever day the machine has."""
    with time_machine.travel("2026-12-01T10:00:00+01:00", tick=True) as traveller:
        yield traveller


@pytest.fixture
def cast(db: None) -> Cast:
    return fjordby()


def mentor(cast: Cast, name: str, **details: Any) -> Mentor:
    """One more mentor."""
    staff = access.appoint(name, ["mentor"], by=cast.henrik, unit=cast.unit, phone="00 00 00 09")
    return people.register_mentor(staff, by=cast.dorthe, **({"kind": "municipal", "hours_per_week": 37} | details))


@pytest.fixture
def ulla(cast: Cast) -> Mentor:
    return mentor(cast, "Ulla Uhd")
