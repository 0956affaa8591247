"""Writing, correcting and deleting contacts. Summary, week rows and the event of a new contact are the database's work
(migration 0002): one INSERT from here, one transaction, nothing half-written."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.casework.cases.models import Case
from snerydder.casework.contacts.models import Contact, ContactDraft
from snerydder.casework.contacts.weeks import split, week_of


def contact_id(entry: UUID, case_id: UUID) -> UUID:
    """One entry on the phone is one row for each citizen, with the same id each time it is sent."""
    return uuid5(entry, str(case_id))


def rows_of(
    entry: UUID, cases: Sequence[Case], *, by: Staff, at: datetime, form: str, minutes: int, help: Sequence[str] = (), goal_id: Any = None, note: str = ""
) -> list[Contact]:
    """The rows of one entry, not yet saved."""
    if form == Contact.Form.TRIED:
        minutes = 0
    day = timezone.localtime(at).date()
    ordered = sorted(cases, key=lambda case: str(case.pk))
    return [
        Contact(
            id=contact_id(entry, case.pk), municipality_id=case.municipality_id, case=case, mentor_id=case.mentor_id, entry=entry, made_by=by, at=at,
            day=day, week=week_of(day), form=form, minutes=minutes, counted_minutes=share, together=len(ordered), help=list(help),
            goal_id=goal_id if len(ordered) == 1 else None, note=note.strip(),
        )
        for case, share in zip(ordered, split(minutes, len(ordered)), strict=True)
    ]


def log(entry: UUID, cases: Sequence[Case], *, by: Staff, at: datetime | None = None, **what: Any) -> list[Contact]:
    """Write one contact with one or several citizens. Sending the same entry again changes nothing and gives the same rows.

    `what`: form, minutes, help, goal_id, note. The trigger writes the event, so this verb needs no `@action`.
    """
    moment = at or timezone.now()
    _check(cases, moment, by)
    rows = rows_of(entry, cases, by=by, at=moment, **what)
    with transaction.atomic():
        made = Contact.objects.bulk_create(rows, ignore_conflicts=True)
    return made


log.is_action = True  # type: ignore[attr-defined]


def _check(cases: Sequence[Case], at: datetime, by: Staff) -> None:
    if not cases:
        raise Refusal(_("Vælg hvem du havde kontakt med."), field="cases")
    if at > timezone.now() + timedelta(minutes=5):
        raise Refusal(_("Tidspunktet ligger i fremtiden."), mend=_("Ret dato eller klokkeslæt."), field="at")
    for case in cases:
        if case.mentor_id is None:
            raise Refusal(_("Sag %(number)s har ingen mentor endnu.") % {"number": case.number}, mend=_("Vælg mentor på sagen først."), field="cases")
        if case.started_on is None:
            raise Refusal(
                _("Støtten i sag %(number)s er ikke sat i gang.") % {"number": case.number},
                mend=_("Bed koordinatoren om at starte den, så tæller timerne med."), field="cases",
            )


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
def correct(contact: Contact, *, by: Staff, reason: str, **changes: Any) -> Contact:
    """Correct a contact. What it said before stays in the history. `changes`: at, form, minutes, help, goal_id, note."""
    if "at" in changes and changes["at"] > timezone.now() + timedelta(minutes=5):
        raise Refusal(_("Tidspunktet ligger i fremtiden."), mend=_("Ret dato eller klokkeslæt."), field="at")
    before = {field: getattr(contact, field) for field in changes}
    for field, value in changes.items():
        setattr(contact, field, value)
    if contact.form == Contact.Form.TRIED:
        contact.minutes = 0
    day = timezone.localtime(contact.at).date()
    contact.day, contact.week, contact.corrections = day, week_of(day), contact.corrections + 1
    shares = split(contact.minutes, contact.together)
    contact.counted_minutes = min(shares[0], contact.minutes)
    contact.save()
    record("contacts.correct", contact, by=by, case=contact.case, reason=reason, before=before, after=changes)
    return contact


@action
@_unless_locked
def withdraw(contacts: Sequence[Contact], *, by: Staff, reason: str = "") -> int:
    """Take back an entry: the rows stay, marked, and count no more."""
    for contact in contacts:
        contact.withdrawn = True
        contact.save(update_fields=["withdrawn"])
        record("contacts.withdraw", contact, by=by, case=contact.case, reason=reason, minutes=contact.minutes, day=contact.day)
    return len(contacts)


def save_draft(entry: UUID, content: dict[str, Any], *, by: Staff) -> ContactDraft:
    """Keep what is typed. A draft is nobody's case yet, so it leaves no event."""
    draft, _made = ContactDraft.objects.update_or_create(
        municipality_id=by.municipality_id, staff=by, entry=entry, defaults={"content": content}
    )
    return draft


def drop_draft(entry: UUID, *, by: Staff) -> None:
    ContactDraft.objects.filter(municipality_id=by.municipality_id, staff=by, entry=entry).delete()
