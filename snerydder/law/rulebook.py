"""What was in force on a day: `rulebook.on(date)`. The packs are read once, when the program starts.

`rulebook.version` changes with every change to a pack, a check or a hjemmel, and is kept with each verdict.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from .packs import Choice, Entry, RulebookError, Value, load
from .sources import Source
from .text import Text

__all__ = ["Law", "NoRule", "RulebookError", "choices", "entries", "on", "sources", "version"]

HOME = Path(__file__).parent
PACKS = load(HOME / "packs")


class NoRule(LookupError):
    """The rulebook says nothing about this day: the answer is "we do not know", never a guess."""


class Law:
    """The rulebook of one day."""

    def __init__(self, day: date) -> None:
        self.day = day

    def rule(self, key: str) -> Value:
        """The value with its source and standing."""
        for value in PACKS.entries[key].values:
            if value.covers(self.day):
                return value
        raise NoRule(key)

    def knows(self, key: str) -> bool:
        return key in PACKS.entries and any(value.covers(self.day) for value in PACKS.entries[key].values)

    def family(self, prefix: str) -> dict[str, Value]:
        """All values that day whose key begins so; a day without any is a day we do not know."""
        keys = [key for key in PACKS.entries if key.startswith(prefix)]
        found = {key: self.rule(key) for key in keys if self.knows(key)}
        if not found:
            raise NoRule(prefix)
        return found

    def value(self, key: str) -> Any:
        """The value that day; None when the law says that there is no such rule."""
        return self.rule(key).value

    def word(self, key: str) -> Text:
        """A word whose form changes with the law: word("authority") is "kommunen" since 1 February 2026."""
        return Text(self.value(f"word.{key}"))


@lru_cache(maxsize=4096)
def on(day: date) -> Law:
    return Law(day)


def entries() -> dict[str, Entry]:
    return PACKS.entries


def sources() -> dict[str, Source]:
    return PACKS.sources


def choices(kind: str) -> tuple[Choice, ...]:
    """The choices of a kind, in the order they are shown: purpose_kind, mentor_kind, refusal_ground ..."""
    return PACKS.choices[kind]


def _fingerprint() -> str:
    digest = sha256()
    judging = [HOME / name for name in ("engine.py", "facts.py", "hjemmel.py", "months.py", "packs.py", "sources.py")]
    for path in sorted([*HOME.glob("packs/*.toml"), *HOME.glob("checks/*.py"), *HOME.glob("bases/*.py"), *judging]):
        digest.update(path.relative_to(HOME).as_posix().encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


version = _fingerprint()
