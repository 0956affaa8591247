"""The boxes of each verb. A field has the name of the verb's own argument, so that a refusal finds its box."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Self

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff, Unit
from snerydder.casework.cases import drafts, queries
from snerydder.casework.cases.models import Assessment, Case, Closing, FollowUp, Goal, Referral
from snerydder.casework.cases.states import FIRST_FOLLOW_UP, Barrier
from snerydder.law import target_groups
from snerydder.ui import forms

LONG = 10_000


def not_in_the_future(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError(_("Datoen ligger i fremtiden."), code="future")


def long_text(label: Any, rows: int = 5, **given: Any) -> django_forms.CharField:
    return django_forms.CharField(label=label, max_length=LONG, widget=django_forms.Textarea(attrs={"rows": rows}), **given)


def past_day(label: Any, **given: Any) -> forms.DateField:
    return forms.DateField(label=label, initial=timezone.localdate, validators=[not_in_the_future], **given)


def capital(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Labels that stand inside a sentence elsewhere, as lines of their own."""
    return [(key, capfirst(label)) for key, label in choices]


class CaseForm(forms.Form):
    """A form that changes a case says which version of it the person has seen."""

    version = forms.IntegerField(widget=django_forms.HiddenInput)
    page = ""  # of a long form: the word under which what is typed is kept
    writer: Staff | None = None

    def __init__(self, *args: Any, case: Case, **given: Any) -> None:
        super().__init__(*args, **given)
        self.case = case
        self.fields["version"].initial = case.version

    def resume(self, staff: Staff) -> Self:
        """Keep what this person types, and show what they typed last time and did not save."""
        self.writer = staff
        self.keeps_at = reverse("cases:keep", args=[self.case.pk, self.page])
        draft = None if self.is_bound else drafts.find(self.case, self.page, staff)
        if draft:
            self.kept_since, self.drops_at = draft.saved_at, reverse("cases:drop_draft", args=[self.case.pk, self.page])
            self.fill(drafts.as_posted(draft))
        return self

    def fill(self, typed: QueryDict) -> None:
        for name, field in self.fields.items():
            if name != "version" and not field.widget.value_omitted_from_data(typed, {}, name):
                self.initial[name] = field.widget.value_from_datadict(typed, {}, name)

    def saved(self) -> None:
        """What was typed stands in the case now."""
        if self.writer:
            drafts.drop(self.case, self.page, by=self.writer)

    def seen_now(self) -> None:
        """After a refusal the person has seen what stands in the way: sending again is on the case as it is now."""
        self.data = self.data.copy()
        self.data["version"] = str(queries.version_of(self.case))


def attempt(form: Any, verb: Callable[[dict[str, Any]], Any]) -> bool:
    """ui.forms.run, and the case's new version in the form when the verb refused."""
    if forms.run(form, verb):
        if isinstance(form, CaseForm):
            form.saved()
        return True
    if isinstance(form, CaseForm):
        form.seen_now()
    return False


class ReferForm(forms.Form):
    need = long_text(_("Hvorfor kan borgeren have brug for en mentor?"), 6)
    barriers = django_forms.MultipleChoiceField(
        label=_("Hvad står i vejen?"), choices=capital(Barrier.choices), required=False, widget=forms.Checkboxes, help_text=_("Sæt hak ved det, der fylder.")
    )
    wished_start = forms.DateField(label=_("Ønsket start"), required=False)
    citizen_says = long_text(
        _("Hvad siger borgeren selv?"), 4, required=False, help_text=_("Skriv det med borgerens egne ord. Det følger med til målet.")
    )
    unit = django_forms.ModelChoiceField(label=_("Enhed"), queryset=Unit.objects.none(), empty_label=None)
    caseworker = django_forms.ModelChoiceField(
        label=_("Sagsbehandler"), queryset=Staff.objects.none(), required=False, empty_label=_("Ikke fordelt endnu")
    )

    def __init__(self, *args: Any, staff: Staff, citizen: Any, **given: Any) -> None:
        mine = staff if "caseworker" in staff.roles else None
        super().__init__(*args, initial={"unit": citizen.unit_id or staff.unit_id, "caseworker": mine and mine.pk}, **given)
        self.fields["unit"].queryset = queries.units(staff)
        self.fields["caseworker"].queryset = queries.caseworkers(staff)


class ReferralForm(CaseForm):
    need = long_text(_("Hvorfor kan borgeren have brug for en mentor?"), 6)
    barriers = django_forms.MultipleChoiceField(label=_("Hvad står i vejen?"), choices=capital(Barrier.choices), required=False, widget=forms.Checkboxes)
    wished_start = forms.DateField(label=_("Ønsket start"), required=False)
    citizen_says = long_text(_("Hvad siger borgeren selv?"), 4, required=False)
    reason = long_text(_("Hvorfor retter du henvisningen?"), 2, help_text=_("Det, der stod før, bliver stående i historikken."))

    def __init__(self, *args: Any, referral: Referral, **given: Any) -> None:
        initial = {name: getattr(referral, name) for name in ("need", "barriers", "wished_start", "citizen_says")}
        super().__init__(*args, case=referral.case, initial=initial, **given)


YES_NO_UNKNOWN = [("yes", _("Ja")), ("no", _("Nej")), ("unknown", _("Ikke spurgt endnu"))]
ANSWERS = {"yes": True, "no": False, "unknown": None}


