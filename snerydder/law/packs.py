"""Reads the TOML packs and refuses one that contradicts itself, with file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from .sources import Source, Standing

KINDS = {"law", "order", "guidance", "audit", "authority", "trial", "norm"}
CHOICE_FILES = ("choices.toml", "tasks.toml")


class RulebookError(Exception):
    """A pack is wrong. The message begins with file and line."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path.name}:{line}: {message}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Value:
    start: date
    until: date | None  # the last day; None: until further notice
    value: Any  # None when the pack says "none": no such rule in this time
    source: str
    standing: Standing
    read: date
    note: str
    line: int

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    label: str
    unit: str
    pack: str
    is_local: bool  # a norm the municipality sets: it may warn, never stop
    values: tuple[Value, ...]

    @property
    def change_dates(self) -> tuple[date, ...]:
        """The days on which something else begins to hold."""
        pairs = zip(self.values, self.values[1:], strict=False)
        return tuple(new.start for old, new in pairs if (old.value, old.standing) != (new.value, new.standing))


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    name: str
    note: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Packs:
    entries: dict[str, Entry]
    sources: dict[str, Source]
    choices: dict[str, tuple[Choice, ...]]


def _line_of(text: str, header: str, number: int = 0) -> int:
    """The line of the nth table with this header; TOML itself does not tell."""
    seen = 0
    for line_number, line in enumerate(text.splitlines(), 1):
        match = re.match(r"\s*\[\[?([^\]]+)\]", line)
        if match and match[1].replace('"', "").replace(" ", "") == header:
            if seen == number:
                return line_number
            seen += 1
    return 1


