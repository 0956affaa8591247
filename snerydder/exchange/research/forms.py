"""The boxes of the door."""

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.exchange.research import queries
from snerydder.ui import forms
from snerydder.ui.fields import FilesField


class AskForm(forms.Form):
    trial = django_forms.ModelChoiceField(label=_("Forsøg"), queryset=None, empty_label=None)
    receiver = django_forms.CharField(label=_("Hvem skal have data?"), max_length=200, help_text=_("For eksempel: evaluator i egen kommune, eller Danmarks Statistik, projekt 709999."))
    purpose = django_forms.CharField(label=_("Hvad skal de bruges til?"), max_length=2000, widget=django_forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, staff: Staff, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["trial"].queryset = queries.drawn_trials(staff)
        self.fields["trial"].label_from_instance = lambda trial: f"{trial.number}. {trial.title}"


class RegisterForm(forms.Form):
    files = FilesField(label=_("Registerfilen og dens følgeseddel"), help_text=_("Vælg register.csv, en eventuel kodeliste og registrets manifest.json på én gang. Forsøgets egne filer kommer med af sig selv."))


class OffersForm(RegisterForm):
    """Where the trial has two offers, each is compared with the control in a study of its own."""

    offer = django_forms.ChoiceField(label=_("Hvilket tilbud skal sammenlignes med kontrolgruppen?"), widget=forms.Radios())
    field_order = ("offer", "files")

    def __init__(self, *args: Any, more_offer: str, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["offer"].choices = [("offered", _("Det første: mentor")), ("more", _("Det andet: %(offer)s") % {"offer": more_offer})]


class SurveyListForm(forms.Form):
    kind = django_forms.ChoiceField(label=_("Hvilken slags ark?"), choices=[("ods", _("OpenDocument (.ods)")), ("xlsx", _("Excel (.xlsx)"))], initial="ods", widget=forms.Radios())
    link = django_forms.CharField(label=_("Adressen på spørgeskemaet"), max_length=500, required=False, help_text=_("Skriv {noegle}, hvor nøglen skal stå, fx https://svar.eksempel.dk/?id={noegle}."))


class AnswersForm(forms.Form):
    file = django_forms.FileField(label=_("Svarene"), help_text=_("Et ark fra spørgeskemaværktøjet: .ods, .xlsx eller .csv. Første kolonne hedder noegle."), widget=django_forms.FileInput(attrs={"accept": ".ods,.xlsx,.csv"}))
