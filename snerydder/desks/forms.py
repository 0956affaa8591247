"""What one can ask the list of cases for."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from snerydder.access import scope
from snerydder.access.models import Staff, Unit
from snerydder.casework.cases.states import Stage
from snerydder.casework.checks.queries import promises
from snerydder.casework.people.models import Mentor
from snerydder.desks.filters import FILTERS
from snerydder.desks.selection import MINE, WORDS, law_today
from snerydder.ui import forms
from snerydder.ui.formats import dato


class CaseListForm(forms.Form):
    """The filters of the list, as an address: sent with GET, so that a view can be kept and shared."""

    def __init__(self, staff: Staff, given: Mapping[str, Any]) -> None:
        super().__init__(auto_id="vis-%s", initial=given)
        self._add("show", _("Vis"), [(key, each.text(law_today())) for key, each in FILTERS.items()])
        self._add("stage", _("Trin"), self._with_all((stage.value, str(stage.label).capitalize()) for stage in Stage))
        if staff.roles != ["mentor"]:
            mentors = scope.rows(Mentor, staff).order_by("staff__sort_key").values_list("pk", "staff__name")
            workers = scope.rows(Staff, staff).filter(roles__contains=["caseworker"]).order_by("sort_key").values_list("pk", "name")
            units = scope.rows(Unit, staff).order_by("name").values_list("pk", "name")
            for name, label, rows in (("mentor", _("Mentor"), mentors), ("caseworker", _("Sagsbehandler"), workers), ("unit", _("Enhed"), units)):
                self._add(name, label, self._with_all((str(pk), text) for pk, text in rows))
            if given.get(WORDS["check"]):
                self._add("check", _("Kontrol"), self._with_all(promises().items()))
        if day := given.get(WORDS["day"]):
            self._add("day", _("Dag"), [("", _("I dag")), (day, dato(date.fromisoformat(day), "kort"))])
        if "caseworker" in staff.roles:
            self._add("whose", _("Hvis sager"), [("", _("Hele enheden")), (MINE, _("Mine og ufordelte"))])

    def _add(self, name: str, label: Any, choices: list[tuple[str, Any]]) -> None:
        self.fields[WORDS[name]] = django_forms.ChoiceField(label=label, required=False, choices=choices)

    @staticmethod
    def _with_all(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
        return [("", _("Alle")), *choices]
