"""The boxes of a question."""

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.casework.cases.forms import capital, long_text
from snerydder.casework.questions import queries
from snerydder.casework.questions.models import Question
from snerydder.ui import forms

Outcome = Question.Outcome


class AnswerForm(forms.Form):
    answer = long_text(_("Dit svar"), 5, help_text=_("Skriv, hvordan det gik til. Er noget skrevet forkert, så ret kontakten, og skriv det her."))


class CloseForm(forms.Form):
    outcome = django_forms.ChoiceField(label=_("Hvad endte det med?"), choices=[], widget=forms.Radios)
    reason = long_text(_("Begrundelse"), 4, help_text=_("Skriv, så en revisor kan forstå det om et år. Mentoren kan læse det."))

    def __init__(self, *args: Any, staff: Staff, **given: Any) -> None:
        super().__init__(*args, **given)
        own = [choice for choice in Outcome.choices if choice[0] != Outcome.PROCEDURE or "leader" in staff.roles]
        self.fields["outcome"].choices = capital(own)


class PassOnForm(forms.Form):
    leader = django_forms.ModelChoiceField(label=_("Leder"), queryset=Staff.objects.none())
    reason = long_text(_("Hvad skal lederen vide?"), 4)

    def __init__(self, *args: Any, staff: Staff, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["leader"].queryset = queries.leaders(staff)


class ReopenForm(forms.Form):
    reason = long_text(_("Hvorfor skal det åbnes igen?"), 3)
