"""The lottery itself as the yardstick: how often would it alone have made a gap this wide?

p = (1 + #{|T(Z*)| ≥ |T(Z)|}) / (1 + B), Z* drawn by the same lottery as Z (Fisher 1935; Rosenbaum 2002; Young 2019). T is the
stratified difference over its own error, which keeps the size when effects differ (Chung & Romano 2013; Wu & Ding 2021).
Over many weeks and outcomes: max-T, stepping down (Westfall & Young 1993). When every possible lottery is listed, the observed
one is among them, and p is exact without the +1: the probability of the lotteries that reach as far.

A lottery over clusters, or with personal chances p_i, has units u with size N_u, total Y_u and weight a_u (1; or 1/p drawn, 1/(1-p) not):
μ = Σ a Y / Σ a N in each arm, V(μ) = g/(g-1) Σ a² (Y - μN)² / (Σ a N)² over its g units (Hájek 1971; Su & Ding 2021).
One person a unit and a = 1 is the plain case.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.given import checked
from snerydder.effects.results import Floats, Refused, sum_by
from snerydder.effects.weighting import CERTAIN

TIE = 1e-9
FLAT = 1e-3  # an effect or an error under it (both times the persons) is rounding
LARGE = 1e10  # redraws × persons × columns: from here the compiled twin earns its start-up second
Booleans = NDArray[np.bool_]
Parts = tuple[NDArray[np.floating], NDArray[np.floating]]  # effect and variance, draws × columns


@dataclass(frozen=True)
class Permutation:
    statistic: Floats  # per column
    p: Floats
    p_family: Floats  # max-T step-down over all columns
    redraws: int
    exact: bool


@checked
def permutation(
    outcome: NDArray[np.generic],
    treated: Booleans,
    stratum: NDArray[np.int64],
    redraws: Iterable[Booleans],
    exact: bool = False,
    cluster: NDArray[np.int64] | None = None,
    probability: Floats | None = None,
    likelihood: Callable[[Booleans], Floats] | None = None,
) -> Permutation | Refused:
    """`redraws` gives chunks of lotteries, draws × persons. Only exceedances are kept, so memory does not grow with them.

    `cluster` when clusters were drawn, `probability` (per person) when each had a chance of its own. `likelihood` weighs the lotteries
    where they are listed, or drawn by another lottery than the true one; without it all count the same.
    """
    if probability is not None and ((probability <= 0) | (probability >= 1)).any():
        return CERTAIN
    lottery = _Lottery.of(_standard(outcome[:, None] if outcome.ndim == 1 else outcome), stratum, cluster, probability)
    mine = lottery.parts(treated[None, :])
    observed = np.abs(_ratio(mine)[0]).astype(float)
    if not (observed > 0).any() and not (mine[1] > FLAT**2).any():
        return Refused(
            "Intet stratum har to trukne enheder i hver gruppe med forskellige udfald, så lodtrækningen har intet at måle på.", "no-statistic",
            "No stratum has two units in each arm with outcomes that differ.",
        )  # fmt: skip
    order = np.argsort(-observed, kind="stable")
    tally = _Tally(lottery, order, observed * (1 - TIE) - TIE)
    chunks = iter(redraws)
    if likelihood is None and lottery.first is None and outcome.dtype == bool:
        for chunk in chunks:
            if "numba" in sys.modules or tally.work + chunk.size * len(order) > LARGE:  # awake already, or worth waking
                tally.compiled(chain([chunk], chunks))
                break
            tally.add(chunk)
    else:
        for chunk in chunks:
            tally.add(chunk, likelihood)
    return _answer(observed, order, tally.single, tally.family, tally.total, tally.count, exact)


class _Tally:
    """How often the drawn lotteries reach as far as the observed one, column by column and as a family."""

    def __init__(self, lottery: _Lottery, order: NDArray[np.int64], threshold: Floats) -> None:
        self.lottery, self.order, self.threshold = lottery, order, threshold
        self.single, self.family, self.total, self.count, self.work = np.zeros(len(order)), np.zeros(len(order)), 0.0, 0, 0.0

    def add(self, chunk: Booleans, likelihood: Callable[[Booleans], Floats] | None = None) -> None:
        drawn = np.abs(_ratio(self.lottery.parts(chunk)))
        weight = np.ones(len(chunk)) if likelihood is None else likelihood(chunk)
        self.single += weight @ (drawn >= self.threshold)
        remaining = np.maximum.accumulate(drawn[:, self.order][:, ::-1], axis=1)[:, ::-1]
        self.family += weight @ (remaining >= self.threshold[self.order])
        self.total, self.count, self.work = self.total + float(weight.sum()), self.count + len(chunk), self.work + chunk.size * len(self.order)

    def compiled(self, chunks: Iterator[Booleans]) -> None:
        """The same on all cores, a few chunks at a time. Whole numbers, so it does not matter who counts what."""
        from snerydder.effects.permutation_compiled import Planes

        planes = Planes(self.lottery.y > 0, self.lottery.strata, self.order, self.threshold)
        waiting: deque[Future[tuple[NDArray[np.int64], NDArray[np.int64]]]] = deque()
        threads = os.cpu_count() or 1
        with ThreadPoolExecutor(threads) as pool:
            for chunk in chunks:
                waiting.append(pool.submit(planes.count, chunk))
                self.total, self.count = self.total + len(chunk), self.count + len(chunk)
                if len(waiting) > 2 * threads:
                    self._take(waiting.popleft())
            while waiting:
                self._take(waiting.popleft())

    def _take(self, done: Future[tuple[NDArray[np.int64], NDArray[np.int64]]]) -> None:
        single, family = done.result()
        self.single[self.order] += single
        self.family += family


def _answer(observed: Floats, order: NDArray[np.int64], single: Floats, family: Floats, total: float, count: int, exact: bool) -> Permutation:
    plus = 0 if exact else total / count  # the observed lottery, weighing as a drawn one does
    stepped = np.empty_like(family)
    stepped[order] = np.maximum.accumulate((family + plus) / (total + plus))
    return Permutation(observed, np.minimum((single + plus) / (total + plus), 1.0), np.minimum(stepped, 1.0), count, exact)


@dataclass(frozen=True)
class Shift:
    """A constant effect on everybody: which ones does the lottery not reject?"""

    estimate: float
    lower: float
    upper: float
    level: float


@checked
def constant_effect(
    total: Floats,
    treated: Booleans,
    stratum: NDArray[np.int64],
    redraws: Iterable[Booleans],
    alpha: float,
    exact: bool = False,
    cluster: NDArray[np.int64] | None = None,
    probability: Floats | None = None,
    likelihood: Callable[[Booleans], Floats] | None = None,
) -> Shift | Refused:
    """All τ with p(τ) > α, p(τ) the test of no effect on y - τZ (Rosenbaum 2002, ch. 2). For sums and money, in their unit.

    Under a redraw the effect is linear and its variance quadratic in τ, so three evaluations per redraw give every τ.
    """
    y, z = np.asarray(total, dtype=float), treated.astype(float)
    if len(np.unique(y)) < 3:
        return Refused("Et ja/nej-udfald kan ikke flyttes et fast stykke; brug summen over ugerne.", "yes-no", "A yes/no outcome cannot be shifted; use the sum over weeks.")
    if probability is not None and ((probability <= 0) | (probability >= 1)).any():
        return CERTAIN
    scale = float(y.std())
    lottery = _Lottery.of(np.column_stack([y, y - scale * z, y + scale * z, z]), stratum, cluster, probability)
    effect, variance = (np.asarray(part[0], dtype=float) for part in lottery.parts(treated[None, :]))
    if not variance[0] > 0:
        return Refused("Intet stratum har to trukne enheder i hver gruppe.", "no-statistic", "No stratum has two units in each arm.")
    estimate, error = effect[0] / effect[3], variance[0] ** 0.5 / abs(effect[3])
    pieces, weights = [], []
    for chunk in redraws:
        e, v = lottery.parts(chunk)
        pieces.append(
            np.column_stack([e[:, 0], e[:, 3], v[:, 0], (v[:, 1] - v[:, 2]) / (2 * scale), (v[:, 1] + v[:, 2] - 2 * v[:, 0]) / (2 * scale**2)])
        )
        weights.append(np.ones(len(chunk)) if likelihood is None else likelihood(chunk))
    base, slope, v0, v1, v2 = np.concatenate(pieces).T
    weight = np.concatenate(weights)
    plus = 0.0 if exact else float(weight.mean())

    def p(tau: float) -> float:
        spread = np.maximum(v0 + v1 * tau + v2 * tau**2, 0.0)
        gap = np.abs(base - tau * slope)
        apart = np.where(gap > 1e-6 * variance[0] ** 0.5, np.inf, 0.0)
        reach = np.divide(gap, np.sqrt(spread), out=apart, where=spread > 1e-12 * variance[0])
        return float((plus + weight @ (reach >= abs(estimate - tau) / error * (1 - 1e-9) - TIE)) / (plus + weight.sum()))

    ends = [_edge(p, estimate, direction * error, alpha) for direction in (-1.0, 1.0)]
    if None in ends:
        return Refused("Der er for få mulige lodtrækninger til et interval på det niveau.", "few-lotteries", "There are too few possible lotteries for an interval at that level.")
    return Shift(float(estimate), float(ends[0] or 0.0), float(ends[1] or 0.0), 1 - alpha)


def _edge(p: Callable[[float], float], start: float, step: float, alpha: float) -> float | None:
    """Outwards until rejected, then halve the gap."""
    inside, outside = start, start + step
    for _ in range(12):  # thousands of standard errors away nothing more will change
        if p(outside) <= alpha:
            break
        inside, outside = outside, start + 2 * (outside - start)
    else:
        return None
    for _ in range(60):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if p(middle) <= alpha else (middle, outside)
    return inside


@dataclass(frozen=True)
class _Lottery:
    """The outcomes as the statistic needs them, stratum by stratum."""

    y: NDArray[np.floating]  # persons, or units' totals, × columns
    strata: tuple[NDArray[np.int64], ...]  # the rows of each
    first: NDArray[np.int64] | None = None  # a person of each unit, where units are drawn or weighed
    size: Floats | None = None
    weight: tuple[Floats, Floats] | None = None  # drawn, not drawn

    @classmethod
    def of(cls, outcome: NDArray[np.generic], stratum: NDArray[np.int64], cluster: NDArray[np.int64] | None, probability: Floats | None) -> _Lottery:
        if cluster is None and probability is None:
            single: NDArray[np.floating] = outcome.astype(np.float32 if outcome.dtype == bool else np.float64)
            return cls(single, tuple(np.flatnonzero(stratum == label) for label in np.unique(stratum)))
        _, first, unit = np.unique(np.arange(len(stratum)) if cluster is None else cluster, return_index=True, return_inverse=True)
        y = sum_by(np.asarray(outcome, dtype=float), unit.ravel())
        chance = np.full(len(first), 0.5) if probability is None else probability[first]
        strata = tuple(np.flatnonzero(stratum[first] == label) for label in np.unique(stratum))
        return cls(y, strata, first, np.bincount(unit.ravel()).astype(float), (0.5 / chance, 0.5 / (1 - chance)))

    def parts(self, drawn: Booleans) -> Parts:
        return of_persons(self.y, drawn, self.strata) if self.first is None else self._of_units(drawn[:, self.first])

    def _of_units(self, drawn: Booleans) -> Parts:
        assert self.size is not None and self.weight is not None
        effect = np.zeros((len(drawn), self.y.shape[1]))
        variance = np.zeros_like(effect)
        for rows in self.strata:
            y, n = self.y[rows], self.size[rows][:, None]
            means, spreads, enough = [], [], np.ones((len(drawn), 1), dtype=bool)
            for arm, weight in ((drawn[:, rows], self.weight[0]), (~drawn[:, rows], self.weight[1])):
                lots, a = arm.astype(float), weight[rows][:, None]
                units = lots.sum(axis=1, keepdims=True)
                whole = np.where(units > 0, lots @ (a * n), 1.0)
                mean = lots @ (a * y) / whole
                square = lots @ (a * y) ** 2 - 2 * mean * (lots @ (a**2 * y * n)) + mean**2 * (lots @ (a * n) ** 2)
                enough &= units > 1
                means.append(mean)
                spreads.append(np.maximum(square, 0.0) / whole**2 * units / np.maximum(units - 1, 1))
            effect += np.where(enough, n.sum() * (means[0] - means[1]), 0.0)
            variance += np.where(enough, n.sum() ** 2 * (spreads[0] + spreads[1]), 0.0)
        return effect, variance


def of_persons(y: NDArray[np.floating], drawn: Booleans, strata: Iterable[NDArray[np.int64]]) -> Parts:
    """Stratified differences and their variances, draws × columns, each times n and n².

    With S_1 the sum over the n_1 drawn and c = 1/(n(n-1)), the stratum's variance is
    n_s² [c_1 (Q_1 - S_1²/n_1) + c_0 (Q - Q_1 - (S - S_1)²/n_0)], so one product per stratum is all the work (Q_1 = S_1 for yes/no).
    """
    effect = np.zeros((len(drawn), y.shape[1]))
    variance = np.zeros_like(effect)
    work = np.empty_like(effect)
    binary = y.dtype == np.float32 or bool(((y == 0) | (y == 1)).all())  # yes/no alone is kept in single precision
    for rows in strata:
        mine, chosen = y[rows], drawn[:, rows].astype(y.dtype)
        n, n1 = len(rows), drawn[:, rows].sum(axis=1)[:, None]
        enough = (n1 > 1) & (n - n1 > 1)
        if not enough.any():
            continue
        f1, f0 = (np.where(enough, 1 / np.maximum(k, 1), 0.0) for k in (n1, n - n1))
        c1, c0 = (np.where(enough, n**2 / np.maximum(k * (k - 1), 1), 0.0) for k in (n1, n - n1))
        total = mine.sum(axis=0, dtype=float)
        squares = total if binary else (mine**2).sum(axis=0, dtype=float)
        drawn_sum = (chosen @ mine).astype(float, copy=False)  # counts, exact also in single precision
        drawn_squares = drawn_sum if binary else chosen @ mine**2
        effect += np.multiply(drawn_sum, n * (f1 + f0), out=work)
        effect -= np.multiply(total, n * f0, out=work)
        variance += np.multiply(drawn_squares, c1 - c0, out=work)
        variance += np.multiply(squares, c0, out=work)
        np.square(drawn_sum, out=work)
        variance -= np.multiply(work, c1 * f1, out=work)
        np.square(np.subtract(total, drawn_sum, out=work), out=work)
        variance -= np.multiply(work, c0 * f0, out=work)
    return effect, variance


def _standard(outcome: NDArray[np.generic]) -> NDArray[np.generic]:
    """The statistic does not depend on the unit, but what counts as "nothing varies" does. Yes/no stays as it is."""
    if outcome.dtype == bool:
        return outcome
    y = np.asarray(outcome, dtype=float)
    spread = y.std(axis=0)
    found: NDArray[np.generic] = (y - y.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return found


def _ratio(parts: Parts) -> NDArray[np.floating]:
    """Where nobody differs within the arms, a gap between them is as far out as can be, and none is none."""
    effect, variance = parts
    scale = np.sqrt(np.maximum(variance, 0.0))
    apart: NDArray[np.floating] = np.where(np.abs(effect) > FLAT, np.copysign(np.inf, effect), 0.0).astype(effect.dtype)
    return np.divide(effect, scale, out=apart, where=scale > FLAT)
