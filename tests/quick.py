"""What a test need not pay for again, when it is about something else."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import resvg_py

from snerydder.effects import bands

_pictures: dict[tuple[Any, ...], bytes] = {}
_paint: Callable[..., bytes] = resvg_py.svg_to_bytes


@pytest.fixture(scope="session", autouse=True)
def pictures_once() -> Iterator[None]:
    """The same drawing becomes the same PNG: it is painted once, and not once for each report."""

    def paint(**told: Any) -> bytes:
        key = tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in sorted(told.items()))
        if key not in _pictures:
            _pictures[key] = _paint(**told)
        return _pictures[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resvg_py, "svg_to_bytes", paint)
        yield


@pytest.fixture
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bands from 5,000 draws for 100,000: half of a run's time, where a test does not look at the third decimal of a band."""
    for function in (bands.maxima, bands.absolute_draws):
        first, *others = function.__defaults__ or ()
        assert first == bands.DRAWS
        monkeypatch.setattr(function, "__defaults__", (5_000, *others))
