"""The demo town: invented municipalities whose cases are made by calling the product's own verbs, never by inserting rows.

The same for the same seed and the same day. `tiny` is one of each for tests, `town` the default, `trial` the thirteen
municipalities of the talk. Runs as the role of the web, so what the town needs, the product can do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

Progress = Callable[..., None]


def build(size: str = "town", seed: str = "1", progress: Progress | None = None, day: date | None = None) -> list[dict[str, Any]]:
    """Build it and say who lives there: [{navn, rolle, kommune, login}] in the order they are shown.

    `day` is today in the town, one for all of it, also when midnight passes while it is built.
    """
    today = day or timezone.localdate()
    say = progress or (lambda text="", done=0, total=0: None)
    if size == "trial":
        from snerydder.project.demo.trial import build as trial

        return trial.build(seed, today, say)
    from snerydder.project.demo import town

    return town.build(size, seed, today, say)
