"""Questions about look-ups: a month and what waits in it, one that was picked, one's own, and a citizen's own list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.access.tenancy import set_context
from snerydder.audit.models import Event, Lookup
from snerydder.casework.cases.models import Case
from snerydder.casework.lookups import forgetting, reading
from snerydder.casework.lookups.models import LookupCode, LookupSample, PickedLookup
from snerydder.casework.lookups.rules import RULES
from snerydder.casework.payments.codes import hash_of
from snerydder.casework.people.models import Citizen
from snerydder.casework.people.queries import Look, grouped
from snerydder.law import rulebook

PURPOSE: Any = _("Kontrol af opslag")
MONTHS_SHOWN = 13
MOST_NAMES = 10
KINDS = {
    "page": _("åbnet"), "list": _("stod på en liste"), "search": _("fundet ved søgning"), "cpr": _("CPR-nummeret vist"),
    "protected": _("beskyttede oplysninger vist"), "export": _("hentet som fil"),
}  # fmt: skip
WAITING = Q(verdict="")
UNFOLLOWED = Q(verdict__in=PickedLookup.NEEDS_FOLLOW_UP, follow_up="")


# --- The months ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class MonthRow:
    month: date
    looks: int
    sample: LookupSample | None
    picked: int
    waiting: int
    unfollowed: int

    @property
    def key(self) -> str:
        return f"{self.month:%Y-%m}"


def months(staff: Staff) -> list[MonthRow]:
    """The last year's months with look-ups, the newest first. Three questions."""
    first = (timezone.localdate().replace(day=1) - timedelta(days=31 * (MONTHS_SHOWN - 1))).replace(day=1)
    begins = reading.begin(first)
    looked = Lookup.objects.filter(municipality_id=staff.municipality_id, at__gte=begins).order_by().values(month=TruncMonth("at")).annotate(number=Count("pk"))
    samples = {row.month: row for row in scope.rows(LookupSample, staff).defer("list_text")}
    counted = scope.rows(PickedLookup, staff).order_by().values("month").annotate(picked=Count("pk"), waiting=Count("pk", filter=WAITING), unfollowed=Count("pk", filter=UNFOLLOWED))
    picks = {row["month"]: row for row in counted}
    numbers = {timezone.localtime(row["month"]).date(): row["number"] for row in looked}
    rows = []
    for month in sorted(numbers, reverse=True):
        found: Any = picks.get(month, {})
        rows.append(MonthRow(month, numbers[month], samples.get(month), found.get("picked", 0), found.get("waiting", 0), found.get("unfollowed", 0)))
    return rows


@dataclass(frozen=True)
class Kept:
    """How long look-ups are kept, and what was deleted last."""

    years: int
    before: date
    number: int = 0
    last: date | None = None


def kept(staff: Staff) -> Kept:
    today = timezone.localdate()
    years: int = rulebook.on(today).value("norm.lookup_years")
    last = Event.objects.filter(municipality_id=staff.municipality_id, case_id__isnull=True, verb="lookups.forget").order_by("-id").first()
    if last is None:
        return Kept(years, forgetting.first_kept(today))
    return Kept(years, date.fromisoformat(last.data["before"]), last.data["number"], last.on)


def waiting(staff: Staff) -> int:
    """How many somebody other than the person himself must judge or follow up."""
    return scope.rows(PickedLookup, staff).filter(WAITING | UNFOLLOWED).exclude(looked_by=staff).count()


def number_in(staff: Staff, month: date) -> int:
    return reading.rows(staff.municipality_id, month).count()


def sample_of(staff: Staff, month: date) -> LookupSample | None:
    return scope.rows(LookupSample, staff).filter(month=month).select_related("frozen_by", "typed_by", "confirmed_by").defer("list_text").first()


def picked_in(staff: Staff, month: date, show: str = "") -> QuerySet[PickedLookup]:
    """What was picked that month: `venter` to be judged, `opfoelgning` to be followed up, otherwise all."""
    rows = scope.rows(PickedLookup, staff).filter({"venter": WAITING, "opfoelgning": UNFOLLOWED}.get(show, Q()), month=month)
    return rows.select_related("lookup", "looked_by", "citizen", "reviewed_by", "followed_by").order_by("-lookup__at", "pk")


def reasons_of(row: PickedLookup) -> list[str]:
    """Why it was picked, in words."""
    told = [RULES[reason["rule"]].words(reason.get("number", 0)) for reason in row.reasons if reason["rule"] in RULES]
    return [*told, str(_("Udtrukket ved lodtrækning, lod %(ticket)s.") % {"ticket": row.ticket})] if row.sample_id else told


