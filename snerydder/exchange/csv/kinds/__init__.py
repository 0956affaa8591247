"""What a file can hold. A kind is one module: its columns, how a line is read, what would come of it, and doing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.translation import gettext as _

from snerydder.access.models import Staff, Unit
from snerydder.casework.people import vault
from snerydder.casework.people.models import Citizen, Mentor
from snerydder.exchange.csv.columns import Column
from snerydder.exchange.csv.values import Unclear, begins_with_nought, cpr, simple

CHUNK = 2_000


@dataclass
class Weighed:
    """One line: what was read, what would come of it, and what to say about it."""

    line: int
    cells: list[str]
    facts: dict[str, Any] = field(default_factory=dict)
    outcome: str = "refused"
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    known: Any = None  # the row of the product it is about
    changes: dict[str, Any] = field(default_factory=dict)
    citizen: Citizen | None = None

    def refuse(self, reason: Any) -> None:
        self.outcome = "refused"
        self.reasons.append(str(reason))


class Kind(Protocol):
    COLUMNS: tuple[Column, ...]

    def identity(self, facts: dict[str, Any]) -> Any: ...
    def read(self, reader: Reader, book: Book) -> dict[str, Any]: ...
    def compare(self, row: Weighed, book: Book) -> None: ...
    def take_in(self, row: Weighed, *, by: Staff, source: dict[str, Any]) -> tuple[Any, Any]: ...


class Reader:
    """Reads the cells of one line, and gathers every reason why it cannot be used, not only the first."""

    def __init__(self, known: dict[str, str], columns: Sequence[Column]) -> None:
        self.known, self.reasons, self.notes = known, [], []  # type: tuple[dict[str, str], list[str], list[str]]
        self.headings = {column.key: column.heading for column in columns}
        self.must = {column.key for column in columns if column.must}

    def get(self, key: str, parse: Callable[[str], Any], default: Any = None) -> Any:
        """What the cell says; `default` when it is empty. An empty cell never empties what is known."""
        text = self.known.get(key, "")
        if not text:
            if key in self.must:
                self.missing(key)
            return default
        try:
            return parse(text)
        except Unclear as unclear:
            self.reasons.append(_("%(column)s: %(what)s") % {"column": self.headings[key], "what": unclear})
            return default

    def missing(self, key: str) -> None:
        self.reasons.append(_("%(column)s mangler.") % {"column": self.headings[key]})

    def given(self, **parsers: Callable[[str], Any]) -> dict[str, Any]:
        """Only the cells that are filled and can be read."""
        found = {key: self.get(key, parse) for key, parse in parsers.items()}
        return {key: value for key, value in found.items() if value is not None}


class Book:
    """What the municipality has already, looked up once for the whole file."""

    def __init__(self, staff: Staff, rows: Sequence[dict[str, str]]) -> None:
        self.staff = staff
        self.municipality = staff.municipality_id
        self.zeros_kept = any(begins_with_nought(row.get("cpr", "")) for row in rows)
        self.units = {simple(unit.name): unit for unit in Unit.objects.filter(municipality=self.municipality)}
        self.colleagues = list(Staff.objects.filter(municipality=self.municipality, active=True).order_by("sort_key"))
        self.mentors = {mentor.staff_id: mentor for mentor in Mentor.objects.filter(municipality=self.municipality).select_related("staff__unit")}
        self.citizens = self._citizens([row["cpr"] for row in rows if row.get("cpr")])

    def _citizens(self, written: list[str]) -> dict[bytes, Citizen]:
        indexes = []
        for text in written:
            try:
                indexes.append(self.index(cpr(text, zeros_kept=self.zeros_kept)[0]))
            except Unclear:
                continue
        found: dict[bytes, Citizen] = {}
        for start in range(0, len(indexes), CHUNK):
            rows = Citizen.objects.filter(municipality=self.municipality, cpr_index__in=indexes[start : start + CHUNK])
            found |= {bytes(row.cpr_index): row for row in rows}
        return found

    def index(self, number: str) -> bytes:
        return vault.blind_index(number, municipality_id=self.municipality)

    def citizen(self, number: str) -> Citizen | None:
        return self.citizens.get(self.index(number))

    def cpr(self, reader: Reader) -> str:
        number, note = reader.get("cpr", lambda text: cpr(text, zeros_kept=self.zeros_kept), ("", ""))
        if note:
            reader.notes.append(note)
        return number

    def unit(self, text: str) -> Unit:
        try:
            return self.units[simple(text)]
        except KeyError:
            known = ", ".join(unit.name for unit in self.units.values())
            raise Unclear(_("Enheden ”%(name)s” findes ikke. Vælg en af: %(known)s.") % {"name": text[:60], "known": known}) from None

    def colleague(self, text: str, role: str = "") -> Staff:
        """By mail, or by name when only one has it."""
        wanted = simple(text)
        found = [row for row in self.colleagues if (row.email and simple(row.email) == wanted) or simple(row.name) == wanted]
        found = [row for row in found if row.email and simple(row.email) == wanted] or found
        if role:
            found = [row for row in found if role in row.roles]
        if len(found) == 1:
            return found[0]
        if found:
            raise Unclear(_("Der er flere, der hedder ”%(name)s”. Skriv mailadressen i stedet.") % {"name": text[:60]})
        told = {"caseworker": _("Der er ingen sagsbehandler, der hedder ”%(name)s”."), "mentor": _("Der er ingen mentor, der hedder ”%(name)s”.")}
        raise Unclear(told.get(role, _("Der er ingen medarbejder, der hedder ”%(name)s”.")) % {"name": text[:60]})

    def mentor(self, text: str) -> Mentor:
        staff = self.colleague(text, "mentor")
        if staff.pk not in self.mentors:
            raise Unclear(_("%(name)s er ikke oprettet som mentor endnu. Importér mentorerne først.") % {"name": staff.name})
        return self.mentors[staff.pk]


def names(reader: Reader) -> dict[str, str]:
    """Fornavn and Efternavn, or one column with both: "Yusuf, Amina" and "Amina Yusuf"."""
    from snerydder.exchange.csv.values import short

    whole = reader.get("name", lambda text: short(text, 160), "")
    if whole:
        last, comma, first = whole.partition(",")
        if not comma:
            first, _space, last = whole.rpartition(" ")
        if first.strip() and last.strip():
            return {"first_name": first.strip(), "last_name": last.strip()}
        reader.reasons.append(_("Navn: ”%(name)s” skal være både fornavn og efternavn.") % {"name": whole[:60]})
        return {}
    return reader.given(first_name=lambda text: short(text, 80), last_name=lambda text: short(text, 80))


def difference(known: Any, facts: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if getattr(known, key) != value}


def told_changes(changes: dict[str, Any], model: Any) -> str:
    """ "Telefon og adresse bliver ændret": the fields, not what stands in them."""
    words = [str(model._meta.get_field(key).verbose_name) for key in changes]
    return _("Bliver ændret: %(fields)s.") % {"fields": ", ".join(words)}
