"""The one page where support is granted, and the small forms around it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from snerydder.access.forms import ProvedForm
from snerydder.casework.cases.forms import CaseForm, capital, long_text, past_day
from snerydder.casework.cases.history import HEARD
from snerydder.casework.cases.models import Assessment, Case
from snerydder.casework.cases.verdicts import Shown
from snerydder.casework.grants import queries
from snerydder.casework.grants.models import Grant, Hearing, Letter
from snerydder.casework.people.models import Mentor
from snerydder.law import choices as law_choices
from snerydder.law.months import last_day
from snerydder.ui import forms

WEEK = 7 * 24 * 60
QUICK_MONTHS = (1, 3, 6)
TYPED = (
    "hjemmel", "purpose_kind", "purpose", "minutes", "minutes_per", "counted_per", "hours_reason", "start", "end", "discharge_on", "admission_on",
    "mentor_kind",
)  # fmt: skip


class GrantForm(CaseForm):
    """No box is required here: a draft may be half filled. What a decision needs is the law's to say, with its source."""

    page = "bevilling"
    hjemmel = django_forms.ChoiceField(label=_("Hvilken regel bevilger du efter?"), required=False)
    purpose_kind = django_forms.ChoiceField(label=_("Hvad skal støtten hjælpe borgeren til?"), required=False)
    purpose = long_text(_("Formålet med egne ord"), 3, required=False, help_text=_("Hvad skal borgeren opnå eller fastholde? Det står i brevet."))
    minutes = forms.MinutesField(label=_("Timer"), required=False)
    minutes_per = django_forms.ChoiceField(label=_("Timerne er"), choices=Grant.Per.choices, widget=forms.Radios, required=False)
    counted_per = django_forms.ChoiceField(
        label=_("De regnes"), choices=Grant.CountedPer.choices, required=False,
        widget=forms.Radios(hints={"plads": _("Flere borgere samme sted deler mentorens timer.")}),
    )
    hours_reason = long_text(
        _("Hvorfor netop så mange timer?"), 3, required=False,
        help_text=_("Loven sætter intet timetal. Skriv, hvad timerne skal bruges til i denne borgers uge. Det står i brevet."),
    )
    start = forms.DateField(label=_("Første dag"), required=False)
    end = forms.DateField(label=_("Sidste dag"), required=False)
    discharge_on = forms.DateField(label=_("Udskrives fra psykiatrien"), required=False)
    admission_on = forms.DateField(label=_("Optaget på uddannelsen"), required=False)
    mentor_kind = django_forms.ChoiceField(label=_("Forventet mentor"), choices=capital(Mentor.Kind.choices), widget=forms.Radios, required=False)

    def __init__(self, *args: Any, case: Case, draft: Grant | None, day: date, **given: Any) -> None:
        plain = {"minutes_per": Grant.Per.WEEK, "counted_per": Grant.CountedPer.PERSON, "mentor_kind": Mentor.Kind.MUNICIPAL}
        values = {name: getattr(draft, name) for name in TYPED} if draft else plain | queries.first_suggestion(case, day)
        super().__init__(*args, case=case, initial=values | {"minutes": values.get("minutes") or None}, **given)
        offered = queries.offered(day)
        self.fields["hjemmel"].widget = forms.Radios(hints={key: rule for key, _name, rule in offered})
        self.fields["hjemmel"].choices = [(key, name) for key, name, _rule in offered]
        kinds = law_choices("purpose_kind")
        self.fields["purpose_kind"].widget = forms.Radios(hints={each.key: gettext(each.note) for each in kinds if each.note})
        self.fields["purpose_kind"].choices = [(each.key, gettext(each.name)) for each in kinds]
        self.is_begun = self.is_bound or draft is not None

    def fill(self, typed: QueryDict) -> None:
        """Half filled is allowed here, so what was typed is read and judged at once, as if Beregn had been pressed."""
        typed["version"] = str(self.case.version)
        self.data, self.is_bound, self.is_begun = typed, True, True
        self.full_clean()

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        self.read = dict(given)  # errors take their field out of cleaned_data; the page still judges what was read
        start, end = given.get("start"), given.get("end")
        if start and end and end < start:
            self.add_error("end", ValidationError(_("Sidste dag ligger før første dag.")))
        if given.get("minutes_per") == Grant.Per.WEEK and (given.get("minutes") or 0) > WEEK:
            self.add_error("minutes", ValidationError(_("Der er 168 timer i en uge. Er timerne i alt?")))
        return given

    def typed(self) -> dict[str, Any]:
        """What can be read of what is typed, whether or not all of it can."""
        source = getattr(self, "read", {}) if self.is_bound else self.initial
        found = {name: source.get(name) for name in TYPED}
        found = {name: "" if value is None and name not in _MAY_LACK else value for name, value in found.items()}
        plain = {"minutes": 0, "minutes_per": Grant.Per.WEEK, "counted_per": Grant.CountedPer.PERSON}
        return found | {name: found[name] or value for name, value in plain.items()}

    def end_at(self, day: date | None) -> None:
        """Put a counted-out end in the box."""
        if day is None:
            return
        self.data = self.data.copy()
        for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
            self.data[f"end_{part}"] = str(value)
        self.data.pop("end", None)
        self.full_clean()

    def linked(self, checks: list[Shown]) -> list[Shown]:
        """The checks with links to this page's own boxes."""
        return [replace(check, link=f"#{self.anchor(check.field)}") if check.field in self.fields and check.link else check for check in checks]

    def anchor(self, name: str) -> str:
        """The id of the box's first input, for a link to it."""
        widget = self[name].field.widget
        radios = isinstance(widget, django_forms.RadioSelect | django_forms.CheckboxSelectMultiple)
        return f"{self[name].auto_id}-option1" if radios else widget.id_for_label(self[name].auto_id)


