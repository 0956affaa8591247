"""Which rows a person may reach, and `Scoped`, the base of every table with person data.

Row-level security keeps municipalities apart; this module keeps people inside a municipality to what their role reaches,
and writes the look-up. It is the only way from a user to an object.
"""

import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from snerydder.access.danish import said_in_danish
from snerydder.access.roles import ROLES
from snerydder.audit.models import Lookup


class TenantKey(models.ForeignKey):
    """A foreign key inside one municipality. The database constraint, made by `Isolate`, carries the municipality too."""

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)


class Scoped(models.Model):
    """A row of one municipality. `reach` is the path from this table to the case, `person` the path to the citizen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey("access.Municipality", models.PROTECT, related_name="+", verbose_name=_("kommune"), db_index=False)

    reach: str | None = None  # "" = the case itself, "case__" = one step away, None = everybody in the municipality
    person: str | None = None

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=Scoped)


def actors(staff: Any) -> list[Any]:
    """The person and those the person stands in for today."""
    return [staff.pk, *(stand_in.away_id for stand_in in staff.stands_in_for)]


def reachable(staff: Any, path: str) -> Q:
    """The rows whose case lies within the reach of one of the person's roles."""
    reaches = {ROLES[key].reach for key in staff.roles if key in ROLES}
    if "municipality" in reaches:
        return Q()
    found = Q(pk__in=[])
    if reaches & {"own", "unit"}:
        found |= Q(**{f"{path}mentor__staff__in": actors(staff)}) | Q(**{f"{path}caseworker__in": actors(staff)})
    if "unit" in reaches and staff.unit_id:
        found |= Q(**{f"{path}unit": staff.unit_id})
    return found


def rows(model: type[Row], staff: Any) -> QuerySet[Row]:
    """Every row of `model` this person may reach. Not logged: whoever shows persons calls `seen`, or uses `get`."""
    manager = model._default_manager.filter(municipality=staff.municipality_id)
    if model.reach is None:
        return manager
    inside = reachable(staff, model.reach)
    if not inside:
        return manager
    if model.reach.endswith("s__"):  # a reverse relation would repeat rows
        extra = Q(unit=staff.unit_id) if staff.unit_id and any(ROLES[key].reach == "unit" for key in staff.roles) else Q(pk__in=[])
        return manager.filter(Q(pk__in=model._default_manager.filter(inside).values("pk")) | extra)
    return manager.filter(inside)


def get(model: type[Row], pk: Any, staff: Any, *, purpose: str, page: str = "", lock: bool = False, related: Iterable[str] = ()) -> Row:
    """One row, or 404 whether it is somebody else's or does not exist. The look-up is logged."""
    found = rows(model, staff).filter(pk=pk)
    if related:
        found = found.select_related(*related)
    if lock:
        found = found.select_for_update(of=("self",))
    row = found.first()
    if row is None:
        raise Http404
    if model.reach in ("", "case__") and staff.stands_in_for:
        staff.behalf_of_id = _whose(row if model.reach == "" else row.case, staff)  # type: ignore[attr-defined]
    if model.person is not None:
        seen(staff, [_follow(row, model.person)], purpose=purpose, page=page or model._meta.label_lower, kind="page")
    return row


def seen(staff: Any, citizen_ids: Iterable[Any], *, purpose: str, page: str, kind: str = "list") -> None:
    """Log that these persons were shown. One row whatever the length of the list; nothing when nobody was shown."""
    persons = sorted({person for person in citizen_ids if person is not None}, key=str)
    if persons:
        Lookup.objects.create(
            municipality_id=staff.municipality_id,
            staff_id=staff.pk,
            behalf_of_id=staff.behalf_of_id,
            purpose=said_in_danish(purpose)[:200],
            kind=kind,
            page=page[:120],
            citizen_ids=persons,
        )


def _whose(case: Any, staff: Any) -> Any:
    """For whom the person acts on this case: somebody away whose case it is, unless it is also the person's own."""
    holders = {case.caseworker_id, case.mentor.staff_id if case.mentor_id else None}
    if staff.pk in holders:
        return None
    return next((row.away_id for row in staff.stands_in_for if row.away_id in holders), None)


def _follow(row: Any, path: str) -> Any:
    for step in path.split("."):
        row = getattr(row, step)
    return row
