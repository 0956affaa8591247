"""Dates, hours, money and numbers as people write them, in the language of the page."""

import datetime
from decimal import Decimal

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from snerydder.law.text import Text

NEAR = datetime.timedelta(days=21)
LOCALES = {"da": "da_DK", "en": "en_GB"}
NEAR_PATTERN = {"da": "EEEE 'den' d. MMMM", "en": "EEEE d MMMM"}
FULL_PATTERN = {"da": "d. MMMM y", "en": "d MMMM y"}


def language():
    return "en" if (get_language() or "da").startswith("en") else "da"


def in_language(value):
    """A sentence of the law in the language of the page; anything else as it is."""
    if isinstance(value, Text) and language() != "da":
        return value.translated(gettext, lambda day: dato(day, "lang"))
    return value


def dato(value, form=""):
    """tirsdag den 3. marts near now, 3. marts 2026 else; form "lang" and "kort" say which whatever the day."""
    day = _day(value)
    if day is None:
        return ""
    if form == "kort":
        return day.strftime("%d-%m-%Y")
    near = form != "lang" and abs(day - timezone.localdate()) <= NEAR
    return format_date(day, (NEAR_PATTERN if near else FULL_PATTERN)[language()], LOCALES[language()])


def dage(value):
    """i dag, i går, om 3 dage, for 5 dage siden; beyond a week the date."""
    day = _day(value)
    if day is None:
        return ""
    distance = (day - timezone.localdate()).days
    words = {0: gettext("i dag"), 1: gettext("i morgen"), -1: gettext("i går")}
    if distance in words:
        return words[distance]
    if 1 < distance <= 7:
        return gettext("om %(days)s dage") % {"days": distance}
    if -7 <= distance < -1:
        return gettext("for %(days)s dage siden") % {"days": -distance}
    return dato(day)


def klokken(value):
    """kl. 14.30"""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    text = format_time(value, "HH.mm" if language() == "da" else "HH:mm", locale=LOCALES[language()])
    return gettext("kl. %(time)s") % {"time": text}


def timer(minutes, of=None):
    """90 -> 1 t 30 min; timer(840, 1200) -> 14 af 20 timer."""
    if minutes is None:
        return ""
    if of is not None:
        both = {"used": antal(round(_hours(minutes), 1)), "all": antal(round(_hours(of), 1))}
        return ngettext("%(used)s af %(all)s time", "%(used)s af %(all)s timer", 1 if of == 60 else 2) % both
    minutes = int(minutes)
    sign = "−" if minutes < 0 else ""
    hours, rest = divmod(abs(minutes), 60)
    parts = []
    if hours:
        parts.append(gettext("%(hours)s t") % {"hours": antal(hours)})
    if rest or not hours:
        parts.append(gettext("%(minutes)s min") % {"minutes": rest})
    return sign + " ".join(parts)


def kr(amount, decimals=None):
    """12.345 kr., 12.345,50 kr."""
    if amount is None:
        return ""
    amount = Decimal(str(amount))
    whole = amount == amount.to_integral_value() if decimals is None else decimals == 0
    number = format_decimal(amount, "#,##0" if whole else "#,##0.00", locale=LOCALES[language()])
    return gettext("%(amount)s kr.") % {"amount": number.replace("-", "−")}


def antal(number, decimals=None):
    """1.234,5: at most two decimals, and none that say nothing; or exactly so many."""
    if number is None:
        return ""
    if type(number) is int and not decimals and -1000 < number < 1000:  # most numbers on most pages; Babel takes its time
        return str(number).replace("-", "−")
    pattern = "#,##0.##" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(Decimal(str(number)), pattern, locale=LOCALES[language()]).replace("-", "−")


def cpr_mask(cpr):
    """The day of birth and nothing more: 010170-xxxx."""
    digits = "".join(sign for sign in str(cpr or "") if sign.isdigit())
    return f"{digits[:6]}-xxxx" if len(digits) == 10 else "xxxxxx-xxxx"


def _hours(minutes):
    return Decimal(minutes) / 60


def _day(value):
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value or None


FILTERS = {each.__name__: each for each in (dato, dage, klokken, timer, kr, antal, cpr_mask)}
