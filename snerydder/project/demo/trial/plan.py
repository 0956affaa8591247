"""The trial town on paper: who is offered a mentor, who meets one in which week and for how long, and who the mentors are.

The weekly counts and minutes are fixed as whole numbers; chance decides only who fills them. So the shares come out the same
in every town, whatever the seed. Nothing here knows of Django. The figures are those of the talk on the trial 2012-13
(mentors' traits, caseloads, share with contact, minutes); see docs/domain. What the talk does not say is marked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

WEEKS = 76  # 0 to 75
INTAKE_DAYS = 98


@dataclass(frozen=True)
class Town:
    name: str
    number: int
    offered: int
    full_time: int
    part_time: int

    @property
    def hours(self) -> list[float]:
        return [37.0] * self.full_time + [18.5] * self.part_time

    @property
    def per_full_time(self) -> float:
        return self.offered * 37 / sum(self.hours)


# The municipalities of the talk; how many were offered a mentor is about 100 each and 1,299 in all.
TOWNS = (
    Town("Haderslev", 911, 96, 2, 15), Town("Herning", 912, 98, 2, 8), Town("Hjørring", 913, 101, 6, 0), Town("Holbæk", 914, 100, 8, 1),
    Town("Kalundborg", 915, 97, 2, 8), Town("København", 916, 105, 6, 0), Town("Næstved", 917, 100, 6, 0), Town("Silkeborg", 918, 102, 8, 0),
    Town("Slagelse", 919, 99, 5, 2), Town("Sønderborg", 920, 99, 8, 0), Town("Vejle", 921, 101, 8, 1), Town("Viborg", 922, 99, 4, 4),
    Town("Aalborg", 923, 102, 4, 0),
)  # fmt: skip
OFFERED = sum(town.offered for town in TOWNS)
EVER = 1_104  # ever had contact; not in the talk
# week: share of all offered with contact that week, and minutes on average over all offered
SHARE = {0: 0.06, 1: 0.22, 2: 0.38, 3: 0.49, 4: 0.57, 5: 0.61, 8: 0.66, 12: 0.69, 20: 0.68, 30: 0.66, 40: 0.63, 51: 0.50, 52: 0.36, 53: 0.19, 54: 0.15,
         60: 0.10, 75: 0.04}  # fmt: skip
MINUTES = {0: 6, 1: 25, 2: 43, 3: 55, 4: 64, 5: 69, 8: 79, 12: 87, 20: 84, 30: 80, 40: 74, 51: 62, 52: 42, 53: 21, 54: 16, 60: 10, 75: 4}
# of a hundred mentors who answered; 108 were asked
ANSWERED = 100
TRAITS = {"woman": 65, "under 30": 32, "over 50": 35, "bachelor": 71, "new": 33, "from the municipality": 23}


@dataclass
class MentorPlan:
    town: int
    hours: float
    answered: bool = True
    woman: bool | None = None
    age: int | None = None
    bachelor: bool | None = None
    years: int | None = None
    from_municipality: bool | None = None


@dataclass
class CoursePlan:
    """One person who was offered a mentor. `minutes` holds the weeks with contact, counted from the person's own start."""

    town: int
    intake: int  # days after the first day of intake
    age: int
    woman: bool
    mentor: int  # place among the town's mentors
    minutes: dict[int, int] = field(default_factory=dict)
    last_week: int = -1  # the support goes on through this week; -1: it was never taken up

    @property
    def took_up(self) -> bool:
        return self.last_week >= 0


@dataclass
class Plan:
    courses: list[CoursePlan]
    mentors: list[MentorPlan]


def between(points: dict[int, float], week: int) -> float:
    """The figure of a week, on the straight line between the two that are given."""
    if week in points:
        return points[week]
    for (first, low), (last, high) in pairwise(sorted(points.items())):
        if first < week < last:
            return low + (high - low) * (week - first) / (last - first)
    raise ValueError(week)


def in_contact(week: int) -> int:
    return round(between(SHARE, week) * OFFERED)


def minutes_of(week: int) -> int:
    """All minutes of the week, a whole number of five minutes."""
    return round(between(MINUTES, week) * OFFERED / 5) * 5


def make(seed: str) -> Plan:
    rng = Random(f"{seed}-trial")  # noqa: S311
    courses = _people(rng)
    _windows(courses, rng)
    for week in range(WEEKS):
        _fill(week, courses, rng)
    for course in courses:
        if course.minutes:  # the support is over soon after the last contact, unless it goes on at the end
            course.last_week = max(course.last_week if course.last_week >= WEEKS - 1 else 0, max(course.minutes))
    return Plan(courses, _mentors(rng))


