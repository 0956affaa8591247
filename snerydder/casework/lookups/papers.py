"""What leaves the house: the picked look-ups as a file, and the citizen's list as a letter."""
# da-file: a letter to a citizen is written in Danish

from collections.abc import Sequence
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from snerydder.access.export import Column
from snerydder.access.models import Staff
from snerydder.casework.grants.letters import letter_day
from snerydder.casework.lookups.models import PickedLookup
from snerydder.casework.lookups.queries import KINDS, CitizenLooks, months_of, reasons_of
from snerydder.casework.people.models import Citizen
from snerydder.ui import letters
from snerydder.ui.formats import dato


def columns() -> Sequence[Column]:
    """A row for each picked look-up. The citizen is named by the first signs of a random key, as on the page of a protected person."""

    def day(name: str) -> Any:
        return lambda row: getattr(row, name)

    def who(name: str) -> Any:
        return lambda row: getattr(row, name).name if getattr(row, name) else ""

    return (
        Column(_("Tidspunkt"), lambda row: row.lookup.at, 18), Column(_("Medarbejder"), who("looked_by"), 24), Column(_("Formål i loggen"), lambda row: row.lookup.purpose, 36),
        Column(_("Art"), lambda row: str(KINDS.get(row.lookup.kind, row.lookup.kind)), 18), Column(_("Personer vist"), lambda row: len(row.lookup.citizen_ids), 14),
        Column(_("Hvorfor udtaget"), lambda row: " ".join(reasons_of(row)), 60), Column(_("Forklaring"), day("explanation"), 40),
        Column(_("Vurdering"), PickedLookup.get_verdict_display, 30), Column(_("Bemærkning"), day("note"), 40), Column(_("Vurderet af"), who("reviewed_by"), 24),
        Column(_("Vurderet"), day("reviewed_on")), Column(_("Opfølgning"), PickedLookup.get_follow_up_display, 28), Column(_("Hvad der er gjort"), day("follow_up_note"), 40),
        Column(_("Fulgt op af"), who("followed_by"), 24), Column(_("Fulgt op"), day("followed_on")),
    )  # fmt: skip


def letter(citizen: Citizen, found: CitizenLooks, by: Staff) -> bytes:
    """Dates and purposes of a year, without who. A protected person's name and address are not put on the paper."""
    with translation.override("da"):
        town, today = by.municipality, timezone.localdate()
        body: list[Any] = [
            "Du kan her se, hvornår og til hvad dine oplysninger om mentorstøtte er set. Hver gang en medarbejder åbner eller får vist dine"
            " oplysninger, bliver det skrevet i en log, som ingen kan rette eller slette.",
            f"I {found.year} er dine oplysninger vist {found.times} gange.",
        ]
        for month, looks in months_of(found.looks):
            rows = [[dato(look.on, "kort"), look.purpose[:1].upper() + look.purpose[1:], str(KINDS.get(look.kind, look.kind)), str(look.times)] for look in looks]
            body += [letters.heading(dato(month, "lang").split(" ", 1)[1].capitalize()), letters.table(["Dag", "Formål", "Hvordan", "Gange"], rows)]
        body.append(letters.box("Har du spørgsmål?", [
            "Loggen siger ikke her, hvem der har set. Mener du, at nogen har set dine oplysninger uden grund, så skriv eller ring til os: så ser vi på det."
            " Du kan også klage til Datatilsynet, datatilsynet.dk.",
        ]))  # fmt: skip
        lines = [each for each in (town.address, town.phone, town.email) if each]
        hidden = citizen.protected
        return letters.render_letter(
            {
                "lang": "da", "title": "Hvornår er dine oplysninger set?", "date": letter_day(today), "sender": {"name": town.name, "lines": lines},
                "recipient": {"name": citizen.name if hidden else citizen.full_name, "lines": [] if hidden or not citizen.address else citizen.address.split(", ")},
                "body": body, "closing": {"greeting": "Venlig hilsen", "name": by.name, "lines": [by.unit.name] if by.unit else []},
            }
        )  # fmt: skip
