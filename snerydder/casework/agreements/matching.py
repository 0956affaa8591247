"""Suggestions of mentors with reasons in words. A person chooses; nothing here scores a citizen (facts C15, R10).

Order: what the citizen has said no to is out; then language, room, documented tasks, area. Each reason and each
thing against is a sentence, so that the one who chooses can weigh it differently.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from snerydder.casework.agreements.facts import documented_tasks
from snerydder.casework.agreements.models import Agreement, Task, Veto
from snerydder.casework.cases.models import OPEN, Assessment, Case
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.states import GrantState
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
    full: bool = False
    reasons: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    order: tuple[float, ...] = ()

    @property
    def lines(self) -> list[dict[str, str]]:
        """For and against, as a page lists them."""
        return [{"level": "ok", "text": said} for said in self.reasons] + [{"level": "warn", "text": said} for said in self.against]

    def as_data(self) -> dict[str, object]:
        return {"mentor": str(self.mentor.pk), "name": self.mentor.name, "reasons": self.reasons, "against": self.against}


@dataclass(frozen=True)
class _Known:
    """What is the same for every mentor weighed."""

    day: date
    names: dict[str, str]
    most: int  # open cases a full-time post should stay below
    helped: dict[tuple[Any, str], int]  # (mentor, task) -> others helped with it
    before: set[Any]  # mentors this citizen has had


def suggest(case: Case, tasks: Sequence[str] = (), *, on: date | None = None, limit: int = 5) -> list[Suggestion]:
    """Up to `limit` mentors for the case, the fittest first. `tasks` are keys of `law.help_kinds`."""
    return weigh_all(case, tasks, on=on)[:limit]


def weigh_all(case: Case, tasks: Sequence[str] = (), *, on: date | None = None) -> list[Suggestion]:
    """Every mentor who may be chosen, the fittest first. Six queries however many mentors there are."""
    day = on or timezone.localdate()
    wanted = list(tasks) or wanted_tasks(case)
    mentors = list(candidates(case))
    known = _Known(
        day=day,
        names={kind.key: _(kind.name) for kind in help_kinds()},
        most=rulebook.on(day).value("norm.caseload_bands")[-1],
        helped=_helped(case, wanted),
        before=set(Agreement.objects.filter(case__citizen=case.citizen_id, started_on__isnull=False).values_list("mentor", flat=True)),
    )
    return sorted((_weigh(mentor, case, wanted, known) for mentor in mentors), key=lambda suggestion: suggestion.order)


def candidates(case: Case) -> QuerySet[Mentor]:
    """Active mentors whom the citizen has not said no to, and who have decided nothing in the case."""
    open_cases = Case.objects.filter(OPEN, mentor=OuterRef("pk")).order_by().values("mentor").annotate(n=Count("pk")).values("n")
    return (
        Mentor.objects.filter(municipality=case.municipality_id, active=True, staff__active=True)
        .exclude(pk__in=Veto.objects.filter(case=case).values("mentor"))
        .exclude(staff__in=deciders(case))
        .select_related("staff")
        .prefetch_related("qualifications")
        .annotate(open_cases=Coalesce(Subquery(open_cases), 0))
    )


def deciders(case: Case) -> set[Any]:
    """Staff who assess or decide in the case. None of them can be its mentor (CHK-31)."""
    decided = Grant.objects.filter(case=case).exclude(state=GrantState.DRAFT).values_list("decided_by")
    assessed = Assessment.objects.filter(case=case, withdrawn=False).values_list("made_by")
    return {staff for (staff,) in decided.union(assessed) if staff} | ({case.caseworker_id} - {None})


def wanted_tasks(case: Case) -> list[str]:
    """The help the barriers of the referral usually call for."""
    referral = case.referrals.first()
    known = {kind.key for kind in help_kinds()}
    called_for = [task for barrier in (referral.barriers if referral else []) for task in HELP_FOR.get(barrier, ())]
    return [task for task in dict.fromkeys(called_for) if task in known]


def _helped(case: Case, tasks: Sequence[str]) -> dict[tuple[Any, str], int]:
    rows = (
        Task.objects.filter(municipality=case.municipality_id, kind__in=tasks, agreement__started_on__isnull=False)
        .exclude(agreement__case__citizen=case.citizen_id)
        .values("agreement__mentor", "kind")
        .annotate(others=Count("agreement__case", distinct=True))
    )
    return {(row["agreement__mentor"], row["kind"]): row["others"] for row in rows}


def _weigh(mentor: Mentor, case: Case, tasks: Sequence[str], known: _Known) -> Suggestion:
    reasons: list[str] = []
    against: list[str] = []
    if mentor.pk in known.before:
        reasons.append(_("Har været borgerens mentor før."))
    shared = _languages(mentor, case, reasons, against)
    covered = _tasks(mentor, tasks, known, reasons, against)
    open_cases: int = mentor.open_cases  # type: ignore[attr-defined]
    load = open_cases / mentor.full_time_share
    full = load >= known.most
    (against if full else reasons).append(load_sentence(mentor, open_cases, known.most))
    near = bool(case.citizen.area and case.citizen.area in mentor.areas)
    if near:
        reasons.append(_("Dækker %(area)s.") % {"area": case.citizen.area})
    if mentor.has_car:
        reasons.append(_("Har bil."))
    order = (-shared, 1.0 if full else 0.0, -covered, 0.0 if near else 1.0, load)
    return Suggestion(mentor, open_cases, round(load, 1), full, reasons, against, order)


def _languages(mentor: Mentor, case: Case, reasons: list[str], against: list[str]) -> int:
    foreign = [language for language in case.citizen.languages if language != "dansk"]
    shared = [language for language in foreign if language in mentor.languages]
    if shared:
        reasons.append(_("Taler %(languages)s.") % {"languages": ", ".join(shared)})
    elif foreign and (case.citizen.interpreter or "dansk" not in case.citizen.languages):
        against.append(_("Taler ikke %(languages)s.") % {"languages": ", ".join(foreign)})
    return len(shared)


def _tasks(mentor: Mentor, tasks: Sequence[str], known: _Known, reasons: list[str], against: list[str]) -> int:
    documented = documented_tasks(mentor, known.day)
    covered = [task for task in tasks if task in documented]
    missing = [task for task in tasks if task not in documented]
    if covered:
        reasons.append(_("Dokumenterede kvalifikationer til: %(tasks)s.") % {"tasks": ", ".join(known.names[task] for task in covered)})
    if missing:
        against.append(_("Ikke dokumenteret: %(tasks)s.") % {"tasks": ", ".join(known.names[task] for task in missing)})
    others, task = max(((known.helped.get((mentor.pk, task), 0), task) for task in tasks), default=(0, ""))
    if others:
        sentence = ngettext("Har hjulpet %(count)d anden borger med: %(task)s.", "Har hjulpet %(count)d andre borgere med: %(task)s.", others)
        reasons.append(sentence % {"count": others, "task": known.names[task]})
    return len(covered)


def load_sentence(mentor: Mentor, open_cases: int, most: int) -> str:
    """12 sager på 30 timer om ugen, svarer til 15 på fuld tid."""
    words = {"count": open_cases, "hours": number_format(mentor.hours_per_week.normalize(), use_l10n=True)}
    load = open_cases / mentor.full_time_share
    words["load"], words["most"] = round(load), most - 1
    said = ngettext("%(count)d sag på %(hours)s timer om ugen", "%(count)d sager på %(hours)s timer om ugen", open_cases) % words
    if open_cases and mentor.full_time_share != 1:
        said += _(", svarer til %(load)s på fuld tid") % words
    said += "."
    if load >= most:
        said += " " + _("En fuldtidsmentor bør højst have %(most)s.") % words
    return said
