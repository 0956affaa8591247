"""The case page: everything the nouns know of one case, put together for somebody who may see the whole of it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils import timezone

from snerydder.access import scope
from snerydder.access.models import Staff
from snerydder.audit.models import Event
from snerydder.casework.agreements import queries as agreements
from snerydder.casework.agreements.facts import verdicts as agreement_verdicts
from snerydder.casework.agreements.models import Agreement
from snerydder.casework.agreements.states import AgreementState
from snerydder.casework.cases import queries as cases
from snerydder.casework.cases.models import Case
from snerydder.casework.cases.states import Stage
from snerydder.casework.cases.verdicts import Shown, show, stored
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.facts import bundle as grant_bundle
from snerydder.casework.grants.models import Grant, Letter
from snerydder.casework.grants.states import GrantState
from snerydder.desks import caselist, verbs
from snerydder.law import find_hjemmel, help_kinds, judge

WHOLE = ("citizen", "unit", "caseworker", "mentor__staff", "municipality")
HISTORY_PER_PAGE = 20
LAST_CONTACTS = 5
# Where on this page the thing stands that a stored verdict speaks of.
PLACES = {"grant": "#bevillinger", "agreement": "#aftale", "start": "#aftale", "follow_up": "#opfoelgning", "closing": "#afslutning", "refusal": "#breve"}


def case_page(case: Case, staff: Staff, side: Any) -> dict[str, Any]:
    day = timezone.localdate()
    grants = grants_of(case, day)
    agreement = agreements.current(case)
    coming = agreements.coming(case) if agreement and agreement.state == AgreementState.ACTIVE else agreement
    waiting = cases.open_assessment(case)
    delivery = cases.delivery(case, day) if case.started_on else None
    draft = next((period.grant for period in grants if period.grant.state == GrantState.DRAFT), None)
    offers = verbs.offers(_standing(case, waiting, grants, agreement, day), staff)
    step = cases.next_step(case, closer=True, today=day)
    return {
        "case": case, "day": day, "steps": cases.steps(case, day), "step": step, "may_step": step is not None and verbs.may_open(staff, step.href),
        "offers": offers, "delivery": delivery, "weeks_without": caselist.weeks_without_contact(case, day), "silence": caselist.silence(case, day),
        "referral": cases.referral_of(case), "assessments": cases.assessments(case), "goals": cases.goals(case),
        "periods": [period for period in grants if period.grant.state != GrantState.DRAFT], "draft": draft, "agreement": agreement, "coming": coming,
        "letters": letters_of(case), "follow_ups": cases.follow_ups(case), "closing": cases.last_closing(case),
        "contacts": last_contacts(case), "help_names": help_names(),
        "now_checks": _now(case, draft, coming, delivery, day), "kept_checks": _kept(case),
        "history": history_page(case, side),
    }  # fmt: skip


@dataclass(frozen=True)
class Period:
    """A grant in the chain, with its hjemmel in the words of the day it was decided."""

    grant: Grant
    citation: str
    running: bool


def _standing(case: Case, waiting: Any, grants: list[Period], agreement: Agreement | None, day: date) -> verbs.Standing:
    decided = [period.grant for period in grants if period.grant.state == GrantState.DECIDED and period.grant.end >= day]
    in_force = agreement is not None and agreement.state != AgreementState.DRAFT
    return verbs.Standing(case, waiting, decided[-1] if decided else None, agreement, may_annul=not in_force and case.started_on is None)


def grants_of(case: Case, day: date) -> list[Period]:
    """The chain of periods, the first first, and the draft of the next."""
    rows = Grant.objects.filter(case=case).select_related("case__citizen", "decided_by", "assessment__made_by").order_by("start", "decided_on")
    found = []
    for grant in rows:
        hjemmel = find_hjemmel(grant.hjemmel, grant.decided_on or day)
        running = grant.state == GrantState.DECIDED and grant.start <= day <= grant.end
        found.append(Period(grant, hjemmel.citation if hjemmel else grant.hjemmel, running))
    return found


def letters_of(case: Case) -> list[Letter]:
    return list(Letter.objects.filter(case=case).order_by("-dated", "-pk"))


def last_contacts(case: Case, count: int = LAST_CONTACTS) -> list[Contact]:
    found = Contact.objects.filter(case=case, withdrawn=False).select_related("made_by", "goal").order_by("-at")
    return list(found[:count])


def help_names() -> dict[str, str]:
    return {kind.key: str(kind.name) for kind in help_kinds()}


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


def _kept(case: Case) -> list[Shown]:
    """What they said on the day of each decision, the gravest first; never judged again."""
    rows = list(case.verdicts.order_by("-judged_at", "check_id"))
    shown = [replace(each, link=PLACES.get(row.step, "") if each.level != "ok" else "") for each, row in zip(stored(rows), rows, strict=True)]
    return sorted(shown, key=lambda each: ("stop", "warn", "ok").index(each.level))


def history_page(case: Case, side: Any) -> dict[str, Any]:
    """A page of the history: the newest first, twenty at a time."""
    events = Event.objects.filter(municipality_id=case.municipality_id, case_id=case.pk)
    page: Page = Paginator(range(events.count()), HISTORY_PER_PAGE).get_page(side)
    told = cases.history(case, limit=page.end_index())[max(page.start_index() - 1, 0) :] if page.paginator.count else []
    return {"events": told, "page": page}


def for_case(case_id: Any, staff: Staff, purpose: Any) -> Case:
    return scope.get(Case, case_id, staff, purpose=purpose, page="desks:case", related=WHOLE)
