"""The boxes of the look-ups' verbs. A field has the name of the verb's own argument, so that a refusal finds its box."""

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from snerydder.access import public_number
from snerydder.casework.cases.forms import capital, long_text
from snerydder.casework.lookups.models import PickedLookup
from snerydder.ui import forms

ONE_OF = 200  # safety 2.10: one look-up in two hundred
FEWEST, MOST = 20, 500


class FreezeForm(forms.Form):
    size = forms.IntegerField(label=_("Hvor mange opslag skal udtrækkes?"), min_value=1, max_value=MOST)
    seed_source = public_number.source_field()
    seed_day = public_number.day_field()

    def __init__(self, *args: Any, population: int, **given: Any) -> None:
        size = min(MOST, max(FEWEST, -(-population // ONE_OF)))
        super().__init__(*args, initial={"size": size, "seed_day": public_number.next_saturday()}, **given)


class VerdictForm(forms.Form):
    verdict = django_forms.ChoiceField(label=_("Hvad er din vurdering?"), choices=capital(PickedLookup.Verdict.choices), widget=forms.Radios)
    note = long_text(_("Hvad bygger den på?"), 3, required=False, help_text=_("Skal skrives, når du vælger andet end »en del af arbejdet«."))


class FollowUpForm(forms.Form):
    follow_up = django_forms.ChoiceField(label=_("Hvad er der gjort?"), choices=capital(PickedLookup.FollowUp.choices), widget=forms.Radios)
    note = long_text(_("Fortæl kort"), 3)


class ExplainForm(forms.Form):
    text = long_text(_("Hvad skulle du bruge oplysningerne til?"), 3, help_text=_("Den, der vurderer opslaget, læser det. Skriv ikke mere om borgeren end nødvendigt."))
