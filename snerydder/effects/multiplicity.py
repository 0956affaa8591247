"""Many questions at once: p-values of a family, each at most α exactly when its hypothesis is rejected at level α.

m p-values, p_(1) ≤ … ≤ p_(m), one dimension in and out. The chance of any false finding (family-wise):
holm      max_{i≤j} (m-i+1) p_(i), any dependence                                                        (Holm 1979)
hochberg  min_{i≥j} (m-i+1) p_(i), needs positive dependence                                             (Hochberg 1988)
hommel    Simes' test on every subset, the strongest of the three, the same dependence                    (Hommel 1988)
romano_wolf  the dependence itself, from joint draws of the statistics under no effect: p_(j) =
          (1 + #{max over those not yet rejected |T*| ≥ |T_(j)|}) / (1 + B), made monotone                (Romano & Wolf 2005, 2016)
The expected share of false findings among the findings (false discovery rate):
bh        min_{i≥j} m p_(i)/i                                                                            (Benjamini & Hochberg 1995)
by        the same times Σ 1/i, any dependence                                                           (Benjamini & Yekutieli 2001)
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.results import Floats, Refused

TIE = 1e-9


def holm(p: Floats) -> Floats:
    return _in_order(p, lambda small: np.maximum.accumulate(small * np.arange(len(small), 0, -1)))


def hochberg(p: Floats) -> Floats:
    return _in_order(p, lambda small: _from_the_largest(small * np.arange(len(small), 0, -1)))


def hommel(p: Floats) -> Floats:
    def step(small: Floats) -> Floats:
        found = small.copy()
        for m in range(len(small), 1, -1):
            simes = float(np.min(m * small[-m:] / np.arange(1, m + 1)))
            found[-m:] = np.maximum(found[-m:], simes)
            found[:-m] = np.maximum(found[:-m], np.minimum(m * small[:-m], simes))
        return found

    return _in_order(p, step)


def bh(p: Floats) -> Floats:
    return _in_order(p, lambda small: _from_the_largest(small * len(small) / np.arange(1, len(small) + 1)))


def by(p: Floats) -> Floats:
    return _in_order(p, lambda small: _from_the_largest(small * len(small) / np.arange(1, len(small) + 1) * (1 / np.arange(1, len(small) + 1)).sum()))


METHODS: dict[str, Callable[[Floats], Floats]] = {"holm": holm, "hochberg": hochberg, "hommel": hommel, "bh": bh, "by": by}


def romano_wolf(statistic: Floats, draws: NDArray[np.floating]) -> Floats | Refused:
    """`draws` is draws × statistics, drawn together with no effect anywhere (bootstrap centred at the estimate, lottery redrawn, or joint normal).

    A statistic that could not be measured (NaN) has no p, and is the last in the family.
    """
    if not len(draws):
        return Refused("Der er ingen trækninger at holde tallene op mod.", "no-draws", "There are no draws to hold the statistics against.")
    observed = np.nan_to_num(np.abs(statistic), nan=0.0)
    order = np.argsort(-observed, kind="stable")
    remaining = np.maximum.accumulate(np.abs(draws[:, order])[:, ::-1], axis=1)[:, ::-1]
    p = (1 + (remaining >= observed[order] - TIE).sum(axis=0)) / (1 + len(draws))
    found = np.empty_like(p)
    found[order] = np.maximum.accumulate(p)
    return np.where(np.isnan(statistic), np.nan, found)


def _in_order(p: Floats, step: Callable[[Floats], Floats]) -> Floats:
    """From the smallest p-value to the largest and back to the places they came from."""
    values = np.asarray(p, dtype=float)
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError("a p-value lies between 0 and 1")
    order = np.argsort(values, kind="stable")
    found = np.empty_like(values)
    found[order] = np.minimum(step(values[order]), 1.0)
    return found


def _from_the_largest(values: Floats) -> Floats:
    return np.minimum.accumulate(values[::-1])[::-1]
