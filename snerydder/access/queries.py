"""Questions about places, units, stand-ins, and in the demo about whom one can be."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from snerydder.access import scope
from snerydder.access.models import Account, Municipality, Staff, StandIn, Unit
from snerydder.access.roles import ROLES, Role
from snerydder.access.tenancy import set_context
from snerydder.audit.models import Event


def places_of(account: Account | Any, *, here: Staff | None = None) -> list[Staff]:
    """Every active place an account has, in whichever municipality. Leaves the context as `here` has it."""
    set_context(here.municipality_id if here else None, account.pk)
    found = list(Staff.objects.filter(account=account.pk, active=True).select_related("municipality").order_by("municipality__name"))
    set_context(here.municipality_id if here else None, here.account_id if here else account.pk)
    return found


def standing_in(staff: Staff) -> list[StandIn]:
    """For whom the person stands in today; `.away` is there without another query."""
    return staff.stands_in_for


def stand_ins(staff: Staff) -> list[StandIn]:
    """Now and to come, soonest first."""
    found = scope.rows(StandIn, staff).filter(end__gte=timezone.localdate())
    return list(found.select_related("away", "stand_in").order_by("start", "away__sort_key"))


def stand_ins_of(member: Staff, staff: Staff) -> list[StandIn]:
    return [row for row in stand_ins(staff) if member.pk in (row.away_id, row.stand_in_id)]


def staff_list(staff: Staff, *, active: bool | None = None) -> QuerySet[Staff]:
    found = scope.rows(Staff, staff).select_related("unit", "account").order_by("-active", "sort_key")
    return found if active is None else found.filter(active=active)


def colleagues(staff: Staff, role: str = "") -> QuerySet[Staff]:
    """Active staff in Danish order, perhaps of one role: what a form lets one choose from."""
    found = scope.rows(Staff, staff).filter(active=True).order_by("sort_key")
    return found.filter(roles__contains=[role]) if role else found


def units(staff: Staff) -> QuerySet[Unit]:
    return scope.rows(Unit, staff).order_by("name")


def account(pk: Any) -> Account | None:
    return Account.objects.filter(pk=pk, is_active=True).first()


def account_named(username: str) -> Account | None:
    return Account.objects.filter(username=username.strip().lower(), is_active=True).first()


def work_of(member: Staff) -> dict[str, int]:
    """Open cases that need somebody else when the person stops."""
    return {
        "as_caseworker": member.cases.filter(closed_on=None).count(),  # type: ignore[attr-defined]
        "as_mentor": sum(mentor.cases.filter(closed_on=None).count() for mentor in member.mentors.all()),  # type: ignore[attr-defined]
    }


def invited(staff_id: Any, municipality_id: int) -> Staff | None:
    """The place an invitation speaks of, while it is free. Sets that municipality's context."""
    set_context(municipality_id)
    found = Staff.objects.select_related("municipality").filter(pk=staff_id, municipality=municipality_id, active=True, account=None)
    return found.first()


@dataclass(frozen=True)
class Persona:
    username: str
    name: str
    role: Role


@dataclass(frozen=True)
class Town:
    name: str
    personas: list[Persona]


def towns() -> list[Town]:
    """Whom one can be in the demo: in each invented municipality one person of each role. Elsewhere nobody."""
    if not settings.DEMO:
        return []
    found = []
    for municipality in Municipality.objects.filter(invented=True).order_by("pk"):
        set_context(municipality.pk)
        known = Staff.objects.filter(municipality=municipality, active=True, account__isnull=False)
        place = {pk: number for number, pk in enumerate(_appointed(municipality.pk))}
        there = sorted(known.select_related("account"), key=lambda staff: place.get(staff.pk, -1))
        first = {key: next((staff for staff in there if staff.roles[:1] == [key]), None) for key in ROLES}
        personas = [Persona(staff.account.username, staff.name, ROLES[key]) for key, staff in first.items() if staff and staff.account]
        found.append(Town(municipality.name, personas))
    set_context(None)
    return [town for town in found if town.personas]


def _appointed(municipality_id: int) -> QuerySet[Event, Any]:
    """Who came first: of each role that is the one the manual tells about."""
    rows = Event.objects.filter(municipality_id=municipality_id, case_id=None, verb="access.appoint")
    return rows.order_by("id").values_list("object_id", flat=True)


def persona(username: str) -> Account | None:
    """The account behind a persona: in the demo, and only where every place of the account is invented."""
    account = Account.objects.filter(username=username, is_active=True).first() if settings.DEMO else None
    if account is None:
        return None
    places = places_of(account)
    return account if places and all(place.municipality.invented for place in places) else None
