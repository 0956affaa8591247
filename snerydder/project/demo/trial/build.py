"""Building the trial town: every course through the bulk forms of the product's verbs, eight weeks at a time, as the weeks went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from snerydder.access import actions as access
from snerydder.access.models import Staff, Unit
from snerydder.access.tenancy import set_context, within
from snerydder.casework.agreements import many as agreements
from snerydder.casework.agreements.models import Agreement
from snerydder.casework.cases import actions as case_verbs
from snerydder.casework.cases import many as cases
from snerydder.casework.cases.models import Case
from snerydder.casework.contacts import actions as contacts
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants import many as grants
from snerydder.casework.grants.models import Grant
from snerydder.casework.people import actions as people_verbs
from snerydder.casework.people import many as people
from snerydder.casework.people.models import Mentor
from snerydder.law.months import last_day
from snerydder.project.demo import cast, names
from snerydder.project.demo.days import FIRST, LAST, MOST, Days, moment, written
from snerydder.project.demo.hands import hands, side_by_side, silent
from snerydder.project.demo.ids import same_ids, uuid_from
from snerydder.project.demo.place import read, supervise
from snerydder.project.demo.trial import across, plan
from snerydder.registers.invented.delivery import LOOSE_SUPERVISION

TASKS = ("conversation", "wake", "fetch", "letters", "doctor", "jobcentre", "walk", "school", "visit", "mediate", "digital", "economy")
ROUNDS = (8, 16, 24, 26, 34, 42, 50, 52, 60, 68, 76)  # up to which week; before 26 and 52 there is a new period to decide
RENEWED = (26, 52)
UNSAID = 17  # of so many letters, nobody wrote down that one of them came
SCHOOLS = ("Pædagog", "Socialrådgiver", "Folkeskolelærer", "Sygeplejerske", "Ergoterapeut", "Fysioterapeut")  # a middle-long education
OTHERS = ("Social- og sundhedsassistent", "Hf", "Tømrer", "Kontoruddannet", "Cand.mag.", "Butiksuddannet")
CAME_FROM = ("Skole", "Privat virksomhed", "Botilbud", "Forening", "Ungdomsklub", "Nyuddannet")


@dataclass
class Run:
    """One course on its way: what the plan says, and what has become of it."""

    plan: plan.CoursePlan
    start: date
    citizen_told: dict[str, Any]
    situation: dict[str, Any]
    person: names.Person
    caseworker: Staff
    rng: Random
    case: Case | None = None
    goal: Any = None
    grant: Grant | None = None
    agreement: Agreement | None = None

    def told(self, key: str) -> str:
        return self.situation[key].format(**self.person.pronouns)

    def day(self, week: int, extra: int = 0) -> date:
        return self.start + timedelta(days=7 * week + extra)

    @property
    def case_row(self) -> Case:
        assert self.case is not None
        return self.case


@dataclass
class Municipality:
    leader: Staff
    coordinator: Staff
    caseworkers: list[Staff]
    unit: Unit
    mentors: list[Mentor] = field(default_factory=list)
    days: defaultdict[Any, Days] = field(default_factory=lambda: defaultdict(Days))


def build(seed: str, today: date, progress: Callable[..., None]) -> list[dict[str, Any]]:
    """Each municipality in its own transaction, as many at a time as the machine has hands for."""
    if hands() == 1:
        shown = [person for index in range(len(plan.TOWNS)) for person in build_one(seed, index, today, progress)]
    else:
        shown = side_by_side(build_one, [(seed, index, today) for index in range(len(plan.TOWNS))], progress)
    return [*shown, *across.play(seed, today, progress)]


def build_one(seed: str, index: int, today: date, progress: Callable[..., None] = silent, every: int = 1) -> list[dict[str, Any]]:
    """One municipality. Its rows hang on the seed and its own number, not on who was built before. `every`: 9 builds each ninth course."""
    town, made = plan.TOWNS[index], plan.make(seed)
    first = today - timedelta(days=plan.INTAKE_DAYS + 7 * plan.WEEKS + 1)
    done = 0

    def tell(what: str) -> None:
        nonlocal done
        done += 1
        progress(f"{town.name}: {what}", done, len(ROUNDS) + 3)

    shown: list[dict[str, Any]] = []
    rng = Random(f"{seed}-{town.number}")  # noqa: S311
    with same_ids(f"{seed}-{town.number}"), within(town.number):
        place = _found(town, [mentor for mentor in made.mentors if mentor.town == index], today, rng, shown)
        set_context(town.number)
        tell("medarbejdere og mentorer")
        courses = [course for course in made.courses if course.town == index][::every]
        runs = sorted((_run(course, place, first, rng, number) for number, course in enumerate(courses)), key=lambda run: run.start)
        _begin(runs, place)
        tell("henvisning til start")
        _follow(runs, place, tell)
        _end(runs, place)
        tell("afslutning")
    return shown


# --- The municipality and its people ---
def _found(town: plan.Town, mentors: Sequence[plan.MentorPlan], today: date, rng: Random, shown: list[dict[str, Any]]) -> Municipality:
    key = town.name.lower().translate(str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"}))
    taken: set[str] = set()
    leader_name, coordinator_name, *others = [person.name for person in names.people(rng, 6, taken)]
    leader = access.found_municipality(
        town.number, f"{town.name} (opdigtet)", leader=leader_name, username=f"leder-{key}", invented=True, logo_text=town.name[:2].upper(),
        address=f"Rådhuset, 0000 {town.name}", phone="00 00 00 00", email="kommunen@example.org",
        rules_of_the_game=read("phrases.toml")["rules_of_the_game"],
    )
    cast.set_prices(leader)
    unit = access.add_unit("Ungeteamet", by=leader)

    def hire(name: str, role: str, login: str = "") -> Staff:
        return access.appoint(name, [role], by=leader, unit=unit, username=login, email=f"{login or key}@example.org", phone="00 00 00 01")

    coordinator = hire(coordinator_name, "coordinator", f"koordinator-{key}")
    caseworkers = [hire(name, "caseworker", f"sagsbehandler-{key}" if not place else "") for place, name in enumerate(others[:3])]
    place = Municipality(leader, coordinator, caseworkers, unit)
    for number, mentor in enumerate(mentors):
        place.mentors.append(_mentor(place, mentor, names.people(rng, 1, taken)[0], f"mentor-{key}" if not number else "", today, rng))
    for staff, login in ((coordinator, "koordinator"), (leader, "leder")):
        shown.append({"navn": staff.name, "rolle": str(staff.role_names[0]), "kommune": town.name, "login": f"{login}-{key}"})
    if town is not plan.TOWNS[0]:
        name = names.people(Random(f"{town.number}-revisor"), 1, taken)[0].name  # noqa: S311 a chance of its own: the courses stay as they are
        hire(name, "auditor", f"revisor-{key}")
    else:
        for role, login in (("evaluator", "evaluator"), ("auditor", "revisor"), ("payer", "oekonomi")):
            staff = hire(names.people(rng, 1, taken)[0].name, role, f"{login}-{key}")
            shown.append({"navn": staff.name, "rolle": str(staff.role_names[0]), "kommune": town.name, "login": f"{login}-{key}"})
    return place


def _mentor(place: Municipality, mentor: plan.MentorPlan, person: names.Person, login: str, today: date, rng: Random) -> Mentor:
    staff = access.appoint(person.name, ["mentor"], by=place.leader, unit=place.unit, username=login, email="mentor@example.org", phone="00 00 00 02")
    told: dict[str, Any] = {}
    if mentor.answered:
        assert mentor.age is not None and mentor.years is not None
        told = {
            "woman": mentor.woman, "birth_year": today.year - mentor.age, "education": rng.choice(SCHOOLS if mentor.bachelor else OTHERS),
            "mentor_since": today - timedelta(days=365 * mentor.years + rng.randint(60, 300)),
            "came_from": "Et andet job i kommunen" if mentor.from_municipality else rng.choice(CAME_FROM),
        }
    row = people_verbs.register_mentor(
        staff, by=place.coordinator, kind="municipal", hours_per_week=mentor.hours, languages=person.languages, areas=[], **told
    )
    for kind, days, hours in (("central", 650, 12), ("local", 640, 6)):
        people_verbs.add_course(row, by=place.coordinator, title="Kursus om mentorforsøget", kind=kind, held_on=today - timedelta(days=days), hours=hours)
    supervise(row, place.coordinator, today, (40, 200) if plan.TOWNS[mentor.town].name in LOOSE_SUPERVISION and len(place.mentors) % 2 else (40, 120, 200, 280, 350))
    title = told.get("education", "Mentoruddannelse")
    people_verbs.add_qualification(row, by=place.coordinator, title=title, tasks=TASKS, on=today - timedelta(days=700))
    return row


def _run(course: plan.CoursePlan, place: Municipality, first: date, rng: Random, number: int) -> Run:
    fitting = [each for each in read("situations.toml")["situation"] if {"6.4", "6.5"} & set(each["groups"]) and each["bases"] == ["lab-167-1"]]
    own = Random(rng.random())  # noqa: S311
    person = names.draw(own)
    if person.woman != course.woman:
        person = names.Person(own.choice(names.WOMEN if course.woman else names.MEN), person.last, course.woman, person.languages)
    start = first + timedelta(days=course.intake + 7)
    caseworker = place.caseworkers[number % len(place.caseworkers)]
    told = {
        "cpr": names.cpr(number), "first_name": person.first, "last_name": person.last, "birth_year": start.year - course.age, "unit": place.unit,
        "target_group": "6.5", "languages": person.languages, "by": caseworker, "on": start - timedelta(days=21), "phone": "00 00 00 03",
    }
    return Run(course, start, told, own.choice(fitting), person, caseworker, own)


# --- From referral to start ---
def _begin(runs: Sequence[Run], place: Municipality) -> None:
    """All are offered a mentor. Those who take it up start; the others say no thank you after a while."""
    citizens = people.register_citizens([run.citizen_told for run in runs], by=place.coordinator)
    referred = cases.refer(
        [
            (
                citizen,
                {"need": run.told("need"), "barriers": run.situation["barriers"], "citizen_says": run.told("says"), "by": run.caseworker,
                 "unit": place.unit, "on": run.start - timedelta(days=21)},
            )
            for citizen, run in zip(citizens, runs, strict=True)
        ],
        by=place.coordinator,
    )  # fmt: skip
    for run, case in zip(runs, referred, strict=True):
        run.case = case
    _grant(runs, place, "assessment", "lab-167-1", decided=-14)
    goals = [
        (run.case_row, {"text": run.told("goal"), "own_words": run.told("own_words"), "on": run.start - timedelta(days=14), "by": run.caseworker})
        for run in runs
    ]
    for run, goal in zip(runs, cases.set_goal(goals, by=place.coordinator), strict=True):
        run.goal = goal.pk
    reasons = read("phrases.toml")["match_reasons"]
    agreements.choose(
        [
            (run.case_row, {"mentor": place.mentors[run.plan.mentor], "reason": run.rng.choice(reasons), "on": run.start - timedelta(days=10)})
            for run in runs
        ],
        by=place.coordinator,
    )
    _agree([run for run in runs if run.plan.took_up], place, before=8)
    for run in runs:
        if not run.plan.took_up:
            reason = "Borgeren er tilbudt en mentor og ønsker det ikke."
            case_verbs.cancel(run.case_row, by=run.caseworker, reason=reason, on=run.start + timedelta(days=run.rng.randint(5, 70)))


def _grant(runs: Sequence[Run], place: Municipality, text: str, hjemmel: str, *, decided: int = 0) -> None:
    """Assess, propose and decide. A later period follows the day after the one before."""
    assessed, told, decisions = [], [], []
    for run in runs:
        start = run.start if run.grant is None else _next(run.grant)
        day = run.start + timedelta(days=decided) if run.grant is None else start - timedelta(days=9)
        by = {"by": run.caseworker, "on": day}
        need = {"need": run.told(text), "decisive": True, "decisive_reason": run.told("decisive"), "conclusion": "grant", "target_group": "6.5"}
        assessed.append((run.case_row, by | need | {"citizen_agrees": True}))
        told.append(by | {
            "hjemmel": hjemmel, "purpose_kind": run.situation["purpose_kind"], "purpose": run.told("purpose"), "minutes": 120, "minutes_per": "week",
            "hours_reason": run.told("hours_reason"), "start": start, "end": last_day(start, 6),
        })  # fmt: skip
        decisions.append(by)
    rows = grants.propose(list(zip(cases.assess(assessed, by=place.coordinator), told, strict=True)), by=place.coordinator)
    for run, row in zip(runs, grants.decide(list(zip(rows, decisions, strict=True)), by=place.coordinator), strict=True):
        run.grant = row
    proof = read("phrases.toml")["by_digital_post"]
    came = [(run.grant, by | {"proof": proof}) for number, (run, by) in enumerate(zip(runs, decisions, strict=True)) if run.grant and number % UNSAID]
    if came:
        grants.deliver(came, by=place.coordinator)


def _next(grant: Grant) -> date:
    assert grant.end is not None
    return grant.end + timedelta(days=1)


def _agree(runs: Sequence[Run], place: Municipality, *, before: int) -> None:
    """Write, three times yes, start on the first day of the period."""
    written, yes, starts = [], [], []
    for run in runs:
        assert run.grant is not None and run.grant.start is not None
        day = run.grant.start - timedelta(days=before)
        tasks = [(kind, text.format(**run.person.pronouns)) for kind, text in run.situation["tasks"] if kind in TASKS] or [("conversation", "")]
        who = read("phrases.toml")["who_does_what"]
        written.append((run.grant, {"goal": run.told("own_words"), "tasks": tasks, "start": run.grant.start, "on": day, "who_does_what": who}))
        starts.append({"on": run.grant.start})
    rows = agreements.write(written, by=place.coordinator)
    for run, row in zip(runs, rows, strict=True):
        run.agreement = row
        at = moment(row.start - timedelta(days=2), 13)
        for party, by, how in (
            ("mentor", row.mentor.staff, "on_screen"), ("municipality", run.caseworker, "on_screen"), ("citizen", place.coordinator, "meeting")
        ):  # fmt: skip
            yes.append((row, {"party": party, "by": by, "how": how, "at": at}))
    agreements.accept(yes, by=place.coordinator)
    agreements.start(list(zip(rows, starts, strict=True)), by=place.coordinator)


# --- While it runs ---
def _follow(runs: Sequence[Run], place: Municipality, tell: Callable[[str], None]) -> None:
    begun = [run for run in runs if run.plan.took_up]
    first = 0
    for last in ROUNDS:
        rows = [row for run in begun for week in range(first, last) if week in run.plan.minutes for row in _week(run, week, place)]
        rows.sort(key=lambda row: row.at)
        contacts.log_many(written(rows), by=place.coordinator)
        going_on = [run for run in begun if run.plan.last_week >= last]
        if going_on and last in RENEWED:
            _grant(going_on, place, "renewed", "lab-167-1-new")
            _agree(going_on, place, before=5)
        elif going_on and last < plan.WEEKS:
            _follow_up(going_on, place, last)
        first = last
        tell(f"{last} uger")


def _week(run: Run, week: int, place: Municipality) -> list[Contact]:
    """The minutes of one week as one contact, or two or three when they are many."""
    left = run.plan.minutes[week]
    times = 1 if left <= 45 else 2 if left <= 150 else 3
    if left > 60 and run.rng.random() < 0.25:
        times = min(times + 1, 3)
    rows = []
    for done, extra in enumerate(sorted(run.rng.sample(_working_days(run.day(week)), times))):
        length = left if done == times - 1 else round(left / (times - done) / 5) * 5
        left -= length
        form = "met" if length >= 30 or run.rng.random() < 0.5 else "phone"
        at = _free(run, week, extra, length, place)
        tasks = [kind for kind, _text in run.situation["tasks"]]
        mentor = run.case_row.mentor
        assert mentor is not None
        rows += contacts.rows_of(
            uuid_from(run.rng), [run.case_row], by=mentor.staff, at=at, form=form, minutes=length, help=[run.rng.choice(tasks)], goal_id=run.goal
        )
    return rows


def _free(run: Run, week: int, extra: int, minutes: int, place: Municipality) -> datetime:
    """A time that day when the mentor is not with somebody else; when that day is full, on another day of the week; in a full week, long days."""
    assert run.case_row.mentor is not None
    days, hour, quarter = place.days[run.case_row.mentor.pk], run.rng.randint(8, 15), run.rng.choice((0, 15, 30, 45))
    for most, when in ((MOST, (extra, *_working_days(run.day(week)))), (LAST - FIRST, range(7))):  # a week with holidays has few working days
        for day in (run.day(week, each) for each in when):
            if at := days.take(day, moment(day, hour, quarter), minutes, most):
                return at
    raise ValueError(f"week {week} of a course has no room for {minutes} minutes")


def _working_days(first: date) -> list[int]:
    """The five days of a week of one's own that are not Saturday or Sunday."""
    return [extra for extra in range(7) if (first + timedelta(days=extra)).weekday() < 5]


