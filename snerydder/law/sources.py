"""Where a rule was read, by whom it is told, and how far it may be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    READ = "read"  # a person read this text at this address
    SECOND_HAND = "second-hand"  # told by others, or read in another version than the one in force
    ASSUMED = "assumed"  # inferred or expected; nobody has read it anywhere

    @property
    def danish(self) -> str:
        return {"read": "læst i kilden", "second-hand": "ikke læst i kilden", "assumed": "antaget"}[self]  # da: stands in the Danish law pages


WEAKEST_LAST = (Standing.READ, Standing.SECOND_HAND, Standing.ASSUMED)


def weakest(standings: list[Standing]) -> Standing:
    return max(standings, key=WEAKEST_LAST.index, default=Standing.READ)


@dataclass(frozen=True, slots=True)
class Source:
    key: str  # "lab-167-1"
    text: str  # "LAB § 167, stk. 1", as shown beside a message
    title: str
    kind: str  # law, order, guidance, audit, authority, trial, norm
    address: str
    read: date
    standing: Standing
    note: str = ""
    replaced_on: date | None = None  # from that day another text holds ...
    replaced_by: str = ""  # ... the key of its source

    def standing_on(self, day: date) -> Standing:
        """What is replaced by a text that nobody has read rests on nothing read from that day on."""
        return Standing.ASSUMED if self.replaced_on and day >= self.replaced_on else self.standing
