"""Looking before the end: what was known of each outcome in each week of the calendar, with an interval that holds however often one looks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from snerydder.effects import sequences
from snerydder.effects.results import Floats, Refused
from snerydder.effects.sequences import Sequence
from snerydder.registers import outcomes
from snerydder.study.data import Data
from snerydder.study.protocol import Outcome

ONE_BY_ONE = Refused(
    "Der blev trukket lod om klynger, og intervallet undervejs er lavet til personer.", "not-this-lottery",
    "Clusters were drawn, and the interval on the way is made for persons.",
)  # fmt: skip


NOBODY = Refused("Udfaldet er ikke kendt for nogen endnu.", "nobody-yet", "The outcome is not known for anybody yet.")


@dataclass(frozen=True)
class Looks:
    """One row for each week of the calendar in which somebody's outcome became known."""

    outcome: str
    week: int  # since the draw
    calendar: NDArray[np.int64]
    persons: NDArray[np.int64]  # known by then
    estimate: Floats
    lower: Floats  # asymptotic
    upper: Floats
    exact_lower: Floats
    exact_upper: Floats
    counts: NDArray[np.int64]  # rows × (control no, control yes, treated no, treated yes), known by then

    @property
    def decided(self) -> int | None:
        """The first row that leaves zero out."""
        return _first((self.lower > 0) | (self.upper < 0))

    @property
    def decided_exactly(self) -> int | None:
        return _first((self.exact_lower > 0) | (self.exact_upper < 0))


def _first(outside: NDArray[np.bool_]) -> int | None:
    found = np.flatnonzero(outside)
    return int(found[0]) if found.size else None


def read(data: Data) -> tuple[Looks | Refused, ...]:
    if not data.protocol.looks:
        return ()
    return tuple(ONE_BY_ONE if data.cluster is not None else _one(data, one) for one in data.protocol.outcomes)


def watch(data: Data) -> tuple[Looks | Refused, ...]:
    """The same of a trial that still runs. Where the interval is to be sharpest must have been said before: chosen as the numbers come it would not
    hold, so a protocol that does not say gets the one that needs no such number."""
    stated = bool(data.protocol.looks and data.protocol.looks["sharpest"])
    return tuple(ONE_BY_ONE if data.cluster is not None else _one(data, one, only_exact=not stated) for one in data.protocol.outcomes)


def _one(data: Data, one: Outcome, only_exact: bool = False) -> Looks | Refused:
    """Persons in the order their outcome became known; within a week as the file has them."""
    module = outcomes.find(one.name)
    assert module is not None, "the protocol has been read"
    values, chance = module.weekly(data.seen)[:, one.week].astype(float), chances(data)
    order = np.argsort(data.start, kind="stable")
    order = order[data.observed[order, one.week]]
    y, arm, p, stratum = values[order], data.treated[order], chance[order], data.stratum[order]
    if not len(y):
        return NOBODY
    found = sequences.sequence(y, arm, p, data.protocol.alpha, stratum, (data.protocol.looks or {}).get("sharpest") or None)
    exact = sequences.exact_sequence(y, arm, p, data.protocol.alpha)
    if isinstance(found, Refused):
        return found
    if isinstance(exact, Refused):
        return exact
    if only_exact:
        found = replace(found, lower=exact.lower, upper=exact.upper)
    known = data.start[order] + one.week
    cells = np.cumsum(np.eye(4, dtype=np.int64)[2 * arm + y.astype(np.int64)], axis=0)
    last = np.flatnonzero(np.diff(known, append=known[-1] + 1))  # of each calendar week
    return Looks(one.name, one.week, known[last], last + 1, found.estimate[last], *_ends(found, last), *_ends(exact, last), cells[last])


def _ends(found: Sequence, at: NDArray[np.int64]) -> tuple[Floats, Floats]:
    return found.lower[at], found.upper[at]


def chances(data: Data) -> Floats:
    """What the file says each had; where it does not say, the share drawn in the stratum, which is the chance when so many were to be drawn."""
    if data.share is not None:
        return np.asarray(data.share, dtype=float)
    drawn, all_ = np.bincount(data.stratum, data.treated), np.bincount(data.stratum)
    return np.asarray((drawn / np.maximum(all_, 1))[data.stratum])
