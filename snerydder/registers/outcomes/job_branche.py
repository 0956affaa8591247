"""In job by the industry of the month: somebody paid the person for work in it (D4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from snerydder.registers.outcomes import Seen

LABEL = "I job (branche i måneden)"
LABEL_EN = "In work (an industry in the month)"
SHORT = "Job, branche"
SHORT_EN = "Job, industry"
NEEDS = ("dream", "branche")
COUNTS = "Uger i en måned, hvor der står en branchekode, også når der er en ydelse i ugen."
COUNTS_EN = "Weeks in a month with an industry code, also when there is a benefit in the week."
DOES_NOT_COUNT = "Uger i måneder uden branche. Død, udvandret og pensioneret tæller som ikke i job."
DOES_NOT_COUNT_EN = "Weeks in months without an industry. Dead, abroad and pensioned count as not in work."


def weekly(seen: Seen) -> NDArray[np.bool_]:
    return np.isfinite(seen.in_month("branche")) & ~seen.marked("leaves")
