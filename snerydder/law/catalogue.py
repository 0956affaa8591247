"""Gives the translation catalogue the Danish texts that live in the packs.

Entry in Babel's mapping: `[extractors] law_packs = snerydder.law.catalogue:extract`, then
`[law_packs: snerydder/law/packs/*.toml]`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

Message = tuple[int, str, str, list[str]]


def _texts(tables: dict[str, Any]) -> Iterator[str]:
    for name, child in tables.items():
        if name == "values":
            yield from (row["value"] for row in child if isinstance(row["value"], str) and row["value"] != "none" and re.search("[a-z]", row["value"]))
        elif isinstance(child, dict):
            yield from (child[field] for field in ("text", "title") if field in child)  # a source
            yield from _texts(child)
        elif isinstance(child, list):
            yield from (row[field] for row in child if isinstance(row, dict) for field in ("name", "note") if row.get(field))


def extract(fileobj: IO[bytes], keywords: Sequence[str], comment_tags: Sequence[str], options: Mapping[str, Any]) -> Iterator[Message]:
    """Names and notes of choices, dated words, names of groups, paragraphs of letters, and what the sources are called."""
    source = fileobj.read().decode("utf-8")
    lines = source.splitlines()
    for text in dict.fromkeys(_texts(tomllib.loads(source))):
        line = next((number for number, line in enumerate(lines, 1) if f'"{text}"' in line), 1)
        yield line, "gettext", text, []
