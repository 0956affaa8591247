"""The numbers of a study, counted again by other programs and by hand. `largest(file)` tells by how much each differs at most."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from snerydder.effects import clusters, complier, regression, spells, survival
from snerydder.effects.difference import difference
from snerydder.effects.results import Curve, Refused
from snerydder.effects.weighting import weighted
from snerydder.registers import outcomes
from snerydder.study import analysis, data, protocol, redrawn
from snerydder.study.estimating import covariates, estimate
from snerydder.study.progress import Silent

FEW_LOTTERIES = 3000


def apart(ours: Any, theirs: Any) -> float:
    """The largest difference, relative to numbers over one; a hyphen must stand against one."""
    ours, theirs = np.ravel(np.asarray(ours, dtype=float)), np.ravel(np.asarray(theirs, dtype=float))
    if not np.array_equal(np.isnan(ours), np.isnan(theirs)):
        return float("inf")
    gap = np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1)
    return float(np.nanmax(gap, initial=0.0))


def by_hand(y: Any, treated: Any, stratum: Any, seen: Any) -> tuple[list[float], list[float]]:
    """Neyman's difference, one week and one stratum at a time."""
    effects, errors = [], []
    for week in range(y.shape[1]):
        size = effect = variance = 0.0
        for label in sorted(set(stratum.tolist())):
            arms = [[float(y[row, week]) for row in range(len(y)) if stratum[row] == label and seen[row, week] and treated[row] == arm] for arm in (True, False)]
            if min(map(len, arms)) < 2:
                continue
            means = [sum(arm) / len(arm) for arm in arms]
            n = len(arms[0]) + len(arms[1])
            size, effect = size + n, effect + n * (means[0] - means[1])
            variance += n * n * sum(sum((one - mean) ** 2 for one in arm) / (len(arm) - 1) / len(arm) for arm, mean in zip(arms, means, strict=True))
        effects.append(effect / size)
        errors.append(variance**0.5 / size if variance > 1e-20 else float("nan"))
    return effects, errors


def ols(y: Any, x: Any, **kind: Any) -> tuple[float, float]:
    from statsmodels.api import OLS

    found = OLS(y, x).fit(**kind)
    spread = float(np.abs(found.resid).max())
    return float(found.params[0]), float(found.bse[0]) if spread > 1e-9 else float("nan")


def largest(file: Path) -> dict[str, float]:
    read = protocol.read(file)
    loaded, found = data.load(read), dict[str, float]()
    treated, stratum = loaded.treated, loaded.stratum
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs divide by nought where ours say so
        for one in read.outcomes:
            module = outcomes.find(one.name)
            assert module is not None
            for name, gap in _outcome(loaded, module.weekly(loaded.seen), one.week, treated, stratum).items():
                found[name] = max(gap, found.get(name, 0.0))
        found |= _lottery(loaded)
        found |= _benefit(loaded)
    return found


def _outcome(loaded: Any, y: Any, week: int, treated: Any, stratum: Any) -> dict[str, float]:
    told, seen = dict[str, float](), loaded.observed
    mine = estimate(loaded, y, seen)
    rows = seen[:, week]
    values, arm = y[rows, week].astype(float), treated[rows]
    dummies = (stratum[rows][:, None] == np.unique(stratum[rows])[None, :]).astype(float)
    x = np.column_stack([arm, dummies])
    if isinstance(mine, Refused):
        return told
    if loaded.cluster is None and loaded.probability is None:
        effect, error = by_hand(y, treated, stratum, seen)
        told["difference, by hand"] = max(apart(mine.effect, effect), apart(mine.error, error))
        for kind in ("HC0", "HC1", "HC2", "HC3"):
            ours = regression.regression(y[:, [week]], treated, stratum, None, kind, observed=seen[:, [week]])
            if isinstance(ours, Curve):
                told[f"strata {kind}, statsmodels"] = apart([ours.effect[0], ours.error[0]], ols(values, x, cov_type=kind))
        told |= _covariates(loaded, y, week, values, arm, dummies, rows)
    if loaded.probability is not None:
        told["own chances, by hand"] = _hajek(y[:, week], treated, loaded.probability, rows)
    if loaded.cluster is not None:
        for kind, correct in (("CR0", False), ("CR1S", True)):
            ours = clusters.clustered(y[:, [week]], treated, loaded.cluster, stratum, None, kind, seen[:, [week]])
            if isinstance(ours, Curve):
                theirs = ols(values, x, cov_type="cluster", cov_kwds={"groups": np.unique(loaded.cluster[rows], return_inverse=True)[1], "use_correction": correct})
                told[f"clusters {kind}, statsmodels"] = apart([ours.effect[0], ours.error[0]], theirs)
    told |= _receipt(loaded, y[:, [week]], rows, values, arm, dummies)
    return told


