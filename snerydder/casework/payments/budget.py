"""The year in kroner, month by month: granted, delivered, paid to suppliers; and where it ends if it goes on so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, ExpressionWrapper, F, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.spans import Span, cost_in, month_of, year_of
from snerydder.casework.grants.states import GrantState
from snerydder.casework.payments.hours import grants_in
from snerydder.casework.payments.models import Budget, Correction, InvoiceLine
from snerydder.casework.payments.states import InvoiceState
from snerydder.law import rulebook
from snerydder.ui.formats import antal

NONE, ORE = Decimal(0), Decimal("0.01")


@action
def set_budget(year: int, amount: Decimal, *, by: Staff, share: Decimal | None = None) -> Budget:
    if not 2014 <= year <= 2100:
        raise Refusal(_("Året kan ikke passe."), field="year")
    if amount < 0 or (share or 0) < 0:
        raise Refusal(_("Et budget kan ikke være under 0 kr."), field="amount")
    known = Budget.objects.filter(municipality=by.municipality_id, year=year).first()
    before = {"amount": known.amount, "share": known.share} if known else None
    row, _new = Budget.objects.update_or_create(municipality_id=by.municipality_id, year=year, defaults={"amount": amount, "share": share})
    record("payments.set_budget", row, by=by, year=year, amount=amount, share=share, was=before)
    return row


@dataclass(frozen=True)
class Month:
    span: Span
    granted: Decimal
    delivered: Decimal
    paid: Decimal
    is_over: bool  # the month is gone by


@dataclass(frozen=True)
class Year:
    year: int
    months: list[Month]
    budget: Budget | None
    limit: rulebook.Value | None  # kroner a full-time person, as the law's pack has it, with its standing

    def sum(self, name: str) -> Decimal:
        return sum((getattr(month, name) for month in self.months), NONE)

    @property
    def rate(self) -> Decimal | None:
        """Delivered of what was granted, in the months gone by. None before there is one."""
        gone = [month for month in self.months if month.is_over]
        granted = sum((month.granted for month in gone), NONE)
        return sum((month.delivered for month in gone), NONE) / granted if granted else None

    def expected(self, month: Month) -> Decimal | None:
        """Delivered when the month is gone by; else of what is granted as large a part as until now. New grants come on top."""
        if month.is_over:
            return month.delivered
        return month.granted * self.rate if self.rate is not None else None

    def so_far(self, month: Month) -> Decimal | None:
        """Delivered and expected from January through the month."""
        found = [self.expected(each) for each in self.months if each.span.first <= month.span.first]
        return None if None in found else sum((each or NONE for each in found), NONE).quantize(ORE)

    def part(self, amount: Decimal | None, of: str) -> str:
        """How large a part of the budget's `amount`, or of the municipality's `share`, that is."""
        whole = getattr(self.budget, of, None)
        return f"{antal(round(100 * amount / whole))} %" if whole and amount is not None else ""

    @property
    def forecast(self) -> Decimal | None:
        return self.so_far(self.months[-1]) if self.rate is not None else None

    @property
    def left(self) -> Decimal | None:
        return self.budget.amount - self.forecast if self.budget and self.forecast is not None else None

    @property
    def left_of_share(self) -> Decimal | None:
        share = self.budget.share if self.budget else None
        return share - self.forecast if share is not None and self.forecast is not None else None


def year(staff: Staff, number: int, today: date) -> Year:
    """Five questions, whatever the number of cases."""
    span = year_of(date(number, 1, 1))
    grants, delivered, paid = list(grants_in(staff, span)), _delivered(staff, span), _paid(staff, span)
    months = []
    for month in (month_of(date(number, place, 1)) for place in range(1, 13)):
        granted = sum((cost_in(grant, month) for grant in grants), NONE)
        months.append(Month(month, granted, delivered.get(month.first, NONE), paid.get(month.first, NONE), month.last < today))
    law = rulebook.on(span.first)
    limit = law.rule("budget.limit_per_person") if law.knows("budget.limit_per_person") else None
    return Year(number, months, scope.rows(Budget, staff).filter(year=number).first(), limit if limit and limit.value else None)


def _delivered(staff: Staff, span: Span) -> dict[date, Decimal]:
    """The log's minutes at the price of the grant that covers the day."""
    kroner = ExpressionWrapper(F("counted_minutes") * F("case__grants__hourly_price") / 60, output_field=DecimalField(max_digits=14, decimal_places=4))
    rows = scope.rows(Contact, staff).filter(
        withdrawn=False, day__range=(span.first, span.last), case__grants__state__in=[GrantState.DECIDED, GrantState.STOPPED],
        case__grants__start__lte=F("day"), case__grants__end__gte=F("day"),
    )  # fmt: skip
    return _by_month(rows.order_by().annotate(month=TruncMonth("day")).values_list("month").annotate(sum=Sum(kroner)))


def _paid(staff: Staff, span: Span) -> dict[date, Decimal]:
    between = (span.first, span.last)
    lines = InvoiceLine.objects.filter(municipality=staff.municipality_id, invoice__state=InvoiceState.PAID, invoice__paid_on__range=between).order_by()
    fixed = Correction.objects.filter(municipality=staff.municipality_id, decided_on__range=between).order_by()
    return _by_month([
        *lines.annotate(month=TruncMonth("invoice__paid_on")).values_list("month").annotate(sum=Sum("approved_amount")),
        *fixed.annotate(month=TruncMonth("decided_on")).values_list("month").annotate(sum=Sum("amount")),
    ])  # fmt: skip


def _by_month(rows: Iterable[tuple[Any, ...]]) -> dict[date, Decimal]:
    found: dict[date, Decimal] = {}
    for month, amount in rows:
        found[month] = found.get(month, NONE) + Decimal(amount or 0).quantize(ORE)
    return found
