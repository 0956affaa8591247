"""The boxes of a trial's verbs. A field has the name of the verb's own argument, so that a refusal finds its box."""

from secrets import token_hex
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from snerydder.access import public_number
from snerydder.casework.cases.forms import capital, long_text
from snerydder.casework.trials.actions import AMENDABLE
from snerydder.casework.trials.models import TEXTS, Departure, Offer, Screening, Trial
from snerydder.casework.trials.plan import CHOICES, LIMITS, LONGEST_OFFER, OUTCOMES, SUBGROUPS, Plan
from snerydder.ui import forms

BLOCKS = [("2", "2"), ("3", "3"), ("4", "4"), ("6", "6"), ("8", "8"), ("9", "9"), ("12", "12")]


def _text(label: Any, rows: int, hint: Any = "", limit: int = 2000) -> django_forms.CharField:
    return django_forms.CharField(label=label, max_length=limit, required=False, help_text=hint, widget=django_forms.Textarea(attrs={"rows": rows}))


def _number(name: str, label: Any, **more: Any) -> forms.IntegerField:
    low, high = LIMITS[name]
    return forms.IntegerField(label=label, min_value=low, max_value=high, **more)


class ProtocolForm(forms.Form):
    """The whole protocol on one page. A draft may be half written; the lock asks for all of it."""

    title = django_forms.CharField(label=_("Forsøgets navn"), max_length=120)
    question = _text(_("Hvilket spørgsmål skal forsøget svare på?"), 2)
    population = _text(_("Hvem handler forsøget om?"), 2)
    eligibility = _text(_("Hvem kan der trækkes lod om?"), 3, _("Kun borgere, som vurderingen siger har brug for en mentor, og som ikke har ret til en."))
    exclusions = _text(_("Hvem kan ikke være med?"), 2)
    legal_basis = _text(_("Med hvilken hjemmel trækkes der lod?"), 3, _("Der kan trækkes lod om et tilbud efter § 167, stk. 1. Fraviger forsøget loven, skal der være en tilladelse."))
    information = _text(_("Hvad får borgeren at vide?"), 4, _("Teksten, borgeren får, før der trækkes lod."), 4000)
    usual_effort = _text(_("Hvad får kontrolgruppen?"), 2, _("Den sædvanlige indsats, så det kan ses, hvad mentoren blev sammenlignet med."))
    stopping = _text(_("Hvornår stopper forsøget?"), 2)
    municipalities = _number("municipalities", _("Hvor mange kommuner følger protokollen?"))
    stratify = django_forms.ChoiceField(
        label=_("Trækkes der lod inden for grupper?"), widget=forms.Radios,
        choices=[("none", _("Nej, i hele kommunen")), ("unit", _("Ja, i hver enhed")), ("age", _("Ja, yngre og ældre hver for sig"))],
    )
    age_cut = _number("age_cut", _("Aldersgrænse"), suffix=_("år"))
    places = _number("places", _("Pladser i hver gruppe"), help_text=_("Begge sider af loddet tilsammen."))
    offered = _number("offered", _("Forholdet: så mange får tilbud om mentor"))
    control = _number("control", _("for hver så mange i kontrolgruppen"))
    more = _number("more", _("Så mange får det andet tilbud"), required=False, help_text=_("0, hvis der kun er ét tilbud."))
    more_offer = _text(_("Hvad er det andet tilbud?"), 2, _("For eksempel: mentor to gange om ugen. Hvert tilbud sammenlignes med kontrolgruppen for sig, og båndene bliver bredere."), LONGEST_OFFER)
    drawn = django_forms.ChoiceField(
        label=_("Hvad trækkes der lod om?"), widget=forms.Radios, choices=[("person", _("Én borger ad gangen")), ("unit", _("Hele enheder: alle i en enhed får samme lod"))],
        help_text=_("Med hele enheder er loddet kendt efter den første borger. Derfor skal det være fastlagt, hvem der afklares."),
    )
    blocks = django_forms.MultipleChoiceField(
        label=_("Mulige blokstørrelser"), choices=BLOCKS, widget=forms.Checkboxes, help_text=_("Hvilken størrelse hver blok får, er skjult. I hver blok passer forholdet.")
    )
    primary = django_forms.ChoiceField(label=_("Hovedudfaldet"), choices=list(OUTCOMES.items()))
    week = _number("week", _("Afgøres i uge"), help_text=_("Uger efter lodtrækningen."))
    last = _number("last", _("Kurverne vises til uge"))
    secondary = django_forms.MultipleChoiceField(label=_("Andre udfald"), choices=list(OUTCOMES.items()), widget=forms.Checkboxes, required=False)
    subgroups = django_forms.MultipleChoiceField(label=_("Undergrupper"), choices=list(SUBGROUPS.items()), widget=forms.Checkboxes, required=False)
    estimator = django_forms.ChoiceField(
        label=_("Hvordan regnes forskellen?"),
        choices=list(CHOICES["estimator"].items()),
    )
    correction = django_forms.ChoiceField(
        label=_("Når der ses på flere ting på én gang"), choices=list(CHOICES["correction"].items())
    )
    alpha = django_forms.TypedChoiceField(label=_("Båndenes niveau"), coerce=int, choices=[(10, "90 %"), (5, "95 %")])
    dead = django_forms.ChoiceField(label=_("Borgere, der dør"), choices=list(CHOICES["dead"].items()))
    abroad = django_forms.ChoiceField(label=_("Borgere, der udvandrer"), choices=list(CHOICES["abroad"].items()))
    missing = django_forms.ChoiceField(
        label=_("Borgere, der ikke findes i registret"), choices=list(CHOICES["missing"].items())
    )
    share = forms.DecimalField(label=_("Ventet andel uden mentor"), max_digits=4, decimal_places=1, suffix="%")
    effect = forms.DecimalField(label=_("Ventet virkning for dem, der siger ja"), max_digits=4, decimal_places=1, suffix=_("procentpoint"))
    take_up = _number("take_up", _("Så mange siger ja til tilbuddet"), suffix="%")

    def __init__(self, *args: Any, trial: Trial | None = None, boxes: dict[str, Any] | None = None, **given: Any) -> None:
        start = {name: getattr(trial, name) for name in TEXTS} | Plan.of(trial.plan).kept() if trial else Plan().kept()
        super().__init__(*args, initial=start | (boxes or {}), **given)
        self.initial["blocks"] = [str(each) for each in self.initial["blocks"]]

    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in TEXTS}

    def plan(self) -> Plan | None:
        """None while a number cannot be read."""
        given = self.cleaned_data if self.is_bound else {}
        names = list(Plan().kept())
        if any(name in self.errors for name in names) or not given:
            return None
        values = {name: given[name] for name in names} | {"more": given["more"] or 0, "share": float(given["share"]), "effect": float(given["effect"])}
        return Plan.of(values | {"blocks": [int(each) for each in given["blocks"]]})