def _follow_up(runs: Sequence[Run], place: Municipality, week: int) -> None:
    told = []
    for run in runs:
        texts = run.situation["follow_ups"]
        text = texts[week // 8 % len(texts)].format(**run.person.pronouns)
        day = run.day(week)
        told.append(
            (run.case_row, {"by": run.caseworker, "text": text, "decision": "go_on", "contacts_approved": True, "on": day, "next_on": run.day(week + 8),
                            "citizen_took_part": run.rng.random() < 0.85})
        )  # fmt: skip
    cases.follow_up(told, by=place.coordinator)


def _end(runs: Sequence[Run], place: Municipality) -> None:
    """Those whose support is over are closed, the earliest first; a few go on still."""
    over = [run for run in runs if run.plan.took_up and run.plan.last_week < plan.WEEKS - 1]
    told = []
    for run in sorted(over, key=lambda run: run.day(run.plan.last_week)):
        result = run.rng.choice(("reached", "reached", "partly", "not"))
        phrases = read("phrases.toml")
        text = {"reached": run.told("closing"), "partly": phrases["partly"], "not": phrases["not_reached"]}[result]
        follows = run.situation["follows"] if result == "reached" else "course"
        day = run.day(run.plan.last_week + 1, run.rng.randint(0, 6))
        told.append((run.case_row, {"by": run.caseworker, "goal_result": result, "result_text": text, "follows": follows, "on": day}))
    if told:
        cases.close(told, by=place.coordinator)
