from collections.abc import Callable
from typing import Any

import pytest

from snerydder.casework.cases.models import Case
from tests import build
from tests.cast import Cast


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
