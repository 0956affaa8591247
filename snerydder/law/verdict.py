"""What a check says: how grave it is, what is the matter, why, and what would mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Verdict:
    check: str  # "CHK-05"
    level: Level
    what: str  # one Danish sentence; for OK the promise that is kept
    why: str
    mend: str
    field: str  # "grant.end": the part and the field that mends it; "" when none does
    cites: tuple[str, ...]  # ("lab-167-1",)
    citation_text: str  # "LAB § 167, stk. 1"
    law_version: str
    standing: str = "read"  # the weakest standing of what it rests on: read, second-hand, assumed

    @property
    def field_name(self) -> str:
        return self.field.rpartition(".")[2]

    @property
    def is_unread(self) -> bool:
        """The page must say "ikke læst i kilden"."""
        return self.standing != "read"


def stops(verdicts: Iterable[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.level is Level.STOP]


def warnings(verdicts: Iterable[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.level is Level.WARN]
