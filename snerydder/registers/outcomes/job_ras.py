"""In job by the code of the labour market attachment itself (RAS 110-136)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from snerydder.registers.outcomes import Seen

LABEL = "I job (selvstændig eller lønmodtager i RAS)"
LABEL_EN = "In work (self-employed or employee in RAS)"
SHORT = "Job, RAS"
SHORT_EN = "Job, RAS"
NEEDS = ("ras",)
COUNTS = "Uger med en kode, som kodelisten mærker employed = 1: selvstændige, medarbejdende ægtefæller og lønmodtagere (110-136)."
COUNTS_EN = "Weeks with a code the code list marks employed = 1: self-employed, assisting spouses and employees (110-136)."
DOES_NOT_COUNT = "Fleksjob, støttet beskæftigelse og uger uden kode."
DOES_NOT_COUNT_EN = "Fleksjob, supported employment and weeks without a code."


def weekly(seen: Seen) -> NDArray[np.bool_]:
    return seen.marked("employed")
