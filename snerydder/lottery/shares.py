"""From the cases looked at to all cases, exactly and without any library: what a web server can count by itself.

One draw without replacement: X of n looked at among N has the hypergeometric distribution, and the interval holds every number of
faulty cases K among N that X does not contradict (Clopper & Pearson 1934, for a finite list). Several strata: the level is shared out
between those that were not looked at in full (Bonferroni), so the sum is exact too, and as a rule wide. A stratum looked at in full
adds no uncertainty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, comb
from statistics import NormalDist


@dataclass(frozen=True)
class Counted:
    """A stratum: cases there are, cases drawn, and of those drawn the faulty ones, at least and at most."""

    cases: int
    drawn: int
    least: int
    most: int  # also counts those nobody could judge

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most <= self.drawn <= self.cases:
            raise ValueError("more faulty cases than drawn, or more drawn than there are")


@dataclass(frozen=True)
class Share:
    estimate: float
    lower: float
    upper: float


def share(strata: Sequence[Counted], alpha: float = 0.05) -> Share | None:
    """The share of faulty cases among all. The lower bound trusts those nobody could judge, the upper one does not. None: nothing was drawn."""
    cases = sum(stratum.cases for stratum in strata)
    if not cases or any(stratum.cases and not stratum.drawn for stratum in strata):
        return None
    open_ones = sum(stratum.drawn < stratum.cases for stratum in strata)
    tail = alpha / 2 / max(open_ones, 1)
    used = [stratum for stratum in strata if stratum.cases]
    estimate = sum(stratum.cases * stratum.least / stratum.drawn for stratum in used)
    low = sum(fewest(stratum.least, stratum.drawn, stratum.cases, tail) for stratum in used)
    high = sum(most(stratum.most, stratum.drawn, stratum.cases, tail) for stratum in used)
    return Share(estimate / cases, low / cases, high / cases)


def fewest(faulty: int, drawn: int, cases: int, tail: float) -> int:
    """The smallest number of faulty cases among all with which so many in the draw are not too unlikely."""
    low, high = faulty, cases - (drawn - faulty)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _at_least(faulty, drawn, middle, cases) > tail else (middle + 1, high)
    return low


def most(faulty: int, drawn: int, cases: int, tail: float) -> int:
    return cases - fewest(drawn - faulty, drawn, cases, tail)


def _at_least(found: int, drawn: int, faulty: int, cases: int) -> float:
    """P(X ≥ found) when `faulty` of `cases` are faulty and `drawn` are looked at: whole numbers until the last division."""
    sound = cases - faulty
    x, ways = max(found, drawn - sound), 0
    term = comb(faulty, x) * comb(sound, drawn - x)
    while term:
        ways += term
        term = term * (faulty - x) * (drawn - x) // ((x + 1) * (sound - drawn + x + 1))
        x += 1
    return ways / comb(cases, drawn)


def needed(share_seen: float, reach: float, cases: int, alpha: float = 0.05) -> int:
    """How many of `cases` one draw must look at for ± `reach` where the share is as seen (Cochran 1977, 4.6; none or all seen: as for 5 %)."""
    p = min(max(share_seen, 0.05), 0.95)
    endless = NormalDist().inv_cdf(1 - alpha / 2) ** 2 * p * (1 - p) / reach**2
    return min(cases, ceil(endless / (1 + (endless - 1) / cases))) if cases else 0
