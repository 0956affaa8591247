"""A comparison where no lots were drawn, from one common day or in time: the verdict on how far to trust it comes first, and takes the numbers away when a check fails."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snerydder.effects import bands
from snerydder.effects.bands import Band
from snerydder.effects.difference import shares
from snerydder.effects.observed import Comparison, compare
from snerydder.effects.observed.comparison import MAIN
from snerydder.effects.results import Curve, Floats, Refused
from snerydder.lottery import draw
from snerydder.registers import outcomes
from snerydder.registers.faults import BadInput
from snerydder.registers.quality import Row
from snerydder.study.data import Data
from snerydder.study.estimating import named_covariates, number
from snerydder.study.findings import Number
from snerydder.study.in_time import InTime, rollout, starts
from snerydder.study.keys import IN_TIME
from snerydder.study.progress import Progress
from snerydder.study.protocol import Outcome, Protocol

YEAR = 52


@dataclass(frozen=True)
class OutcomeCompared:
    name: str
    short: str
    short_en: str
    week: int
    found: Comparison | InTime | Refused
    band: Band | None
    methods: tuple[tuple[str, Number | Refused], ...]  # at the headline week
    started: Floats  # how it went for each group, week by week, as they stand; none where each began on a day of its own, for who began had waited so long
    others: Floats
    yes: tuple[NDArray[Any], NDArray[Any]]  # persons in the outcome by week: those who did not start, those who did

    @property
    def curve(self) -> Curve | None:
        if isinstance(self.found, Refused):
            return None
        main = self.found.curve if isinstance(self.found, InTime) else self.found.estimates[MAIN]
        return main if isinstance(main, Curve) else None

    @property
    def weeks(self) -> list[int]:
        """Since the start, of each column of the curve."""
        step = self.found.step if isinstance(self.found, InTime) else 1
        return [] if self.curve is None else [step * at for at in range(len(self.curve.effect))]

    @property
    def place(self) -> int:
        """The column the headline speaks of: the last that has begun by its week."""
        return max(at for at, week in enumerate(self.weeks) if week <= self.week)


@dataclass(frozen=True)
class Compared:
    started: int
    compared: int
    before: int  # weeks before the start that the comparison is tried on
    names: tuple[str, ...]  # of the covariates
    left_out: tuple[str, ...]  # history that overlaps those weeks
    outcomes: tuple[OutcomeCompared, ...]
    quality: tuple[Row, ...]


def steps(protocol: Protocol) -> int:
    return 5 * len(protocol.outcomes)


def run(data: Data, progress: Progress) -> Compared:
    weeks = data.protocol.before
    tried = {one.name for one in data.protocol.background if data.protocol.design != "roll-out" and one.history and not one.only_subgroups and (one.year - 1) * YEAR < weeks}  # what the comparison is tried on cannot also be what it is made alike by
    names, matrix = named_covariates(data, tried)
    if data.protocol.design != "roll-out" and not names:
        raise BadInput(
            data.protocol.file, "Baggrunden er den samme for alle, så grupperne kan ikke gøres ens på noget.", "afsnit [[background]]", "det, der kan have afgjort, hvem der begyndte",
            "Skriv en baggrund, hvor personerne er forskellige, og som ligger før de uger, sammenligningen prøves på.",
        )  # fmt: skip
    before = replace(data.seen, start=data.seen.start - weeks, weeks=weeks)
    found = []
    for one in data.protocol.outcomes:
        progress.stage("sammenligner uden lodtrækning")
        if data.protocol.design in IN_TIME:
            found.append(_in_time(data, one, matrix))
            progress.step(5)
            continue
        module = outcomes.find(one.name)
        assert module is not None, "the protocol has been read"
        values, past = module.weekly(data.seen) & data.observed, module.weekly(before)
        chance = draw.generator(data.protocol.seed, f"compare {one.name}")
        told = compare(np.where(data.observed, values, np.nan), data.treated, matrix, np.where(before.covered(), past, np.nan), data.protocol.alpha, chance)  # not seen is not no
        found.append(
            OutcomeCompared(
                one.name, module.SHORT, module.SHORT_EN, one.week, told, _band(data, None if isinstance(told, Refused) else told.estimates[MAIN]), _methods(data, told, one.week), *shares(values, data.treated, data.observed)[:2],
                (values[~data.treated].sum(axis=0), values[data.treated].sum(axis=0)),
            )
        )  # fmt: skip
        progress.step(5)
    return Compared(int(data.treated.sum()), int((~data.treated).sum()), weeks, names, tuple(sorted(tried)), tuple(found), data.quality.rows)


def _in_time(data: Data, one: Outcome, matrix: Floats) -> OutcomeCompared:
    module = outcomes.find(one.name)
    assert module is not None, "the protocol has been read"
    told = starts(data, one, matrix) if data.protocol.design == "starts" else rollout(data, one)
    made = OutcomeCompared(one.name, module.SHORT, module.SHORT_EN, one.week, told, _band(data, None if isinstance(told, Refused) else told.curve), (), np.zeros(0), np.zeros(0), (np.zeros(0), np.zeros(0)))
    if made.curve is None or not isinstance(told, InTime):
        return made
    ways: list[tuple[str, Number | Refused]] = [("starts" if told.overall is None else "dynamic", number(made.curve, made.place, data.protocol.alpha))]
    if told.overall is not None:
        ways.append(("overall", told.overall if isinstance(told.overall, Refused) else number(told.overall, 0, data.protocol.alpha)))
    return replace(made, methods=tuple(ways))


def _band(data: Data, curve: Curve | Refused | None) -> Band | None:
    if not isinstance(curve, Curve):
        return None
    maxima = bands.maxima(curve.covariance, draw.generator(data.protocol.seed, "band"), df=curve.df)
    return None if isinstance(maxima, Refused) else bands.band(curve, 1 - data.protocol.alpha, maxima)


def _methods(data: Data, told: Comparison | Refused, week: int) -> tuple[tuple[str, Number | Refused], ...]:
    if isinstance(told, Refused):
        return ()
    return tuple((name, one if isinstance(one, Refused) else number(one, week, data.protocol.alpha)) for name, one in told.estimates.items())


def plain(found: Compared) -> list[dict[str, object]]:
    """One row per outcome, week and number that may be shown."""
    rows: list[dict[str, object]] = []
    for one in found.outcomes:
        if one.curve is None or one.band is None:
            continue
        for at, week in enumerate(one.weeks):
            rows.append(
                {
                    "outcome": one.name, "week": week, "effect": float(one.curve.effect[at]), "error": float(one.curve.error[at]), "lower": float(one.band.lower[at]),
                    "upper": float(one.band.upper[at]), "lower_all": float(one.band.simultaneous_lower[at]), "upper_all": float(one.band.simultaneous_upper[at]),
                }
            )  # fmt: skip
    return rows


def described(found: Compared) -> list[dict[str, object]]:
    """How it went for each group: a description, which may always be shown."""
    return [
        {"outcome": one.name, "week": week, "share_others": float(other), "share_started": float(started)}
        for one in found.outcomes
        for week, (started, other) in enumerate(zip(one.started, one.others, strict=True))
    ]


def shown(found: Compared) -> bool:
    return any(one.curve is not None for one in found.outcomes)


def largest(values: np.ndarray) -> float:  # type: ignore[type-arg]
    return float(np.abs(values).max()) if len(values) else 0.0
