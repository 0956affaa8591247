"""Does it help some more than others? The effect in each part, and the test of the difference between the parts.

"Significant here and not there" is not a difference (Gelman & Stern 2006): only the contrast is, and it is always beside them.
Equal effects in k parts: Wald statistic of the k-1 contrasts, chi-square; where clusters were drawn HTZ's F, since they are few (`clusters`).
Where clusters were drawn a part has as many clusters in each arm as an error takes, and the parts are tied together by the clusters they share.
`interaction` lets the effect change along a covariate: y = α_s + βZ + δ(m - m̄) + θZ(m - m̄) + γX, θ with HC2.
`family` is all parts at one number declared beforehand: Holm, and sup-t over the parts from their joint covariance, since they share persons
(Romano & Wolf 2005; Montiel Olea & Plagborg-Møller 2019).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from snerydder.effects import clusters
from snerydder.effects.bands import absolute_draws, adjusted, within
from snerydder.effects.difference import difference
from snerydder.effects.given import checked
from snerydder.effects.multiplicity import holm
from snerydder.effects.regression import alone_in, design, fit
from snerydder.effects.results import Curve, Floats, Refused, as_weeks, settled
from snerydder.effects.weighting import weighted

FEWEST = 20
FEWEST_CLUSTERS = 4  # with persons of the part, in each arm


@dataclass(frozen=True)
class Part:
    name: str
    persons: float  # NaN where the disclosure gate holds it back
    curve: Curve | Refused


@dataclass(frozen=True)
class Split:
    name: str
    parts: tuple[Part, ...]
    contrast: Curve | None  # first part less second, when there are two
    homogeneity_p: float | None


@dataclass(frozen=True)
class Family:
    """In the order of `names`, at one number each."""

    names: tuple[str, ...]
    effect: Floats
    error: Floats
    p: Floats
    p_holm: Floats
    p_joint: Floats  # sup-t, stepping down
    lower: Floats  # simultaneous: all parts inside at once
    upper: Floats
    critical: float


def split(
    name: str,
    outcome: NDArray[np.generic],
    treated: NDArray[np.bool_],
    stratum: NDArray[np.int64],
    groups: dict[str, NDArray[np.bool_]],
    observed: NDArray[np.bool_] | None = None,
    cluster: NDArray[np.int64] | None = None,
    probability: Floats | None = None,
) -> Split:
    """`cluster` when clusters were drawn, `probability` (per person) when each had a chance of its own."""
    parts = []
    for label, members in groups.items():
        curve = too_few(treated, members, cluster) or _inside(outcome, treated, stratum, members, observed, cluster, probability)
        parts.append(Part(label, int(members.sum()), curve))
    curves = [part.curve for part in parts if isinstance(part.curve, Curve)]
    if len(curves) != len(parts) or len(parts) < 2:
        return Split(name, tuple(parts), None, None)
    contrast = curves[0].minus(curves[1]) if len(parts) == 2 else None
    if cluster is None:
        return Split(name, tuple(parts), contrast, _homogeneity(curves))
    same = clusters.equal(as_weeks(outcome)[:, 0], treated, cluster, stratum, list(groups.values()))
    if isinstance(same, Refused):
        return Split(name, tuple(parts), contrast, None)
    return Split(name, tuple(parts), contrast and replace(contrast, df=np.full(len(contrast.effect), same.df2)), same.p)


def too_few(treated: NDArray[np.bool_], members: NDArray[np.bool_], cluster: NDArray[np.int64] | None = None) -> Refused | None:
    arms = [members & treated, members & ~treated]
    smallest = min(int(arm.sum()) for arm in arms)
    if smallest < FEWEST:
        return Refused(f"Under {FEWEST} personer i den ene gruppe.", "small-part", f"Fewer than {FEWEST} persons in one arm.")
    fewest = FEWEST_CLUSTERS if cluster is None else min(len(np.unique(cluster[arm])) for arm in arms)
    if fewest < FEWEST_CLUSTERS:
        return Refused(f"Kun {fewest} klynger i den ene gruppe; der kræves {FEWEST_CLUSTERS}.", "few-clusters", f"Only {fewest} clusters in one arm; {FEWEST_CLUSTERS} are needed.")
    return None


def family(curves: dict[str, Curve], level: float, generator: np.random.Generator) -> Family | Refused:
    """The first column of each curve, all over the same persons; the week or mean they stand for is declared before they are seen."""
    if not curves:
        return Refused("Der er ingen undergrupper at se på.", "no-parts", "There are no parts to look at.")
    effect = np.array([curve.effect[0] for curve in curves.values()])
    df = None if any(curve.df is None for curve in curves.values()) else np.array([curve.df[0] for curve in curves.values() if curve.df is not None])
    joint = Curve(effect, np.column_stack([curve.psi[:, 0] for curve in curves.values()]), "parts", len(next(iter(curves.values())).psi), df)
    drawn = absolute_draws(joint.covariance, generator, df=df)
    if isinstance(drawn, Refused):
        return drawn
    stepped = adjusted(joint, drawn)
    critical = within(float(np.quantile(drawn.max(axis=1), level)), df)
    return Family(
        tuple(curves),
        effect,
        joint.error,
        joint.p,
        holm(joint.p),
        stepped,
        effect - critical * joint.error,
        effect + critical * joint.error,
        critical,
    )


@checked
def interaction(
    outcome: NDArray[np.generic], treated: NDArray[np.bool_], stratum: NDArray[np.int64], moderator: Floats, covariates: Floats | None = None,
    cluster: NDArray[np.int64] | None = None,
) -> Curve | Refused:  # fmt: skip
    """θ: how much the effect changes when the moderator is one larger, week by week. `cluster` when clusters were drawn: CR2."""
    y, centred = as_weeks(outcome), moderator - moderator.mean()
    x = np.hstack([(treated * centred)[:, None], centred[:, None], design(treated, stratum, covariates)])
    if cluster is not None:
        return clusters.by_columns(y, x, cluster)
    found = fit(y, x)
    if isinstance(found, Refused):
        return found
    if alone := alone_in(found, "HC2"):
        return alone
    psi = found.residuals * (found.bread[0] / np.sqrt(1 - found.leverage))[:, None]
    return settled(Curve(found.coefficients[0], psi, "interaction, HC2", len(y)), y / max(float(np.abs(centred).max()), 1e-300))


def _inside(
    outcome: NDArray[np.generic],
    treated: NDArray[np.bool_],
    stratum: NDArray[np.int64],
    members: NDArray[np.bool_],
    observed: NDArray[np.bool_] | None,
    cluster: NDArray[np.int64] | None,
    probability: Floats | None,
) -> Curve | Refused:
    rows = np.flatnonzero(members)
    seen = None if observed is None else observed[rows]
    if cluster is not None and probability is not None:
        return clusters.OWN_CHANCES
    if cluster is not None:
        found = clusters.clustered(outcome[rows], treated[rows], cluster[rows], stratum[rows], None, "CR2", seen)
    elif probability is not None:
        found = weighted(outcome[rows], treated[rows], probability[rows], seen)
    else:
        found = difference(outcome[rows], treated[rows], stratum[rows], seen)
    if isinstance(found, Refused):
        return found
    units = np.arange(len(members)) if cluster is None else np.unique(cluster)  # psi has a row for each of these
    psi = np.zeros((len(units), found.psi.shape[1]))
    psi[np.searchsorted(units, rows if cluster is None else np.unique(cluster[rows]))] = found.psi
    return replace(found, psi=psi, persons=len(rows))


def _homogeneity(curves: list[Curve]) -> float | None:
    """Of the first column: the parts are summarised in one number before they are compared."""
    effects = np.array([curve.effect[0] for curve in curves])
    psi = np.stack([curve.psi[:, 0] for curve in curves], axis=1)
    contrasts = np.eye(len(curves))[1:] - np.eye(len(curves))[0]
    gap, covariance = contrasts @ effects, contrasts @ (psi.T @ psi) @ contrasts.T
    if np.linalg.matrix_rank(covariance) < len(gap):
        return None
    return float(chdtrc(len(gap), float(gap @ np.linalg.solve(covariance, gap))))
