"""Each role: a stable key, its Danish name, one sentence that users see, its rights, and how far it reaches."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from snerydder.access.permissions import Permission as P


@dataclass(frozen=True)
class Role:
    key: str
    name: Any
    sentence: Any
    reach: str  # own | unit | municipality | none
    permissions: frozenset[P]


def _role(key: str, name: Any, sentence: Any, reach: str, *permissions: P) -> Role:
    return Role(key, name, sentence, reach, frozenset((*permissions, P.SIGNED_IN)))


ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        _role(
            "mentor",
            _("mentor"),
            _("Ser sine egne borgere, skriver kontakter og siger ja til aftaler. Træffer aldrig afgørelser."),
            "own",
            P.SEE_CASE, P.LOG_CONTACT, P.ACCEPT_AGREEMENT, P.MENTOR_DESK, P.SEE_MENTORS, P.SEE_SHEETS, P.APPROVE_SHEET,
            P.SEE_QUESTIONS, P.ANSWER_QUESTION, P.ANSWER_SURVEY,
        ),
        _role(
            "caseworker",
            _("sagsbehandler"),
            _("Henviser, vurderer behovet, træffer afgørelse, følger op og afslutter i sin egen enhed."),
            "unit",
            P.SEE_CASE, P.SEE_HISTORY, P.REFER, P.ASSESS, P.DECIDE, P.MATCH, P.WRITE_AGREEMENT, P.ACCEPT_AGREEMENT, P.START, P.FOLLOW_UP,
            P.CLOSE, P.REOPEN, P.FIND_PEOPLE, P.REGISTER_CITIZEN, P.SHOW_CPR, P.SHOW_PROTECTED, P.SEE_MENTORS, P.CASEWORKER_DESK, P.EXPORT,
            P.SEE_HOURS, P.CONFIRM_CONTACT, P.MEND_FINDINGS, P.SEE_TRIALS, P.ENROL, P.ANSWER_SURVEY,
        ),
        _role(
            "coordinator",
            _("koordinator"),
            _("Finder mentor, laver aftaler, fordeler sager og holder øje med, at alle borgere har kontakt."),
            "municipality",
            P.SEE_CASE, P.SEE_HISTORY, P.REFER, P.MATCH, P.WRITE_AGREEMENT, P.ACCEPT_AGREEMENT, P.START, P.HAND_OVER, P.STAND_IN, P.LOG_CONTACT,
            P.REOPEN, P.FIND_PEOPLE, P.REGISTER_CITIZEN, P.SHOW_CPR, P.SHOW_PROTECTED, P.SEE_MENTORS, P.MANAGE_MENTORS, P.IMPORT, P.EXPORT,
            P.COORDINATOR_DESK, P.SEE_HOURS, P.SEE_SHEETS, P.CONFIRM_CONTACT, P.SEE_INVOICES, P.REGISTER_INVOICE, P.MEND_FINDINGS,
            P.SEE_QUESTIONS, P.CLOSE_QUESTION, P.FOLLOW_TRIAL, P.ASK_SURVEY, P.WATCH_STUDY,
        ),
        _role(
            "leader",
            _("leder"),
            _("Ser om sagerne er i orden, om støtten bliver leveret, og hvad den koster. Ansætter og fordeler."),
            "municipality",
            P.SEE_CASE, P.SEE_HISTORY, P.HAND_OVER, P.STAND_IN, P.SEE_MENTORS, P.MANAGE_MENTORS, P.MANAGE_STAFF, P.FIND_PEOPLE, P.EXPORT,
            P.LEADER_DESK, P.SEE_HOURS, P.SEE_SHEETS, P.SEE_INVOICES, P.APPROVE_INVOICE, P.PAY_INVOICE, P.KEEP_SUPPLIERS,
            P.SEE_INSPECTIONS, P.WITNESS_DRAW, P.MEND_FINDINGS, P.KEEP_PROCEDURES, P.REVIEW_LOOKUPS, P.SEE_RESULTS, P.RELEASE_RESULTS, P.WATCH_STUDY,
            P.SEE_TRIALS, P.WRITE_PROTOCOL, P.DRAW_TRIAL, P.SEE_QUESTIONS, P.CLOSE_QUESTION,
        ),
        _role(
            "payer",
            _("økonomimedarbejder"),
            _("Ser timerne og behandler fakturaer, men ser ikke noter om borgeren."),
            "municipality",
            P.PAYER_DESK, P.EXPORT, P.SEE_HOURS, P.SEE_SHEETS, P.SEE_INVOICES, P.REGISTER_INVOICE, P.APPROVE_INVOICE, P.PAY_INVOICE, P.KEEP_SUPPLIERS,
        ),
        _role(
            "auditor",
            _("revisor"),
            _("Læser sagerne med deres kontroller og historik, trækker stikprøver og skriver, hvad de viser. Kan ikke ændre en sag."),
            "municipality",
            P.SEE_CASE, P.SEE_HISTORY, P.SEE_MENTORS, P.AUDITOR_DESK, P.SEE_HOURS, P.SEE_SHEETS, P.SEE_INVOICES,
            P.SEE_INSPECTIONS, P.INSPECT, P.WITNESS_DRAW, P.REVIEW_LOOKUPS, P.SEE_TRIALS, P.DRAW_TRIAL, P.SEE_QUESTIONS,
        ),
        _role(
            "evaluator",
            _("evaluator"),
            _("Skriver forsøgets protokol og undersøger, om det virker, på tal uden navne. Kan ikke åbne en sag."),
            "none",
            P.EVALUATOR_DESK, P.EVALUATE, P.SEE_RESULTS, P.WATCH_STUDY, P.SEE_TRIALS, P.WRITE_PROTOCOL, P.DRAW_TRIAL,
        ),
    )
}


def permissions_of(roles: list[str]) -> frozenset[P]:
    return frozenset().union(*(ROLES[key].permissions for key in roles if key in ROLES)) if roles else frozenset()


def roles_with(permission: P) -> list[Role]:
    return [role for role in ROLES.values() if permission in role.permissions]