def _people(rng: Random) -> list[CoursePlan]:
    courses = []
    for index, town in enumerate(TOWNS):
        mentors = _shares(town)
        rng.shuffle(mentors)
        for mentor in mentors:
            age = int(18 + 11.95 * rng.betavariate(1.35, 1.35))
            courses.append(CoursePlan(index, int(INTAKE_DAYS * rng.betavariate(1.6, 2.2)), age, rng.random() < 0.46, mentor))
    rng.shuffle(courses)
    return courses


def _shares(town: Town) -> list[int]:
    """Which mentor each of the town's courses has: as many for each as the hours say, so that all have the same per full-time post."""
    whole = sum(town.hours)
    cuts = [0.0]
    for hours in town.hours:
        cuts.append(cuts[-1] + town.offered * hours / whole)
    return [mentor for mentor, (low, high) in enumerate(pairwise(cuts)) for _each in range(round(high) - round(low))]


def _windows(courses: list[CoursePlan], rng: Random) -> None:
    """When each begins and ends. So many are under way in a week that its contacts can be filled, a fifth more when it goes well."""
    taking = courses[:EVER]
    begun = 0
    for week in range(WEEKS):
        room = min(EVER, round(in_contact(week) * min(1.24, 1 + week * 0.02)))
        room = EVER if week >= 20 else max(begun, min(room, begun + in_contact(week)))
        for course in taking[begun:room]:
            course.minutes[week] = 0  # the first contact, whose minutes are drawn with the week's
            course.last_week = WEEKS - 1
        begun = max(begun, room)
    _ends(taking, rng)


def _ends(taking: list[CoursePlan], rng: Random) -> None:
    running = list(taking)
    rng.shuffle(running)
    for week in range(24, WEEKS):
        keep = max(in_contact(week), round(in_contact(week) * (1.22 if week < 51 else 1.15)))
        running.sort(key=lambda course: min(course.minutes))  # who began last is not the first to stop
        while len(running) > keep:
            course = running.pop(int(len(running) * rng.random() ** 1.5))
            course.last_week = week - 1


def _fill(week: int, courses: list[CoursePlan], rng: Random) -> None:
    """Who has contact in the week, and for how long: gamma with shape 2.2 in steps of five minutes, at least ten."""
    wanted = in_contact(week)
    sure = [course for course in courses if course.minutes.get(week) == 0]
    under_way = [course for course in courses if course.minutes and min(course.minutes) < week <= course.last_week and week not in course.minutes]
    # some meet nearly every week and some now and then; the last week is not forgotten
    keys = {id(course): rng.random() ** (1 / _steadiness(course)) for course in under_way}
    under_way.sort(key=lambda course: keys[id(course)], reverse=True)
    chosen = [*sure, *under_way][:wanted]
    if len(chosen) < wanted:
        raise ValueError(f"week {week}: only {len(chosen)} of {wanted} can have contact")
    draws = [rng.gammavariate(2.2, 1.0) for _course in chosen]
    total = minutes_of(week)
    scale = total / sum(draws)
    lengths = [max(10, round(draw * scale / 5) * 5) for draw in draws]
    while (left := total - sum(lengths)) != 0:
        place = rng.randrange(len(lengths))
        if left > 0 or lengths[place] > 10:
            lengths[place] += 5 if left > 0 else -5
    for course, length in zip(chosen, lengths, strict=True):
        course.minutes[week] = length


def _steadiness(course: CoursePlan) -> float:
    """Between a half and three, the same for a course in all its weeks."""
    return 0.5 + 2.5 * ((course.intake * 7919 + course.mentor * 104729 + min(course.minutes) * 1299709) % 1000) / 1000


def _mentors(rng: Random) -> list[MentorPlan]:
    mentors = [MentorPlan(index, hours) for index, town in enumerate(TOWNS) for hours in town.hours]
    asked = rng.sample(mentors, len(mentors))
    for mentor in asked[ANSWERED:]:
        mentor.answered = False
    answered = asked[:ANSWERED]
    ages = [rng.randint(23, 29) for _each in range(32)] + [rng.randint(51, 66) for _each in range(35)] + [rng.randint(30, 50) for _each in range(33)]
    columns = {
        "woman": _exact(rng, TRAITS["woman"]), "bachelor": _exact(rng, TRAITS["bachelor"]), "age": rng.sample(ages, ANSWERED),
        "years": [rng.randint(0, 1) if new else rng.randint(2, 12) for new in _exact(rng, TRAITS["new"])],
        "from_municipality": _exact(rng, TRAITS["from the municipality"]),
    }
    for place, mentor in enumerate(answered):
        for name, column in columns.items():
            setattr(mentor, name, column[place])
    return mentors


def _exact(rng: Random, count: int) -> list[bool]:
    return rng.sample([True] * count + [False] * (ANSWERED - count), ANSWERED)
