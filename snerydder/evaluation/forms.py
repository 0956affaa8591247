"""The boxes of the evaluation's verbs."""

from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from snerydder.evaluation import reading
from snerydder.ui import forms
from snerydder.ui.fields import FilesField

LONGEST = 200_000


def _protocol() -> django_forms.CharField:
    return django_forms.CharField(
        label=_("Protokol"), max_length=LONGEST, strip=False, widget=django_forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "sn-code"}),
        help_text=_("Hver linje er nøgle = værdi. Linjer med # er forklaring."),
    )


class BeginForm(forms.Form):
    title = django_forms.CharField(label=_("Hvad skal undersøges?"), max_length=160)
    file = django_forms.FileField(label=_("Protokol som fil"), required=False, help_text=_("study.toml fra forsøget. Uden fil bruges teksten nedenfor."), widget=django_forms.FileInput(attrs={"accept": ".toml"}))
    protocol = _protocol()

    def __init__(self, *args: Any, **given: Any) -> None:
        own = given.pop("own", False)
        super().__init__(*args, **given)
        self.fields["protocol"].initial = reading.template(own)
        self.fields["protocol"].required = False

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if file := given.pop("file", None):
            try:
                given["protocol"] = file.read(LONGEST * 4).decode("utf-8")
            except UnicodeDecodeError:
                self.add_error("file", ValidationError(_("Filen er ikke en tekstfil i UTF-8.")))
        return given


class AmendForm(forms.Form):
    protocol = _protocol()
    reason = django_forms.CharField(label=_("Hvorfor ændres den?"), max_length=2000, widget=django_forms.Textarea(attrs={"rows": 3}))
    seen = django_forms.CharField(widget=django_forms.HiddenInput, required=False)


class FilesForm(forms.Form):
    files = FilesField(label=_("Datafiler og følgeseddel"), help_text=_("Vælg alle filerne på én gang, også manifest.json."))


class PartsForm(forms.Form):
    files = FilesField(label=_("Pakkerne fra kommunerne"), help_text=_("Vælg zip-filerne, som kommunerne har udleveret. De kan komme én ad gangen."))


class ReleaseForm(forms.Form):
    audience = django_forms.CharField(label=_("Hvem skal se rapporten?"), max_length=200, help_text=_("For eksempel: direktionen og beskæftigelsesudvalget."))
