"""Writing, correcting and deleting contacts. Summary, week rows and the event of a new contact are the database's work
(migration 0002): one INSERT from here, one transaction, nothing half-written.

An entry is what a person wrote once; it is one row for each citizen who was there. All its rows are corrected and deleted
together, so that the shares of its minutes always add up.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.access.permissions import Permission
from snerydder.access.scope import actors
from snerydder.audit.action import Conflict, Refusal, action
from snerydder.audit.events import record
from snerydder.casework.cases.models import Case
from snerydder.casework.contacts.models import Contact, ContactDraft
from snerydder.casework.contacts.rows import insert, insert_own
from snerydder.casework.contacts.weeks import split, week_of
from snerydder.law import help_kinds
from snerydder.ui.formats import dato

LONGEST_NOTE = 10_000
SHARED = ("at", "form", "minutes", "help", "note")  # what all rows of an entry have in common


def contact_id(entry: UUID, case_id: UUID) -> UUID:
    """One entry on the phone is one row for each citizen, with the same id each time it is sent."""
    return uuid5(entry, str(case_id))


def _clean(note: str) -> str:
    return note.replace("\0", "").strip()


def rows_of(
    entry: UUID, cases: Sequence[Case], *, by: Staff, at: datetime, form: str, minutes: int, help: Sequence[str] = (), goal_id: Any = None,
    note: str = "",
) -> list[Contact]:
    """The rows of one entry, not yet saved."""
    if form == Contact.Form.TRIED:
        minutes = 0
    day = timezone.localtime(at).date()
    ordered = sorted(cases, key=lambda case: str(case.pk))
    return [
        Contact(
            id=contact_id(entry, case.pk), municipality_id=case.municipality_id, case=case, mentor_id=case.mentor_id,  # type: ignore[misc]  # `_check_cases` has asked
            entry=entry, made_by=by, at=at,
            day=day, week=week_of(day), form=form, minutes=minutes, counted_minutes=share, together=len(ordered), help=list(help),
            goal_id=goal_id if len(ordered) == 1 else None, note=_clean(note),
        )
        for case, share in zip(ordered, split(minutes, len(ordered)), strict=True)
    ]


@dataclass(frozen=True)
class Logged:
    """What became of an entry: "new", the "same" as before, "corrected", or "withdrawn" since it was first sent."""

    rows: list[Contact]
    how: str
    before: dict[str, Any] = field(default_factory=dict)


def log(entry: UUID, cases: Sequence[Case], *, by: Staff, at: datetime | None = None, **what: Any) -> list[Contact]:
    """Write one contact with one or several citizens. Sending the same entry again changes nothing and gives the same rows.

    `what`: form, minutes, help, goal_id, note. The trigger writes the event, so this verb needs no `@action`.
    """
    return log_entry(entry, cases, by=by, at=at, **what).rows


log.is_action = True  # type: ignore[attr-defined]


def log_entry(
    entry: UUID, cases: Sequence[Case], *, by: Staff, at: datetime | None = None, known: bool | None = None, **what: Any
) -> Logged:
    """As `log`, and tells what became of it. `known`: whether the caller has already seen that the entry is there or is not.

    An entry that comes again with other content is never lost: it becomes a correction, with what it said before in the
    history. With other citizens altogether it is another contact, under an id that follows from the two.
    """
    moment = at or timezone.now()
    _check(cases, moment, **what)
    if known is None:
        known = Contact.objects.filter(entry=entry).exists()
    if not known:
        rows = rows_of(entry, cases, by=by, at=moment, **what)
        with transaction.atomic(savepoint=False):
            if insert(rows) == len(rows):
                return Logged(rows, "new")
    return _again(entry, cases, by=by, at=at, what=what)


log_entry.is_action = True  # type: ignore[attr-defined]


def log_own(entry: UUID, case_id: UUID, *, by: Staff, form: str, minutes: int, help: Sequence[str], note: str) -> UUID | None:
    """The usual contact: just now, with one citizen, on a running case of one's own. One statement, and what `log` writes.

    Its id; None when anything is unusual, and then nothing is written: `log_entry` says what it is.
    """
    now = timezone.now()
    _check_content(now, form, minutes, help, note)
    if form == Contact.Form.TRIED:
        minutes = 0
    with transaction.atomic(savepoint=False):
        return insert_own(
            contact_id(entry, case_id), case_id, entry=entry, by=by.pk, mentors=actors(by), at=now, day=timezone.localtime(now).date(),
            form=form, minutes=minutes, help=list(help), note=_clean(note),
        )  # fmt: skip


log_own.is_action = True  # type: ignore[attr-defined]


def _again(entry: UUID, cases: Sequence[Case], *, by: Staff, at: datetime | None, what: dict[str, Any]) -> Logged:
    stored = list(Contact.objects.filter(entry=entry).select_related("case").order_by("case_id"))
    wanted = {case.pk for case in cases}
    if not wanted & {row.case_id for row in stored} or any(row.made_by_id != by.pk for row in stored):
        return log_entry(uuid5(entry, f"{by.pk} {sorted(map(str, wanted))}"), cases, by=by, at=at, **what)
    live = [row for row in stored if not row.withdrawn]
    if not live:
        return Logged(stored, "withdrawn")
    sent = rows_of(entry, cases, by=by, at=at or live[0].at, **what)
    if [_content(row) for row in live] == [_content(row) for row in sent]:
        return Logged(live, "same")
    before = _content(live[0])
    changes = {name: getattr(sent[0], name) for name in (*SHARED, "goal_id") if getattr(sent[0], name) != getattr(live[0], name)}
    correct(live[0], by=by, reason=_("Sendt igen med andet indhold"), cases=cases, **changes)
    return Logged(list(Contact.objects.filter(entry=entry, withdrawn=False).select_related("case").order_by("case_id")), "corrected", before)


def _content(row: Contact) -> dict[str, Any]:
    return {
        "case": row.case_id, "at": row.at, "form": row.form, "minutes": row.minutes, "help": sorted(row.help), "goal": row.goal_id, "note": row.note,
        "counted": row.counted_minutes,
    }  # fmt: skip


def _check(
    cases: Sequence[Case], at: datetime, *, form: str, minutes: int = 0, help: Sequence[str] = (), note: str = "", goal_id: Any = None
) -> None:
    if not cases:
        raise Refusal(_("Vælg hvem du havde kontakt med."), field="cases")
    _check_content(at, form, minutes, help, note)
    _check_cases(cases, timezone.localtime(at).date())


def _check_cases(cases: Sequence[Case], day: date) -> None:
    for case in cases:
        if case.mentor_id is None:
            raise Refusal(_("Sag %(number)s har ingen mentor endnu.") % {"number": case.number}, mend=_("Vælg mentor på sagen først."), field="cases")
        if case.started_on is None:
            raise Refusal(
                _("Støtten i sag %(number)s er ikke sat i gang.") % {"number": case.number},
                mend=_("Bed koordinatoren om at starte den, så tæller timerne med."), field="cases",
            )
        if case.closed_on and day > case.closed_on:
            raise Refusal(
                _("Sag %(number)s blev afsluttet %(day)s.") % {"number": case.number, "day": dato(case.closed_on)},
                _("Der kan kun skrives kontakter fra før den dag."), _("Ret datoen, eller bed sagsbehandleren om at genåbne sagen."), field="cases",
            )
        if day < case.opened_on:
            raise Refusal(
                _("Borgeren i sag %(number)s blev først henvist %(day)s.") % {"number": case.number, "day": dato(case.opened_on)},
                mend=_("Ret datoen."), field="day",
            )


def _check_content(at: datetime, form: str, minutes: int, help: Sequence[str], note: str) -> None:
    if at > timezone.now() + timedelta(minutes=5):
        raise Refusal(_("Tidspunktet ligger i fremtiden."), mend=_("Ret dato eller klokkeslæt."), field="day")
    if form not in Contact.Form.values:
        raise Refusal(_("Vælg hvordan I havde kontakt."), field="form")
    if form != Contact.Form.TRIED and not 1 <= minutes <= 24 * 60:
        raise Refusal(_("Tiden kan ikke passe."), mend=_("Skriv mellem 1 og 1.440 minutter."), field="minutes")
    if unknown := set(help) - {kind.key for kind in help_kinds()}:
        raise Refusal(_("Der er en slags hjælp, vi ikke kender: %(help)s.") % {"help": ", ".join(sorted(unknown))}, field="help")
    if len(note) > LONGEST_NOTE:
        what, mend = _("Noten er for lang: %(length)s tegn.") % {"length": len(note)}, _("Skriv højst %(most)s tegn.") % {"most": LONGEST_NOTE}
        raise Refusal(what, mend=mend, field="note")


def log_many(rows: Sequence[Contact], *, by: Staff) -> int:
    """The bulk form of `log`, for imports and the demo town: the same trigger, many rows a statement."""
    with transaction.atomic():
        Contact.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
    return len(rows)


log_many.is_action = True  # type: ignore[attr-defined]


def _unless_locked(verb: Any) -> Any:
    @wraps(verb)
    def done(*args: Any, **kwargs: Any) -> Any:
        try:
            with transaction.atomic():
                return verb(*args, **kwargs)
        except IntegrityError as fault:
            if "contact_locked" not in str(fault):
                raise
            raise Refusal(
                _("Kontakten er gennemgået ved en opfølgning og kan ikke ændres."), mend=_("Tal med sagsbehandleren, hvis den er forkert.")
            ) from fault

    return done


@action
@_unless_locked
def correct(contact: Contact, *, by: Staff, reason: str, seen: int | None = None, cases: Sequence[Case] | None = None, **changes: Any) -> Contact:
    """Correct a contact. What it said before stays in the history. `changes`: at, form, minutes, help, goal_id, note.

    The correction holds for the whole entry, and its minutes are shared anew among the citizens. `cases` says who was
    there when that was wrong too. `seen` is the number of corrections the person knew of.
    """
    entry = _rows_of_entries([contact.entry], by)
    rows = [row for row in entry if not row.withdrawn]
    if not rows:
        raise Refusal(_("Kontakten er slettet."), mend=_("Skriv den igen, hvis den skal være der."))
    if seen is not None and any(row.corrections > seen for row in rows):
        raise Conflict(_("En anden har rettet kontakten, siden du åbnede den."), mend=_("Se den igennem, og ret igen, hvis det stadig er rigtigt."))
    if not reason.strip():
        raise Refusal(_("Skriv hvorfor du retter."), field="reason")
    now = {name: changes.get(name, getattr(rows[0], name)) for name in SHARED} | {"goal_id": changes.get("goal_id", contact.goal_id)}
    now["minutes"] = 0 if now["form"] == Contact.Form.TRIED else now["minutes"]
    _check_content(now["at"], now["form"], now["minutes"], now["help"], now["note"])
    there = [row.case for row in rows] if cases is None else list(cases)
    fresh = rows_of(contact.entry, there, by=rows[0].made_by, **now)
    known, changes = {row.case_id: row for row in entry}, {name: value for name, value in changes.items() if getattr(contact, name) != value}
    before = {name: getattr(contact, name) for name in changes}
    _leave([row for row in rows if row.case_id not in {each.case_id for each in fresh}], by, reason)
    for row in fresh:  # the rows of an entry that count carry the same number
        row.corrections = max(row.corrections for row in entry) + 1
    kept = [_taken_over(known[row.case_id], row) for row in fresh if row.case_id in known]
    Contact.objects.bulk_update(kept, [*CORRECTED, "withdrawn"])
    for row in kept:
        record("contacts.correct", row, by=by, case=row.case, reason=reason.strip(), before=before, after=changes)
    insert([row for row in fresh if row.case_id not in known])
    return next((row for row in kept if row.pk == contact.pk), contact)


CORRECTED = ("at", "day", "week", "form", "minutes", "counted_minutes", "together", "help", "goal_id", "note", "corrections")


def _taken_over(old: Contact, new: Contact) -> Contact:
    """What a row says after a correction. Its mentor and who wrote it stay."""
    for name in CORRECTED:
        setattr(old, name, getattr(new, name))
    old.withdrawn = False
    return old


def _rows_of_entries(entries: Collection[UUID], by: Staff) -> list[Contact]:
    """All rows of these entries, also the deleted, locked, if this person may change them."""
    found = Contact.objects.select_for_update(of=("self",)).filter(entry__in=entries).select_related("case", "mentor", "made_by")
    rows = list(found.order_by("case_id", "entry"))
    _may_change(rows, by)
    return rows


def _may_change(rows: Sequence[Contact], by: Staff) -> None:
    """The one who wrote it, the mentor whose contact it is, whoever stands in for them, and the coordinator."""
    if by.may(Permission.COORDINATOR_DESK):
        return
    us = set(actors(by))
    for row in rows:
        if not us & {row.made_by_id, row.mentor.staff_id}:
            name = {"name": row.made_by.name}
            raise Refusal(_("Kontakten er skrevet af %(name)s.") % name, mend=_("Bed %(name)s eller koordinatoren om at rette den.") % name)


@action
@_unless_locked
def withdraw(contacts: Sequence[Contact], *, by: Staff, reason: str = "") -> int:
    """Take back whole entries: the rows stay, marked, and count no more."""
    rows = [row for row in _rows_of_entries({row.entry for row in contacts}, by) if not row.withdrawn]
    if not rows:
        raise Refusal(_("Kontakten er allerede slettet."))
    return _leave(rows, by, reason)


def _leave(rows: Sequence[Contact], by: Staff, reason: str) -> int:
    Contact.objects.filter(pk__in=[row.pk for row in rows]).update(withdrawn=True)
    for row in rows:
        record("contacts.withdraw", row, by=by, case=row.case, reason=reason.strip(), minutes=row.minutes, day=row.day)
    return len(rows)


@action
@_unless_locked
def restore(contacts: Sequence[Contact], *, by: Staff) -> int:
    """A deleted entry counts again, as it was."""
    rows = _rows_of_entries({row.entry for row in contacts}, by)
    if not all(row.withdrawn for row in rows):
        raise Refusal(_("Kontakten er ikke slettet."))
    last = {row.entry: max(each.corrections for each in rows if each.entry == row.entry) for row in rows}
    rows = [row for row in rows if row.corrections == last[row.entry]]  # who was taken out by a correction stays out
    Contact.objects.filter(pk__in=[row.pk for row in rows]).update(withdrawn=False)
    for row in rows:
        record("contacts.restore", row, by=by, case=row.case, minutes=row.minutes, day=row.day)
    return len(rows)


def save_draft(entry: UUID, content: dict[str, Any], *, by: Staff) -> ContactDraft | None:
    """Keep what is typed. A draft is nobody's case yet, so it leaves no event. None when the entry is saved already."""
    if Contact.objects.filter(entry=entry, made_by=by).exists():
        return None
    draft, _made = ContactDraft.objects.update_or_create(
        municipality_id=by.municipality_id, staff=by, entry=entry, defaults={"content": content}
    )
    return draft


def drop_draft(entry: UUID, *, by: Staff) -> None:
    ContactDraft.objects.filter(municipality_id=by.municipality_id, staff=by, entry=entry).delete()
