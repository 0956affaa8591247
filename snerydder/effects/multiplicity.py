"""Many questions at once: p-values that keep the chance of any false finding (Holm 1979)."""

from __future__ import annotations

import numpy as np

from snerydder.effects.results import Floats


def holm(p: Floats) -> Floats:
    """p_(j) · (m - j + 1), running maximum, at most 1."""
    order = np.argsort(p, kind="stable")
    stepped = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1.0)
    found = np.empty_like(stepped)
    found[order] = stepped
    return found
