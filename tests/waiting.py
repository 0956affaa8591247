"""Wait for what another process or thread does."""

import time
from collections.abc import Callable


def until(answer: Callable[[], object], patience: float = 120.0) -> bool:
    """A slow machine costs time, not the test."""
    end = time.monotonic() + patience
    while not answer() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(answer())
