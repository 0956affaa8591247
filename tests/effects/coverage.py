"""Do the claims hold at 95 %? One trial after another, invented from a law whose truth is known, and every estimator asked each time.

    python -m tests.effects.coverage --trials 4000

Thirteen strata of unlike size, share and level; draws through an autumn of 2020, a year of 53 weeks; 57 weeks that hang together within a person; a rare
outcome (one to seven in a hundred) with a school year in it; 5 % lost from sight along the way; receipt by seven in ten of those drawn and three in a
hundred of the rest. The persons are new in each trial, so a band at 95 % shall cover 95 times in a hundred, and not more often.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from snerydder.effects import bands, complier, permutation, regression
from snerydder.effects.difference import difference
from snerydder.effects.results import Curve, Refused
from snerydder.lottery.draw import Scheme
from snerydder.registers import weeks

LEVEL, DRAWS, REDRAWS = 0.95, 10_000, 499
WEEKS, HEADLINE, RARE = 57, 52, 1
SIZE = np.array([44, 60, 80, 96, 110, 130, 150, 170, 190, 210, 240, 270, 310])
SHARE = np.linspace(0.4, 0.6, 13)[np.array([6, 1, 9, 4, 12, 0, 7, 3, 10, 5, 8, 2, 11])]
LEVELS = np.linspace(0.7, 1.3, 13)[np.array([3, 8, 0, 11, 5, 2, 12, 7, 1, 10, 4, 9, 6])]
TAKES, ALWAYS, LOST = 0.70, 0.03, 0.05
HOLDS = 0.97  # how much of a person's state goes on from week to week


@dataclass(frozen=True)
class Law:
    """What is the same in every trial: who belongs where, when each was drawn, and each person's chances week by week."""

    stratum: NDArray[np.int64]
    start: NDArray[np.int64]
    base: NDArray[np.float64]  # persons × weeks: chance of yes without a mentor
    lift: NDArray[np.float64]  # what a mentor adds for those who receive one
    treated: NDArray[np.int64]  # how many are drawn in each stratum

    @property
    def effect(self) -> NDArray[np.float64]:
        """Of the draw: strata by size, which is everybody alike."""
        return (TAKES * self.lift).mean(axis=0)

    @property
    def effect_of_receiving(self) -> NDArray[np.float64]:
        """As two stages with a dummy for each stratum weigh them: n_s p_s (1-p_s)."""
        share = self.treated / np.bincount(self.stratum)
        weight = (share * (1 - share))[self.stratum]
        return np.asarray(weight @ self.lift / weight.sum())


def law(lift: float = 0.05) -> Law:
    stratum = np.repeat(np.arange(13), SIZE)
    first = weeks.from_iso(2020, 34)
    start = first + np.random.default_rng(7).integers(0, 14, len(stratum))
    began = np.array([[_months_of_school(weeks.monday(int(s)) + timedelta(weeks=t)) for t in range(WEEKS)] for s in range(first, first + 14)])
    since, school = np.arange(WEEKS) / (WEEKS - 1), began[start - first]
    base = LEVELS[stratum][:, None] * (0.010 + 0.035 * since + 0.012 * school)
    here = np.linspace(0.4, 1.6, 13)[stratum][:, None] * np.clip(since - 0.1, 0, None) / 0.9
    return Law(stratum, start, base, lift * here, np.rint(SIZE * SHARE).astype(np.int64))


def _months_of_school(day: date) -> float:
    """1 while a school year is young, by the calendar and not by counting weeks."""
    august = date(day.year if day.month >= 8 else day.year - 1, 8, 1)
    return 1.0 if (day - august).days < 120 else 0.0


@dataclass(frozen=True)
class Trial:
    y: NDArray[np.bool_]
    seen: NDArray[np.bool_]
    received: NDArray[np.bool_]
    treated: NDArray[np.bool_]
    x: NDArray[np.float64]


def trial(known: Law, dice: np.random.Generator) -> Trial:
    """Persons anew, and the lottery. A person's state is normal in every week, so the chances are exact; the register is read by calendar week."""
    n, first = len(known.stratum), int(known.start.min())
    columns = int(known.start.max()) - first + WEEKS
    state = np.empty((n, columns))
    state[:, 0] = dice.normal(size=n)
    for at in range(1, columns):
        state[:, at] = HOLDS * state[:, at - 1] + math.sqrt(1 - HOLDS**2) * dice.normal(size=n)
    mine = np.take_along_axis(state, (known.start - first)[:, None] + np.arange(WEEKS), axis=1)
    treated = np.zeros(n, dtype=bool)
    for s, count in enumerate(known.treated):
        treated[dice.permutation(np.flatnonzero(known.stratum == s))[:count]] = True
    kind = dice.random(n)
    received = (kind < ALWAYS) | (treated & (kind < ALWAYS + TAKES))
    y = mine < ndtri(known.base + known.lift * received[:, None])
    gone = np.where(dice.random(n) < LOST, dice.choice([13, 26, 39], n), WEEKS)  # when a delivery of the register no longer has them
    seen = np.arange(WEEKS) < gone[:, None]
    x = np.column_stack([0.6 * state[:, 0] + 0.8 * dice.normal(size=n), dice.random(n) < 0.45, dice.normal(24, 3, n)])
    return Trial(y, seen, received, treated, x)


