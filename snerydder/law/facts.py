"""All a check may look at: flat, frozen, at most fifteen fields each, and no field that no check reads.

Dates are whole days and both ends count: a period runs from `start` to and including `end`.
Names of choices (`activity`, `week`, `plads` ...) are the keys in packs/choices.toml.
A part that is left out counts as empty: a start without an agreement lacks everything an agreement must hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class CaseFacts:
    target_group: str = ""  # "6.5"; empty under integrationsloven and for employees outside § 6
    outside_section_6: bool = False  # ordinary employee who needs a mentor to keep the job
    citizen_agrees: bool | None = None  # None: not asked yet
    citizen_words: str = ""  # what the citizen wants, in the citizen's own words
    refusal_ground: str = ""  # key of "refusal_ground", when support is refused or stopped


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    assessment_on: date | None = None
    assessment_by: str = ""  # name of the caseworker
    assessment_text: str = ""
    by_authority: bool = True  # written by someone who may decide
    decisive: bool = False  # mentor support is of decisive importance
    decisive_text: str = ""  # ... and why


@dataclass(frozen=True, slots=True)
class GrantFacts:
    hjemmel: str = ""  # "lab-167-1", "lab-167-1-new", "lab-167-2", "lab-167-3", "il-23d"
    purpose_kind: str = ""  # activity, offer, education, flexjob, employment
    purpose: str = ""
    start: date | None = None
    end: date | None = None
    minutes: int = 0
    minutes_per: str = ""  # week, total
    counted_per: str = ""  # person, plads
    hours_reason: str = ""
    discharge_on: date | None = None  # § 167, stk. 2
    admission_on: date | None = None  # § 167, stk. 3
    is_new_period: bool = False
    previous_start: date | None = None
    previous_end: date | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    goal: str = ""
    mentor_name: str = ""
    mentor_contact: str = ""
    tasks: tuple[str, ...] = ()  # keys from help_kinds()
    start: date | None = None
    end: date | None = None
    minutes: int = 0
    minutes_per: str = ""
    counted_per: str = ""
    complaint_guidance: bool = False
    accepted_by: tuple[str, ...] = ()  # citizen, mentor, municipality
    rhythm_days: int = 0  # agreed: at most so many days between contacts; 0 when not agreed
    min_plan_on: date | None = None  # mentor and goal stand in the citizen's Min Plan since that day


@dataclass(frozen=True, slots=True)
class MentorFacts:
    mentor_kind: str = ""  # municipal, company, institution, external, volunteer, senior
    qualifications: tuple[str, ...] = ()  # documented ones
    tasks_without_qualification: tuple[str, ...] = ()
    beyond_usual: bool = False  # company, institution: more than they usually do
    no_usual_work: bool = False  # external consultant: no own usual work in the mentor hours
    mentor_is_decider: bool = False  # the mentor assessed or decided on this same case


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """A summary of the contacts up to the day of judging, of the grant that runs."""

    first_contact_on: date | None = None
    last_contact_on: date | None = None
    longest_gap_days: int = 0
    minutes_granted: int = 0  # for the time gone by
    minutes_registered: int = 0
    contacts: int = 0  # contacts with the citizen, attempts not counted
    contacts_confirmed: int = 0  # by the citizen or another independent source
    contacts_denied: int = 0  # the citizen does not know of them


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """The letter of the decision that counts."""

    dated: date | None = None
    delivered_on: date | None = None
    delivery_proof: str = ""  # a receipt of Digital Post, or how and by whom it was handed over


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """What is asked to be paid in one case: an invoice, or its lines in that case. Judged by the law of its last day of work."""

    invoiced_minutes: tuple[int, ...] = ()  # for each contact behind it
    registered_minutes: tuple[int, ...] = ()  # what the log says of the same contacts, in the same order
    untraced_minutes: int = 0  # invoiced without any contact behind
    cost_kinds: tuple[str, ...] = ()  # keys of "cost_kind"
    account: str = ""  # "5.68.90.018"
    refusion: str = ""  # key of "refusion"


@dataclass(frozen=True, slots=True)
class FollowUpFacts:
    held_on: date | None = None  # the latest follow-up in the period that runs
    held_by_authority: bool = False
    goal_status: str = ""  # what was said about the goal
    decision: str = ""  # continue, change, stop
    next_decided: bool = False  # a new period or a closing is already decided


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    goal_result: str = ""  # reached, partly, not
    assessment_text: str = ""  # what the support led to
    what_follows: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The bundle a step is judged on."""

    case: CaseFacts = field(default_factory=CaseFacts)
    assessment: AssessmentFacts = field(default_factory=AssessmentFacts)
    grant: GrantFacts = field(default_factory=GrantFacts)
    agreement: AgreementFacts = field(default_factory=AgreementFacts)
    mentor: MentorFacts = field(default_factory=MentorFacts)
    delivery: DeliveryFacts = field(default_factory=DeliveryFacts)
    follow_up: FollowUpFacts = field(default_factory=FollowUpFacts)
    closing: ClosingFacts = field(default_factory=ClosingFacts)
    letter: LetterFacts = field(default_factory=LetterFacts)
    payment: PaymentFacts = field(default_factory=PaymentFacts)
