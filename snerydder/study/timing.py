"""How soon: the weeks from the draw until the first week in each outcome, and until the benefit stops. The lottery protects both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snerydder.effects import hazards, incidence, spells, survival
from snerydder.effects.results import Curve, Floats, Refused
from snerydder.effects.survival import Survival
from snerydder.study import redrawn
from snerydder.study.data import Data

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Reached:
    """Aalen-Johansen: what came first, by arm, and the difference between them for each kind."""

    names: tuple[str, ...]  # of the outcomes, in the protocol's order
    weeks: Floats
    treated: tuple[Floats, ...]
    control: tuple[Floats, ...]
    difference: tuple[Curve, ...]
    earlier: Curve  # weeks fewer without either, restricted to the window: control less treated
    p: float | None  # log-rank, the lottery drawn again: any of them sooner?


@dataclass(frozen=True)
class Benefit:
    """Kaplan-Meier: still on benefit since the draw. A pause of up to the gap does not end it."""

    treated: Survival
    control: Survival
    persons: int
    gap: int
    until: int
    restricted: Curve  # weeks more on benefit with support, out of the first `until`
    p: float | None  # log-rank, the lottery drawn again


OWN_CHANCES = Refused(
    "Hver person havde sin egen chance, og kurverne over tid går ud fra én chance i hvert stratum.", "not-this-lottery",
    "Each person had a chance of their own, and the curves over time take one chance in each stratum for granted.",
)  # fmt: skip


def reached(data: Data, weekly: dict[str, Flags]) -> Reached | Refused:
    """The first week in any of the protocol's outcomes. A person is followed until the first week that was not seen."""
    if data.probability is not None:
        return OWN_CHANCES
    names = tuple(one.name for one in data.protocol.outcomes)
    weeks = data.protocol.weeks
    first = np.stack([_first(weekly[name] & data.observed) for name in names])
    seen = np.where(data.observed.all(axis=1), weeks, (~data.observed).argmax(axis=1))
    at = first.min(axis=0)
    kind = np.where(at < seen, first.argmin(axis=0) + 1, 0)
    out = np.where(kind > 0, at + 1, seen)
    rows = np.flatnonzero(out > 0)
    times, kinds = np.arange(1.0, weeks + 1), int(kind.max(initial=0))
    if kinds < len(names):
        return Refused("Ikke alle udfald er nået af nogen, så der er ingen kurve over, hvad der kom først.", "no-events", "Not every outcome was reached by anybody.")
    arms = []
    for arm in (data.treated, ~data.treated):
        mine = rows[arm[rows]]
        found = incidence.incidence(out[mine], kind[mine], times, kinds=kinds)
        if isinstance(found, Refused):
            return found
        arms.append(tuple(curve.effect for curve in found.curves))
    gaps = [incidence.incidence_difference(out[rows], kind[rows], data.treated[rows], times, number, stratum=data.stratum[rows], cluster=_lots(data, rows)) for number in range(kinds + 1)]
    if refused := next((gap for gap in gaps if isinstance(gap, Refused)), None):
        return refused
    inside, *difference = [gap for gap in gaps if isinstance(gap, Curve)]
    score = _scores(data, rows, out[rows], kind[rows] > 0)
    return Reached(names, times, arms[0], arms[1], tuple(difference), inside.combine(-np.ones(weeks)), redrawn.sooner(data, score))


def benefit(data: Data, gap: int = spells.GAP) -> Benefit | Refused:
    if data.probability is not None:
        return OWN_CHANCES
    on = data.seen.marked("on_transfer") & ~data.seen.marked("education")
    found = spells.episodes(on, data.observed, gap, np.zeros(len(on), dtype=np.int64))  # the draw is the beginning
    first = found.where((found.begin <= gap) & found.usable).first()
    if len(first.person) < 2 * 20:
        return Refused("For få var på ydelse ved lodtrækningen til en kurve.", "too-few", "Too few were on benefit at the draw for a curve.")
    arm, until = data.treated[first.person], data.protocol.weeks - gap - 1
    lots = _lots(data, first.person)
    curves = [
        survival.kaplan_meier(first.exit[rows], first.ended[rows], level=1 - data.protocol.alpha, cluster=None if lots is None else lots[rows])
        for rows in (arm, ~arm)
    ]
    restricted = survival.restricted_mean_difference(first.exit, first.ended, arm, float(until), stratum=data.stratum[first.person], cluster=lots)
    treated, control = curves
    if isinstance(treated, Refused):
        return treated
    if isinstance(control, Refused):
        return control
    if isinstance(restricted, Refused):
        return restricted
    p = redrawn.sooner(data, _scores(data, first.person, first.exit, first.ended))
    return Benefit(treated, control, len(first.person), gap, until, restricted, p)


def _lots(data: Data, rows: NDArray[np.int64]) -> NDArray[np.int64] | None:
    return None if data.cluster is None else data.cluster[rows]


def _scores(data: Data, rows: NDArray[np.int64], out: NDArray[np.int64], ended: Flags) -> Floats:
    """Of everybody drawn: nought for those who are not followed."""
    found = np.zeros(len(data.treated))
    each = hazards.scores(out, ended, stratum=data.stratum[rows])
    assert not isinstance(each, Refused), "all are followed for a week at least"
    found[rows] = each
    return found


def _first(inside: Flags) -> NDArray[np.int64]:
    """The first week inside; beyond every window when there is none."""
    found: NDArray[np.int64] = np.where(inside.any(axis=1), inside.argmax(axis=1), 10**6)
    return found
