"""How long it lasts: Kaplan-Meier with late entry, the median, and the mean up to a limit.

S(t) = Π_{s≤t} (1 - d/n) (Kaplan & Meier 1958), Var log S = Σ d/(n(n-d)) (Greenwood 1926), limits on the log(-log S) scale, which keeps them between 0
and 1. The median's limits are the times at which log(-log S) is within z errors of log(-log ½) (Brookmeyer & Crowley 1982).
The restricted mean is ∫_0^τ S dt with variance Σ_j A_j² d_j/(n_j(n_j-d_j)), A_j = ∫_{t_j}^τ S dt (Royston & Parmar 2013): the weeks spent inside out of τ.
One row per spell: weeks at exit and entry, did it end. Refused: ends before it is seen, nobody from the beginning, nobody at risk midway.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

from snerydder.effects.given import checked
from snerydder.effects.incidence import Ints, incidence, incidence_difference, risk_table
from snerydder.effects.results import Curve, Floats, Refused

NO_LIMIT = Refused("Grænsen skal være mindst én uge.", "no-limit", "The limit must be one week at least.")


@dataclass(frozen=True)
class Survival:
    """Times are those with an end; the share holds from that time on."""

    time: Floats
    at_risk: Floats
    events: Floats
    share: Floats  # still inside
    error: Floats
    lower: Floats
    upper: Floats
    median: float | None  # None: half had not ended when last seen
    median_lower: float | None
    median_upper: float | None
    level: float


@checked
def kaplan_meier(
    exit_: ArrayLike, ended: ArrayLike, entry: ArrayLike | None = None, person: Ints | None = None, level: float = 0.90, cluster: Ints | None = None
) -> Survival | Refused:
    """With `person` (several spells each) the error is the one by person, else Greenwood's.

    With `cluster` it is the one by cluster, √(G/(G-1)) wider, and the limits are t's with G - 1 degrees of freedom.
    """
    table = risk_table(exit_, np.asarray(ended, dtype=bool), entry)
    if isinstance(table, Refused):
        return table
    if not table.events.any():
        return Refused("Ingen forløb er afsluttet.", "no-events", "No spell has ended.")
    n, d, share = table.at_risk, table.events[0], table.survival
    unit, z = person if cluster is None else cluster, -float(ndtri((1 - level) / 2))
    if unit is None:
        error = share * np.sqrt(np.cumsum(np.divide(d, n * (n - d), out=np.zeros_like(d), where=n > d)))
    else:
        found = incidence(exit_, np.asarray(ended, dtype=bool), table.time, entry, unit)
        assert not isinstance(found, Refused)
        error = np.nan_to_num(found.curves[0].error)  # before the first end nobody has left, and that is known
    if cluster is not None:
        count = len(np.unique(cluster))
        if count < 2:
            return Refused("Der er kun én klynge, så usikkerheden kan ikke måles.", "one-cluster", "There is only one cluster.")
        error, z = error * (count / (count - 1)) ** 0.5, -float(stdtrit(count - 1, (1 - level) / 2))
    open_ = (share > 0) & (share < 1)
    log = np.log(np.where(open_, share, 0.5))
    reach = np.where(open_, z * error / np.where(open_, share * -log, 1), 0.0)
    lower, upper = (np.where(open_, np.exp(log * np.exp(sign * reach)), share) for sign in (1, -1))
    half = 0.5 + 1e-12
    return Survival(
        table.time, n, d, share, error, lower, upper,
        _first(table.time, share <= half), _first(table.time, lower <= half), _first(table.time, upper <= half), level,
    )  # fmt: skip


@checked
def restricted_mean(exit_: ArrayLike, ended: ArrayLike, until: float, entry: ArrayLike | None = None, person: Ints | None = None) -> Curve | Refused:
    """Mean weeks inside out of the first `until`, one column."""
    if not until > 0:
        return NO_LIMIT
    edges, width = _steps(exit_, ended, until)
    found = incidence(exit_, np.asarray(ended, dtype=bool), edges, entry, person)
    return found if isinstance(found, Refused) else found.inside.combine(width)


@checked
def restricted_mean_difference(
    exit_: ArrayLike, ended: ArrayLike, treated: NDArray[np.bool_], until: float,
    entry: ArrayLike | None = None, stratum: Ints | None = None, person: Ints | None = None, cluster: Ints | None = None,
) -> Curve | Refused:  # fmt: skip
    """Weeks more inside with support than without, out of the first `until`."""
    if not until > 0:
        return NO_LIMIT
    edges, width = _steps(exit_, ended, until)
    found = incidence_difference(exit_, np.asarray(ended, dtype=bool), treated, edges, 0, entry, stratum, person, cluster)
    return found if isinstance(found, Refused) else found.combine(width)


def _steps(exit_: ArrayLike, ended: ArrayLike, until: float) -> tuple[Floats, Floats]:
    """Where the curve may step up to the limit, and for how long each level lasts (the limit itself: no time, but it must have been seen)."""
    steps = np.unique(np.asarray(exit_, dtype=float)[np.asarray(ended, dtype=bool)])
    edges = np.concatenate([[0.0], steps[steps < until], [float(until)]])
    return edges, np.append(np.diff(edges), 0.0)


def _first(time: Floats, reached: NDArray[np.bool_]) -> float | None:
    return float(time[reached.argmax()]) if reached.any() else None
