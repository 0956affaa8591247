"""Municipalities that begin at different times: each cohort against those not yet begun, then averaged (Callaway & Sant'Anna 2021).

ATT(g,t) = E[Y_t - Y_{g-1} | G = g] - E[Y_t - Y_{g-1} | C],  C: never begun, or not yet by max(t, g-1)
Base is g-1 in every period (universal), so the periods before show whether the cohorts went together. No covariates.
With n_g persons: dynamic θ(e) = Σ_g n_g ATT(g,g+e)/Σ_g n_g; group θ(g) = mean over t ≥ g; simple = Σ_{t≥g} n_g ATT(g,t)/Σ n_g. The cohorts' shares are
estimated, and so in psi. Two-way fixed effects instead use the already begun as controls and can give the wrong sign (Goodman-Bacon 2021).
psi is by cluster (what began: the municipality), each side scaled by √(m/(m-1)) for its m clusters: Neyman's variance when a cluster is one unit. With
`cluster` the limits are Welch's t: with V_g the part of the variance from the m_g clusters that began together, df = (Σ V_g)²/Σ V_g²/(m_g-1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.given import checked
from snerydder.effects.observed.starts import NEVER
from snerydder.effects.results import Curve, Floats, Refused, sum_by

Controls = Literal["not-yet", "never"]


@dataclass(frozen=True)
class Staggered:
    cells: Curve  # one effect per cohort and period
    cohort: NDArray[np.int64]  # of each cell: its first period with the offer
    period: NDArray[np.int64]  # of each cell
    cohort_of: NDArray[np.int64]  # clusters
    size: Floats  # clusters: units
    left_out: int  # units already begun in the first period: no time before to compare with

    def dynamic(self) -> tuple[NDArray[np.int64], Curve]:
        """By periods since the start; -1 is the base and zero by construction, so it is not among them."""
        event = self.period - self.cohort
        times = np.unique(event[event != -1])
        return times, self._mean([event == time for time in times])

    def group(self) -> tuple[NDArray[np.int64], Curve]:
        """By cohort, over the periods from its start."""
        cohorts = np.unique(self.cohort)
        return cohorts, self._mean([(self.cohort == g) & (self.period >= g) for g in cohorts])

    def simple(self) -> Curve:
        """One number: every cohort and period from the start, by the cohort's size."""
        return self._mean([self.period >= self.cohort])

    def _mean(self, chosen: list[NDArray[np.bool_]]) -> Curve:
        persons = np.array([self.size[self.cohort_of == g].sum() for g in self.cohort])
        weights = np.column_stack([mask * persons / (mask * persons).sum() for mask in chosen])
        mean = self.cells.combine(weights)
        psi = mean.psi.copy()
        for at, mask in enumerate(chosen):  # the share of each cohort is itself estimated
            gap = mask * (self.cells.effect - mean.effect[at])
            pull = np.array([gap[self.cohort == g].sum() for g in self.cohort_of])
            psi[:, at] += self.size * pull / (mask * persons).sum()
        return Curve(mean.effect, psi, self.cells.method, mean.persons, None if self.cells.df is None else _welch(psi, self.cohort_of))


@checked
def staggered(
    outcome: Floats, first: NDArray[np.int64], controls: Controls = "not-yet", cluster: NDArray[np.int64] | None = None
) -> Staggered | Refused:
    """`outcome` units × periods, the same units throughout; `first` the period the offer began where the unit lives, NEVER if it did not."""
    if not np.isfinite(outcome).all():
        return Refused("Udfaldet mangler for nogen i vinduet.", "missing-outcome", "The outcome is missing for some.")
    label = np.arange(len(first)) if cluster is None else np.unique(cluster, return_inverse=True)[1].ravel()
    count = np.bincount(label).astype(float)
    begun = np.zeros(len(count), dtype=np.int64)
    begun[label] = first
    if (begun[label] != first).any():
        return Refused(
            "En kommune begynder på to tidspunkter. Hver klynge skal have ét.", "mixed-cluster", "A cluster begins at two different times."
        )
    early = begun == 0
    sums, begun, size = sum_by(np.asarray(outcome, dtype=float), label)[~early], begun[~early], count[~early]
    periods = outcome.shape[1]
    kept: list[tuple[int, int]] = []
    effects, influence = [], []
    for g in np.unique(begun[(begun > 0) & (begun < periods)]):
        mine = begun == g
        change, base = sums - sums[:, g - 1][:, None], int(g) - 1
        gap, psi = _mean_of(change, size, mine)
        if mine.sum() < 2:
            return Refused(
                f"Kun én kommune begyndte i periode {g}. Dens egne udsving kan ikke skelnes fra effekten.", "one-cluster",
                f"Only one cluster began in period {g}: its own ups and downs cannot be told from the effect.",
            )  # fmt: skip
        for t in range(periods):
            against = (begun == NEVER) | ((begun > max(t, base)) & ~mine & (controls == "not-yet"))
            if t == base or against.sum() < 2:
                continue
            level, other = _mean_of(change[:, t : t + 1], size, against)
            kept.append((int(g), t))
            effects.append(gap[t] - level[0])
            influence.append(psi[:, t] - other[:, 0])
    if not any(t >= g for g, t in kept):
        return Refused(
            "Ingen begyndte, mens mindst to andre endnu ikke var begyndt. Så er der ingen at sammenligne med.", "no-controls",
            "Nobody began while at least two others had not; there is nobody to compare with.",
        )  # fmt: skip
    cohort, period = np.array(kept).T
    psi = np.column_stack(influence)
    curve = Curve(np.array(effects), psi, f"ATT(g,t), {controls}, universal base", int(size.sum()), None if cluster is None else _welch(psi, begun))
    return Staggered(curve, cohort, period, begun, size, int(count[early].sum()))


def _welch(psi: Floats, begun: NDArray[np.int64]) -> Floats:
    """(Σ V_g)² / Σ V_g²/(m_g-1), V_g what the m_g clusters that began together put into the variance (Welch 1947)."""
    total, squares = np.zeros(psi.shape[1]), np.zeros(psi.shape[1])
    for g in np.unique(begun):
        mine = (psi[begun == g] ** 2).sum(axis=0)
        total, squares = total + mine, squares + mine**2 / max(int((begun == g).sum()) - 1, 1)
    return np.asarray(np.divide(total**2, squares, out=np.full(len(total), 1e9), where=squares > 0))


def _mean_of(sums: Floats, size: Floats, chosen: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The mean over the units of the chosen clusters, and each cluster's pull on it."""
    total, clusters = size[chosen].sum(), int(chosen.sum())
    mean = sums[chosen].sum(axis=0) / total
    scale = np.sqrt(clusters / max(clusters - 1, 1)) / total
    return mean, np.where(chosen[:, None], (sums - size[:, None] * mean) * scale, 0.0)
