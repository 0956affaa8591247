"""In job in the week: paid work in the week's month, and no public benefit in the week itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from snerydder.registers.outcomes import Seen

LABEL = "I job (løn i måneden, ingen ydelse i ugen)"
LABEL_EN = "In work (pay in the month, no benefit in the week)"
SHORT = "Job"
SHORT_EN = "Job"
NEEDS = ("dream", "grad")
COUNTS = "Uger uden offentlig ydelse i en måned, hvor beskæftigelsesgraden er over 0. Ugen hører til sin torsdags måned."
COUNTS_EN = "Weeks without public benefit in a month with a degree of employment above 0. A week belongs to its Thursday's month."
DOES_NOT_COUNT = "Uger med løn ved siden af en ydelse, og uger uden ydelse og uden løn."
DOES_NOT_COUNT_EN = "Weeks with pay beside a benefit, and weeks with neither benefit nor pay."


def weekly(seen: Seen) -> NDArray[np.bool_]:
    return (seen.grid() == 0) & seen.covered() & (np.nan_to_num(seen.in_month("grad")) > 0)
