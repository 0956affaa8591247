"""Linear probability models for every week at once: one QR, all weeks.

y_t = α_s + β_t Z + X γ_t + e_t. With X = QR, B = R⁻¹Q'Y, E = Y - XB, h = row sums of Q² and a = the arm's row of (X'X)⁻¹X':
psi = a·E (HC0), ·√(n/(n-k)) (HC1), /√(1-h) (HC2), /(1-h) (HC3)   (White 1980; MacKinnon & White 1985)
`lin` centres the covariates and lets each work differently in each arm (Lin 2013), which cannot hurt in large samples.
Persons × weeks in, covariates persons × columns, effects in the outcome's unit. Refused: a week without one of the arms, columns that follow from each other, a
covariate missing, no more persons than columns, and for HC2 and HC3 a person who is alone of a kind (leverage 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.given import checked
from snerydder.effects.results import Curve, Floats, Refused, as_weeks, settled

Kind = Literal["HC0", "HC1", "HC2", "HC3"]
KINDS: tuple[Kind, ...] = ("HC0", "HC1", "HC2", "HC3")


@dataclass(frozen=True)
class Fit:
    """The parts that other estimators build on."""

    q: Floats
    r: Floats
    coefficients: Floats
    residuals: Floats
    leverage: Floats

    @property
    def bread(self) -> Floats:
        """(X'X)⁻¹X': coefficients × persons."""
        return np.asarray(np.linalg.solve(self.r, self.q.T), dtype=np.float64)


def fit(y: Floats, x: Floats) -> Fit | Refused:
    if x.shape[0] <= x.shape[1]:
        return Refused(
            f"{x.shape[0]} personer kan ikke bære {x.shape[1]} kolonner.", "too-few", f"{x.shape[0]} persons cannot carry {x.shape[1]} columns."
        )
    if not np.isfinite(x).all():
        return Refused("En baggrundsoplysning mangler. Udfyld den med en konstant og en markering.", "missing-covariate", "A covariate is missing.")
    q, r = np.linalg.qr(x)
    new = np.abs(np.diag(r)) / np.maximum(np.sqrt((x**2).sum(axis=0)), 1e-300)  # of each column what those before do not say, whatever its unit
    if (new <= 1e-10).any():
        column = int(np.argmin(new))
        return Refused(
            f"Kolonne {column + 1} i modellen følger af de andre.", "collinear", f"Column {column + 1} of the model follows from the others."
        )
    coefficients = np.linalg.solve(r, q.T @ y)
    return Fit(q, r, coefficients, y - x @ coefficients, (q**2).sum(axis=1))


def design(treated: NDArray[np.bool_], stratum: NDArray[np.int64] | None = None, covariates: Floats | None = None, lin: bool = False) -> Floats:
    """The arm first, then a dummy per stratum (no constant beside them), then the covariates."""
    n = len(treated)
    strata = np.zeros(n, dtype=np.int64) if stratum is None else stratum
    dummies = (strata[:, None] == np.unique(strata)[None, :]).astype(float)
    columns = [treated.astype(float)[:, None], dummies]
    if covariates is not None and covariates.size:
        columns.append(covariates)
    if lin:
        others = np.hstack([dummies[:, 1:], *columns[2:]])
        centred = others - others.mean(axis=0)
        columns = [columns[0], np.ones((n, 1)), centred, centred * columns[0]]
    return np.hstack(columns)


@checked
def regression(
    outcome: NDArray[np.generic],
    treated: NDArray[np.bool_],
    stratum: NDArray[np.int64] | None = None,
    covariates: Floats | None = None,
    kind: Kind = "HC2",
    lin: bool = False,
    observed: NDArray[np.bool_] | None = None,
) -> Curve | Refused:
    """The arm's coefficient week by week. Weeks with the same persons seen share one QR."""
    y = as_weeks(outcome)
    x = design(treated, stratum, covariates, lin)
    effect, psi = np.zeros(y.shape[1]), np.zeros(y.shape)
    for rows, weeks in patterns(observed, y):
        refused = both_arms(treated[rows], np.arange(y.shape[1])[weeks])
        if refused:
            return refused
        here = seen_of(x, rows, treated, stratum, covariates, lin)
        found = fit(y[rows][:, weeks], here)
        if isinstance(found, Refused):
            return found
        if kind in ("HC2", "HC3") and (alone := alone_in(found, kind)):
            return alone
        effect[weeks] = found.coefficients[0]
        influence = found.residuals * (found.bread[0] * _scale(found, kind))[:, None]
        if isinstance(rows, slice):
            psi = influence
        else:
            psi[np.ix_(rows, weeks)] = influence
    label = "LPM" + (" with strata" if stratum is not None else "") + (" and covariates" if covariates is not None else "") + (", Lin" if lin else "")
    return settled(Curve(effect, psi, f"{label}, {kind}", len(y)), y)


def both_arms(treated: NDArray[np.bool_], weeks: NDArray[np.int64]) -> Refused | None:
    """With one arm alone the first column would be another than the arm's."""
    if treated.any() and not treated.all():
        return None
    return Refused(f"I uge {weeks[0]} er ikke begge grupper set.", "empty-week", f"In week {weeks[0]} not both arms are seen.")


def alone_in(found: Fit, kind: str) -> Refused | None:
    """Leverage 1: the line goes through that person whatever happens, and (I-H)^-1 does not exist."""
    alone = int((found.leverage > 1 - 1e-10).sum())
    if not alone:
        return None
    return Refused(
        f"{alone} personer er de eneste af deres slags (fx alene i deres gruppe i et stratum), så deres udsving kan ikke måles, og {kind} findes ikke. Slå strata sammen, eller tag en oplysning ud.",
        "leverage", f"{alone} persons are the only ones of their kind (alone in their arm of a stratum, say), so {kind} does not exist. Merge strata, or leave a covariate out.",
    )  # fmt: skip


def seen_of(x: Floats, rows: Any, treated: NDArray[np.bool_], stratum: NDArray[np.int64] | None, covariates: Floats | None, lin: bool) -> Floats:
    """The model of those seen. A stratum nobody is seen in has no dummy that week; Lin is centred at everybody drawn in the strata that are left."""
    if lin and stratum is not None and not isinstance(rows, slice):
        left = np.isin(stratum, np.unique(stratum[rows]))
        if not left.all():
            again = design(treated[left], stratum[left], None if covariates is None else covariates[left], lin)
            return again[np.searchsorted(np.flatnonzero(left), rows)]
    return np.asarray(x[rows][:, x[rows].any(axis=0)])


def patterns(observed: NDArray[np.bool_] | None, y: Floats) -> list[tuple[Any, Any]]:
    """Weeks with the same persons seen, together. Usually everybody is seen in all of them."""
    if observed is None or observed.all():
        return [(slice(None), slice(None))]
    patterns, which = np.unique(observed, axis=1, return_inverse=True)
    return [(np.flatnonzero(patterns[:, at]), np.flatnonzero(which.ravel() == at)) for at in range(patterns.shape[1])]


def _scale(found: Fit, kind: Kind) -> Floats:
    n, k = found.q.shape
    if kind == "HC1":
        return np.full(n, np.sqrt(n / (n - k)))
    if kind == "HC2":
        return 1 / np.sqrt(1 - found.leverage)
    if kind == "HC3":
        return 1 / (1 - found.leverage)
    return np.ones(n)
