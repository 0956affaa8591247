"""An agreement as the law sees it."""

from datetime import date

from snerydder.casework.agreements.models import Agreement
from snerydder.casework.cases.facts import assessment_facts, case_facts
from snerydder.casework.grants.facts import grant_facts
from snerydder.casework.people.models import Mentor
from snerydder.law import facts

# The law's words for the kinds of mentor (packs/choices.toml)
_KIND = {"municipal": "municipal", "company": "company", "consultant": "external", "volunteer": "volunteer", "senior": "senior"}


def documented_tasks(mentor: Mentor, on: date) -> set[str]:
    return {task for row in mentor.qualifications.all() if row.documented(on) for task in row.tasks}


def agreement_facts(agreement: Agreement) -> facts.AgreementFacts:
    return facts.AgreementFacts(
        goal=agreement.goal,
        mentor_name=agreement.mentor.name,
        mentor_contact=agreement.mentor_contact,
        tasks=tuple(task.kind for task in agreement.tasks.all()),
        start=agreement.start,
        end=agreement.end,
        minutes=agreement.minutes,
        minutes_per=agreement.minutes_per,
        counted_per=agreement.grant.counted_per,
        complaint_guidance=bool(agreement.complaint_guidance.strip()),
        accepted_by=tuple(acceptance.party for acceptance in agreement.acceptances.all()),
    )


def mentor_facts(agreement: Agreement, on: date) -> facts.MentorFacts:
    covered = documented_tasks(agreement.mentor, on)
    deciders = {agreement.grant.decided_by_id, agreement.grant.assessment.made_by_id}
    return facts.MentorFacts(
        mentor_kind=_KIND[agreement.mentor.kind],
        qualifications=tuple(row.title for row in agreement.mentor.qualifications.all() if row.documented(on)),
        tasks_without_qualification=tuple(task.kind for task in agreement.tasks.all() if task.kind not in covered),
        beyond_usual=bool(agreement.beyond_usual.strip()),
        no_usual_work=agreement.no_usual_work,
        mentor_is_decider=agreement.mentor.staff_id in deciders,
    )


def bundle(agreement: Agreement, on: date) -> facts.Facts:
    grant = agreement.grant
    return facts.Facts(
        case=case_facts(grant.case, grant.assessment),
        assessment=assessment_facts(grant.assessment),
        grant=grant_facts(grant, on),
        agreement=agreement_facts(agreement),
        mentor=mentor_facts(agreement, on),
    )
