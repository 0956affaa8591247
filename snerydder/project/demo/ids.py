"""The same ids for the same seed, so that an address of a demo page can be written in a manual or a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from uuid import UUID, uuid4

from django.apps import apps
from django.db import models


def uuid_from(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)


@contextmanager
def same_ids(seed: str) -> Iterator[Random]:
    """While it lasts, every row's id is drawn from the seed instead of from the machine's own chance."""
    rng = Random(f"{seed}-ids")  # noqa: S311  a demo's ids need not be unguessable
    keys = [model._meta.pk for model in apps.get_models() if getattr(model._meta.pk, "default", None) is uuid4]
    _draw_with(keys, lambda: uuid_from(rng))
    try:
        yield rng
    finally:
        _draw_with(keys, uuid4)


def _draw_with(keys: list[models.Field], draw: object) -> None:
    for key in keys:
        key.default = draw
        key.__dict__.pop("_get_default", None)  # Django keeps what it found the first time
