from pathlib import Path
from typing import Any

import pytest

from snerydder.evaluation import actions, store, worker
from snerydder.evaluation.models import Delivery, Run, Study
from tests import small_study
from tests.cast import Cast, fjordby


@pytest.fixture(autouse=True)
def a_store_of_its_own(settings: Any, tmp_path: Path) -> None:
    """What one test let out is not remembered in the next."""
    settings.RESEARCH_STORE = tmp_path / "store"


@pytest.fixture
def cast(db: None) -> Cast:
    return fjordby()


@pytest.fixture
def study(cast: Cast) -> Study:
    return actions.begin("En lille undersøgelse", small_study.PROTOCOL, by=cast.freja)


@pytest.fixture
def delivery(cast: Cast, study: Study, tmp_path: Path) -> Delivery:
    """Read by the engine and put to use."""
    made = actions.deliver(study, small_study.uploads(tmp_path), by=cast.freja)
    assert worker.main(["check", str(store.trial_of(made))]) == 0
    return actions.use(made, by=cast.freja)


@pytest.fixture
def run(cast: Cast, study: Study, delivery: Delivery) -> Run:
    made = actions.run(study, by=cast.freja)
    small_study.work(store.of_run(made))
    return made
