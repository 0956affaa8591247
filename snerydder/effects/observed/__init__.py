"""Comparisons without a lottery, which say how far to trust them. The checks come first; when they fail there is no number."""

from snerydder.effects.observed.comparison import (
    Comparison,
    RolloutComparison,
    StartComparison,
    compare,
    compare_rollout,
    compare_starts,
)  # fmt: skip

__all__ = ["Comparison", "RolloutComparison", "StartComparison", "compare", "compare_rollout", "compare_starts"]
