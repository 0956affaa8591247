"""When the lottery drew clusters (job centres, mentors, teams) and not persons: errors by cluster.

CR0: Σ_g (a_g'e_g)²  (Liang & Zeger 1986).  CR1 = G/(G-1)·CR0.  CR1S = G/(G-1)·(n-1)/(n-k)·CR0, what Stata and most others call "cluster".
CR2: e_g → (I - H_gg)^(-1/2) e_g  (Bell & McCaffrey 2002), with Satterthwaite degrees of freedom (Pustejovsky & Tipton 2018):
with p_g = (I-H)_g' A_g X_g (X'X)⁻¹ l and B = [p_1 … p_G],  df = (tr B'B)² / tr (B'B)².
Parts of the persons (women, men) are the regression in which everything differs by part: X is block by block, so each part's CR2 is its own,
and the parts are tied together by the clusters they share. Are the q+1 effects equal? With d = CVC' over its working mean, η = q(q+1)/Σ Var(d_st),
F = (η-q+1)/(ηq) (Cβ)'(CVC')⁻¹(Cβ), F(q, η-q+1) (Pustejovsky & Tipton 2018, HTZ); for two parts it is t² with Satterthwaite's df.
An individual lottery inside municipalities is not clustered; it is stratified (Abadie, Athey, Imbens & Wooldridge 2023).
`by_lots` is for estimators that are no regression (incidence, restricted means, bounds): their influence less its mean in each arm of
each stratum, summed by cluster and widened by √(G/(G-1)), which is CR2 where clusters are alike. Satterthwaite's df with persons alike and independent: with m the
clusters' shares of the persons in the cell, C = diag(m) - mm' and k = (n_s/n)² G/((G-1) n_cell),  df = (Σ k tr C)² / Σ k² tr C².
Persons × weeks in, psi clusters × weeks, effects in the outcome's unit. Refused: fewer clusters than columns, and a cluster that is alone to show part of the
effect (the only one of its arm): its residuals add up to nought, and each form would count its ups and downs as none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc

from snerydder.effects.given import checked
from snerydder.effects.regression import Fit, both_arms, design, fit, patterns, seen_of
from snerydder.effects.results import Curve, Floats, Refused, as_weeks, settled, sum_by

Kind = Literal["CR0", "CR1", "CR1S", "CR2"]


OWN_CHANCES = Refused("Klynger, der hver havde sin egen chance, har intet estimat her; kun lodtrækningen selv kan prøve dem.", "clusters", "Clusters with a chance each have no estimate here; only the lottery itself can test them.")


@dataclass(frozen=True)
class Equal:
    """Are the effects of the parts the same?"""

    f: float
    df1: int
    df2: float
    p: float


@checked
def clustered(
    outcome: NDArray[np.generic],
    treated: NDArray[np.bool_],
    cluster: NDArray[np.int64],
    stratum: NDArray[np.int64] | None = None,
    covariates: Floats | None = None,
    kind: Kind = "CR2",
    observed: NDArray[np.bool_] | None = None,
    lin: bool = False,
) -> Curve | Refused:
    """psi is clusters × weeks; a cluster nobody is seen in that week has none. `df` per week with CR2."""
    y = as_weeks(outcome)
    labels, member = np.unique(cluster, return_inverse=True)
    x, member = design(treated, stratum, covariates, lin), member.ravel()
    weeks = y.shape[1]
    effect, psi, df = np.zeros(weeks), np.zeros((len(labels), weeks)), np.zeros(weeks)
    for rows, at in patterns(observed, y):
        index, columns = np.arange(len(y))[rows], np.arange(weeks)[at]
        refused = both_arms(treated[index], columns)
        if refused:
            return refused
        here = seen_of(x, rows, treated, stratum, covariates, lin)
        present, place = np.unique(member[index], return_inverse=True)
        found = _one_pattern(y[np.ix_(index, columns)], here, place.ravel(), kind, stratum if stratum is None else stratum[index])
        if isinstance(found, Refused):
            return found
        effect[columns], df[columns] = found.effect, 0.0 if found.df is None else found.df
        psi[np.ix_(present, columns)] = found.psi
    return Curve(effect, psi, f"LPM, {kind}", len(y), df if kind == "CR2" else None)


def by_columns(outcome: NDArray[np.generic], x: Floats, cluster: NDArray[np.int64]) -> Curve | Refused:
    """CR2 of the first column's coefficient in a regression of one's own, everybody seen in every week."""
    return _one_pattern(as_weeks(outcome), x, np.unique(cluster, return_inverse=True)[1].ravel(), "CR2", None)


def by_lots(curve: Curve, treated: NDArray[np.bool_], cluster: NDArray[np.int64], stratum: NDArray[np.int64]) -> Curve | Refused:
    """`curve` has a row of psi for each person. Each stratum needs two clusters in each arm: with one there is nothing to measure the spread by."""
    psi, sums, squares = np.array(curve.psi), 0.0, 0.0
    for label in np.unique(stratum):
        for arm in (True, False):
            rows = (stratum == label) & (treated == arm)
            share = np.unique(cluster[rows], return_counts=True)[1] / max(rows.sum(), 1)
            count = len(share)
            if count < 2:
                return Refused(
                    "I et stratum er der kun én klynge i den ene gruppe, så usikkerheden kan ikke måles for det tal.", "few-clusters",
                    "In one stratum there is only one cluster in an arm, so the uncertainty of that number cannot be measured.",
                )  # fmt: skip
            psi[rows] = (psi[rows] - psi[rows].mean(axis=0)) * (count / (count - 1)) ** 0.5
            weight = (stratum == label).mean() ** 2 * count / ((count - 1) * rows.sum())
            spread = np.diag(share) - np.outer(share, share)
            sums, squares = sums + weight * np.trace(spread), squares + weight**2 * (spread**2).sum()
    member = np.unique(cluster, return_inverse=True)[1].ravel()
    return replace(curve, psi=sum_by(psi, member), df=np.full(len(curve.effect), sums**2 / squares), method=f"{curve.method}, by cluster")


def _one_pattern(y: Floats, x: Floats, member: NDArray[np.int64], kind: Kind, stratum: NDArray[np.int64] | None) -> Curve | Refused:
    clusters = int(member.max()) + 1
    if clusters < 2:
        return Refused("Der er kun én klynge, så usikkerheden kan ikke måles.", "one-cluster", "There is only one cluster.")
    found = fit(y, x)
    if isinstance(found, Refused):
        return found
    n, k = x.shape
    if clusters <= k - (0 if stratum is None else len(np.unique(stratum)) - 1):
        return Refused(f"{clusters} klynger er for få til {k} kolonner.", "few-clusters", f"{clusters} clusters are too few for {k} columns.")
    arm = found.bread[0]
    if lonely := _lonely(found, arm, member):
        return lonely
    if kind != "CR2":
        small = {"CR0": 1.0, "CR1": clusters / (clusters - 1), "CR1S": clusters / (clusters - 1) * (n - 1) / (n - k)}[kind]
        return settled(Curve(found.coefficients[0], sum_by(arm[:, None] * found.residuals, member) * np.sqrt(small), kind, n), y)
    psi, gram = _bias_reduced(found, member)
    df = np.trace(gram) ** 2 / (gram**2).sum()
    return settled(Curve(found.coefficients[0], psi, kind, n, np.full(y.shape[1], df)), y)


def _lonely(found: Fit, arm: Floats, member: NDArray[np.int64]) -> Refused | None:
    """Leverage 1 for clusters: part of what the effect is made of lies where the line goes through the cluster whatever happens, as with one cluster drawn.

    That part leaves no residual, and any of these errors would count it as nought.
    """
    for g in range(int(member.max()) + 1):
        rows = member == g
        if (found.q[rows] ** 2).sum() < 1 - 1e-9:  # its leverages add up to less than one direction
            continue
        values, vectors = np.linalg.eigh(found.q[rows].T @ found.q[rows])
        taken = found.q[rows] @ vectors[:, values > 1 - 1e-9]  # the directions of (I - H_gg) that are nought
        if taken.size and ((taken.T @ arm[rows]) ** 2).sum() > 1e-12 * (arm[rows] ** 2).sum():
            return Refused(
                "En klynge er alene om at vise en del af forskellen (fx den eneste i sin gruppe), så dens eget udsving kan ikke skelnes fra effekten. Der skal mindst to klynger til i hver gruppe.", "lone-cluster",
                "One cluster alone shows a part of the difference (the only one of its arm, say), so its own ups and downs cannot be told from the effect. Each arm needs two clusters.",
            )  # fmt: skip
    return None


def _bias_reduced(found: Fit, member: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """CR2's psi, clusters × weeks, and B'B, clusters × clusters."""
    clusters, n = int(member.max()) + 1, len(member)
    psi, within, arm = np.zeros((clusters, found.residuals.shape[1])), np.zeros((n, clusters)), found.bread[0]
    for g in range(clusters):
        rows = np.flatnonzero(member == g)
        pull = _inverse_root(np.eye(len(rows)) - found.q[rows] @ found.q[rows].T) @ arm[rows]
        psi[g] = pull @ found.residuals[rows]
        within[rows, g] = pull
    residual_maker = within - found.q @ (found.q.T @ within)  # (I - H) p_g for every cluster
    return psi, residual_maker.T @ residual_maker


def equal(outcome: Floats, treated: NDArray[np.bool_], cluster: NDArray[np.int64], stratum: NDArray[np.int64], parts: Sequence[NDArray[np.bool_]]) -> Equal | Refused:
    """HTZ. `outcome` is one number a person; `parts` share clusters but no persons."""
    labels = np.unique(cluster)
    effects, psi, grams = [], [], []
    for part in parts:
        rows = np.flatnonzero(part)
        present, member = np.unique(cluster[rows], return_inverse=True)
        found = fit(as_weeks(outcome[rows]), design(treated[rows], stratum[rows]))
        if isinstance(found, Refused):
            return found
        mine, gram = _bias_reduced(found, member.ravel())
        place = np.searchsorted(labels, present)
        whole, square = np.zeros(len(labels)), np.zeros((len(labels), len(labels)))
        whole[place], square[np.ix_(place, place)] = mine[:, 0], gram
        effects.append(float(found.coefficients[0, 0]))
        psi.append(whole)
        grams.append(square)
    q = len(parts) - 1
    contrasts = np.eye(q + 1)[1:] - np.eye(q + 1)[0]
    gap, covariance = contrasts @ np.array(effects), contrasts @ np.array(psi) @ np.array(psi).T @ contrasts.T
    working = contrasts @ np.diag([np.trace(gram) for gram in grams]) @ contrasts.T
    eta = q * (q + 1) / _spread_of(np.linalg.inv(np.linalg.cholesky(working)) @ contrasts, np.array(grams))
    if eta <= q or np.linalg.matrix_rank(covariance) < q:
        return Refused("Der er for få klynger til at sammenligne så mange grupper.", "few-clusters", "There are too few clusters to compare so many parts.")
    f = float((eta - q + 1) / (eta * q) * (gap @ np.linalg.solve(covariance, gap)))
    return Equal(f, q, float(eta - q + 1), float(fdtrc(q, eta - q + 1, f)))


def _spread_of(weights: Floats, grams: Floats) -> float:
    """Σ_st Var(d_st) when the residuals are alike and independent: with G_st the inner products of contrast s in cluster g with t in h,
    Var(d_st) = Σ_gh G_ss G_tt + G_st G_ts'."""
    inner = np.einsum("sk,tk,kgh->stgh", weights, weights, grams)
    return float(np.einsum("ssgh,ttgh->", inner, inner) + np.einsum("stgh,tsgh->", inner, inner))


def _inverse_root(matrix: Floats) -> Floats:
    """Symmetric, and zero in the directions the fit has used up (Pustejovsky & Tipton 2018)."""
    values, vectors = np.linalg.eigh(matrix)
    inverse = np.where(values > 1e-10, 1 / np.sqrt(np.maximum(values, 1e-10)), 0.0)
    found: Floats = (vectors * inverse) @ vectors.T
    return found
