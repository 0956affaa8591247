"""Contacts as pages show them: one line an entry, whoever was there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from snerydder.access.models import Staff
from snerydder.audit.models import Event
from snerydder.casework.cases.models import Case, Goal
from snerydder.casework.cases.moving import describe
from snerydder.casework.contacts import queries, saving
from snerydder.casework.contacts.forms import USUAL_MINUTES
from snerydder.casework.contacts.models import Contact, ContactDraft
from snerydder.law import help_kinds
from snerydder.ui.formats import dato, klokken, timer

DID = {
    "met": gettext_lazy("Mødtes med %(who)s"), "phone": gettext_lazy("Ringede med %(who)s"), "sms": gettext_lazy("Skrev med %(who)s"),
    "tried": gettext_lazy("Forsøgte forgæves at få fat i %(who)s"),
}  # fmt: skip


@dataclass(frozen=True)
class EntryLine:
    entry: UUID
    pk: Any  # of its first row, for the addresses of its verbs
    at: datetime
    names: tuple[str, ...]
    form: str
    minutes: int
    help: tuple[str, ...]
    goal: str
    note: str
    made_by: str
    corrections: int
    locked_until: date | None

    @property
    def who(self) -> str:
        return joined(self.names)

    @property
    def did(self) -> str:
        """Mødtes med Amina Y. og Bo K., 45 min"""
        said = str(DID[self.form]) % {"who": self.who}
        return f"{said}, {timer(self.minutes)}" if self.minutes else said

    @property
    def when(self) -> str:
        return f"{dato(self.at)} {klokken(self.at)}"


def joined(names: Sequence[str]) -> str:
    return _(" og ").join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def lines(rows: Iterable[Contact]) -> list[EntryLine]:
    """`rows` stand entry by entry."""
    names = {kind.key: _(kind.name) for kind in help_kinds()}
    return [_line(list(group), names) for _entry, group in groupby(rows, key=lambda row: row.entry)]


def _line(rows: list[Contact], names: dict[str, str]) -> EntryLine:
    row = rows[0]
    locks = [each.case.locked_until for each in rows if each.case.locked_until and each.day <= each.case.locked_until]
    return EntryLine(
        row.entry, row.pk, row.at, tuple(each.case.citizen.alias for each in rows), row.form, row.minutes,
        tuple(names.get(kind, kind) for kind in row.help), row.goal.text if row.goal else "", row.note, row.made_by.name, row.corrections,
        max(locks, default=None),
    )  # fmt: skip


def locked_sentence(line: EntryLine) -> str:
    if line.locked_until is None:
        return ""
    return _("Kontakten er gennemgået ved opfølgningen %(day)s og kan ikke ændres.") % {"day": dato(line.locked_until, "lang")}


def week_line(week: queries.Week, own: bool, name: str = "") -> str:
    """Din uge: 5 kontakter, 4 t 15 min."""
    said = ngettext("%(count)s kontakt", "%(count)s kontakter", week.contacts) % {"count": week.contacts}
    parts = [said, timer(week.minutes)]
    if week.attempts:
        parts.append(ngettext("%(count)s forsøg forgæves", "%(count)s forsøg forgæves", week.attempts) % {"count": week.attempts})
    whose = _("Din uge") if own else _("%(name)s i denne uge") % {"name": name}
    return f"{whose}: {', '.join(parts)}."


@dataclass(frozen=True)
class Saved:
    """The one line after *Gem*, and quietly what usually comes next."""

    line: EntryLine
    week: str
    note: str  # something to know, such as attempts in vain in a row
    next_case: Any  # the one longest without contact, when that is more than a week
    next_text: str


def saved(staff: Staff, rows: Sequence[Contact]) -> Saved | None:
    if not rows:
        return None
    line = lines(rows)[0]
    mentors = {row.mentor_id for row in rows}
    own = all(row.mentor.staff_id == staff.pk for row in rows)
    here = {row.case_id for row in rows}
    first = next((row for row in queries.my_cases(staff) if row.silent_days and row.silent_days > 7 and row.case.pk not in here), None)
    text = _("%(name)s: ingen kontakt i %(days)s dage") % {"name": first.case.citizen.alias, "days": first.silent_days} if first else ""
    return Saved(line, week_line(queries.week_sum(mentors, rows[0].day), own, rows[0].mentor.name), _tries(rows), first.case if first else None, text)


def _tries(rows: Sequence[Contact]) -> str:
    """When the tries agreed on have been made, the caseworker is to know."""
    if rows[0].form != Contact.Form.TRIED or len(rows) > 1:
        return ""
    agreed, made = queries.agreed_tries(rows[0].case), queries.attempts_in_a_row(rows[0].case)
    if not agreed or made < agreed:
        return ""
    return _("Det er %(made)s forgæves forsøg i træk. Ifølge aftalen giver du nu sagsbehandleren besked.") % {"made": made}


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def my_week(staff: Staff) -> str:
    mentors = queries.mentors_of(staff)
    return week_line(queries.week_sum(mentors, timezone.localdate()), True) if mentors else ""


@dataclass(frozen=True)
class DraftLine:
    entry: UUID
    said: str


@dataclass(frozen=True)
class Again:
    """What a person usually does is what was done last time: one tap instead of three."""

    said: str
    form: str
    minutes: str  # the tile
    other_minutes: int | None
    help: str  # the tiles, with a space between


@dataclass(frozen=True)
class FormPage:
    cases: list[Case]
    usual: list[str]
    goals: list[Goal]
    drafts: list[DraftLine]
    initial: dict[str, Any]
    fresh: bool  # the phone may make an id of its own: nothing is known under this one
    wanted: Case | None  # the one asked for in the address
    again: Again | None


def form_page(staff: Staff, case_id: str, draft_id: str, sent: Sequence[str] = ()) -> FormPage:
    """Whom and what one can choose. Five to seven queries. `sent`: the cases of a form that could not be saved."""
    wanted = as_uuid(case_id)
    cases = queries.to_choose(staff, {pk for pk in (wanted, *map(as_uuid, sent)) if pk})
    asked = next((case for case in cases if case.pk == wanted), None)
    drafts = queries.drafts_of(staff)
    resumed = next((each for each in drafts if str(each.entry) == draft_id), None)
    initial: dict[str, Any] = {"entry": resumed.entry if resumed else uuid4()}
    if resumed:
        initial |= _since(resumed) | saving.initial_of(resumed.content)
    elif asked or len(cases) == 1:
        initial["cases"] = [str((asked or cases[0]).pk)]
    usual = queries.usual_help({case.mentor_id for case in cases if case.mentor and case.mentor.staff_id == staff.pk} or {c.mentor_id for c in cases})
    goals = queries.goals_of([asked] if asked else cases)
    return FormPage(cases, usual, goals, [] if resumed else [_draft_line(each, cases) for each in drafts], initial, resumed is None, asked, _again(asked) if asked else None)


def _again(case: Case) -> Again | None:
    last = queries.last_with(case)
    if last is None:
        return None
    names = {kind.key: _(str(kind.name)) for kind in help_kinds()}
    said = ", ".join([str(last.get_form_display()), timer(last.minutes), *(names.get(kind, kind) for kind in last.help)])
    usual = last.minutes in USUAL_MINUTES
    return Again(said, last.form, str(last.minutes) if usual else "other", None if usual else last.minutes, " ".join(last.help))


def _since(draft: ContactDraft) -> dict[str, Any]:
    """A draft of another day speaks of that day, not of now."""
    at = timezone.localtime(draft.saved_at)
    return {} if at.date() == timezone.localdate() else {"day": at.date(), "time": at.time()}


def _draft_line(draft: ContactDraft, cases: Sequence[Case]) -> DraftLine:
    names = {str(case.pk): case.citizen.alias for case in cases}
    who = joined([names[pk] for pk in draft.content.get("cases", ()) if pk in names])
    day = "" if timezone.localtime(draft.saved_at).date() == timezone.localdate() else dato(draft.saved_at) + " "
    when = {"when": f"{day}{klokken(draft.saved_at)}", "who": who}
    return DraftLine(draft.entry, _("Du har en kladde om %(who)s fra %(when)s.") % when if who else _("Du har en kladde fra %(when)s.") % when)


@dataclass(frozen=True)
class CorrectPage:
    line: EntryLine
    usual: list[str]
    goals: list[Goal]
    initial: dict[str, Any]
    history: list[dict[str, Any]]
    locked: str


def correct_page(contact: Contact, staff: Staff) -> CorrectPage:
    rows = queries.entry_of(staff, contact.entry, withdrawn=contact.withdrawn) or [contact]
    line = lines(rows)[0]
    at = timezone.localtime(contact.at)
    usual_minutes = str(contact.minutes) if contact.minutes in USUAL_MINUTES else "other"
    initial = {
        "form": contact.form, "minutes": usual_minutes if contact.minutes else None,
        "other_minutes": contact.minutes if usual_minutes == "other" and contact.minutes else None,
        "help": contact.help, "goal": contact.goal_id, "note": contact.note, "day": at.date(), "time": at.time(), "seen": contact.corrections,
    }  # fmt: skip
    goals = queries.goals_of([contact.case]) if contact.together == 1 else []
    history = [_change(event) for event in queries.corrections_of(contact)]
    return CorrectPage(line, queries.usual_help([contact.mentor_id]), goals, initial, history, locked_sentence(line))


def _change(event: Event) -> dict[str, Any]:
    """One line of the history: what it said before, in words."""
    before = event.data.get("before") or {}
    said = [f"{label}: {_value(name, before[name])}" for name, label in NAMES.items() if name in before]
    detail = "; ".join(part for part in (event.data.get("reason", ""), _("Før: %(what)s") % {"what": ", ".join(said)} if said else "") if part)
    return {"when": event.at, "who": event.staff_name, "text": describe(event.verb).capitalize(), "detail": detail}


NAMES = {
    "form": gettext_lazy("hvordan"), "minutes": gettext_lazy("minutter"), "help": gettext_lazy("hjælp"), "note": gettext_lazy("note"),
    "at": gettext_lazy("hvornår"),
}  # fmt: skip


def _value(name: str, value: Any) -> str:
    if name == "form":
        return str(Contact.Form(value).label)
    if name == "help":
        names = {kind.key: _(kind.name) for kind in help_kinds()}
        return ", ".join(names.get(kind, kind) for kind in value) or _("ingen")
    if name == "at":
        at = datetime.fromisoformat(value)
        return f"{dato(at)} {klokken(at)}"
    return str(value) or _("tom")
