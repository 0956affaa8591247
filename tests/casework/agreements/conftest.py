from typing import Any

import pytest

from snerydder.access import actions as access
from snerydder.casework.people import actions as people
from snerydder.casework.people.models import Mentor
from tests.cast import Cast


def mentor(cast: Cast, name: str, **details: Any) -> Mentor:
    """One more mentor."""
    staff = access.appoint(name, ["mentor"], by=cast.henrik, unit=cast.unit, phone="00 00 00 09")
    return people.register_mentor(staff, by=cast.dorthe, **({"kind": "municipal", "hours_per_week": 37} | details))


@pytest.fixture
def ulla(cast: Cast) -> Mentor:
    return mentor(cast, "Ulla Uhd")
