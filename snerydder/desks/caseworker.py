"""What awaits the caseworker, each with its date and one button."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.casework.cases.models import Case
from snerydder.casework.complaints import queries as complaints
from snerydder.casework.inspections import queries as inspections
from snerydder.desks import caselist
from snerydder.desks.selection import MINE, Number, by_key, count, law_today

ROWS, NEARLY = 8, 2  # of each kind; the rest are one click away, but not for the sake of one or two


@dataclass(frozen=True)
class Kind:
    """One kind of waiting: its filter, the date that counts, and the page that ends it."""

    key: str
    heading: Any
    day: Callable[[Case], date | None]
    day_text: Any
    button: Any
    page: str


KINDS = (
    Kind("skal-vurderes", _("Henvisninger at vurdere"), lambda case: case.next_deadline, _("senest"), _("Vurdér"), "cases:assess"),
    Kind("skal-afgoeres", _("Bevillinger at afgøre"), lambda case: case.next_deadline, _("senest"), _("Træf afgørelse"), "grants:grant"),
    Kind("forsoeg-venter", _("Forsøg: se loddet"), lambda case: None, "", _("Se loddet"), "desks:case"),
    Kind(
        "kommunens-ja", _("Aftaler, der mangler kommunens ja"), lambda case: case.next_deadline, _("senest"), _("Se aftalen"), "agreements:agreement",
    ),
    Kind("opfoelgning", _("Opfølgninger"), lambda case: case.follow_up_due, _("aftalt til"), _("Hold opfølgning"), "cases:follow_up"),
    Kind("udloeber", _("Bevillinger, der udløber"), lambda case: case.grant_end, _("udløber"), _("Tag stilling"), "cases:assess"),
    Kind("hoeringer", _("Høringer, der kan afgøres"), lambda case: None, "", _("Træf afgørelse"), "desks:case"),
    Kind("klager", _("Klager, der skal genvurderes"), lambda case: getattr(case, "complaint_due", None), _("senest"), _("Se klagen"), "desks:case"),
    Kind("udloebet", _("Bevillinger, der er udløbet"), lambda case: case.grant_end, _("udløb"), _("Tag stilling"), "desks:case"),
)  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    kind: Kind
    number: Number
    cases: list[Case]

    @property
    def more(self) -> int:
        return self.number.count - len(self.cases)


def waiting(staff: Staff, mine: bool) -> dict[str, Any]:
    law = law_today()
    whose = MINE if mine else ""
    numbers = count(staff, by_key(*(kind.key for kind in KINDS if kind.key != "klager"), "over-frist", "aabne", whose=whose))
    numbers |= count(staff, by_key("klager", whose=whose))  # the only one over ended cases too: asked for by itself
    found = []
    for kind in KINDS:
        number = numbers[kind.key]
        found.append(Waiting(kind, number, first_rows(staff, number) if number.count else []))
    persons = {case.citizen_id for each in found for case in each.cases}
    scope.seen(staff, persons, purpose=str(_("Hvad der venter på sagsbehandler")), page="desks:caseworker")
    return {"day": law.day, "mine": mine, "waiting": found, "late": numbers["over-frist"], "open": numbers["aabne"], "measures": inspections.own_measures(staff)}


def first_rows(staff: Staff, number: Number) -> list[Case]:
    selection, most = number.selection, ROWS if number.count > ROWS + NEARLY else ROWS + NEARLY
    rows = caselist.with_names(selection.rows(staff))
    if selection.show == "klager":
        return list(rows.annotate(complaint_due=complaints.due()).order_by("complaint_due", "number")[:most])
    return list(rows.order_by(*selection.filter.order)[:most])
