"""The statutory paragraphs of a decision letter, in the words that were right on its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from . import rulebook
from .facts import GrantFacts
from .hjemmel import find_hjemmel
from .text import Text


@dataclass(frozen=True, slots=True)
class LetterText:
    legal_basis: Text
    complaint: Text  # where, how and within how many weeks
    reassessment: Text  # genvurdering
    appeal: Text  # Ankestyrelsen

    @property
    def paragraphs(self) -> tuple[Text, ...]:
        return (self.legal_basis, self.complaint, self.reassessment, self.appeal)

    @property
    def complaint_guidance(self) -> tuple[Text, ...]:
        return (self.complaint, self.reassessment, self.appeal)


def letter_text(grant: GrantFacts, on: date) -> LetterText:
    """`on` is the day of the decision."""
    law = rulebook.on(on)
    basis = find_hjemmel(grant.hjemmel, on)
    if basis is None:
        raise ValueError(f"unknown hjemmel {grant.hjemmel!r}")
    values: dict[str, object] = {
        "authority": law.word("authority"),
        "Authority": law.word("authority_first"),
        "weeks": law.value("complaint.weeks"),
        "reassessment_weeks": law.value("complaint.reassessment_weeks"),
        "appeal_body": Text(law.value("complaint.appeal_body")),
    }
    parts = {name: Text(law.value(f"letter.{name}"), **values) for name in ("complaint", "reassessment", "appeal")}
    return LetterText(legal_basis=basis.letter, **parts)
