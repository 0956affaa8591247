"""Do those with support end (or start) sooner? The log-rank test and Cox's hazard ratio, by stratum, with late entry.

`scores`: c_i = ended_i - Σ d_s/n_s over the weeks s of the stratum with entry_i < s ≤ exit_i, so Σ Z_i c_i is the log-rank test's observed less expected.
They know nothing of the arms, so the lottery drawn again over them (`permutation`) is a test for any lottery, also one of clusters (Peto & Peto 1972).

Log-rank: Σ (d_1 - d n_1/n) over its hypergeometric variance Σ d (n_1/n)(1 - n_1/n)(n-d)/(n-1) (Mantel 1966). Cox (1972) with Efron's (1977)
treatment of ties, which weeks make many of: at a time with d ends the l-th (l = 0..d-1) is held against S_0 - (l/d) E_0, S_0 the sum of e^{βx}
over those at risk and E_0 over those who end. The score test is U(0)²/I(0). A hazard ratio is one number for all weeks: look at the curves too. One spell a
person: with several, `incidence_difference` adds up by person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from snerydder.effects.given import checked
from snerydder.effects.incidence import NO_TIME, Ints, arrays
from snerydder.effects.results import Floats, Refused

ROUNDS = 50


@dataclass(frozen=True)
class LogRank:
    observed: float  # ends with support
    expected: float
    variance: float
    chi2: float
    p: float


@dataclass(frozen=True)
class Cox:
    log_ratio: float
    error: float
    ratio: float
    lower: float
    upper: float
    p: float  # Wald
    score: float  # chi-square with one degree of freedom, at no difference
    score_p: float


@checked
def logrank(
    exit_: ArrayLike, ended: ArrayLike, treated: NDArray[np.bool_], entry: ArrayLike | None = None, stratum: Ints | None = None
) -> LogRank | Refused:
    out, event, into = arrays(exit_, ended, entry)
    if not (out > into).all():
        return NO_TIME
    observed = expected = variance = 0.0
    for rows in _strata(stratum, len(out)):
        x, event_s = treated[rows].astype(float), event[rows] > 0
        sums = _sums(out[rows], into[rows], event_s, np.stack([np.ones(len(rows)), x]))
        (n, n1), (d, d1) = sums
        share = n1 / n
        observed += d1.sum()
        expected += (d * share).sum()
        variance += (d * share * (1 - share) * (n - d) / np.maximum(n - 1, 1)).sum()
    if variance <= 0:
        return Refused(
            "Der er ingen uge, hvor nogen slutter, mens begge grupper er med.",
            "no-comparison",
            "In no week does anyone end while both arms are at risk.",
        )
    chi2 = (observed - expected) ** 2 / variance
    return LogRank(observed, expected, variance, chi2, _tail(chi2))


@checked
def scores(exit_: ArrayLike, ended: ArrayLike, entry: ArrayLike | None = None, stratum: Ints | None = None) -> Floats | Refused:
    """One number a person: ended sooner than the others of the stratum (above zero), or later."""
    out, event, into = arrays(exit_, ended, entry)
    if not (out > into).all():
        return NO_TIME
    found: Floats = np.zeros(len(out))
    for rows in _strata(stratum, len(out)):
        mine = event[rows] > 0
        if mine.any():
            (n,), (d,) = _sums(out[rows], into[rows], mine, np.ones((1, len(rows))))
            time, hazard = np.unique(out[rows][mine]), np.append(0.0, np.cumsum(d / n))
            found[rows] = mine - hazard[np.searchsorted(time, out[rows], side="right")] + hazard[np.searchsorted(time, into[rows], side="right")]
    return found


@checked
def cox(
    exit_: ArrayLike, ended: ArrayLike, x: ArrayLike, entry: ArrayLike | None = None, stratum: Ints | None = None, level: float = 0.90
) -> Cox | Refused:
    """Hazard ratio of one unit of x (support: 1, control: 0)."""
    out, event, into = arrays(exit_, ended, entry)
    if not (out > into).all():
        return NO_TIME
    value = np.asarray(x, dtype=float)
    if np.ptp(value) == 0:
        return Refused("Alle har den samme værdi, så der er intet at sammenligne.", "one-arm", "All have the same value.")
    centre, scale = value.mean(), value.std()
    parts = [(out[rows], into[rows], event[rows] > 0, (value[rows] - centre) / scale) for rows in _strata(stratum, len(out))]
    start, information = _score(parts, 0.0)
    if information <= 0:
        return Refused(
            "Der er ingen uge, hvor nogen slutter, mens begge grupper er med.",
            "no-comparison",
            "In no week does anyone end while both arms are at risk.",
        )
    chi2, beta, slope = start**2 / information, 0.0, start
    for _ in range(ROUNDS):
        step = np.clip(slope / information, -1, 1)
        beta += step
        slope, information = _score(parts, beta)
        if information <= 1e-9 or abs(beta) * float(np.ptp(value)) / scale > 25:
            return Refused(
                "Den ene gruppe slutter aldrig, så forholdet har ingen grænse.", "no-bound", "One arm never ends, so the ratio has no bound."
            )
        if abs(step) < 1e-13:
            break
    log_ratio, error = float(beta / scale), float(information**-0.5 / scale)
    reach = -float(ndtri((1 - level) / 2)) * error
    return Cox(
        log_ratio, error, float(np.exp(log_ratio)), float(np.exp(log_ratio - reach)), float(np.exp(log_ratio + reach)),
        _tail((log_ratio / error) ** 2), chi2, _tail(chi2),
    )  # fmt: skip


def _strata(stratum: Ints | None, persons: int) -> list[Ints]:
    return [np.arange(persons)] if stratum is None else [np.flatnonzero(stratum == label) for label in np.unique(stratum)]


def _sums(out: Floats, into: Floats, ended: NDArray[np.bool_], columns: Floats) -> tuple[Floats, Floats]:
    """Each column summed over those at risk, and over those who end, at each time with an end."""
    time, place = np.unique(out[ended], return_inverse=True)
    entered, gone = np.argsort(into, kind="stable"), np.argsort(out, kind="stable")
    zero = np.zeros((len(columns), 1))
    sum_in, sum_out = (np.hstack([zero, np.cumsum(columns[:, order], axis=1)]) for order in (entered, gone))
    at_risk = sum_in[:, np.searchsorted(into[entered], time, side="left")] - sum_out[:, np.searchsorted(out[gone], time, side="left")]
    return at_risk, np.stack([np.bincount(place, weights=column[ended], minlength=len(time)) for column in columns])


def _score(parts: list[tuple[Floats, Floats, NDArray[np.bool_], Floats]], beta: float) -> tuple[float, float]:
    slope = information = 0.0
    for out, into, ended, x in parts:
        if not ended.any():
            continue
        weight = np.exp(beta * x)
        (s0, s1, s2), (e0, e1, e2) = _sums(out, into, ended, np.stack([weight, weight * x, weight * x * x]))
        ties = np.bincount(np.unique(out[ended], return_inverse=True)[1])
        column = np.repeat(np.arange(len(ties)), ties)
        part = (np.arange(ties.sum()) - np.repeat(np.cumsum(ties) - ties, ties)) / ties[column]
        z0, z1, z2 = (s[column] - part * e[column] for s, e in ((s0, e0), (s1, e1), (s2, e2)))
        slope += x[ended].sum() - (z1 / z0).sum()
        information += (z2 / z0 - (z1 / z0) ** 2).sum()
    return float(slope), float(information)


def _tail(chi2: float) -> float:
    return float(2 * ndtr(-(chi2**0.5)))
