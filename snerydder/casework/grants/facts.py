"""A grant as the law sees it."""

from dataclasses import replace
from datetime import date

from snerydder.casework.cases.facts import assessment_facts, case_facts, follow_up_facts
from snerydder.casework.cases.models import Assessment
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.states import GrantState
from snerydder.law import Facts, facts


def previous_grant(grant: Grant) -> Grant | None:
    """The period before this one in the same case, if any."""
    earlier = Grant.objects.filter(case=grant.case_id, state__in=[GrantState.DECIDED, GrantState.STOPPED]).exclude(pk=grant.pk)
    return (earlier.filter(start__lt=grant.start) if grant.start else earlier).order_by("-start").first()


def grant_facts(grant: Grant, on: date) -> facts.GrantFacts:
    before = previous_grant(grant)
    return facts.GrantFacts(
        hjemmel=grant.hjemmel,
        purpose_kind=grant.purpose_kind,
        purpose=grant.purpose,
        start=grant.start,
        end=grant.end,
        minutes=grant.minutes,
        minutes_per=grant.minutes_per,
        counted_per=grant.counted_per,
        hours_reason=grant.hours_reason,
        discharge_on=grant.discharge_on,
        admission_on=grant.admission_on,
        is_new_period=before is not None,
        previous_start=before.start if before else None,
        previous_end=before.end if before else None,
        decided_on=grant.decided_on or on,
    )


def bundle(grant: Grant, on: date) -> Facts:
    return Facts(
        case=case_facts(grant.case, grant.assessment), assessment=assessment_facts(grant.assessment), grant=grant_facts(grant, on),
        follow_up=follow_up_facts(grant.case),
    )


def refusal_bundle(assessment: Assessment, hjemmel: str, ground: str) -> Facts:
    """What is asked when support is refused: after which hjemmel, and on what ground."""
    return Facts(
        case=replace(case_facts(assessment.case, assessment), refusal_ground=ground), assessment=assessment_facts(assessment),
        grant=facts.GrantFacts(hjemmel=hjemmel),
    )


def stop_bundle(grant: Grant, ground: str, last_day: date, on: date) -> Facts:
    seen = bundle(grant, on)
    return replace(seen, case=replace(seen.case, refusal_ground=ground), grant=replace(seen.grant, end=last_day))
