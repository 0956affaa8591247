"""What happens in other municipalities while the journeys watch two of them: by the verbs, behind each one's own walls.

`run("enrol+let_out", folder, codes)` in a process of its own, as the web's role beside the served town. Only the files in the folder pass
between municipalities.
"""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from snerydder.access.models import Staff
from snerydder.access.tenancy import within
from snerydder.casework.people.models import Citizen, Mentor
from snerydder.casework.trials import delivery, drawing, intake, joint, opening, published
from snerydder.casework.trials.models import Enrolment, Trial
from snerydder.casework.trials.states import TrialState
from snerydder.exchange.research import actions as research
from snerydder.project.demo.cast import Cast, fjordby
from tests import build
from tests.casework.trials.together import meets

LYNGBY, NAMES = 921, ("Lyngby", "Skovby", "Havneby", "Mosby", "Engby", "Dalby", "Sandby", "Holmby", "Lundby", "Kærby", "Strandby", "Bjergby")
CODES = tuple(range(LYNGBY, LYNGBY + len(NAMES)))
PERSONS, WEEKS_AGO, NUMBER = 8, 12, "2 5 11 19 23 28 36"


def found(folder: Path, codes: Sequence[int]) -> None:
    for code in codes:
        with within(code):
            fjordby(code, NAMES[code - LYNGBY], f"-{code}")


def alone(folder: Path, codes: Sequence[int]) -> None:
    """A town that goes with nobody."""
    for code in codes:
        with within(code):
            fjordby(code, "Enkeby", f"-{code}")


def follow(folder: Path, codes: Sequence[int]) -> None:
    """Each takes the lead's file in."""
    for code in codes:
        with within(code):
            name = NAMES[code - LYNGBY]
            own = {"legal_basis": f"LAB § 167, stk. 1. Besluttet i {name}.", "contact": f"Bo Bak, {name}, 00 00 00 41"}
            joint.join(joint.read((folder / "faelles.json").read_bytes()), by=cast(code).henrik, on=began(), **own)


def draw(folder: Path, codes: Sequence[int]) -> None:
    """Each promises its own two secrets, two persons type the number, and the list is sealed."""
    for code in codes:
        here, known = cast_within(code), began() + timedelta(days=4)
        with within(code):
            trial = drawing.promise(newest(), by=here.henrik, secret=f"{code}: kommunens egen hemmelighed", number_source="Lotto", number_day=known, on=began())
            drawing.promise(trial, by=here.freja, secret=f"{code}: evaluators egen hemmelighed", on=began())
            for person in (here.henrik, here.freja):
                drawing.type_number(newest(), by=person, number=NUMBER, on=known)
        with within(code):
            drawing.seal_list(newest(), by=here.freja, on=known)


def enrol(folder: Path, codes: Sequence[int], persons: int = PERSONS) -> None:
    """So many citizens in each, from the day the list was sealed; those offered say yes, and in each town one of them meets a mentor."""
    for code in codes:
        here = cast_within(code)
        with within(code):
            day = newest().opened_on
            for number in range(800, 800 + persons):
                case = build.assessed(here, build.citizen(here, number), on=day)[0]
                intake.enrol(intake.screen(newest(), case, by=here.bente, right="none", informed_on=day, on=day), by=here.bente, on=day)
        with within(code):
            rows = [row for row in Enrolment.objects.filter(trial=newest()).select_related("trial", "case") if opening.arm_of(row) == "offered"]
            for row in rows:
                delivery.answer(delivery.offer(row, by=here.bente, on=day), by=here.bente, answer="accepted", on=day)
            if day < timezone.localdate() - timedelta(weeks=9):
                meets(here, rows[0].case, day)


def crowd(folder: Path, codes: Sequence[int]) -> None:
    """Enough of them that somebody begins an education."""
    enrol(folder, codes, 40)


def let_out(folder: Path, codes: Sequence[int]) -> None:
    """The package, by two persons."""
    for code in codes:
        here = cast_within(code)
        with within(code):
            row = research.let_out(research.ask(newest(), by=here.freja, receiver="Evaluator i Fjordby", purpose="Virker det?"), by=here.henrik)
            (folder / f"pakke-{code}.zip").write_bytes(research.zipped(row))


def publish(folder: Path, codes: Sequence[int]) -> None:
    """The intake is over, and the file shows everything."""
    for code in codes:
        here = cast_within(code)
        with within(code):
            if newest().state == TrialState.OPEN:
                drawing.close(newest(), by=here.henrik, reason="Pladserne er brugt.")
        with within(code):
            (folder / f"offentlig-{code}.json").write_text(json.dumps(published.told(newest()), ensure_ascii=False), encoding="utf-8")


def began() -> date:
    return timezone.localdate() - timedelta(weeks=WEEKS_AGO)


def newest() -> Trial:

    return Trial.objects.select_related("municipality").order_by("number").last()


def cast_within(code: int) -> Cast:
    with within(code):
        return cast(code)


def cast(code: int) -> Cast:

    people = {name.split()[0].lower(): Staff.objects.select_related("unit", "municipality", "account").get(name=name, municipality=code) for name in NAMED}
    mentor = Mentor.objects.select_related("staff").get(staff=people["carl"])
    return Cast(**people, unit=people["bente"].unit, mentor=mentor, amina=Citizen.objects.filter(municipality=code).first())


NAMED = ("Henrik Holm", "Bente Bak", "Carl Clausen", "Dorthe Dam", "Erik Eng", "Freja Friis", "Gitte Gram")
STEPS = {each.__name__: each for each in (found, alone, follow, draw, enrol, crowd, let_out, publish)}


def run(steps: str, folder: str, *codes: str) -> None:
    for name in steps.split("+"):
        STEPS[name](Path(folder), [int(code) for code in codes])
