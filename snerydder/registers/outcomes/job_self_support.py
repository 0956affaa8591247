"""In job by four weeks in a row without benefit and pay in the month (D9)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from snerydder.registers.outcomes import Seen

LABEL = "I job (4 uger i træk uden ydelse, løn i måneden)"
LABEL_EN = "In work (4 weeks in a row without benefit, pay in the month)"
SHORT = "Job, 4 uger"
SHORT_EN = "Job, 4 weeks"
NEEDS = ("dream", "grad")
COUNTS = "Uger, der er del af mindst 4 uger i træk uden offentlig ydelse, i en måned med beskæftigelsesgrad over 0."
COUNTS_EN = "Weeks that are part of at least 4 in a row without public benefit, in a month with a degree of employment above 0."
DOES_NOT_COUNT = "Kortere ophold mellem to ydelser, og selvforsørgelse uden løn."
DOES_NOT_COUNT_EN = "Shorter gaps between two benefits, and self-support without pay."
RUN = 4


def weekly(seen: Seen) -> NDArray[np.bool_]:
    around = RUN - 1
    free = (seen.grid(around, around) == 0) & seen.covered(around, around)
    total = np.concatenate([np.zeros((len(free), 1), dtype=int), free.cumsum(axis=1)], axis=1)
    whole = total[:, RUN:] - total[:, :-RUN] == RUN  # whole[:, j]: the RUN weeks from j are all free
    in_run = np.zeros((len(free), seen.weeks), dtype=bool)
    for shift in range(RUN):
        in_run |= whole[:, shift : shift + seen.weeks]
    return in_run & (np.nan_to_num(seen.in_month("grad")) > 0)
