"""A month or a year, and what of a grant falls inside it. Months add up to years and years to the whole, to the øre."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from snerydder.casework.grants.models import Grant

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Span:
    first: date
    last: date

    @property
    def is_year(self) -> bool:
        return self.first.month != self.last.month

    @property
    def query(self) -> str:
        return f"aar={self.first.year}" if self.is_year else f"maaned={self.first:%Y-%m}"

    def moved(self, steps: int) -> "Span":
        if self.is_year:
            return year_of(self.first.replace(year=self.first.year + steps))
        months = self.first.year * 12 + self.first.month - 1 + steps
        return month_of(date(months // 12, months % 12 + 1, 1))


def month_of(day: date) -> Span:
    return Span(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def year_of(day: date) -> Span:
    return Span(date(day.year, 1, 1), date(day.year, 12, 31))


def read(given: Mapping[str, str], today: date) -> Span:
    """?maaned=2026-11 or ?aar=2026; this month when it says neither."""
    year, _dash, month = (given.get("maaned") or given.get("aar") or "").partition("-")
    if not (year.isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR):
        return month_of(today)
    if not given.get("maaned"):
        return year_of(date(int(year), 1, 1))
    return month_of(date(int(year), int(month), 1)) if month.isdecimal() and 1 <= int(month) <= 12 else month_of(today)


def days_within(grant: Grant, last: date) -> int:
    """Days of the grant up to and including `last`."""
    return max((min(grant.end, last) - grant.start).days + 1, 0) if grant.start and grant.end else 0


def minutes_in(grant: Grant, span: Span) -> int:
    """The granted minutes of the span, spread evenly over the days of the period."""
    return _part(grant.total_minutes, grant, span.last) - _part(grant.total_minutes, grant, _before(span))


def _part(minutes: int, grant: Grant, last: date) -> int:
    return round(minutes * days_within(grant, last) / grant.days)


def cost_in(grant: Grant, span: Span) -> Decimal:
    """Kroner of the span, cut as grants.cost.cost_of cuts its years: each end is rounded once, so the parts add up."""
    total = (Decimal(grant.total_minutes) / 60 * grant.hourly_price).quantize(Decimal("0.01"))
    until, before = (_kroner(total, grant, last) for last in (span.last, _before(span)))
    return until - before


def _kroner(total: Decimal, grant: Grant, last: date) -> Decimal:
    return (total * days_within(grant, last) / grant.days).quantize(Decimal("0.01"))


def _before(span: Span) -> date:
    return date.fromordinal(span.first.toordinal() - 1)
