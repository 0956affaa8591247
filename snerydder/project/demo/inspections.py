"""The auditor's year: a sample that is finished, with findings and what came of them, one on its way, and the procedures."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from snerydder.access.models import Staff
from snerydder.audit.action import Refusal
from snerydder.casework.inspections import actions, guide, mending, queries
from snerydder.casework.inspections.models import DrawnCase, Sample
from snerydder.casework.inspections.population import Wanted
from snerydder.project.demo.place import Place, read

FINISHED, UNDER_WAY = 70, 9  # days ago the list was frozen


def play(place: Place, today: date, rng: Random) -> None:
    auditor = Staff.objects.filter(municipality=place.number, roles__contains=["auditor"]).order_by("sort_key").first()
    if auditor is None:
        return
    told = read("phrases.toml")["inspection"]
    _procedures(place, today, rng)
    finished = _drawn(place, auditor, today - timedelta(days=FINISHED), told["first"], rng, size=8)
    if finished:
        _finish(place, auditor, finished, told, rng)
    under_way = _drawn(place, auditor, today - timedelta(days=UNDER_WAY), told["second"], rng, size=10, risk_size=4)
    if under_way:
        for row in queries.drawn_cases(under_way)[:3]:
            answer_as_the_checks(under_way, row, auditor, told, rng, today - timedelta(days=2))


def _drawn(place: Place, auditor: Staff, day: date, title: str, rng: Random, **sizes: Any) -> Sample | None:
    """Frozen that day, and drawn by the numbers of the Saturday after. None where nothing was granted before it."""
    saturday = day + timedelta(days=(5 - day.weekday()) % 7)
    number = " ".join(str(each) for each in sorted(rng.sample(range(1, 37), 7)))
    try:
        sample = actions.freeze(
            by=auditor, title=title, wanted=Wanted(first=day - timedelta(days=365), last=day, **sizes), seed_source="Opdigtede vindertal, lørdagens Lotto",
            seed_day=saturday, answer_by=saturday + timedelta(days=28), on=day,
        )  # fmt: skip
    except Refusal:
        return None
    for person in (auditor, place.leader):
        sample = actions.type_number(sample, by=person, number=number, on=saturday)
    return sample


def answer_as_the_checks(sample: Sample, row: DrawnCase, auditor: Staff, told: dict[str, Any], rng: Random, day: date) -> None:
    """As the checks say, and now and then what no check can see."""
    answers = {}
    for each in queries.asked(sample, row):
        remark = next((check.text for check in each.checks if check.level != "ok"), "")
        chance = rng.random()
        if remark and chance < 0.8:
            answers[each.line.key] = ("lacking", remark)
        elif chance < 0.03:
            answers[each.line.key] = ("unclear", rng.choice(told["unclear"]))
        else:
            answers[each.line.key] = ("ok", "")
    if rng.random() < 0.35:
        answers["purpose"] = ("lacking", rng.choice(told["purpose"]))
    actions.answer(sample, row, by=auditor, answers=answers, on=day)


def _finish(place: Place, auditor: Staff, sample: Sample, told: dict[str, Any], rng: Random) -> None:
    drawn_on = sample.drawn_on or sample.frozen_on
    for number, row in enumerate(queries.drawn_cases(sample)):
        answer_as_the_checks(sample, row, auditor, told, rng, drawn_on + timedelta(days=3 + number))
    lines = guide.lines_of(sample.guide, part=1)
    answers = {key: ("lacking", told["no_procedure"]) if key in ("fraud", "external") else ("ok", "") for key in lines}
    actions.answer(sample, None, by=auditor, answers=answers, on=drawn_on + timedelta(days=14))
    reported = drawn_on + timedelta(days=20)
    owner = place.coordinator or place.leader
    for at, (line, text, measure) in enumerate(told["findings"]):
        finding = mending.find(sample, by=auditor, text=text, line=line, on=reported)
        due = reported + timedelta(days=(25, 60, 90)[at])
        row = mending.plan(finding, by=auditor, text=measure, owner=owner, due_on=due, on=reported)
        if at == 0:
            mending.done(row, by=owner, text=told["done"], on=reported + timedelta(days=18))
            mending.check(row, by=auditor, helped=True, text=told["checked"], on=reported + timedelta(days=24))
    actions.report(sample, by=auditor, conclusion=told["conclusion"], on=reported)


def _procedures(place: Place, today: date, rng: Random) -> None:
    """Two have never been written, and one should have been gone through last month."""
    for at, line in enumerate(guide.current().part(1)):
        if line.key in ("fraud", "external"):
            continue
        since = today - timedelta(days=400 if at == 6 else rng.randint(60, 300))
        mending.keep_procedure(
            line.key, by=place.leader, owner=place.coordinator or place.leader, where=f"Intranettet: Mentor, {line.short.lower()}", valid_from=since,
            review_on=since + timedelta(days=365), on=since,
        )  # fmt: skip
