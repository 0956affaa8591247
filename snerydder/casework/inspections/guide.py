"""The question guide as it stands in guide.toml. A sample keeps the version it was made with; an unknown version stops, it is not guessed."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

FILE = Path(__file__).parent / "guide.toml"
TRUST = {"sure": _("læst i kilden"), "likely": _("læst på anden hånd eller sluttet; er ikke i sig selv et lovkrav")}


@dataclass(frozen=True)
class Line:
    key: str
    part: int
    chapter: str
    short: str
    text: str
    source: str
    trust: str
    checks: tuple[str, ...]

    @property
    def trusted(self) -> Any:
        return TRUST[self.trust]


@dataclass(frozen=True)
class Guide:
    version: str
    source: str
    lines: tuple[Line, ...]
    chapters: dict[str, str]  # of the state's report: number → name

    def part(self, number: int) -> list[Line]:
        return [line for line in self.lines if line.part == number]


class UnknownGuide(LookupError):
    pass


@cache
def _all() -> dict[str, Guide]:
    given = tomllib.loads(FILE.read_text("utf-8"))
    lines = tuple(Line(**(line | {"checks": tuple(line["checks"])})) for line in given["line"])
    if len({line.key for line in lines}) != len(lines):
        raise ValueError(f"{FILE.name}: a key stands twice")
    chapters = {chapter["number"]: chapter["name"] for chapter in given["chapter"]}
    if unknown := {line.chapter for line in lines} - set(chapters):
        raise ValueError(f"{FILE.name}: no chapter {sorted(unknown)}")
    return {given["version"]: Guide(given["version"], given["source"], lines, chapters)}


def current() -> Guide:
    return next(iter(_all().values()))


def of(version: str) -> Guide:
    if version not in _all():
        raise UnknownGuide(version)
    return _all()[version]


def lines_of(version: str, part: int) -> dict[str, Line]:
    return {line.key: line for line in of(version).part(part)}


def extract(file: IO[bytes], keywords: Any, tags: Any, options: Any) -> Iterator[tuple[int, str, str, list[str]]]:
    """For the catalogue: what a reader meets of the guide."""
    told = tomllib.loads(file.read().decode())
    texts = (line[name] for line in told["line"] for name in ("short", "text", "source"))
    names = (chapter["name"] for chapter in told["chapter"])
    yield from ((1, "gettext", text, []) for text in dict.fromkeys((told["source"], *texts, *names)))
