"""The forms of sign-in, staff, units and stand-ins."""

from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from snerydder.access import queries, sessions, throttle
from snerydder.access.door import Request
from snerydder.access.models import Account, Municipality, Staff
from snerydder.access.roles import ROLES
from snerydder.ui import forms


def secret(label: Any, autocomplete: str, **given: Any) -> django_forms.CharField:
    widget = django_forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return django_forms.CharField(label=label, strip=False, max_length=1000, widget=widget, **given)


class SignIn(forms.Form):
    username = django_forms.CharField(
        label=_("Brugernavn"), max_length=80,
        widget=django_forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = secret(_("Adgangskode"), "current-password")

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        self.request = request
        self.account: Account | None = None

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username", "").lower()
        address = self.request.META.get("REMOTE_ADDR", "")
        if "password" not in self.cleaned_data or not username:
            return self.cleaned_data
        if throttle.too_many(username, address):
            raise ValidationError(_("Der er prøvet for mange gange. Vent fem minutter, og prøv igen."))
        found = authenticate(self.request, username=username, password=self.cleaned_data["password"])
        if not isinstance(found, Account):
            throttle.failed(username, address)
            raise ValidationError(_("Brugernavn og adgangskode passer ikke sammen. Prøv igen, eller bed din leder om et link til en ny adgangskode."))
        throttle.succeeded(username, address)
        self.account = found
        return self.cleaned_data


class ProvedForm(forms.Form):
    """Opens something hidden: the password is asked for again when it is a while since. The demo's personas have none to know."""

    def __init__(self, request: Request, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        self.request = request
        self.is_persona = settings.DEMO and request.staff.municipality.invented
        if not sessions.is_proved(request.session) and not self.is_persona:
            self.fields["password"] = secret(
                _("Din adgangskode"), "current-password", help_text=_("Det er et stykke tid siden, du loggede ind. Skriv den igen, så vi ved, at det er dig.")
            )

    def clean_password(self) -> str:
        account, address = self.request.user, self.request.META.get("REMOTE_ADDR", "")
        if throttle.too_many(account.get_username(), address):
            raise ValidationError(_("Der er prøvet for mange gange. Vent fem minutter, og prøv igen."))
        if not account.check_password(self.cleaned_data["password"]):
            throttle.failed(account.get_username(), address)
            raise ValidationError(_("Adgangskoden er ikke rigtig."))
        throttle.succeeded(account.get_username(), address)
        sessions.prove(self.request.session)
        return ""  # not needed any more, and not carried on


class NewPassword(forms.Form):
    """Chosen by the person who is to use it. `current` is asked for when one changes one's own."""

    current = secret(_("Nuværende adgangskode"), "current-password")
    password = secret(_("Ny adgangskode"), "new-password", help_text=_("Mindst 12 tegn. En lille sætning er let at huske og svær at gætte."))

    def __init__(self, account: Account, data: Any = None, *, ask_current: bool = True) -> None:
        super().__init__(data)
        self.account = account
        if not ask_current:
            del self.fields["current"]

    def clean_current(self) -> str:
        if not self.account.check_password(self.cleaned_data["current"]):
            raise ValidationError(_("Den nuværende adgangskode er ikke rigtig."))
        return str(self.cleaned_data["current"])

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"], self.account)
        return str(self.cleaned_data["password"])


class StaffForm(forms.Form):
    name = django_forms.CharField(label=_("Navn"), max_length=120, widget=django_forms.TextInput(attrs={"autocomplete": "off"}))
    roles = django_forms.MultipleChoiceField(
        label=_("Roller"), help_text=_("Vælg en eller flere. Under hver står, hvad rollen må."),
        choices=[(role.key, capfirst(role.name)) for role in ROLES.values()],
        widget=forms.Checkboxes(hints={role.key: role.sentence for role in ROLES.values()}),
        error_messages={"required": _("Vælg mindst én rolle.")},
    )
    unit: Any = django_forms.ModelChoiceField(
        label=_("Enhed"), queryset=None, required=False, empty_label=_("Ingen enhed"), help_text=_("En sagsbehandler ser sagerne i sin egen enhed.")
    )
    email = django_forms.EmailField(label=_("Mail"), required=False)
    phone = django_forms.CharField(label=_("Telefon"), max_length=20, required=False, widget=django_forms.TextInput(attrs={"type": "tel"}))
    address = django_forms.CharField(
        label=_("Adresse"), max_length=160, required=False,
        help_text=_("Bruges kun til at se, om nogen slår op på dem, de bor sammen med. Vises ikke for kolleger."),
    )

    def __init__(self, staff: Staff, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        self.fields["unit"].queryset = queries.units(staff)  # type: ignore[attr-defined]


class InviteForm(forms.Form):
    """A link for somebody new, or for somebody who signs in elsewhere already."""

    kind = django_forms.ChoiceField(
        label=_("Har medarbejderen et login i forvejen?"),
        choices=[("new", _("Nej, lav et nyt")), ("known", _("Ja, fra en anden kommune i Snerydder"))],
        widget=forms.Radios, initial="new",
    )
    username = django_forms.CharField(
        label=_("Brugernavn"), max_length=80, required=False, widget=django_forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        help_text=_("Kun til et nyt login. Medarbejderen vælger selv sin adgangskode."),
    )

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("kind") == "new" and not self.cleaned_data.get("username", "").strip():
            self.add_error("username", _("Skriv det brugernavn, medarbejderen skal logge ind med."))
        return self.cleaned_data


class UnitForm(forms.Form):
    name = django_forms.CharField(label=_("Enhedens navn"), max_length=80)


class MunicipalityForm(forms.ModelForm):
    class Meta:
        model = Municipality
        fields = ("name", "logo_text", "address", "phone", "email", "rules_of_the_game")
        help_texts = {  # noqa: RUF012
            "logo_text": _("Højst tre bogstaver i skjoldet øverst. Ellers bruges kommunens forbogstaver."),
            "address": _("Står i afgørelser og i klagevejledningen."),
            "rules_of_the_game": _("Kommunens egne regler i alle nye aftaler: egen bil eller ej, hvem der gør hvad, hvornår der stoppes."),
        }


class StandInForm(forms.Form):
    away: Any = django_forms.ModelChoiceField(label=_("Hvem er væk?"), queryset=None)
    stand_in: Any = django_forms.ModelChoiceField(
        label=_("Hvem træder til?"), queryset=None, help_text=_("Stedfortræderen ser den andens sager og beholder sine egne rettigheder.")
    )
    start = forms.DateField(label=_("Første dag"))
    end = forms.DateField(label=_("Sidste dag"))
    reason = django_forms.CharField(
        label=_("Årsag"), max_length=200, required=False, help_text=_("For eksempel ferie. Skriv ikke om sygdom.")
    )

    def __init__(self, staff: Staff, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        for name in ("away", "stand_in"):
            self.fields[name].queryset = queries.colleagues(staff)  # type: ignore[attr-defined]

