"""The demo's running trial: locked, promised, drawn by two, and taking citizens in one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from snerydder.access.models import Staff
from snerydder.casework.trials import actions, delivery, drawing, intake, opening
from snerydder.casework.trials.models import Enrolment, Trial
from snerydder.casework.trials.plan import Plan
from snerydder.lottery.seal import mark
from snerydder.project.demo.course import Course
from snerydder.project.demo.place import Place, read

BEGAN = 150  # days ago the protocol was locked
MANY = {"tiny": 3, "town": 18}


@dataclass
class UnderWay:
    trial: Trial
    evaluator: Staff
    inside: list[tuple[Course, Enrolment, int]] = field(default_factory=list)  # with how many days ago each was drawn


def begin(place: Place, size: str, today: date, rng: Random) -> UnderWay | None:
    """Everything up to the draw. The lots are opened in a transaction of their own (`serve`), for only what is done for good opens them."""
    evaluator = place.cast.freja if place.cast else None
    if evaluator is None:
        return None
    trial = _drawn(place, evaluator, today, rng)
    found = UnderWay(trial, evaluator)
    situations = [row for row in read("situations.toml")["situation"] if row["bases"] == ["lab-167-1"] and row["ages"][1] <= 30] or read("situations.toml")["situation"]
    days = sorted((rng.randint(8, BEGAN - 30) for _n in range(MANY[size])), reverse=True)
    for number, ago in enumerate(days):
        course = Course(place, rng.choice(situations), today, Random(f"{place.number}-lod-{number}"))  # noqa: S311
        course.refer(ago + 12).assess(ago + 5)
        cleared = intake.screen(trial, course.case, by=course.caseworker, right="none", informed_on=course.day(ago + 3), on=course.day(ago + 3))
        found.inside.append((course, intake.enrol(cleared, by=course.caseworker, on=course.day(ago)), ago))
    _not_drawn(place, trial, situations, today)
    return found


def _drawn(place: Place, evaluator: Staff, today: date, rng: Random) -> Trial:
    told = read("phrases.toml")["trial"]
    words = {name: told[name] for name in ("title", "question", "population", "eligibility", "exclusions", "usual_effort", "information", "legal_basis", "stopping")}
    locked = today - timedelta(days=BEGAN)
    saturday = locked + timedelta(days=(5 - locked.weekday()) % 7 or 7)
    secrets = (mark(f"{place.number} kommunen")[:32], mark(f"{place.number} evaluator")[:32])
    number = " ".join(str(each) for each in sorted(rng.sample(range(1, 37), 7)))
    trial = actions.write(by=evaluator, plan=Plan(municipalities=13, places=200), **words)
    trial = actions.lock(trial, by=evaluator, on=locked)
    trial = drawing.promise(trial, by=place.leader, secret=secrets[0], number_source=told["number_source"], number_day=saturday, on=locked)
    trial = drawing.promise(trial, by=evaluator, secret=secrets[1], on=locked)
    for person in (place.leader, evaluator):
        trial = drawing.type_number(trial, by=person, number=number, on=saturday)
    return drawing.seal_list(trial, by=evaluator, secrets=secrets, on=saturday)


def _not_drawn(place: Place, trial: Trial, situations: list[dict[str, Any]], today: date) -> None:
    """One with a right, one excluded, and one who waits for the lot."""
    told = read("phrases.toml")["trial"]
    for number, answers in enumerate(({"right": "lab-167-3"}, {"right": "none", "excluded": told["excluded"]}, {"right": "none", "informed_on": today - timedelta(days=2)})):
        course = Course(place, situations[number], today, Random(f"{place.number}-uden-lod-{number}"))  # noqa: S311
        course.refer(15).assess(6)
        intake.screen(trial, course.case, by=course.caseworker, on=today - timedelta(days=2), **answers)


def serve(found: UnderWay | None, today: date) -> None:
    """What the lots said, and what came of it: most are offered and say yes, and the support begins as it does elsewhere."""
    if found is None:
        return
    lots = opening.opened(found.trial, [row for _course, row, _ago in found.inside])
    for number, (course, row, ago) in enumerate(found.inside):
        if row.pk in lots and lots[row.pk].arm == "offered":
            said = "declined" if number % 4 == 3 else "accepted"
            delivery.answer(delivery.offer(row, by=course.caseworker, on=course.day(ago - 1)), by=course.caseworker, answer=said, on=course.day(ago - 4))
            if said == "accepted" and ago > 40:
                _support(course, ago)
    told = read("phrases.toml")["trial"]
    actions.amend(found.trial, by=found.evaluator, field="week", after="56", reason=told["amended"], on=today - timedelta(days=20))


def _support(course: Course, ago: int) -> None:
    start = course.day(ago - 21)
    course.draft(ago - 5, start).decide(ago - 6).match(ago - 10).write(ago - 14, start).accept(ago - 18).start(start)
    course.contacts(start, course.today)
