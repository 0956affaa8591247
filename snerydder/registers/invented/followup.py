"""A questionnaire a year on that not everybody answers, and more of the participants do: what an evaluator must not simply compare."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from snerydder.registers.invented.people import chance
from snerydder.registers.invented.trial import Trial

ANSWERED = {True: 0.74, False: 0.66}  # nothing of this is in the documents
LIFT = 0.15  # on a scale from 1 to 5


def answers(trial: Trial, seed: str) -> pl.DataFrame:
    """Self-rated health from 1 to 5, for those who answered."""
    dice = chance(seed, "followup")
    treated = trial.people.treated
    health = np.clip(np.round(dice.normal(3.0, 0.95, len(treated)) + LIFT * treated), 1, 5).astype(int)
    willing = np.where(treated, ANSWERED[True], ANSWERED[False]) + 0.03 * (health - 3)
    came = dice.random(len(treated)) < willing
    return pl.DataFrame({"pnr": [key for key, yes in zip(trial.keys, came, strict=True) if yes], "selvvurderet_helbred": health[came]})


def write(trial: Trial, seed: str, folder: Path) -> None:
    answers(trial, seed).write_csv(folder / "opfoelgning.csv")
