"""From a lottery with two offers, or of whole units, to the engine: each comparison is of the arms it names, and a unit is a cluster."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine

from snerydder.access.models import Unit
from snerydder.access.tenancy import within
from snerydder.casework.trials import intake, opening
from snerydder.casework.trials.models import Enrolment
from snerydder.evaluation import worker
from snerydder.exchange.research import actions
from tests import build
from tests.casework.trials import made
from tests.casework.trials.test_schemes import FIRST, TEAMS, THIRD, UNITS, begun
from tests.casework.trials.together import meets
from tests.cast import FJORDBY, Cast, fjordby
from tests.exchange.research.test_door import register


@pytest.fixture(autouse=True)
def late_in_2026(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.TRIAL_WITNESS = tmp_path / "lodder"
    with time_machine.travel("2026-12-01T10:00:00+01:00", tick=True):
        yield


@pytest.fixture
def town(own_database: str) -> Cast:
    with within(FJORDBY):
        return fjordby()


def packed(town: Cast, trial: Any, folder: Path) -> tuple[Path, dict[str, int]]:
    """The package beside a register, as the engine gets them; and how many each arm has."""
    with within(FJORDBY):
        by_arm = {opening.arm_of(row): row for row in Enrolment.objects.filter(trial=trial).select_related("trial", "case")}
        for arm in sorted(set(by_arm) - {"control"}):  # one of each offer meets a mentor
            meets(town, by_arm[arm].case)
        row = actions.let_out(actions.ask(trial, by=town.freja, receiver="Evaluator", purpose="Virker det?"), by=town.henrik)
        for file in actions.folder_of(row).iterdir():
            (folder / file.name).write_bytes(file.read_bytes())
        register(row, folder)
    with (folder / "lodtraekning.csv").open(encoding="utf-8", newline="") as opened:
        return folder, Counter(line["gruppe"] for line in csv.DictReader(opened))


def run(folder: Path, protocol: str) -> dict[str, Any]:
    text = (folder / protocol).read_text(encoding="utf-8").replace('status = "final"', 'status = "draft"').replace("redraws = 10000", "redraws = 199")
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return worker.check(folder) | worker.run(folder)


def test_each_offer_is_compared_with_the_control_alone(town: Cast, tmp_path: Path) -> None:
    trial = begun(town, **THIRD | {"places": 40, "secondary": ()})
    for number in range(1, 31):
        with within(FJORDBY):
            made.enrolled(town, trial, number)
    folder = tmp_path / "pakke"
    folder.mkdir()
    folder, arms = packed(town, trial, folder)
    assert set(arms) == {"offered", "more", "control"}
    for protocol, arm in (("study.toml", "offered"), ("study-andet-tilbud.toml", "more")):
        found = run(folder, protocol)
        assert (found["treated"], found["control"], found["persons"]) == (arms[arm], arms["control"], arms[arm] + arms["control"]), protocol


def test_a_unit_with_one_lot_is_a_cluster_of_the_analysis(town: Cast, tmp_path: Path) -> None:
    trial = begun(town, **UNITS | {"places": 8, "secondary": ()})
    with within(FJORDBY):
        units = {name: Unit.objects.get(name=name) for name in TEAMS}
    for at, unit in enumerate(units.values()):
        for number in range(6):
            with within(FJORDBY):
                case = build.assessed(town, build.citizen(town, 100 + 10 * at + number, unit=unit))[0]
                intake.enrol(made.screen(town, trial, case), by=town.bente, on=FIRST)
    folder = tmp_path / "pakke"
    folder.mkdir()
    folder, arms = packed(town, trial, folder)
    assert set(arms) == {"offered", "control"} and all(count % 6 == 0 for count in arms.values()), "each unit lies whole in one arm"
    assert 'cluster = "klynge"' in (folder / "study.toml").read_text(encoding="utf-8")
    found = run(folder, "study.toml")
    assert found["done"] and found["persons"] == 24
    assert "klynge" in (folder / "results" / "da" / "report.html").read_text(encoding="utf-8").lower()
