"""Where a case can stand, the smooth ones and the awkward ones. A scene is a function of a course and of the days since the referral."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from snerydder.casework.agreements import actions as agreements
from snerydder.casework.cases import actions as cases
from snerydder.casework.complaints import actions as complaints
from snerydder.casework.contacts import actions as contacts
from snerydder.casework.grants import actions as grants
from snerydder.project.demo.course import Course, weekday
from snerydder.project.demo.days import written
from snerydder.project.demo.place import Helper, read

Scene = Callable[[Course, int], None]


@dataclass(frozen=True)
class Kind:
    play: Scene
    ago: tuple[int, int]  # days since the referral, at least and at most
    situations: tuple[str, ...] = ()  # those that fit; none given: those of the common hjemmel
    protected: bool = False


SCENES: dict[str, Kind] = {}
WAY = ("referred", "assessed", "draft", "granted", "matched", "written", "agreed", "started")


def scene(*ago: int, situations: tuple[str, ...] = (), name: str = "", protected: bool = False) -> Callable[[Scene], Scene]:
    def enter(play: Scene) -> Scene:
        SCENES[name or play.__name__] = Kind(play, (ago[0], ago[-1]), situations, protected)
        return play

    return enter


def begin(course: Course, ago: int, until: str = "started", *, pace: tuple[int, ...] = (7, 10, 10, 16, 20, 24, 28), **grant: object) -> date:
    """From the referral as far as `until`, with the usual days between the steps. Returns the day the support starts."""
    start = weekday(course.today - timedelta(days=ago - pace[-1]))
    steps: tuple[Callable[[], object], ...] = (
        lambda: course.refer(ago),
        lambda: course.assess(ago - pace[0]),
        lambda: course.draft(ago - pace[1], start, **grant),
        lambda: course.decide(ago - pace[2]),
        lambda: course.match(ago - pace[3]),
        lambda: course.write(ago - pace[4], start),
        lambda: course.accept(ago - pace[5]),
        lambda: course.start(start),
    )
    for step in steps[: WAY.index(until) + 1]:
        step()
    return start


def run(course: Course, first: date, last: date, *, chance: float | None = None) -> int:
    """Contacts week by week and a follow-up every eighth week. Returns how many follow-ups there were."""
    held = 0
    while first < last:
        until = min(first + timedelta(days=55), last)
        course.contacts(first, until, chance=chance or course.steady)
        first = until + timedelta(days=1)
        if first < last and first < course.today - timedelta(days=3):
            course.follow_up((course.today - until).days, number=held)
            held += 1
    return held


# --- Before the support ---
@scene(0, 6)
def referred(course: Course, ago: int) -> None:
    begin(course, ago, "referred")


@scene(17, 26)
def referral_waits(course: Course, ago: int) -> None:
    begin(course, ago, "referred")


@scene(8, 12)
def assessed(course: Course, ago: int) -> None:
    begin(course, ago, "assessed")


@scene(12, 15)
def grant_drafted(course: Course, ago: int) -> None:
    begin(course, ago, "draft")


@scene(14, 17)
def granted(course: Course, ago: int) -> None:
    begin(course, ago, "granted")


@scene(18, 20)
def matched(course: Course, ago: int) -> None:
    begin(course, ago, "matched")


@scene(26, 31)
def citizen_has_not_accepted(course: Course, ago: int) -> None:
    begin(course, ago, "written")
    course.accept(ago - 22, ("mentor", "municipality"))


@scene(25, 29)
def mentor_has_not_accepted(course: Course, ago: int) -> None:
    begin(course, ago, "written")
    course.accept(ago - 22, ("municipality", "citizen"))


@scene(25, 27)
def agreed(course: Course, ago: int) -> None:
    begin(course, ago, "agreed")


# --- Running ---
@scene(45, 165)
def running(course: Course, ago: int) -> None:
    run(course, begin(course, ago), course.today)


@scene(32, 38)
def just_started(course: Course, ago: int) -> None:
    run(course, begin(course, ago), course.today)


@scene(110, 160)
def silent(course: Course, ago: int) -> None:
    run(course, begin(course, ago), course.today - timedelta(days=course.rng.randint(16, 36)))


@scene(85, 95)
def first_contact_late(course: Course, ago: int) -> None:
    run(course, begin(course, ago) + timedelta(days=course.rng.randint(36, 44)), course.today)


@scene(66, 72)
def no_contact_yet(course: Course, ago: int) -> None:
    first = begin(course, ago)
    rows = [row for week in (1, 3, 4) for row in course.contact(first + timedelta(days=7 * week + 1), form="tried")]
    contacts.log_many(written(rows), by=course.mentor.staff)


@scene(178, 204)
def expires_soon(course: Course, ago: int) -> None:
    run(course, begin(course, ago), course.today)


@scene(216, 226)
def expired(course: Course, ago: int) -> None:
    run(course, begin(course, ago), course.today - timedelta(days=12))


TWO_PERIODS = 245  # days since the referral: by then the first period has been over for some weeks


def _new_period(course: Course, assessed_ago: int) -> None:
    course.follow_up(assessed_ago + 2, number=1)
    course.assess(assessed_ago, again=True)
    course.draft(assessed_ago, course.grant.end + timedelta(days=1), again=True)


@scene(188, 198)
def new_period_waits(course: Course, ago: int) -> None:
    """The assessment is made and the draft written; nobody has decided."""
    run(course, begin(course, ago), course.today - timedelta(days=9))
    _new_period(course, 4)


@scene(250, 380)
def renewed(course: Course, ago: int) -> None:
    two_periods(course, ago, course.today)


def two_periods(course: Course, ago: int, until: date) -> None:
    """The caseworker decides the next period before the first is over, and the mentor goes on as before."""
    first = begin(course, ago)
    ended = course.grant.end
    run(course, first, ended - timedelta(days=16))
    before = (course.today - ended).days
    _new_period(course, before + 12)
    course.decide(before + 12).write(before + 10, course.grant.start).accept(before + 7)
    course.contacts(ended - timedelta(days=13), ended, chance=course.steady)
    course.start(course.grant.start)
    run(course, course.grant.start, min(until, course.grant.end))


# --- The awkward ones ---
@scene(100, 140, protected=True)
def protected_name(course: Course, ago: int) -> None:
    run(course, begin(course, ago), course.today)


@scene(70, 110)
def vetoed(course: Course, ago: int) -> None:
    """The citizen said no to the first mentor, and that was the end of it."""
    begin(course, ago, "matched")
    first = course.helper
    assert first is not None
    agreements.veto(course.case, first.mentor, by=course.place.coordinates, reason=read("phrases.toml")["veto"], on=course.day(ago - 18))
    first.courses -= 1
    course.choose_helper(other_than=first)
    start = course.grant.start
    course.match(ago - 19, wish=read("phrases.toml")["veto"]).write(ago - 21, start).accept(ago - 24).start(start)
    run(course, start, course.today)


def change_mentor(course: Course, ago: int, after: Helper | None = None) -> None:
    before = course.helper
    assert before is not None
    after = course.helper = after or course.choose_helper(other_than=before)
    agreements.replace_mentor(
        [course.fresh()], by=course.place.coordinates, mentor=after.mentor, reason=read("phrases.toml")["mentor_change"], on=course.day(ago)
    )
    before.courses, after.courses = before.courses - 1, after.courses + 1
    course.fresh()


@scene(120, 150)
def mentor_changed(course: Course, ago: int) -> None:
    run(course, begin(course, ago), course.today - timedelta(days=42))
    change_mentor(course, 40)
    start = course.day(34)
    course.write(38, start).accept(36).start(start)
    course.contacts(start, course.today)


@scene(90, 130)
def new_mentor_not_agreed(course: Course, ago: int) -> None:
    run(course, begin(course, ago), course.today - timedelta(days=12))
    change_mentor(course, 9)
    course.write(7, course.day(7)).accept(6, ("municipality",))


@scene(140, 165)
def reopened(course: Course, ago: int) -> None:
    first = begin(course, ago)
    run(course, first, course.today - timedelta(days=40))
    course.close(38, after_care=True)
    cases.reopen(course.case, by=course.caseworker, reason=read("phrases.toml")["reopen"], on=course.day(17))
    assert course.helper is not None
    course.helper.courses += 1
    course.contacts(course.day(14), course.today)


@scene(130, 160)
def stopped(course: Course, ago: int) -> None:
    run(course, begin(course, ago), course.today - timedelta(days=20))
    course.hear(24, "stop", 18)
    grants.stop(course.grant, by=course.caseworker, reason=read("phrases.toml")["stop"], ground="no_need", last_day=course.day(12), on=course.day(16))
    course.deliver()
    course.close(10)


@scene(150, 170)
def wants_change(course: Course, ago: int) -> None:
    run(course, begin(course, ago), course.today - timedelta(days=20), chance=1.0)
    course.follow_up(15, decision="change", change=read("phrases.toml")["wished_change"], next_in=28)
    course.contacts(course.day(13), course.today, chance=1.0)


@scene(60, 66, situations=("discharge",))
def discharge_comes(course: Course, ago: int) -> None:
    """LAB § 167, stk. 2: the support began at the ward; the discharge is still ahead."""
    run(course, begin(course, ago, months=8, discharge_on=course.today + timedelta(days=9)), course.today, chance=1.0)


@scene(120, 200, situations=("discharge",))
def discharged(course: Course, ago: int) -> None:
    first = weekday(course.today - timedelta(days=ago - 28))
    run(course, begin(course, ago, months=9, discharge_on=first + timedelta(days=33)), course.today)


@scene(70, 140, situations=("admitted",))
def admitted(course: Course, ago: int) -> None:
    first = weekday(course.today - timedelta(days=ago - 28))
    run(course, begin(course, ago, admission_on=first - timedelta(days=9)), course.today)


@scene(60, 190, situations=("integration-job", "integration-school"))
def integration(course: Course, ago: int) -> None:
    run(course, begin(course, ago), course.today)


@scene(60, 150, situations=("flexjob",))
def flexjob(course: Course, ago: int) -> None:
    run(course, begin(course, ago), course.today)


@scene(80, 150, situations=("apprentice",))
def outside_section_6(course: Course, ago: int) -> None:
    run(course, begin(course, ago), course.today)


# --- Ended ---
@scene(40, 120)
def refused(course: Course, ago: int) -> None:
    begin(course, ago, "referred")
    phrases = read("phrases.toml")
    row = cases.assess(
        course.case, by=course.caseworker, need=phrases["not_needed"], decisive=False, decisive_reason="", conclusion="refuse",
        target_group=course.group, on=course.day(ago - 9),
    )
    course.hear(ago - 9, "refusal", ago - 11)
    letter = grants.refuse(row, by=course.caseworker, reason=course.rng.choice(phrases["refusal"]), ground="other_support", on=course.day(ago - 12))
    course.deliver()
    if ago % 2:
        row = complaints.register(letter, by=course.caseworker, text=phrases["complaint"], received_on=course.day(ago - 24))
        if ago > 60:
            complaints.reassess(row, by=course.caseworker, outcome="upheld", reason=phrases["reassessed"], on=course.day(ago - 40))


@scene(30, 90)
def cancelled(course: Course, ago: int) -> None:
    begin(course, ago, course.rng.choice(("referred", "assessed", "granted")))
    cases.cancel(course.case, by=course.caseworker, reason=course.rng.choice(read("phrases.toml")["cancel"]), on=course.day(ago - 14))


@scene(190, 330)
def closed(course: Course, ago: int) -> None:
    last = course.today - timedelta(days=course.rng.randint(9, 30))
    if ago < TWO_PERIODS:
        first = begin(course, ago)
        last = min(last, course.grant.end)
        run(course, first, last)
    else:
        two_periods(course, ago, last)
    result = course.rng.choice(("reached", "reached", "reached", "partly", "not"))
    course.close((course.today - last).days - 5, result, after_care=course.rng.random() < 0.4)


@scene(330, 420)
def closed_after_two_periods(course: Course, ago: int) -> None:
    renewed(course, max(ago, 410))
    course.close(5, "partly" if course.rng.random() < 0.4 else "reached", after_care=True)
