"""What it cost and what came back, per person drawn: totals over the weeks first, then the difference between the arms.

Total_i = Σ_t δ_t x_it,  δ_t = (1+r)^(-7t/365.25). The error follows from the persons' own totals; adding the weeks' variances as if
weeks were independent is wrong by a factor of six in such data.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from snerydder.effects.difference import difference
from snerydder.effects.results import Curve, Floats, Refused


def discount(weeks: NDArray[np.int64], yearly: float) -> Floats:
    return np.asarray((1 + yearly) ** (-7.0 * weeks / 365.25), dtype=np.float64)


def totals(parts: list[Floats], weeks: NDArray[np.int64], yearly: float, treated: NDArray[np.bool_], stratum: NDArray[np.int64]) -> Curve | Refused:
    """One column per part (kroner by person and week), and their sum last."""
    delta = discount(weeks, yearly)
    columns = np.column_stack([part @ delta for part in parts])
    return difference(np.column_stack([columns, columns.sum(axis=1)]), treated, stratum)
