"""In job by the monthly degree of employment alone (D12a)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from snerydder.registers.outcomes import Seen

LABEL = "I job (beskæftigelsesgrad over 0)"
LABEL_EN = "In work (degree of employment above 0)"
SHORT = "Job, grad"
SHORT_EN = "Job, degree"
NEEDS = ("dream", "grad")
COUNTS = "Uger i en måned, hvor beskæftigelsesgraden er over 0, også når der er en ydelse i ugen."
COUNTS_EN = "Weeks in a month with a degree of employment above 0, also when there is a benefit in the week."
DOES_NOT_COUNT = "Uger i måneder uden løn. Død, udvandret og pensioneret tæller som ikke i job."
DOES_NOT_COUNT_EN = "Weeks in months without pay. Dead, abroad and pensioned count as not in work."


def weekly(seen: Seen) -> NDArray[np.bool_]:
    return (np.nan_to_num(seen.in_month("grad")) > 0) & ~seen.marked("leaves")
