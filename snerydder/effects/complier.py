"""The effect of receiving the mentor, for those who received one because the draw said so (LATE).

β_t = z̃'y_t / z̃'d with z̃ the draw less its strata (and covariates); psi_it = z̃_i (ỹ_it - β_t d̃_i)/(z̃'d) · √(n/(n-k)), HC1
(Imbens & Angrist 1994; Angrist, Imbens & Rubin 1996). Strata must be saturated when the lottery's share differs between them
(Blandhol, Bonney, Mogstad & Torgovitsky 2022). Weeks in which only some are seen are estimated on those; their psi is zero for the others.
The Anderson-Rubin set {b : |π_y - bπ_d| ≤ c·se} holds its level however weak the first stage is (Anderson & Rubin 1949). It may be an
interval, two rays or the whole line; with one instrument it always holds β_t, so it is never empty.
Shares: always = E[D|Z=0], never = 1 - E[D|Z=1], compliers the rest, strata by size. Means of a covariate among compliers by Abadie's (2003)
κ = 1 - D(1-Z)/(1-p) - (1-D)Z/p: Σκx/Σκ.
Where clusters were drawn π_y and π_d are the two regressions with CR2 and Satterthwaite's df, so V_yy, V_dd, V_yd are sums over clusters and c is t's;
psi_gt = (psi_y - β_t psi_d)/π_d is then CR2 of 2SLS itself, for the residuals of y - βd on the draw are its own (Pustejovsky & Tipton 2018).
Where each had a chance of its own the two are Hájek's differences, and β_t is their ratio.
Outcomes persons × weeks, receipt per person or person × week, effects in the outcome's unit among compliers. Refused: F below 10 in every week (the set is still
to be had), a week without one of the arms, receipt that is not yes or no.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from snerydder.effects import clusters
from snerydder.effects.attrition import arm_weights
from snerydder.effects.given import checked
from snerydder.effects.regression import design, fit, patterns
from snerydder.effects.results import Curve, Floats, Refused, as_weeks, settled, whole
from snerydder.effects.weighting import CERTAIN, weighted

WEAK = 10.0
Set = tuple[tuple[float, float], ...]  # intervals; infinite ends are rays


@dataclass(frozen=True)
class Complier:
    curve: Curve  # over `weeks`, jointly, so simultaneous bands follow
    weeks: NDArray[np.int64]  # the columns estimated: those where the draw moves receipt enough
    weekly_f: Floats  # robust F of the first stage, every column
    first_stage: float  # among all drawn, in the last column estimated
    first_stage_error: float
    robust_f: float
    always: float
    never: float
    control_mean: Floats  # over `weeks`: of compliers, had they not been drawn
    anderson_rubin: tuple[Set, ...]  # over `weeks`

    def every_week(self) -> Complier:
        """A column for each there was, NaN and without a set where the draw moved receipt too little."""
        rows = {int(week): place for place, week in enumerate(self.weeks)}
        place = np.array([rows.get(week, -1) for week in range(len(self.weekly_f))])

        def wide(values: Floats) -> Floats:
            return np.where(place < 0, np.nan, values[..., place])

        one = self.curve
        curve = replace(one, effect=wide(one.effect), psi=wide(one.psi), df=None if one.df is None else np.where(place < 0, one.df.min(), one.df[place]))
        sets = tuple(() if at < 0 else self.anderson_rubin[at] for at in place.tolist())
        return replace(self, curve=curve, weeks=np.arange(len(place)), control_mean=wide(self.control_mean), anderson_rubin=sets)


@dataclass(frozen=True)
class Means:
    """Who the compliers are: one column per covariate."""

    compliers: Curve
    always: Floats  # NaN when there are none
    never: Floats
    everybody: Floats


@dataclass(frozen=True)
class _Stages:
    """Reduced form, first stage and their psi for every week."""

    reduced: Floats
    first: Floats
    psi_y: Floats
    psi_d: Floats
    df: Floats | None = None

    @property
    def f(self) -> Floats:
        variance = (self.psi_d**2).sum(axis=0)
        return np.divide(self.first**2, variance, out=np.where(np.abs(self.first) > 1e-9, np.inf, 0.0), where=variance > 0)

    def at(self, weeks: NDArray[np.int64]) -> _Stages:
        return _Stages(self.reduced[weeks], self.first[weeks], self.psi_y[:, weeks], self.psi_d[:, weeks], None if self.df is None else self.df[weeks])


@checked
def complier(
    outcome: NDArray[np.generic],
    received: NDArray[np.bool_],
    treated: NDArray[np.bool_],
    stratum: NDArray[np.int64],
    alpha: float,
    covariates: Floats | None = None,
    observed: NDArray[np.bool_] | None = None,
    cluster: NDArray[np.int64] | None = None,
    probability: Floats | None = None,
    kind: clusters.Kind = "CR2",
) -> Complier | Refused:
    """`received` per person, or person × week when receipt grows over the weeks. Only weeks with a strong first stage among those seen are estimated.

    `cluster` when clusters were drawn (`kind` is their error), `probability` (per person) when each had a chance of its own.
    """
    y, d = as_weeks(outcome), as_weeks(received)
    seen = whole(observed, y)
    weights = _weights(treated, stratum, probability)
    if isinstance(weights, Refused):
        return weights
    lots = _Lots(treated, stratum, covariates, cluster, probability, kind)
    stages = lots.stages(y, d, seen)
    if isinstance(stages, Refused):
        return stages
    weeks = np.flatnonzero(stages.f >= WEAK)
    if not len(weeks):
        f = float(stages.f.max())
        return Refused(
            f"Lodtrækningen flytter for lidt, hvem der fik mentor (F = {f:.1f}, der kræves 10).".replace(".", ",", 1), "weak-first-stage",
            f"The draw moves receipt too little (F = {f:.1f}, 10 is needed).",
        )  # fmt: skip
    chosen = stages.at(weeks)
    effect = chosen.reduced / chosen.first
    curve = settled(Curve(effect, (chosen.psi_y - effect * chosen.psi_d) / chosen.first, f"2SLS, {lots.error}", len(y), chosen.df), y[:, weeks])
    last = d[:, [weeks[-1] if d.shape[1] > 1 else 0]]
    all_drawn = lots.stages(last, last, np.ones(last.shape, dtype=bool))
    assert isinstance(all_drawn, _Stages), "the weeks could be estimated"
    control = _control_mean(y[:, weeks], d[:, weeks] if d.shape[1] > 1 else d, seen[:, weeks], treated, stratum, probability)
    return Complier(
        curve, weeks, stages.f, float(all_drawn.first[0]), float(np.sqrt((all_drawn.psi_d**2).sum())), float(all_drawn.f[0]),
        float(weights[~treated] @ last[~treated, 0]), float(1 - weights[treated] @ last[treated, 0]), control, _sets(chosen, alpha),
    )  # fmt: skip


@checked
def anderson_rubin(
    outcome: NDArray[np.generic],
    received: NDArray[np.bool_],
    treated: NDArray[np.bool_],
    stratum: NDArray[np.int64],
    alpha: float,
    covariates: Floats | None = None,
    observed: NDArray[np.bool_] | None = None,
    cluster: NDArray[np.int64] | None = None,
    probability: Floats | None = None,
    kind: clusters.Kind = "CR2",
) -> tuple[Set, ...] | Refused:
    """Per week what is not rejected, also where the first stage is too weak for an estimate."""
    y = as_weeks(outcome)
    stages = _Lots(treated, stratum, covariates, cluster, probability, kind).stages(y, as_weeks(received), whole(observed, y))
    return stages if isinstance(stages, Refused) else _sets(stages, alpha)


@checked
def complier_means(covariates: Floats, received: NDArray[np.bool_], treated: NDArray[np.bool_], stratum: NDArray[np.int64]) -> Means | Refused:
    """With p the share drawn in the stratum, Σκx/n is stratum by stratum x̄ less the means of Dx among controls and (1-D)x among those drawn."""
    x, d = as_weeks(covariates), received.astype(float)
    if not np.isfinite(x).all():
        return Refused("En baggrundsoplysning mangler. Udfyld den med en konstant og en markering.", "missing-covariate", "A covariate is missing.")
    weights = arm_weights(treated, stratum)
    if isinstance(weights, Refused):
        return weights
    control, drawn = np.where(treated, 0.0, weights), np.where(treated, weights, 0.0)
    share = 1.0 - float(control @ d) - float(drawn @ (1 - d))
    if share <= 0.01:
        return Refused("Næsten ingen fik en mentor, fordi de blev trukket.", "no-compliers", "Hardly anybody received a mentor because of the draw.")
    mean = (x.mean(axis=0) - (control * d) @ x - (drawn * (1 - d)) @ x) / share
    psi, gap = np.zeros(x.shape), x - mean
    for label in np.unique(stratum):
        here = stratum == label
        psi[here] += (gap[here] - gap[here].mean(axis=0)) / len(x)
        for rows, taking in ((here & ~treated, d), (here & treated, 1 - d)):
            part = taking[rows, None] * gap[rows]
            psi[rows] -= weights[rows, None] * (part - part.mean(axis=0))
    always, never = (
        (weight * taking) @ x / (weight @ taking) if (weight @ taking) > 0 else np.full(x.shape[1], np.nan)
        for weight, taking in ((control, d), (drawn, 1 - d))
    )
    return Means(Curve(mean, psi / share, "complier means, Abadie's kappa", len(x)), always, never, x.mean(axis=0))


@dataclass(frozen=True)
class _Lots:
    """What was drawn, and so how the two stages are estimated."""

    treated: NDArray[np.bool_]
    stratum: NDArray[np.int64]
    covariates: Floats | None
    cluster: NDArray[np.int64] | None
    probability: Floats | None
    kind: clusters.Kind

    @property
    def error(self) -> str:
        return self.kind if self.cluster is not None else "HC1" if self.probability is None else "Hájek weights"

    def stages(self, y: Floats, d: Floats, seen: NDArray[np.bool_]) -> _Stages | Refused:
        if self.cluster is None and self.probability is None:
            return _stages(y, d, self.treated, self.stratum, self.covariates, seen)
        if self.cluster is not None and self.probability is not None:
            return clusters.OWN_CHANCES
        both, weeks = np.hstack([np.broadcast_to(d, y.shape), y]), y.shape[1]
        if self.cluster is not None:
            found = clusters.clustered(both, self.treated, self.cluster, self.stratum, self.covariates, self.kind, np.hstack([seen, seen]))
        else:
            assert self.probability is not None
            found = weighted(both, self.treated, self.probability, np.hstack([seen, seen]))
        if isinstance(found, Refused):
            return found
        return _Stages(found.effect[weeks:], found.effect[:weeks], found.psi[:, weeks:], found.psi[:, :weeks], None if found.df is None else found.df[weeks:])


def _weights(treated: NDArray[np.bool_], stratum: NDArray[np.int64], probability: Floats | None) -> Floats | Refused:
    """Each arm's weights sum to one and stand for everybody drawn."""
    if probability is None:
        return arm_weights(treated, stratum)
    if not ((probability > 0) & (probability < 1)).all():
        return CERTAIN
    each = np.where(treated, 1 / probability, 1 / (1 - probability))
    return np.asarray(each / np.where(treated, each[treated].sum(), each[~treated].sum()))


