"""What the address asks about: one unit or all, and courses granted in how many months back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from snerydder.access import scope
from snerydder.access.models import Staff, Unit
from snerydder.desks.delivery import courses, night
from snerydder.desks.selection import as_uuid
from snerydder.law.months import add_months
from snerydder.law.rulebook import Law
from snerydder.ui import forms

SPANS = {"6": _("Sidste 6 måneder"), "12": _("Sidste år"), "24": _("Sidste to år"), "60": _("Sidste fem år")}
USUAL = "24"


@dataclass(frozen=True)
class Asked:
    unit: UUID | None
    months: str
    units: tuple[tuple[UUID, str], ...]
    now: bool = False  # counted anew, also where last night's count is kept

    @classmethod
    def read(cls, given: Mapping[str, str], staff: Staff) -> Asked:
        """What does not make sense is left out, never an error page."""
        units = tuple(scope.rows(Unit, staff).order_by("name").values_list("pk", "name"))
        unit, months = as_uuid(given.get("enhed")), given.get("siden", "")
        return cls(unit if unit in dict(units) else None, months if months in SPANS else USUAL, units, given.get("nu") == "1")

    @property
    def unit_name(self) -> str:
        return dict(self.units)[self.unit] if self.unit else ""

    def since(self, today: date) -> date:
        return add_months(today, -int(self.months))

    def query(self, **more: Any) -> str:
        told = {"enhed": self.unit or "", "siden": "" if self.months == USUAL else self.months, "nu": "1" if self.now else ""} | more
        return urlencode({key: value for key, value in told.items() if value})

    def ground(self, staff: Staff, law: Law) -> courses.Ground:
        return night.ground(staff.municipality_id, int(self.months), law, self.unit)

    def counted(self, staff: Staff, law: Law) -> night.Counted:
        return night.counted(staff.municipality_id, int(self.months), law, now=self.now)


class AskedForm(forms.Form):
    """Sent with GET, so that what one sees can be kept and shared."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(auto_id="vis-%s", initial={"enhed": str(asked.unit or ""), "siden": asked.months})
        units = [("", _("Hele kommunen")), *((str(pk), name) for pk, name in asked.units)]
        for word, label, choices in (("enhed", _("Enhed"), units), ("siden", _("Periode"), list(SPANS.items()))):  # the address is Danish
            self.fields[word] = django_forms.ChoiceField(label=label, required=False, choices=choices)