def _covariates(loaded: Any, y: Any, week: int, values: Any, arm: Any, dummies: Any, rows: Any) -> dict[str, float]:
    told, matrix = dict[str, float](), covariates(loaded)
    if not matrix.shape[1]:
        return told
    here = matrix[rows]
    for lin in (False, True):
        ours = regression.regression(y[:, [week]], loaded.treated, loaded.stratum, matrix, "HC2", lin=lin, observed=loaded.observed[:, [week]])
        others = np.hstack([dummies[:, 1:], here])
        centred = others - others.mean(axis=0)
        x = np.column_stack([arm, np.ones(len(arm)), centred, centred * arm[:, None]]) if lin else np.column_stack([arm, dummies, here])
        if isinstance(ours, Curve) and rows.all():
            told[f"{'Lin' if lin else 'covariates'} HC2, statsmodels"] = apart([ours.effect[0], ours.error[0]], ols(values, x, cov_type="HC2"))
    return told


def _hajek(y: Any, treated: Any, chance: Any, rows: Any) -> float:
    ours = weighted(y[:, None], treated, chance, rows[:, None])
    if isinstance(ours, Refused):
        return 0.0
    means, variance = [], 0.0
    for arm, weight in ((treated, 1 / chance), (~treated, 1 / (1 - chance))):
        here = rows & arm
        mean = float((weight[here] * y[here]).sum() / weight[here].sum())
        n = int(here.sum())
        variance += n / (n - 1) * float(((weight[here] * (y[here] - mean)) ** 2).sum()) / float(weight[here].sum()) ** 2
        means.append(mean)
    return apart([ours.effect[0], ours.error[0]], [means[0] - means[1], variance**0.5 if variance > 1e-20 else np.nan])


def _receipt(loaded: Any, y: Any, rows: Any, values: Any, arm: Any, dummies: Any) -> dict[str, float]:
    if loaded.minutes is None or loaded.cluster is not None or loaded.probability is not None:
        return {}
    got = loaded.minutes.sum(axis=1) > 0
    late = complier.complier(y, got, loaded.treated, loaded.stratum, 0.1, None, rows[:, None])
    if isinstance(late, Refused) or not late.curve.error[0] > 0:
        return {}
    from linearmodels.iv import IV2SLS

    theirs = IV2SLS(values, dummies, got[rows].astype(float), arm.astype(float)).fit(cov_type="robust", debiased=True)
    return {"receipt, linearmodels": apart([late.curve.effect[0], late.curve.error[0]], [theirs.params["endog"], theirs.std_errors["endog"]])}


def _lottery(loaded: Any) -> dict[str, float]:
    """Every lottery there could have been, one at a time."""
    scheme = redrawn.scheme(loaded)
    if loaded.probability is not None or loaded.cluster is not None or scheme.possible() > FEW_LOTTERIES:
        return {}
    weekly = {one.name: outcomes.find(one.name).weekly(loaded.seen) for one in loaded.protocol.outcomes}  # type: ignore[union-attr]
    ours = analysis._permute(loaded, weekly, Silent())
    if not ours.redraws:
        return {}
    y = np.hstack([np.where(loaded.observed, one, False) for one in weekly.values()])

    def reach(arm: Any) -> Any:
        curve = difference(y, arm, loaded.stratum)
        return np.where(np.isnan(curve.error), np.where(curve.effect != 0, np.inf, 0.0), np.abs(curve.effect / curve.error)) if isinstance(curve, Curve) else np.zeros(y.shape[1])

    mine, every = reach(loaded.treated), np.concatenate(list(scheme.every()))
    p = np.mean([reach(arm) >= mine * (1 - 1e-7) for arm in every], axis=0)
    return {"all lotteries, by hand": apart(ours.p[: y.shape[1]], p)}


def _benefit(loaded: Any) -> dict[str, float]:
    from statsmodels.duration.survfunc import SurvfuncRight

    on = loaded.seen.marked("on_transfer") & ~loaded.seen.marked("education")
    found = spells.episodes(on, loaded.observed, spells.GAP, np.zeros(len(on), dtype=np.int64))
    first = found.where((found.begin <= spells.GAP) & found.usable).first()
    if not len(first.person):
        return {}
    ours = survival.kaplan_meier(first.exit, first.ended)
    if isinstance(ours, Refused):
        return {}
    theirs = SurvfuncRight(first.exit.astype(float), first.ended.astype(int))
    return {"on benefit, statsmodels": max(apart(ours.share, theirs.surv_prob), apart(ours.error[ours.share > 0], np.asarray(theirs.surv_prob_se)[ours.share > 0]))}


def table(seeds: range) -> dict[str, tuple[int, float]]:
    """Over many odd studies: in how many each was held against the other, and the largest difference."""
    import tempfile

    from snerydder.registers.faults import BadInput
    from tests.study import odd_studies

    told: dict[str, tuple[int, float]] = {}
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            file = odd_studies.made(Path(folder), seed)
            try:
                if protocol.read(file).design != "lottery":
                    continue
                found = largest(file)
            except BadInput:
                continue
        for name, gap in found.items():
            count, most = told.get(name, (0, 0.0))
            if gap > 1e-6:
                print(seed, name, gap, flush=True)
            told[name] = (count + 1, max(gap, most))
    return told


if __name__ == "__main__":
    import sys

    for name, (count, gap) in sorted(table(range(int(sys.argv[1]), int(sys.argv[2]))).items()):
        print(f"{name:32s} {count:5d} studies  {gap:.1e}")
