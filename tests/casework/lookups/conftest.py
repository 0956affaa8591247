from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from snerydder.access import actions as access
from tests.cast import Cast, fjordby


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    """March is over and can be frozen; the number comes on Saturday the 5th of December."""
    with time_machine.travel("2026-12-01T10:00:00+01:00", tick=True):
        yield


def with_nora() -> Cast:
    """She has nothing to do with any case."""
    cast = fjordby()
    cast.nora = access.appoint("Nora Nord", ["caseworker"], by=cast.henrik, unit=cast.unit)  # type: ignore[attr-defined]
    return cast


@pytest.fixture(scope="module")
def built(standing: Callable[..., Any]) -> Cast:
    return standing(with_nora)
