"""The boxes of the look-ups' verbs. A field has the name of the verb's own argument, so that a refusal finds its box."""

from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from snerydder.casework.cases.forms import capital, long_text
from snerydder.casework.lookups.models import PickedLookup
from snerydder.ui import forms

ONE_OF = 200  # safety 2.10: one look-up in two hundred
FEWEST, MOST = 20, 500


class FreezeForm(forms.Form):
    size = forms.IntegerField(label=_("Hvor mange opslag skal udtrækkes?"), min_value=1, max_value=MOST)
    seed_source = django_forms.CharField(
        label=_("Hvilket offentligt tal trækkes der lod med?"), max_length=200,
        help_text=_("Et tal, ingen kender endnu, og alle kan slå op bagefter. For eksempel: vindertallene i Lotto lørdag i stigende rækkefølge."),
    )
    seed_day = forms.DateField(label=_("Hvornår bliver tallet kendt?"))

    def __init__(self, *args: Any, population: int, **given: Any) -> None:
        today = timezone.localdate()
        saturday = today + timedelta(days=(5 - today.weekday()) % 7)
        super().__init__(*args, initial={"size": min(MOST, max(FEWEST, -(-population // ONE_OF))), "seed_day": saturday}, **given)


class VerdictForm(forms.Form):
    verdict = django_forms.ChoiceField(label=_("Hvad er din vurdering?"), choices=capital(PickedLookup.Verdict.choices), widget=forms.Radios)
    note = long_text(_("Hvad bygger den på?"), 3, required=False, help_text=_("Skal skrives, når du vælger andet end »en del af arbejdet«."))


class FollowUpForm(forms.Form):
    follow_up = django_forms.ChoiceField(label=_("Hvad er der gjort?"), choices=capital(PickedLookup.FollowUp.choices), widget=forms.Radios)
    note = long_text(_("Fortæl kort"), 3)


class ExplainForm(forms.Form):
    text = long_text(_("Hvad skulle du bruge oplysningerne til?"), 3, help_text=_("Den, der vurderer opslaget, læser det. Skriv ikke mere om borgeren end nødvendigt."))
