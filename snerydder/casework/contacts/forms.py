"""The contact as a phone sends it. Large tiles, and nothing to type in the usual case."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from snerydder.casework.cases.models import Case, Goal
from snerydder.casework.contacts.models import Contact
from snerydder.law import help_kinds
from snerydder.ui import forms

USUAL_MINUTES = (15, 30, 45, 60, 90)
OTHER = "other"
LONGEST_NOTE = 10_000
FORM_ICONS = {"met": "persons", "phone": "headset", "sms": "chat", "tried": "hourglass"}


class CasesField(django_forms.MultipleChoiceField):
    """Ids of cases. Which of them may be used is asked of the database, not of the list that was shown."""

    def valid_value(self, value: str) -> bool:
        try:
            UUID(value)
        except ValueError:
            return False
        return True


class GoalField(django_forms.ChoiceField):
    def valid_value(self, value: str) -> bool:
        return CasesField.valid_value(self, value)  # type: ignore[arg-type]


class MinutesField(django_forms.ChoiceField):
    """One of the usual ones, "other", or simply a number, as a program sends it."""

    def valid_value(self, value: str) -> bool:
        return value == OTHER or (value.isascii() and value.isdigit() and len(value) < 6)


def _kinds() -> list[tuple[str, str]]:
    return [(kind.key, gettext(kind.name)) for kind in help_kinds()]


def _icons() -> dict[str, str]:
    return {kind.key: kind.icon for kind in help_kinds()}


class EntryForm(forms.Form):
    """What a new contact and a correction have in common."""

    form = django_forms.ChoiceField(
        label=_("Hvordan?"), choices=Contact.Form.choices, widget=forms.Radios(tiles=True, icons=FORM_ICONS),
        error_messages={"required": _("Vælg hvordan I havde kontakt."), "invalid_choice": _("Vælg hvordan I havde kontakt.")},
    )
    minutes = MinutesField(
        label=_("Hvor længe?"), required=False, widget=forms.Radios(tiles=True),
        choices=[*((str(minutes), _("%(minutes)s min") % {"minutes": minutes}) for minutes in USUAL_MINUTES), (OTHER, _("Andet"))],
        error_messages={"invalid_choice": _("Skriv antal minutter med et helt tal, for eksempel 20.")},
    )
    other_minutes = forms.IntegerField(label=_("Antal minutter"), required=False, suffix=_("min"))
    help = django_forms.MultipleChoiceField(label=_("Hvad hjalp du med?"), required=False, widget=forms.Checkboxes(tiles=True))
    goal = GoalField(label=_("Hvilket mål handlede det om?"), required=False, widget=forms.Radios)
    note = django_forms.CharField(
        label=_("Note"), required=False, max_length=LONGEST_NOTE, widget=django_forms.Textarea(attrs={"rows": 4}),
        help_text=_("Skriv kun det, andre skal vide. Borgeren kan læse det."),
    )
    day = forms.DateField(label=_("Dag"), required=False, help_text=_("Tomt: i dag."))
    time = forms.TimeField(label=_("Klokken"), required=False)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["help"].choices = _kinds()  # type: ignore[attr-defined]

    def offer(self, usual: Iterable[str], goals: Sequence[Goal]) -> None:
        """What only a person who looks at the form needs: the usual kinds of help first, icons, the goals."""
        place = {kind: number for number, kind in enumerate(usual)}
        self.fields["help"].choices = sorted(_kinds(), key=lambda kind: place.get(kind[0], len(place)))  # type: ignore[attr-defined]
        self.fields["help"].widget.icons = _icons()  # type: ignore[attr-defined]
        several = len({goal.case_id for goal in goals}) > 1
        self.fields["goal"].choices = [  # type: ignore[attr-defined]
            (str(goal.pk), f"{goal.case.citizen.alias}: {goal.text}" if several else goal.text) for goal in goals
        ]

    def clean(self) -> dict[str, Any]:
        """The facts of `actions.log_entry`: at, form, minutes, help, goal_id, note."""
        facts = super().clean() or {}
        tried = facts.get("form") == Contact.Form.TRIED
        minutes = self._minutes(facts.pop("minutes", ""), facts.pop("other_minutes", None), tried)
        day, clock = facts.pop("day", None), facts.pop("time", None)
        goal = facts.pop("goal", "")
        return facts | {"minutes": minutes, "at": moment(day, clock), "goal_id": UUID(goal) if goal else None}

    def _minutes(self, chosen: str, other: int | None, tried: bool) -> int:
        if tried or "minutes" in self.errors or "other_minutes" in self.errors:
            return 0
        if chosen and chosen != OTHER:
            return int(chosen)
        if other is None:
            self.add_error("other_minutes" if chosen == OTHER else "minutes", ValidationError(gettext("Vælg hvor længe.")))
            return 0
        return other


def moment(day: date | None, clock: time | None) -> datetime | None:
    """When it was. Nothing said means now; a day without a time means noon, which is that day everywhere."""
    if day is None and clock is None:
        return None
    on = day or timezone.localdate()
    if clock is None:
        return None if on == timezone.localdate() else timezone.make_aware(datetime.combine(on, time(12)))
    return timezone.make_aware(datetime.combine(on, clock))


class ContactForm(EntryForm):
    entry = django_forms.UUIDField(
        widget=django_forms.HiddenInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Siden var for gammel. Tryk Gem igen."), "invalid": _("Siden var for gammel. Tryk Gem igen.")},
    )
    cases = CasesField(
        label=_("Hvem?"), widget=forms.Checkboxes(tiles=True),
        error_messages={"required": _("Vælg hvem du havde kontakt med."), "invalid_choice": _("Vælg hvem du havde kontakt med.")},
    )
    field_order = ("entry", "cases", "form", "minutes", "other_minutes", "help", "goal", "note", "day", "time")

    def offer_cases(self, cases: Sequence[Case]) -> None:
        names = [case.citizen.alias for case in cases]
        self.fields["cases"].choices = [(str(case.pk), case.citizen.alias) for case in cases]  # type: ignore[attr-defined]
        self.fields["cases"].widget.hints = {str(case.pk): case.number for case in cases if names.count(case.citizen.alias) > 1}

    def clean(self) -> dict[str, Any]:
        facts = super().clean()
        facts["case_ids"] = [UUID(each) for each in facts.pop("cases", ())]
        return facts


EMPTY = ("other_minutes", "goal", "day", "day_day", "day_month", "day_year", "time")
_FORMS, _MINUTES = frozenset(Contact.Form.values), {str(minutes): minutes for minutes in USUAL_MINUTES}
_HELP = frozenset(kind.key for kind in help_kinds())


def usual(posted: Any) -> dict[str, Any] | None:
    """The facts of the usual contact, read without a form: taps only, now, and perhaps a note. None for everything else.

    What it gives is what `ContactForm` gives for the same (a test holds it to that); a form costs more than the contact.
    """
    note, form, minutes, kinds = posted.get("note", ""), posted.get("form"), posted.get("minutes", ""), posted.getlist("help")
    tried = form == Contact.Form.TRIED
    if form not in _FORMS or not (minutes in _MINUTES or tried and not minutes) or not _HELP.issuperset(kinds):
        return None
    if len(note) > LONGEST_NOTE or "\0" in note or any(posted.get(name) for name in EMPTY):
        return None
    try:
        entry, cases = UUID(posted.get("entry", "")), [UUID(each) for each in posted.getlist("cases")]
    except ValueError:
        return None
    if not cases:
        return None
    minutes = 0 if tried else _MINUTES[minutes]
    return {"entry": entry, "case_ids": cases, "form": form, "minutes": minutes, "help": kinds, "note": note.strip(), "at": None, "goal_id": None}


class CorrectForm(EntryForm):
    reason = django_forms.CharField(label=_("Hvorfor retter du?"), max_length=300, help_text=_("Kort. Det, der stod før, bliver i historikken."))
    seen = django_forms.IntegerField(widget=django_forms.HiddenInput)
    field_order = ("form", "minutes", "other_minutes", "help", "goal", "note", "day", "time", "reason")


class WithdrawForm(forms.Form):
    reason = django_forms.CharField(label=_("Hvorfor sletter du?"), max_length=300, required=False)
