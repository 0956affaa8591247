"""An instrument as its file says it: one TOML for each questionnaire and version, checked when it is read."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "instruments"
VOICES = ("citizen", "mentor", "caseworker")


@dataclass(frozen=True)
class Item:
    key: str
    factor: int  # one of the four working factors
    text: str
    text_en: str


@dataclass(frozen=True)
class Instrument:
    key: str
    version: int
    voice: str
    title: str
    title_en: str
    source: str
    every_weeks: int
    open_days: int
    steps: tuple[str, ...]
    steps_en: tuple[str, ...]
    well: int
    items: tuple[Item, ...]

    def said(self, language: str) -> Instrument:
        """The same questions in the reader's language; an answer is a step's number in both."""
        if language != "en":
            return self
        return replace(self, title=self.title_en, steps=self.steps_en, items=tuple(replace(item, text=item.text_en) for item in self.items))

    def fits(self, answers: Mapping[str, int]) -> bool:
        """Something is answered, and nothing but the instrument's own steps."""
        keys = {item.key for item in self.items}
        return bool(answers) and set(answers) <= keys and all(1 <= step <= len(self.steps) for step in answers.values())

    def score(self, answers: Iterable[Mapping[str, int]]) -> dict[int, tuple[int, int]]:
        """For each factor: answers of the step `well` or above, and all answers to it. What was skipped is in neither."""
        yes, whole = Counter[int](), Counter[int]()
        for given in answers:
            for item in self.items:
                if item.key in given:
                    whole[item.factor] += 1
                    yes[item.factor] += given[item.key] >= self.well
        return {factor: (yes[factor], whole[factor]) for factor in sorted(whole)}


def read(path: Path) -> Instrument:
    told = tomllib.loads(path.read_text("utf-8"))
    told.pop("example")
    items = tuple(Item(**item) for item in told.pop("item"))
    found = Instrument(items=items, **(told | {name: tuple(told[name]) for name in ("steps", "steps_en")}))
    keys = [item.key for item in items]
    if found.voice not in VOICES or len(set(keys)) != len(keys) or not 1 < found.well <= len(found.steps) or {item.factor for item in items} - {1, 2, 3, 4} or len(found.steps) != len(found.steps_en):
        raise ValueError(f"{path.name}: voice, keys, steps or factors do not hold together")
    if path.stem != f"{found.key}-v{found.version}" or 2 * found.open_days >= 7 * found.every_weeks:
        raise ValueError(f"{path.name}: the name is not the key and version, or two rounds would be open at once")
    return found


@cache
def all_of_them() -> tuple[Instrument, ...]:
    return tuple(read(path) for path in sorted(FOLDER.glob("*.toml")))


@cache
def newest(voice: str) -> Instrument:
    """The one that is asked with now."""
    return max((each for each in all_of_them() if each.voice == voice), key=lambda each: each.version)


@cache
def by_name(key: str, version: int) -> Instrument:
    return next(each for each in all_of_them() if (each.key, each.version) == (key, version))
