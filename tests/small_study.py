"""A study small enough to be counted in a second: eighty invented persons in two strata, sixty weeks."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from snerydder.evaluation import worker
from snerydder.study import manifest

PROTOCOL = """title = "En lille undersøgelse"
invented = true
status = "draft"
seed = "lille"
redraws = 199

[register]
file = "data/dream.csv"
key = "pnr"
scheme = "dream"

[lottery]
file = "data/lodtraekning.csv"
key = "pnr"
arm = "gruppe"
treated = "deltager"
control = "kontrol"
date = "dato"
strata = ["kommune"]

[contacts]
file = "data/kontakter.csv"
key = "pnr"
week = "uge"
minutes = "minutter"

[window]
last = 20

[[outcome]]
name = "su_education"
week = 20
"""
PERSONS, WEEKS = 80, [f"y_12{week:02d}" for week in range(1, 53)] + [f"y_13{week:02d}" for week in range(1, 9)]


def files(folder: Path, persons: int = PERSONS) -> list[Path]:
    """The data and the note that follows them, as a sender would send them."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, drawn, contacts = [], [], []
    for place in range(persons):
        name, treated = f"P{place:03d}", place % 2 == 0
        begins = 30 + place % 17 if treated or place % 4 == 1 else 99
        rows.append(",".join([name, *("651" if week >= begins else "731" for week in range(len(WEEKS)))]))
        drawn.append(f"{name},{'deltager' if treated else 'kontrol'},2012-06-04,{'Fjordby' if place % 4 < 2 else 'Bakkeby'}")
        contacts += [f"{name},{week},45" for week in range(2, 18, 2)] if treated and place % 5 else []
    written = {
        "dream.csv": [",".join(["pnr", *WEEKS]), *rows], "lodtraekning.csv": ["pnr,gruppe,dato,kommune", *drawn], "kontakter.csv": ["pnr,uge,minutter", *contacts],
    }  # fmt: skip
    for name, lines in written.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    data = [folder / name for name in written]
    return [*data, manifest.write(data, folder / manifest.NAME)]


def uploads(folder: Path, persons: int = PERSONS) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(file.name, file.read_bytes()) for file in files(folder, persons)]


@cache
def _counted() -> Path:
    """The results, counted once for all tests that only look at them."""
    folder = Path(tempfile.mkdtemp(prefix="snerydder-small-study-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    files(folder / "data")
    (folder / worker.PROTOCOL).write_text(PROTOCOL, encoding="utf-8")
    assert worker.main(["run", str(folder)]) == 0, (folder / worker.OUTCOME).read_text(encoding="utf-8")
    return folder


def work(folder: Path) -> None:
    """What the engine would leave in the folder of a run of just these files."""
    shutil.copytree(_counted() / worker.RESULTS, folder / worker.RESULTS)
    for name in (worker.OUTCOME, worker.MEMORY):
        shutil.copy(_counted() / name, folder / name)


def work_again(folder: Path) -> None:
    """The engine at work on the run itself: its own protocol, and what must be said with it."""
    assert worker.main(["run", str(folder)]) == 0, (folder / worker.OUTCOME).read_text(encoding="utf-8")
