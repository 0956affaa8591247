"""The curves: the two arms, the difference with both bands, and what was delivered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from snerydder.effects.bands import Band
from snerydder.effects.results import Floats
from snerydder.study.findings import Delivery, OutcomeFound
from snerydder.study.report.svg import BAND, BAND_WIDE, CONTROL, FAINT, INK, SOFT, TREATED, Board, Scale, ends, marks, scale
from snerydder.study.words import Words

WIDE, NARROW = 760.0, 360.0


@dataclass(frozen=True)
class Frame:
    """Where a panel lies on its board."""

    x: Scale
    y: Scale
    left: float
    right: float
    top: float
    bottom: float

    def points(self, weeks: Sequence[float], values: Floats) -> list[tuple[float, float]]:
        return [(self.x(float(week)), self.y(float(value))) for week, value in zip(weeks, values, strict=True)]


def frame(
    board: Board, last: float, low: float, high: float, top: float, bottom: float, label: Callable[[float], str], weeks: bool, lines: int = 5,
    left: float = 52.0, right: float | None = None,
) -> Frame:  # fmt: skip
    right = board.width - 16 if right is None else right
    x, y = scale(0, last, left, right), scale(low, high, bottom, top)
    for value, name in marks(low, high, lines, label):
        board.line(left, y(value), right, y(value), INK if abs(value) < 1e-12 else FAINT, 1)
        board.text(left - 8, y(value) + 4, name, anchor="end", colour=SOFT, size=12)
    for week, name in marks(0, last, 4 if right - left < 400 else 8, short_week):
        board.line(x(week), bottom, x(week), bottom + 4, SOFT)
        if weeks:
            board.text(x(week), bottom + 18, name, anchor="middle", colour=SOFT, size=12)
    return Frame(x, y, left, right, top, bottom)


def short_week(week: float) -> str:
    return f"{week:.0f}"


def effect(found: OutcomeFound, words: Words, width: float) -> str:
    """The main figure: the arms above, the difference below, on one time axis."""
    w, name = words, f"{found.name}-{int(width)}"
    narrow = width < 500
    at = found.week
    title = w(
        f"{found.label}: andel uge for uge i de to grupper, og forskellen mellem dem",
        f"{found.label_en}: share week by week in the two arms, and the difference",
    )
    description = w(
        f"I uge {at} {w.percent(found.treated[at])} af deltagerne mod {w.percent(found.control[at])} af kontrolgruppen. Forskellen er {w.points(found.curve.effect[at])} procentpoint.",
        f"In week {at} {w.percent(found.treated[at])} of participants against {w.percent(found.control[at])} of controls. The difference is {w.points(found.curve.effect[at])} percentage points.",
    )
    board = Board(width, 660 if narrow else 620, title, description, name)
    weeks, last = found.weeks.tolist(), float(found.weeks[-1])
    percent = lambda value: w.percent(value, 0)  # noqa: E731
    high = ends(0.0, 1.18 * found.treated, 1.18 * found.control, step=0.02)[1]
    board.text(4, 16, w("Andel i hver gruppe", "Share in each arm"), weight=600)
    upper = frame(board, last, 0, high, 34, 250, percent, False)
    board.line(upper.x(at), upper.top, upper.x(at), upper.bottom, FAINT, 1, "2 3")
    board.curve(upper.points(weeks, found.control), CONTROL, 2.5, "7 5")
    board.curve(upper.points(weeks, found.treated), TREATED)
    _ends(board, upper, found, w)
    _difference(board, found, weeks, last, w)
    return board.markup()


def _ends(board: Board, panel: Frame, found: OutcomeFound, w: Words) -> None:
    """The two lines are named where they are, with their value in the week the headline speaks of."""
    at = found.week
    if not np.isfinite(found.treated[at]):
        return
    x = panel.x(at)
    above = found.treated[at] >= found.control[at]
    for values, words, colour, up in (
        (found.treated, w("Deltagere", "Participants"), TREATED, above),
        (found.control, w("Kontrol", "Control"), SOFT, not above),
    ):
        y = panel.y(float(values[at]))
        label = f"{words} {w.percent(float(values[at]))}"
        board.dot(x, y, colour, 4.5)
        if up or panel.right - x < 60:
            side, place = ("start", x + 10) if x < 150 else ("end", x - 10)
        else:  # the curves rise, so the lower name stands to the right, inside the panel
            side, place = "end", min(panel.right, x + 8.2 * len(label))
        board.text(place, y + (-12 if up else 24), label, anchor=side, colour=colour, weight=600, halo=True)


def _difference(board: Board, found: OutcomeFound, weeks: list[float], last: float, w: Words) -> None:
    narrow, band = board.narrow, found.band
    lowest, high = ends(0.0, found.curve.effect, band.simultaneous_lower, 1.05 * band.simultaneous_upper, step=0.01)
    low = lowest - (0.30 if narrow else 0.22) * (high - lowest)  # room below the band for the two weeks
    board.text(4, 290, w("Forskel, procentpoint", "Difference, percentage points"), weight=600)
    panel = frame(board, last, low, high, 324 if not narrow else 352, board.height - 58, lambda value: w.points(value, 0), True, 8)
    board.area(panel.points(weeks, band.simultaneous_upper), panel.points(weeks, band.simultaneous_lower), BAND_WIDE)
    board.area(panel.points(weeks, band.upper), panel.points(weeks, band.lower), BAND)
    for edge in (band.simultaneous_upper, band.simultaneous_lower):
        board.curve(panel.points(weeks, edge), TREATED, 0.8, "3 3")
    board.line(panel.left, panel.y(0), panel.right, panel.y(0), INK, 1.2)
    board.curve(panel.points(weeks, found.curve.effect), INK, 2.2)
    if np.isfinite(band.lower).any():
        bands_key(board, panel.left, band.level, w, 310)
    for week, words, up in (
        (found.lasting_pointwise, w("hver for sig", "alone"), 0),
        (found.lasting_simultaneous, w("hele kurven", "whole curve"), 1),
    ):
        if week is not None:
            x = panel.x(week)
            foot = panel.bottom - 8 - 18 * (1 - up)
            board.line(x, panel.y(0), x, foot - 11, INK, 1)
            board.dot(x, panel.y(0), INK, 3.5, hollow=bool(up))
            board.text(
                x + (6 if week < 40 else -6),
                foot,
                w(f"fra uge {week}: {words}", f"from week {week}: {words}"),
                anchor="start" if week < 40 else "end",
                size=12,
                halo=True,
            )
    board.text(
        (panel.left + panel.right) / 2,
        board.height - 14,
        w("Uger siden lodtrækningen", "Weeks since the draw"),
        anchor="middle",
        colour=SOFT,
        size=12,
    )


def bands_key(board: Board, left: float, share: float, w: Words, y: float = 16) -> None:
    """Which band is which; one below the other where the page is narrow."""
    level = round(100 * share)
    for place, (colour, words) in enumerate(
        (
            (BAND, w(f"{level} % hver uge for sig", f"{level} % each week alone")),
            (BAND_WIDE, w(f"{level} % hele kurven på én gang", f"{level} % the whole curve at once")),
        )
    ):
        x = left + (0 if board.narrow else place * 220)
        row = y + (place * 18 if board.narrow else 0)
        board.box(x, row - 10, 18, 11, colour, TREATED if place else "none")
        board.text(x + 25, row, words, colour=SOFT, size=12)


def delivery(found: Delivery, words: Words, width: float, kind: str) -> str:
    w = words
    values = found.share if kind == "share" else found.minutes
    title = (
        w("Andel af deltagerne med mentorkontakt i ugen", "Share of participants with mentor contact in the week")
        if kind == "share"
        else w("Minutter med mentor om ugen, nuller med", "Minutes with mentor a week, zeros included")
    )
    peak = int(np.nanargmax(values))
    told = w.percent(float(values[peak]), 0) if kind == "share" else w.number(float(values[peak]))
    board = Board(width, 300, title, w(f"Højest i uge {peak}: {told}.", f"Highest in week {peak}: {told}."), f"{kind}-{int(width)}")
    last = float(len(values) - 1)
    label = (lambda value: w.percent(value, 0)) if kind == "share" else (lambda value: w.number(value))
    high = ends(0.0, 0.8, values, step=0.1)[1] if kind == "share" else ends(0.0, 100.0, values, step=20.0)[1]
    panel = frame(board, last, 0, high, 16, 242, label, True)
    weeks = list(range(len(values)))
    board.area(panel.points(weeks, values), panel.points(weeks, np.zeros(len(weeks))), BAND_WIDE)
    board.curve(panel.points(weeks, values), TREATED)
    if last > 53:
        board.line(panel.x(52), panel.top, panel.x(52), panel.bottom, SOFT, 1, "2 3")
        board.text(panel.x(52) + 6, panel.top + 12, w("12 måneder", "12 months"), colour=SOFT, size=12, halo=True)
    board.text((panel.left + panel.right) / 2, 286, w("Uger siden lodtrækningen", "Weeks since the draw"), anchor="middle", colour=SOFT, size=12)
    return board.markup()


def receipt(found: OutcomeFound, effect_: Floats, band: Band, words: Words, width: float) -> str:
    """The effect of receiving, beside the effect of being drawn."""
    w = words
    at = found.week
    title = w(f"{found.short}: forskel ved at få en mentor", f"{found.short_en}: difference by receiving a mentor")
    board = Board(
        width,
        342,
        title,
        w(f"I uge {at}: {w.points(float(effect_[at]))} procentpoint.", f"In week {at}: {w.points(float(effect_[at]))} percentage points."),
        f"late-{found.name}-{int(width)}",
    )
    low, high = ends(0.0, effect_, found.curve.effect, band.simultaneous_lower, band.simultaneous_upper, step=0.01)
    panel = frame(board, float(found.weeks[-1]), low, high, 38, 284, lambda value: w.points(value, 0), True)
    weeks = found.weeks.tolist()
    bands_key(board, panel.left, band.level, w)
    board.area(panel.points(weeks, band.simultaneous_upper), panel.points(weeks, band.simultaneous_lower), BAND_WIDE)
    board.area(panel.points(weeks, band.upper), panel.points(weeks, band.lower), BAND)
    for edge in (band.simultaneous_upper, band.simultaneous_lower):
        board.curve(panel.points(weeks, edge), TREATED, 0.8, "3 3")
    board.line(panel.left, panel.y(0), panel.right, panel.y(0), INK, 1.2)
    board.curve(panel.points(weeks, found.curve.effect), CONTROL, 2, "7 5")
    board.curve(panel.points(weeks, effect_), INK, 2.2)
    top = panel.y(high) + 14
    board.line(panel.left + 8, top - 4, panel.left + 32, top - 4, INK, 2.2)
    board.text(panel.left + 38, top, w("at få en mentor", "receiving a mentor"), size=12, halo=True)
    board.line(panel.left + 8, top + 14, panel.left + 32, top + 14, CONTROL, 2, "7 5")
    board.text(panel.left + 38, top + 18, w("at blive trukket ud til en", "being drawn for one"), size=12, colour=SOFT, halo=True)
    board.text((panel.left + panel.right) / 2, 328, w("Uger siden lodtrækningen", "Weeks since the draw"), anchor="middle", colour=SOFT, size=12)
    return board.markup()
