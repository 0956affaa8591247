"""From the answers to the share of all cases that lack something: weighted by group, with an exact interval, never a guess.

What nobody could judge counts as in order in the lower bound and as lacking in the upper one. While a case lacks its answer there is no
share at all: those answered first are not a sample of the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from snerydder.casework.inspections.guide import Line
from snerydder.lottery.shares import Counted, Share, needed, share

REACHES = (0.10, 0.05)  # what sample would suffice for ± so much


@dataclass(frozen=True)
class Rate:
    key: str
    short: str
    lacking: int
    unclear: int
    unanswered: int
    drawn: int
    share: Share | None
    needed: tuple[int, ...]  # for each of REACHES

    @property
    def ok(self) -> int:
        return self.drawn - self.lacking - self.unclear - self.unanswered


@dataclass(frozen=True)
class Results:
    lines: list[Rate]
    any_line: Rate  # cases that lack at least one thing
    answered: int
    asked: int

    @property
    def missing(self) -> int:
        return self.asked - self.answered

    @property
    def worst(self) -> list[Rate]:
        """Lines where something lacks, the most frequent first."""
        return sorted((rate for rate in self.lines if rate.lacking), key=lambda rate: (-rate.lacking, rate.key))


def results(strata: Sequence[dict[str, Any]], drawn: Mapping[Any, str], given: Iterable[tuple[Any, str, str]], lines: Sequence[Line]) -> Results:
    """`drawn`: {drawn case: its group}; `given`: (drawn case, line, verdict)."""
    told: dict[Any, dict[str, str]] = {case: {} for case in drawn}
    answered = 0
    for case, line, verdict in given:
        told[case][line] = verdict
        answered += 1
    rates = [_rate(line.key, line.short, strata, drawn, {case: said.get(line.key, "") for case, said in told.items()}) for line in lines]
    whole = {case: _of_case(said, len(lines)) for case, said in told.items()}
    return Results(rates, _rate("", "", strata, drawn, whole), answered, len(drawn) * len(lines))


def _of_case(said: Mapping[str, str], lines: int) -> str:
    """A case lacks something when one line does; it is in order when every line is."""
    if "lacking" in said.values():
        return "lacking"
    if len(said) < lines:
        return ""
    return "unclear" if "unclear" in said.values() else "ok"


def _rate(key: str, short: str, strata: Sequence[dict[str, Any]], drawn: Mapping[Any, str], said: Mapping[Any, str]) -> Rate:
    counted = []
    for stratum in strata:
        mine = [said[case] for case, group in drawn.items() if group == stratum["key"]]
        lacking = mine.count("lacking")
        counted.append(Counted(stratum["population"], len(mine), lacking, len(mine) - mine.count("ok")))
    every = list(said.values())
    found = share(counted) if every and "" not in every else None
    population = sum(stratum["population"] for stratum in strata)
    enough = tuple(needed(found.estimate, reach, population) for reach in REACHES) if found else ()
    return Rate(key, short, every.count("lacking"), every.count("unclear"), every.count(""), len(every), found, enough)
