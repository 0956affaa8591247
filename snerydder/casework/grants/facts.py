"""A grant as the law sees it."""

from datetime import date

from snerydder.casework.cases.facts import assessment_facts, case_facts, follow_up_facts
from snerydder.casework.grants.models import Grant
from snerydder.casework.grants.states import GrantState
from snerydder.law import facts


def previous_grant(grant: Grant) -> Grant | None:
    """The period before this one in the same case, if any."""
    return (
        Grant.objects.filter(case=grant.case_id, state__in=[GrantState.DECIDED, GrantState.STOPPED], start__lt=grant.start)
        .exclude(pk=grant.pk)
        .order_by("-start")
        .first()
    )


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


def bundle(grant: Grant, on: date) -> facts.Facts:
    return facts.Facts(
        case=case_facts(grant.case, grant.assessment), assessment=assessment_facts(grant.assessment), grant=grant_facts(grant, on),
        follow_up=follow_up_facts(grant.case),
    )
