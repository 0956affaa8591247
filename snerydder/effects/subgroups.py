"""Does it help some more than others? The effect in each part, and the test of the difference between the parts.

"Significant here and not there" is not a difference (Gelman & Stern 2006): only the contrast is, and it is always beside them.
Equal effects in k parts: Wald statistic of the k-1 contrasts, chi-square.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from snerydder.effects.difference import difference
from snerydder.effects.results import Curve, Refused

FEWEST = 20


@dataclass(frozen=True)
class Part:
    name: str
    persons: int
    curve: Curve | Refused


@dataclass(frozen=True)
class Split:
    name: str
    parts: tuple[Part, ...]
    contrast: Curve | None  # first part less second, when there are two
    homogeneity_p: float | None


def split(
    name: str, outcome: NDArray[np.generic], treated: NDArray[np.bool_], stratum: NDArray[np.int64], groups: dict[str, NDArray[np.bool_]]
) -> Split:
    parts = []
    for label, members in groups.items():
        curve: Curve | Refused
        smallest = min(int((members & treated).sum()), int((members & ~treated).sum()))
        if smallest < FEWEST:
            curve = Refused(f"Kun {smallest} personer i den ene gruppe; der kræves {FEWEST}.", "small-part", f"Only {smallest} persons in one arm; {FEWEST} are needed.")
        else:
            curve = _inside(outcome, treated, stratum, members)
        parts.append(Part(label, int(members.sum()), curve))
    curves = [part.curve for part in parts if isinstance(part.curve, Curve)]
    if len(curves) != len(parts) or len(parts) < 2:
        return Split(name, tuple(parts), None, None)
    contrast = curves[0].minus(curves[1]) if len(parts) == 2 else None
    return Split(name, tuple(parts), contrast, _homogeneity(curves))


def _inside(outcome: NDArray[np.generic], treated: NDArray[np.bool_], stratum: NDArray[np.int64], members: NDArray[np.bool_]) -> Curve | Refused:
    rows = np.flatnonzero(members)
    found = difference(outcome[rows], treated[rows], stratum[rows])
    if isinstance(found, Refused):
        return found
    psi = np.zeros((len(members), found.psi.shape[1]))
    psi[rows] = found.psi
    return Curve(found.effect, psi, found.method, len(rows))


def _homogeneity(curves: list[Curve]) -> float | None:
    """Of the first column: the parts are summarised in one number before they are compared."""
    effects = np.array([curve.effect[0] for curve in curves])
    psi = np.stack([curve.psi[:, 0] for curve in curves], axis=1)
    contrasts = np.eye(len(curves))[1:] - np.eye(len(curves))[0]
    gap, covariance = contrasts @ effects, contrasts @ (psi.T @ psi) @ contrasts.T
    if np.linalg.matrix_rank(covariance) < len(gap):
        return None
    return float(chdtrc(len(gap), float(gap @ np.linalg.solve(covariance, gap))))
