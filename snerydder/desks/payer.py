"""Hours granted and used, case by case and month by month. The case number is all that tells whom: no names, no notes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpResponse
from django.utils.translation import gettext as _

from snerydder.access import export, scope
from snerydder.access.models import Staff
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.states import GrantState
from snerydder.casework.people.models import Mentor
from snerydder.desks.spans import Span, cost_in, minutes_in
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
    cost: Decimal = Decimal(0)


@dataclass(frozen=True)
class Sums:
    cases: int
    granted: int
    used: int
    cost: Decimal


def lines(staff: Staff, span: Span) -> list[Line]:
    """Every case with hours granted or used in the span, by number. Two questions."""
    found: dict[UUID, Line] = {}
    kinds = dict(Mentor.Kind.choices)
    for grant in _grants(staff, span):
        line = found.setdefault(grant.case_id, Line(grant.case_id, grant.case.citizen_id, grant.case.number, grant.case.unit.name))
        kind = str(kinds[grant.mentor_kind])
        line.kinds += [] if kind in line.kinds else [kind]
        line.granted += minutes_in(grant, span)
        line.cost += cost_in(grant, span)
    for case_id, citizen_id, number, unit, minutes in _used(staff, span):
        found.setdefault(case_id, Line(case_id, citizen_id, number, unit)).used = minutes
    return sorted(found.values(), key=lambda line: line.number)


def _grants(staff: Staff, span: Span) -> Any:
    decided = scope.rows(Grant, staff).filter(state__in=[GrantState.DECIDED, GrantState.STOPPED], start__lte=span.last, end__gte=span.first)
    return decided.select_related("case__unit").only(
        "case__citizen_id", "case__number", "case__unit__name", "mentor_kind", "minutes", "minutes_per", "hourly_price", "start", "end",
    )  # fmt: skip


def _used(staff: Staff, span: Span) -> Any:
    met = scope.rows(Contact, staff).filter(day__range=(span.first, span.last), withdrawn=False).order_by()
    by_case = met.values("case", "case__citizen", "case__number", "case__unit__name").annotate(minutes=Sum("counted_minutes"))
    return by_case.filter(minutes__gt=0).values_list("case", "case__citizen", "case__number", "case__unit__name", "minutes")


def sums(rows: Sequence[Line]) -> Sums:
    return Sums(len(rows), sum(row.granted for row in rows), sum(row.used for row in rows), sum((row.cost for row in rows), Decimal(0)))


def page(staff: Staff, span: Span, number: Any, day: date) -> dict[str, Any]:
    rows = lines(staff, span)
    shown = Paginator(rows, PER_PAGE).get_page(number)
    scope.seen(staff, (row.citizen_id for row in shown.object_list), purpose=_("Bevilgede og brugte timer"), page="desks:payer")
    return {"span": span, "title": name_of(span), "sums": sums(rows), "page": shown, "rows": list(shown.object_list), "day": day}


def name_of(span: Span) -> str:
    month = dato(span.first, "lang").partition(" ")[2]
    return str(span.first.year) if span.is_year else month


def respond(staff: Staff, span: Span, form: str) -> HttpResponse:
    columns = (
        export.Column(_("Sag"), lambda row: row.number, 14),
        export.Column(_("Enhed"), lambda row: row.unit, 22),
        export.Column(_("Mentortype"), lambda row: ", ".join(row.kinds), 26),
        export.Column(_("Bevilgede timer"), lambda row: row.granted / 60, decimals=2),
        export.Column(_("Brugte timer"), lambda row: row.used / 60, decimals=2),
        export.Column(_("Bevilget, kroner"), lambda row: row.cost, 18, decimals=2),
    )
    name = _("Timer %(span)s") % {"span": name_of(span)}
    return export.respond(staff, name, columns, lines(staff, span), form, persons=lambda row: row.citizen_id, purpose=name)
