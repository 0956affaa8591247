"""What a pack, a source and a story hold, in the words of the pages in docs/law."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

from . import rulebook
from .facts import Facts
from .labels import CHOICES, FIELDS, PARTS
from .packs import Entry, Value
from .sources import Source, Standing
from .text import danish_date

ONE = {"måneder": "måned", "uger": "uge", "dage": "dag", "borgere": "borger", "kroner": "krone"}
COUNTED = (*ONE, "procent", "år")
BLANKS = {
    "{authority}": "[myndigheden]",
    "{Authority}": "[Myndigheden]",
    "{weeks}": "[antal]",
    "{reassessment_weeks}": "[antal]",
    "{appeal_body}": "[klageinstansen]",
}


def as_of() -> date:
    """The latest day a source was read: the day the pages speak of."""
    return max(source.read for source in rulebook.sources().values())


def choice_name(kind: str, key: str) -> str:
    return next((choice.name for choice in rulebook.choices(kind) if choice.key == key), key)


def shown(value: Any) -> str:
    """A value of a pack in words."""
    if value is None:
        return "ingen regel"
    if value is True:
        return "ja"
    if isinstance(value, tuple):
        names = {choice.key: choice.name.lower() for kind in ("purpose_kind", "cost_kind") for choice in rulebook.choices(kind)}
        return ", ".join(names.get(item, str(item)) for item in value)
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    return re.sub(r"\{\w+\}", lambda blank: BLANKS[blank[0]], str(value))


def groups(keys: Iterable[str]) -> str:
    """6.4 and 6.5: "§ 6, nr. 4 og 5", as the law numbers them."""
    *first, last = [key.partition(".")[2] or key for key in keys]
    return f"§ 6, nr. {', '.join(first)}{' og ' if first else ''}{last}"


def measured(entry: Entry, value: Value) -> str:
    if entry.unit == "ja/nej" and value.value is None:
        return "nej"
    if entry.unit == "målgrupper" and value.value:
        return groups(value.value)
    if value.value is None or entry.unit not in COUNTED:
        return shown(value.value)
    return f"{shown(value.value)} {ONE.get(entry.unit, entry.unit) if value.value == 1 else entry.unit}"


def mark(standing: Standing) -> str:
    return standing.danish if standing is Standing.READ else f"**{standing.danish}**"


def looked_at(source: Source) -> str:
    """Whether it was read, and the day somebody last tried."""
    day = danish_date(source.read)
    return f"Læst i kilden {day}" if source.standing is Standing.READ else f"Pr. {day} **{source.standing.danish}**"


def until(value: Value) -> str:
    """The last day; or none yet, and then from when the text behind is expected to give way."""
    if value.until:
        return danish_date(value.until)
    replaced = rulebook.sources()[value.source].replaced_on
    return f"indtil videre; loven ventes afløst {danish_date(replaced)}" if replaced and replaced > value.start else "indtil videre"


def in_force(value: Value, day: date) -> bool:
    return value.start <= day and (value.until is None or day <= value.until)


def pack_heading(pack: str) -> tuple[str, str]:
    """A pack's first line: what it is about, and what more it says."""
    first = (rulebook.HOME / "packs" / pack).read_text("utf-8").partition("\n")[0].removeprefix("#").strip()
    about, *more = re.split(r"(?<!\d)\. ", first, maxsplit=1)  # the dot of a date ends no sentence
    return about.rstrip("."), "".join(more)


def sentence(text: str) -> str:
    return text if text.endswith((".", ".«")) else f"{text}."


def given(facts: Facts) -> str:
    """The facts of a story in words."""
    lines = []
    for part in fields(facts):
        own, plain = getattr(facts, part.name), getattr(Facts(), part.name)
        told = [f"{FIELDS[f.name]}: {fact(f.name, getattr(own, f.name))}" for f in fields(own) if getattr(own, f.name) != getattr(plain, f.name)]
        if told:
            lines.append(sentence(f"{PARTS[part.name]}: {'; '.join(told)}"))
    return " ".join(lines) or "Intet er skrevet endnu."


def fact(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, date):
        return danish_date(value)
    if isinstance(value, tuple):
        return ", ".join(fact(name, item) for item in value)
    if name == "hjemmel" and value in rulebook.sources():
        return rulebook.sources()[value].text
    if name == "target_group" and str(value).partition(".")[0] == "6":
        return groups([value])
    if name in CHOICES:
        return choice_name(CHOICES[name], value).lower()
    return f"»{value.strip()}«" if isinstance(value, str) and name != "target_group" else str(value)
