"""No lots, and each person (or each municipality) began on a day of its own: those who begin in a week beside those who have not yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.observed import compare_rollout, compare_starts
from snerydder.effects.observed.checks import Check, Placebo
from snerydder.effects.observed.starts import NEVER
from snerydder.effects.observed.verdict import Trust
from snerydder.effects.results import Curve, Floats, Refused
from snerydder.lottery import draw
from snerydder.registers import outcomes
from snerydder.registers.faults import BadInput
from snerydder.study.data import Data
from snerydder.study.protocol import Outcome


@dataclass(frozen=True)
class InTime:
    trust: Trust
    checks: tuple[Check, ...]
    curve: Curve | Refused  # from the start and on, a column for each `step` weeks
    overall: Curve | Refused | None  # roll-out: all periods from the start as one number
    without: Floats | Refused | None  # starts: what the starters would have had
    placebo: Placebo | Refused
    step: int
    began: int  # persons whose beginning is compared with somebody's waiting
    left_out: int
    groups: int  # weeks of waiting in which somebody began; or municipalities


def starts(data: Data, one: Outcome, covariates: Floats) -> InTime | Refused:
    """Weeks of waiting count from the first day; a person may start while on benefit, alive and in the country."""
    protocol = data.protocol
    before, horizon, waiting = protocol.before, protocol.weeks, protocol.waiting
    grid = replace(data.seen, start=data.start - before, weeks=before + waiting + horizon)
    _covered(data, grid.covered(), f"{before} uger før til {waiting + horizon} uger efter den dag, hver følges fra")
    waits = grid.marked("on_transfer") & ~grid.marked("education") & ~grid.marked("dead") & ~grid.marked("abroad")
    assert data.begin is not None, "the protocol says when each began"
    start = np.where(data.begin == NEVER, NEVER, data.begin + before)
    chance = draw.generator(protocol.seed, f"starts {one.name}")
    found = compare_starts(_module(one.name).weekly(grid), start, covariates, horizon, before, protocol.alpha, chance, waits)
    if isinstance(found, Refused):
        return found
    counts = found.found.starters
    return InTime(found.trust, found.checks, found.estimate, None, found.control, found.placebo, 1, int(counts.sum()), found.found.left_out, int((counts > 0).sum()))


def rollout(data: Data, one: Outcome) -> InTime | Refused:
    """Periods of the calendar from the common first week; a period's outcome is the share of its weeks."""
    protocol, periods = data.protocol, data.protocol.weeks // data.protocol.period
    whole = periods * protocol.period
    grid = replace(data.seen, weeks=whole)
    _covered(data, grid.covered(), f"alle {whole} uger fra den første")
    y = _module(one.name).weekly(grid).reshape(len(data.start), periods, protocol.period).mean(axis=2)
    assert data.begin is not None and data.cluster is not None, "the protocol says what began and when"
    first = np.where(data.begin == NEVER, NEVER, data.begin // protocol.period)
    first = np.where(first >= periods, NEVER, first)  # after the last period seen
    found = compare_rollout(y, first, data.cluster, protocol.alpha, draw.generator(protocol.seed, f"roll-out {one.name}"))
    if isinstance(found, Refused):
        return found
    after = np.flatnonzero(found.times >= 0)
    curve = found.dynamic if isinstance(found.dynamic, Refused) else found.dynamic.combine(np.eye(len(found.times))[:, after])
    counted = int(np.isin(first, np.unique(found.found.cohort)).sum())
    return InTime(found.trust, found.checks, curve, found.simple, None, found.placebo, protocol.period, counted, found.found.left_out, len(np.unique(data.cluster)))


def _covered(data: Data, covered: NDArray[np.bool_], expected: str) -> None:
    if not covered.all():
        row = int(np.flatnonzero(~covered.all(axis=1))[0])
        file = data.protocol.path(data.protocol.register)
        raise BadInput(file, f"Registret dækker ikke alle uger for {int((~covered.all(axis=1)).sum())} personer, den første i følgelistens række {row + 2}.", "kolonnerne y_åauu", expected, "Hent et længere udtræk, eller sæt before, waiting eller last lavere.")


def _module(name: str) -> ModuleType:
    module = outcomes.find(name)
    assert module is not None, "the protocol has been read"
    return module
