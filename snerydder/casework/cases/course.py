"""Where a case stands on its way from referral to closing, and what is next."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from snerydder.access.roles import ROLES
from snerydder.audit.models import Event
from snerydder.casework.cases.models import Assessment, Case, FollowUp
from snerydder.casework.cases.states import ENDED, Stage
from snerydder.ui.formats import dato

EXPIRY_NEAR = timedelta(weeks=6)
FIRST_CONTACT_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Step:
    """What is next in a case. `who` is the name of the one who must, when it is known; `role` the role that may."""

    what: str
    role_key: str
    who: str
    by: date | None
    link: str  # the name of the page; its only argument is the case
    href: str

    @property
    def role(self) -> str:
        return str(ROLES[self.role_key].name)

    @property
    def overdue(self) -> bool:
        return self.by is not None and self.by < timezone.localdate()


DECIDED = Q(grants__state__in=["decided", "stopped"])


@dataclass(frozen=True)
class Record:
    """The assessments and follow-ups of one case, the newest first: the last of each, and what waits, is among the answers."""

    assessments: list[Assessment]
    follow_ups: list[FollowUp]
    last_assessment: Assessment | None
    last_follow_up: FollowUp | None
    waiting: Assessment | None


def record(case: Case) -> Record:
    assessments, follow_ups = list(_assessments(case)), list(_follow_ups(case))
    assessed = next((row for row in assessments if not row.withdrawn), None)
    followed = next((row for row in follow_ups if not row.withdrawn), None)
    return Record(assessments, follow_ups, assessed, followed, _undecided(case, assessed))


def next_step(case: Case, *, closer: Record | None = None, today: date | None = None) -> Step | None:
    """From the case's own row, with caseworker and mentor__staff selected: no query. None when the case has ended.

    `closer`, for one case at a time, tells two things more: what the last follow-up decided, and whether an assessment
    waits for a decision.
    """
    if case.stage in ENDED:
        return None
    day = today or timezone.localdate()
    last, waiting = (closer.last_follow_up, closer.waiting) if closer else (None, None)
    what, role, by, link = _running(case, day, last, waiting) if case.stage == Stage.ACTIVE else _before_start(case, waiting)
    who = {"caseworker": case.caseworker, "mentor": case.mentor}.get(role)
    return Step(what, role, who.name if who else "", by, link, reverse(link, args=[case.pk]))


def _before_start(case: Case, waiting: Assessment | None) -> tuple[str, str, date | None, str]:
    due = case.next_deadline
    if case.stage == Stage.REFERRED:
        return _("Vurdér borgerens behov."), "caseworker", due, "cases:assess"
    if case.stage == Stage.ASSESSED:
        if waiting and waiting.conclusion == Assessment.Conclusion.REFUSE:
            return _("Giv afslag med begrundelse."), "caseworker", due, "grants:refuse"
        return _("Træf afgørelsen: bevil mentor, eller giv afslag."), "caseworker", due, "grants:grant"
    if case.stage == Stage.GRANTED:
        return _("Find en mentor sammen med borgeren."), "coordinator", due, "agreements:match"
    if case.stage == Stage.MATCHED:
        return _("Lav aftalen, og få ja fra borger, mentor og kommune."), "coordinator", due, "agreements:agreement"
    return _("Sæt støtten i gang."), "coordinator", due, "agreements:agreement"


def _running(case: Case, day: date, last: FollowUp | None, waiting: Assessment | None) -> tuple[str, str, date | None, str]:
    end, due = case.grant_end, case.follow_up_due
    if waiting:
        refused = waiting.conclusion == Assessment.Conclusion.REFUSE
        return _("Træf afgørelsen om en ny periode."), "caseworker", end, "grants:refuse" if refused else "grants:grant"
    if last and last.decision == FollowUp.Decision.STOP:
        return _("Afslut sagen, som I besluttede ved opfølgningen."), "caseworker", end, "cases:close"
    if end and end < day:
        return _("Bevillingen er udløbet. Vurdér om der skal være en ny periode, eller afslut sagen."), "caseworker", end, "cases:assess"
    if due and due <= day:
        return _("Hold opfølgning med borger og mentor."), "caseworker", due, "cases:follow_up"
    if case.first_contact_on is None and case.started_on:
        return _("Tag den første kontakt til borgeren."), "mentor", case.started_on + FIRST_CONTACT_WITHIN, "desks:case"
    if end and end <= day + EXPIRY_NEAR:
        return _("Beslut om støtten skal fortsætte eller slutte."), "caseworker", end, "cases:follow_up"
    return _("Hold opfølgning med borger og mentor."), "caseworker", due, "cases:follow_up"


def _assessments(case: Case) -> QuerySet[Assessment]:
    """The latest first; of two on one day the one that no decision stands on."""
    found = Assessment.objects.filter(case=case).select_related("made_by").annotate(decisions=Count("grants", filter=DECIDED))
    return found.order_by("-made_on", "decisions", "-pk")


def _follow_ups(case: Case) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(case=case).select_related("held_by").order_by("-held_on", "-pk")


def last_assessment(case: Case) -> Assessment | None:
    return _assessments(case).filter(withdrawn=False).first()


def open_assessment(case: Case) -> Assessment | None:
    """The latest assessment, if no decision stands on it yet."""
    return _undecided(case, last_assessment(case))


def _undecided(case: Case, last: Assessment | None) -> Assessment | None:
    if last is None or last.decisions:  # type: ignore[attr-defined]
        return None
    refused = case.letters.filter(kind="refusal", withdrawn=False, dated__gte=last.made_on).exists()
    return None if refused else last


def last_follow_up(case: Case) -> FollowUp | None:
    return _follow_ups(case).filter(withdrawn=False).first()


# The eight stations, each with the verbs whose last day is its date.
STATIONS = (
    (gettext_lazy("Henvisning"), ("cases.refer",)),
    (gettext_lazy("Vurdering"), ("cases.assess",)),
    (gettext_lazy("Bevilling"), ("grants.decide",)),
    (gettext_lazy("Match"), ("agreements.choose", "agreements.replace_mentor")),
    (gettext_lazy("Aftale"), ("agreements.accept",)),
    (gettext_lazy("I gang"), ("agreements.start",)),
    (gettext_lazy("Opfølgning"), ("cases.follow_up",)),
    (gettext_lazy("Afslutning"), ("cases.close",)),
)
REFERRAL, ASSESSMENT, GRANT, MATCH, AGREEMENT, RUNNING, FOLLOW_UP, CLOSING = range(8)
_REACHED = {Stage.REFERRED: ASSESSMENT, Stage.ASSESSED: GRANT, Stage.GRANTED: MATCH, Stage.MATCHED: AGREEMENT, Stage.AGREED: RUNNING}


def steps(case: Case, today: date | None = None) -> list[dict[str, Any]]:
    """The stations for ui.step_guide: text, state, note and, where the case is now, the address. One query: their days."""
    day = today or timezone.localdate()
    verbs = [verb for _name, names in STATIONS for verb in names]
    events = Event.objects.filter(municipality_id=case.municipality_id, case_id=case.pk, verb__in=verbs)
    days = dict(events.values_list("verb").annotate(Max("on")))
    found = [max((days[verb] for verb in names if verb in days), default=None) for _name, names in STATIONS]
    now = _place(case, day, found)
    upcoming = next_step(case, today=day)
    states = [_state(case, place, now, found) for place in range(len(STATIONS))]
    return [
        {"text": name, "state": state, "note": _note(case, place, state, found, day), "href": upcoming.href if upcoming and state == "now" else ""}
        for place, ((name, _verbs), state) in enumerate(zip(STATIONS, states, strict=True))
    ]


def _place(case: Case, day: date, found: list[date | None]) -> int:
    """The station where the case is."""
    if case.stage == Stage.ACTIVE:
        followed = found[FOLLOW_UP] is not None or (case.follow_up_due is not None and case.follow_up_due <= day)
        return FOLLOW_UP if followed else RUNNING
    if case.stage == Stage.REFUSED:
        return GRANT
    if case.stage in ENDED:
        return CLOSING
    return _REACHED[Stage(case.stage)]


def _state(case: Case, place: int, now: int, found: list[date | None]) -> str:
    if case.stage == Stage.REFUSED and place == GRANT or case.stage == Stage.CANCELLED and place == CLOSING:
        return "error"
    if case.stage == Stage.CLOSED and place == CLOSING:
        return "done"
    if case.stage in ENDED:
        return "done" if found[place] and place < now else "later"
    return "now" if place == now else "done" if place < now else "later"


def _note(case: Case, place: int, state: str, found: list[date | None], day: date) -> str:
    if state == "error":
        word = _("afslag %(day)s") if case.stage == Stage.REFUSED else _("annulleret %(day)s")
        return word % {"day": dato(case.closed_on)}
    if place == CLOSING and case.stage == Stage.CLOSED:
        return dato(case.closed_on)
    if place == GRANT and case.grant_end and case.grant_end < day and case.closed_on is None:
        return _("udløb %(day)s") % {"day": dato(case.grant_end)}
    if place == FOLLOW_UP and case.follow_up_due and case.closed_on is None:
        return _("næste %(day)s") % {"day": dato(case.follow_up_due)}
    reached = found[place]
    return dato(reached) if reached and state in ("done", "now") else ""
