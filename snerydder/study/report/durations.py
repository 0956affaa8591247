"""Pictures of time: still on benefit, what came first, how long a course lasts, and what follows it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from snerydder.effects.results import Floats
from snerydder.effects.survival import Survival
from snerydder.study.findings import OutcomeFound
from snerydder.study.mapping import HALF_YEAR, Courses
from snerydder.study.report.curves import Frame, frame
from snerydder.study.report.svg import BAND_WIDE, CONTROL, FAINT, INK, PAPER, SOFT, TREATED, Board, ends, ticks
from snerydder.study.timing import Benefit, Reached
from snerydder.study.words import Words

STACK = ("#0b4f8a", "#5f9bd0", "#c9b27c", "#8d8f94", "#edf1f5")  # apart in grey as well: dark, middle, light, middle, pale, each with a white edge


def latest(values: Floats) -> float:
    """The last that is shown; NaN where nothing is."""
    shown = values[np.isfinite(values)]
    return float(shown[-1]) if len(shown) else float("nan")


def _drawn(xs: Sequence[float], values: Floats) -> tuple[list[float], Floats]:
    """What grows is drawn from one shown point to the next."""
    there = np.isfinite(values)
    return [x for x, shown in zip(xs, there, strict=True) if shown], values[there]


def _stairs(time: Floats, share: Floats, last: float) -> tuple[list[float], list[float]]:
    """A share that holds from each time until the next."""
    xs, ys, now = [0.0], [1.0], 1.0
    for at, value in zip(time.tolist(), share.tolist(), strict=True):
        if at > last:
            break
        xs += [at, at]
        ys += [now, value]
        now = value
    return [*xs, last], [*ys, now]


def _line(board: Board, panel: Frame, time: Floats, share: Floats, last: float, colour: str, width: float, dash: str = "") -> None:
    xs, ys = _stairs(time, share, last)
    board.curve(panel.points(xs, np.array(ys)), colour, width, dash)


def _band(board: Board, panel: Frame, found: Survival, last: float, colour: str) -> None:
    (xs, upper), (_, lower) = _stairs(found.time, found.upper, last), _stairs(found.time, found.lower, last)
    board.area(panel.points(xs, np.array(upper)), panel.points(xs, np.array(lower)), colour)


def _value(found: Survival, at: float) -> float:
    place = int(np.searchsorted(found.time, at, side="right")) - 1
    return 1.0 if place < 0 else float(found.share[place])


def benefit(found: Benefit, words: Words, width: float) -> str:
    w, last = words, float(found.until)
    one, zero = _value(found.treated, last), _value(found.control, last)
    board = Board(
        width, 320, w("Stadig på ydelse efter lodtrækningen, i de to grupper", "Still on benefit after the draw, in the two arms"),
        w(f"I uge {found.until} var {w.percent(one)} af deltagerne og {w.percent(zero)} af kontrolgruppen stadig på ydelse.", f"In week {found.until} {w.percent(one)} of participants and {w.percent(zero)} of controls were still on benefit."),
        f"benefit-{int(width)}",
    )  # fmt: skip
    low = ends(one, zero, found.control.lower, found.treated.lower, 0.9, step=0.1)[0]
    panel = frame(board, last, max(low, 0.0), 1.0, 16, 258, lambda value: w.percent(value, 0), True)
    _band(board, panel, found.treated, last, BAND_WIDE)
    _line(board, panel, found.control.time, found.control.share, last, CONTROL, 2.5, "7 5")
    _line(board, panel, found.treated.time, found.treated.share, last, TREATED, 2.5)
    at = panel.left + 14
    _key(board, at, panel.bottom - 34, TREATED, "", w("Deltagere, med bånd", "Participants, with band"))
    _key(board, at, panel.bottom - 14, CONTROL, "7 5", w("Kontrol", "Control"))
    _weeks(board, panel, w)
    return board.markup()


def reached(found: Reached, outcomes: Sequence[OutcomeFound], words: Words, width: float) -> str:
    """One panel per outcome: the share that has reached it first, by arm."""
    w, narrow = words, width < 500
    board = Board(
        width, 40 + 250 * len(found.names) if narrow else 320, w("Hvad der kom først, og hvor hurtigt", "What came first, and how soon"),
        w("Andelen, der har nået hvert udfald som det første, uge for uge.", "The share that has reached each outcome first, week by week."), f"reached-{int(width)}",
    )  # fmt: skip
    last = float(found.weeks[-1])
    high = ends(0.0, *(1.1 * curve for curve in (*found.treated, *found.control)), step=0.05)[1]
    count = len(found.names)
    for number, one in enumerate(outcomes):
        top = 40.0 + 250 * number if narrow else 40.0
        left = 52.0 if narrow else 52.0 + number * ((width - 16) / count)
        right = width - 16 if narrow else (number + 1) * ((width - 16) / count) - 6
        bottom = top + 180 if narrow else 258.0
        panel = frame(board, last, 0, high, top, bottom, lambda value: w.percent(value, 0), True, left=left, right=right)
        board.text(left - 48, top - 16, w(f"{one.short} som det første", f"{one.short_en} first"), weight=600)
        xs = [0.0, *found.weeks.tolist()]
        for values, colour, dash in ((found.control[number], CONTROL, "7 5"), (found.treated[number], TREATED, "")):
            board.curve(panel.points(*_drawn(xs, np.append(0.0, values))), colour, 2.5, dash)
        _key(board, left + 12, top + 14, TREATED, "", w(f"Deltagere {w.percent(latest(found.treated[number]))}", f"Participants {w.percent(latest(found.treated[number]))}"))
        _key(board, left + 12, top + 34, CONTROL, "7 5", w(f"Kontrol {w.percent(latest(found.control[number]))}", f"Control {w.percent(latest(found.control[number]))}"))
    board.text(width / 2, board.height - 14, w("Uger siden lodtrækningen", "Weeks since the draw"), anchor="middle", colour=SOFT, size=12)
    return board.markup()


def length(found: Courses, words: Words, width: float) -> str:
    """How long a course lasts, with the half year marked."""
    w = words
    survival = found.length
    last = float(min(104.0, survival.time[-1]))
    told = w.percent(found.over_half_year, 0)
    board = Board(
        width, 320, w("Hvor længe et forløb med mentor som eneste indsats varer", "How long a course with a mentor as the only support lasts"),
        w(f"{told} varer mere end {HALF_YEAR} uger.", f"{told} last more than {HALF_YEAR} weeks."), f"length-{int(width)}",
    )  # fmt: skip
    panel = frame(board, last, 0, 1, 16, 258, lambda value: w.percent(value, 0), True)
    _band(board, panel, survival, last, BAND_WIDE)
    _line(board, panel, survival.time, survival.share, last, TREATED, 2.5)
    x, y = panel.x(HALF_YEAR), panel.y(found.over_half_year)
    board.line(x, panel.top, x, panel.bottom, SOFT, 1, "2 3")
    board.dot(x, y, TREATED, 4.5)
    board.text(x + 10, y - 24, w(f"{told} varer mere end et halvt år", f"{told} last more than half a year"), colour=TREATED, weight=600, halo=True)
    if survival.median is not None:
        board.line(panel.left, panel.y(0.5), panel.x(survival.median), panel.y(0.5), INK, 1, "2 3")
        board.dot(panel.x(survival.median), panel.y(0.5), INK, 3.5)
        board.text(panel.x(survival.median) + 12, panel.y(0.5) - 2, w(f"halvdelen er slut efter {w.number(survival.median)} uger", f"half have ended after {w.number(survival.median)} weeks"), size=12, halo=True)
    board.text((panel.left + panel.right) / 2, 306, w("Uger siden forløbet begyndte", "Weeks since the course began"), anchor="middle", colour=SOFT, size=12)
    return board.markup()


def follows(found: Courses, words: Words, width: float) -> str:
    """What has followed by each week after the end, stacked: Aalen-Johansen, so the parts add up."""
    w, narrow = words, width < 500
    there = np.isfinite(found.after.inside.effect)
    shares = np.array([curve.effect[there] for curve in found.after.curves])
    total = np.vstack([np.zeros(shares.shape[1]), np.cumsum(shares, axis=0)])
    labels = [_kind(name) for name in found.kinds]
    legend = 22 * ((len(labels) + 1) if narrow else (len(labels) + 2) // 2)
    board = Board(
        width, 330 + legend, w("Hvad der fulgte efter forløbet", "What followed the course"),
        w(f"Inden for {len(found.after.weeks)} uger fulgte et aktivt tilbud efter {w.percent(found.active_share, 0)}.", f"Within {len(found.after.weeks)} weeks an active offer followed {w.percent(found.active_share, 0)}."),
        f"follows-{int(width)}",
    )  # fmt: skip
    top = 16.0 + legend
    high = ends(0.0, 1.15 * total[-1], step=0.1)[1]
    weeks = [0.0, *found.after.weeks[there].tolist()]
    for number, label in enumerate([*labels, w("intet endnu", "nothing yet")]):
        colour = STACK[number % 4] if number < len(labels) else STACK[-1]
        column, row = (0, number) if narrow else (number % 2, number // 2)
        x, y = 8 + column * (width / 2), 14 + 22 * row
        board.box(x, y - 10, 18, 12, colour, FAINT)
        said = f"{label} {w.percent(float(shares[number][-1]), 0)}" if number < len(labels) else f"{label} {w.percent(1 - float(total[-1][-1]), 0)}"
        board.text(x + 26, y, said, size=12.5)
    panel = frame(board, weeks[-1], 0, high, top, top + 242, lambda value: w.percent(value, 0), True)
    board.box(panel.left, panel.top, panel.right - panel.left, panel.bottom - panel.top, STACK[-1])
    for value in ticks(0, high, 5):
        board.line(panel.left, panel.y(value), panel.right, panel.y(value), PAPER, 1)
    for number in range(len(labels)):
        lower, upper = (panel.points(weeks, np.append(0.0, edge)) for edge in (total[number], total[number + 1]))
        board.area(upper, lower, STACK[number % 4])
        board.curve(upper, PAPER, 1.5)
    board.line(panel.left, panel.bottom, panel.right, panel.bottom, INK, 1.2)
    board.text((panel.left + panel.right) / 2, board.height - 14, w("Uger siden forløbet sluttede", "Weeks since the course ended"), anchor="middle", colour=SOFT, size=12)
    return board.markup()


def _kind(name: str) -> str:
    """A name in the data as one writes it."""
    return name.replace("_", " ")


def _key(board: Board, x: float, y: float, colour: str, dash: str, label: str) -> None:
    board.line(x, y - 4, x + 24, y - 4, colour, 2.5, dash)
    board.text(x + 31, y, label, size=12.5, halo=True)


def _weeks(board: Board, panel: Frame, w: Words) -> None:
    board.text((panel.left + panel.right) / 2, board.height - 14, w("Uger siden lodtrækningen", "Weeks since the draw"), anchor="middle", colour=SOFT, size=12)


