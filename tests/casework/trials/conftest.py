from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from snerydder.access.tenancy import within
from snerydder.casework.trials import opening
from snerydder.casework.trials.models import Enrolment
from tests.casework.trials import made
from tests.cast import FJORDBY, Cast, fjordby


@pytest.fixture(autouse=True)
def late_in_2026() -> Iterator[None]:
    with time_machine.travel("2026-12-01T10:00:00+01:00", tick=True):
        yield


@pytest.fixture(autouse=True)
def witness(settings: object, tmp_path: Path) -> Path:
    """The file outside the database."""
    settings.TRIAL_WITNESS = tmp_path / "lodder"  # type: ignore[attr-defined]
    return tmp_path / "lodder"


@pytest.fixture
def town(own_database: str) -> Cast:
    """The cast in a database where every transaction really ends; use `within(FJORDBY)` for each."""
    with within(FJORDBY):
        return fjordby()


@pytest.fixture
def drawn(town: Cast) -> dict[str, Enrolment]:
    """One of each arm."""
    with within(FJORDBY):
        trial = made.running(town)
    found: dict[str, Enrolment] = {}
    number = 0
    while len(found) < 2:
        number += 1
        with within(FJORDBY):
            row = made.enrolled(town, trial, number)
        with within(FJORDBY):
            found.setdefault(opening.arm_of(row), row)
    return found
