"""From weeks to spells, where most errors in duration data are made, and to what comes after a spell.

A spell is a run of weeks inside; a pause of at most `gap` weeks does not end it. So an end is an end only when `gap` + 1 weeks outside were seen
after it, and a beginning a beginning only when as many were seen before it. Where the register stops (its end, a death, an emigration, a hole
longer than the gap) the last `gap` weeks cannot tell an end from a pause: every spell is censored before them, also those that go on, for
counting only the ones that go on would make spells too long. A spell that ran before the register began enters late: at risk from `entry`,
its age when first seen, or not at all when its age is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.results import Floats

GAP = 4  # weeks
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Episodes:
    """One row per spell, by person and time. Weeks are columns of the grid; begin may be negative (before the register)."""

    person: Ints
    begin: Ints
    end: Ints  # exclusive: the last week inside, plus one
    entry: Ints  # age in weeks when it came under observation
    exit: Ints  # age when it ended or was lost from sight
    ended: Flags  # False: censored at `exit`
    known: Flags  # was the beginning seen, or told?

    @property
    def usable(self) -> Flags:
        return self.known & (self.exit > self.entry)

    def where(self, rows: NDArray[np.generic]) -> Episodes:
        return Episodes(*(getattr(self, field.name)[rows] for field in fields(self)))

    def first(self) -> Episodes:
        """Only each person's first; with all of them, cluster by person."""
        return self.where(np.diff(self.person, prepend=-1) > 0)


@dataclass(frozen=True)
class Followed:
    """What came first after each spell within the horizon: 1, 2, ... in the caller's order, 0 for nothing."""

    kind: Ints  # 0 also where `seen` is False
    weeks: Ints  # after the end until it came, or as long as was seen; at least one when it came
    seen: Flags  # the whole horizon, or until it came


def episodes(inside: Flags, observed: Flags | None = None, gap: int = GAP, began: Ints | None = None) -> Episodes:
    """`inside` is persons × weeks. `observed` is False after death, emigration and where the register has no column.

    `began` tells how many weeks before the first column a spell running there began, 0 where nothing ran; None when it is not known.
    """
    rows, weeks = inside.shape
    seen = _fill(np.ones_like(inside) if observed is None else observed, gap)
    row, begin, end = _runs(inside if observed is None else inside & observed)
    joins = np.zeros(len(row), dtype=bool)
    joins[1:] = (row[1:] == row[:-1]) & (begin[1:] - end[:-1] <= gap)
    starts = np.flatnonzero(~joins)
    row, begin, end = row[starts], begin[starts], end[np.append(starts[1:], len(joins)) - 1] if len(starts) else end
    stretch, after = _stretch(seen, row, begin)[0], _stretch(seen, row, end - 1)[1]
    known, ended = begin - stretch > gap, after - end > gap
    entry = np.zeros_like(begin)
    if began is not None:
        early = (stretch == 0) & (begin <= gap)
        known = known | early
        entry = np.where(early, began[row], 0)
        begin = np.where(early & (entry > 0), -entry, begin)
    exit_ = np.where(ended, end, np.minimum(end, after - gap)) - begin
    return Episodes(row, begin, end, entry, exit_, ended, known)


def rasterised(found: Episodes, persons: int, weeks: int) -> Flags:
    """The weeks the spells cover, pauses included."""
    edge = np.zeros((persons, weeks + 1), dtype=np.int64)
    np.add.at(edge, (found.person, np.clip(found.begin, 0, weeks)), 1)
    np.add.at(edge, (found.person, np.clip(found.end, 0, weeks)), -1)
    return edge.cumsum(axis=1)[:, :weeks] > 0


def followed(found: Episodes, state: NDArray[np.integer], observed: Flags | None = None, horizon: int = 26) -> Followed:
    """`state` is persons × weeks: 0 nothing, k the k-th kind (education, job, active offer ...), one a week by the caller's priority.

    Of spells that did not end nothing is known: of `found.where(found.ended)`, weeks as exit and kind as event are what `incidence` takes.
    """
    after = _after(found, state, observed, horizon)
    kinds = np.where(after > 0, after, 0)
    came = (kinds > 0) & (np.cumsum(after < 0, axis=1) == 0)  # not after a week nobody saw
    ever = came.any(axis=1)
    first = came.argmax(axis=1)
    length = np.where((after < 0).any(axis=1), (after < 0).argmax(axis=1), horizon)
    kind = np.where(ever, kinds[np.arange(len(kinds)), first], 0)
    return Followed(kind.astype(np.int64), np.where(ever, first + 1, length), ever | (length == horizon))


def stack(found: Episodes, state: NDArray[np.integer], kinds: int, observed: Flags | None = None, horizon: int = 26) -> tuple[Floats, Ints]:
    """Share in each state (0, nothing, first) by week after the end, and of how many spells: the picture, not the first event."""
    after = _after(found, state, observed, horizon)
    counted = (after >= 0).sum(axis=0)
    shares = np.array([(after == kind).sum(axis=0) for kind in range(kinds + 1)]) / np.maximum(counted, 1)
    return shares, counted


def _after(found: Episodes, state: NDArray[np.integer], observed: Flags | None, horizon: int) -> Ints:
    """The state in the weeks after each end, -1 where the week or the end was not seen."""
    week = found.end[:, None] + np.arange(horizon)
    place = (found.person[:, None], np.minimum(week, state.shape[1] - 1))
    seen = (week < state.shape[1]) & found.ended[:, None]
    if observed is not None:
        seen &= observed[place]
    return np.where(seen, state[place], -1).astype(np.int64)


def _runs(inside: Flags) -> tuple[Ints, Ints, Ints]:
    padded = np.zeros((inside.shape[0], inside.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = inside
    edge = np.diff(padded, axis=1)
    row, begin = np.nonzero(edge == 1)
    return row, begin, np.nonzero(edge == -1)[1]


def _fill(observed: Flags, gap: int) -> Flags:
    """A hole no longer than a pause, seen on both sides, censors nobody."""
    row, begin, end = _runs(~observed)
    short = (end - begin <= gap) & (begin > 0) & (end < observed.shape[1])
    filled = observed.copy()
    for r, b, e in zip(row[short], begin[short], end[short], strict=True):
        filled[r, b:e] = True
    return filled


def _stretch(seen: Flags, row: Ints, week: Ints) -> tuple[Ints, Ints]:
    """First and one past the last week of the stretch seen without a break that holds the week."""
    count = np.arange(seen.shape[1])
    back = np.maximum.accumulate(np.where(seen, 0, count + 1), axis=1)
    ahead = np.minimum.accumulate(np.where(seen, seen.shape[1], count)[:, ::-1], axis=1)[:, ::-1]
    return back[row, week], ahead[row, week]
