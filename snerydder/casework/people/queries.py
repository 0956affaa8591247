"""Questions about citizens, who has looked at them, and which mentor has room."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from snerydder.access import scope
from snerydder.access.danish import sort_key
from snerydder.access.models import Staff
from snerydder.audit.models import Lookup
from snerydder.casework.people import vault
from snerydder.casework.people.models import Citizen, Course, Mentor, Qualification
from snerydder.law import rulebook

MOST_FOUND = 30
RUNNING_OUT_WEEKS = 8
_CASE_NUMBER = re.compile(r"\d{4}-\d{5}")
_TEN_DIGITS = re.compile(r"\d{6}[\s\-\u2010-\u2015]*\d{4}")


# --- Citizens ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Found:
    """What a search gave. `elsewhere`: the number is known, but the person belongs to a unit the searcher does not reach."""

    kind: str  # cpr | name | case | too_short | not_a_cpr
    citizens: list[Citizen] = field(default_factory=list)
    more: bool = False
    elsewhere: Citizen | None = None


def find(text: str, staff: Staff) -> Found:
    """By exact CPR number, by case number, or by the beginning of a name. Protected names are never found by name."""
    text = text.strip()
    if _TEN_DIGITS.fullmatch(text):
        return _by_cpr(text, staff)
    reach = scope.rows(Citizen, staff).select_related("unit")
    if _CASE_NUMBER.fullmatch(text):
        return Found("case", list(reach.filter(pk__in=_cases(staff).filter(number=text).values("citizen"))))
    words = text.split()[:4]
    if not words or len(words[0]) < 2:
        return Found("too_short")
    matches = Q(first_name__istartswith=text) | Q(last_name__istartswith=text)
    if len(words) > 1:
        first, last = " ".join(words[:-1]), words[-1]
        matches |= Q(first_name__istartswith=first, last_name__istartswith=last)
    found = list(reach.filter(matches, protected=False).order_by("sort_key")[: MOST_FOUND + 1])
    return Found("name", found[:MOST_FOUND], more=len(found) > MOST_FOUND)


def _by_cpr(text: str, staff: Staff) -> Found:
    try:
        index = vault.blind_index(text, municipality_id=staff.municipality_id)
    except vault.NotACpr:
        return Found("not_a_cpr")
    known = Citizen.objects.filter(municipality=staff.municipality_id, cpr_index=index).select_related("unit").first()
    if known is None:
        return Found("cpr")
    inside = scope.rows(Citizen, staff).filter(pk=known.pk).exists()
    return Found("cpr", [known]) if inside else Found("cpr", elsewhere=known)


def _cases(staff: Staff) -> QuerySet[Any]:
    """Cases stand above people, so they are reached from the citizen's own side."""
    return scope.rows(Citizen._meta.get_field("cases").related_model, staff)


def cases_of(citizen_ids: Sequence[Any], staff: Staff) -> QuerySet[Any]:
    """The cases of these citizens that the person reaches, newest first."""
    return _cases(staff).filter(citizen__in=citizen_ids).select_related("mentor__staff", "caseworker").order_by("-opened_on", "-number")


def with_open_case(citizens: Sequence[Citizen], staff: Staff) -> list[tuple[Citizen, Any]]:
    """Each citizen with the open case, or None."""
    open_cases = {case.citizen_id: case for case in cases_of([citizen.pk for citizen in citizens], staff).filter(closed_on=None)}
    return [(citizen, open_cases.get(citizen.pk)) for citizen in citizens]


@dataclass(frozen=True)
class Look:
    on: date
    purpose: str
    kind: str
    times: int


def looks_at(citizen: Citizen, *, days: int = 30) -> tuple[int, list[Look]]:
    """How often the citizen was looked at, and per day for which purpose. Says nothing of who (facts C14: the staff's side
    of the log is for the one who inspects it)."""
    since = timezone.now() - timedelta(days=days)
    looks = grouped(Lookup.objects.filter(municipality_id=citizen.municipality_id, at__gte=since, citizen_ids__contains=[citizen.pk]))
    return sum(look.times for look in looks), looks


def grouped(rows: QuerySet[Lookup]) -> list[Look]:
    """Per day, purpose and kind how often; the newest day first."""
    counted = Counter((timezone.localdate(at), purpose, kind) for at, purpose, kind in rows.values_list("at", "purpose", "kind"))
    looks = [Look(on, purpose, kind, times) for (on, purpose, kind), times in counted.items()]
    return sorted(looks, key=lambda look: (look.on, look.times), reverse=True)


def areas(staff: Staff) -> list[str]:
    """Areas already in use, so that the same place is not written in three ways."""
    mentors = (area for found in scope.rows(Mentor, staff).values_list("areas", flat=True) for area in found)
    citizens = Citizen.objects.filter(municipality=staff.municipality_id).exclude(area="").values_list("area", flat=True).distinct()
    return sorted({*mentors, *citizens}, key=sort_key)


# --- Mentors -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Capacity:
    open_cases: int
    full_time: float  # share of a post of 37 hours
    places: int  # cases at the norm for so many hours

    @property
    def free(self) -> int:
        return max(0, self.places - self.open_cases)

    @property
    def per_full_time(self) -> float:
        return round(self.open_cases / self.full_time, 1)


def free_capacity(mentor: Mentor, *, on: date | None = None) -> Capacity:
    """Room up to where the law's local norm says a caseload is full (packs/local.toml, norm.caseload_bands)."""
    open_cases = getattr(mentor, "open_cases", None)
    if open_cases is None:
        open_cases = mentor.cases.filter(closed_on=None).count()  # type: ignore[attr-defined]
    full = rulebook.on(on or timezone.localdate()).value("norm.caseload_bands")[-1]
    return Capacity(open_cases, mentor.full_time_share, math.floor(full * mentor.full_time_share) if mentor.active else 0)


def mentors(staff: Staff) -> QuerySet[Mentor]:
    """Every mentor in Danish order with `open_cases` and `supervised_on`; who takes no cases comes last."""
    found = scope.rows(Mentor, staff).filter(staff__active=True).select_related("staff", "staff__unit")
    return found.annotate(
        open_cases=Count("cases", filter=Q(cases__closed_on=None), distinct=True),
        supervised_on=Max("courses__held_on", filter=Q(courses__kind=Course.Kind.SUPERVISION)),
    ).order_by("-active", "staff__sort_key")


def not_yet_mentors(staff: Staff) -> QuerySet[Staff]:
    """Active staff who could be made mentors."""
    return scope.rows(Staff, staff).filter(active=True, mentors=None).order_by("sort_key")


def qualifications(mentor: Mentor) -> list[Qualification]:
    """Without the content of their documents, which is read when asked for."""
    return list(mentor.qualifications.select_related("document", "verified_by").defer("document__content").order_by("title"))


def running_out(rows: Sequence[Qualification], on: date | None = None) -> list[Qualification]:
    """Those that have run out, or do so within eight weeks."""
    until = (on or timezone.localdate()) + timedelta(weeks=RUNNING_OUT_WEEKS)
    return sorted((row for row in rows if row.valid_until and row.valid_until <= until), key=lambda row: row.valid_until or until)


def mentors_running_out(staff: Staff) -> set[Any]:
    """Keys of the mentors with a qualification that has run out or soon will."""
    until = timezone.localdate() + timedelta(weeks=RUNNING_OUT_WEEKS)
    return set(scope.rows(Qualification, staff).filter(valid_until__lte=until).values_list("mentor", flat=True))
