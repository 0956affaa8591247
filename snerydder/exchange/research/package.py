"""The package: what the trial's protocol names, in weeks and pseudonyms, with a code book made from the model and a program to count it offline.

Everything but the arm is read as the door's role. The arms come from under their seals, as a caseworker sees them (casework.trials.opening).
"""
# da-file: the files are read by evaluators in Danish

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from snerydder.casework.trials import opening
from snerydder.casework.trials.joint import in_force
from snerydder.casework.trials.models import Enrolment, Trial
from snerydder.casework.trials.plan import Plan
from snerydder.casework.trials.protocol import of_offer
from snerydder.evaluation.parts import PROTOCOLS
from snerydder.exchange.research import numeric
from snerydder.exchange.research.codebook import rows as codebook
from snerydder.exchange.research.pseudonyms import pseudonym
from snerydder.exchange.research.whitelist import through_the_door

CONTACTS, OFFLINE = "kontakter.csv", Path(__file__).with_name("koer.py")
DRAWN = "SELECT id, case_id, citizen_id, stratum, enrolled_on FROM trials_enrolment WHERE trial_id = %s ORDER BY number"
BORN = "SELECT id, birth_year FROM people_citizen WHERE id = ANY(%s)"
MET = """SELECT case_id, week, sum(counted_minutes) FROM contacts_contact
WHERE case_id = ANY(%s) AND NOT withdrawn AND form <> 'tried' GROUP BY case_id, week ORDER BY case_id, week"""
WHO = "SELECT DISTINCT case_id, mentor_id FROM contacts_contact WHERE case_id = ANY(%s) AND NOT withdrawn"
MENTORS = "SELECT id, kind, hours_per_week FROM people_mentor WHERE id = ANY(%s)"
OFFERED = "SELECT enrolment_id, offered_on, answer FROM trials_offer WHERE enrolment_id = ANY(%s)"
WENT = "SELECT enrolment_id, kind, noticed_on FROM trials_departure WHERE enrolment_id = ANY(%s)"


def write(trial: Trial, folder: Path) -> int:
    """Write the files into a new folder. How many persons there are whose lot is open."""
    enrolments = list(Enrolment.objects.filter(trial=trial).select_related("trial"))
    arms = {row: lot.arm for row, lot in opening.opened(trial, enrolments).items()}
    with through_the_door() as cursor:
        found = _read(cursor, trial)
    folder.mkdir(parents=True, mode=0o700)
    for name, (head, rows) in _tables(trial, found, arms).items():
        if rows or name == CONTACTS:  # a table with nothing in it looks like a file that was cut off; that nobody was met is a finding, and the protocol names the file
            _csv(folder / name, head, rows)
    _csv(folder / "kodebog.csv", ("fil", "kolonne", "betydning", "værdier"), codebook(trial))
    numeric.write(folder)
    for arm, name in zip(Plan.of(trial.plan).arms[:-1], PROTOCOLS.values(), strict=False):
        (folder / name).write_text(of_offer(in_force(trial), arm), encoding="utf-8")
    (folder / OFFLINE.name).write_bytes(OFFLINE.read_bytes())
    return sum(bool(arms.get(row[0])) for row in found["drawn"])


def _read(cursor: Any, trial: Trial) -> dict[str, list[tuple[Any, ...]]]:
    def ask(question: str, value: Any) -> list[tuple[Any, ...]]:
        cursor.execute(question, [value])
        return list(cursor.fetchall())

    drawn = ask(DRAWN, trial.pk)
    ids, cases, citizens = ([row[place] for row in drawn] for place in range(3))
    who = ask(WHO, cases)
    mentors = ask(MENTORS, sorted({mentor for _case, mentor in who}, key=str))
    return {
        "drawn": drawn, "born": ask(BORN, citizens), "met": ask(MET, cases), "who": who, "mentors": mentors, "offered": ask(OFFERED, ids), "went": ask(WENT, ids),
    }  # fmt: skip


Table = tuple[Sequence[str], Sequence[Sequence[Any]]]


def _tables(trial: Trial, found: dict[str, list[tuple[Any, ...]]], arms: dict[Any, str]) -> dict[str, Table]:
    """Sorted by pseudonym: the order in a file must not tell who came first."""
    born = dict(found["born"])
    person = {row[0]: pseudonym(trial, "P", row[2]) for row in found["drawn"]}
    case = {row[1]: (person[row[0]], row[4]) for row in found["drawn"]}
    where = trial.municipality.name
    lottery = [(person[row], where, stratum, f"{where}, {stratum}", arms[row], monday(day)) for row, _case, _citizen, stratum, day in found["drawn"] if arms.get(row)]
    persons = [(person[row], "" if born.get(citizen) is None else day.year - born[citizen]) for row, _case, citizen, _stratum, day in found["drawn"]]
    contacts = [(case[of][0], after(case[of][1], week), minutes) for of, week, minutes in found["met"]]
    mentors = [(pseudonym(trial, "M", row), trial.municipality.name, kind, f"{hours:f}") for row, kind, hours in found["mentors"]]
    pairs = [(case[of][0], pseudonym(trial, "M", mentor)) for of, mentor in found["who"]]
    offers = [(person[row], monday(day), answer) for row, day, answer in found["offered"]]
    went = [(person[row], kind, monday(day)) for row, kind, day in found["went"]]
    return {
        "lodtraekning.csv": (("noegle", "kommune", "gruppe_for_lod", "klynge", "gruppe", "uge"), sorted(lottery)),
        "personer.csv": (("noegle", "alder"), sorted(persons)),
        CONTACTS: (("noegle", "uge", "minutter"), sorted(each for each in contacts if each[1] >= 0)),
        "mentorer.csv": (("mentor", "kommune", "art", "timer"), sorted(mentors)),
        "mentor_for.csv": (("noegle", "mentor"), sorted(pairs)),
        "tilbud.csv": (("noegle", "uge", "svar"), sorted(offers)),
        "afvigelser.csv": (("noegle", "art", "uge"), sorted(went)),
    }


def monday(day: date) -> str:
    """The week, as the day it begins: the engine reads dates, and a week is all a date tells here."""
    return (day - timedelta(days=day.weekday())).isoformat()


def after(drawn: date, week: int) -> int:
    """Weeks from the week of the draw to an ISO week written yyyyww."""
    begins = date.fromisocalendar(week // 100, week % 100, 1)
    return (begins - (drawn - timedelta(days=drawn.weekday()))).days // 7


def _csv(file: Path, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
