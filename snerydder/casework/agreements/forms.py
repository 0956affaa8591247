"""The forms of match and agreement."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from snerydder.audit.action import Conflict
from snerydder.casework.agreements.matching import Suggestion
from snerydder.casework.agreements.models import Acceptance
from snerydder.casework.agreements.states import Party
from snerydder.casework.cases.forms import CaseForm, past_day
from snerydder.casework.cases.models import Case
from snerydder.casework.grants.models import Grant
from snerydder.casework.people.models import Mentor
from snerydder.law import help_kinds
from snerydder.ui import forms

Version = django_forms.IntegerField(widget=django_forms.HiddenInput, required=False)


def newer(form: Any, case: Case) -> Any:
    """After a person was told what somebody else did first, the next try stands on the case as it is now."""
    errors = [error for each in form.errors.as_data().values() for error in each] if form.is_bound else []
    if any(isinstance(getattr(error, "problem", None), Conflict) for error in errors):
        form.data = form.data.copy()
        form.data["version"] = case.version
    return form


class TasksForm(forms.Form):
    """Which help is called for. Read from the address: it says nothing about a person."""

    opgave = django_forms.MultipleChoiceField(
        label=_("Opgaver"), required=False, widget=forms.Checkboxes,
        help_text=_("Ret listen, hvis noget mangler. Forslagene ordnes efter den."),
    )

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["opgave"].choices = [(kind.key, gettext(kind.name)) for kind in help_kinds()]


class MatchForm(forms.Form):
    mentor = django_forms.ChoiceField(label=_("Mentor"), help_text=_("Alle mentorer kan vælges, også dem der ikke er foreslået."))
    reason = django_forms.CharField(
        label=_("Hvorfor netop denne mentor?"), max_length=500, help_text=_("Én linje. Den står i sagen, så andre kan forstå valget."),
    )
    citizen_wish = django_forms.CharField(
        label=_("Hvad ønsker borgeren?"), max_length=2000, required=False, widget=django_forms.Textarea(attrs={"rows": 2}),
        help_text=_("For eksempel en kvinde, en på egen alder, eller én, som borgeren allerede kender."),
    )
    despite_full = django_forms.BooleanField(label=_("Jeg har set, at mentoren er fuldt optaget, og vælger alligevel"), required=False)
    version = Version

    def __init__(self, weighed: Sequence[Suggestion], shown: int, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.weighed = {str(each.mentor.pk): each for each in weighed}
        labels = [(key, _choice_label(each)) for key, each in self.weighed.items()]
        others = sorted(labels[shown:], key=lambda choice: self.weighed[choice[0]].mentor.staff.sort_key)
        self.fields["mentor"].choices = [("", _("Vælg mentor")), (_("Forslag"), labels[:shown]), (_("Andre"), others)]
        self.warns = False

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        chosen = self.weighed.get(facts.get("mentor") or "")
        if chosen and chosen.full and not facts.get("despite_full"):
            self.warns = True
            said = [sentence for sentence in chosen.against if str(chosen.open_cases) in sentence] or chosen.against[-1:]
            self.add_error("despite_full", ValidationError(
                gettext("%(name)s er fuldt optaget: %(load)s Vælg en anden, eller sæt kryds her og skriv hvorfor.")
                % {"name": chosen.mentor.name, "load": " ".join(said)}
            ))  # fmt: skip
        if chosen:
            facts["mentor"] = chosen.mentor
        facts.pop("despite_full", None)
        return facts


def _choice_label(suggestion: Suggestion) -> str:
    full = gettext("fuldt optaget") if suggestion.full else ""
    return ", ".join(part for part in (f"{suggestion.mentor.name} ({suggestion.open_cases})", full) if part)


class VetoForm(forms.Form):
    mentor = django_forms.UUIDField(widget=django_forms.HiddenInput)
    reason = django_forms.CharField(label=_("Hvad siger borgeren?"), max_length=500, required=False)


class AgreementForm(forms.Form):
    goal = django_forms.CharField(
        label=_("Mål, helst med borgerens egne ord"), max_length=4000, required=False, widget=django_forms.Textarea(attrs={"rows": 3}),
    )
    mentor_contact = django_forms.CharField(
        label=_("Sådan får borgeren fat i mentoren"), max_length=200, required=False, help_text=_("Telefon, mail eller begge."),
    )
    start = forms.DateField(label=_("Aftalen gælder fra"))
    end = forms.DateField(label=_("Aftalen gælder til og med"))
    minutes = forms.MinutesField(label=_("Hvor megen tid"), min_value=1)
    minutes_per = django_forms.ChoiceField(label=_("Tiden gælder"), choices=Grant.Per.choices, widget=forms.Radios)
    own_car = django_forms.BooleanField(label=_("Mentor må køre borgeren i sin egen bil"), required=False)
    tries = forms.IntegerField(
        label=_("Hvor mange gange prøver mentor, før sagsbehandleren får besked?"), min_value=1, max_value=20, suffix=_("forsøg"),
    )
    who_does_what = django_forms.CharField(
        label=_("Hvem gør hvad?"), max_length=4000, required=False, widget=django_forms.Textarea(attrs={"rows": 4}),
        help_text=_("Kommunens spilleregler står her fra starten. Ret dem til, hvis I har aftalt noget andet."),
    )
    beyond_usual = django_forms.CharField(
        label=_("Hvad gør mentoren ud over det, virksomheden eller skolen gør for alle?"), max_length=2000, required=False,
        widget=django_forms.Textarea(attrs={"rows": 2}), help_text=_("Støtten kan kun gives til det, der ligger ud over det sædvanlige."),
    )
    no_usual_work = django_forms.BooleanField(label=_("Konsulenten erklærer ikke at passe sit eget arbejde i mentortimerne"), required=False)
    version = Version

    def __init__(self, mentor: Mentor, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for kind in help_kinds():
            self.fields[f"task_{kind.key}"] = django_forms.BooleanField(label=gettext(kind.name), required=False)
            self.fields[f"how_{kind.key}"] = django_forms.CharField(label=_("Hvordan?"), max_length=300, required=False)
        if mentor.kind != Mentor.Kind.COMPANY:
            del self.fields["beyond_usual"]
        if mentor.kind != Mentor.Kind.CONSULTANT:
            del self.fields["no_usual_work"]

    def task_fields(self) -> Iterable[tuple[str, Any, Any]]:
        for kind in help_kinds():
            yield kind.key, self[f"task_{kind.key}"], self[f"how_{kind.key}"]

    def clean(self) -> dict[str, Any]:
        """The tasks as (kind, how): ticked, or with something written about how."""
        facts = super().clean() or {}
        asked = [(kind.key, facts.pop(f"task_{kind.key}", False), facts.pop(f"how_{kind.key}", "")) for kind in help_kinds()]
        facts["tasks"] = [(key, how) for key, ticked, how in asked if ticked or how]
        return facts


class AcceptForm(forms.Form):
    party = django_forms.ChoiceField(choices=Party.choices, widget=django_forms.HiddenInput)
    how = django_forms.ChoiceField(label=_("Hvordan blev der sagt ja?"), choices=Acceptance.How.choices, widget=forms.Radios)
    edition = django_forms.IntegerField(widget=django_forms.HiddenInput)

    def __init__(self, *args: Any, on_screen: bool = True, **given: Any) -> None:
        super().__init__(*args, **given)
        if not on_screen:
            self.fields["how"].choices = [choice for choice in Acceptance.How.choices if choice[0] != Acceptance.How.ON_SCREEN]


class StartForm(forms.Form):
    on = forms.DateField(label=_("Støtten begynder"), help_text=_("Den dag, I går i gang."))
    follow_up_on = forms.DateField(label=_("Første opfølgning"), required=False, help_text=_("Tomt: om otte uger, eller når bevillingen udløber."))
    version = Version

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(gettext("Dagen er ikke kommet endnu. Sæt støtten i gang den dag, I begynder."))
        return day


class MinPlanForm(CaseForm):
    on = past_day(_("Står i Min Plan siden"))


class ReplaceForm(forms.Form):
    mentor = django_forms.ModelChoiceField(label=_("Ny mentor"), queryset=None, empty_label=_("Vælg mentor"))
    reason = django_forms.CharField(label=_("Hvorfor skiftes der mentor?"), max_length=500, help_text=_("Det står i hver sag."))

    def __init__(self, mentors: Any, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["mentor"].queryset = mentors  # type: ignore[attr-defined]
