"""The engine at work in a process of its own, which has the files and no address of the database: nothing can flow back.

    python -m snerydder.evaluation.worker check|run|watch FOLDER

FOLDER holds study.toml and data/. How far it is stands in progress.json; what came of it in outcome.json, written last and at once.
No Django here: it would be the web's settings, and with them the way to the case files.
"""

from __future__ import annotations

import fcntl
import json
import math
import os
import sys
import time
from pathlib import Path
from typing import Any

HELD = "alive"  # locked while the engine works: the system lets go of it when the process ends, however it ends
PROTOCOL, PROGRESS, OUTCOME, RESULTS, REMARKS = "study.toml", "progress.json", "outcome.json", "results", "remarks.json"
EARLIER, MEMORY = "earlier.json", "memory.json"  # what was let out before, and what this report would add to it
BEAT = 0.5  # seconds between two signs of life


def main(arguments: list[str]) -> int:
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):  # as `snerydder study` does: the last digit must not depend on cores
        os.environ.setdefault(name, "1")
    from snerydder.registers.faults import BadInput

    what, folder = arguments[0], Path(arguments[1])
    held = (folder / HELD).open("w")
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        outcome = WORK[what](folder)
    except BadInput as fault:
        file = Path(fault.file).name
        outcome = {"done": False, "file": file, "what": fault.what, "where": fault.where, "expected": fault.expected, "mend": fault.mend}
    except Exception as fault:  # noqa: BLE001  whatever it was, somebody waits for an answer
        outcome = {"done": False, "file": "", "what": "", "where": "", "expected": "", "mend": "", "trouble": f"{type(fault).__name__}: {fault}"[:400]}
    _keep(folder / OUTCOME, outcome)
    return 0 if outcome["done"] else 2


def _keep(file: Path, told: dict[str, Any]) -> None:
    """Whole or not at all: somebody reads it meanwhile."""
    draft = file.with_suffix(".part")
    draft.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    draft.replace(file)


def _progress(folder: Path) -> Any:
    from snerydder.study.progress import Progress

    class Told(Progress):
        """Kept in a file, where a page can read it."""

        def __init__(self) -> None:
            super().__init__(1, to=sys.stderr)
            self.moving, self.kept = True, 0.0

        def _show(self) -> None:
            if time.monotonic() - self.kept >= BEAT:
                _keep(folder / PROGRESS, {"done": self.done, "total": self.total, "stage": self.said})
                self.kept = time.monotonic()

        def close(self) -> None:
            pass

    return Told()


def check(folder: Path) -> dict[str, Any]:
    """Read everything, count nothing: what a run would stand on."""
    from snerydder.study import data, gate, protocol, withheld

    progress = _progress(folder)
    progress.stage("læser registret")
    read = protocol.read(folder / PROTOCOL)
    loaded = data.load(read)
    reading, (control, treated) = loaded.reading, gate.arms(loaded)
    return {
        "done": True, "persons": len(loaded.persons), "treated": treated, "control": control,
        "strata": len(loaded.stratum_names), "first_week": str(reading.first_week), "last_week": str(reading.last_week),
        "notes": [[int(note.count) if math.isfinite(note.count) else None, note.text, note.text_en] for note in (withheld.row(row, len(loaded.persons)) for row in loaded.quality.found)],
        "unfirm": [f"{one.code} {one.label}".strip() for one in reading.unfirm],
    }  # fmt: skip


def run(folder: Path) -> dict[str, Any]:
    """The study, with the report in Danish and in English."""
    from snerydder.study import analysis, compared, data, gate, protocol, provenance, writing
    from snerydder.study.command import said
    from snerydder.study.words import Words

    progress = _progress(folder)
    read = protocol.read(folder / PROTOCOL)
    counting = analysis if read.design == "lottery" else compared
    progress.total = 5 + counting.steps(read) + 2 * writing.steps(read)
    progress.stage("læser registret")
    loaded = data.load(read)
    progress.step(5)
    found = counting.run(loaded, progress)
    published = gate.apply(found, loaded, _earlier(folder))
    _keep(folder / MEMORY, published.memory)
    trace = provenance.trace(read, loaded.reading)
    if (folder / REMARKS).is_file():  # what must be read with every page, as a protocol changed after data
        trace["remarks"] = json.loads((folder / REMARKS).read_text(encoding="utf-8"))
    for language in ("da", "en"):
        into = folder / RESULTS / language
        into.mkdir(parents=True, exist_ok=True)
        writing.write(into, read, published, trace, language == "en", progress)
    return {
        "done": True, "lottery": read.design == "lottery", "final": read.status == "final", "invented": read.invented,
        "said": {language: said(read, published, Words(language == "en")) for language in ("da", "en")},
    }  # fmt: skip


def watch(folder: Path) -> dict[str, Any]:
    """What is known so far of a trial that runs, with the interval that holds however often one looks."""
    from snerydder.registers.faults import BadInput
    from snerydder.study import data, gate, looks, protocol
    from snerydder.study.report import watched
    from snerydder.study.words import Words

    progress = _progress(folder)
    progress.stage("læser registret")
    read = protocol.read(folder / PROTOCOL)
    if read.design != "lottery":
        raise BadInput(PROTOCOL, "Der er ikke trukket lod.", mend="Uden lodtrækning er der intet interval, der holder undervejs. Vent på rapporten.")
    earlier = folder / EARLIER
    shown = gate.watched(looks.watch(data.load(read)), json.loads(earlier.read_text(encoding="utf-8")) if earlier.is_file() else {})
    _keep(folder / MEMORY, shown.memory)
    return {"done": True, "html": {language: watched.markup(read, shown, Words(language == "en")) for language in ("da", "en")}}


def _earlier(folder: Path) -> list[dict[str, Any]]:
    """What was let out before of studies in the same store."""
    file = folder / EARLIER
    return list(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else []


WORK = {"check": check, "run": run, "watch": watch}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
