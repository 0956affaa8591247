"""Small pictures side by side, all on one scale: the difference in each part, with its band."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from snerydder.study.findings import Panel
from snerydder.study.report.svg import BAND, FAINT, INK, SOFT, TREATED, Board, ends, marks, scale, ticks
from snerydder.study.words import Words


def multiples(panels: Sequence[Panel], title: str, name: str, words: Words, width: float) -> str:
    w = words
    across = 2 if width < 500 else 4
    gap, margin, top, tall = 12.0, 34.0, 34.0, 92.0
    wide = (width - margin - 8 - gap * (across - 1)) / across
    rows = -(-len(panels) // across)
    step = tall + 58
    board = Board(width, top + rows * step - 4, title, w("Et lille billede for hver gruppe, alle i samme mål.", "A small picture for each group, all on one scale."), f"{name}-{int(width)}")
    low, high = ends(0.0, *(edge for one in panels for edge in (one.effect, one.lower, one.upper)), step=0.05)
    last = len(panels[0].effect) - 1
    for place, one in enumerate(panels):
        column, row = place % across, place // across
        left, upper = margin + column * (wide + gap), top + row * step
        x, y = scale(0, last, left, left + wide), scale(low, high, upper + tall, upper)
        board.text(left, upper - 20, _fit(one.part, wide / 6.6), weight=600, size=12)
        size = w(f"{w.held(one.persons)} personer", f"{w.held(one.persons)} persons")
        board.text(left, upper - 6, _fit(one.group, wide / 6.2) if one.group else size, size=11.5, colour=SOFT)
        for value, label in marks(low, high, 4, lambda value: w.points(value, 0)):
            board.line(left, y(value), left + wide, y(value), INK if abs(value) < 1e-12 else FAINT, 1)
            if column == 0:
                board.text(left - 5, y(value) + 4, label, anchor="end", colour=SOFT, size=11.5)
        weeks = list(range(last + 1))
        if not np.isfinite(one.effect).any():
            board.text(left + wide / 2, upper + tall / 2, w("for få til en kurve", "too few for a curve"), anchor="middle", colour=SOFT, size=11.5, halo=True)
        points = [[(x(week), y(float(value))) for week, value in zip(weeks, edge, strict=True)] for edge in (one.upper, one.lower, one.effect)]
        board.area(points[0], points[1], BAND)
        board.line(left, y(0), left + wide, y(0), INK, 1)
        board.curve(points[2], TREATED, 2)
        for week in ticks(0, last, 3):
            if week <= last - 3:
                board.text(x(week), upper + tall + 14, f"{week:.0f}", anchor="middle" if week else "start", colour=SOFT, size=11.5)
    board.text(width / 2, board.height - 6, w("Uger siden lodtrækningen; forskel i procentpoint", "Weeks since the draw; difference in points"), anchor="middle", colour=SOFT, size=12)
    return board.markup()


def _fit(text: str, letters: float) -> str:
    """As much of a name as there is room for; the table has it all."""
    return text if len(text) <= letters else f"{text[: int(letters) - 1].rstrip(' (,')}…"
