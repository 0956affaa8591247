"""Questions about contacts. Every one is a fixed number of queries, whatever the number of citizens."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.audit.models import Event
from snerydder.casework.agreements.models import Agreement
from snerydder.casework.agreements.states import AgreementState
from snerydder.casework.cases.models import OPEN, Case, Goal
from snerydder.casework.contacts.models import CaseWeek, Contact, ContactDraft
from snerydder.casework.contacts.weeks import monday, week_of, weeks_between
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.states import GrantState
from snerydder.casework.people.models import Mentor
from snerydder.law import rulebook

KEPT_DRAFTS = timedelta(days=30)
LISTED = timedelta(weeks=4)


@dataclass(frozen=True)
class MyCase:
    """One of a mentor's cases, with the days since there was contact, counted from the start when there was none."""

    case: Case
    silent_days: int | None  # None: the support has not begun
    never: bool  # no contact yet
    stands_in_for: str  # whose case it is, when it is another's

    @property
    def can_log(self) -> bool:
        return self.case.started_on is not None


def my_cases(staff: Staff, on: date | None = None) -> list[MyCase]:
    """Open cases where the person, or someone the person stands in for, is the mentor: longest silent first."""
    day = on or timezone.localdate()
    names = {row.away_id: row.away.name for row in staff.stands_in_for}
    found = Case.objects.filter(OPEN, municipality=staff.municipality_id, mentor__staff__in=scope.actors(staff))
    ordered = found.order_by(Coalesce("last_contact_on", "started_on").asc(nulls_last=True), "number")
    rows = [_mine(case, day, names) for case in ordered.select_related("citizen", "mentor__staff")]
    return sorted(rows, key=lambda row: row.silent_days is None)


def _mine(case: Case, day: date, names: dict[Any, str]) -> MyCase:
    since = case.last_contact_on or case.started_on
    assert case.mentor is not None
    return MyCase(case, (day - since).days if since else None, case.last_contact_on is None, names.get(case.mentor.staff_id, ""))


def to_choose(staff: Staff, extra: Collection[UUID] = ()) -> list[Case]:
    """Whom a contact can be with: own running cases, last used first, and before them others within reach that were asked for."""
    own = Case.objects.filter(OPEN, municipality=staff.municipality_id, mentor__staff__in=scope.actors(staff), started_on__isnull=False)
    rows = list(own.select_related("citizen", "mentor__staff").order_by(F("last_contact_on").desc(nulls_last=True), "number"))
    others = set(extra) - {case.pk for case in rows}
    if others:
        rows = list(scope.rows(Case, staff).filter(pk__in=others).select_related("citizen", "mentor__staff").order_by("number")) + rows
    return rows


def chosen(staff: Staff, ids: Collection[UUID], entry: UUID) -> tuple[list[Case], bool]:
    """The cases of an entry that are within reach, and whether the entry is known already: one query."""
    known = Exists(Contact.objects.filter(entry=entry))
    found: list[Any] = list(scope.rows(Case, staff).filter(pk__in=ids).annotate(known=known))
    return found, any(case.known for case in found)


def last_with(case: Case) -> Contact | None:
    """The last time somebody answered."""
    return Contact.objects.filter(case=case, withdrawn=False).exclude(form=Contact.Form.TRIED).order_by("-at").first()


def usual_help(mentors: Collection[Any]) -> list[str]:
    """The kinds of help these mentors give, most used first, from their last two hundred contacts."""
    last = Contact.objects.filter(mentor__in=mentors, withdrawn=False).order_by("-day").values_list("help", flat=True)[:200]
    return [kind for kind, _count in Counter(kind for kinds in last for kind in kinds).most_common()]


def goals_of(cases: Sequence[Case]) -> list[Goal]:
    """Goals still open in these cases, in the order of the cases."""
    rows = Goal.objects.filter(case__in=cases, result=Goal.Result.OPEN).select_related("case__citizen").order_by("set_on", "pk")
    place = {case.pk: number for number, case in enumerate(cases)}
    return sorted(rows, key=lambda goal: place[goal.case_id])


def contacts_of(case: Case, limit: int | None = None) -> QuerySet[Contact]:
    """The contacts of a case, newest first, without the deleted."""
    rows = Contact.objects.filter(case=case, withdrawn=False).select_related("goal", "made_by", "mentor__staff", "case")
    ordered = rows.order_by("-at", "-written_at")
    return ordered[:limit] if limit else ordered


def weeks_of(case: Case, on: date | None = None) -> list[dict[str, Any]]:
    """Every week from the start to today or the closing, also those without contact, for `ui.week_columns`."""
    day = on or timezone.localdate()
    counted = ("contacts", "attempts", "minutes")
    known = {week: numbers for week, *numbers in CaseWeek.objects.filter(case=case).values_list("week", *counted)}
    first = min((each for each in (case.started_on, monday(min(known)) if known else None) if each), default=None)
    if first is None:
        return []
    nothing = (0, 0, 0)
    weeks = weeks_between(first, max(case.closed_on or day, monday(max(known)) if known else first))
    return [{"start": monday(week)} | dict(zip(counted, known.get(week, nothing), strict=True)) for week in weeks]


@dataclass(frozen=True)
class Hours:
    """Minutes of the period that counts. `expected`: what would have been used by today at an even pace."""

    granted: int
    used: int
    expected: int
    weeks_left: int


