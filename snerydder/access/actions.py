"""Founding a municipality, appointing staff, standing in."""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access.danish import sort_key
from snerydder.access.models import Account, Municipality, Staff, StandIn, Unit
from snerydder.access.queries import places_of
from snerydder.access.roles import ROLES
from snerydder.access.tenancy import set_context
from snerydder.audit.action import Refusal, action
from snerydder.audit.events import record


def found_municipality(
    number: int, name: str, *, leader: str, username: str = "", password: str = "", invented: bool = False, **details: Any
) -> Staff:
    """Make a municipality and its first leader, who is the `by` of all that follows. Runs inside a transaction.

    There is nobody to do it on behalf of, so the first leader is also the one who is written as having done it.
    """
    set_context(number)
    municipality = Municipality.objects.create(id=number, name=name, invented=invented, **details)
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
def change_municipality(municipality: Municipality, *, by: Staff, **changes: Any) -> Municipality:
    """What letters and pages call the municipality, and its rules of the game in agreements."""
    before = {field: getattr(municipality, field) for field in changes}
    for field, value in changes.items():
        setattr(municipality, field, value)
    municipality.save(update_fields=list(changes))
    record("access.change_municipality", by, by=by, before=before, after=changes)
    return municipality


@action
def add_unit(name: str, *, by: Staff) -> Unit:
    unit = Unit(municipality_id=by.municipality_id, name=_free_unit_name(name, by))
    _save_unit(unit)
    record("access.add_unit", unit, by=by, name=unit.name)
    return unit


@action
def rename_unit(unit: Unit, name: str, *, by: Staff) -> Unit:
    before, unit.name = unit.name, _free_unit_name(name, by, unit)
    _save_unit(unit)
    record("access.rename_unit", unit, by=by, before=before, after=unit.name)
    return unit


def _free_unit_name(name: str, by: Staff, unit: Unit | None = None) -> str:
    name = name.strip()
    if not name:
        raise Refusal(_("Enheden mangler et navn."), field="name")
    same = Unit.objects.filter(municipality=by.municipality_id, name__iexact=name)
    if (same.exclude(pk=unit.pk) if unit else same).exists():
        raise _name_taken(name)
    return name


def _save_unit(unit: Unit) -> None:
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError:  # somebody made the same unit at the same moment
        raise _name_taken(unit.name) from None


def _name_taken(name: str) -> Refusal:
    return Refusal(_("Der er allerede en enhed, der hedder %(name)s.") % {"name": name}, mend=_("Vælg et andet navn."), field="name")


@action
def appoint(
    name: str, roles: list[str], *, by: Staff, unit: Unit | None = None, email: str = "", phone: str = "", address: str = "", username: str = "", password: str = ""
) -> Staff:
    """Give a person a place in the municipality, and a sign-in when `username` is given."""
    _check_roles(roles)
    account = _new_account(username, password) if username else None
    staff = Staff.objects.create(
        municipality_id=by.municipality_id, account=account, unit=unit, name=name.strip(), sort_key=sort_key(name.strip()),
        email=email, phone=phone, address=address, roles=roles,
    )
    record("access.appoint", staff, by=by, name=staff.name, roles=roles)
    return staff


def _check_roles(roles: list[str]) -> None:
    if not roles or any(role not in ROLES for role in roles):
        raise Refusal(_("Vælg mindst én rolle."), field="roles")


def _new_account(username: str, password: str = "") -> Account:
    username = username.strip().lower()
    taken = Refusal(_("Brugernavnet %(name)s er taget.") % {"name": username}, mend=_("Vælg et andet."), field="username")
    if Account.objects.filter(username=username).exists():
        raise taken
    try:
        with transaction.atomic():
            return Account.objects.create(username=username, password=password)
    except IntegrityError:
        raise taken from None


@action
def change_staff(staff: Staff, *, by: Staff, **changes: Any) -> Staff:
    before = {field: getattr(staff, field) for field in changes}
    if "roles" in changes:
        _check_roles(changes["roles"])
        if "leader" in staff.roles and "leader" not in changes["roles"]:
            _keep_a_leader(staff, field="roles")
    for field, value in changes.items():
        setattr(staff, field, value)
    staff.sort_key = sort_key(staff.name)
    staff.save()
    record("access.change_staff", staff, by=by, before=before, after=changes)
    return staff