def covered(curve: Curve, truth: NDArray[np.float64], dice: np.random.Generator) -> tuple[NDArray[np.bool_], bool]:
    """Each week alone, and the whole curve."""
    drawn = bands.maxima(curve.covariance, dice, DRAWS)
    assert not isinstance(drawn, Refused)
    band = bands.band(curve, LEVEL, drawn)
    alone = (band.lower <= truth) & (truth <= band.upper)
    return alone, bool(((band.simultaneous_lower <= truth) & (truth <= band.simultaneous_upper)).all())


def run(trials: int, seed: int) -> dict[str, float]:
    """Counts and sums, so that pieces can be added up."""
    works, nothing, dice = law(), law(0.0), np.random.default_rng(seed)
    tally: dict[str, float] = {"trials": trials}
    sums, squares = np.zeros(WEEKS), np.zeros(WEEKS)

    def add(name: str, value: float) -> None:
        tally[name] = tally.get(name, 0.0) + float(value)

    for _ in range(trials):
        t = trial(works, dice)
        plain = difference(t.y, t.treated, works.stratum, t.seen)
        adjusted = regression.regression(t.y, t.treated, works.stratum, t.x, "HC2", lin=True, observed=t.seen)
        late = complier.complier(t.y, t.received, t.treated, works.stratum, 1 - LEVEL, observed=t.seen)
        assert isinstance(plain, Curve) and isinstance(adjusted, Curve) and isinstance(late, complier.Complier)
        for name, curve, truth in (("difference", plain, works.effect), ("adjusted", adjusted, works.effect), ("receipt", late.curve, works.effect_of_receiving)):
            alone, whole = covered(curve, truth, dice)
            add(f"{name}: a week alone", alone.mean())
            add(f"{name}: week {RARE}", alone[RARE])
            add(f"{name}: week {HEADLINE}", alone[HEADLINE])
            add(f"{name}: whole curve", whole)
        add("Anderson-Rubin: a week alone", np.mean([any(low <= value <= high for low, high in part) for part, value in zip(late.anderson_rubin, works.effect_of_receiving, strict=True)]))
        sums, squares = sums + plain.effect, squares + plain.effect**2
        t = trial(nothing, dice)
        lots = Scheme.fixed(t.treated, nothing.stratum).redraws(REDRAWS, dice)
        tested = permutation.permutation(t.y & t.seen, t.treated, nothing.stratum, lots)
        assert not isinstance(tested, Refused)
        add(f"redrawn, no effect: week {RARE}", tested.p[RARE] <= 1 - LEVEL)
        add(f"redrawn, no effect: week {HEADLINE}", tested.p[HEADLINE] <= 1 - LEVEL)
        add("redrawn, no effect: any week of the family", tested.p_family.min() <= 1 - LEVEL)
    mean, spread = sums / trials, np.sqrt(np.maximum(squares / trials - (sums / trials) ** 2, 0))
    tally["largest bias in errors, summed"] = float(np.max(np.abs(mean - works.effect) / spread)) * trials
    return tally


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--trials", type=int, default=4000)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--to", type=Path, help="adds the counts to this file, so that the long form can be run in pieces with a seed each")
    asked = reader.parse_args()
    found = run(asked.trials, asked.seed)
    if asked.to:
        before = json.loads(asked.to.read_text()) if asked.to.exists() else {}
        found = {name: before.get(name, 0.0) + value for name, value in found.items()}
        asked.to.write_text(json.dumps(found, indent=1))
    trials = found.pop("trials")
    print(f"{trials:.0f} trials of {SIZE.sum()} persons")
    for name, count in found.items():
        share = count / trials
        told = f"{share:.4f}  ± {math.sqrt(max(share * (1 - share), 0) / trials):.4f}" if share <= 1 and "bias" not in name else f"{share:.4f}"
        print(f"{name.removesuffix(', summed'):45} {told}")


if __name__ == "__main__":
    main()
