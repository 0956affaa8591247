"""A small drawing board: scales, axes, lines, bands and words as plain SVG. Colours keep apart in grey as well."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np

from snerydder.effects.results import Floats

ROUNDING = 1e-9  # 0.07 is seven hundredths, not a hair more

INK, SOFT, FAINT, PAPER = "#1b2430", "#5b6673", "#d9dee5", "#ffffff"
TREATED, CONTROL = "#0b4f8a", "#7a7f87"
BAND, BAND_WIDE = "#7fb0dc", "#d7e7f5"
FONT = "'Snerydder Sans', 'IBM Plex Sans', system-ui, 'Segoe UI', Roboto, Arial, sans-serif"


def short(value: float) -> str:
    """Two decimals are enough for a screen, and keep the bytes the same from one machine to the next."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


@dataclass
class Board:
    width: float
    height: float
    title: str
    description: str
    name: str  # unique on the page
    parts: list[str] = field(default_factory=list)

    @property
    def narrow(self) -> bool:
        return self.width < 500

    @property
    def size(self) -> float:
        return 13.0

    def add(self, markup: str) -> None:
        self.parts.append(markup)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: str = "start",
        colour: str = INK,
        weight: int = 400,
        size: float | None = None,
        halo: bool = False,
    ) -> None:
        edge = f' stroke="{PAPER}" stroke-width="4" paint-order="stroke" stroke-linejoin="round"' if halo else ""
        bold = f' font-weight="{weight}"' if weight != 400 else ""
        self.add(
            f'<text x="{short(x)}" y="{short(y)}" text-anchor="{anchor}" fill="{colour}" font-size="{short(size or self.size)}"{bold}{edge}>{escape(words)}</text>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str = FAINT, width: float = 1, dash: str = "") -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.add(
            f'<line x1="{short(x1)}" y1="{short(y1)}" x2="{short(x2)}" y2="{short(y2)}" stroke="{colour}" stroke-width="{short(width)}"{dashed}/>'
        )

    def curve(self, points: Iterable[tuple[float, float]], colour: str, width: float = 2.5, dash: str = "") -> None:
        """Broken where there is no number to draw."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        whole = list(points)
        drawn = "".join(_path(whole[start:end]) for start, end in _runs([whole]))
        if not drawn:
            return
        self.add(
            f'<path d="{drawn}" fill="none" stroke="{colour}" stroke-width="{short(width)}" stroke-linejoin="round" stroke-linecap="round"{dashed}/>'
        )

    def area(self, upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]], colour: str) -> None:
        drawn = "".join(_path([*upper[start:end], *reversed(lower[start:end])]) + "Z" for start, end in _runs([upper, lower]))
        if drawn:
            self.add(f'<path d="{drawn}" fill="{colour}"/>')

    def box(self, x: float, y: float, width: float, height: float, fill: str, stroke: str = "none", radius: float = 0) -> None:
        self.add(
            f'<rect x="{short(x)}" y="{short(y)}" width="{short(width)}" height="{short(height)}" rx="{short(radius)}" fill="{fill}" stroke="{stroke}"/>'
        )

    def dot(self, x: float, y: float, colour: str, radius: float = 5, hollow: bool = False) -> None:
        inside = PAPER if hollow else colour
        self.add(f'<circle cx="{short(x)}" cy="{short(y)}" r="{short(radius)}" fill="{inside}" stroke="{colour}" stroke-width="2"/>')

    def markup(self) -> str:
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {short(self.width)} {short(self.height)}" role="img" '
            f'aria-labelledby="{self.name}-t {self.name}-d" font-family="{escape(FONT, quote=True)}">'
        )
        words = f'<title id="{self.name}-t">{escape(self.title)}</title><desc id="{self.name}-d">{escape(self.description)}</desc>'
        return head + words + "".join(self.parts) + "</svg>\n"


def _runs(lines: Sequence[Sequence[tuple[float, float]]]) -> list[tuple[int, int]]:
    """From where to where there are numbers in all the lines."""
    there = [all(math.isfinite(value) for point in points for value in point) for points in zip(*lines, strict=True)]
    edges = [at for at, (now, before) in enumerate(zip([*there, False], [False, *there], strict=True)) if now != before]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{short(x)} {short(y)}" for x, y in points)


Scale = Callable[[float], float]
Edge = float | Sequence[float] | Floats


def ends(*edges: Edge, step: float) -> tuple[float, float]:
    """Where an axis that holds all of it begins and ends, in whole steps outwards. Never without height, also where nothing varies or nothing is shown."""
    values = np.concatenate([np.ravel(np.asarray(edge, dtype=float)) for edge in edges])
    shown = values[np.isfinite(values)]
    low, high = (float(shown.min()), float(shown.max())) if len(shown) else (0.0, 0.0)
    low, high = (math.floor(low / step + ROUNDING) * step, math.ceil(high / step - ROUNDING) * step)
    return (low, high) if high > low else (low - step, high + step)


def scale(low: float, high: float, start: float, end: float) -> Scale:
    return lambda value: start + (value - low) / (high - low) * (end - start)


def marks(low: float, high: float, most: int, label: Callable[[float], str]) -> list[tuple[float, str]]:
    """The ticks with their names: no two of them may be called the same."""
    for count in range(most, 0, -1):
        found = [(value, label(value)) for value in ticks(low, high, count)]
        if len({name for _, name in found}) == len(found):
            return found
    return found


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round steps of 1, 2 or 5."""
    span = high - low
    step = next(unit * 10.0**power for power in range(-6, 12) for unit in (1, 2, 5) if span / (unit * 10.0**power) <= most)
    first = -(-low // step)
    return [step * (first + index) for index in range(int((high - step * first) / step + 1e-9) + 1)]
