"""The engine's worker on packages of the service that are small or one-sided: each ends in a report or in a refusal a case worker understands, never in trouble."""

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine

from snerydder.access.tenancy import within
from snerydder.evaluation import worker
from snerydder.exchange.research import actions
from tests.casework.trials import made
from tests.casework.trials.test_schemes import begun
from tests.cast import FJORDBY, Cast, fjordby
from tests.exchange.research.test_door import register
from tests.study.odd_studies import told_wrongly

ENROLLED = 12
SIX = ["offered", "control"] * 6
CASES: dict[str, tuple[list[str], str]] = {  # the arms of the first so many, and what comes of it
    "one person": (["offered"], "Ingen er trukket til 'control'."),
    "two of one and one of the other": (["offered", "control", "offered"], "intet stratum med mindst to personer i hver gruppe"),
    "an arm that got nobody": (["offered"] * ENROLLED, "Ingen er trukket til 'control'."),
    "a control group that got nobody but four": (["offered"] * 8 + ["control"] * 4, "Færre end 5 personer er trukket til en af grupperne."),
    "six of each, and nobody met anybody": (SIX, ""),
    "five and seven": (["offered"] * 5 + ["control"] * 7, ""),
}


@pytest.fixture(autouse=True)
def late_in_2026(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.TRIAL_WITNESS, settings.RESEARCH_STORE = tmp_path / "lodder", tmp_path / "store"
    with time_machine.travel("2026-12-01T10:00:00+01:00", tick=True):
        yield


@pytest.fixture
def package(own_database: str, tmp_path: Path) -> Path:
    """Twelve drawn, none of whom has met a mentor, beside a register of them."""
    with within(FJORDBY):
        town: Cast = fjordby()
    trial = begun(town, places=20, secondary=())
    for number in range(1, ENROLLED + 1):
        with within(FJORDBY):
            made.enrolled(town, trial, number)
    folder = tmp_path / "pakke"
    folder.mkdir()
    with within(FJORDBY):
        row = actions.let_out(actions.ask(trial, by=town.freja, receiver="Evaluator", purpose="Virker det?"), by=town.henrik)
        for file in actions.folder_of(row).iterdir():
            (folder / file.name).write_bytes(file.read_bytes())
        register(row, folder)
    text = (folder / "study.toml").read_text(encoding="utf-8").replace('status = "final"', 'status = "draft"').replace("redraws = 10000", "redraws = 199")
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder


def only(package: Path, into: Path, arms: list[str]) -> Path:
    """The same package, with so many drawn so."""
    shutil.copytree(package, into)
    file = into / "lodtraekning.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))[: len(arms)]
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"gruppe": arm} for row, arm in zip(rows, arms, strict=True))
    return into


def outcome(folder: Path, what: str) -> dict[str, Any]:
    worker.main([what, str(folder)])
    found: dict[str, Any] = json.loads((folder / worker.OUTCOME).read_text(encoding="utf-8"))
    return found


def test_small_packages_end_in_a_report_or_in_plain_words(package: Path, tmp_path: Path) -> None:
    assert (package / "kontakter.csv").read_text(encoding="utf-8").splitlines() == ["noegle,uge,minutter"], "nobody met anybody"
    for name, (arms, refused) in CASES.items():
        folder = only(package, tmp_path / name.replace(" ", "-"), arms)
        for what in ("check", "run", "watch"):
            found = outcome(folder, what)
            assert "trouble" not in found, (name, what, found)
            assert found["done"] or found["what"] and found["file"].endswith((".csv", ".toml")), (name, what, found)
        found = outcome(folder, "run")
        assert found["done"] == (not refused) and refused in found.get("what", ""), (name, found)
        results = folder / worker.RESULTS
        if refused:
            assert not list(results.glob("**/*")), "a refused run leaves nothing to be shown"
            continue
        assert not told_wrongly(results / "da") and not told_wrongly(results / "en"), name
        assert "Ingen af deltagerne havde en kontakt i vinduet." in (results / "da" / "report.html").read_text(encoding="utf-8")
