"""The forms about citizens and mentors."""

from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from snerydder.access.door import Request
from snerydder.access.forms import ProvedForm
from snerydder.access.models import Staff
from snerydder.access.queries import units
from snerydder.casework.people import queries
from snerydder.casework.people.files import LARGEST
from snerydder.casework.people.models import Citizen, Course, Mentor
from snerydder.law import help_kinds, target_groups
from snerydder.ui import forms

OTHER = "other"


class ListField(django_forms.CharField):
    """Several things with commas between: "dansk, arabisk"."""

    def __init__(self, *, each: int, lower: bool = False, **given: Any) -> None:
        super().__init__(max_length=300, **given)
        self.each, self.lower = each, lower

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        parts = [part.strip() for part in super().clean(value).replace(";", ",").split(",")]
        found = list(dict.fromkeys(part.lower() if self.lower else part for part in parts if part))
        if any(len(part) > self.each for part in found):
            raise ValidationError(_("Sæt komma mellem hver."))
        return found


def languages(**given: Any) -> ListField:
    return ListField(label=_("Sprog"), each=30, lower=True, help_text=_("Med komma imellem, for eksempel: dansk, arabisk."), **given)


def capital(choices: Any) -> list[tuple[str, Any]]:
    """A choice that stands alone begins with a capital."""
    return [(value, capfirst(label)) for value, label in choices]


def tel(label: Any) -> django_forms.CharField:
    widget = django_forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
    return django_forms.CharField(label=label, max_length=20, required=False, widget=widget)


def text(label: Any, longest: int, *, required: bool = False, **given: Any) -> django_forms.CharField:
    return django_forms.CharField(
        label=label, max_length=longest, required=required, widget=django_forms.TextInput(attrs={"autocomplete": "off"}), **given
    )


