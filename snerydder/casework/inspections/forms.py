"""The boxes of the inspection's verbs. A field has the name of the verb's own argument, so that a refusal finds its box."""

from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from snerydder.access import public_number, scope
from snerydder.access.models import Staff, Unit
from snerydder.casework.cases.forms import capital, long_text
from snerydder.casework.grants.queries import offered
from snerydder.casework.inspections import guide, queries
from snerydder.casework.inspections.models import Answer, Procedure
from snerydder.casework.inspections.population import Wanted
from snerydder.ui import forms

POPULATION = ("first", "last", "status", "hjemmel", "unit", "size", "risk_size", "above_hours", "above_kroner")


class SampleForm(forms.Form):
    """From what, how many, and by which number that nobody knows yet."""

    title = django_forms.CharField(label=_("Hvad handler stikprøven om?"), max_length=120)
    first = forms.DateField(label=_("Mentorstøtte bevilget fra"))
    last = forms.DateField(label=_("Til og med"))
    status = django_forms.ChoiceField(
        label=_("Åbne eller afsluttede?"), choices=[("all", _("Begge dele")), ("open", _("Kun åbne")), ("closed", _("Kun afsluttede"))], widget=forms.Radios
    )
    hjemmel = django_forms.ChoiceField(label=_("Bestemmelse"), required=False)
    unit = django_forms.ModelChoiceField(label=_("Enhed"), queryset=Unit.objects.none(), required=False, empty_label=_("Hele kommunen"))
    size = forms.IntegerField(label=_("Hvor mange sager skal udtrækkes?"), min_value=1, max_value=1000, initial=20)
    risk_size = forms.IntegerField(
        label=_("Desuden fra sager, hvor en kontrol har haft en bemærkning"), min_value=1, max_value=1000, required=False,
        help_text=_("De bliver da en gruppe for sig. De tæller efter, hvor mange der er af dem, så fejlprocenten for alle sager bliver rigtig."),
    )
    above_hours = forms.IntegerField(label=_("Alle sager med flere bevilgede timer end"), min_value=0, required=False, suffix=_("timer"))
    above_kroner = forms.IntegerField(label=_("Alle sager, der koster mere end"), min_value=0, required=False, suffix=_("kr."))
    seed_source = public_number.source_field()
    seed_day = public_number.day_field()
    answer_by = forms.DateField(label=_("Sagerne skal være gennemgået senest"))

    def __init__(self, *args: Any, staff: Staff, **given: Any) -> None:
        today = timezone.localdate()
        saturday = public_number.next_saturday()
        begins = {"first": today - timedelta(days=365), "last": today, "seed_day": saturday, "answer_by": saturday + timedelta(days=28), "status": "all"}
        super().__init__(*args, initial=begins, **given)
        self.fields["hjemmel"].choices = [("", _("Alle bestemmelser")), *((key, name) for key, name, _rule in offered(today))]
        self.fields["unit"].queryset = scope.rows(Unit, staff).order_by("name")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("first") and given.get("last") and given["last"] < given["first"]:
            self.add_error("last", ValidationError(_("Perioden slutter, før den begynder.")))
        return given

    def quiet(self) -> None:
        """While one is only counting, what the count does not need is not asked for."""
        for name in [name for name in self.errors if name not in POPULATION]:
            del self.errors[name]

    def wanted(self) -> Wanted | None:
        """None while the boxes about the population cannot be read."""
        given = self.cleaned_data if self.is_bound else {}
        if not all(given.get(name) for name in ("first", "last", "size")) or "last" in self.errors:
            return None
        return Wanted(**({name: given.get(name) for name in POPULATION} | {"risk_size": given.get("risk_size") or 0}))


class ReasonForm(forms.Form):
    reason = long_text(_("Hvorfor?"), 3)


class ConclusionForm(forms.Form):
    conclusion = long_text(
        _("Konklusion"), 6, help_text=_("Hvad viser stikprøven, og hvad sker der nu? Den står i rapporten og brevet. Skriv intet om den enkelte borger.")
    )


class AnswerForm(forms.Form):
    """A radio and a note for each line; lines left open stay open, so a case can be answered in several goes."""

    def __init__(self, *args: Any, asked: list[queries.Asked], **given: Any) -> None:
        initial = {each.line.key: each.answer.verdict for each in asked if each.answer} | {
            f"{each.line.key}_note": each.answer.note for each in asked if each.answer
        }
        super().__init__(*args, initial=initial, **given)
        self.asked = asked
        for each in asked:
            self.fields[each.line.key] = django_forms.ChoiceField(
                label=_(each.line.text), choices=capital(Answer.Verdict.choices), required=False, widget=forms.Radios
            )
            self.fields[f"{each.line.key}_note"] = django_forms.CharField(
                label=_("Bemærkning"), max_length=4000, required=False, widget=django_forms.Textarea(attrs={"rows": 2})
            )

    def answers(self) -> dict[str, tuple[str, str]]:
        given = self.cleaned_data
        return {each.line.key: (given[each.line.key], given[f"{each.line.key}_note"]) for each in self.asked if given[each.line.key]}

    def pairs(self) -> list[tuple[queries.Asked, Any, Any]]:
        return [(each, self[each.line.key], self[f"{each.line.key}_note"]) for each in self.asked]


class FindingForm(forms.Form):
    line = django_forms.ChoiceField(label=_("Hvad handler fundet om?"), required=False)
    text = long_text(_("Hvad er fundet?"), 4, help_text=_("Skriv om arbejdsgangen, ikke om den enkelte borger: fundet læses af ledelsen og udvalget."))

    def __init__(self, *args: Any, version: str, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["line"].choices = [("", _("Andet")), *((line.key, _(line.short)) for line in guide.of(version).lines)]


class MeasureForm(forms.Form):
    text = long_text(_("Hvad skal der gøres?"), 3)
    owner = django_forms.ModelChoiceField(label=_("Hvem har ansvaret?"), queryset=Staff.objects.none(), empty_label=_("Vælg en medarbejder"))
    due_on = forms.DateField(label=_("Frist"))

    def __init__(self, *args: Any, staff: Staff, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["owner"].queryset = queries.owners(staff)


class DoneForm(forms.Form):
    text = long_text(_("Hvad er der gjort?"), 3)


class CheckForm(forms.Form):
    helped = django_forms.ChoiceField(
        label=_("Har det hjulpet?"), choices=[("yes", _("Ja, det virker")), ("no", _("Nej, det er ikke nok"))], widget=forms.Radios
    )
    text = long_text(_("Hvad viste eftersynet?"), 3)


class ProcedureForm(forms.Form):
    owner = django_forms.ModelChoiceField(label=_("Ejer"), queryset=Staff.objects.none(), empty_label=_("Vælg en medarbejder"))
    where = django_forms.CharField(label=_("Hvor ligger den?"), max_length=300, help_text=_("Navnet på dokumentet og stedet, så en kollega kan finde det."))
    valid_from = forms.DateField(label=_("Gælder fra"))
    review_on = forms.DateField(label=_("Gennemgås senest"))

    def __init__(self, *args: Any, staff: Staff, latest: Procedure | None, **given: Any) -> None:
        today = timezone.localdate()
        begins = {"owner": latest and latest.owner_id, "where": latest.where if latest else "", "valid_from": today, "review_on": today + timedelta(days=365)}
        super().__init__(*args, initial=begins, **given)
        self.fields["owner"].queryset = queries.owners(staff)
