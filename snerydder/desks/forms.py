"""What one can ask the list of cases for."""

from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from snerydder.access import scope
from snerydder.access.models import Staff, Unit
from snerydder.casework.cases.states import Stage
from snerydder.casework.people.models import Mentor
from snerydder.desks.filters import FILTERS
from snerydder.desks.selection import MINE, law_today
from snerydder.ui import forms


class CaseListForm(forms.Form):
    """The filters of the list, as an address: sent with GET, so that a view can be kept and shared."""

    vis = django_forms.ChoiceField(label=_("Vis"), required=False)
    trin = django_forms.ChoiceField(label=_("Trin"), required=False)
    mentor = django_forms.ChoiceField(label=_("Mentor"), required=False)
    sagsbehandler = django_forms.ChoiceField(label=_("Sagsbehandler"), required=False)
    enhed = django_forms.ChoiceField(label=_("Enhed"), required=False)
    hvem = django_forms.ChoiceField(label=_("Hvis sager"), required=False)

    def __init__(self, staff: Staff, given: Mapping[str, Any]) -> None:
        super().__init__(auto_id="vis-%s", initial=given)
        self.fields["vis"].choices = [(key, each.text(law_today())) for key, each in FILTERS.items()]
        self.fields["trin"].choices = [("", _("Alle")), *((stage.value, str(stage.label).capitalize()) for stage in Stage)]
        mentors = scope.rows(Mentor, staff).order_by("staff__sort_key").values_list("pk", "staff__name")
        workers = scope.rows(Staff, staff).filter(roles__contains=["caseworker"]).order_by("sort_key").values_list("pk", "name")
        units = scope.rows(Unit, staff).order_by("name").values_list("pk", "name")
        for name, rows in (("mentor", mentors), ("sagsbehandler", workers), ("enhed", units)):
            self.fields[name].choices = [("", _("Alle")), *((str(pk), text) for pk, text in rows)]
        if "caseworker" in staff.roles:
            self.fields["hvem"].choices = [("", _("Hele enheden")), (MINE, _("Mine og ufordelte"))]
        else:
            del self.fields["hvem"]
        if "mentor" in staff.roles and len(staff.roles) == 1:
            for name in ("mentor", "sagsbehandler", "enhed"):
                del self.fields[name]
