"""The mentor's own pages: who is silent, what waits, and of a citizen only what the work needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.agreements import queries as agreements
from snerydder.casework.agreements.sheet import TaskLine, task_lines, tasks_of
from snerydder.casework.cases import queries as cases
from snerydder.casework.cases.models import Case
from snerydder.casework.contacts import queries as contacts
from snerydder.casework.payments import sheets
from snerydder.casework.questions import queries as questions
from snerydder.casework.questions import told
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
    stands_in_for: str = ""  # whose citizen it is, when not one's own

    @property
    def phone(self) -> str:
        return self.case.citizen.phone


def person(case: Case, law: Law, stands_in_for: str = "") -> Person:
    days = caselist.days_silent(case, law.day)
    hours = hours_sentence(case.minutes_granted, case.minutes_used, weeks_left(case, law.day)) if case.minutes_granted else ""
    silent = days is not None and days > law.value("norm.contact_days")
    late = days is not None and days > law.value("norm.silent_days")
    return Person(case, caselist.silence(case, law.day), hours, silent, late, stands_in_for)


def weeks_left(case: Case, day: date) -> int | None:
    return max((case.period_end - day).days // 7, 0) if case.period_end else None


def desk(staff: Staff) -> dict[str, Any]:
    law = law_today()
    mine = contacts.my_cases(staff, law.day)
    scope.seen(staff, (row.case.citizen_id for row in mine), purpose=_("Mentors egne borgere"), page="desks:mentor")
    people = [person(row.case, law, row.stands_in_for) for row in mine if row.can_log]
    return {
        "day": law.day, "silent": [each for each in people if each.is_silent], "people": people,
        "coming": [row.case for row in mine if not row.can_log], "awaiting": list(agreements.awaiting_my_yes(staff)),
        "drafts": contacts.drafts_of(staff), "sheets": sheets.waiting(staff, law.day), "days": law.value("norm.contact_days"),
        "questions": [(row, told.name(row), told.seen(row)) for row in questions.to_answer(staff)],
    }  # fmt: skip


def citizen_view(case: Case, staff: Staff) -> dict[str, Any]:
    law = law_today()
    agreement = agreements.current(case)
    follow_up = cases.last_follow_up(case)
    goals = [goal for goal in cases.goals(case) if goal.result == "open"]
    return {
        "case": case, "day": law.day, "person": person(case, law), "weeks_left": weeks_left(case, law.day), "goals": goals, "agreement": agreement,
        "tasks": _tasks(agreement), "follow_up": follow_up, "contacts": list(contacts.contacts_of(case, casepage.LAST_CONTACTS)),
        "help_names": casepage.help_names(),
    }  # fmt: skip


def _tasks(agreement: Any) -> Sequence[TaskLine]:
    return task_lines(agreement.mentor, law_today().day, tasks_of(agreement)) if agreement else ()
