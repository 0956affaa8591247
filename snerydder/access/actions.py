"""Founding a municipality, appointing staff, standing in."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.danish import sort_key
from snerydder.access.models import Account, Municipality, Staff, StandIn, Unit
from snerydder.access.roles import ROLES
from snerydder.access.tenancy import set_context
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record


def found_municipality(number: int, name: str, *, leader: str, username: str = "", password: str = "", invented: bool = False, **details: Any) -> Staff:
    """Make a municipality and its first leader, who is the `by` of all that follows. Runs inside a transaction.

    There is nobody to do it on behalf of, so the first leader is also the one who is written as having done it.
    """
    municipality = Municipality.objects.create(id=number, name=name, invented=invented, **details)
    set_context(municipality.pk)
    unit = Unit.objects.create(municipality=municipality, name=_("Ledelse"))
    account = Account.objects.create(username=username, password=password) if username else None
    staff = Staff(municipality=municipality, account=account, unit=unit, name=leader, sort_key=sort_key(leader), roles=["leader"])
    return _first_leader(staff, by=staff)


@action
def _first_leader(staff: Staff, *, by: Staff) -> Staff:
    staff.save(force_insert=True)
    record("access.found", staff, by=by, municipality=staff.municipality.name)
    return staff


@action
def add_unit(name: str, *, by: Staff) -> Unit:
    unit = Unit.objects.create(municipality_id=by.municipality_id, name=name.strip())
    record("access.add_unit", unit, by=by, name=unit.name)
    return unit


@action
def appoint(
    name: str, roles: list[str], *, by: Staff, unit: Unit | None = None, email: str = "", phone: str = "", username: str = "", password: str = ""
) -> Staff:
    """Give a person a place in the municipality, and a sign-in when `username` is given."""
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise Refusal(_("Vælg mindst én rolle."), field="roles")
    if username and Account.objects.filter(username=username).exists():
        raise Refusal(_("Brugernavnet %(name)s er taget.") % {"name": username}, mend=_("Vælg et andet."), field="username")
    account = Account.objects.create(username=username, password=password) if username else None
    staff = Staff.objects.create(
        municipality_id=by.municipality_id, account=account, unit=unit, name=name.strip(), sort_key=sort_key(name.strip()),
        email=email, phone=phone, roles=roles,
    )
    record("access.appoint", staff, by=by, name=staff.name, roles=roles)
    return staff


@action
def change_staff(staff: Staff, *, by: Staff, **changes: Any) -> Staff:
    before = {field: getattr(staff, field) for field in changes}
    for field, value in changes.items():
        setattr(staff, field, value)
    staff.sort_key = sort_key(staff.name)
    staff.save()
    record("access.change_staff", staff, by=by, before=before, after=changes)
    return staff


@action
def let_stand_in(away: Staff, stand_in: Staff, *, by: Staff, start: date, end: date, reason: str = "") -> StandIn:
    if away.pk == stand_in.pk:
        raise Refusal(_("En person kan ikke være sin egen stedfortræder."), mend=_("Vælg en anden."), field="stand_in")
    if end < start:
        raise Refusal(_("Slutdatoen ligger før startdatoen."), mend=_("Ret datoerne."), field="end")
    row = StandIn.objects.create(municipality_id=by.municipality_id, away=away, stand_in=stand_in, start=start, end=end, reason=reason)
    record("access.let_stand_in", row, by=by, away=away.name, stand_in=stand_in.name, start=start, end=end, reason=reason)
    return row


@action
def end_stand_in(row: StandIn, *, by: Staff) -> StandIn:
    """From today the person is back. A stand-in that has not begun is taken away."""
    today = timezone.localdate()
    record("access.end_stand_in", row, by=by, away=row.away.name, stand_in=row.stand_in.name, was_until=row.end)
    if row.start >= today:
        row.delete()
    else:
        row.end = today
        row.save(update_fields=["end"])
    return row