def _stages(
    y: Floats, d: Floats, treated: NDArray[np.bool_], stratum: NDArray[np.int64], covariates: Floats | None, seen: NDArray[np.bool_]
) -> _Stages | Refused:
    """Weeks with the same persons seen share one fit."""
    weeks = y.shape[1]
    found = _Stages(np.zeros(weeks), np.zeros(weeks), np.zeros(y.shape), np.zeros(y.shape))
    x = design(treated, stratum, covariates)
    for rows, at in patterns(seen, y):
        index, columns = np.arange(len(y))[rows], np.arange(weeks)[at]
        here = x[index][:, x[index].any(axis=0)]
        if not (treated[index].any() and not treated[index].all()):
            return Refused(f"I uge {columns[0]} er kun den ene gruppe set.", "empty-week", f"In week {columns[0]} only one arm is seen.")
        takes = d[index] if d.shape[1] == 1 else d[np.ix_(index, columns)]
        others = fit(np.hstack([here[:, :1], takes, y[np.ix_(index, columns)]]), here[:, 1:])
        if isinstance(others, Refused):
            return others
        z, rest = others.residuals[:, :1], others.residuals[:, 1:]
        spread = float((z**2).sum())
        if spread <= 1e-10 * len(z):
            return Refused("Lodtrækningen følger af strata og baggrund.", "collinear", "The draw follows from strata and covariates.")
        slope = z.T @ rest / spread
        psi = z * (rest - z * slope) / spread * np.sqrt(len(z) / (len(z) - here.shape[1]))
        many = takes.shape[1]
        found.first[columns], found.reduced[columns] = slope[0, :many], slope[0, many:]
        found.psi_d[np.ix_(index, columns)], found.psi_y[np.ix_(index, columns)] = psi[:, :many], psi[:, many:]
    stage, form = settled(Curve(found.first, found.psi_d, "", len(y)), d), settled(Curve(found.reduced, found.psi_y, "", len(y)), y)
    return _Stages(form.effect, stage.effect, form.psi, stage.psi)


