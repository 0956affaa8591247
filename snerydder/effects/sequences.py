"""Look at the trial as often as you like: an interval that holds at every number of persons at once, not only at the last.

Persons in the order their outcome became known; each gives one term whose mean is the effect (the lottery's chance p_i is known):
f_i = m_1 - m_0 + Z(y - m_1)/p - (1-Z)(y - m_0)/(1-p),  m the arm's mean in the stratum among those before (Robins, Rotnitzky & Zhao 1994)
`sequence`: mean of f ± σ̂ √(2(nρ²+1)/(n²ρ²) · ln(√(nρ²+1)/α)), ρ² = (-2 ln α + ln(1 - 2 ln α))/`sharpest`: asymptotic, as narrow as can be
near `sharpest` persons (Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, theorem 2.2 and appendix on ρ).
`exact_sequence`: outcomes between 0 and 1, terms with m = 0 put on [0, 1]; (Σλx ± [ln(2/α) + Σ v ψ(λ)])/Σλ, v_i = 4(x_i - μ̂_{i-1})²,
ψ(λ) = (-ln(1-λ) - λ)/4, λ_i = min(½, √(2 ln(2/α)/(σ̂²_{i-1} i ln(1+i)))): holds at any number, and is wider (Waudby-Smith & Ramdas 2024).
Both are for chances drawn person by person; where the number drawn is fixed the terms vary less, as a rule, and they are on the safe side.
One number a person in; the interval, in the outcome's unit, after each. Refused: 50 persons or fewer, a certain lot, outcomes outside 0 and 1 (the exact one).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.given import checked
from snerydder.effects.results import Floats, Refused

FIRST = 50  # before so many an asymptotic interval says nothing


@dataclass(frozen=True)
class Sequence:
    """After each person, in the order given."""

    estimate: Floats
    lower: Floats  # -inf where nothing can be said yet
    upper: Floats
    level: float

    @property
    def decided(self) -> int | None:
        """After how many persons zero was left out for the first time."""
        outside = np.flatnonzero((self.lower > 0) | (self.upper < 0))
        return int(outside[0]) + 1 if len(outside) else None


@checked
def sequence(
    outcome: Floats,
    treated: NDArray[np.bool_],
    probability: Floats,
    alpha: float,
    stratum: NDArray[np.int64] | None = None,
    sharpest: int | None = None,
) -> Sequence | Refused:
    n = len(outcome)
    if n <= FIRST:
        return Refused(f"Der skal være flere end {FIRST} personer.", "too-few", f"More than {FIRST} persons are needed.")
    refused = _unusable(probability)
    if refused:
        return refused
    strata = np.zeros(n, dtype=np.int64) if stratum is None else np.unique(stratum, return_inverse=True)[1].ravel()
    y = np.asarray(outcome, dtype=float)
    one, zero = _means_before(y, treated, strata), _means_before(y, ~treated, strata)
    term = one - zero + np.where(treated, (y - one) / probability, -(y - zero) / (1 - probability))
    count = np.arange(1, n + 1)
    mean = np.cumsum(term) / count
    spread = np.sqrt(np.maximum(np.cumsum(term**2) / count - mean**2, 0.0))
    best = n if sharpest is None else sharpest
    rho = (-2 * np.log(alpha) + np.log(1 - 2 * np.log(alpha))) / best  # ρ²
    reach = spread * np.sqrt(2 * (count * rho + 1) / (count**2 * rho) * np.log(np.sqrt(count * rho + 1) / alpha))
    reach[:FIRST] = np.inf
    return Sequence(mean, mean - reach, mean + reach, 1 - alpha)


@checked
def exact_sequence(outcome: Floats, treated: NDArray[np.bool_], probability: Floats, alpha: float) -> Sequence | Refused:
    y = np.asarray(outcome, dtype=float)
    refused = _unusable(probability)
    if refused:
        return refused
    if ((y < 0) | (y > 1)).any():
        return Refused("Udfaldet skal ligge mellem 0 og 1, f.eks. ja/nej.", "range", "The outcome must lie between 0 and 1.")
    low, high = -1 / (1 - probability.max()), 1 / probability.min()
    x = (np.where(treated, y / probability, -y / (1 - probability)) - low) / (high - low)
    count = np.arange(1, len(x) + 1)
    mean = (0.5 + np.cumsum(x)) / (count + 1)
    spread = (0.25 + np.cumsum((x - mean) ** 2)) / (count + 1)
    before, spread_before = np.append(0.5, mean[:-1]), np.append(0.25, spread[:-1])
    bet = np.minimum(0.5, np.sqrt(2 * np.log(2 / alpha) / (spread_before * count * np.log1p(count))))
    bets = np.cumsum(bet)
    centre = np.cumsum(bet * x) / bets
    reach = (np.log(2 / alpha) + np.cumsum((x - before) ** 2 * (-np.log1p(-bet) - bet))) / bets
    lower, upper = np.maximum.accumulate(np.maximum(centre - reach, 0.0)), np.minimum.accumulate(np.minimum(centre + reach, 1.0))
    return Sequence(low + centre * (high - low), low + lower * (high - low), low + upper * (high - low), 1 - alpha)


def _unusable(probability: Floats) -> Refused | None:
    if ((probability > 0) & (probability < 1)).all():
        return None
    return Refused("Nogle kunne kun trækkes til den ene gruppe.", "certain", "Some could only be drawn to one arm.")


def _means_before(y: Floats, arm: NDArray[np.bool_], strata: NDArray[np.int64]) -> Floats:
    """The arm's mean in each person's stratum among those before; the arm's mean over all strata until there is one, and 0 at first."""
    found = _running(y, arm)
    for label in range(int(strata.max()) + 1):
        rows = np.flatnonzero(strata == label)
        known = np.cumsum(arm[rows]) - arm[rows] > 0
        found[rows] = np.where(known, _running(y[rows], arm[rows]), found[rows])
    return found


def _running(y: Floats, arm: NDArray[np.bool_]) -> Floats:
    taken, ones = np.where(arm, y, 0.0), arm.astype(float)
    return np.asarray((np.cumsum(taken) - taken) / np.maximum(np.cumsum(ones) - ones, 1), dtype=np.float64)
