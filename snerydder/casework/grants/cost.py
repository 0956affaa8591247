"""What a grant costs, before it is decided: hours of the period times the hourly price, split by calendar year."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from snerydder.casework.grants.models import Grant, Price
from snerydder.ui.formats import kr


@dataclass(frozen=True)
class Cost:
    per_hour: Decimal
    minutes: int
    by_year: tuple[tuple[int, Decimal], ...]

    def lines(self) -> list[tuple[str, str]]:
        """For a page: each calendar year, and the sum."""
        if not self.per_hour:
            return [(_("Pris"), _("Der er ingen timepris for den slags mentor."))]
        years = [(str(year), kr(amount)) for year, amount in self.by_year]
        return [*years, (_("I alt"), kr(self.total))]

    @property
    def total(self) -> Decimal:
        return sum((amount for _year, amount in self.by_year), Decimal(0))


def price_on(municipality_id: int, mentor_kind: str, day: date) -> Decimal:
    """Kroner an hour for a kind of mentor on a day; 0 when the municipality has set none (volunteers)."""
    found = Price.objects.filter(municipality_id=municipality_id, mentor_kind=mentor_kind, valid_from__lte=day).order_by("-valid_from").first()
    return found.per_hour if found else Decimal(0)


def cost_of(grant: Grant) -> Cost:
    """What the grant costs as it was or will be given. Hours in total are spread evenly over its days. The years add up to the total to the øre."""
    assert grant.start and grant.end  # a draft that lacks a date has no cost yet
    total = (Decimal(grant.total_minutes) / 60 * grant.hourly_price).quantize(Decimal("0.01"))
    years = []
    spent = Decimal(0)
    for year in range(grant.start.year, grant.end.year + 1):
        last = min(grant.end, date(year, 12, 31))
        until = (total * ((last - grant.start).days + 1) / grant.days).quantize(Decimal("0.01"))
        years.append((year, until - spent))
        spent = until
    return Cost(grant.hourly_price, grant.total_minutes, tuple(years))
