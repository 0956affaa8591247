"""The instrument as a form: a question, and its steps as buttons. What one cannot answer is skipped."""

from typing import Any

from django import forms as django_forms

from snerydder.casework.surveys.instrument import Instrument
from snerydder.ui import forms


class SurveyForm(forms.Form):
    def __init__(self, *args: Any, instrument: Instrument, **given: Any) -> None:
        super().__init__(*args, **given)
        steps = [(str(number), text) for number, text in enumerate(instrument.steps, start=1)]
        for item in instrument.items:
            self.fields[item.key] = django_forms.TypedChoiceField(label=item.text, choices=steps, coerce=int, empty_value=None, required=False, widget=forms.Radios)

    @property
    def answers(self) -> dict[str, int]:
        return {key: value for key, value in self.cleaned_data.items() if value is not None}
