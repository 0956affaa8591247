"""The main estimate and the others beside it, as the lottery was: within strata, by each one's own chance, or by cluster."""

from __future__ import annotations

from collections.abc import Callable, Set

import numpy as np
from numpy.typing import NDArray

from snerydder.effects import clusters, regression, weighting, wild
from snerydder.effects.difference import difference
from snerydder.effects.results import Curve, Floats, Refused
from snerydder.lottery import draw
from snerydder.study.data import Data
from snerydder.study.findings import Number

NAMES = {
    "difference": ("Forskel {in_each}, vægtet sammen (hovedtal)", "Difference within strata, weighted together (main)"),
    "weighted": ("Vægtet med hver persons egen chance (hovedtal)", "Weighted by each person's own chance (main)"),
    "lpm_strata": ("Lineær sandsynlighedsmodel med {strata}", "Linear probability model with strata"),
    "lpm_covariates": ("Samme, med baggrund (som i den oprindelige rapport)", "The same, with background (as in the original report)"),
    "lin": ("Med baggrund, der må virke forskelligt i grupperne (Lin)", "With background free to differ by arm (Lin)"),
}


OWN_CHANCES = Refused(
    "Hver person havde sin egen chance, og det tal lægger personer sammen, som om chancen var den samme.", "not-this-lottery",
    "Each person had a chance of their own, and that number pools persons as if the chance were the same.",
)  # fmt: skip


def estimate(data: Data, outcome: NDArray[np.generic], observed: NDArray[np.bool_] | None = None, among: NDArray[np.bool_] | None = None) -> Curve | Refused:
    """The main estimate, as the lottery was: within strata, weighed by each one's own chance, or by cluster. `among` some persons only."""
    rows = np.arange(len(data.treated)) if among is None else np.flatnonzero(among)
    y, arm, seen = outcome[rows], data.treated[rows], None if observed is None else observed[rows]
    if data.cluster is not None:
        return clusters.clustered(y, arm, data.cluster[rows], data.stratum[rows], None, "CR2", seen)
    if data.probability is not None:
        return weighting.weighted(y, arm, data.probability[rows], seen)
    return difference(y, arm, data.stratum[rows], seen)


def number(curve: Curve, at: int, alpha: float, name: str = "", name_en: str = "") -> Number:
    low, high = curve.interval(alpha)
    return Number(name, name_en, float(curve.effect[at]), float(curve.error[at]), float(low[at]), float(high[at]), float(curve.p[at]))


def covariates(data: Data) -> Floats:
    return named_covariates(data)[1]


def named_covariates(data: Data, without: Set[str] = frozenset()) -> tuple[tuple[str, ...], Floats]:
    """Missing values filled with the mean and marked, never a person dropped; a column that says nothing new is left out."""
    columns: list[tuple[str, Floats]] = []
    adjusting = {one.name for one in data.protocol.background if not one.only_subgroups and one.name not in without}
    for name, values in data.background.items():
        if name not in adjusting:
            continue
        absent = np.isnan(values)
        columns.append((name, np.where(absent, np.nanmean(values), values)))
        if absent.any():
            columns.append((f"{name} (–)", absent.astype(float)))
    kept: list[Floats] = []
    names: list[str] = []
    for label, column in columns:
        if column.std() > 0 and np.linalg.matrix_rank(np.column_stack([np.ones(len(column)), *kept, column])) == len(kept) + 2:
            kept.append((column - column.mean()) / column.std())
            names.append(label)
    return tuple(names), np.column_stack(kept) if kept else np.zeros((len(data.treated), 0))


def methods(data: Data, values: NDArray[np.bool_], week: int) -> tuple[Number | Refused, ...]:
    """The headline week by every estimator the protocol names."""
    alpha, y, seen = data.protocol.alpha, values[:, [week]], data.observed[:, [week]]
    if data.cluster is not None:
        return _by_cluster(data, y, seen)
    matrix = covariates(data)
    ways: dict[str, Callable[[], list[tuple[str, Curve | Refused]]]] = {
        "difference": lambda: [("", estimate(data, y, seen))],
        "lpm_strata": lambda: [(f", {kind}", regression.regression(y, data.treated, data.stratum, None, kind, observed=seen)) for kind in data.protocol.errors],
        "lpm_covariates": lambda: [(", HC2", regression.regression(y, data.treated, data.stratum, matrix, "HC2", observed=seen))],
        "lin": lambda: [(", HC2", regression.regression(y, data.treated, data.stratum, matrix, "HC2", lin=True, observed=seen))],
    }
    found: list[Number | Refused] = []
    for name in data.protocol.estimators:
        if name != "difference" and data.probability is not None:  # a regression pools persons with unlike chances
            found.append(OWN_CHANCES)
            continue
        for suffix, curve in ways[name]():
            key = "weighted" if name == "difference" and data.probability is not None else name
            found.append(curve if isinstance(curve, Refused) else number(curve, 0, alpha, NAMES[key][0].format(in_each=data.protocol.in_each, strata=data.protocol.strata_name) + suffix, NAMES[key][1] + suffix))
    return tuple(found)


CLUSTERED = {
    "CR2": ("Klynger, CR2 med Satterthwaite (hovedtal)", "Clusters, CR2 with Satterthwaite (main)"), "CR1S": ("Klynger, CR1S", "Clusters, CR1S"),
    "CR1": ("Klynger, CR1", "Clusters, CR1"), "CR0": ("Klynger, CR0", "Clusters, CR0"),
}  # fmt: skip


def _by_cluster(data: Data, y: NDArray[np.bool_], seen: NDArray[np.bool_]) -> tuple[Number | Refused, ...]:
    """With few clusters the forms differ, so they stand side by side, and the wild bootstrap tells how often chance alone does it."""
    assert data.cluster is not None
    matrix, nothing = covariates(data), float("nan")
    kinds: tuple[clusters.Kind, ...] = ("CR2", "CR1S", "CR1", "CR0")
    ways = [(clusters.clustered(y, data.treated, data.cluster, data.stratum, None, kind, seen), CLUSTERED[kind]) for kind in kinds]
    for name, lin in (("lpm_covariates", False), ("lin", True)):
        if name in data.protocol.estimators:
            names = (f"{NAMES[name][0]}, CR2", f"{NAMES[name][1]}, CR2")
            ways.append((clusters.clustered(y, data.treated, data.cluster, data.stratum, matrix, "CR2", seen, lin), names))
    found = [curve if isinstance(curve, Refused) else number(curve, 0, data.protocol.alpha, *names) for curve, names in ways]
    drawn = wild.wild(y, data.treated, data.cluster, draw.generator(data.protocol.seed, "wild"), data.stratum, observed=seen)
    if isinstance(drawn, Refused):
        return (*found, drawn)
    return (*found, Number("Wild cluster bootstrap, p", "Wild cluster bootstrap, p", float(drawn.effect[0]), nothing, nothing, nothing, float(drawn.p[0])))
