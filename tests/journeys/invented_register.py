"""A register of people who do not exist, for the pseudonyms of a trial: each gets a life of the invented trial's, from the same arm."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from snerydder.registers import weeks
from snerydder.registers.invented import trial
from snerydder.study import manifest


def write(folder: Path, drawn: Sequence[dict[str, str]]) -> list[Path]:
    """`drawn` are the lines of lodtraekning.csv. The register's file, its code list and the note that follows them."""
    lives = trial.invent("faelles")
    arms = {arm: iter(np.flatnonzero(lives.people.treated == (arm == "offered"))) for arm in ("offered", "control")}
    rows = np.array([next(arms[line["gruppe"]]) for line in drawn])
    starts = np.array([weeks.week_of(date.fromisoformat(line["uge"])) for line in drawn])
    first_month, degree = _degree(lives, rows, starts)
    keys = tuple(line["noegle"] for line in drawn)
    here = replace(lives, keys=keys, starts=starts, codes=lives.codes[rows], first_month=first_month, degree=degree)
    folder.mkdir(parents=True, exist_ok=True)
    register, codes = folder / "register.csv", folder / "koder.csv"
    trial.register(here).rename({"pnr": "noegle"}).write_csv(register)
    trial._code_list(codes, {int(code) for code in np.unique(here.codes)})
    return [register, codes, manifest.write([register, codes], folder / manifest.NAME)]


def _degree(lives: trial.Trial, rows: NDArray[np.int64], starts: NDArray[np.int64]) -> tuple[int, NDArray[np.float64]]:
    """The months of employment, moved as far as the person's draw is."""
    was = np.array([weeks.month_of(week) for week in lives.starts[rows].tolist()]) - lives.first_month
    now = np.array([weeks.month_of(week) for week in starts.tolist()])
    before, after = int(was.min()), int(lives.degree.shape[1] - was.max())
    first = int(now.min()) - before
    degree = np.zeros((len(rows), int(now.max()) - first + after))
    for person, row in enumerate(rows):
        place = int(now[person]) - first - before
        degree[person, place : place + before + after] = lives.degree[row, was[person] - before : was[person] + after]
    return first, degree