def _control_mean(
    y: Floats, d: Floats, seen: NDArray[np.bool_], treated: NDArray[np.bool_], stratum: NDArray[np.int64], probability: Floats | None
) -> Floats:
    """[E(Y(1-D)|Z=1) - E(Y(1-D)|Z=0)] / [E(1-D|Z=1) - E(1-D|Z=0)], strata by size among those seen. NaN where a stratum lacks an arm."""
    found = np.full(y.shape[1], np.nan)
    takes = np.broadcast_to(d, y.shape)
    for rows, at in patterns(seen, y):
        weights = _weights(treated[rows], stratum[rows], None if probability is None else probability[rows])
        if isinstance(weights, Refused):
            continue
        signed = np.where(treated[rows], weights, -weights)
        without = 1 - takes[rows][:, at]
        found[at] = signed @ (y[rows][:, at] * without) / (signed @ without)
    return found


def _sets(stages: _Stages, alpha: float) -> tuple[Set, ...]:
    c = np.broadcast_to((ndtri(alpha / 2) if stages.df is None else stdtrit(stages.df, alpha / 2)) ** 2, stages.reduced.shape)
    v_yy, v_dd, v_yd = (stages.psi_y**2).sum(axis=0), (stages.psi_d**2).sum(axis=0), (stages.psi_y * stages.psi_d).sum(axis=0)
    rows = np.column_stack([stages.reduced, stages.first, v_yy, v_dd, v_yd, c]).tolist()
    return tuple(solve(*row) for row in rows)


def solve(y: float, d: float, v_yy: float, v_dd: float, v_yd: float, c: float) -> Set:
    """(d² - cV_dd) b² - 2(yd - cV_yd) b + (y² - cV_yy) ≤ 0."""
    a, half, rest = d * d - c * v_dd, y * d - c * v_yd, y * y - c * v_yy
    inside = half * half - a * rest
    if abs(a) < 1e-300:
        return ((-np.inf, np.inf),)
    if abs(inside) <= 1e-14 * half * half:
        inside = 0.0  # rounding: β itself is never rejected
    if inside <= 0 and a < 0:
        return ((-np.inf, np.inf),)
    if inside < 0:
        return ()
    low, high = sorted(((half - inside**0.5) / a, (half + inside**0.5) / a))
    return ((low, high),) if a > 0 else ((-np.inf, low), (high, np.inf))
