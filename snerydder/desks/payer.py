"""Hours granted, delivered, confirmed and invoiced, case by case and month by month. The case number is all that tells whom: no names, no notes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _

from snerydder.access import export, scope
from snerydder.access.models import Staff
from snerydder.access.permissions import Permission
from snerydder.casework.grants.spans import Span, cost_in, minutes_in
from snerydder.casework.payments import hours, whose
from snerydder.casework.payments.whose import Whose
from snerydder.casework.people.models import Mentor
from snerydder.ui.formats import dato

PER_PAGE = 50


@dataclass
class Line:
    """One case in one month or year."""

    case_id: UUID
    citizen_id: UUID
    number: str
    unit: str
    kinds: list[str] = field(default_factory=list)
    granted: int = 0
    used: int = 0
    confirmed: int = 0
    invoiced: int = 0
    cost: Decimal = Decimal(0)

    @property
    def cells(self) -> list[tuple[str, int]]:
        """With the word each figure has in an address."""
        return hours.Four(self.granted, self.used, self.confirmed, self.invoiced).cells()


@dataclass(frozen=True)
class Sums:
    cases: int
    granted: int
    used: int
    confirmed: int
    invoiced: int
    cost: Decimal


def lines(staff: Staff, span: Span, of: Whose | None = None) -> list[Line]:
    """Every case with hours granted or used in the span, by number; of one mentor or supplier, or of all. Four questions."""
    own = of.contacts() if of else hours.ALL
    asked = (of.contacts("contact__"), of.contacts("line__contact__")) if of else (hours.ALL, hours.ALL)
    found: dict[UUID, Line] = {}
    kinds = dict(Mentor.Kind.choices)
    for grant in _grants(staff, span).filter(of.grants(span) if of else hours.ALL):
        line = found.setdefault(grant.case_id, Line(grant.case_id, grant.case.citizen_id, grant.case.number, grant.case.unit.name))
        kind = str(kinds[grant.mentor_kind])
        line.kinds += [] if kind in line.kinds else [kind]
        line.granted += minutes_in(grant, span)
        line.cost += cost_in(grant, span)
    for case_id, citizen_id, number, unit, minutes, confirmed in hours.delivered_by_case(staff, span, own):
        line = found.setdefault(case_id, Line(case_id, citizen_id, number, unit))
        line.used, line.confirmed = minutes, confirmed
    for case_id, minutes in hours.invoiced(staff, span, only=asked).items():
        if case_id in found:  # an invoiced contact is a delivered one
            found[case_id].invoiced = minutes
    return sorted(found.values(), key=lambda line: line.number)


def _grants(staff: Staff, span: Span) -> Any:
    return hours.grants_in(staff, span).select_related("case__unit").only(
        "case__citizen_id", "case__number", "case__unit__name", "mentor_kind", "minutes", "minutes_per", "hourly_price", "start", "end", "decided_end",
    )  # fmt: skip


def sums(rows: Sequence[Line]) -> Sums:
    granted, used, confirmed, invoiced = (sum(getattr(row, name) for row in rows) for name in ("granted", "used", "confirmed", "invoiced"))
    return Sums(len(rows), granted, used, confirmed, invoiced, sum((row.cost for row in rows), Decimal(0)))


def page(staff: Staff, span: Span, number: Any, day: date, of: Whose | None = None) -> dict[str, Any]:
    rows = lines(staff, span, of)
    shown = Paginator(rows, PER_PAGE).get_page(number)
    scope.seen(staff, (row.citizen_id for row in shown.object_list), purpose=_("Bevilgede og leverede timer"), page="desks:payer")
    return {"span": span, "title": name_of(span), "sums": sums(rows), "page": shown, "rows": list(shown.object_list), "day": day, "of": of,
        "may_budget": staff.may(Permission.KEEP_SUPPLIERS)}  # fmt: skip


def by(staff: Staff, span: Span, kind: str) -> dict[str, Any]:
    """The same hours by mentor or by supplier."""
    found = whose.groups(staff, span, kind)
    total = [(key, sum(dict(each.four.cells())[key] for each in found)) for key in hours.COLUMNS]
    return {"span": span, "title": name_of(span), "kind": kind, "kinds": whose.KINDS, "groups": found, "columns": hours.COLUMNS, "total": total}


def name_of(span: Span) -> str:
    month = dato(span.first, "lang").partition(" ")[2]
    return str(span.first.year) if span.is_year else month


def respond(staff: Staff, span: Span, form: str, of: Whose | None = None) -> HttpResponse:
    columns = (
        export.Column(_("Sag"), lambda row: row.number, 14),
        export.Column(_("Enhed"), lambda row: row.unit, 22),
        export.Column(_("Mentortype"), lambda row: ", ".join(row.kinds), 26),
        export.Column(_("Bevilgede timer"), lambda row: row.granted / 60, decimals=2),
        export.Column(_("Leverede timer"), lambda row: row.used / 60, decimals=2),
        export.Column(_("Bekræftede timer"), lambda row: row.confirmed / 60, 18, decimals=2),
        export.Column(_("Fakturerede timer"), lambda row: row.invoiced / 60, 18, decimals=2),
        export.Column(_("Bevilget, kroner"), lambda row: row.cost, 18, decimals=2),
    )
    name = _("Timer %(span)s") % {"span": name_of(span)}
    return export.respond(staff, name, columns, lines(staff, span, of), form, persons=lambda row: row.citizen_id, purpose=name)
