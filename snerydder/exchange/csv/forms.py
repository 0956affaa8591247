"""The file, and what it holds."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from snerydder.exchange.csv.models import Import
from snerydder.exchange.csv.reading import LARGEST
from snerydder.ui import forms

KINDS = [(Import.Kind.CITIZENS, _("Borgere")), (Import.Kind.MENTORS, _("Mentorer")), (Import.Kind.CASES, _("Sager i gang"))]
HINTS = {
    Import.Kind.CITIZENS: _("Én række for hver borger. Kendes igen på CPR-nummeret."),
    Import.Kind.MENTORS: _("Én række for hver mentor. Kendes igen på mailen."),
    Import.Kind.CASES: _("Én række for hver bevilling, der er i kraft nu. Importér borgere og mentorer først."),
}


class FileForm(forms.Form):
    kind = django_forms.ChoiceField(label=_("Hvad er der i filen?"), choices=KINDS, widget=forms.Radios(hints=HINTS))
    file = django_forms.FileField(
        label=_("Fil"), allow_empty_file=True, widget=django_forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        help_text=_("Excel (.xlsx) eller CSV på højst 10 MB."),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        return file.name, file.read(LARGEST + 1)
