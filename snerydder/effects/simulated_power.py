"""Power where no formula reaches: the whole curve at once, and the lottery's own test. The trial is held again and again with invented people.

Each time n_1 + n_0 persons are made (resampled from a pilot's persons × weeks, or from shares by week whose neighbours are alike), an effect is
given to those with support, and the product's own estimators answer. Monte Carlo error √(p(1-p)/R). For one week decided beforehand it agrees with `power`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from snerydder.effects.bands import maxima
from snerydder.effects.difference import difference
from snerydder.effects.permutation import permutation
from snerydder.effects.power import Design
from snerydder.effects.results import Floats, Refused

BAND_DRAWS = 2_000  # for each trial; their error averages out over the trials
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class People:
    share: Floats  # by week, without support
    draw: Callable[[int, np.random.Generator], Booleans]  # so many persons × weeks


@dataclass(frozen=True)
class Simulated:
    """Shares of the trials, by week."""

    alone: Floats  # significant when the week was decided beforehand
    simultaneous: Floats  # outside the band of the whole curve
    any_week: float  # some week outside that band
    lottery: Floats | None  # the randomisation test of the week alone
    lottery_family: Floats | None  # and of all weeks, max-T stepping down
    trials: int

    @property
    def error(self) -> Floats:
        return np.sqrt(self.alone * (1 - self.alone) / self.trials)


def resampled(pilot: NDArray[np.generic]) -> People:
    """Persons drawn again, whole histories at a time, from an earlier cohort without support."""
    seen = np.asarray(pilot, dtype=bool)
    return People(seen.mean(axis=0), lambda n, dice: seen[dice.integers(0, len(seen), n)])


def from_shares(share: ArrayLike, likeness: float = 0.97) -> People:
    """Yes in week t when a normal variable is below Φ^-1(p_t); neighbouring weeks' variables have correlation `likeness`."""
    wanted = np.asarray(share, dtype=float)

    def draw(n: int, dice: np.random.Generator) -> Booleans:
        hidden = dice.standard_normal((n, len(wanted)))
        for week in range(1, len(wanted)):
            hidden[:, week] = likeness * hidden[:, week - 1] + (1 - likeness**2) ** 0.5 * hidden[:, week]
        return np.asarray(hidden < ndtri(wanted))

    return People(wanted, draw)


def simulated_power(
    design: Design, people: People, effect: ArrayLike, generator: np.random.Generator, trials: int = 1_000, redraws: int = 0
) -> Simulated | Refused:
    """`effect` by week on those who take support up. `redraws` of the lottery for each trial; 0 leaves the randomisation test out."""
    moved = np.broadcast_to(np.asarray(effect, dtype=float) * design.compliance, people.share.shape)
    after = people.share + moved
    if design.clusters or design.r_squared:
        return Refused("Klynger og baggrundsoplysninger indgår ikke i simulationen.", "not-simulated", "Clusters and covariates are not simulated.")
    if not ((after >= 0) & (after <= 1)).all():
        return Refused("Effekten fører andelen uden for 0 til 100 %.", "share", "The effect takes the share outside 0 to 100 %.")
    arms = [n.astype(int) for n in design.arms]
    if min(n.min() for n in arms) < 2:
        return Refused("Der skal være mindst to personer i hver gruppe i hvert stratum.", "too-few", "Each arm needs two persons in each stratum.")
    treated = np.concatenate([np.arange(a + b) < a for a, b in zip(*arms, strict=True)])
    stratum = np.repeat(np.arange(len(arms[0])), arms[0] + arms[1])
    room = np.where(moved > 0, 1 - people.share, people.share)  # who can still be moved
    chance = np.divide(np.abs(moved), room, out=np.zeros(len(room)), where=room > 0)
    limit = float(-ndtri(design.alpha / 2))
    ever, (alone, outside, single, family) = 0, np.zeros((4, len(moved)))
    for _ in range(trials):
        outcome = people.draw(len(treated), generator)
        changed = (generator.random((len(treated), 1)) < chance) & treated[:, None]  # one throw a person: who is helped stays helped
        outcome = np.where(changed, moved > 0, outcome)
        curve = difference(outcome, treated, stratum)
        assert not isinstance(curve, Refused)
        z = np.abs(curve.z)
        alone += z > limit
        drawn = maxima(curve.covariance, generator, BAND_DRAWS) if len(z) > 1 else None
        if not isinstance(drawn, Refused):
            beyond = z > (limit if drawn is None else max(limit, float(np.quantile(drawn, 1 - design.alpha))))
            outside += beyond
            ever += int(beyond.any())
        if redraws:
            tested = permutation(outcome, treated, stratum, _lotteries(treated, stratum, redraws, generator))
            if not isinstance(tested, Refused):
                single += tested.p <= design.alpha
                family += tested.p_family <= design.alpha
    return Simulated(
        alone / trials, outside / trials, ever / trials, single / trials if redraws else None, family / trials if redraws else None, trials
    )


def _lotteries(treated: Booleans, stratum: NDArray[np.int64], redraws: int, generator: np.random.Generator) -> Iterator[Booleans]:
    """The number drawn in each stratum is kept."""
    drawn = np.zeros((redraws, len(treated)), dtype=bool)
    for label in np.unique(stratum):
        rows = np.flatnonzero(stratum == label)
        chosen = np.argpartition(generator.random((redraws, len(rows))), int(treated[rows].sum()), axis=1)[:, : int(treated[rows].sum())]
        drawn[np.arange(redraws)[:, None], rows[chosen]] = True
    yield drawn
