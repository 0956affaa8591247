"""An inspection like the one of 2019: twenty municipalities drawn among 98, twenty cases drawn in each. Was support followed up?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from snerydder.registers.invented.people import chance

MUNICIPALITIES, DRAWN, CASES = 98, 20, 20
MEAN, SPREAD = 0.75, 0.7  # of the log-odds that a case is followed up


def sample(seed: str) -> pl.DataFrame:
    """One row per case drawn, with how many cases its municipality has."""
    dice = chance(seed, "inspection")
    size = dice.integers(60, 901, MUNICIPALITIES)
    chosen = np.sort(dice.permutation(MUNICIPALITIES)[:DRAWN])
    often = 1 / (1 + np.exp(-dice.normal(MEAN, SPREAD, MUNICIPALITIES)))
    followed = dice.random((DRAWN, CASES)) < often[chosen][:, None]
    return pl.DataFrame(
        {
            "kommune": np.repeat([f"Kommune {place + 1:02d}" for place in chosen], CASES), "sager_i_kommunen": np.repeat(size[chosen], CASES),
            "sag": np.tile(np.arange(1, CASES + 1), DRAWN), "fulgt_op": followed.ravel().astype(int),
        }
    )  # fmt: skip


def write(seed: str, folder: Path) -> None:
    sample(seed).write_csv(folder / "tilsyn.csv")