def hours_of(case: Case, on: date | None = None) -> Hours | None:
    """Granted and used in the period running on the day, else the next, else the last. One or two queries."""
    day = on or timezone.localdate()
    grants = list(Grant.objects.filter(case=case, state__in=[GrantState.DECIDED, GrantState.STOPPED], start__isnull=False, end__isnull=False))
    if not grants:
        return None
    grant = min(grants, key=lambda each: _nearness(each, day))
    assert grant.start and grant.end
    rows = Contact.objects.filter(case=case, withdrawn=False, day__range=(grant.start, grant.end))
    gone = max(0, (min(day, grant.end) - grant.start).days + 1)
    left = max(0, (grant.end - max(day, grant.start)).days) // 7
    return Hours(grant.total_minutes, rows.aggregate(used=Sum("counted_minutes"))["used"] or 0, round(grant.total_minutes * gone / grant.days), left)


def _nearness(grant: Grant, day: date) -> tuple[int, int]:
    assert grant.start and grant.end
    kind = 0 if grant.start <= day <= grant.end else 1 if grant.start > day else 2
    return kind, abs((grant.start - day).days)


def silent(staff: Staff, days: int | None = None, on: date | None = None) -> QuerySet[Case]:
    """Running cases within reach without contact for so many days, or since the start; longest silent first."""
    day = on or timezone.localdate()
    since = day - timedelta(days=days if days is not None else rulebook.on(day).value("norm.silent_days"))
    quiet = Q(last_contact_on__lt=since) | Q(last_contact_on__isnull=True, started_on__lt=since)
    rows = scope.rows(Case, staff).filter(OPEN, quiet, started_on__isnull=False)
    return rows.order_by(Coalesce("last_contact_on", "started_on"), "number")


@dataclass(frozen=True)
class Week:
    contacts: int
    minutes: int
    attempts: int


def week_sum(mentors: Collection[Any], day: date) -> Week:
    """What these mentors wrote for the ISO week of the day. A meeting with several citizens is one contact."""
    first = monday(week_of(day))
    rows = Contact.objects.filter(mentor__in=mentors, withdrawn=False, day__range=(first, first + timedelta(days=6)))
    listed = list(rows.values_list("entry", "form", "counted_minutes"))
    met = {entry for entry, form, _minutes in listed if form != Contact.Form.TRIED}
    tried = {entry for entry, form, _minutes in listed if form == Contact.Form.TRIED}
    return Week(len(met), sum(minutes for _entry, _form, minutes in listed), len(tried))


def recent(staff: Staff, on: date | None = None) -> QuerySet[Contact]:
    """What was written for the person's own citizens the last four weeks, newest first."""
    day = on or timezone.localdate()
    rows = Contact.objects.filter(municipality=staff.municipality_id, mentor__staff__in=scope.actors(staff), day__gte=day - LISTED, withdrawn=False)
    return rows.select_related("case__citizen", "made_by", "goal", "mentor").order_by("-at", "entry", "case__number")


def entry_of(staff: Staff, entry: UUID, *, withdrawn: bool = False) -> list[Contact]:
    """The rows of one entry within the person's reach."""
    rows = scope.rows(Contact, staff).filter(entry=entry, withdrawn=withdrawn)
    return list(rows.select_related("case__citizen", "made_by", "goal", "mentor__staff").order_by("case__number"))


def attempts_in_a_row(case: Case) -> int:
    """Attempts in vain since there last was contact."""
    rows = Contact.objects.filter(case=case, withdrawn=False, form=Contact.Form.TRIED)
    return rows.filter(day__gt=case.last_contact_on).count() if case.last_contact_on else rows.count()


def corrections_of(contact: Contact) -> list[Event]:
    """What the contact said before, newest first."""
    rows = Event.objects.filter(municipality_id=contact.municipality_id, case_id=contact.case_id, object_id=contact.pk)
    return list(rows.exclude(verb="contacts.log").order_by("-id"))


def drafts_of(staff: Staff, now: datetime | None = None) -> list[ContactDraft]:
    """What the person began to write and has not saved, newest first."""
    since = (now or timezone.now()) - KEPT_DRAFTS
    return list(ContactDraft.objects.filter(municipality=staff.municipality_id, staff=staff, saved_at__gte=since).order_by("-saved_at")[:5])


def draft_of(staff: Staff, entry: UUID) -> ContactDraft | None:
    return ContactDraft.objects.filter(municipality=staff.municipality_id, staff=staff, entry=entry).first()


def is_goal_of(goal_id: UUID, case: Case) -> bool:
    return Goal.objects.filter(pk=goal_id, case=case).exists()


def stored(ids: Collection[UUID]) -> list[Contact]:
    """Read back from the database."""
    return list(Contact.objects.filter(pk__in=ids))


def agreed_tries(case: Case) -> int:
    """After how many attempts in vain the caseworker is told, by the agreement that runs. 0 when none does."""
    return Agreement.objects.filter(case=case, state=AgreementState.ACTIVE).values_list("tries", flat=True).first() or 0


def mentors_of(staff: Staff) -> list[Any]:
    """The person's own mentor profile, if any, as ids."""
    return list(Mentor.objects.filter(staff=staff).values_list("pk", flat=True))
