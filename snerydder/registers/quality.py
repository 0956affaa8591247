"""What was wrong with the data, or could have been: how much of it, and what was done. No row names a person.

A check that found nothing is here too, with count 0: a reader must be able to see that it was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

EXAMPLES = 5


@dataclass(frozen=True)
class Row:
    key: str
    text: str
    text_en: str
    count: float  # NaN where the disclosure gate holds it back
    of: int = 0  # what it is a share of: persons, rows or person-weeks; 0 where a share says nothing
    policy: str = ""  # "nøgle = værdi" as it stands in the protocol
    file: str = ""
    examples: tuple[int, ...] = ()  # row numbers in the file

    @property
    def share(self) -> float | None:
        return self.count / self.of if self.of else None


@dataclass(frozen=True)
class Quality:
    rows: tuple[Row, ...]

    @property
    def found(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.count)

    def __getitem__(self, key: str) -> Row:
        return next(row for row in self.rows if row.key == key)


def first(rows: Sequence[int]) -> tuple[int, ...]:
    """A few row numbers, for whoever wants to look them up in the file."""
    return tuple(sorted(int(row) for row in rows)[:EXAMPLES])
