"""Borgere: one line, one citizen, known again by CPR number."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.models import Staff
from snerydder.casework.people import actions
from snerydder.casework.people.models import Citizen
from snerydder.exchange.csv import values
from snerydder.exchange.csv.columns import columns_of
from snerydder.exchange.csv.kinds import Book, Reader, Weighed, difference, names, told_changes
from snerydder.law import target_groups

COLUMNS = columns_of("citizens")


def group(text: str) -> str:
    """6.5, "6.5 Aktivitetsparate ..." and the name of the group as the law has it today."""
    known = target_groups(timezone.localdate())
    plain = text.strip().replace("§", "").replace(",", ".").strip()
    number = plain.split()[0].rstrip(".:") if plain else ""
    for key, _name in known:
        if number in (key, key.removeprefix("6.")) and (number.startswith("6.") or plain == number):
            return key
    wanted = values.simple(text)
    for key, name in known:
        if wanted in (values.simple(name), values.simple(f"{key} {name}")):
            return key
    raise values.Unclear(_("”%(text)s” er ikke en målgruppe. Skriv nummeret i LAB § 6, for eksempel 6.5.") % {"text": text[:40]})


def mail(text: str) -> str:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(text.strip())
    except ValidationError:
        raise values.Unclear(_("”%(text)s” er ikke en mailadresse.") % {"text": text[:60]}) from None
    return text.strip()


def read(reader: Reader, book: Book) -> dict[str, Any]:
    facts: dict[str, Any] = {"cpr": book.cpr(reader), **names(reader)}
    facts |= reader.given(
        unit=book.unit, target_group=group, phone=lambda text: values.short(text, 20), email=mail, area=lambda text: values.short(text, 60),
        languages=lambda text: [values.short(part.lower(), 30) for part in values.several(text)], interpreter=values.yes, protected=values.yes,
        digital_post_exempt=values.yes, birth_year=lambda text: values.year(text, latest=timezone.localdate().year),
    )
    if address := _address(reader):
        facts["address"] = address
    return facts


def _address(reader: Reader) -> str:
    street, code, town = (reader.get(key, lambda text: values.short(text, 120), "") for key in ("address", "postcode", "town"))
    place = " ".join(part for part in (code, town) if part)
    whole = street if not place or place in street else f"{street}, {place}"
    return whole[:160] if street else ""


def identity(facts: dict[str, Any]) -> Any:
    return facts["cpr"]


def compare(row: Weighed, book: Book) -> None:
    known = book.citizen(row.facts["cpr"])
    row.known = row.citizen = known
    if known is None:
        row.outcome = "new"
        if not (row.facts.get("first_name") and row.facts.get("last_name")):
            row.refuse(_("Borgeren er ny, så der skal stå både fornavn og efternavn."))
        return
    row.changes = difference(known, {key: value for key, value in row.facts.items() if key != "cpr"})
    row.outcome = "changed" if row.changes else "same"
    if row.changes:
        row.notes.append(told_changes(row.changes, Citizen))


def take_in(row: Weighed, *, by: Staff, source: dict[str, Any]) -> tuple[Any, Any]:
    citizen = actions.register_citizen(by=by, **row.facts) if row.known is None else actions.change_citizen(row.known, by=by, **row.changes)
    return citizen, None
