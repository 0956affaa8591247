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

OWN_REGISTER = """[register]           # kommunens egen udfaldsfil: én række pr. person og uge, kun de uger, hvor der er noget at skrive
file = "UDFYLD.csv"
key = "UDFYLD"       # kolonnen med personens nøgle (pseudonym)
scheme = "egen"      # koderne: 101 i ordinær uddannelse, 102 i ordinært job, 103 på ydelse, 104 flyttet fra kommunen, 105 død
form = "long"
week = "uge"         # kolonnen med ugen: 2012-W34 eller en dato
code = "kode"        # kolonnen med koden
first_week = "UDFYLD: 2025-W01"   # den første og den sidste uge, filen dækker; en uge uden række er en uge, hvor intet af det gælder
last_week = "UDFYLD: 2026-W52"
# priority = ["102", "101", "103"]   # hvilken kode der går forud, når to står i samme uge; uden den stopper kørslen

"""
OWN_OUTCOMES = """[[outcome]]          # kun det, kommunen selv har skrevet op. Kender den mere til dem, der har en mentor, ser de bedre ud, end de er
name = "education_own"
week = 52            # ugen i overskriften

[[outcome]]
name = "job_own"
week = 75

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


def template(own: bool = False) -> str:
    """To begin from on a page: with a register, or with the municipality's own outcome file."""
    text = TEMPLATE.read_text(encoding="utf-8").replace("{job}", NO_JOB)
    text = text.replace('codes = "koder.csv"  # hvad koderne betyder; ret confidence til confirmed, når en kode er slået efter', '# codes = "koder.csv"   # egen kodeliste; uden den bruges den medfølgende')
    if not own:
        return text
    before, _register, rest = text.partition("[register]")
    after = rest[rest.index("[lottery]") :]
    head, _outcome, rest = after.partition("[[outcome]]")
    rest = rest[rest.index("[estimators]") :].replace('not_in_register = "stop" ', 'not_in_register = "zero" ')  # who has no row was never seen in any of it
    return before + OWN_REGISTER + head + OWN_OUTCOMES + rest


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
