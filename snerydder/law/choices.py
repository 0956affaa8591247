"""Lists that forms and logs show: kinds of help, purposes, kinds of mentor, target groups of the day."""

from __future__ import annotations

from datetime import date

from . import rulebook
from .packs import Choice
from .rulebook import choices
from .text import Text


def help_kinds() -> tuple[Choice, ...]:
    """What a mentor does, commonest first: (key, name, note, icon)."""
    return choices("help_kind")


def target_groups(on: date) -> list[tuple[str, Text]]:
    """The groups of LAB § 6 as they were called that day: ("6.5", "Aktivitetsparate ...")."""
    law = rulebook.on(on)
    keys = (key for key in rulebook.entries() if key.startswith("group."))
    found = [(key.removeprefix("group."), law.value(key)) for key in keys if law.knows(key)]
    return [(key, Text(name)) for key, name in sorted(found, key=_number) if name]


def _number(group: tuple[str, str]) -> list[int]:
    return [int(part) for part in group[0].split(".")]
