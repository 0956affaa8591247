from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from snerydder.access import actions as access
from tests import build
from tests.cast import Cast, fjordby
from tests.pages.visit import visitor


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    with time_machine.travel("2026-12-05T10:00:00+01:00", tick=True):
        yield


def with_nora() -> Cast:
    """She has nothing to do with Amina's case."""
    cast = fjordby()
    cast.nora = access.appoint("Nora Nord", ["caseworker"], by=cast.henrik, unit=cast.unit, username="nora")  # type: ignore[attr-defined]
    build.active(cast)
    return cast


@pytest.fixture(scope="module")
def built(standing: Callable[..., Any]) -> Cast:
    return standing(with_nora)


@pytest.fixture
def as_(cast: Cast) -> Callable[[str], Client]:
    def sign_in(who: str) -> Any:
        return visitor(Client(), getattr(cast, who))

    return sign_in
