"""Rows of this noun as the law sees them."""

from datetime import date, timedelta
from itertools import pairwise

from django.db.models import OuterRef, Subquery, TextField
from django.db.models.functions import Coalesce

from snerydder.casework.cases.models import Assessment, Case, Closing, FollowUp, Goal, Referral
from snerydder.law import Facts, facts

_DECISIONS = {"go_on": "continue", "change": "change", "stop": "stop"}


def case_facts(case: Case, assessment: Assessment | None) -> facts.CaseFacts:
    own = Goal.objects.filter(case=OuterRef("pk")).exclude(own_words="").order_by("pk").values("own_words")[:1]
    referred = Referral.objects.filter(case=OuterRef("pk")).order_by("pk").values("citizen_says")[:1]
    said = Case.objects.filter(pk=case.pk).values_list(Coalesce(Subquery(own), Subquery(referred), output_field=TextField()), flat=True).first() or ""
    return facts.CaseFacts(
        target_group=assessment.target_group if assessment else case.citizen.target_group,
        outside_section_6=bool(assessment and assessment.outside_section_6),
        citizen_agrees=assessment.citizen_agrees if assessment else None,
        citizen_words=said,
    )


def assessment_facts(assessment: Assessment | None) -> facts.AssessmentFacts:
    if assessment is None:
        return facts.AssessmentFacts()
    return facts.AssessmentFacts(
        assessment_on=assessment.made_on,
        assessment_by=assessment.made_by.name,
        assessment_text=assessment.need,
        by_authority="caseworker" in assessment.made_by.roles,
        decisive=assessment.decisive,
        decisive_text=assessment.decisive_reason,
    )


def follow_up_facts(case: Case) -> facts.FollowUpFacts:
    last = FollowUp.objects.filter(case=case, withdrawn=False).select_related("held_by").order_by("-held_on").first()
    return one_follow_up(last, case)


def one_follow_up(row: FollowUp | None, case: Case) -> facts.FollowUpFacts:
    decided = bool(case.grant_end and case.period_end and case.grant_end > case.period_end)
    if row is None:
        return facts.FollowUpFacts(next_decided=decided)
    return facts.FollowUpFacts(
        held_on=row.held_on, held_by_authority="caseworker" in row.held_by.roles, goal_status=row.text, decision=_DECISIONS[row.decision],
        next_decided=decided,
    )


def delivery_facts(case: Case, day: date) -> facts.DeliveryFacts:
    """From the case's own row, and the days of contact in the period that counts."""
    if case.grant_start is None or case.period_end is None:
        return facts.DeliveryFacts()
    met = case.contacts.filter(withdrawn=False, day__range=(case.grant_start, case.period_end)).exclude(form="tried")
    days = list(met.order_by("day").values_list("day", flat=True).distinct())
    return facts.DeliveryFacts(
        first_contact_on=case.first_contact_on,
        last_contact_on=case.last_contact_on,
        longest_gap_days=max(((later - earlier).days for earlier, later in pairwise(days)), default=0),
        minutes_granted=granted_by(case, day),
        minutes_registered=case.minutes_used,
    )


def granted_by(case: Case, day: date) -> int:
    """Minutes that would have been used by that day, had they been spread evenly over the period."""
    if case.grant_start is None or case.period_end is None or day < case.grant_start:
        return 0
    whole = (case.period_end - case.grant_start) + timedelta(days=1)
    gone = min(day, case.period_end) - case.grant_start + timedelta(days=1)
    return round(case.minutes_granted * (gone / whole))


def follow_up_bundle(case: Case, assessment: Assessment | None, row: FollowUp | None, day: date) -> Facts:
    return Facts(
        case=case_facts(case, assessment),
        grant=facts.GrantFacts(start=case.grant_start, end=case.period_end),
        delivery=delivery_facts(case, day),
        follow_up=one_follow_up(row, case),
    )


def closing_bundle(case: Case, closing: Closing) -> Facts:
    return Facts(follow_up=follow_up_facts(case), closing=closing_facts(closing))


def closing_facts(closing: Closing) -> facts.ClosingFacts:
    return facts.ClosingFacts(goal_result=closing.goal_result, assessment_text=closing.result_text, what_follows=closing.follows)
