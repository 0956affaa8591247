"""Where the data of the evaluation lie: files in a folder of their own, away from the database of the case files (ADR research-store).

    <store>/<municipality>/<study>/leverance-<n>/<file>            as it came, never changed
    <store>/<municipality>/<study>/leverance-<n>-proeve/           what came of reading it
    <store>/<municipality>/<study>/leverance-<n>-undervejs/        what is known so far, for whoever watches
    <store>/<municipality>/<study>/pakke-<n>/<file>                a municipality's package in a joint study, as it came
    <store>/<municipality>/<study>/koersel-<n>/{study.toml, data/, results/}
    <store>/<municipality>/frigivet/<release>.json                 which counts a report let out showed, and of whom (marks, no pseudonyms)

A run's data/ points at the delivery's files. Nothing here is ever read by casework.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from snerydder.evaluation.models import Delivery, Part, Run, Study
from snerydder.evaluation.worker import EARLIER, HELD, MEMORY, OUTCOME, PROGRESS, PROTOCOL, REMARKS, RESULTS
from snerydder.registers.faults import BadInput

STARTING = 120.0  # seconds: the longest an engine takes to wake


def of_study(study: Study) -> Path:
    return Path(settings.RESEARCH_STORE) / str(study.municipality_id) / str(study.pk)


def of_delivery(delivery: Delivery) -> Path:
    return of_study(delivery.study) / f"leverance-{delivery.number}"


def trial_of(delivery: Delivery) -> Path:
    return of_study(delivery.study) / f"leverance-{delivery.number}-proeve"


def watch_of(delivery: Delivery) -> Path:
    return of_study(delivery.study) / f"leverance-{delivery.number}-undervejs"


def of_part(part: Part) -> Path:
    return of_study(part.study) / f"pakke-{part.number}"


def of_run(run: Run) -> Path:
    return of_study(run.study) / f"koersel-{run.number}"


def keep(folder: Path, files: Iterable[UploadedFile]) -> None:
    """Write what came into a new folder. Names are the sender's, without any path."""
    folder.mkdir(parents=True, mode=0o700)
    for file in files:
        name = Path(str(file.name).replace("\\", "/")).name
        if (folder / name).exists():
            raise BadInput(name, "To filer hedder det samme.", mend="Giv dem hver sit navn, og lav en ny følgeseddel.")
        with (folder / name).open("wb") as kept:
            for part in file.chunks():
                kept.write(part)


def lay_out(folder: Path, protocol: str, wanted: Iterable[str], data: Path) -> None:
    """A folder the engine can work in: the protocol, and the delivered files where the protocol says they are."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    (folder / PROTOCOL).write_text(protocol, encoding="utf-8")
    for path in wanted:
        delivered = data / Path(path).name
        if not delivered.is_file():
            raise BadInput(Path(path).name, "Filen står i protokollen, men er ikke i leverancen.", mend="Send den med, eller ret protokollen.")
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(delivered)


def _released(municipality: object) -> Path:
    return Path(settings.RESEARCH_STORE) / str(municipality) / "frigivet"


def earlier(municipality: object, besides: Run | None = None) -> list[dict[str, Any]]:
    """What was let out before, by name. A report does not stand in its own way."""
    found = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(_released(municipality).glob("*.json"))]
    return [one for one in found if besides is None or one["run"] != str(besides.pk)]


def know_earlier(run: Run) -> None:
    """The engine holds its counts against what was let out before: it has no other way to it."""
    (of_run(run) / EARLIER).write_text(json.dumps(earlier(run.municipality_id)), encoding="utf-8")


def knew(run: Run) -> set[str]:
    """The reports the run was held against."""
    file = of_run(run) / EARLIER
    return {one["run"] for one in json.loads(file.read_text(encoding="utf-8"))} if file.is_file() else set()


def remember(run: Run, name: str) -> None:
    """From now on the report counts as seen, also when its data are withdrawn: what has been read is not forgotten."""
    folder = _released(run.municipality_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    memory = json.loads((of_run(run) / MEMORY).read_text(encoding="utf-8"))
    draft = folder / f"{run.pk}.part"
    draft.write_text(json.dumps({**memory, "name": name, "run": str(run.pk)}), encoding="utf-8")
    draft.replace(folder / f"{run.pk}.json")


def seen(study: Study) -> dict[str, list[list[int]]]:
    """The counts behind the weeks shown on the way of this study, from every delivery so far and what those were held against."""
    found: dict[str, list[list[int]]] = {}
    for file in sorted(of_study(study).glob("leverance-*-undervejs/*.json")):
        if file.name in (MEMORY, EARLIER):
            for name, rows in json.loads(file.read_text(encoding="utf-8")).items():
                found[name] = found.get(name, []) + [row for row in rows if row not in found.get(name, [])]
    return found


def bear_in_mind(folder: Path, found: dict[str, list[list[int]]]) -> None:
    (folder / EARLIER).write_text(json.dumps(found), encoding="utf-8")


def remark(folder: Path, lines: dict[str, list[str]]) -> None:
    """What the engine writes on every page of the report, by language."""
    (folder / REMARKS).write_text(json.dumps(lines, ensure_ascii=False), encoding="utf-8")


def forget(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def outcome(folder: Path) -> dict[str, Any] | None:
    """What the engine left, or None while it works or when it was cut off."""
    try:
        return dict(json.loads((folder / OUTCOME).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def progress(folder: Path) -> dict[str, Any]:
    """{running, done, total, stage}. Running is: no outcome yet, and an engine that holds its lock or has just been started."""
    told = {"done": 0, "total": 1, "stage": ""}
    with suppress(FileNotFoundError):
        told = json.loads((folder / PROGRESS).read_text(encoding="utf-8"))
    return {**told, "running": not (folder / OUTCOME).is_file() and _works(folder)}


def _works(folder: Path) -> bool:
    """The lock goes with the process, so one that was killed is known at once, and one that is long silent is not taken for dead."""
    try:
        with (folder / HELD).open() as held:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        with suppress(FileNotFoundError):
            return time.time() - (folder / PROTOCOL).stat().st_mtime < STARTING
        return False
    return False


def results(run: Run, language: str) -> Path:
    return of_run(run) / RESULTS / ("en" if language == "en" else "da")
