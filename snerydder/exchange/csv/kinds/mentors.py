"""Mentorer: one line, one mentor, known again by mail, else by name."""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access import actions as access
from snerydder.access.models import Staff
from snerydder.casework.people import actions
from snerydder.casework.people.models import Mentor
from snerydder.exchange.csv import values
from snerydder.exchange.csv.columns import columns_of, words_for
from snerydder.exchange.csv.kinds import Book, Reader, Weighed, difference, told_changes
from snerydder.exchange.csv.kinds.citizens import mail

COLUMNS = columns_of("mentors")
OF_STAFF = ("name", "email", "phone", "unit")


def hours(text: str) -> Decimal:
    found = values.number(text)
    if not Decimal("0.5") <= found <= 48:
        raise values.Unclear(_("”%(text)s” timer om ugen kan ikke passe.") % {"text": text[:20]})
    return found.quantize(Decimal("0.1"))


def read(reader: Reader, book: Book) -> dict[str, Any]:
    return reader.given(
        name=lambda text: values.short(text, 120), email=mail, phone=lambda text: values.short(text, 20),
        kind=lambda text: values.one_of(text, words_for("mentor_kind"), _("mentortype")), hours_per_week=hours, employer=lambda text: values.short(text, 100),
        languages=lambda text: [values.short(part.lower(), 30) for part in values.several(text)],
        areas=lambda text: [values.short(part, 60) for part in values.several(text)], has_car=values.yes,
        birth_year=lambda text: values.year(text, latest=timezone.localdate().year - 15), education=lambda text: values.short(text, 80),
        mentor_since=values.day, unit=book.unit,
    )  # fmt: skip


def identity(facts: dict[str, Any]) -> Any:
    return facts.get("email", "").lower() or facts["name"].lower()


def compare(row: Weighed, book: Book) -> None:
    staff = _known(row, book)
    if row.reasons:
        return
    mentor = book.mentors.get(staff.pk) if staff else None
    row.known = mentor or staff
    row.outcome = "new"
    if mentor is None:
        if staff is not None:
            row.notes.append(_("%(name)s er medarbejder i forvejen og bliver nu også mentor.") % {"name": staff.name})
        return
    of_mentor = difference(mentor, {key: value for key, value in row.facts.items() if key not in OF_STAFF})
    of_staff = difference(mentor.staff, {key: value for key, value in row.facts.items() if key in OF_STAFF})
    row.changes = {"mentor": of_mentor, "staff": of_staff} if of_mentor or of_staff else {}
    row.outcome = "changed" if row.changes else "same"
    for model, changes in ((Mentor, of_mentor), (Staff, of_staff)):
        if changes:
            row.notes.append(told_changes(changes, model))


def _known(row: Weighed, book: Book) -> Staff | None:
    for key in ("email", "name"):
        if not row.facts.get(key):
            continue
        same = [each for each in book.colleagues if values.simple(getattr(each, key)) == values.simple(row.facts[key])]
        if len(same) > 1:
            row.refuse(_("Der er flere medarbejdere, der hedder ”%(name)s”. Skriv mailadressen.") % {"name": row.facts[key][:60]})
            return None
        if same and not (key == "name" and row.facts.get("email") and same[0].email):  # same name, another mail: another person
            return same[0]
    return None


def take_in(row: Weighed, *, by: Staff, source: dict[str, Any]) -> tuple[Any, Any]:
    of_mentor = {key: value for key, value in row.facts.items() if key not in OF_STAFF}
    if row.known is None:
        unit = row.facts.get("unit")
        contact = {key: row.facts[key] for key in ("email", "phone") if key in row.facts}
        return actions.welcome_mentor(row.facts["name"], by=by, unit=unit, **contact, **of_mentor), None
    if isinstance(row.known, Staff):
        return actions.register_mentor(row.known, by=by, **of_mentor), None
    if row.changes["staff"]:
        access.change_staff(row.known.staff, by=by, **row.changes["staff"])
    if row.changes["mentor"]:
        actions.change_mentor(row.known, by=by, **row.changes["mentor"])
    return row.known, None
