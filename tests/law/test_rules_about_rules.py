"""The rules every rule must keep: stories on both sides of each date, a source, a sentence and a mend."""

import dataclasses
import typing
from datetime import date, timedelta
from fnmatch import fnmatch
from pathlib import Path

import pytest

from snerydder.law import facts, rulebook
from snerydder.law.engine import Check, all_checks, judge
from snerydder.law.hjemmel import bases, hjemler
from snerydder.law.packs import Entry
from snerydder.law.stories import read
from snerydder.law.text import Text
from snerydder.law.verdict import Level

STORIES = read(Path(__file__).parent / "stories")
CHECKS = all_checks()
PARTS = typing.get_type_hints(facts.Facts)


def told(check: Check, *outcomes: str) -> list[date]:
    return [s.on for s in STORIES if s.step in check.steps and s.then.get(check.id) in outcomes]


def used(check: Check) -> list[Entry]:
    return [entry for key, entry in rulebook.entries().items() if any(fnmatch(key, use) for use in check.uses)]


def name(check: Check) -> str:
    return f"{check.id}-{'-'.join(check.steps)}"


@pytest.mark.parametrize("check", CHECKS, ids=name)
def test_it_has_a_passing_and_a_failing_story(check: Check) -> None:
    assert told(check, "ok"), f"{name(check)} has no story in which it is kept"
    assert told(check, "warn", "stop"), f"{name(check)} has no story in which it is broken"


@pytest.mark.parametrize("check", CHECKS, ids=name)
def test_it_has_a_story_on_the_eve_and_on_the_day_of_every_change(check: Check) -> None:
    days = set(told(check, "ok", "warn", "stop", "silent"))
    for entry in used(check):
        for change in entry.change_dates:
            missing = {change, change - timedelta(days=1)} - days
            assert not missing, f"{name(check)} uses {entry.key}, which changes {change}: no story on {missing}"


@pytest.mark.parametrize("check", [check for check in CHECKS if Level.STOP in check.steps.values()], ids=name)
def test_it_has_a_story_on_both_sides_of_the_day_its_law_is_replaced(check: Check) -> None:
    days, sources = set(told(check, "ok", "warn", "stop")), rulebook.sources()
    values = [value for entry in used(check) for value in entry.values]
    changes = {sources[value.source].replaced_on for value in values if value.covers(sources[value.source].replaced_on or date.min)}
    for change in {day for day in changes | {sources[key].replaced_on for key in check.cites} if day}:
        assert {change, change - timedelta(days=1)} <= days, f"{name(check)}: its law is replaced {change}, and no story tells what then"


@pytest.mark.parametrize("check", CHECKS, ids=name)
def test_everything_it_says_it_uses_exists(check: Check) -> None:
    for use in check.uses:
        assert any(fnmatch(key, use) for key in rulebook.entries()), f"{check.id} uses {use}, which no pack holds"


def test_it_can_stop_only_on_what_was_read() -> None:
    """Over every story: no stop rests on a source or a value that nobody has read at its source."""
    stops = [v for s in STORIES for v in judge(s.step, s.facts, s.on) if v.level is Level.STOP]
    assert stops
    for verdict in stops:
        assert verdict.standing == "read"
        assert all(rulebook.sources()[cite].standing == "read" for cite in verdict.cites)


def test_it_always_says_what_why_and_what_now() -> None:
    for story in STORIES:
        for verdict in judge(story.step, story.facts, story.on):
            assert isinstance(verdict.what, Text) and verdict.what.endswith("."), verdict
            assert verdict.why.endswith("."), verdict
            assert verdict.cites and verdict.citation_text and verdict.law_version == rulebook.version
            assert "{" not in verdict.what + verdict.why + verdict.mend
            if verdict.level is not Level.OK:
                assert verdict.mend.endswith(".")
                part, _, field = verdict.field.partition(".")
                assert field in {f.name for f in dataclasses.fields(PARTS[part])}, verdict.field


def test_the_sentences_are_short() -> None:
    for story in STORIES:
        for verdict in judge(story.step, story.facts, story.on):
            for text in (verdict.what, verdict.why, verdict.mend):
                assert len(text) <= 150, text


@pytest.mark.parametrize("part", PARTS.values(), ids=lambda part: part.__name__)
def test_a_part_of_the_facts_stays_small(part: type) -> None:
    assert len(dataclasses.fields(part)) <= 15


class Spy:
    """Stands in for a part of the facts and notes what is looked at."""

    def __init__(self, part: object, seen: set[str]) -> None:
        self._part, self._seen = part, seen

    def __getattr__(self, field: str) -> object:
        self._seen.add(f"{type(self._part).__name__}.{field}")
        return getattr(self._part, field)


def test_every_field_is_read_by_some_check() -> None:
    seen: set[str] = set()
    for story in STORIES:
        parts = {f.name: Spy(getattr(story.facts, f.name), seen) for f in dataclasses.fields(story.facts)}
        judge(story.step, facts.Facts(**parts), story.on)  # type: ignore[arg-type]
    fields = {f"{part.__name__}.{f.name}" for part in PARTS.values() for f in dataclasses.fields(part)}
    assert fields - seen == set()


def test_the_start_asks_for_all_that_the_agreement_asks_for() -> None:
    for check in CHECKS:
        if "agreement" in check.steps:
            assert check.steps.get("start") == check.steps["agreement"], check.id


def test_a_hjemmel_has_its_source_and_its_values() -> None:
    assert set(bases()) == {"lab-167-1", "lab-167-1-new", "lab-167-2", "lab-167-3", "il-23d"}
    for key, basis in bases().items():
        assert key in rulebook.sources()
        assert {f"hjemmel.{key}.in_force", f"hjemmel.{key}.purposes"} <= rulebook.entries().keys()
        assert set(basis.replaces) <= {check.id for check in CHECKS}
        assert set(basis.asks) <= {f.name for f in dataclasses.fields(facts.GrantFacts)}
        for _, value in basis.values:
            assert value in rulebook.entries()


def test_a_purpose_that_a_hjemmel_allows_is_one_that_can_be_chosen() -> None:
    known = {choice.key for choice in rulebook.choices("purpose_kind")}
    for on in (date(2022, 1, 1), date(2026, 11, 2)):
        for hjemmel in hjemler(on):
            assert set(hjemmel.purposes) <= known
            assert set(hjemmel.target_groups) <= {key.removeprefix("group.") for key in rulebook.entries()}
