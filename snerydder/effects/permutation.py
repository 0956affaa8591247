"""The lottery itself as the yardstick: how often would it alone have made a gap this wide?

p = (1 + #{|T(Z*)| ≥ |T(Z)|}) / (1 + B), Z* drawn by the same lottery as Z (Fisher 1935; Rosenbaum 2002; Young 2019). T is the
stratified difference over its own error, which keeps the size when effects differ (Chung & Romano 2013; Wu & Ding 2021).
Over many weeks and outcomes: max-T, stepping down (Westfall & Young 1993). When every possible lottery is listed, the observed
one is among them, and p is exact without the +1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.results import Floats

TIE = 1e-9


@dataclass(frozen=True)
class Permutation:
    statistic: Floats  # per column
    p: Floats
    p_family: Floats  # max-T step-down over all columns
    redraws: int
    exact: bool


def permutation(
    outcome: NDArray[np.generic], treated: NDArray[np.bool_], stratum: NDArray[np.int64], redraws: Iterable[NDArray[np.bool_]], exact: bool = False
) -> Permutation:
    """`redraws` gives blocks of lotteries, draws × persons. Only exceedances are kept, so memory does not grow with them."""
    y = np.asarray(outcome, dtype=np.float32)
    blocks = [np.flatnonzero(stratum == label) for label in np.unique(stratum)]
    observed = np.abs(statistics(y, treated[None, :], blocks)[0]).astype(float)
    order = np.argsort(-observed, kind="stable")
    threshold = observed - TIE - 1e-5 * observed  # single precision sums: a tie must count as a tie
    single, family, total = np.zeros(len(observed)), np.zeros(len(observed)), 0
    for block in redraws:
        drawn = np.abs(statistics(y, block, blocks))
        single += (drawn >= threshold).sum(axis=0)
        remaining = np.maximum.accumulate(drawn[:, order][:, ::-1], axis=1)[:, ::-1]
        family += (remaining >= threshold[order]).sum(axis=0)
        total += len(block)
    plus = 0 if exact else 1
    stepped = np.empty_like(family)
    stepped[order] = np.maximum.accumulate((family + plus) / (total + plus))
    return Permutation(observed, (single + plus) / (total + plus), stepped, total, exact)


def statistics(y: NDArray[np.float32], drawn: NDArray[np.bool_], blocks: list[NDArray[np.int64]]) -> NDArray[np.float32]:
    """Studentised stratified differences, draws × columns. Each stratum keeps its number drawn, as the lottery did.

    With S_1 the sum over those drawn and c = 1/(n(n-1)), the stratum's variance is
    n_s² [c_1 (Q_1 - S_1²/n_1) + c_0 (Q - Q_1 - (S - S_1)²/n_0)], so one product per stratum is all the work (Q_1 = S_1 for yes/no).
    """
    effect = np.zeros((len(drawn), y.shape[1]), dtype=np.float32)
    variance = np.zeros_like(effect)
    work = np.empty_like(effect)
    binary = bool(((y == 0) | (y == 1)).all())
    for rows in blocks:
        mine, chosen = y[rows], drawn[:, rows].astype(np.float32)
        n, n1 = len(rows), int(drawn[0, rows].sum())
        n0 = n - n1
        if n1 < 2 or n0 < 2:
            continue
        c1, c0 = n**2 / (n1 * (n1 - 1)), n**2 / (n0 * (n0 - 1))
        total, squares = mine.sum(axis=0), (mine**2).sum(axis=0)
        drawn_sum = chosen @ mine
        drawn_squares = drawn_sum if binary else chosen @ mine**2
        effect += np.multiply(drawn_sum, n * (1 / n1 + 1 / n0), out=work)
        effect -= (n / n0) * total
        variance += np.multiply(drawn_squares, c1 - c0, out=work)
        np.square(drawn_sum, out=work)
        variance -= np.multiply(work, c1 / n1, out=work)
        np.square(np.subtract(total, drawn_sum, out=work), out=work)
        variance -= np.multiply(work, c0 / n0, out=work)
        variance += c0 * squares
    scale = np.sqrt(np.maximum(variance, 0.0))
    return np.divide(effect, scale, out=np.zeros_like(effect), where=scale > 1e-3)
