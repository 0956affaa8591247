"""In education with state grant in the week: the trial's own education outcome (D11)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from snerydder.registers.outcomes import Seen

LABEL = "I SU-berettiget uddannelse"
LABEL_EN = "In education with state grant (SU)"
SHORT = "Uddannelse"
SHORT_EN = "Education"
NEEDS = ("dream",)
COUNTS = "Uger med en kode, som kodelisten mærker education = 1: SU (651, 652) og SVU (661)."
COUNTS_EN = "Weeks with a code the code list marks education = 1: SU (651, 652) and SVU (661)."
DOES_NOT_COUNT = "Folkeskole, almen voksenuddannelse og anden uddannelse uden SU. Derfor er tallet forsigtigt."
DOES_NOT_COUNT_EN = "Lower secondary, general adult and other education without SU. The figure is therefore cautious."


def weekly(seen: Seen) -> NDArray[np.bool_]:
    return seen.marked("education")
