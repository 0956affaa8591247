"""The result of a round, in the order of the state's report: chapter 4 by procedure, chapter 5 by what the cases show."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from snerydder.casework.inspections import guide
from snerydder.casework.inspections.across.sending import ANY
from snerydder.casework.inspections.models import Member, Sample
from snerydder.lottery.shares import Counted, Share
from snerydder.lottery.stages import across


@dataclass(frozen=True)
class Described:
    """One procedure: what the municipalities answered, and in how many of their cases it was followed."""

    line: guide.Line
    answers: Counter[str]
    followed: int
    judged: int

    @property
    def answered(self) -> int:
        return sum(self.answers.values())


@dataclass(frozen=True)
class Found:
    """One line of the case review, over all the municipalities drawn."""

    chapter: str
    short: str
    looked_at: int
    ok: int
    lacking: int
    unclear: int
    share: Share | None  # of all cases in all municipalities
    lacking_in: int  # municipalities where it lacks in at least one case
    of: int
    lowest: float
    highest: float


@dataclass(frozen=True)
class Round:
    members: list[Member]
    procedures: list[Described]
    cases: list[Found]
    whole: Found | None  # cases that lack at least one thing

    @property
    def answered(self) -> list[Member]:
        return [each for each in self.members if each.procedures]

    @property
    def drawn(self) -> list[Member]:
        return sorted((each for each in self.members if each.rank), key=lambda each: each.rank or 0)

    @property
    def sent(self) -> list[Member]:
        return [each for each in self.drawn if each.cases]

    @property
    def silent(self) -> list[Member]:
        return [each for each in self.members if not each.procedures]


@dataclass(frozen=True)
class Asks:
    """What the list of a round asks every municipality."""

    first: date
    last: date
    cases_each: int


def asks(sample: Sample) -> Asks:
    told = json.loads(sample.list_text.partition("\n")[0])["round_asks"]
    return Asks(date.fromisoformat(told["first"]), date.fromisoformat(told["last"]), told["cases_each"])


def result(sample: Sample) -> Round:
    """One question."""
    members = list(Member.objects.filter(sample=sample).order_by("number"))
    book = guide.of(sample.guide)
    answers = [each.procedures for each in members if each.procedures]
    described = [_described(line, [each[line.key] for each in answers]) for line in book.part(1)]
    sent = [(each.cases_there or 0, each.cases) for each in members if each.cases and sum(each.cases[ANY])]
    found = [_found(line.key, line.chapter, line.short, sent, sample.population) for line in book.part(2)] if sent else []
    return Round(members, described, found, _found(ANY, "", "", sent, sample.population) if sent else None)


def _described(line: guide.Line, told: Sequence[tuple[str, int, int]]) -> Described:
    return Described(line, Counter(verdict for verdict, _f, _j in told), sum(f for _v, f, _j in told), sum(j for _v, _f, j in told))


def _found(key: str, chapter: str, short: str, sent: Sequence[tuple[int, dict[str, list[int]]]], municipalities: int) -> Found:
    """`sent`: cases on the municipality's list, and what it sent of those drawn."""
    told = [(there, *figures[key]) for there, figures in sent]
    counted = [Counted(there, ok + bad + unclear, bad, bad + unclear) for there, ok, bad, unclear in told]
    shares = [one.least / one.drawn for one in counted]
    ok, bad, unclear = (sum(row[at] for row in told) for at in (1, 2, 3))
    return Found(
        chapter, short, ok + bad + unclear, ok, bad, unclear, across(counted, municipalities),
        sum(one.least > 0 for one in counted), len(counted), min(shares), max(shares),
    )  # fmt: skip
