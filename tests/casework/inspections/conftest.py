from collections.abc import Callable
from typing import Any

import pytest

from tests import build
from tests.cast import Cast, fjordby


def twelve() -> Cast:
    """Twelve cases with a grant, no two alike to the draw."""
    cast = fjordby()
    for number in range(1, 13):
        build.granted(cast, build.citizen(cast, number), minutes=60 * number)
    return cast


@pytest.fixture(scope="module")
def built(standing: Callable[..., Any]) -> Cast:
    return standing(twelve)


@pytest.fixture
def town(cast: Cast) -> Cast:
    return cast