@action
def deactivate(staff: Staff, *, by: Staff, reason: str = "") -> Staff:
    """From now on the place gives no access. Cases stay with the name until they are handed over."""
    if staff.pk == by.pk:
        raise Refusal(_("Du kan ikke lukke din egen adgang."), mend=_("Bed en anden leder om det."))
    if "leader" in staff.roles:
        _keep_a_leader(staff)
    staff.active = False
    staff.save(update_fields=["active"])
    record("access.deactivate", staff, by=by, name=staff.name, reason=reason)
    return staff


@action
def reactivate(staff: Staff, *, by: Staff) -> Staff:
    staff.active = True
    staff.save(update_fields=["active"])
    record("access.reactivate", staff, by=by, name=staff.name)
    return staff


def _keep_a_leader(staff: Staff, field: str = "") -> None:
    others = Staff.objects.filter(municipality=staff.municipality_id, active=True, roles__contains=["leader"]).exclude(pk=staff.pk)
    if not others.exists():
        raise Refusal(
            _("%(name)s er den eneste leder.") % {"name": staff.name}, _("Uden en leder kan ingen ansætte eller lukke adgang."),
            _("Giv først en anden rollen som leder."), field=field,
        )


@action
def invite(staff: Staff, *, by: Staff, username: str = "") -> Account:
    """Make the sign-in the person gets a link to choose a password for, or let the person choose a new one.

    A person who also works in another municipality is refused: whoever holds the link could enter there as well.
    """
    if staff.account is None:
        staff.account = _new_account(username)
        staff.save(update_fields=["account"])
    elif len(places_of(staff.account, here=by)) > 1:
        raise Refusal(
            _("%(name)s har også en plads i en anden kommune.") % {"name": staff.name},
            _("Et nyt login herfra ville også åbne dørene dér."), _("Bed den, der driver Snerydder, om et link. Det laves med snerydder password_link."),
        )
    record("access.invite", staff, by=by, name=staff.name)
    return staff.account


@action
def join(staff: Staff, account: Account, *, by: Staff) -> Staff:
    """Tie a place without a sign-in to the sign-in the person has from another municipality."""
    if staff.account_id is not None:
        raise Refusal(_("Invitationen er brugt."), mend=_("Bed lederen om en ny, hvis det ikke var dig."))
    if Staff.objects.filter(municipality=staff.municipality_id, account=account).exists():
        raise Refusal(_("Du har allerede en plads i kommunen."), mend=_("Bed lederen om at rette den i stedet."))
    staff.account = account
    staff.save(update_fields=["account"])
    record("access.join", staff, by=by, name=staff.name)
    return staff


@action
def let_stand_in(away: Staff, stand_in: Staff, *, by: Staff, start: date, end: date, reason: str = "") -> StandIn:
    if away.pk == stand_in.pk:
        raise Refusal(_("En person kan ikke være sin egen stedfortræder."), mend=_("Vælg en anden."), field="stand_in")
    if end < start:
        raise Refusal(_("Slutdatoen ligger før startdatoen."), mend=_("Ret datoerne."), field="end")
    if not stand_in.active:
        raise Refusal(_("%(name)s har ikke adgang mere.") % {"name": stand_in.name}, mend=_("Vælg en anden."), field="stand_in")
    if StandIn.objects.filter(away=away, stand_in=stand_in, start__lte=end, end__gte=start).exists():
        raise Refusal(
            _("%(stand_in)s er allerede stedfortræder for %(away)s i de dage.") % {"stand_in": stand_in.name, "away": away.name},
            mend=_("Vælg andre datoer."), field="start",
        )
    row = StandIn.objects.create(municipality_id=by.municipality_id, away=away, stand_in=stand_in, start=start, end=end, reason=reason)
    record("access.let_stand_in", row, by=by, away=away.name, stand_in=stand_in.name, start=start, end=end, reason=reason)
    return row


@action
def end_stand_in(row: StandIn, *, by: Staff) -> StandIn:
    """From today the person is back, so yesterday was the last day. A stand-in that has not had a day is taken away."""
    today = timezone.localdate()
    record("access.end_stand_in", row, by=by, away=row.away.name, stand_in=row.stand_in.name, was_until=row.end)
    if row.start >= today:
        row.delete()
    else:
        row.end = today - timedelta(days=1)
        row.save(update_fields=["end"])
    return row
