"""An agreement as the law sees it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from snerydder.casework.agreements.models import Agreement
from snerydder.casework.agreements.states import Party
from snerydder.casework.cases.facts import assessment_facts, case_facts
from snerydder.casework.grants.facts import grant_facts
from snerydder.casework.people.models import Mentor
from snerydder.law import Verdict, facts, judge

# The law's words for the kinds of mentor (packs/choices.toml)
_KIND = {"municipal": "municipal", "company": "company", "consultant": "external", "volunteer": "volunteer", "senior": "senior"}


def documented_tasks(mentor: Mentor, on: date) -> set[str]:
    return {task for row in mentor.qualifications.all() if row.documented(on) for task in row.tasks}


def agreement_facts(agreement: Agreement, tasks: Sequence[str], accepted: Sequence[str]) -> facts.AgreementFacts:
    return facts.AgreementFacts(
        goal=agreement.goal,
        mentor_name=agreement.mentor.name,
        mentor_contact=agreement.mentor_contact,
        tasks=tuple(tasks),
        start=agreement.start,
        end=agreement.end,
        minutes=agreement.minutes,
        minutes_per=agreement.minutes_per,
        counted_per=agreement.grant.counted_per,
        complaint_guidance=bool(agreement.complaint_guidance.strip()),
        accepted_by=tuple(accepted),
    )


def mentor_facts(agreement: Agreement, tasks: Sequence[str], on: date) -> facts.MentorFacts:
    covered = documented_tasks(agreement.mentor, on)
    deciders = {agreement.grant.decided_by_id, agreement.grant.assessment.made_by_id}
    return facts.MentorFacts(
        mentor_kind=_KIND[agreement.mentor.kind],
        qualifications=tuple(row.title for row in agreement.mentor.qualifications.all() if row.documented(on)),
        tasks_without_qualification=tuple(task for task in tasks if task not in covered),
        beyond_usual=bool(agreement.beyond_usual.strip()),
        no_usual_work=agreement.no_usual_work,
        mentor_is_decider=agreement.mentor.staff_id in deciders,
    )


def bundle(
    agreement: Agreement, on: date, *, tasks: Sequence[str] | None = None, accepted: Sequence[str] | None = None,
    known: tuple[facts.CaseFacts, facts.GrantFacts] | None = None,
) -> facts.Facts:
    """`tasks` and `accepted` are given for an agreement that is not saved yet, `known` where many are judged at once; else they are its rows."""
    grant = agreement.grant
    kinds = [task.kind for task in agreement.tasks.all()] if tasks is None else list(tasks)
    parties = [row.party for row in agreement.acceptances.all()] if accepted is None else list(accepted)
    case, granted = known or (case_facts(grant.case, grant.assessment), grant_facts(grant, on))
    if Party.CITIZEN in parties:  # who says yes to the agreement wants the mentor
        case = replace(case, citizen_agrees=True)
    return facts.Facts(
        case=case,
        assessment=assessment_facts(grant.assessment),
        grant=granted,
        agreement=agreement_facts(agreement, kinds, parties),
        mentor=mentor_facts(agreement, kinds, on),
    )


def verdicts(agreement: Agreement, on: date, **unsaved: Any) -> list[Verdict]:
    """What the law says of the agreement and of starting on it, each thing once."""
    known = bundle(agreement, on, **unsaved)
    found: dict[tuple[str, str, str], Verdict] = {}
    for verdict in judge("agreement", known, on) + judge("start", known, on):
        found.setdefault((verdict.check, verdict.field, str(verdict.what)), verdict)
    return list(found.values())
