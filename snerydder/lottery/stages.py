"""From some municipalities and some cases in each to all cases of all of them, without any library.

A ratio in two stages (Cochran 1977, chs. 10-11): m of M municipalities, n_i of N_i cases in each, p_i the share found.
    p̂ = Σ N_i p_i/Σ N_i,    v = [(1-m/M) s_r²/m + Σ N_i² (1-n_i/N_i) p_i(1-p_i)/(n_i-1) / (mM)] / N̄²
with s_r² the variance of N_i(p_i - p̂). Student's t with m-1 degrees of freedom; where every municipality was drawn, the normal.
The tests hold it against `snerydder.effects.audits`, which has it with a statistics package.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atan, cos, pi, sin, sqrt
from statistics import NormalDist

from snerydder.lottery.shares import Counted, Share


def across(drawn: Sequence[Counted], municipalities: int, alpha: float = 0.05) -> Share | None:
    """The share of faulty cases among all cases. The lower bound trusts those nobody could judge, the upper one does not.

    None where it cannot be measured: fewer than two municipalities with cases, fewer than two cases looked at in one that has more,
    or all cases looked at alike.
    """
    used = [each for each in drawn if each.cases]
    if len(used) < 2 or any(each.drawn < min(2, each.cases) for each in used) or len(used) > municipalities:
        return None
    low, high = (_with_reach(used, municipalities, alpha, which) for which in ("least", "most"))
    if low is None or high is None:
        return None
    return Share(low[0], max(low[0] - low[1], 0.0), min(high[0] + high[1], 1.0))


def _with_reach(used: Sequence[Counted], municipalities: int, alpha: float, which: str) -> tuple[float, float] | None:
    m, cases = len(used), [each.cases for each in used]
    shares = [getattr(each, which) / each.drawn for each in used]
    estimate = sum(n * p for n, p in zip(cases, shares, strict=True)) / sum(cases)
    apart = sum((n * (p - estimate)) ** 2 for n, p in zip(cases, shares, strict=True)) / (m - 1)
    inside = sum(
        each.cases**2 * (1 - each.drawn / each.cases) * p * (1 - p) / max(each.drawn - 1, 1) for each, p in zip(used, shares, strict=True)
    )
    variance = ((1 - m / municipalities) * apart / m + inside / (m * municipalities)) / (sum(cases) / m) ** 2
    if variance == 0 and any(each.drawn < each.cases for each in used):
        return None
    quantile = NormalDist().inv_cdf(1 - alpha / 2) if m == municipalities else student(m - 1, 1 - alpha)
    return estimate, quantile * sqrt(variance)


def student(freedom: int, central: float) -> float:
    """The t within which lies the probability `central`, by halving."""
    low, high = 0.0, 1.0
    while _within(high, freedom) < central:
        high *= 2
    for _halving in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < central else (low, middle)
    return (low + high) / 2


def _within(t: float, freedom: int) -> float:
    """P(|T| ≤ t) for whole degrees of freedom: a finite sum (Abramowitz & Stegun 26.7.3-4)."""
    angle = atan(t / sqrt(freedom))
    total, term = 0.0, cos(angle) if freedom % 2 else 1.0
    for power in range(1 if freedom % 2 else 0, freedom - 1, 2):
        total += term
        term *= cos(angle) ** 2 * (power + 1) / (power + 2)
    return 2 / pi * (angle + sin(angle) * total) if freedom % 2 else sin(angle) * total
