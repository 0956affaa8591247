"""What mentors, caseworkers and citizens have answered at the fixed times: most of those who work here, and over half of the citizens."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from snerydder.casework.cases.models import OPEN, Case
from snerydder.casework.surveys import actions
from snerydder.casework.surveys.instrument import newest
from snerydder.casework.surveys.rhythm import wave_on
from snerydder.project.demo.place import Place

HOW_MANY = {"citizen": 0.6, "mentor": 0.9, "caseworker": 0.8}
LEANS = {"citizen": (3, 3, 4, 4), "mentor": (4, 4, 4, 5), "caseworker": (3, 3, 4, 4)}  # a mentor sees it brighter than a citizen (facts P9)


def play(place: Place, today: date, rng: Random) -> None:
    for case in Case.objects.filter(OPEN, municipality=place.number, stage="active").select_related("caseworker", "mentor__staff").order_by("number"):
        for voice, likely in HOW_MANY.items():
            every = timedelta(weeks=newest(voice).every_weeks)
            day = case.started_on + every if case.started_on else None
            while day is not None and day <= today:
                if rng.random() < likely:
                    _answer(case, voice, day, rng)
                day += every


def _answer(case: Case, voice: str, day: date, rng: Random) -> None:
    instrument = newest(voice)
    assert wave_on(instrument, case.started_on, day)
    given = {item.key: min(5, max(1, lean + rng.choice((-2, -1, 0, 0, 1, 1)))) for item, lean in zip(instrument.items, LEANS[voice], strict=True) if rng.random() < 0.95}
    if not given:
        return
    if voice == "citizen":
        actions.answer_by_code(actions.ask(case, by=case.caseworker or case.mentor.staff, on=day), given, on=day)  # type: ignore[union-attr]  # somebody has the case
        return
    person = case.mentor.staff if voice == "mentor" and case.mentor else case.caseworker
    if person is not None and actions.queries.voice_of(case, person) == voice:
        actions.answer(case, by=person, voice=voice, answers=given, on=day)
