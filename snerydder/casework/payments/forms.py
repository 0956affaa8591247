"""What somebody else says of a contact, and the citizen's own answer."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from snerydder.casework.payments.models import Confirmation
from snerydder.ui import forms

ANSWERS = [("yes", _("Ja")), ("no", _("Nej")), ("unsure", _("Ved ikke"))]


def capital(choices):
    return [(key, str(label)[:1].upper() + str(label)[1:]) for key, label in choices]


class ConfirmForm(forms.Form):
    source = django_forms.ChoiceField(
        label=_("Hvem siger det?"), choices=capital(Confirmation.Source.choices), widget=forms.Radios(hints={"citizen": _("Når du selv har talt med borgeren.")})
    )
    source_name = django_forms.CharField(label=_("Navn på den, du har talt med"), max_length=120, help_text=_("Og hvor de er fra, hvis det ikke er borgeren."))
    answered = django_forms.ChoiceField(label=_("Fandt kontakten sted?"), choices=ANSWERS, widget=forms.Radios)


class AnswerForm(forms.Form):
    answer = django_forms.ChoiceField(label=_("Dit svar"), choices=ANSWERS, widget=forms.Radios(tiles=True))


class CodeForm(forms.Form):
    code = django_forms.CharField(label=_("Koden fra beskeden"), max_length=30, help_text=_("For eksempel 901-K7PM-2QXD-9TRA."))
