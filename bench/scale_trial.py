"""100,000 persons drawn: 836 regressions with HC1 and cluster errors, against statsmodels and pyfixest, both run in part and scaled.

.venv/bin/python bench/scale_trial.py
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import statsmodels.api as sm  # noqa: E402
from scale_data import FIRST, GROUP_OF_CODE, GROUPS, block  # noqa: E402
from told import machine, more, rounds  # noqa: E402

from snerydder import panel  # noqa: E402
from snerydder.effects import counts  # noqa: E402
from snerydder.effects.regression import regression  # noqa: E402
from snerydder.registers import kernels  # noqa: E402

PERSONS, CLUSTERS, STRATA, WEEKS = 100_000, 980, 98, 76
PART, SHARE, COVARIATES = 4, 22, 2  # regressions run by statsmodels, by pyfixest, and by statsmodels with covariates


def main() -> None:
    dice = np.random.default_rng(9)
    spells = block(0, PERSONS)
    cluster, treated = np.arange(PERSONS) % CLUSTERS, dice.random(PERSONS) < 0.5
    stratum, start, rows = cluster % STRATA, FIRST + 1500 + dice.integers(0, 14, PERSONS), np.arange(PERSONS)
    cell, label = cluster * 2 + treated, np.arange(2 * CLUSTERS) // 2
    cells = counts.Cells(np.bincount(cell, minlength=2 * CLUSTERS), label % STRATA, np.arange(2 * CLUSTERS) % 2 == 1, label)
    group = GROUP_OF_CODE[panel.codes_from(spells, rows, start, WEEKS)]
    y = np.stack([group[:, week] == one for one in range(GROUPS) for week in range(WEEKS)], axis=1)
    x = np.column_stack([treated, stratum[:, None] == np.arange(STRATA)]).astype(float)
    continuous = dice.normal(size=(PERSONS, 8))
    chosen = np.linspace(0, GROUPS * WEEKS - 1, SHARE).astype(int)
    held: dict[str, np.ndarray] = {}

    def ours() -> None:
        found = counts.regressions(kernels.count(spells, rows, start, WEEKS, cell, 2 * CLUSTERS, GROUP_OF_CODE, GROUPS), cells)
        assert isinstance(found, counts.FromCounts)
        held["ours"] = np.stack([found.effect, found.hc1, found.cr1]).reshape(3, -1)

    def judged() -> None:
        found = []
        for column in chosen[:PART]:
            model = sm.OLS(y[:, column].astype(float), x)
            robust, clustered = model.fit(cov_type="HC1"), model.fit(cov_type="cluster", cov_kwds={"groups": cluster})
            found.append((robust.params[0], robust.bse[0], clustered.bse[0]))
        held["judged"] = np.array(found).T

    frame = pd.DataFrame(
        {"arm": treated.astype(float), "stratum": stratum, "cluster": cluster} | {f"y{column}": y[:, column].astype(float) for column in chosen}
    )

    def peer() -> None:
        import pyfixest as pf

        for kind in ("hetero", {"CRV1": "cluster"}):
            pf.feols(f"{' + '.join(f'y{column}' for column in chosen)} ~ arm | stratum", frame, vcov=kind, lean=True, store_data=False)

    print(f"command: bench/scale_trial.py {' '.join(sys.argv[1:])}   ({machine()})")
    if "--covariates" not in sys.argv:
        peers = {"ours": ours, "statsmodels": judged} | ({"pyfixest": peer} if find_spec("pyfixest") else {})
        times = rounds(peers, 2)
        gap = np.abs(held["ours"][:, chosen[:PART]] - held["judged"]).max()
        assert gap < 1e-12, gap
        scaled = times | {name: times[name] * GROUPS * WEEKS / part for name, part in (("statsmodels", PART), ("pyfixest", SHARE)) if name in times}
        more(f"100k persons, 836 regressions (scaled from {PART})", scaled, "statsmodels", 10_000)
        if "pyfixest" in scaled:
            more(f"100k persons, 836 regressions (scaled from {SHARE})", scaled, "pyfixest", 1_000)
        else:
            print("    not held against pyfixest, which is not here: pip install --require-hashes -r locks/bench.txt")
        print(f"    largest difference from statsmodels {gap:.0e}")

    def matrix() -> None:
        curve = regression(y, treated, stratum, continuous, "HC1")
        held["matrix"] = np.array([curve.error[0], curve.by_cluster(cluster).error[0]])  # type: ignore[union-attr]

    def one_by_one() -> None:
        for column in chosen[:COVARIATES]:
            model = sm.OLS(y[:, column].astype(float), np.column_stack([x, continuous]))
            model.fit(cov_type="HC1"), model.fit(cov_type="cluster", cov_kwds={"groups": cluster})

    times = rounds({"ours": matrix, "statsmodels": one_by_one}, 1, warm=False)
    more(
        f"100k persons, 8 continuous covariates (scaled from {COVARIATES})",
        {"ours": times["ours"], "statsmodels": times["statsmodels"] * GROUPS * WEEKS / COVARIATES},
        "statsmodels",
        200,
    )


if __name__ == "__main__":
    main()
