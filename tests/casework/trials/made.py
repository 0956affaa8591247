"""Trials made by the verbs, step by step. What must really be committed is so only in a database of its own."""

import json
from datetime import date, timedelta
from typing import Any

from snerydder.access.signing import signed
from snerydder.casework.cases.models import Case
from snerydder.casework.trials import actions, drawing, intake, joint
from snerydder.casework.trials.models import Enrolment, Screening, Trial
from snerydder.casework.trials.plan import Plan
from tests import build
from tests.build import DAY
from tests.cast import Cast

NUMBER = "2 5 11 19 23 28 36"
A, B = "kommunens egen hemmelighed", "evaluators egen hemmelighed"
TEXTS = {
    "title": "Mentor til unge uden uddannelse", "question": "Kommer flere i uddannelse, når de bliver tilbudt en mentor?",
    "population": "18-29-årige på kontanthjælp uden uddannelse.", "exclusions": "Borgere, der venter på førtidspension.",
    "eligibility": "Borgere, hvis vurdering siger, at de har behov for en mentor efter § 167, stk. 1, og som ikke har ret til en.",
    "usual_effort": "Samtaler og tilbud som ellers.", "information": "Du kan blive trukket ud til at få en mentor. Din ydelse ændres ikke.",
    "legal_basis": "LAB § 167, stk. 1: kommunen kan tilbyde en mentor.", "stopping": "Når pladserne er brugt, dog senest efter to år.",
}  # fmt: skip


def draft(cast: Cast, **plan: Any) -> Trial:
    return actions.write(by=cast.henrik, plan=Plan(**({"places": 20} | plan)), **TEXTS)


def locked(cast: Cast, **plan: Any) -> Trial:
    return actions.lock(draft(cast, **plan), by=cast.henrik, on=DAY)


def invitation(cast: Cast, lead: int = 999, **plan: Any) -> joint.Invitation:
    """As another municipality would send it."""
    mine = locked(cast, **{"municipalities": 13} | plan)
    told = joint.told(mine) | {"municipality": {"number": lead, "name": "Lyngø Kommune"}}
    actions.give_up(mine, by=cast.henrik, reason="Kun til filen.", on=DAY)
    whole = signed({name: value for name, value in told.items() if name != "signature"}, lead)
    return joint.read(json.dumps(whole, ensure_ascii=False).encode())


def joined(cast: Cast, **plan: Any) -> Trial:
    own = {"legal_basis": "LAB § 167, stk. 1. Besluttet den 2. november 2026.", "contact": "Bo Bak, 00 00 00 41"}
    return joint.join(invitation(cast, **plan), by=cast.henrik, on=DAY, **own)


def promised(cast: Cast, **plan: Any) -> Trial:
    trial = drawing.promise(locked(cast, **plan), by=cast.henrik, secret=A, number_source="Lotto", number_day=DAY + timedelta(days=5), on=DAY)
    return drawing.promise(trial, by=cast.freja, secret=B, on=DAY + timedelta(days=1))


def drawn(cast: Cast, number: str = NUMBER, **plan: Any) -> Trial:
    trial, day = promised(cast, **plan), DAY + timedelta(days=5)
    for person in (cast.henrik, cast.freja):
        trial = drawing.type_number(trial, by=person, number=number, on=day)
    return trial


def running(cast: Cast, number: str = NUMBER, **plan: Any) -> Trial:
    return drawing.seal_list(drawn(cast, number, **plan), by=cast.freja, secrets=(A, B), on=DAY + timedelta(days=5))


def case(cast: Cast, number: int, **details: Any) -> Case:
    """Assessed as needing a mentor, and nothing granted."""
    return build.assessed(cast, build.citizen(cast, number, **details))[0]


def screened(cast: Cast, trial: Trial, number: int, **details: Any) -> Screening:
    return screen(cast, trial, case(cast, number), **details)


def screen(cast: Cast, trial: Trial, of: Case, **details: Any) -> Screening:
    return intake.screen(trial, of, by=cast.bente, **({"right": "none", "informed_on": DAY + timedelta(days=6), "on": DAY + timedelta(days=6)} | details))


def enrolled(cast: Cast, trial: Trial, number: int, on: date | None = None) -> Enrolment:
    return intake.enrol(screened(cast, trial, number), by=cast.bente, on=on or DAY + timedelta(days=6))


def amend(cast: Cast, trial: Trial) -> Any:
    return actions.amend(trial, by=cast.freja, field="week", after="60", reason="Uddannelserne begynder senere.", on=DAY + timedelta(days=8))
