"""Founding the demo's municipalities: units, staff in every role, mentors with qualifications and courses."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from snerydder.access import actions as access
from snerydder.access.models import Staff, Unit
from snerydder.casework.people import actions as people
from snerydder.casework.people.models import Mentor
from snerydder.project.demo import cast
from snerydder.project.demo.days import Days

HERE = Path(__file__).parent


@lru_cache(maxsize=8)
def read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


@dataclass
class Helper:
    """A mentor, and how many running courses the mentor should have when the town is done."""

    mentor: Mentor
    share: float
    courses: int = 0
    documented: set[str] = field(default_factory=set)  # tasks the mentor has papers for
    days: Days = field(default_factory=Days)
    habit: str = ""  # what the night will ask about (`odd`)

    @property
    def fullness(self) -> float:
        return self.courses / self.share


@dataclass
class Place:
    """One municipality of the demo and who does what in it."""

    name: str
    number: int
    leader: Staff
    units: dict[str, Unit]
    areas: list[str]
    caseworkers: list[Staff] = field(default_factory=list)
    coordinator: Staff | None = None
    helpers: list[Helper] = field(default_factory=list)
    people: list[dict[str, str]] = field(default_factory=list)
    cast: cast.Cast | None = None
    citizens: int = 0  # how many CPR numbers are used

    def caseworker_of(self, unit: Unit, rng: Random) -> Staff:
        return rng.choice([staff for staff in self.caseworkers if staff.unit_id == unit.pk] or self.caseworkers)

    @property
    def coordinates(self) -> Staff:
        assert self.coordinator is not None
        return self.coordinator

    def introduce(self, staff: Staff, login: str) -> None:
        roles = ", ".join(str(name) for name in staff.role_names)
        self.people.append({"navn": staff.name, "rolle": roles, "kommune": self.name, "login": login})


def found(plan: dict[str, Any], today: date) -> Place:
    """One municipality from towns.toml. Fjordby has the cast everybody knows."""
    if plan["number"] == cast.FJORDBY:
        known = cast.fjordby()
        place = Place(plan["name"], plan["number"], known.henrik, {known.unit.name: known.unit}, plan["areas"], cast=known)
        place.caseworkers, place.coordinator = [known.bente], known.dorthe
        place.helpers = [Helper(known.mentor, 14, documented={task for row in known.mentor.qualifications.all() for task in row.tasks})]
        for login in ("bente", "carl", "dorthe", "henrik", "gitte", "erik", "freja"):
            place.introduce(getattr(known, login), login)
    else:
        leader = access.found_municipality(
            plan["number"], f"{plan['name']} Kommune", leader=plan["leader"], username=plan["username"], invented=True, logo_text=plan["name"],
            address=f"Rådhuset, 0000 {plan['name']}", phone="00 00 00 00", email="kommunen@example.org",
        )
        place = Place(plan["name"], plan["number"], leader, {}, plan["areas"])
        place.introduce(leader, plan["username"])
        cast.set_prices(leader)
    place.leader.municipality.rules_of_the_game = read("phrases.toml")["rules_of_the_game"]
    place.leader.municipality.save(update_fields=["rules_of_the_game"])
    for name in plan["units"]:
        place.units[name] = access.add_unit(name, by=place.leader)
    for row in plan.get("staff", []):
        _appoint(place, row)
    for row in plan.get("mentors", []):
        _mentor(place, row, today)
    _courses(place, today)
    if len(place.helpers) > 2:  # on holiday, and somebody stands in (`town._everyday`)
        place.helpers[2].days.away = (today - timedelta(days=3), today + timedelta(days=11))
    return place


def _appoint(place: Place, row: dict[str, Any]) -> None:
    staff = access.appoint(
        row["name"], row["roles"], by=place.leader, unit=place.units[row["unit"]], username=row["username"],
        email=f"{row['username']}@example.org", phone=_phone(row["username"]),
    )
    if "caseworker" in row["roles"]:
        place.caseworkers.append(staff)
    if "coordinator" in row["roles"]:
        place.coordinator = staff
    place.introduce(staff, row["username"])


def _phone(text: str) -> str:
    """A number nobody has: no Danish number begins with 00."""
    digits = f"{sum(ord(letter) * 7919**place for place, letter in enumerate(text)) % 1_000_000:06d}"
    return f"00 {digits[:2]} {digits[2:4]} {digits[4:]}"


def _mentor(place: Place, row: dict[str, Any], today: date) -> None:
    unit = next(iter(place.units.values()))
    login = row["username"]
    staff = access.appoint(
        row["name"], ["mentor"], by=place.leader, unit=unit, username=login, email=f"{login}@example.org", phone=_phone(login)
    )
    mentor = people.register_mentor(
        staff, by=place.coordinates, kind=row["kind"], hours_per_week=row["hours"], languages=row["languages"], areas=row["areas"],
        employer=row.get("employer", ""), has_car=row["car"], birth_year=row["born"], woman=row["woman"], education=row["education"],
        mentor_since=date(row["since"], 3, 1), came_from=row["came"],
    )
    issued, seen = date(row["since"] - 1, 6, 20), today - timedelta(days=300)
    for title, tasks in row["qualifications"]:
        people.add_qualification(mentor, by=place.coordinates, title=title, tasks=tasks, issued_on=issued, on=seen)
    place.helpers.append(Helper(mentor, row["share"], documented={task for _title, tasks in row["qualifications"] for task in tasks}, habit=row.get("habit", "")))
    place.introduce(staff, login)


def _courses(place: Place, today: date) -> None:
    """Most have been on both courses; supervision is as it should be for most, too seldom for some, and never written down for one."""
    for number, helper in enumerate(place.helpers):
        began = today - timedelta(days=420 + 11 * number)
        for kind, title, hours in (("central", "Introduktion for mentorer", 12), ("local", "Mentor i vores kommune", 6))[: 1 if number % 5 == 4 else 2]:
            people.add_course(helper.mentor, by=place.coordinates, title=title, kind=kind, held_on=began + timedelta(days=7 * (kind == "local")), hours=hours)
        supervise(helper.mentor, place.coordinates, today, ((35, 110, 190, 270, 350), (62, 140, 220, 300), (95, 260), ())[(number + 1) % 4 if number % 3 else 0])


def supervise(mentor: Any, by: Staff, today: date, days_ago: tuple[int, ...]) -> None:
    for ago in days_ago:
        people.add_course(mentor, by=by, title="Supervision i gruppe", kind="supervision", held_on=today - timedelta(days=ago), hours=2)
    if days_ago:
        people.add_course(mentor, by=by, title="Supervision i gruppe", kind="supervision", held_on=today + timedelta(days=19), hours=2)