_MAY_LACK = {"start", "end", "discharge_on", "admission_on", "minutes"}


def counted_end(form: GrantForm, choice: str, longest: date | None) -> date | None:
    """The end a quick choice means: as long as the rule gives, or so many months from the first day."""
    start = form.typed()["start"]
    if choice == "longest" or not start:
        return longest
    return last_day(start, int(choice))


class RefuseForm(CaseForm):
    page = "afslag"

    right = django_forms.ChoiceField(
        label=_("Har borgeren ret til en mentor?"), widget=forms.Radios,
        help_text=_("En ret kan ikke afslås, fordi budgettet er brugt, eller ved lodtrækning, uanset hvilken regel du vælger nedenfor."),
    )
    hjemmel = django_forms.ChoiceField(label=_("Hvilken regel er støtten vurderet efter?"), widget=forms.Radios)
    ground = django_forms.ChoiceField(label=_("Hvad er grunden?"), widget=forms.Radios)
    heard = django_forms.ChoiceField(
        label=_("Er borgeren hørt?"), choices=list(HEARD.items()), widget=forms.Radios,
        help_text=_("Før en afgørelse imod borgeren skal borgeren kunne sige sin mening (forvaltningsloven § 19)."),
    )
    reason = long_text(
        _("Begrundelsen til borgeren"), 6,
        help_text=_("Skriv til borgeren: hvad du har lagt vægt på, og hvorfor det fører til et afslag. Det hele står i brevet."),
    )

    def __init__(self, *args: Any, case: Case, assessment: Assessment, day: date, **given: Any) -> None:
        known = queries.right_of(case)
        super().__init__(*args, case=case, initial={"hjemmel": known or "lab-167-1"} | ({"right": known} if known else {}), **given)
        offered = queries.offered(day)
        rights = [(key, name) for key, name, _rule in offered if queries.is_right(key)]
        self.fields["right"].choices = [(queries.NO_RIGHT, _("Nej")), *rights]
        self.fields["right"].widget.hints = {key: rule for key, _name, rule in offered if queries.is_right(key)}
        self.fields["hjemmel"].choices = [(key, name) for key, name, _rule in offered]
        self.fields["ground"].choices = [(each.key, gettext(each.name)) for each in law_choices("refusal_ground")]


class StopForm(CaseForm):
    page = "stop"
    last_day = forms.DateField(label=_("Sidste dag med støtte"))
    ground = django_forms.ChoiceField(label=_("Hvad er grunden?"), widget=forms.Radios)
    heard = django_forms.ChoiceField(
        label=_("Er borgeren hørt?"), choices=list(HEARD.items()), widget=forms.Radios,
        help_text=_("Før en afgørelse imod borgeren skal borgeren kunne sige sin mening (forvaltningsloven § 19)."),
    )
    reason = long_text(_("Begrundelsen til borgeren"), 6, help_text=_("Skriv til borgeren. Det står i brevet."))

    def __init__(self, *args: Any, case: Case, grant: Grant, **given: Any) -> None:
        today = timezone.localdate()
        super().__init__(*args, case=case, initial={"last_day": min(max(today, grant.start), grant.end)}, **given)
        self.fields["ground"].choices = [(each.key, gettext(each.name)) for each in law_choices("refusal_ground")]


class DeliverForm(CaseForm):
    on = past_day(_("Kommet frem den"))
    proof = django_forms.CharField(
        label=_("Hvordan ved I det?"), max_length=300, help_text=_("Kvitteringen fra Digital Post, eller hvem der afleverede brevet, og hvordan.")
    )

    def __init__(self, *args: Any, case: Case, letter: Letter, **given: Any) -> None:
        super().__init__(*args, case=case, initial={"proof": letter.delivery_proof} | ({"on": letter.delivered_on} if letter.delivered_on else {}), **given)


class HearForm(CaseForm):
    page = "hoering"
    about = django_forms.ChoiceField(label=_("Hvad overvejer du?"), choices=capital(Hearing.About.choices), widget=forms.Radios)
    against = long_text(
        _("Hvad taler imod borgeren?"), 6, help_text=_("Skriv til borgeren: de oplysninger, du lægger vægt på, og hvad de kan føre til. Det hele står i brevet.")
    )
    deadline = forms.DateField(label=_("Borgeren kan svare til og med"))

    def __init__(self, *args: Any, case: Case, about: str = "", **given: Any) -> None:
        kind = about if about in Hearing.About.values else Hearing.About.STOP if case.started_on else Hearing.About.REFUSAL
        super().__init__(*args, case=case, initial={"about": kind, "deadline": timezone.localdate() + timedelta(weeks=2)}, **given)


class AnswerForm(CaseForm):
    on = past_day(_("Svaret kom den"))
    answer = long_text(_("Hvad svarede borgeren?"), 6, help_text=_("Skriv svaret, som det er. Et mundtligt svar skrives ned."))


class PriceForm(forms.Form):
    mentor_kind = django_forms.ChoiceField(label=_("Mentortype"), choices=capital(Mentor.Kind.choices), widget=forms.Radios)
    per_hour = forms.DecimalField(label=_("Pris i timen"), max_digits=8, decimal_places=2, min_value=0, suffix=_("kr."))
    valid_from = forms.DateField(label=_("Gælder fra"), initial=timezone.localdate)


class PurposeForm(ProvedForm):
    """Before a protected name is shown."""

    purpose = django_forms.CharField(label=_("Hvad skal du bruge det til?"), max_length=200)