class CitizenForm(forms.Form):
    cpr = text(_("CPR-nummer"), 20, required=True, help_text=_("Med eller uden bindestreg. Det bliver krypteret og vist skjult."))
    first_name = text(_("Fornavn"), 80, required=True)
    last_name = text(_("Efternavn"), 80, required=True)
    unit: Any = django_forms.ModelChoiceField(
        label=_("Enhed"), queryset=None, empty_label=_("Vælg enhed"), help_text=_("Sagsbehandlerne i enheden kan se borgeren.")
    )
    protected = django_forms.BooleanField(
        label=_("Borgeren har navne- og adressebeskyttelse"), required=False,
        help_text=_("Navn og adresse bliver skjult for alle, til nogen skriver, hvad de skal bruge dem til."),
    )
    phone = tel(_("Telefon"))
    email = django_forms.EmailField(label=_("Mail"), required=False, widget=django_forms.EmailInput(attrs={"autocomplete": "off"}))
    address = text(_("Adresse"), 160)
    area = text(_("Område"), 60, help_text=_("Bydelen eller landsbyen. Bruges til at finde en mentor i nærheden."))
    languages = languages(initial=["dansk"])
    interpreter = django_forms.BooleanField(label=_("Har brug for tolk"), required=False)
    target_group = django_forms.ChoiceField(label=_("Målgruppe (LAB § 6)"), required=False)
    digital_post_exempt = django_forms.BooleanField(label=_("Fritaget for Digital Post"), required=False)

    def __init__(self, staff: Staff, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        groups = [(key, f"{key} {name}") for key, name in target_groups(timezone.localdate())]
        self.fields["unit"].queryset = units(staff)  # type: ignore[attr-defined]
        self.fields["target_group"].choices = [("", _("Ikke vurderet endnu")), *groups]  # type: ignore[attr-defined]


class CitizenEditForm(CitizenForm):
    """The number is not shown, only replaced. Nor is what a protected person's page hides: empty boxes keep what is there."""

    HIDDEN = ("first_name", "last_name", "phone", "email", "address")
    cpr = text(_("Nyt CPR-nummer"), 20, help_text=_("Kun hvis det gamle var forkert. Lad feltet stå tomt ellers."))
    birth_year = forms.IntegerField(label=_("Fødselsår"), required=False, min_value=1900, max_value=2100)

    def __init__(self, citizen: Citizen, staff: Staff, data: Any = None) -> None:
        facts = {name: getattr(citizen, name) for name in self.base_fields if name not in ("cpr", *(self.HIDDEN if citizen.protected else ()))}
        super().__init__(staff, data, initial=facts)
        self.hides = citizen.protected
        for name in self.HIDDEN if citizen.protected else ():
            self.fields[name].required = False
            self.fields[name].help_text = _("Skjult. Skriv kun her, hvis det skal ændres.")

    def clean(self) -> dict[str, Any]:
        if self.hides:
            for name in self.HIDDEN:
                if not self.cleaned_data.get(name):
                    self.cleaned_data.pop(name, None)
        return self.cleaned_data


class PurposeForm(ProvedForm):
    """Why somebody needs what is hidden. It is written in the log and can be read by the citizen."""

    purpose = django_forms.ChoiceField(label=_("Hvad skal du bruge det til?"), widget=forms.Radios)
    other = text(_("Skriv formålet"), 200, help_text=_("Kun hvis du valgte Andet. Borgeren kan se det, du skriver."))

    CPR = (
        _("Sikre mig, at det er den rigtige borger"), _("Slå op i et andet fagsystem"), _("Sende Digital Post"),
        _("Udfylde et skema til en anden myndighed"),
    )
    PROTECTED = (_("Kontakte borgeren"), _("Sende et brev"), _("Aftale et sted at mødes"), _("Sikre mig, at det er den rigtige borger"))

    def __init__(self, request: Request, purposes: tuple[Any, ...]) -> None:
        super().__init__(request, request.POST or None)
        self.fields["purpose"].choices = [*((str(each), each) for each in purposes), (OTHER, _("Andet"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("purpose") == OTHER:
            self.cleaned_data["purpose"] = self.cleaned_data.get("other", "").strip()
            if len(self.cleaned_data["purpose"]) < 3:
                self.add_error("other", _("Skriv, hvad du skal bruge det til."))
        return self.cleaned_data


class MentorForm(forms.Form):
    kind = django_forms.ChoiceField(label=_("Mentortype"), choices=capital(Mentor.Kind.choices), widget=forms.Radios, initial=Mentor.Kind.MUNICIPAL)
    employer = text(_("Arbejdsgiver"), 100, help_text=_("Virksomheden, skolen eller konsulentfirmaet."))
    hours_per_week = forms.DecimalField(
        label=_("Timer om ugen som mentor"), min_value=0.5, max_value=48, max_digits=4, decimal_places=1, suffix=_("timer"),
        help_text=_("Kun tiden som mentor. Bruges til at se, hvor mange borgere der er plads til."),
    )
    languages = languages(initial=["dansk"])
    areas = ListField(label=_("Områder"), each=60, required=False, help_text=_("Hvor mentoren kan møde borgere. Med komma imellem."))
    has_car = django_forms.BooleanField(label=_("Har egen bil til rådighed"), required=False)
    about = django_forms.CharField(
        label=_("Om mentoren"), max_length=2000, required=False, widget=django_forms.Textarea(attrs={"rows": 3}),
        help_text=_("Erfaring og interesser, der kan hjælpe med at finde det rigtige match."),
    )
    mentor_since = forms.DateField(label=_("Mentor siden"), required=False)


class MentorNewForm(MentorForm):
    staff: Any = django_forms.ModelChoiceField(label=_("Medarbejder"), queryset=None, required=False, empty_label=_("Er ikke oprettet endnu"))
    name = text(_("Navn på ny medarbejder"), 120, help_text=_("Kun hvis personen ikke står på listen ovenfor."))
    email = django_forms.EmailField(label=_("Mail på ny medarbejder"), required=False)
    phone = tel(_("Telefon på ny medarbejder"))
    field_order = ("staff", "name", "email", "phone")

    def __init__(self, by: Staff, data: Any = None) -> None:
        super().__init__(data)
        self.fields["staff"].queryset = queries.not_yet_mentors(by)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        chosen, name = self.cleaned_data.get("staff"), self.cleaned_data.get("name")
        if "staff" not in self.errors and bool(chosen) == bool(name):
            self.add_error("staff", _("Vælg en medarbejder, eller skriv navnet på en ny. Ikke begge dele."))
        return self.cleaned_data


class QualificationForm(forms.Form):
    title = text(_("Kvalifikation"), 120, required=True, help_text=_("For eksempel socialrådgiver, misbrugsbehandler eller mentorkursus."))
    tasks = django_forms.MultipleChoiceField(label=_("Hvilke opgaver dækker den?"))
    issuer = text(_("Udstedt af"), 120)
    issued_on = forms.DateField(label=_("Udstedt"), required=False)
    valid_until = forms.DateField(label=_("Gælder til"), required=False, help_text=_("Lad den stå tom, hvis den ikke udløber."))
    file = django_forms.FileField(
        label=_("Bevis"), required=False, help_text=_("PDF, billede eller Word, højst 10 MB."),
        widget=django_forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.docx"}),
    )
    verified = django_forms.BooleanField(
        label=_("Jeg har set beviset"), required=False, help_text=_("Kun kvalifikationer, nogen har set bevis for, tæller som dokumenterede.")
    )

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        tasks: Any = self.fields["tasks"]
        tasks.widget = forms.Checkboxes(tiles=True, icons={kind.key: kind.icon for kind in help_kinds()})
        tasks.choices = [(kind.key, kind.name) for kind in help_kinds()]

    def clean_file(self) -> Any:
        found = self.cleaned_data["file"]
        if found and found.size > LARGEST:
            raise ValidationError(_("Filen er for stor. Den må fylde højst 10 MB. Gem den i lavere opløsning, og prøv igen."))
        return found

    @property
    def facts(self) -> dict[str, Any]:
        """What the verb takes: the file as name and content."""
        facts = dict(self.cleaned_data)
        found = facts.pop("file")
        return facts | ({"file_name": found.name, "file_content": found.read()} if found else {})


class CourseForm(forms.Form):
    kind = django_forms.ChoiceField(label=_("Hvad var det?"), choices=capital(Course.Kind.choices), widget=forms.Radios)
    title = text(_("Titel"), 120, required=True)
    held_on = forms.DateField(label=_("Dato"), help_text=_("Ligger dagen ude i fremtiden, står det som aftalt, til I skriver, at det er holdt."))
    hours = forms.DecimalField(label=_("Varighed"), required=False, min_value=0, max_value=999, max_digits=5, decimal_places=1, suffix=_("timer"))


class SupervisionForm(forms.Form):
    mentors = django_forms.MultipleChoiceField(label=_("Hvem skal have supervision?"), widget=forms.Checkboxes)
    held_on = forms.DateField(label=_("Hvilken dag?"))
    title = text(_("Titel"), 120, required=False)
    hours = forms.DecimalField(label=_("Varighed"), required=False, min_value=0, max_value=999, max_digits=5, decimal_places=1, suffix=_("timer"))

    def __init__(self, *args: Any, mentors: list[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["mentors"].choices = mentors  # type: ignore[attr-defined]
