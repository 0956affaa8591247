"""What stands in one cell, read as Danes write it. `Unclear` is the sentence for what cannot be read, and never a guess."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from snerydder.casework.people import vault

_WRITTEN = re.compile(r"(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4})(?:[ T]+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_SHORT_YEAR = re.compile(r"\d{1,2}[-./ ]\d{1,2}[-./ ]\d{2}")
_EATEN = re.compile(r"\d{5}[-\u2010-\u2015 ]?\d{4}")
FIRST_YEAR, LAST_YEAR = 1900, 2100
YES = {"ja", "j", "x", "1", "sand", "true", "yes"}
NO = {"nej", "n", "0", "falsk", "false", "no", "-"}


class Unclear(ValueError):
    """One Danish sentence about one cell."""


def day(text: str) -> date:
    """dd-mm-yyyy, d.m.yyyy, d/m/yyyy and ISO, with or without a time behind. Two figures for the year are two things at once."""
    text = text.strip()
    if written := _WRITTEN.fullmatch(text):
        number, month, year = (int(part) for part in written.groups())
    elif iso := _ISO.fullmatch(text):
        year, month, number = (int(part) for part in iso.groups())
    elif _SHORT_YEAR.fullmatch(text):
        raise Unclear(_("”%(text)s” har kun to cifre i årstallet. Skriv det med fire.") % {"text": text})
    elif re.fullmatch(r"\d{5}", text):
        raise Unclear(_("”%(text)s” er Excels eget tal for en dato. Giv kolonnen datoformat, og gem igen.") % {"text": text})
    else:
        raise Unclear(_("”%(text)s” er ikke en dato. Skriv den som 03-03-2026.") % {"text": text[:40]})
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unclear(_("Året %(year)s kan ikke passe.") % {"year": year})
    if month > 12 >= number:
        raise Unclear(_("Måneden kan ikke være %(month)s i ”%(text)s”. Er dag og måned byttet om?") % {"month": month, "text": text})
    try:
        return date(year, month, number)
    except ValueError:
        raise Unclear(_("Datoen ”%(text)s” findes ikke.") % {"text": text}) from None


def cpr(text: str, *, zeros_kept: bool) -> tuple[str, str]:
    """Ten figures, and a note when a nought was put back.

    A spreadsheet that takes the number for an amount eats the nought in front. It is put back only when nine figures then
    make a number that can be, and no number of the file has kept its nought (`zeros_kept`): else a figure is missing somewhere.
    """
    text = text.strip()
    try:
        return vault.normal(text), ""
    except vault.NotACpr:
        pass
    if re.fullmatch(r"\d[,.]\d+E\+?\d+", text, re.IGNORECASE):
        raise Unclear(_("Excel har forkortet CPR-nummeret. Giv kolonnen tekstformat, og hent tallene igen."))
    digits = re.sub(r"\D", "", text)
    if _EATEN.fullmatch(text) and not zeros_kept:
        try:
            found = vault.normal("0" + digits)
        except vault.NotACpr:
            found = ""
        if found:
            return found, _("CPR-nummeret manglede et nul foran. Vi læser det som %(number)s.") % {"number": vault.masked(found)}
    if len(digits) == 9 and len(text) <= 12:
        raise Unclear(_("CPR-nummeret har kun ni cifre. Mangler der et nul foran, eller er et andet ciffer faldet ud?"))
    raise Unclear(_("CPR-nummeret kan ikke passe. Det skal være seks cifre for fødselsdatoen og fire cifre mere."))


def begins_with_nought(text: str) -> bool:
    return text.strip().startswith("0") and len(re.sub(r"\D", "", text)) == 10


def yes(text: str) -> bool:
    word = text.strip().lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Unclear(_("”%(text)s” er hverken ja eller nej.") % {"text": text[:40]})


def number(text: str) -> Decimal:
    """1,5 and 1.234,50 and 37 and 37.5"""
    plain = re.sub(r"[\s\u00a0]|timer?|t\.?$|kr\.?", "", text.strip().lower())
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+", plain):
        plain = plain.replace(".", "")
    if not re.fullmatch(r"\d{1,7}(\.\d{1,4})?", plain):
        raise Unclear(_("”%(text)s” er ikke et tal.") % {"text": text[:40]})
    return Decimal(plain)


def minutes(text: str) -> int:
    """Hours as 2, 2,5 or 2:30, also as a spreadsheet writes a time (2:30:00); minutes when it says so."""
    plain = text.strip().lower()
    if clock := re.fullmatch(r"(\d{1,4}):([0-5]\d)(:00)?", plain):
        found = int(clock.group(1)) * 60 + int(clock.group(2))
    elif only := re.fullmatch(r"(\d{1,5}) ?min(utter|\.)?", plain):
        found = int(only.group(1))
    else:
        found = round(number(plain) * 60)
    if not 0 < found <= 60 * 2_000:
        raise Unclear(_("”%(text)s” timer kan ikke passe.") % {"text": text[:40]})
    return found


def year(text: str, *, latest: int) -> int:
    if re.fullmatch(r"(19|20)\d\d", text.strip()) and int(text) <= latest:
        return int(text)
    raise Unclear(_("”%(text)s” er ikke et årstal.") % {"text": text[:40]})


def several(text: str) -> list[str]:
    """dansk, arabisk / dansk;arabisk / dansk og arabisk"""
    parts = (part.strip() for part in re.split(r"[,;/|\n]|\sog\s", text))
    return list(dict.fromkeys(part for part in parts if part))


def short(text: str, longest: int) -> str:
    kept = " ".join(text.split())
    if len(kept) > longest:
        raise Unclear(_("Teksten er for lang: %(length)s tegn, og der er plads til %(most)s.") % {"length": len(kept), "most": longest})
    return kept


def written(text: str, longest: int = 10_000) -> str:
    kept = text.replace("\0", "").strip()
    if len(kept) > longest:
        raise Unclear(_("Teksten er for lang: %(length)s tegn, og der er plads til %(most)s.") % {"length": len(kept), "most": longest})
    return kept


def one_of(text: str, known: Iterable[tuple[str, Iterable[str]]], what: str) -> str:
    """The key of the words that were written; `known` is (key, (word, other word, ...))."""
    wanted = simple(text)
    pairs = [(key, list(words)) for key, words in known]
    for key, words in pairs:
        if wanted in {simple(word) for word in (key, *words)}:
            return key
    told = {"text": text[:40], "what": what, "known": ", ".join(str(words[0]) for _key, words in pairs if words)}
    raise Unclear(_("Vi kender ikke ”%(text)s” som %(what)s. Brug en af: %(known)s.") % told)


def simple(text: object) -> str:
    """Without case, spaces and signs, so that "§ 167, stk. 1" and "§167 stk 1" are the same."""
    return "".join(letter for letter in str(text).lower() if letter.isalnum())
