"""What every estimator answers with: a value that carries its own uncertainty, or a refusal with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ROUNDING = 1e-10  # of the largest value


@dataclass(frozen=True)
class Refused:
    """No number is shown that rests on a guess. `reason` is Danish, `key` lets a program act on it."""

    reason: str
    key: str
    reason_en: str = ""


@dataclass(frozen=True)
class Curve:
    """One effect per week, with the influence of every person on every week.

    The covariance over weeks is psi'psi, so sums, contrasts, bands and step-down tests over any set of weeks follow from it.
    """

    effect: Floats  # weeks
    psi: Floats  # persons (or clusters) × weeks, on the scale of the standard error
    method: str
    persons: int
    df: Floats | None = None  # degrees of freedom where the normal would be too narrow

    @property
    def error(self) -> Floats:
        """NaN where nobody differs from the others in the arm: there is nothing to measure an error by, and nought would claim to be certain. So are z, p and limits."""
        found = np.sqrt((self.psi**2).sum(axis=0))
        return np.where(found > 0, found, np.nan)

    @property
    def covariance(self) -> Floats:
        return self.psi.T @ self.psi

    @property
    def z(self) -> Floats:
        return np.asarray(self.effect / self.error)

    @property
    def normal(self) -> Floats:
        """As far from zero as z, on the normal's scale: with few degrees of freedom a t-value is not as far as it looks."""
        from scipy.special import ndtri

        return self.z if self.df is None else np.sign(self.effect) * -ndtri(np.maximum(self.p, 1e-300) / 2)

    @property
    def p(self) -> Floats:
        from scipy.special import ndtr, stdtr  # here, because importing it costs more than the whole count cube

        return 2 * (ndtr(-np.abs(self.z)) if self.df is None else stdtr(self.df, -np.abs(self.z)))

    def interval(self, alpha: float) -> tuple[Floats, Floats]:
        from scipy.special import ndtri, stdtrit

        if not 0 < alpha < 1:
            raise ValueError(f"alpha lies between 0 and 1, not {alpha}")
        reach = -(ndtri(alpha / 2) if self.df is None else stdtrit(self.df, alpha / 2)) * self.error
        return self.effect - reach, self.effect + reach

    def combine(self, weights: Floats) -> Curve:
        """Any linear map of the weeks: a mean, a total, a contrast. `weights` is weeks or weeks × new.

        Degrees of freedom follow the design and not the outcome, so the same persons have the same; where the weeks differ the fewest hold for all.
        """
        map_ = np.asarray(weights, dtype=float).reshape(len(self.effect), -1)
        return replace(self, effect=self.effect @ map_, psi=self.psi @ map_, df=None if self.df is None else np.full(map_.shape[1], self.df.min()))

    def at(self, weeks: NDArray[np.integer] | NDArray[np.bool_]) -> Curve:
        """Some of the weeks (places, or a flag for each)."""
        return replace(self, effect=self.effect[weeks], psi=self.psi[:, weeks], df=None if self.df is None else self.df[weeks])

    def minus(self, other: Curve) -> Curve:
        """The difference between two effects on the same list of persons."""
        df = self.df if other.df is None else other.df if self.df is None else np.minimum(self.df, other.df)
        return replace(self, effect=self.effect - other.effect, psi=self.psi - other.psi, df=df)

    def by_cluster(self, cluster: NDArray[np.int64]) -> Curve:
        """Sum the influence inside clusters first (CR0): for a lottery that drew clusters, not persons."""
        return replace(self, psi=sum_by(self.psi, cluster))


def settled(curve: Curve, y: Floats) -> Curve:
    """What rounding alone has left of an effect and its error is nought."""
    spread = np.einsum("ij,ij->j", curve.psi, curve.psi)
    if spread.size and spread.min() > (ROUNDING * max(abs(float(y.min())), abs(float(y.max())))) ** 2:  # as nearly always: two reads of y, and done
        return curve
    dust = ROUNDING * np.abs(np.where(np.isfinite(y), y, 0.0)).max(axis=0, initial=0.0)  # those not seen may be anything
    flat = spread <= dust**2
    if not flat.any():
        return curve
    return replace(curve, effect=np.where(flat & (np.abs(curve.effect) <= dust), 0.0, curve.effect), psi=np.where(flat, 0.0, curve.psi))


def sum_by(values: NDArray[np.generic], label: NDArray[np.int64]) -> Floats:
    """Row sums by label, 0 to the largest; many times faster than adding row by row."""
    found = np.zeros((int(label.max()) + 1, *values.shape[1:]))
    if (np.diff(label) < 0).any():
        order = np.argsort(label, kind="stable")
        values, label = values[order], label[order]
    begins = np.flatnonzero(np.diff(label, prepend=-1))
    found[label[begins]] = np.add.reduceat(values, begins, axis=0)
    return found


def whole(observed: NDArray[np.bool_] | None, outcome: Floats) -> NDArray[np.bool_]:
    return np.ones(outcome.shape, dtype=bool) if observed is None else observed


def as_weeks(outcome: NDArray[np.generic]) -> Floats:
    """Persons × weeks, also for a single outcome."""
    found = np.asarray(outcome, dtype=float)
    return found[:, None] if found.ndim == 1 else found
