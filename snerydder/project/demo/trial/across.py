"""The state's inspection in the trial town: all thirteen municipalities on procedures, five of them on twenty cases each.

An authority with a tenancy of its own holds the round. What passes between it and a municipality is the files, as bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from snerydder.access import actions as access
from snerydder.access.models import Staff
from snerydder.access.tenancy import set_context, within
from snerydder.casework.inspections import actions, guide, lists, queries
from snerydder.casework.inspections.across import calling, joining, receiving, sending
from snerydder.casework.inspections.models import Sample
from snerydder.project.demo.ids import same_ids
from snerydder.project.demo.inspections import answer_as_the_checks
from snerydder.project.demo.place import read
from snerydder.project.demo.trial import plan

STATE, NAME, TITLE = 990, "Tilsynsstyrelsen (opdigtet)", "Mentorstøtte i tretten kommuner"
CALLED, ANSWERED = 42, 9  # days ago
NEVER_WRITTEN = ("fraud", "external", "supervision", "accounting", "evaluation")  # what some municipalities lack


def play(seed: str, today: date, progress: Callable[..., None], *, towns: Sequence[plan.Town] = plan.TOWNS, draw: int = 5, each: int = 20) -> list[dict[str, Any]]:
    """Called, answered, drawn, sent and received. What is left is to close it with a report."""
    rng = Random(f"{seed}-across")  # noqa: S311
    number = " ".join(str(ball) for ball in sorted(rng.sample(range(1, 37), 7)))
    day = today - timedelta(days=CALLED)
    known = day + timedelta(days=7 + (5 - day.weekday()) % 7)
    with same_ids(f"{seed}-across"), within(STATE):
        people = _found()
        set_context(STATE)
        round_ = _call(people, towns, today, day, known, draw, each)
        call = _file(round_)
        for done, town in enumerate(towns):
            progress(f"{NAME}: {town.name} svarer", done, len(towns))
            set_context(town.number)
            own = _join(call, town.number, rng, day + timedelta(days=3))
            _receive(round_, people, _sent(own, day + timedelta(days=4)), day + timedelta(days=5))
        _draw(round_, people, number, known)
        for member in queries.drawn_of(round_):
            progress(f"{NAME}: sager i {member.name}", len(towns), len(towns))
            set_context(member.code)
            own = Sample.objects.get(round_hash=round_.list_hash)
            _draw(own, _two(member.code), number, known)
            for row in queries.drawn_cases(own):
                answer_as_the_checks(own, row, _two(member.code)[0], read("phrases.toml")["inspection"], rng, today - timedelta(days=ANSWERED + 1))
            _receive(round_, people, _sent(own, today - timedelta(days=ANSWERED)), today - timedelta(days=ANSWERED))
    return [{"navn": staff.name, "rolle": str(staff.role_names[0]), "kommune": NAME, "login": login} for staff, login in zip(people, ("staten", "staten2"), strict=True)]


def _found() -> list[Staff]:
    leader = access.found_municipality(
        STATE, NAME, leader="Ragnhild Rønnebæk", username="staten-leder", invented=True, logo_text="TS", address="Hovedgaden 1, 0000 Staden",
        phone="00 00 00 00", email="staten@example.org",
    )  # fmt: skip
    unit = access.add_unit("Tilsyn", by=leader)
    return [
        access.appoint(name, ["auditor"], by=leader, unit=unit, username=login, email=f"{login}@example.org", phone="00 00 00 01")
        for name, login in (("Sigrid Sandholt", "staten"), ("Torben Tangsø", "staten2"))
    ]


def _call(people: list[Staff], towns: Sequence[plan.Town], today: date, day: date, known: date, draw: int, each: int) -> Sample:
    return calling.call(
        by=people[0], title=TITLE, towns=[(town.number, town.name) for town in towns], first=today - timedelta(days=730), last=day, size=draw, each=each,
        seed_source="Opdigtede vindertal, lørdagens Lotto", seed_day=known, answer_by=today + timedelta(days=14), on=day,
    )  # fmt: skip


def _file(round_: Sample) -> bytes:
    return json.dumps(lists.published(round_, [])).encode()


def _two(code: int) -> list[Staff]:
    """The auditor and the leader of the municipality whose context holds."""
    rows = Staff.objects.filter(municipality=code)
    return [rows.filter(roles__contains=[role]).order_by("sort_key")[0] for role in ("auditor", "leader")]


def _join(call: bytes, code: int, rng: Random, day: date) -> Sample:
    auditor = _two(code)[0]
    own = joining.join(joining.read(call), by=auditor, on=day)
    lacking = {key for key in NEVER_WRITTEN if rng.random() < 0.35}
    text = read("phrases.toml")["inspection"]["no_procedure"]
    answers = {key: ("lacking", text) if key in lacking else ("ok", "") for key in guide.lines_of(own.guide, part=1)}
    actions.answer(own, None, by=auditor, answers=answers, on=day)
    return own


def _sent(own: Sample, day: date) -> bytes:
    told = sending.send(Sample.objects.select_related("municipality").get(pk=own.pk), by=_two(own.municipality_id)[0], on=day)
    return json.dumps(told).encode()


def _receive(round_: Sample, people: list[Staff], content: bytes, day: date) -> None:
    set_context(STATE)
    receiving.receive(round_, content, by=people[0], on=day)


def _draw(sample: Sample, people: list[Staff], number: str, day: date) -> None:
    set_context(sample.municipality_id)
    for person in people:
        actions.type_number(sample, by=person, number=number, on=day)
    sample.refresh_from_db()
