"""One month of the log with what the rules need to know of those who looked and those who were looked at. A handful of questions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from snerydder.access.models import Staff
from snerydder.audit.models import Event, Lookup
from snerydder.casework.agreements.models import Match
from snerydder.casework.cases.models import Case
from snerydder.casework.inspections.models import DrawnCase
from snerydder.casework.people.models import Citizen

CHOSEN = ("page", "search", "cpr", "protected")  # one chose this very person; a list shows whoever stands on it
FEW = 3  # a search that found more was not for one person
NEAR = timedelta(days=30)  # so close to a look-up a person has worked on the case
LOOKING = ("people.show_cpr", "people.show_protected")  # events that are themselves look-ups


@dataclass(frozen=True, slots=True)
class Look:
    pk: int
    at: datetime  # by the clock on the wall
    staff: UUID
    behalf_of: UUID | None
    kind: str
    page: str
    citizens: tuple[UUID, ...]

    @property
    def is_chosen(self) -> bool:
        return self.kind in CHOSEN and len(self.citizens) <= FEW


@dataclass(frozen=True)
class Person:
    """Somebody as a comparison sees them."""

    name: str
    surnames: frozenset[str]
    phone: str
    address: str


@dataclass
class Month:
    first: date
    looks: list[Look]
    staff: dict[UUID, Person]
    roles: dict[UUID, frozenset[str]]
    citizens: dict[UUID, Person]
    holders: dict[UUID, set[UUID]] = field(default_factory=dict)  # citizen: who is or was caseworker or mentor
    with_case: set[UUID] = field(default_factory=set)
    inspected: set[UUID] = field(default_factory=set)
    worked: dict[tuple[UUID, UUID], list[datetime]] = field(default_factory=dict)  # (staff, citizen): when something was done

    @property
    def chosen(self) -> Iterator[tuple[Look, UUID]]:
        return ((look, citizen) for look in self.looks if look.is_chosen for citizen in look.citizens)

    def has_worked(self, look: Look, citizen: UUID) -> bool:
        times = self.worked.get((look.staff, citizen), [])
        at = bisect_left(times, look.at - NEAR)
        return at < len(times) and times[at] <= look.at + NEAR


def begin(day: date) -> datetime:
    """Midnight where the municipality is."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001


def rows(municipality: int, month: date) -> QuerySet[Lookup]:
    """The month's look-ups in the order they were written."""
    first = month.replace(day=1)
    ends = begin((first + timedelta(days=32)).replace(day=1))
    return Lookup.objects.filter(municipality_id=municipality, at__gte=begin(first), at__lt=ends).order_by("id")


def read(municipality: int, month: date) -> Month:
    names = ("pk", "at", "staff_id", "behalf_of_id", "kind", "page", "citizen_ids")
    looks = [
        Look(pk, timezone.localtime(at), staff, behalf_of, kind, page, tuple(citizens))
        for pk, at, staff, behalf_of, kind, page, citizens in rows(municipality, month).values_list(*names).iterator(5000)
    ]
    known = Staff.objects.filter(municipality=municipality).only("name", "phone", "address", "roles")
    staff = {each.pk: _person(each.name, each.name.split()[-1:], each.phone, each.address) for each in known}
    found = Month(month, looks, staff, {each.pk: frozenset(each.roles) for each in known}, {})
    _add_citizens(found, {citizen for _look, citizen in found.chosen})
    return found


def _add_citizens(month: Month, wanted: set[UUID]) -> None:
    fields = ("pk", "first_name", "last_name", "phone", "address")
    for pk, first, last, phone, address in Citizen.objects.filter(pk__in=wanted).values_list(*fields):
        month.citizens[pk] = _person(f"{first} {last}", last.replace("-", " ").split(), phone, address)
    for citizen, caseworker, mentor in Case.objects.filter(citizen__in=wanted).values_list("citizen", "caseworker", "mentor__staff"):
        month.with_case.add(citizen)
        month.holders.setdefault(citizen, set()).update({caseworker, mentor} - {None})
    for citizen, mentor in Match.objects.filter(case__citizen__in=wanted).values_list("case__citizen", "mentor__staff"):
        month.holders.setdefault(citizen, set()).add(mentor)
    month.inspected = set(DrawnCase.objects.filter(case__citizen__in=wanted).values_list("case__citizen", flat=True))
    for staff, citizen, at in _done(month, wanted):
        month.worked.setdefault((staff, citizen), []).append(at)


def _done(month: Month, wanted: set[UUID]) -> Iterable[tuple[Any, Any, datetime]]:
    if not month.looks:
        return []
    near = Q(at__gte=month.looks[0].at - NEAR, at__lte=month.looks[-1].at + NEAR)
    return Event.objects.filter(near, citizen_id__in=wanted).exclude(verb__in=LOOKING).order_by("at").values_list("staff_id", "citizen_id", "at").iterator(5000)


def _person(name: str, surnames: Iterable[str], phone: str, address: str) -> Person:
    return Person(plain(name), frozenset(plain(each) for each in surnames if len(each) > 2), "".join(sign for sign in phone if sign.isdigit()), plain(address))


def plain(text: str) -> str:
    """Two ways of writing the same compare alike: Kajen 4, 0000 Fjordby and KAJEN 4 0000 FJORDBY."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())