class AssessForm(CaseForm):
    """A new assessment, or the correction of one that no decision stands on: then it asks why."""

    page = "vurdering"
    target_group = django_forms.ChoiceField(label=_("Målgruppe efter § 6"), required=False, help_text=_("Den skal være valgt, før du kan bevilge efter § 167."))
    outside_section_6 = django_forms.BooleanField(label=_("Borgeren er ansat og hører ikke under § 6"), required=False)
    need = long_text(
        _("Din vurdering af behovet"), 6, help_text=_("Hvad kan borgeren ikke selv lige nu, og hvad skal en mentor hjælpe med? Teksten står i brevet.")
    )
    decisive = django_forms.BooleanField(label=_("En mentor er af afgørende betydning"), required=False)
    decisive_reason = long_text(
        _("Hvorfor er en mentor afgørende?"), 4, required=False, help_text=_("Hvad kan ikke lykkes uden? Teksten står i brevet.")
    )
    citizen_agrees = django_forms.ChoiceField(
        label=_("Vil borgeren gerne have en mentor?"), choices=YES_NO_UNKNOWN, widget=forms.Radios, help_text=_("En mentor er et tilbud.")
    )
    conclusion = django_forms.ChoiceField(
        label=_("Konklusion"),
        choices=[("grant", _("Der er behov for en mentor")), ("refuse", _("Der er ikke behov for en mentor"))],
        widget=forms.Radios,
    )
    on = past_day(_("Vurderet den"))
    reason = long_text(_("Hvorfor retter du vurderingen?"), 2, help_text=_("Det, der stod før, bliver stående i historikken."))

    def __init__(self, *args: Any, case: Case, row: Assessment | None = None, **given: Any) -> None:
        super().__init__(*args, case=case, initial=_assessment_values(row) if row else {"target_group": case.citizen.target_group}, **given)
        groups = [(key, f"{key} {name}") for key, name in target_groups(timezone.localdate())]
        self.fields["target_group"].choices = [("", _("Ikke valgt")), *groups]
        del self.fields["on" if row else "reason"]

    def clean_citizen_agrees(self) -> bool | None:
        return ANSWERS[self.cleaned_data["citizen_agrees"]]


def _assessment_values(row: Assessment) -> dict[str, Any]:
    names = ("target_group", "outside_section_6", "need", "decisive", "decisive_reason", "conclusion")
    answer = next(key for key, value in ANSWERS.items() if value is row.citizen_agrees)
    return {name: getattr(row, name) for name in names} | {"citizen_agrees": answer}


class GoalForm(forms.Form):
    own_words = django_forms.CharField(
        label=_("Målet med borgerens egne ord"), max_length=500, required=False, widget=django_forms.Textarea(attrs={"rows": 2}),
        help_text=_("Skriv det, som borgeren siger det: ”Jeg vil gerne …”"),
    )
    text = django_forms.CharField(label=_("Målet, som I arbejder efter"), max_length=300)


class GoalChangeForm(GoalForm):
    result = django_forms.ChoiceField(label=_("Hvordan går det med målet?"), choices=capital(Goal.Result.choices), widget=forms.Radios)


class FollowUpForm(CaseForm):
    page = "opfoelgning"
    on = past_day(_("Opfølgningen blev holdt"))
    citizen_took_part = django_forms.BooleanField(label=_("Borgeren var med"), required=False, initial=True)
    text = long_text(_("Hvor langt er borgeren med målet?"), 5, help_text=_("Skriv også, hvad borgeren selv siger, og om timerne passer."))
    decision = django_forms.ChoiceField(
        label=_("Hvad beslutter du?"), choices=capital(FollowUp.Decision.choices),
        widget=forms.Radios(
            hints={
                "go_on": _("Støtten fortsætter, som den er bevilget."),
                "change": _("Noget skal være anderledes: opgaver, timer eller mentor."),
                "stop": _("Støtten skal slutte. Bagefter stopper du bevillingen eller afslutter sagen."),
            }
        ),
    )
    change = long_text(_("Hvad skal ændres?"), 3, required=False)
    contacts_approved = django_forms.BooleanField(
        label=_("Jeg har gennemgået kontakterne"), required=False, help_text=_("Så låses de til og med opfølgningens dag og kan ikke rettes.")
    )
    next_on = forms.DateField(label=_("Næste opfølgning"), required=False)

    def __init__(self, *args: Any, case: Case, **given: Any) -> None:
        soon = timezone.localdate() + FIRST_FOLLOW_UP
        within = min(soon, case.grant_end) if case.grant_end and case.grant_end > timezone.localdate() else None
        super().__init__(*args, case=case, initial={"next_on": within}, **given)


class CloseForm(CaseForm):
    page = "afslutning"
    goal_result = django_forms.ChoiceField(
        label=_("Er målet nået?"), choices=capital(choice for choice in Goal.Result.choices if choice[0] != "open"), widget=forms.Radios
    )
    result_text = long_text(
        _("Hvad førte støtten til?"), 5, help_text=_("Hvad er blevet anderledes for borgeren, og hvad gjorde forskellen?")
    )
    follows = django_forms.ChoiceField(label=_("Hvad sker der nu?"), choices=capital(Closing.Follows.choices), widget=forms.Radios)
    after_care = long_text(_("Efterværn"), 3, required=False, help_text=_("Hvem kan borgeren ringe til, og om hvad?"))
    after_care_until = forms.DateField(label=_("Efterværn til og med"), required=False)
    on = past_day(_("Afsluttet den"))


class ReasonForm(CaseForm):
    """A verb that only asks why."""

    reason = long_text(_("Hvorfor?"), 3)


class HandOverForm(forms.Form):
    caseworker = django_forms.ModelChoiceField(label=_("Ny sagsbehandler"), queryset=Staff.objects.none(), empty_label=_("Vælg"))
    reason = long_text(_("Hvorfor?"), 2, help_text=_("Det står i historikken på hver sag."))

    def __init__(self, *args: Any, staff: Staff, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["caseworker"].queryset = queries.caseworkers(staff)
