"""What a helper process does first, and how it tells how far it is. By itself, since everything else here needs Django to be ready."""

from collections.abc import Callable
from typing import Any

import django

_told: Any = None


def get_ready(told: Any) -> None:
    global _told
    _told = told
    django.setup()


def run(work: Callable[..., list[Any]], place: int, job: tuple[Any, ...]) -> list[Any]:
    return work(*job, lambda text="", done=0, total=0: _told.put((place, text, done, total)))
