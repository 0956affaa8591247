"""The case page: everything the nouns know of one case, put together for somebody who may see the whole of it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.access.permissions import Permission
from snerydder.audit.models import Event
from snerydder.casework.agreements import queries as agreements
from snerydder.casework.agreements.facts import verdicts as agreement_verdicts
from snerydder.casework.agreements.models import Agreement
from snerydder.casework.agreements.states import AgreementState
from snerydder.casework.cases import queries as cases
from snerydder.casework.cases.course import Step
from snerydder.casework.cases.models import Case
from snerydder.casework.cases.states import Stage
from snerydder.casework.cases.verdicts import Shown, show, stored
from snerydder.casework.checks import queries as checks
from snerydder.casework.complaints import queries as complaints
from snerydder.casework.contacts import queries as contacts
from snerydder.casework.grants import queries as grants
from snerydder.casework.grants.facts import bundle as grant_bundle
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.spans import Span
from snerydder.casework.grants.states import GrantState
from snerydder.casework.payments import hours
from snerydder.casework.trials import standing as trial
from snerydder.casework.trials.models import Enrolment
from snerydder.desks import caselist, verbs
from snerydder.law import find_hjemmel, help_kinds, judge
from snerydder.ui.formats import dato

WHOLE = ("citizen", "unit", "caseworker", "mentor__staff", "municipality")
HISTORY_PER_PAGE = 12
LAST_CONTACTS = 5
# Where on this page the thing stands that a stored verdict speaks of.
PLACES = {
    "grant": "#bevillinger", "agreement": "#aftale", "start": "#aftale", "follow_up": "#opfoelgning", "closing": "#afslutning", "refusal": "#breve",
}  # fmt: skip


def case_page(case: Case, staff: Staff, side: Any) -> dict[str, Any]:
    day = timezone.localdate()
    periods = periods_of(case, day)
    agreement = agreements.current(case)
    coming = agreements.coming(case) if agreement and agreement.state == AgreementState.ACTIVE else agreement
    record = cases.record(case)
    delivery = cases.delivery(case, day, record) if case.started_on else None
    draft = grants.draft_of(case)
    offers = verbs.offers(_standing(case, record.waiting, periods, agreement, day), staff)
    step = cases.next_step(case, closer=record, today=day)
    button = next((offer.text for offer in offers if step and offer.href == step.href), "")
    if step and (place := trial.enrolment_of(case)):
        step, button = in_trial(step, case, place, staff)
    return {
        "case": case, "day": day, "steps": _open_to(staff, cases.steps(case, day)), "step": step, "step_text": button,
        "offers": offers, "delivery": delivery, "weeks_without": caselist.weeks_without_contact(case, day), "silence": caselist.silence(case, day),
        "referral": cases.referral_of(case), "assessments": record.assessments, "goals": cases.goals(case),
        "periods": periods, "draft": draft, "agreement": agreement, "coming": coming,
        "tasks": task_names(agreement), "accepted": accepted_by(agreement),
        "letters": grants.letters_of(case), "follow_ups": record.follow_ups, "closing": cases.last_closing(case),
        "contacts": list(contacts.contacts_of(case, LAST_CONTACTS)), "help_names": help_names(),
        "now_checks": [_link_for(staff, each) for each in _now(case, draft, coming, delivery, day)], "kept_checks": _kept(case),
        "history": history_page(case, side), "months": hours.months_of(case, staff, [period.grant for period in periods]) if periods or case.started_on else [],
        "confirmed_invoiced": _of_the_period(case, staff) if delivery else None,
        "night_checks": [_link_for(staff, each) for each in checks.of_case(case)],
        "hearings": grants.hearings_of(case), "complaints": complaints.of_case(case), "chain_days": sum(period.grant.days for period in periods),
        "may_check_again": staff.may(Permission.MEND_FINDINGS) and case.closed_on is None, "may_decide": staff.may(Permission.DECIDE), "may_deliver": staff.may(Permission.DECIDE) or staff.may(Permission.START),
    }  # fmt: skip


def in_trial(step: Step, case: Case, place: Enrolment, staff: Staff) -> tuple[Step, str]:
    """Nothing is to be decided: what the citizen gets stands in the trial, which only the one who has the case may open."""
    what = _("Borgeren er med i et forsøg med lodtrækning. Der er ikke noget at afgøre på sagen nu.")
    return replace(step, what=what, by=None, href=reverse("trials:person", args=[place.pk])), _("Se loddet") if staff.may(Permission.ENROL) and trial.known([place], staff) else ""


@dataclass(frozen=True)
class Period:
    """A grant in the chain, with its hjemmel in the words of the day it was decided, and the minutes used within it."""

    grant: Grant
    citation: str
    used: int
    running: bool


def periods_of(case: Case, day: date) -> list[Period]:
    found = []
    for grant in grants.chain_of_periods(case):
        hjemmel = find_hjemmel(grant.hjemmel, grant.decided_on or day)
        assert grant.start and grant.end, "decided, by constraint"
        running = grant.state == GrantState.DECIDED and grant.start <= day <= grant.end
        found.append(Period(grant, hjemmel.citation if hjemmel else grant.hjemmel, grant.used, running))  # type: ignore[attr-defined]  # the query's
    return found


def _of_the_period(case: Case, staff: Staff) -> tuple[int, int]:
    """Confirmed and invoiced of the same period as the bar."""
    if not (case.grant_start and case.period_end):
        return 0, 0
    return hours.of_period(case, staff, Span(case.grant_start, case.period_end))


def _standing(case: Case, waiting: Any, periods: list[Period], agreement: Agreement | None, day: date) -> verbs.Standing:
    decided = [each.grant for each in periods if each.grant.state == GrantState.DECIDED and each.grant.end and each.grant.end >= day]
    in_force = agreement is not None and agreement.state != AgreementState.DRAFT
    return verbs.Standing(case, waiting, decided[-1] if decided else None, agreement, may_annul=not in_force and case.started_on is None)


def help_names() -> dict[str, str]:
    return {kind.key: str(kind.name) for kind in help_kinds()}


def task_names(agreement: Agreement | None) -> str:
    names = help_names()
    return ", ".join(names.get(task.kind, task.kind) for task in agreement.tasks.all()) if agreement else ""


def accepted_by(agreement: Agreement | None) -> str:
    """Borgeren 3. august 2026, mentor 4. august 2026"""
    said = sorted(agreement.acceptances.all(), key=lambda row: row.at) if agreement else []
    return ", ".join(f"{row.get_party_display()} {dato(row.at, 'lang')}" for row in said)


def _now(case: Case, draft: Grant | None, agreement: Agreement | None, delivery: Any, day: date) -> list[Shown]:
    """What the checks say today about that which is not decided yet and about the support that runs."""
    found: list[Shown] = []
    if draft is not None:
        found += show(judge("grant", grant_bundle(draft, day), day), case, "desks:case")
    if agreement is not None and agreement.state in (AgreementState.DRAFT, AgreementState.AGREED):
        found += show(agreement_verdicts(agreement, day), case, "desks:case")
    if delivery is not None and case.stage == Stage.ACTIVE:
        found += delivery.checks
    return sorted((each for each in found if each.level != "ok"), key=lambda each: (not each.stops, each.check))


def _link_for(staff: Staff, shown: Shown) -> Shown:
    """The way to mend it is for those who may go it."""
    return shown if shown.link.startswith("#") or not shown.link or verbs.may_open(staff, shown.link) else replace(shown, link="")


def _open_to(staff: Staff, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [step if not step["href"] or verbs.may_open(staff, step["href"]) else step | {"href": ""} for step in steps]


def _kept(case: Case) -> list[Shown]:
    """What they said on the day of each decision, the gravest first, the same sentence once; never judged again."""
    found: dict[tuple[str, str], Shown] = {}
    rows = list(case.verdicts.order_by("-judged_at", "check_id"))
    for row, each in zip(rows, stored(rows), strict=True):
        place = PLACES.get(row.step, "") if each.level != "ok" else ""
        found.setdefault((each.check, each.text), replace(each, link=place))
    return sorted(found.values(), key=lambda each: ("stop", "warn", "ok").index(each.level))


def history_page(case: Case, side: Any) -> dict[str, Any]:
    """A page of the history: the newest first."""
    events = Event.objects.filter(municipality_id=case.municipality_id, case_id=case.pk)
    page: Page = Paginator(range(events.count()), HISTORY_PER_PAGE).get_page(side)
    told = cases.history(case, limit=page.end_index())[max(page.start_index() - 1, 0) :] if page.paginator.count else []
    return {"events": told, "page": page}


def for_case(case_id: Any, staff: Staff, purpose: Any) -> Case:
    return scope.get(Case, case_id, staff, purpose=purpose, page="desks:case", related=WHOLE)
