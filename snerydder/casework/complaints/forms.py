"""The boxes of a complaint."""

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from snerydder.casework.cases.forms import CaseForm, capital, long_text, past_day
from snerydder.casework.complaints.models import Complaint
from snerydder.ui import forms


class ComplaintForm(CaseForm):
    received_on = past_day(_("Modtaget den"))
    text = long_text(_("Hvad klager borgeren over?"), 6, help_text=_("Skriv klagen, som den er kommet. En mundtlig klage skrives ned."))


class ReassessForm(CaseForm):
    outcome = django_forms.ChoiceField(label=_("Hvad er du nået frem til?"), choices=capital(Complaint.Outcome.choices), widget=forms.Radios)
    reason = long_text(_("Begrundelsen til borgeren"), 6, help_text=_("Skriv til borgeren. Det står i brevet."))


class AppealForm(CaseForm):
    appeal = django_forms.ChoiceField(label=_("Hvad har Ankestyrelsen afgjort?"), choices=capital(Complaint.Appeal.choices), widget=forms.Radios)
    on = past_day(_("Afgjort den"))


FORMS: dict[str, Any] = {"reassess": ReassessForm, "appeal": AppealForm}
