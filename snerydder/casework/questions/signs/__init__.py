"""What in a contact log gives reason to ask. Plain Python over plain rows: nothing here knows of a web or a database.

A sign is one module with `KEY`, `HOLDS` and `find(log)`. It tells which contacts, and the facts; never who is to blame, and
nothing is added up to a number for a person. `HOLDS`: the contacts cannot all have happened as written, so payment of them waits.
A new sign is a new module, its words in `questions/told.py`, and a fraud of its own in `questions/proof`.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from snerydder.casework.questions.signs.log import Found, Log

__all__ = ["ALL", "Found", "Log", "look"]

ALL: dict[str, ModuleType] = {
    module.KEY: module
    for name in sorted(each.name for each in iter_modules(__path__) if each.name not in ("log", "texts"))
    for module in [import_module(f"{__name__}.{name}")]
}


def look(log: Log, known: Collection[tuple[str, object, int]] = ()) -> list[Found]:
    """Every question to ask. `known`: sign, contact and its number of corrections of what has been asked before: it is asked once."""
    asked = set(known)
    found = []
    for key, module in ALL.items():
        for each in module.find(log):
            fresh = [row for row in each.rows if (key, row.id, row.corrections) not in asked]
            if fresh and len(fresh) >= min(len(each.rows), getattr(module, "LEAST_NEW", 1)):
                new = {(key, row.id, row.corrections) for row in fresh}
                asked |= new
                found.append(Found(key, each.staff, fresh, each.facts, [*each.shown, *(row for row in each.rows if (key, row.id, row.corrections) not in new)]))
    return found
