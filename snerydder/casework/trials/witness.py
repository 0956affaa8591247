"""A line outside the database for each lot that was opened, written before it is shown.

When the database is set back to an older copy, the enrolments of the days between are gone but their arms have been seen. The file still
knows the places; `intake.enrol` passes over them. It holds marks and place numbers alone.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


def _file(list_hash: str) -> Path | None:
    folder = settings.TRIAL_WITNESS
    return Path(folder) / f"{list_hash}.log" if folder else None


def seen(list_hash: str) -> dict[tuple[str, int], str]:
    """{(stratum, place): mark of the enrolment it was opened for}"""
    file = _file(list_hash)
    if file is None or not file.exists():
        return {}
    rows = (line.split("\t") for line in file.read_text("utf-8").splitlines())
    return {(row[0], int(row[1])): row[2] for row in rows if len(row) == 3}


def write(list_hash: str, opened: Iterable[tuple[str, int, str]]) -> None:
    """On disk before this returns. What is there already is not written again."""
    file, known = _file(list_hash), seen(list_hash)
    new = [f"{stratum}\t{place}\t{mark}\n" for stratum, place, mark in opened if known.get((stratum, place)) != mark]
    if file is None or not new:
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with file.open("a", encoding="utf-8") as written:
        written.writelines(new)
        written.flush()
        os.fsync(written.fileno())
