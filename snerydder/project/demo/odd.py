"""What the night will ask about in the demo: a few planted cases, each with something in the log that does not fit together or looks odd."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from django.db.models import Q

from snerydder.casework.cases.models import Case
from snerydder.casework.contacts import actions as contacts
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.spans import month_of
from snerydder.casework.payments import actions as payments
from snerydder.project.demo.course import Course
from snerydder.project.demo.days import moment, written
from snerydder.project.demo.ids import uuid_from
from snerydder.project.demo.place import Helper, Place, read
from snerydder.project.demo.scenes import begin, change_mentor, run, scene


@scene(120, 150)
def same_note(course: Course, ago: int) -> None:
    """A fixed activity, described in the same words each time."""
    course.notes = [read("phrases.toml")["odd"]["same_note"]]
    run(course, begin(course, ago), course.today)


@scene(110, 140)
def written_late(course: Course, ago: int) -> None:
    """Four contacts were only written when the month was to be approved."""
    run(course, begin(course, ago), course.today - timedelta(days=34))
    contacts.log_many([row for back in (30, 26, 22, 18) for row in course.contact(course.day(back), 60, "met")], by=course.mentor.staff)
    course.contacts(course.day(13), course.today)


@scene(120, 150)
def both_wrote(course: Course, ago: int) -> None:
    """The old mentor and the new met the citizen together, and both wrote the hour."""
    before = course.helper = _own(course)
    run(course, begin(course, ago), course.today - timedelta(days=36))
    after = _own(course, other_than=before)
    for day in (course.day(back) for back in range(34, 20, -1)):
        at = before.days.take(day, moment(day, 10), 60)
        if at and after.days.take(day, at, 60) == at:
            break
    told = {"at": at, "form": "met", "minutes": 60, "help": ["conversation"]}
    contacts.log_many(written(contacts.rows_of(uuid_from(course.rng), [course.fresh()], by=before.mentor.staff, **told)), by=before.mentor.staff)
    back = (course.today - day).days
    change_mentor(course, back, after)
    contacts.log_many(written(contacts.rows_of(uuid_from(course.rng), [course.case], by=course.mentor.staff, **told)), by=course.mentor.staff)
    start = course.day(back - 4)
    course.write(back - 2, start).accept(back - 3).start(start)
    course.contacts(start, course.today)


@scene(110, 140)
def called_after(course: Course, ago: int) -> None:
    """Closed in hindsight, and the mentor had spoken with the citizen meanwhile."""
    course.helper = _own(course)
    run(course, begin(course, ago), course.today - timedelta(days=16))
    contacts.log_many(written(course.contact(course.day(7), 20, "phone")), by=course.mentor.staff)
    course.close(11)


@scene(135, 150)
def exact_weeks(course: Course, ago: int) -> None:
    course.exact, course.steady, course.in_vain = True, 1.0, 0
    run(course, begin(course, ago), course.today)


@scene(100, 130)
def never_heard(course: Course, ago: int) -> None:
    """The citizen comes to no follow-up and remembers nothing when asked."""
    course.in_vain = course.takes_part = 0
    run(course, begin(course, ago), course.today)
    met = Contact.objects.filter(case=course.case, form="met", together=1).select_related("case", "mentor").order_by("-at")
    for row in met[1:3]:
        payments.confirm(row, by=course.caseworker, source="citizen", source_name=course.person.name, answered="unsure")


@scene(110, 130)
def weekend_help(course: Course, ago: int) -> None:
    """The days when school is closed are the hard ones."""
    first = begin(course, ago)
    run(course, first, course.today, chance=0.3)
    saturday = first + timedelta(days=(5 - first.weekday()) % 7)
    days = range((course.today - saturday).days // 7)
    rows = [row for week in days for row in course.contact(saturday + timedelta(days=7 * week), 60, "met")]
    contacts.log_many(written(rows), by=course.mentor.staff)


def _own(course: Course, other_than: Helper | None = None) -> Helper:
    """One of the municipality's own mentors: on the invoices of the others there are faults enough."""
    return min((each for each in course.place.helpers if not each.mentor.employer and each is not other_than), key=lambda each: each.fullness)


def bursts(place: Place, today: date, rng: Random) -> None:
    """The last working days of the month are full, for the one who has that habit."""
    end = today.replace(day=1) - timedelta(days=1)
    days = [day for day in (end - timedelta(days=back) for back in range(6)) if day.weekday() < 5][:3]
    for helper in place.helpers:
        cases = _met_then(helper, days[-1])
        if helper.habit == "month_end" and cases:
            rows = [row for day in days for hour in range(7, 20) for row in _meeting(helper, rng.choice(cases), day, hour, rng)]
            contacts.log_many(written(rows), by=helper.mentor.staff)


def _met_then(helper: Helper, day: date) -> list[Case]:
    return list(Case.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day + timedelta(days=6)), mentor=helper.mentor, started_on__lte=day).order_by("number"))


def _meeting(helper: Helper, case: Case, day: date, hour: int, rng: Random) -> list[Contact]:
    at = helper.days.take(day, moment(day, hour), 60)
    return contacts.rows_of(uuid_from(rng), [case], by=helper.mentor.staff, at=at, form="met", minutes=60, help=["conversation"]) if at else []


def raise_one(place: Place, today: date) -> None:
    """Last month is approved, and one of its contacts is made longer: the approval falls, and the night asks why."""
    if len(place.helpers) < 2 or place.cast is None:
        return
    helper, span = place.helpers[1], month_of(today.replace(day=1)).moved(-1)
    rows = Contact.objects.filter(mentor=helper.mentor, form="met", withdrawn=False, together=1, minutes__gt=0, day__range=(span.first, span.last))
    free = rows.filter(Q(case__locked_until__isnull=True) | Q(case__locked_until__lt=span.first)).order_by("-at", "id")
    for row in free.select_related("case"):
        if helper.days.longer(row.at, row.minutes, 30):
            contacts.correct(row, by=helper.mentor.staff, reason=read("phrases.toml")["odd"]["raised"], minutes=row.minutes + 30)
            return
