"""A lottery in which everybody had a chance of their own: weigh by it, and never pool.

Hájek (1971):           τ_t = Σ Zy/p / Σ Z/p - Σ (1-Z)y/(1-p) / Σ (1-Z)/(1-p)
                        psi = a(y - μ)/Σa · √(n_a/(n_a-1)), a = 1/p or 1/(1-p), each arm by itself
Horvitz & Thompson (1952): τ_t = mean of x_i = Zy/p - (1-Z)y/(1-p), psi = (x_i - τ)/√(n(n-1))
Horvitz-Thompson has no bias at all and moves when a constant is added to y; Hájek has next to none, does not move, and is nearly always narrower.
With one chance for all, Hájek is the difference of means with HC2. Persons × weeks in, effects in the outcome's unit.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.given import checked
from snerydder.effects.results import Curve, Floats, Refused, as_weeks, settled, whole

Kind = Literal["hajek", "horvitz-thompson"]
CERTAIN = Refused("Nogle kunne kun trækkes til den ene gruppe; hold dem ude af sammenligningen.", "certain", "Some could only be drawn to one arm; leave them out.")


@checked
def weighted(
    outcome: NDArray[np.generic], treated: NDArray[np.bool_], probability: Floats, observed: NDArray[np.bool_] | None = None, kind: Kind = "hajek"
) -> Curve | Refused:
    y = as_weeks(outcome)
    seen = whole(observed, y)
    certain = int(((probability <= 0) | (probability >= 1)).sum())
    if certain:
        return Refused(
            f"{certain} personer kunne kun trækkes til den ene gruppe, så for dem er der intet at sammenligne med.", "certain",
            f"{certain} persons could only be drawn to one arm.",
        )  # fmt: skip
    counts = np.minimum((seen & treated[:, None]).sum(axis=0), (seen & ~treated[:, None]).sum(axis=0))
    if (counts < 2).any():
        week = int(np.flatnonzero(counts < 2)[0])
        return Refused(
            f"I uge {week} er der færre end to personer i en af grupperne.", "empty-week", f"In week {week} one arm has fewer than two persons."
        )
    y = np.where(seen, y, 0.0)
    weight = np.where(treated, 1 / probability, 1 / (1 - probability))[:, None] * seen
    if kind == "horvitz-thompson":
        n = seen.sum(axis=0)
        each = np.where(treated[:, None], 1.0, -1.0) * weight * y
        effect = each.sum(axis=0) / n
        return settled(Curve(effect, np.where(seen, each - effect, 0.0) / np.sqrt(n * (n - 1.0)), "Horvitz-Thompson", len(y)), y)
    effect, psi = np.zeros(y.shape[1]), np.zeros(y.shape)
    for arm, sign in ((treated, 1.0), (~treated, -1.0)):
        share = weight[arm] / weight[arm].sum(axis=0)
        n = seen[arm].sum(axis=0)
        mean = (share * y[arm]).sum(axis=0)
        effect += sign * mean
        psi[arm] = sign * share * (y[arm] - mean) * np.sqrt(n / (n - 1.0))
    return settled(Curve(effect, psi, "Hájek weights", len(y)), y)
