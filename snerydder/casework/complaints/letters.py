"""The letter that says what came of a complaint when the municipality looked at it again."""
# da-file: a decision to a citizen is written in Danish

from datetime import date
from typing import Any

from django.utils import translation

from snerydder.access.models import Staff
from snerydder.casework.cases.models import Case
from snerydder.casework.complaints.models import Complaint
from snerydder.casework.grants.letters import authority, frame, letter_day, rule_used
from snerydder.law import rulebook

SAID = {
    Complaint.Outcome.CHANGED: "Vi giver dig medhold og har ændret afgørelsen.",
    Complaint.Outcome.PARTLY: "Vi giver dig delvist medhold.",
    Complaint.Outcome.UPHELD: "Vi fastholder afgørelsen.",
}
NEXT = {"refusal": "Vi træffer nu en ny afgørelse om mentorstøtte.", "stop": "Din mentorstøtte løber igen til den dag, den først var bevilget til."}


def reassessment_letter(complaint: Complaint, case: Case, by: Staff, day: date) -> dict[str, Any]:
    with translation.override("da"):
        letter = complaint.letter
        sections = [{"heading": "Hvorfor?", "paragraphs": [complaint.reason]}]
        if letter.grant and letter.grant.hjemmel:
            sections.append({"heading": "Hvilke regler bygger afgørelsen på?", "paragraphs": [rule_used(letter.grant.hjemmel)]})
        sections.append({"heading": "Hvad sker der nu?", "paragraphs": [_next(complaint, day)]})
        return frame(case, by, day, "Vi har set på din klage") | {
            "intro": f"Du har klaget over afgørelsen af {letter_day(letter.dated)}. {authority(day)} har set på sagen igen. {SAID[Complaint.Outcome(complaint.outcome)]}",
            "facts": [], "sections": sections,
        }  # fmt: skip


def _next(complaint: Complaint, day: date) -> str:
    if complaint.outcome == Complaint.Outcome.CHANGED:
        return NEXT.get(complaint.letter.kind, "Vi retter afgørelsen.")
    body = rulebook.on(day).value("complaint.appeal_body")
    return f"Vi har i dag sendt din klage og sagens papirer til {body}, som afgør klagen. Du skal ikke selv gøre noget."
