"""A protocol to begin from: a commented template and a code list, with what a register file can tell filled in. Asks nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from snerydder.registers import codes, table, weeks
from snerydder.registers.faults import BadInput, some

TEMPLATE = Path(__file__).with_name("template.toml")
UNFILLED = "UDFYLD"
KEY_NAMES = ("pnr", "cpr", "cprnr", "personnr", "person", "person_id", "personid", "id", "loebenr", "løbenr", "noegle", "nøgle", "key")
JOB = """
[[outcome]]
name = "job_week"
week = 75
also = ["job_grad", "job_self_support"]   # andre måder at måle det samme på
"""
NO_JOB = """
# Job kan måles, når udtrækket har månedlige kolonner grad_åååå_mm:
# [[outcome]]
# name = "job_week"
# week = 75
"""


def write(folder: Path, register: Path | None = None) -> Path:
    """The protocol's path. Nothing that is already there is written over."""
    protocol, code_file = folder / "study.toml", folder / "koder.csv"
    for file in (protocol, code_file):
        if file.exists():
            raise BadInput(file, "Filen findes allerede, og den bliver ikke overskrevet.", mend="Vælg en anden mappe med --out, eller flyt filen.")
    text = TEMPLATE.read_text(encoding="utf-8")
    monthly = True
    if register is not None:
        columns = _columns(register)
        key, monthly = _key(register, columns), any(_month(name) for name in columns)
        place = Path(os.path.relpath(register.resolve(), folder.resolve())).as_posix()
        text = text.replace('file = "UDFYLD.csv"', f'file = "{place}"', 1).replace('key = "UDFYLD" ', f'key = "{key}" ', 1)
    folder.mkdir(parents=True, exist_ok=True)
    protocol.write_text(text.replace("{job}", JOB if monthly else NO_JOB), encoding="utf-8")
    shutil.copyfile(codes.SHIPPED["dream"], code_file)
    return protocol


def unfilled(protocol: Path) -> list[tuple[int, str]]:
    """The lines that still wait for an answer."""
    lines = protocol.read_text(encoding="utf-8").splitlines()
    return [(number, line) for number, line in enumerate(lines, 1) if f'"{UNFILLED}' in line.partition("#")[0]]


def _columns(file: Path) -> list[str]:
    return table.read(file, "registret").columns


def _month(name: str) -> bool:
    try:
        return weeks.month_of_column(name) is not None
    except ValueError:
        return False


def _week(name: str) -> bool:
    try:
        return weeks.week_of_column(name) is not None
    except ValueError:
        return True


def _key(file: Path, columns: list[str]) -> str:
    """The one column that can be the person's key; a guess between two is not made."""
    if not any(_week(name) for name in columns):
        raise BadInput(file, "Der er ingen ugekolonner.", expected="kolonner som y_1234 (år 2012, uge 34)", mend="Er det registerfilen?")
    others = [name for name in columns if not _week(name) and not _month(name)]
    likely = [name for name in others if name.strip().lower() in KEY_NAMES] or others
    if len(likely) != 1:
        said = f"Flere kolonner kan være personens nøgle: {some(likely)}." if likely else "Ingen kolonne kan være personens nøgle."
        raise BadInput(file, said, mend="Lav forlægget uden --from, og skriv nøglen selv.")
    return likely[0]
