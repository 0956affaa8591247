"""Fields that read what Danes write, and say in Danish what is wrong with it."""

import datetime
import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from snerydder.ui.widgets import DateParts, MinutesParts

WRITTEN_DATE = re.compile(r"(\d{1,2})[-./ ]+(\d{1,2})[-./ ]+(\d{4})\Z")
ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z")
FIRST_YEAR, LAST_YEAR = 1900, 2100
MONTHS = (
    _("januar"), _("februar"), _("marts"), _("april"), _("maj"), _("juni"),
    _("juli"), _("august"), _("september"), _("oktober"), _("november"), _("december"),
)  # fmt: skip


class DateField(forms.DateField):
    """Three boxes: dag, måned, år. Also takes 03-03-2026 pasted into the first, and ISO from a program."""

    widget = DateParts
    default_error_messages = {
        "unreadable": _("”%(text)s” er ikke en dato. Skriv den som 03-03-2026."),
        "incomplete": _("Skriv både dag, måned og år."),
        "year": _("Skriv året med fire tal, for eksempel 2026."),
        "far_year": _("Året %(year)s kan ikke passe."),
        "month": _("Måneden kan ikke være %(month)s. Er dag og måned byttet om?"),
        "no_such_day": _("Den %(day)s. %(month)s %(year)s findes ikke."),
    }

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, datetime.date):
            return super().to_python(value)
        return self._from_numbers(*self._numbers(value))

    def _numbers(self, value):
        """Day, month and year as numbers, from the boxes or from one text."""
        text = value if isinstance(value, str) else value["day"]
        if written := WRITTEN_DATE.match(text):
            return tuple(int(part) for part in written.groups())
        if iso := ISO_DATE.match(text):
            return tuple(int(part) for part in reversed(iso.groups()))
        if isinstance(value, str):
            raise self._error("unreadable", text=text)
        parts = [value[part] for part in DateParts.part_names]
        if not all(parts):
            raise self._error("incomplete")
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise self._error("unreadable", text="-".join(parts))
        if len(parts[2]) != 4:
            raise self._error("year")
        return tuple(int(part) for part in parts)

    def _from_numbers(self, day, month, year):
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise self._error("far_year", year=year)
        if not 1 <= month <= 12:
            raise self._error("month", month=month)
        try:
            return datetime.date(year, month, day)
        except ValueError:
            raise self._error("no_such_day", day=day, month=MONTHS[month - 1], year=year) from None

    def _error(self, code, **params):
        return ValidationError(self.error_messages[code], code=code, params=params)


class MinutesField(forms.IntegerField):
    """Hours and minutes in two boxes, minutes in the program. Also takes 90 and 1:30."""

    widget = MinutesParts
    default_error_messages = {
        "invalid": _("Skriv timer og minutter med tal."),
        "minutes": _("Skriv højst 59 i minutter, eller læg dem til timerne."),
    }

    def to_python(self, value):
        if isinstance(value, str) and (clock := re.fullmatch(r"(\d{1,4})[:.](\d{2})", value)):
            value = {"hours": clock.group(1), "minutes": clock.group(2)}
        if not isinstance(value, dict):
            return super().to_python(value)
        if not all(part == "" or (part.isascii() and part.isdigit() and len(part) < 6) for part in value.values()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        hours, minutes = (int(value[part] or 0) for part in MinutesParts.part_names)
        if hours and minutes > 59:
            raise ValidationError(self.error_messages["minutes"], code="minutes")
        return hours * 60 + minutes

    def widget_attrs(self, widget):
        return {}


class DecimalField(forms.DecimalField):
    """1,5 and 1.234,50 and 1234.50; `suffix` is the unit shown in the box."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    default_error_messages = {"invalid": _("Skriv et tal, for eksempel 1,5.")}

    def __init__(self, *, suffix="", **given):
        super().__init__(**given)
        self.suffix = suffix

    def to_python(self, value):
        if isinstance(value, str):
            value = value.replace(" ", "").replace("\u00a0", "")
            if "," in value:
                value = value.replace(".", "").replace(",", ".")
            elif re.fullmatch(r"\d{1,3}(\.\d{3})+", value):
                value = value.replace(".", "")
        return super().to_python(value)

    def prepare_value(self, value):
        """A decimal comma in the box, but what somebody wrote as they wrote it."""
        if isinstance(value, Decimal | float):
            try:
                return f"{Decimal(str(value)).normalize():f}".replace(".", ",")
            except InvalidOperation:
                return value
        return value

    def widget_attrs(self, widget):
        return {}


class IntegerField(forms.IntegerField):
    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    default_error_messages = {"invalid": _("Skriv et helt tal.")}

    def __init__(self, *, suffix="", **given):
        super().__init__(**given)
        self.suffix = suffix

    def widget_attrs(self, widget):
        return {}


class TimeField(forms.TimeField):
    """14:30, 14.30, 1430 and 14."""

    widget = forms.TimeInput(attrs={"inputmode": "numeric", "class": "input-char-8"}, format="%H:%M")
    input_formats = ["%H:%M", "%H.%M", "%H%M", "%H", "%H:%M:%S"]
    default_error_messages = {"invalid": _("Skriv klokkeslættet som 14:30.")}


class FilesField(forms.FileField):
    """Several files in one box."""

    def __init__(self, **given):
        super().__init__(widget=_ManyFiles(), **given)

    def clean(self, data, initial=None):
        found = [super(FilesField, self).clean(one, initial) for one in (data or [None])]
        return [one for one in found if one]


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self):
        super().__init__(attrs={"multiple": True})

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)
