"""The mentor's own pages: who is silent, what waits, and of a citizen only what the work needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.agreements import queries as agreements
from snerydder.casework.agreements.sheet import TaskLine, task_lines, tasks_of
from snerydder.casework.cases import queries as cases
from snerydder.casework.cases.models import OPEN, Case
from snerydder.casework.contacts.models import ContactDraft
from snerydder.desks import caselist, casepage
from snerydder.desks.selection import law_today
from snerydder.law.rulebook import Law
from snerydder.ui.figures import hours_sentence


@dataclass(frozen=True)
class Person:
    """One citizen as the mentor's list shows them."""

    case: Case
    silence: str
    hours: str
    is_silent: bool
    is_late: bool  # longer than the municipality calls silent

    @property
    def phone(self) -> str:
        return self.case.citizen.phone


def own_cases(staff: Staff) -> list[Case]:
    """Open cases where this person, or somebody this person stands in for, is the mentor; the longest silent first."""
    found = caselist.with_names(scope.rows(Case, staff)).only(*caselist.SHOWN, "period_end", "citizen__phone", "mentor__staff_id")
    found = found.filter(OPEN, mentor__staff__in=scope.actors(staff))
    return list(found.order_by(Coalesce("last_contact_on", "started_on").asc(nulls_last=True), "number"))


def person(case: Case, law: Law) -> Person:
    days = caselist.days_silent(case, law.day)
    hours = hours_sentence(case.minutes_granted, case.minutes_used, weeks_left(case, law.day)) if case.minutes_granted else ""
    silent = days is not None and days > law.value("norm.contact_days")
    return Person(case, caselist.silence(case, law.day), hours, silent, days is not None and days >= law.value("norm.silent_days"))


def weeks_left(case: Case, day: date) -> int | None:
    """Begun weeks until the period ends."""
    return max(-(-((case.period_end - day).days + 1) // 7), 0) if case.period_end else None


def desk(staff: Staff) -> dict[str, Any]:
    law = law_today()
    mine = own_cases(staff)
    scope.seen(staff, (case.citizen_id for case in mine), purpose=_("Mentors egne borgere"), page="desks:mentor")
    people = [person(case, law) for case in mine if case.started_on]
    return {
        "day": law.day, "silent": [each for each in people if each.is_silent], "people": people,
        "coming": [case for case in mine if not case.started_on], "awaiting": list(agreements.awaiting_my_yes(staff)), "drafts": drafts(staff),
        "days": law.value("norm.contact_days"),
    }  # fmt: skip


def drafts(staff: Staff) -> list[ContactDraft]:
    return list(scope.rows(ContactDraft, staff).filter(staff=staff).order_by("-saved_at")[:5])


def citizen_view(case: Case, staff: Staff) -> dict[str, Any]:
    law = law_today()
    agreement = agreements.current(case)
    follow_up = cases.last_follow_up(case)
    goals = [goal for goal in cases.goals(case) if goal.result == "open"]
    return {
        "case": case, "day": law.day, "person": person(case, law), "weeks_left": weeks_left(case, law.day), "goals": goals, "agreement": agreement,
        "tasks": _tasks(agreement), "follow_up": follow_up, "contacts": casepage.last_contacts(case), "help_names": casepage.help_names(),
    }  # fmt: skip


def _tasks(agreement: Any) -> Sequence[TaskLine]:
    return task_lines(agreement.mentor, law_today().day, tasks_of(agreement)) if agreement else ()
