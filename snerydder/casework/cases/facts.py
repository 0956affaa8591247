"""Rows of this noun as the law sees them."""

from snerydder.casework.cases.models import Assessment, Case, Closing, FollowUp, Goal, Referral
from snerydder.law import facts

_DECISIONS = {"go_on": "continue", "change": "change", "stop": "stop"}


def case_facts(case: Case, assessment: Assessment | None) -> facts.CaseFacts:
    own = Goal.objects.filter(case=case).exclude(own_words="").values_list("own_words", flat=True).first()
    said = own or Referral.objects.filter(case=case).values_list("citizen_says", flat=True).first() or ""
    return facts.CaseFacts(
        target_group=assessment.target_group if assessment else case.citizen.target_group,
        outside_section_6=bool(assessment and assessment.outside_section_6),
        citizen_agrees=None,
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
    if last is None:
        return facts.FollowUpFacts()
    return facts.FollowUpFacts(
        held_on=last.held_on, held_by_authority="caseworker" in last.held_by.roles, goal_status=last.text, decision=_DECISIONS[last.decision]
    )


def closing_facts(closing: Closing) -> facts.ClosingFacts:
    return facts.ClosingFacts(goal_result=closing.goal_result, assessment_text=closing.result_text, what_follows=closing.follows)
