"""Supervision of the mentors: agreed for a day, for several at once, and written down as held when it was."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.casework.people.models import Course, Mentor

SUPERVISION = Course.Kind.SUPERVISION


@action
def plan(mentors: Sequence[Mentor], *, by: Staff, held_on: date, title: str = "", hours: Any = None, on: date | None = None) -> list[Course]:
    """The same day for each of them. A day that has been is not a plan."""
    if not mentors:
        raise Refusal(_("Vælg mindst én mentor."), field="mentors")
    if held_on < (on or timezone.localdate()):
        raise Refusal(_("Dagen er gået."), mend=_("Er supervisionen holdt, så skriv den hos mentoren."), field="held_on")
    told = {"held_on": held_on, "kind": SUPERVISION, "hours": hours, "planned": True}
    rows = [Course.objects.create(municipality_id=by.municipality_id, mentor=mentor, title=title.strip() or _("Supervision"), **told) for mentor in mentors]
    for row in rows:
        record("people.plan_supervision", row, by=by, on=held_on, mentor=row.mentor.name, title=row.title)
    return rows


@action
def hold(row: Course, *, by: Staff, held: bool = True, on: date | None = None) -> Course:
    """What was planned took place; or, when that was a mistake, it is a plan again."""
    if row.planned != held:
        raise Conflict(_("Det er allerede skrevet."))
    if held and row.held_on > (on or timezone.localdate()):
        raise Refusal(_("Dagen er ikke kommet endnu."), mend=_("Er den flyttet frem, så fjern aftalen, og skriv den dag, den blev holdt."))
    row.planned = not held
    row.save(update_fields=["planned"])
    record("people.hold_course", row, by=by, on=row.held_on, mentor=row.mentor.name, title=row.title, held=held)
    return row
