"""What the law needs to know of many cases at once: the same facts as the verbs judge, read for a whole batch at a time.

A step is judged by the law of its own day: the grant by that of its decision, the start by that of the start, what goes on by today's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from snerydder.casework.agreements.facts import bundle as agreement_bundle
from snerydder.casework.agreements.models import Agreement
from snerydder.casework.agreements.states import AgreementState
from snerydder.casework.cases.facts import assessment_facts, granted_by, one_follow_up
from snerydder.casework.cases.many import said_of
from snerydder.casework.cases.models import Assessment, Case, FollowUp
from snerydder.casework.cases.states import Stage
from snerydder.casework.checks import money
from snerydder.casework.contacts.models import Contact
from snerydder.casework.grants.many import case_facts, grant_facts
from snerydder.casework.grants.models import Grant, Letter
from snerydder.casework.grants.states import GrantState
from snerydder.casework.payments.models import InvoiceLine, Posting
from snerydder.law import Facts, facts

IN_FORCE = (GrantState.DECIDED, GrantState.STOPPED)
Asked = tuple[str, Facts, date]  # a step, what is known, and the day whose law holds


@dataclass
class Batch:
    """The rows of some cases, by case."""

    grants: dict[Any, list[Grant]] = field(default_factory=dict)
    agreements: dict[Any, Agreement] = field(default_factory=dict)
    follow_ups: dict[Any, list[FollowUp]] = field(default_factory=dict)
    letters: dict[Any, Letter] = field(default_factory=dict)
    met: dict[Any, list[date]] = field(default_factory=dict)
    said: dict[Any, str] = field(default_factory=dict)
    assessments: dict[Any, Assessment] = field(default_factory=dict)
    confirmed: money.Said = field(default_factory=dict)
    lines: dict[Any, list[InvoiceLine]] = field(default_factory=dict)
    postings: list[Posting] = field(default_factory=list)


def read(cases: Sequence[Case]) -> Batch:
    found = Batch(said=said_of(cases), confirmed=money.confirmed(cases), lines=money.lines(cases), postings=money.postings())
    decided = Grant.objects.filter(case__in=cases, state__in=IN_FORCE).select_related("assessment__made_by")
    for grant in decided.order_by("start"):
        found.grants.setdefault(grant.case_id, []).append(grant)
    running = Agreement.objects.filter(case__in=cases, state=AgreementState.ACTIVE)
    related = running.select_related("mentor__staff", "grant__assessment__made_by").prefetch_related("tasks", "acceptances", "mentor__qualifications")
    found.agreements = {agreement.case_id: agreement for agreement in related}
    held = FollowUp.objects.filter(case__in=cases, withdrawn=False).select_related("held_by").defer("change")
    for row in held.order_by("held_on"):
        found.follow_ups.setdefault(row.case_id, []).append(row)
    letters = Letter.objects.filter(case__in=cases, kind=Letter.Kind.GRANT, withdrawn=False).defer("content")
    found.letters = {letter.grant_id: letter for letter in letters}
    met = Contact.objects.filter(case__in=cases, withdrawn=False).exclude(form=Contact.Form.TRIED)
    for case_id, day in met.order_by("case_id", "day").values_list("case_id", "day"):
        found.met.setdefault(case_id, []).append(day)
    assessed = Assessment.objects.filter(case__in=cases, withdrawn=False).order_by("made_on")
    found.assessments = {row.case_id: row for row in assessed.only("case_id", "target_group", "outside_section_6", "citizen_agrees")}
    return found


def asked(case: Case, rows: Batch, day: date) -> list[Asked]:
    """The steps this case has come to, each with what is known and the day of the law that holds for it."""
    chain = rows.grants.get(case.pk, [])
    grant = next((each for each in chain if each.start == case.grant_start), None)
    steps: list[Asked] = []
    if grant is None:
        return steps
    decided_on = grant.decided_on or day
    held = [row for row in rows.follow_ups.get(case.pk, []) if row.held_on <= decided_on]
    known = Facts(
        case=case_facts(grant.assessment, rows.said[case.pk]), assessment=assessment_facts(grant.assessment),
        grant=grant_facts(grant, decided_on, _before(chain, grant)), follow_up=one_follow_up(held[-1] if held else None, case),
    )  # fmt: skip
    steps.append(("grant", known, decided_on))
    agreement = rows.agreements.get(case.pk)
    if agreement is not None:
        started = agreement.started_on or agreement.start
        steps.append(("start", _agreed(agreement, case, rows, chain, started), started))
    if case.stage == Stage.ACTIVE:
        steps.append(("follow_up", _running(case, rows, day), day))
    steps.append(("nightly", _on_record(case, rows, grant, agreement, day), day))
    paid = money.asked_for(rows.lines.get(case.pk, []), grant.assessment.target_group, rows.postings)
    if paid is not None:
        steps.append(("payment", Facts(case=case_facts(grant.assessment, ""), payment=paid[0]), paid[1]))
    return steps


def _agreed(agreement: Agreement, case: Case, rows: Batch, chain: Sequence[Grant], on: date) -> Facts:
    agreement.case = agreement.grant.case = case
    own = case_facts(agreement.grant.assessment, rows.said[case.pk])
    return agreement_bundle(agreement, on, known=(own, grant_facts(agreement.grant, on, _before(chain, agreement.grant))))


def _before(chain: Sequence[Grant], grant: Grant) -> Grant | None:
    """The period before this one; what is decided has dates."""
    return next((each for each in reversed(chain) if each.start and grant.start and each.start < grant.start), None)


def _delivery(case: Case, rows: Batch, day: date) -> facts.DeliveryFacts:
    if case.grant_start is None or case.period_end is None:
        return facts.DeliveryFacts()
    met = [on for on in rows.met.get(case.pk, ()) if case.grant_start <= on <= case.period_end]
    said = [answer for on, answer in rows.confirmed.get(case.pk, ()) if case.grant_start <= on <= case.period_end]
    return facts.DeliveryFacts(
        first_contact_on=case.first_contact_on, last_contact_on=case.last_contact_on,
        longest_gap_days=max(((later - sooner).days for sooner, later in pairwise(met)), default=0),
        minutes_granted=granted_by(case, day), minutes_registered=case.minutes_used, contacts=len(met),
        contacts_confirmed=said.count("yes"), contacts_denied=said.count("no"),
    )  # fmt: skip


def _running(case: Case, rows: Batch, day: date) -> Facts:
    held = rows.follow_ups.get(case.pk)
    assessment = rows.assessments.get(case.pk)
    return Facts(
        case=case_facts(assessment, rows.said[case.pk]) if assessment else facts.CaseFacts(citizen_words=rows.said[case.pk]),
        grant=facts.GrantFacts(start=case.grant_start, end=case.period_end), delivery=_delivery(case, rows, day),
        follow_up=one_follow_up(held[-1] if held else None, case),
    )  # fmt: skip


def _on_record(case: Case, rows: Batch, grant: Grant, agreement: Agreement | None, day: date) -> Facts:
    letter = rows.letters.get(grant.pk)
    return Facts(
        case=case_facts(grant.assessment, rows.said[case.pk]),
        agreement=facts.AgreementFacts(start=agreement.start, min_plan_on=agreement.min_plan_on) if agreement else facts.AgreementFacts(),
        letter=facts.LetterFacts(letter.dated, letter.delivered_on, letter.delivery_proof) if letter else facts.LetterFacts(),
        delivery=_delivery(case, rows, day),
    )
