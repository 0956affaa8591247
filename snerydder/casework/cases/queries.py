"""Questions about cases. Where a case stands and what is next are in `course`; both are asked for here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.models import Staff, Unit
from snerydder.audit.models import Event
from snerydder.casework.cases.course import Record, Step, last_assessment, last_follow_up, next_step, open_assessment, record, steps
from snerydder.casework.cases.facts import follow_up_bundle, granted_by
from snerydder.casework.cases.history import detail, sentence
from snerydder.casework.cases.models import Case, Closing, Goal, Referral
from snerydder.casework.cases.verdicts import Shown, show
from snerydder.law import judge
from snerydder.ui.formats import dato

__all__ = [
    "Record", "Step", "caseworkers", "chosen", "contacts_to_approve", "goals", "history", "last_assessment", "last_closing", "last_follow_up",
    "next_step", "open_assessment", "record", "referral_of", "steps", "stored_verdicts", "units", "version_of", "weeks_of",
]  # fmt: skip


def history(case: Case, *, limit: int | None = None, contacts: bool = True) -> list[dict[str, Any]]:
    """Everything done in the case, newest first, for ui.timeline: when, who, text, detail. One query, and one when somebody stood in.

    `when` is the day it happened; a day written down later says so.
    """
    found = Event.objects.filter(municipality_id=case.municipality_id, case_id=case.pk).order_by("-id")
    if not contacts:
        found = found.exclude(verb__startswith="contacts.")
    events = list(found[:limit] if limit else found)
    away = {event.behalf_of_id for event in events if event.behalf_of_id}
    names: dict[UUID | None, str] = dict(Staff.objects.filter(pk__in=away).values_list("pk", "name")) if away else {}
    return [_told(event, names) for event in events]


def _told(event: Event, names: dict[UUID | None, str]) -> dict[str, Any]:
    written = timezone.localdate(event.at)
    late = _("skrevet %(day)s") % {"day": dato(written, "lang")} if written > event.on else ""
    said = detail(event.object_type, event.data)
    return {
        "when": event.on, "at": event.at, "verb": event.verb, "who": late,
        "text": sentence(event.verb, event.staff_name, names.get(event.behalf_of_id, "")), "detail": said, "object_id": event.object_id,
    }


def caseworkers(staff: Staff) -> QuerySet[Staff]:
    return scope.rows(Staff, staff).filter(active=True, roles__contains=["caseworker"]).order_by("sort_key")


def units(staff: Staff) -> QuerySet[Unit]:
    return scope.rows(Unit, staff).order_by("name")


def chosen(staff: Staff, ids: Iterable[Any]) -> list[Case]:
    """The cases a person marked in a list, those within reach, with what a confirmation shows."""
    wanted = []
    for each in ids:
        try:
            wanted.append(UUID(str(each)))
        except ValueError:
            continue
    return list(scope.rows(Case, staff).filter(pk__in=wanted).select_related("citizen", "caseworker", "mentor__staff").order_by("number"))


def version_of(case: Case) -> int:
    return Case.objects.values_list("version", flat=True).get(pk=case.pk)


def referral_of(case: Case) -> Referral | None:
    return Referral.objects.filter(case=case).select_related("made_by").first()


def goals(case: Case) -> list[Goal]:
    return list(Goal.objects.filter(case=case).order_by("set_on", "pk"))


def last_closing(case: Case) -> Closing | None:
    return Closing.objects.filter(case=case, reopened=False).select_related("closed_by").order_by("-closed_on").first()


def stored_verdicts(case: Case, step: str, object_id: Any) -> Any:
    return case.verdicts.filter(step=step, object_id=object_id).order_by("check_id")


def contacts_to_approve(case: Case) -> Any:
    """The contacts no follow-up has looked through yet, newest first."""
    found = case.contacts.filter(withdrawn=False).select_related("made_by").order_by("-at")
    return found.filter(day__gt=case.locked_until) if case.locked_until else found


def weeks_of(case: Case, today: date) -> list[dict[str, Any]]:
    """Every week since the start for ui.week_columns, those without contact too."""
    if case.started_on is None:
        return []
    rows: dict[int, Any] = {row["week"]: row for row in case.weeks.values("week", "contacts", "attempts")}
    monday = case.started_on - timedelta(days=case.started_on.weekday())
    found = []
    while monday <= today:
        iso = monday.isocalendar()
        row: dict[str, Any] = rows.get(iso.year * 100 + iso.week, {})
        found.append({"start": monday, "contacts": row.get("contacts", 0), "attempts": row.get("attempts", 0)})
        monday += timedelta(weeks=1)
    return found


@dataclass(frozen=True)
class Delivery:
    """What a follow-up looks at: hours used against granted, silence, and what came since the last one."""

    granted: int
    used: int
    expected: int
    weeks_left: int | None
    weeks: list[dict[str, Any]]
    followed: bool
    since: date | None
    contacts_since: int
    minutes_since: int
    attempts_since: int
    checks: list[Shown]

    @property
    def weeks_without(self) -> int:
        return sum(1 for week in self.weeks if not week["contacts"])


def delivery(case: Case, today: date | None = None, known: Record | None = None) -> Delivery:
    """A fixed number of questions, whatever the length of the case; two fewer when its record is known."""
    day = today or timezone.localdate()
    last, assessment = (known.last_follow_up, known.last_assessment) if known else (last_follow_up(case), last_assessment(case))
    since = last.held_on if last else case.started_on
    found = case.contacts.filter(withdrawn=False)
    if since:
        found = found.filter(day__gt=since) if last else found.filter(day__gte=since)
    sums = found.aggregate(met=Count("pk", filter=~Q(form="tried")), tried=Count("pk", filter=Q(form="tried")), minutes=Sum("counted_minutes"))
    verdicts = judge("follow_up", follow_up_bundle(case, assessment, last, day), day)
    return Delivery(
        granted=case.minutes_granted, used=case.minutes_used, expected=granted_by(case, day),
        weeks_left=max((case.period_end - day).days // 7, 0) if case.period_end else None, weeks=weeks_of(case, day),
        followed=last is not None, since=since,
        contacts_since=sums["met"], minutes_since=sums["minutes"] or 0, attempts_since=sums["tried"],
        checks=[shown for shown in show(verdicts, case, "cases:follow_up") if shown.level != "ok"],
    )
