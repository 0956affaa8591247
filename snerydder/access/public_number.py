"""The small ceremony before a draw: a public number nobody knows yet is named, and two persons, each for themselves, type it when it comes.

Samples of cases, of look-ups and trials are drawn so. Each keeps its own number; that they were two stands in its own constraint as well.
"""

from datetime import date, timedelta
from typing import Any

from django import forms as django_forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from snerydder.access.models import Staff
from snerydder.audit.action import Refusal
from snerydder.ui import forms
from snerydder.ui.formats import dato

SHORTEST = 6


def number_of(typed: str, *, day: date, known_on: date, among: QuerySet[Any], field: str) -> str:
    """The number with one space where there are any (3 12 17), when it may be typed now and none `among` the rows had it before."""
    number = " ".join(typed.split())
    if day < known_on:
        raise Refusal(_("Tallet er ikke offentligt endnu."), mend=_("Vent til %(day)s.") % {"day": dato(known_on, "lang")}, field="number")
    if len(number) < SHORTEST:
        raise Refusal(_("Tallet er for kort."), mend=_("Skriv alle tallene, mindst %(least)s tegn.") % {"least": SHORTEST}, field="number")
    if among.filter(**{field: number}).exists():
        raise Refusal(_("Tallet er brugt til en anden lodtrækning."), _("Hver lodtrækning skal have sit eget tal."), field="number")
    return number


def typed_by_two(row: Any, number: str, by: Staff, *, field: str) -> bool:
    """True when this is the second person, typing what the first did: then `field` holds the number. False when it is the first."""
    if row.typed_by_id is None:
        row.typed, row.typed_by = number, by
        return False
    if row.typed_by_id == by.pk:
        raise Refusal(_("Du har selv skrevet tallet."), _("To forskellige personer skal skrive det."), _("Bed en kollega om at skrive det."))
    if row.typed != number:
        raise Refusal(
            _("Det er ikke det tal, den første skrev."), mend=_("Se efter igen. Er det den første, der tog fejl, så slet det første tal og begynd forfra."),
            field="number",
        )  # fmt: skip
    setattr(row, field, number)
    row.confirmed_by = by
    return True


def wiped(row: Any, *also: str) -> str:
    """The first number was wrong: it is taken away and both begin again. Gives what it was, for the history."""
    if row.confirmed_by_id is not None or row.typed_by_id is None:
        raise Refusal(_("Der er ikke noget tal at slette."))
    was, row.typed, row.typed_by = row.typed, "", None
    for name in also:
        setattr(row, name, None)
    row.save(update_fields=["typed", "typed_by", *also])
    return str(was)


# --- The boxes ---------------------------------------------------------------------------------
class NumberForm(forms.Form):
    number = django_forms.CharField(
        label=gettext_lazy("Det offentlige tal"), max_length=120, widget=django_forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=gettext_lazy("Slå det selv op, og skriv alle tallene med mellemrum imellem. Kig ikke efter hos den anden."),
    )


def source_field() -> django_forms.CharField:
    return django_forms.CharField(
        label=gettext_lazy("Hvilket offentligt tal trækkes der lod med?"), max_length=200,
        help_text=gettext_lazy("Et tal, ingen kender endnu, og alle kan slå op bagefter. For eksempel: vindertallene i Lotto lørdag i stigende rækkefølge."),
    )


def day_field() -> forms.DateField:
    return forms.DateField(label=gettext_lazy("Hvornår bliver tallet kendt?"))


def next_saturday() -> date:
    """Never today: on a Saturday evening the numbers may be out."""
    today = timezone.localdate()
    return today + timedelta(days=(5 - today.weekday()) % 7 or 7)
