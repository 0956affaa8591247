"""Which cases the tiny town and the town have, and building them: the oldest referral first, so that case numbers run as they would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from snerydder.access import actions as access
from snerydder.access.tenancy import set_context, within
from snerydder.casework.cases import actions as cases
from snerydder.casework.cases.models import Case
from snerydder.casework.checks import asking, nightly
from snerydder.casework.contacts import actions as contacts
from snerydder.casework.contacts.models import Contact
from snerydder.project.demo import inspections, lookups, money, names, odd, questions, scenes, studies, surveys, trials
from snerydder.project.demo.course import Course, weekday
from snerydder.project.demo.days import moment, written
from snerydder.project.demo.hands import hands, side_by_side, silent
from snerydder.project.demo.ids import same_ids, uuid_from
from snerydder.project.demo.place import Place, found, read

AT_WORK = ("flexjob", "apprentice")  # their mentor is a colleague
# scene: how many in Fjordby, Bakkeby, Lyngø
TOWN = {
    "referred": (3, 2, 1), "referral_waits": (2, 1, 0), "assessed": (1, 1, 1), "grant_drafted": (2, 1, 0), "granted": (2, 1, 1), "matched": (2, 1, 0),
    "citizen_has_not_accepted": (1, 1, 1), "mentor_has_not_accepted": (1, 0, 0), "agreed": (1, 1, 0), "running": (13, 6, 3),
    "just_started": (2, 1, 1),
    "silent": (4, 2, 1), "first_contact_late": (2, 1, 0), "no_contact_yet": (1, 1, 0), "expires_soon": (4, 2, 1), "expired": (2, 1, 0),
    "new_period_waits": (2, 1, 0), "renewed": (4, 2, 1), "protected_name": (2, 1, 0), "vetoed": (1, 1, 0), "mentor_changed": (2, 1, 0),
    "new_mentor_not_agreed": (1, 0, 0), "reopened": (1, 0, 0), "stopped": (1, 1, 0), "wants_change": (1, 1, 0), "discharge_comes": (1, 1, 0),
    "discharged": (1, 0, 1), "admitted": (1, 1, 0), "integration": (2, 1, 1), "flexjob": (1, 1, 0), "outside_section_6": (1, 0, 0),
    "refused": (2, 1, 1), "cancelled": (2, 1, 1), "closed": (6, 3, 2), "closed_after_two_periods": (2, 1, 0),
    "same_note": (1, 0, 0), "written_late": (1, 0, 0), "both_wrote": (1, 0, 0), "called_after": (1, 0, 0), "exact_weeks": (1, 0, 0),
    "never_heard": (0, 1, 0), "weekend_help": (0, 0, 1),
}  # fmt: skip
TINY = {
    "referred": (1, 0), "assessed": (1, 0), "grant_drafted": (1, 0), "granted": (1, 0), "matched": (1, 0), "citizen_has_not_accepted": (1, 0),
    "agreed": (1, 0), "running": (1, 1), "silent": (1, 0), "first_contact_late": (1, 0), "no_contact_yet": (1, 0), "expires_soon": (1, 0), "protected_name": (1, 0),
    "refused": (1, 0), "closed": (1, 1),
}  # fmt: skip


COUNTS: dict[str, dict[str, tuple[int, ...]]] = {"tiny": TINY, "town": TOWN}  # type: ignore[dict-item]
AMINA = -1  # the course the manual follows: Amina and Carl, four months in


@dataclass(frozen=True)
class Planned:
    number: int
    scene: str
    place: int
    ago: int
    situation: dict[str, Any]


def plan(counts: dict[str, tuple[int, ...]], seed: str) -> list[Planned]:
    """Every case with its scene, its place, how long ago it was referred and the situation it is about; the oldest first."""
    rng = Random(f"{seed}-plan")  # noqa: S311
    situations = read("situations.toml")["situation"]
    by_key = {situation["key"]: situation for situation in situations}
    common = [situation for situation in situations if situation["bases"] == ["lab-167-1"] and situation["key"] not in AT_WORK]
    deck: list[dict[str, Any]] = []
    rows = []
    for name, places in counts.items():
        kind = scenes.SCENES[name]
        for place, count in enumerate(places):
            for _n in range(count):
                deck = deck or rng.sample(common, len(common))
                situation = by_key[rng.choice(kind.situations)] if kind.situations else deck.pop()
                rows.append(Planned(len(rows), name, place, rng.randint(*kind.ago), situation))
    if "renewed" in counts:  # not in the tiny town: there the tests refer Amina themselves
        rows.append(Planned(AMINA, "running", 0, 140, by_key["morning"]))
    return sorted(rows, key=lambda row: (-row.ago, row.number))


def build(size: str, seed: str, today: date, progress: Callable[..., None]) -> list[dict[str, Any]]:
    places = range(len(next(iter(COUNTS[size].values()))))
    if size == "tiny" or hands() == 1:
        return [person for place in places for person in build_one(size, seed, place, today, progress)]
    return side_by_side(build_one, [(size, seed, place, today) for place in places], progress)


def build_one(size: str, seed: str, index: int, today: date, progress: Callable[..., None] = silent) -> list[dict[str, Any]]:
    """One municipality. Its rows hang on the seed and its own number, not on who was built before."""
    municipality = read("towns.toml")["municipality"][index]
    planned = [row for row in plan(COUNTS[size], seed) if row.place == index]
    with same_ids(f"{seed}-{municipality['number']}"):
        place = _build(size, seed, municipality, planned, today, progress)
    nightly.of_municipality(municipality["number"], today)
    asking.of_municipality(municipality["number"], today)
    if size == "town" and index == 0:
        studies.play(municipality["number"], seed)
    return place.people


def _build(size: str, seed: str, municipality: dict[str, Any], planned: list[Planned], today: date, progress: Callable[..., None]) -> Place:
    """Two transactions: a lot is opened only when the draw stands for good."""
    with within(municipality["number"]):
        progress(f"{municipality['name']}: medarbejdere og mentorer", 0, len(planned))
        place = found(municipality, today)
        set_context(place.number)
        for done, row in enumerate(planned, start=1):
            _play(place, row, today, Random(f"{seed}-{row.number}"))  # noqa: S311
            progress(f"{place.name}: {done} sager", done, len(planned))
        _everyday(place, today, Random(f"{seed}-{place.number}"))  # noqa: S311
        odd.bursts(place, today, Random(f"{seed}-{place.number}-maaned"))  # noqa: S311
        money.play(place, today, Random(f"{seed}-money-{place.number}"))  # noqa: S311
        odd.raise_one(place, today)
        questions.play(place, today, Random(f"{seed}-{place.number}-spoergsmaal"))  # noqa: S311
        inspections.play(place, today, Random(f"{seed}-{place.number}-tilsyn"))  # noqa: S311
        lookups.play(place, today, Random(f"{seed}-{place.number}-opslag"))  # noqa: S311
        surveys.play(place, today, Random(f"{seed}-{place.number}-skema"))  # noqa: S311
        under_way = trials.begin(place, size, today, Random(f"{seed}-{place.number}-lod"))  # noqa: S311
    with within(place.number):
        trials.serve(under_way, today)
        money.approve_again(place, today)
    return place


def _play(place: Place, row: Planned, today: date, rng: Random) -> None:
    kind = scenes.SCENES[row.scene]
    is_amina = row.number == AMINA
    citizen = place.cast.amina if is_amina and place.cast else None
    course = Course(place, row.situation, today, rng, citizen=citizen, protected=kind.protected)
    if is_amina and place.cast:
        course.person, course.group = names.Person("Amina", "Yusuf", True, ("dansk", "arabisk")), "6.5"
        course.helper, course.caseworker, course.unit = place.helpers[0], place.cast.bente, place.cast.unit
        course.steady, course.delivery = 0.95, 1.0
    kind.play(course, row.ago)


def _everyday(place: Place, today: date, rng: Random) -> None:
    """What happens across cases: a walk with several, a correction, a deletion, somebody on holiday, a case that changes hands."""
    phrases = read("phrases.toml")
    for helper in place.helpers[:2]:
        day = weekday(today - timedelta(days=3))
        met_lately = Case.objects.filter(mentor=helper.mentor, stage="active", last_contact_on__gt=today - timedelta(days=14))
        group = list(met_lately.order_by("number")[:4])
        at = helper.days.take(day, moment(day, 13), 90)
        if at and len(group) > 1:
            rows = contacts.rows_of(uuid_from(rng), group, by=helper.mentor.staff, at=at, form="met", minutes=90, help=["walk"], note=phrases["group_note"])
            contacts.log_many(written(rows), by=helper.mentor.staff)
    open_ones = Contact.objects.filter(municipality=place.number, form="met", together=1, minutes__gt=60, case__stage="active", day__gt=today - timedelta(days=40))
    latest = open_ones.select_related("case", "made_by").order_by("-at", "id")[:60]
    free = [row for row in latest if not row.case.locked_until or row.day > row.case.locked_until]
    for row in free[5:7]:
        contacts.correct(row, by=row.made_by, reason=phrases["correction"], minutes=60)
    for row in free[9:10]:
        contacts.withdraw([row], by=row.made_by, reason=phrases["withdrawal"])
    if len(place.helpers) > 2:
        assert (away := place.helpers[2].days.away)
        told = {"start": away[0], "end": away[1], "reason": phrases["stand_in_reason"]}
        access.let_stand_in(place.helpers[2].mentor.staff, place.helpers[1].mentor.staff, by=place.coordinates, **told)
    if len(place.caseworkers) > 3:
        mine = list(Case.objects.filter(caseworker=place.caseworkers[0], stage="active").order_by("number")[1:4])
        if mine:
            cases.hand_over(mine, by=place.coordinates, caseworker=place.caseworkers[-1], reason=phrases["hand_over"])

