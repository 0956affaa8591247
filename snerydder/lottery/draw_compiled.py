"""The compiled twin of `Scheme._in_blocks`, bit for bit. Import this only where there is much to draw."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def in_blocks(lots: Any, held: Any, size: Any, left: Any, begins: Any, units: Any, drawn: Any) -> None:
    """`lots` units × draws, units sorted by block; `left` blocks × draws: mentors left; `drawn` units × draws in their own order."""
    for block in range(len(held)):
        mentors = left[block]
        for position in range(held[block]):
            lot, out = lots[begins[block] + position], drawn[units[begins[block] + position]]
            places = size[block] - np.uint64(position)
            for draw in range(lots.shape[1]):
                yes = (np.uint64(lot[draw]) * places) >> np.uint64(32) < mentors[draw]
                mentors[draw] -= np.uint64(yes)
                out[draw] = yes
