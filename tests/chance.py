"""Chance that falls alike each time: ids, secrets and lots come from the name of the test, and not from the machine.

A lot that is drawn anew in each run is a test that says one thing today and another tomorrow. Everything the product draws from comes
down to `os.urandom` (uuid4 and `secrets` do), so that is what is stood in for here. The n'th draw of a test is the same in each run,
alone or in company; two draws differ. SNERYDDER_CHANCE=2 gives the whole suite other lots, to look for what only held by luck.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import shake_256
from itertools import count

_real = os.urandom
_SALT = os.environ.get("SNERYDDER_CHANCE", "")


class _Stream:
    def __init__(self) -> None:
        self.begin("collection")

    def begin(self, name: str) -> None:
        self.place = (f"{_SALT}\n{name}\n", count())

    def __call__(self, size: int) -> bytes:
        name, numbers = self.place
        return shake_256(f"{name}{next(numbers)}".encode()).digest(size)


stream = _Stream()


def steady(also_children: bool = False) -> None:
    _draw_from(stream)
    if not also_children:  # two of them would draw the same
        os.register_at_fork(after_in_child=machines_own)


def machines_own() -> None:
    _draw_from(_real)


def _draw_from(source: object) -> None:
    os.urandom = random._urandom = source  # type: ignore[assignment,attr-defined]  # `secrets` asks through the latter


@contextmanager
def of(name: str) -> Iterator[None]:
    """While it lasts, from a place of its own: what several tests share does not depend on which of them came first."""
    before = stream.place
    stream.begin(name)
    try:
        yield
    finally:
        stream.place = before


@contextmanager
def real() -> Iterator[None]:
    """For what is about secrecy itself."""
    before = os.urandom
    machines_own()
    try:
        yield
    finally:
        _draw_from(before)
