"""Suggestions of mentors with reasons in words. A person chooses; nothing here scores a citizen (facts C15, R10).

Order: what the citizen has said no to is out; then language, documented tasks, room, area, car. Each reason and each
thing against is a sentence, so that the one who chooses can weigh it differently.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from snerydder.casework.agreements.facts import documented_tasks
from snerydder.casework.agreements.models import Veto
from snerydder.casework.cases.models import Case
from snerydder.casework.people.models import Mentor
from snerydder.law import help_kinds, rulebook

# Which help a barrier usually calls for: only an aid for the order of suggestions.
HELP_FOR = {
    "morning": ("wake", "fetch"), "anxiety": ("conversation", "walk"), "health": ("doctor",), "abuse": ("doctor", "conversation"),
    "housing": ("letters",), "money": ("economy", "letters"), "network": ("walk", "conversation"), "reading": ("letters", "digital"),
    "language": ("letters",), "crime": ("court",), "family": ("conversation",), "trust": ("mediate",),
}


@dataclass(frozen=True)
class Suggestion:
    mentor: Mentor
    open_cases: int
    full_time_cases: float  # open cases per full-time post
    reasons: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    order: tuple[float, ...] = ()

    def as_data(self) -> dict[str, object]:
        return {"mentor": str(self.mentor.pk), "name": self.mentor.name, "reasons": self.reasons, "against": self.against}


def suggest(case: Case, tasks: Sequence[str] = (), *, on: date | None = None, limit: int = 5) -> list[Suggestion]:
    """Up to `limit` mentors for the case, the fittest first. `tasks` are keys of `law.help_kinds`."""
    day = on or timezone.localdate()
    refused = set(Veto.objects.filter(case=case).values_list("mentor_id", flat=True))
    mentors = (
        Mentor.objects.filter(municipality=case.municipality_id, active=True, staff__active=True)
        .exclude(pk__in=refused)
        .exclude(staff=case.caseworker_id)
        .select_related("staff")
        .prefetch_related("qualifications")
        .annotate(open_cases=Count("cases", filter=Q(cases__closed_on__isnull=True)))
    )
    wanted = list(tasks) or wanted_tasks(case)
    return sorted((_weigh(mentor, case, wanted, day) for mentor in mentors), key=lambda suggestion: suggestion.order)[:limit]


def wanted_tasks(case: Case) -> list[str]:
    referral = case.referrals.first()
    known = {kind.key for kind in help_kinds()}
    return [task for task in dict.fromkeys(task for barrier in (referral.barriers if referral else []) for task in HELP_FOR.get(barrier, ())) if task in known]


def _weigh(mentor: Mentor, case: Case, tasks: Sequence[str], day: date) -> Suggestion:
    citizen = case.citizen
    reasons, against = [], []
    foreign = [language for language in citizen.languages if language != "dansk"]
    shared = [language for language in foreign if language in mentor.languages]
    if shared:
        reasons.append(_("Taler %(languages)s.") % {"languages": ", ".join(shared)})
    elif foreign and (citizen.interpreter or "dansk" not in citizen.languages):
        against.append(_("Taler ikke %(languages)s.") % {"languages": ", ".join(foreign)})
    names = {kind.key: str(kind.name).lower() for kind in help_kinds()}
    documented = documented_tasks(mentor, day)
    covered = [task for task in tasks if task in documented]
    missing = [task for task in tasks if task not in documented]
    if covered:
        reasons.append(_("Dokumenterede kvalifikationer til: %(tasks)s.") % {"tasks": ", ".join(names[task] for task in covered)})
    if missing:
        against.append(_("Ikke dokumenteret: %(tasks)s.") % {"tasks": ", ".join(names[task] for task in missing)})
    open_cases = mentor.open_cases  # type: ignore[attr-defined]
    load = open_cases / mentor.full_time_share
    norm = rulebook.on(day).value("norm.caseload_bands")[-1]
    sentence = ngettext("%(count)d sag på %(hours)s timer om ugen.", "%(count)d sager på %(hours)s timer om ugen.", open_cases) % {
        "count": open_cases, "hours": f"{mentor.hours_per_week:g}".replace(".", ",")
    }
    (against if load >= norm else reasons).append(sentence)
    near = bool(citizen.area and citizen.area in mentor.areas)
    if near:
        reasons.append(_("Dækker %(area)s.") % {"area": citizen.area})
    if mentor.has_car:
        reasons.append(_("Har bil."))
    order = (-len(shared), 1.0 if load >= norm else 0.0, -len(covered), 0.0 if near else 1.0, load)
    return Suggestion(mentor, open_cases, round(load, 1), reasons, against, order)
