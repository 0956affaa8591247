"""What Danish law says about mentor support, on which day, and where it says it. Knows nothing of the web.

    verdicts = judge("grant", Facts(case=..., grant=...), on=date.today())
    if stops(verdicts): ...

Steps: grant, agreement, start, follow_up, closing, refusal, payment, nightly.
"""

from . import rulebook
from .choices import help_kinds, target_groups
from .engine import STEPS, judge
from .facts import Facts
from .hjemmel import Hjemmel, find_hjemmel, hjemler
from .letter import LetterText, letter_text
from .rulebook import choices
from .text import Text
from .verdict import Level, Verdict, stops, warnings

__all__ = [
    "STEPS",
    "Facts",
    "Hjemmel",
    "LetterText",
    "Level",
    "Text",
    "Verdict",
    "choices",
    "find_hjemmel",
    "help_kinds",
    "hjemler",
    "judge",
    "letter_text",
    "rulebook",
    "stops",
    "target_groups",
    "warnings",
]