def _parse(path: Path) -> tuple[str, dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise RulebookError(path, int(line[1]) if line else 1, f"kan ikke læses: {error}") from error


def _tables(node: dict[str, Any], trail: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, child in node.items():
        if isinstance(child, dict):
            if "values" in child:
                yield ".".join((*trail, name)), child
            else:
                yield from _tables(child, (*trail, name))


def _require(table: dict[str, Any], fields: dict[str, type], path: Path, line: int) -> None:
    for name, kind in fields.items():
        if name not in table:
            raise RulebookError(path, line, f"mangler '{name}'")
        if not isinstance(table[name], kind):
            raise RulebookError(path, line, f"'{name}' har en forkert type: {table[name]!r}")


def _standing(word: str, path: Path, line: int) -> Standing:
    try:
        return Standing(word)
    except ValueError:
        raise RulebookError(path, line, f"'standing' skal være read, second-hand eller assumed, ikke {word!r}") from None


def _sources(path: Path) -> dict[str, Source]:
    text, tables = _parse(path)
    found = {}
    for key, table in tables.items():
        line = _line_of(text, key)
        _require(
            table,
            {"text": str, "title": str, "kind": str, "address": str, "read": date, "standing": str},
            path,
            line,
        )
        if table["kind"] not in KINDS:
            raise RulebookError(path, line, f"'kind' er ukendt: {table['kind']!r}")
        standing = _standing(table.pop("standing"), path, line)
        found[key] = Source(key=key, standing=standing, **table)
    return found


def _replaced(path: Path, sources: dict[str, Source]) -> dict[str, Source]:
    """A pack may say `[replaces]`: from a day on these texts give way to another, and until that one is read they stop nobody."""
    text, tables = _parse(path)
    said = tables.get("replaces")
    if not isinstance(said, dict) or "by" not in said:
        return {}
    line = _line_of(text, "replaces")
    _require(said, {"from": date, "by": str, "sources": list}, path, line)
    for key in (said["by"], *said["sources"]):
        if key not in sources:
            raise RulebookError(path, line, f"kilden {key!r} står ikke i sources.toml")
    if sources[said["by"]].standing is Standing.READ:
        raise RulebookError(path, line, f"{said['by']!r} er læst: skriv dens egne værdier i stedet")
    return {key: replace(sources[key], replaced_on=said["from"], replaced_by=said["by"]) for key in said["sources"]}


def _value(raw: dict[str, Any], sources: dict[str, Source], path: Path, line: int) -> Value:
    _require(raw, {"from": date, "source": str, "standing": str, "read": date}, path, line)
    if "value" not in raw:
        raise RulebookError(path, line, "mangler 'value'")
    if raw["source"] not in sources:
        raise RulebookError(path, line, f"kilden {raw['source']!r} står ikke i sources.toml")
    unknown = raw.keys() - {"from", "until", "value", "source", "standing", "read", "note"}
    if unknown:
        raise RulebookError(path, line, f"ukendt felt: {', '.join(sorted(unknown))}")
    until = raw.get("until")
    if until and until < raw["from"]:
        raise RulebookError(path, line, f"slutter {until}, før den begynder {raw['from']}")
    value = tuple(raw["value"]) if isinstance(raw["value"], list) else raw["value"]
    return Value(
        start=raw["from"],
        until=until,
        value=None if value == "none" else value,
        source=raw["source"],
        standing=_standing(raw["standing"], path, line),
        read=raw["read"],
        note=raw.get("note", ""),
        line=line,
    )


def _in_order(values: list[Value], key: str, path: Path) -> tuple[Value, ...]:
    """Without `until` a value runs until the next begins; a written `until` must meet the next exactly."""
    ordered = sorted(values, key=lambda value: value.start)
    closed = []
    for value, following in zip(ordered, [*ordered[1:], None], strict=True):
        if following is None:
            closed.append(value)
            continue
        eve = following.start - timedelta(days=1)
        if value.start == following.start or (value.until and value.until > eve):
            raise RulebookError(path, following.line, f"'{key}' overlapper værdien på linje {value.line} (fra {value.start})")
        if value.until and value.until < eve:
            raise RulebookError(
                path,
                following.line,
                f"'{key}' har et hul før {following.start}: skriv value = \"none\" for den tid",
            )
        closed.append(
            Value(
                value.start,
                eve,
                value.value,
                value.source,
                value.standing,
                value.read,
                value.note,
                value.line,
            )
        )
    return tuple(closed)


def _entries(path: Path, sources: dict[str, Source]) -> dict[str, Entry]:
    text, tables = _parse(path)
    found = {}
    for key, table in _tables(tables):
        line = _line_of(text, key)
        _require(table, {"label": str, "unit": str, "values": list}, path, line)
        if not table["values"]:
            raise RulebookError(path, line, f"'{key}' har ingen værdier")
        values = [_value(raw, sources, path, _line_of(text, f"{key}.values", number)) for number, raw in enumerate(table["values"])]
        found[key] = Entry(
            key=key,
            label=table["label"],
            unit=table["unit"],
            pack=path.name,
            is_local=path.name == "local.toml",
            values=_in_order(values, key, path),
        )
    return found


def _choices(path: Path) -> dict[str, tuple[Choice, ...]]:
    text, tables = _parse(path)
    found = {}
    for kind, rows in tables.items():
        choices: list[Choice] = []
        for number, row in enumerate(rows):
            line = _line_of(text, kind, number)
            _require(row, {"key": str, "name": str}, path, line)
            if row["key"] in {choice.key for choice in choices}:
                raise RulebookError(path, line, f"'{row['key']}' står to gange")
            choices.append(Choice(**row))
        found[kind] = tuple(choices)
    return found


def load(folder: Path) -> Packs:
    sources = _sources(folder / "sources.toml")
    entries: dict[str, Entry] = {}
    choices: dict[str, tuple[Choice, ...]] = {}
    for path in sorted(folder.glob("*.toml")):
        sources |= _replaced(path, sources)
    for path in sorted(folder.glob("*.toml")):
        if path.name in CHOICE_FILES:
            choices |= _choices(path)
        elif path.name != "sources.toml":
            for key, entry in _entries(path, sources).items():
                if key in entries:
                    raise RulebookError(path, entry.values[0].line, f"'{key}' står også i {entries[key].pack}")
                entries[key] = entry
    return Packs(entries, sources, choices)
