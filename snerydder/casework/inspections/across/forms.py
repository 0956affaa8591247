"""The boxes of a round: what is asked of whom, and the files that come back."""

from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from snerydder.audit.action import Refusal
from snerydder.casework.inspections.across.calling import all_towns, towns_of
from snerydder.casework.inspections.across.receiving import LARGEST
from snerydder.ui import forms


class CallForm(forms.Form):
    title = django_forms.CharField(label=_("Hvad handler runden om?"), max_length=80)
    towns = django_forms.CharField(
        label=_("Hvilke kommuner?"), max_length=6000, widget=django_forms.Textarea(attrs={"rows": 8}),
        help_text=_("En linje for hver: kommunens tre cifre og navnet. De 98 kommuner står der; slet dem, der ikke er med."),
    )
    first = forms.DateField(label=_("Mentorstøtte bevilget fra"))
    last = forms.DateField(label=_("Til og med"))
    size = forms.IntegerField(label=_("Hvor mange kommuner skal udtrækkes?"), min_value=2, max_value=98, initial=20)
    each = forms.IntegerField(label=_("Hvor mange sager skal der ses på i hver?"), min_value=2, max_value=1000, initial=20)
    seed_source = django_forms.CharField(
        label=_("Hvilket offentligt tal trækkes der lod med?"), max_length=200,
        help_text=_("Et tal, ingen kender endnu, og alle kan slå op bagefter. Kommunerne bruger det samme."),
    )
    seed_day = forms.DateField(label=_("Hvornår bliver tallet kendt?"), help_text=_("Kommunerne skal have meldt sig inden da."))
    answer_by = forms.DateField(label=_("Kommunerne skal have svaret senest"))

    def __init__(self, *args: Any, **given: Any) -> None:
        today = timezone.localdate()
        known = today + timedelta(days=28 + (5 - today.weekday()) % 7)
        begins = {"towns": all_towns(), "first": today - timedelta(days=365), "last": today, "seed_day": known, "answer_by": known + timedelta(days=56)}
        super().__init__(*args, initial=begins, **given)

    def clean_towns(self) -> Any:
        try:
            return towns_of(self.cleaned_data["towns"])
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("first") and given.get("last") and given["last"] < given["first"]:
            self.add_error("last", ValidationError(_("Perioden slutter, før den begynder.")))
        return given


class _OneFile(forms.Form):
    file: Any

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("Filen er for stor."))
        return bytes(file.read())


class JoinForm(_OneFile):
    file = django_forms.FileField(
        label=_("Listen til runden"), widget=django_forms.FileInput(attrs={"accept": ".json,application/json"}),
        help_text=_("Filen, som den, der holder runden, har offentliggjort."),
    )


class AnswerFileForm(_OneFile):
    file = django_forms.FileField(label=_("Kommunens svarfil"), widget=django_forms.FileInput(attrs={"accept": ".json,application/json"}))
