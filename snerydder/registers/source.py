"""Where a register is and how to read it: what the protocol's [register] says, as a record a script can also write."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FORMS = ("wide", "long", "spells", "compact")
ENDS = ("last", "after")


@dataclass(frozen=True)
class Source:
    file: Path
    key: str
    scheme: str = "dream"
    form: str = "wide"  # one row a person, one row a week, one row a spell, or the folder registers.compact makes
    week: str = ""  # long: column with the ISO week or a day in it
    year: str = ""  # long: column with the ISO year, when `week` holds 1-53 only
    begin: str = ""  # spells: column with the first week or day
    end: str = ""  # spells: column with the last week or day, blank while it runs
    to_is: str = "last"  # spells: `end` holds the last week or day of the spell; or "after": the first one after it
    code: str = ""  # long and spells
    first_week: int = 0  # long and spells: the first week the register knows of
    last_week: int = 0  # ... and the last; in the wide form the columns say it
    priority: tuple[str, ...] = ()  # which code counts when two stand in one week; empty: refuse
    months: Path | None = None  # a wide file of its own with the monthly columns
    same_person_twice: str = "stop"  # or "merge": rows that do not contradict each other are one
    paid_after_death: str = "stop"  # or "dead": the death counts; or "keep": the codes stand as they are