def short_reasons(row: PickedLookup) -> list[Any]:
    told = [RULES[reason["rule"]].name for reason in row.reasons if reason["rule"] in RULES]
    return [*told, _("Lodtrækning")] if row.sample_id else told


# --- One of them ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Around:
    """What the log says of the same employee near the look-up: more than one click is another story."""

    citizens: list[Citizen]
    more: int
    same_citizen: list[Look]
    that_day: int
    tasks: list[str]  # what the employee is in the citizen's cases; empty: nothing


def picked(pk: UUID, staff: Staff) -> PickedLookup:
    related = ("lookup", "looked_by__unit", "citizen", "reviewed_by", "followed_by", "sample")
    return scope.get(PickedLookup, pk, staff, purpose=PURPOSE, related=related)


def around(row: PickedLookup) -> Around:
    look = row.lookup
    ids = list(look.citizen_ids)
    citizens = list(Citizen.objects.filter(pk__in=ids).order_by("sort_key")[:MOST_NAMES])
    own = Lookup.objects.filter(municipality_id=row.municipality_id, staff_id=row.looked_by_id)
    day = timezone.localtime(look.at).date()
    that_day = own.filter(at__gte=reading.begin(day), at__lt=reading.begin(day + timedelta(days=1))).count()
    at_same: list[Look] = []
    tasks: list[str] = []
    if row.citizen_id or len(ids) == 1:
        tasks = _tasks(row.citizen_id or ids[0], row.looked_by_id)
        near = own.filter(citizen_ids__contains=[row.citizen_id or ids[0]], at__gte=look.at - reading.NEAR, at__lte=look.at + reading.NEAR)
        at_same = grouped(near)
    return Around(citizens, len(ids) - len(citizens), at_same[:20], that_day, tasks)


def _tasks(citizen: UUID, staff: UUID) -> list[str]:
    found = []
    for number, caseworker, mentor in Case.objects.filter(citizen=citizen).order_by("-number").values_list("number", "caseworker", "mentor__staff"):
        roles = [str(word) for word, holder in ((_("sagsbehandler"), caseworker), (_("mentor"), mentor)) if holder == staff]
        found += [_("%(role)s i sag %(number)s") % {"role": role, "number": number} for role in roles]
    return found


def next_waiting(row: PickedLookup, staff: Staff) -> PickedLookup | None:
    rows = scope.rows(PickedLookup, staff).filter(WAITING, month=row.month).exclude(looked_by=staff).exclude(pk=row.pk)
    return rows.order_by("-lookup__at", "pk").first()


# --- One's own -----------------------------------------------------------------------------------
def own(staff: Staff) -> QuerySet[Lookup]:
    return Lookup.objects.filter(municipality_id=staff.municipality_id, staff_id=staff.pk).order_by("-id")


def own_picked(staff: Staff) -> list[PickedLookup]:
    """The newest first; those that wait for a word of one's own before the others."""
    rows = scope.rows(PickedLookup, staff).filter(looked_by=staff).select_related("lookup", "citizen", "reviewed_by").order_by("-lookup__at")
    return sorted(rows[:50], key=lambda row: bool(row.verdict or row.explanation))


# --- The citizen's ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class CitizenLooks:
    """Dates and purposes, without who (facts C14)."""

    year: int
    years: list[int]
    times: int
    looks: list[Look]


def looks_of(citizen: Citizen, year: int | None = None) -> CitizenLooks:
    rows = Lookup.objects.filter(municipality_id=citizen.municipality_id, citizen_ids__contains=[citizen.pk])
    ends = rows.aggregate(first=Min("at"), last=Max("at"))
    this = timezone.localdate().year
    years = list(range(timezone.localtime(ends["last"]).year, timezone.localtime(ends["first"]).year - 1, -1)) if ends["last"] else [this]
    chosen = year if year in years else years[0]
    looks = grouped(rows.filter(at__gte=reading.begin(date(chosen, 1, 1)), at__lt=reading.begin(date(chosen + 1, 1, 1))))
    return CitizenLooks(chosen, years, sum(look.times for look in looks), looks)


def months_of(looks: list[Look]) -> list[tuple[date, list[Look]]]:
    """For the paper: month by month, the newest first."""
    return [(month, list(rows)) for month, rows in groupby(looks, key=lambda look: look.on.replace(day=1))]


def code_behind(code: str) -> LookupCode | None:
    """The citizen a code opens for, and the context set to the municipality. Only the code's hash is kept."""
    number = code.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) == 3):
        return None
    set_context(int(number))
    found = LookupCode.objects.filter(code_hash=hash_of(code), expires_on__gte=timezone.localdate()).select_related("citizen", "municipality").first()
    if found is None:
        set_context(None)
    return found
