"""Reads the stories: small cases a jurist can read, run by the tests and printed on the rules' pages.

    [[story]]
    name = "Syv måneder efter § 167, stk. 1 går ikke"
    step = "grant"
    on = 2026-03-02
    given.grant = { hjemmel = "lab-167-1", start = 2026-03-02, end = 2026-10-01 }
    then.stop = ["CHK-05"]

`then` names checks under ok, warn, stop or silent (the check does not concern the case); a check that is not
named is not looked at. `then.says` is a part of what the verdict says, `then.because` of why, and `then.mends`
the field it points to.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from .engine import ORDER, STEPS, judge
from .facts import Facts
from .verdict import Verdict

OUTCOMES = ("ok", "warn", "stop", "silent")
PARTS = {part.name: part.default_factory for part in fields(Facts)}


@dataclass(frozen=True, slots=True)
class Story:
    name: str
    step: str
    on: date
    facts: Facts
    then: dict[str, str]  # check -> outcome
    says: str
    because: str
    mends: str
    file: str

    @property
    def checks(self) -> tuple[str, ...]:
        return tuple(self.then)


def _facts(given: dict[str, dict[str, Any]]) -> Facts:
    parts = {}
    for name, values in given.items():
        kind: Any = PARTS[name]
        parts[name] = kind(**{key: tuple(v) if isinstance(v, list) else v for key, v in values.items()})
    return Facts(**parts)


def _story(raw: dict[str, Any], file: str) -> Story:
    if unknown := raw.keys() - {"name", "step", "on", "given", "then"}:
        raise ValueError(f"{file}: {raw.get('name')}: unknown {unknown}")
    then = dict(raw["then"])
    says, because, mends = then.pop("says", ""), then.pop("because", ""), then.pop("mends", "")
    if unknown := then.keys() - set(OUTCOMES):
        raise ValueError(f"{file}: {raw['name']}: unknown outcome {unknown}")
    if raw["step"] not in STEPS:
        raise ValueError(f"{file}: {raw['name']}: unknown step {raw['step']}")
    outcomes = {check: outcome for outcome, checks in then.items() for check in checks}
    facts = _facts(raw.get("given", {}))
    return Story(raw["name"], raw["step"], raw["on"], facts, outcomes, says, because, mends, file)


def read(folder: Path) -> list[Story]:
    found = []
    for path in sorted(folder.glob("*.toml")):
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [_story(raw, path.name) for raw in tables["story"]]
    return found


def outcome(check: str, verdicts: Iterable[Verdict]) -> str:
    """The gravest verdict of a check, or "silent"."""
    levels = [verdict.level for verdict in verdicts if verdict.check == check]
    return max(levels, key=ORDER.index).value if levels else "silent"


def failures(story: Story) -> list[str]:
    """What does not come out as told; empty when the story holds."""
    verdicts = judge(story.step, story.facts, story.on)
    wrong = []
    for check, expected in story.then.items():
        if (actual := outcome(check, verdicts)) != expected:
            said = "; ".join(str(verdict.what) for verdict in verdicts if verdict.check == check)
            wrong.append(f"{check}: {expected} ventet, {actual} fundet ({said})")
    named = [verdict for verdict in verdicts if verdict.check in story.then]
    if story.says and not any(story.says in verdict.what for verdict in named):
        wrong.append(f"ingen siger »{story.says}«: {[str(verdict.what) for verdict in named]}")  # da: for the jurist who writes stories
    if story.because and not any(story.because in verdict.why for verdict in named):
        wrong.append(f"ingen begrunder med »{story.because}«: {[str(verdict.why) for verdict in named]}")  # da: for the jurist who writes stories
    if story.mends and not any(story.mends == verdict.field for verdict in named):
        wrong.append(f"ingen peger på {story.mends}: {[verdict.field for verdict in named]}")  # da: for the jurist who writes stories
    return wrong
