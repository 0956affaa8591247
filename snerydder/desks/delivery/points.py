"""The trial's seven points, each with its number, its norm, a sentence and the way to the list behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from snerydder.desks.delivery.courses import Part
from snerydder.desks.delivery.mentors import LOOKED_BACK
from snerydder.desks.delivery.weeks import LEAST, percent
from snerydder.effects.fidelity import Measure
from snerydder.effects.results import Refused
from snerydder.law.rulebook import Law
from snerydder.ui.formats import antal

OF_MENTORS, OF_COURSES = (1, 2, 3, 6), (4, 5, 7)


@dataclass(frozen=True)
class Point:
    number: int
    name: str
    norm: str
    what: str  # what is counted: mentorer, hele uger, forløb
    measure: Measure | Refused

    @property
    def told(self) -> bool:
        return isinstance(self.measure, Measure)

    @property
    def figure(self) -> str:
        """18 af 22 mentorer"""
        if isinstance(self.measure, Refused):
            return "–"
        return _("%(part)s af %(whole)s %(what)s") % {"part": antal(self.measure.numerator), "whole": antal(self.measure.denominator), "what": self.what}

    @property
    def share(self) -> str:
        if isinstance(self.measure, Refused) or self.measure.denominator < LEAST:
            return ""
        return percent(self.measure.share)

    @property
    def sentence(self) -> str:
        if isinstance(self.measure, Refused):
            return get_language() == "en" and self.measure.reason_en or self.measure.reason
        if self.measure.unknown:
            return _("%(unknown)s kan ikke siges endnu og er ikke talt med.") % {"unknown": antal(self.measure.unknown)}
        return ""


def seven(part: Part, mentors: dict[int, Measure | Refused], law: Law) -> list[Point]:
    return [Point(number, name, norm, what, measure) for number, (name, norm, what, measure) in enumerate(_said(part, mentors, law), start=1)]


def _said(part: Part, mentors: dict[int, Measure | Refused], law: Law) -> list[tuple[str, str, str, Any]]:
    months, supervision = law.value("norm.longest_support_months"), law.value("norm.supervision_months")
    who, courses = _("mentorer"), _("forløb")
    return [
        (_("Kurser"), _("Mentor har været på både det centrale og det kommunale kursus."), who, mentors[1]),
        (_("Lønnet af kommunen, ikke myndighed"), _("Mentor er ansat i kommunen og træffer ikke afgørelser."), who, mentors[2]),
        (_("Passende antal borgere"), _("Under %(most)s borgere på en fuldtidsstilling.") % {"most": law.value("norm.caseload_bands")[-1]}, _("mentorer med sager"), mentors[3]),
        (_("Kontakt hver uge"), _("Mindst én kontakt i hver hele uge, fra bevillingen begynder, til den slutter."), _("hele uger"), weekly(part)),
        (_("Første kontakt i tide"), _("Inden en måned efter bevillingens første dag.") if law.value("norm.first_contact_months") == 1
         else _("Inden %(months)s måneder efter bevillingens første dag.") % {"months": law.value("norm.first_contact_months")}, courses, in_time(part)),
        (_("Supervision"), _("Aldrig over %(months)s måneder uden supervision i de sidste %(back)s måneder.") % {"months": supervision, "back": LOOKED_BACK}, who, mentors[6]),
        (_("Højst et år"), _("Støtten varer højst %(months)s måneder.") % {"months": months}, courses, not_too_long(part)),
    ]  # fmt: skip


def weekly(part: Part) -> Measure | Refused:
    if not part.whole:
        return Refused(_("Intet forløb har varet en hel uge endnu."), "no-weeks")
    return Measure(4, "", "", part.met, part.whole, 0)


def in_time(part: Part) -> Measure | Refused:
    return _known(5, part.in_time, part.late, part.persons)


def not_too_long(part: Part) -> Measure | Refused:
    return _known(7, part.short, part.long, part.started)


def _known(point: int, yes: int, no: int, everybody: int) -> Measure | Refused:
    if not yes + no:
        return Refused(_("Det kan ikke siges om nogen forløb endnu."), "not-measurable")
    return Measure(point, "", "", yes, yes + no, everybody - yes - no)