class FileForm(forms.Form):
    file = django_forms.FileField(
        label=_("Protokollen som fil"), help_text=_("Den fælles protokol fra den kommune, der leder forsøget, eller en study.toml, der er hentet fra et forsøg."),
    )


class JoinForm(forms.Form):
    """What is the municipality's own in a trial that another leads."""

    legal_basis = _text(_("Med hvilken hjemmel er jeres kommune med?"), 3, _("Hver kommune har sit eget dataansvar. Skriv også beslutningen og dens dato."))
    contact = django_forms.CharField(label=_("Hvem kan borgere og de andre kommuner spørge?"), max_length=200, help_text=_("Navn, telefon og e-post i jeres kommune."))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["legal_basis"].required = True


class PromiseForm(forms.Form):
    secret = django_forms.CharField(
        label=_("Din hemmelighed"), max_length=200, widget=django_forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Skriv din egen, eller behold den her. Skriv den af på papir, og læg den et sikkert sted: den viser til sidst, at ingen har byttet om."),
    )
    number_source = public_number.source_field()
    number_day = public_number.day_field()

    def __init__(self, *args: Any, trial: Trial, **given: Any) -> None:
        super().__init__(*args, initial={"secret": token_hex(16), "number_day": public_number.next_saturday()}, **given)
        if trial.number_source:
            del self.fields["number_source"], self.fields["number_day"]


class ReasonForm(forms.Form):
    reason = long_text(_("Hvorfor?"), 3)


class AmendForm(forms.Form):
    field = django_forms.ChoiceField(label=_("Hvad ændres?"))
    after = long_text(_("Hvad gælder nu?"), 3)
    reason = long_text(_("Hvorfor?"), 3)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["field"].choices = [(name, ProtocolForm.base_fields[name].label) for name in AMENDABLE]


class ScreeningForm(forms.Form):
    right = django_forms.ChoiceField(label=_("Har borgeren ret til en mentor?"), choices=capital(Screening.Right.choices), widget=forms.Radios)
    excluded = django_forms.CharField(label=_("Er der en anden grund til, at borgeren ikke kan være med?"), max_length=300, required=False)
    informed_on = forms.DateField(label=_("Hvornår fik borgeren at vide, at der trækkes lod?"), required=False)


class AnswerForm(forms.Form):
    answer = django_forms.ChoiceField(
        label=_("Hvad svarede borgeren?"), choices=[row for row in capital(Offer.Answer.choices) if row[0] != "waiting"], widget=forms.Radios
    )


class DepartureForm(forms.Form):
    kind = django_forms.ChoiceField(label=_("Hvad er der sket?"), choices=capital(Departure.Kind.choices), widget=forms.Radios)
    hjemmel = django_forms.ChoiceField(
        label=_("Hvilken ret?"), required=False, choices=[("", _("Ingen")), *(row for row in capital(Screening.Right.choices) if row[0] != "none")],
    )
    text = long_text(_("Hvordan gik det til?"), 3)
