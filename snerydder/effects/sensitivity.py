"""How far the answer rests on the prices: one at a time (a tornado), and all together with the effects' own uncertainty.

Effects are drawn from N(d, psi'psi), prices independently from triangles between the ends of their ranges with the stated price as the top. With
factors f and effects d the value is Σ w f d; prices known exactly give the normal of the estimate back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from snerydder.effects.cost import VIEWS, Account
from snerydder.effects.results import Floats, Refused

Ranges = Mapping[str, tuple[float, float]]  # line: lowest and highest price as multiples of the stated one


@dataclass(frozen=True)
class Bar:
    name: str
    at_low: float
    at_high: float


@dataclass(frozen=True)
class Spread:
    mean: float
    lower: float
    upper: float
    positive: float  # share of draws above zero
    draws: Floats  # smallest first


def tornado(account: Account, view: str, ranges: Ranges, others: Mapping[str, tuple[float, float]] | None = None) -> tuple[Bar, ...] | Refused:
    """Net present value at the ends of each range, the widest first. `others` are values found elsewhere: another discount rate, effect or window."""
    refused = _wrong(account, ranges)
    if refused:
        return refused
    total = float(account.view(view).effect[0])
    bars = [Bar(name, *values) for name, values in (others or {}).items()]
    for line, ends in ranges.items():
        own = float(account.part(view, [line]).effect[0])
        bars.append(Bar(line, total + (ends[0] - 1) * own, total + (ends[1] - 1) * own))
    return tuple(sorted(bars, key=lambda bar: -abs(bar.at_high - bar.at_low)))


def spread(account: Account, view: str, ranges: Ranges, alpha: float, generator: np.random.Generator, draws: int = 20_000) -> Spread | Refused:
    refused = _wrong(account, ranges)
    if refused:
        return refused
    values, vectors = np.linalg.eigh(account.curve.covariance)  # may be singular: a line that nobody differs in
    root = vectors * np.sqrt(np.clip(values, 0, None))
    effects = account.curve.effect + generator.standard_normal((draws, len(values))) @ root.T
    for line, (low, high) in ranges.items():
        if high > low:
            effects[:, account.lines.index(line)] *= generator.triangular(low, 1.0, high, draws)
    found = np.sort(effects @ account.shares[:, VIEWS.index(view)])
    lower, upper = np.quantile(found, [alpha / 2, 1 - alpha / 2])
    return Spread(float(found.mean()), float(lower), float(upper), float((found > 0).mean()), found)


def _wrong(account: Account, ranges: Ranges) -> Refused | None:
    for line, (low, high) in ranges.items():
        if line not in account.lines or not 0 <= low <= 1 <= high:
            return Refused(
                f"{line}: et spænd går fra højst 1 til mindst 1 gange prisen.",
                "range",
                f"{line}: a range goes from at most 1 to at least 1 times the price.",
            )
    return None
