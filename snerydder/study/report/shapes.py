"""The other pictures: who went where, and the effect in each part of the target group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from snerydder.effects.results import Curve, Refused
from snerydder.study.findings import OutcomeFound
from snerydder.study.found import Findings
from snerydder.study.report.svg import CONTROL, FAINT, INK, PAPER, SOFT, TREATED, Board, ends, marks, scale
from snerydder.study.words import Words


def flow(found: Findings, strata: str, words: Words, width: float) -> str:
    """From the draw to the analysis, after CONSORT."""
    w = words
    narrow = width < 500
    title = w("Fra lodtrækning til opgørelse", "From draw to analysis")
    board = Board(width, 330, title, w(f"{w.held(found.drawn)} trukket, {w.number(found.treated)} til mentor og {w.number(found.control)} til kontrol; alle er med i opgørelsen.",
                                       f"{w.held(found.drawn)} drawn, {w.number(found.treated)} to a mentor and {w.number(found.control)} to control; all are analysed."), f"flow-{int(width)}")  # fmt: skip
    middle, gap = width / 2, 10 if narrow else 40
    span = (width - gap - 8) / 2
    left, right = 4 + span / 2, width - 4 - span / 2
    top_width = 220.0
    _card(
        board,
        middle,
        8,
        top_width,
        [
            w(f"Trukket lod om {w.held(found.drawn)}", f"Drawn: {w.held(found.drawn)}"),
            w(f"i {found.strata} {strata}", f"in {found.strata} strata") if found.strata > 1 else w("i én lodtrækning", "in one lottery"),
        ],
        INK,
    )
    board.curve([(middle, 66), (middle, 88)], SOFT, 1.2)
    board.curve([(left, 110), (left, 88), (right, 88), (right, 110)], SOFT, 1.2)
    received = (
        [
            w(f"{w.held(found.received)} fik kontakt", f"{w.held(found.received)} had contact"),
            w(f"{w.held(found.treated - found.received)} fik ikke", f"{w.held(found.treated - found.received)} had none"),
        ]
        if found.received is not None
        else [w("kontakt kendes ikke", "contact not known"), ""]
    )
    _card(
        board,
        left,
        110,
        span,
        [w(f"Deltagere {w.number(found.treated)}", f"Participants {w.number(found.treated)}"), w("tilbudt mentor", "offered a mentor")],
        TREATED,
    )
    _card(
        board,
        right,
        110,
        span,
        [w(f"Kontrol {w.number(found.control)}", f"Control {w.number(found.control)}"), w("vanlig indsats", "usual support")],
        CONTROL,
    )
    for x, lines, colour in ((left, received, TREATED), (right, [w("ingen mentor", "no mentor"), w("fra forsøget", "from the trial")], CONTROL)):
        board.curve([(x, 168), (x, 190)], SOFT, 1.2)
        _card(board, x, 190, span, lines, colour)
        board.curve([(x, 248), (x, 270)], SOFT, 1.2)
    for x, count, colour in ((left, found.treated, TREATED), (right, found.control, CONTROL)):
        _card(board, x, 270, span, [w(f"Opgjort {w.number(count)}", f"Analysed {w.number(count)}"), w("som trukket", "as drawn")], colour)
    return board.markup()


def _card(board: Board, x: float, y: float, width: float, lines: list[str], colour: str) -> None:
    board.box(x - width / 2, y, width, 58, PAPER, FAINT, 6)
    board.box(x - width / 2, y, 5, 58, colour, radius=2)
    board.text(x, y + 25, lines[0], anchor="middle", weight=600, size=14)
    board.text(x, y + 45, lines[1], anchor="middle", colour=SOFT, size=12.5)


def forest(found: OutcomeFound, alpha: float, words: Words, width: float) -> str:
    """One line a part, grouped by the question; the whole trial as a thin line through them all."""
    w = words
    narrow = width < 500
    rows = sum(len(split.parts) for split in found.splits)
    row_height, group = (40.0, 26.0) if narrow else (26.0, 26.0)
    height = 40 + rows * row_height + len(found.splits) * group + 44
    title = w(
        f"{found.short}: forskel i undergrupper, gennemsnit af ugerne i sammendraget",
        f"{found.short_en}: difference in subgroups, mean of the summary weeks",
    )
    board = Board(
        width,
        height,
        title,
        w(
            "Hver linje er en undergruppe med sit interval. Tallene står i tabellen nedenunder.",
            "Each line is a subgroup with its interval. The numbers are in the table below.",
        ),
        f"forest-{found.name}-{int(width)}",
    )
    curves = [part.curve for split in found.splits for part in split.parts if isinstance(part.curve, Curve)]
    low, high = ends(0.0, found.summary.effect, *(edge for curve in curves for edge in (curve.effect[0], *(bound[0] for bound in curve.interval(alpha)))), step=0.005)
    left, right = (8.0, width - 8) if narrow else (250.0, width - 150)
    x = scale(low - 0.005, high + 0.005, left + 8, right - 8)
    bottom = height - 40
    for value, label in marks(low - 0.005, high + 0.005, 5, lambda value: w.points(value, 0)):
        board.line(x(value), 24, x(value), bottom, INK if abs(value) < 1e-12 else FAINT)
        board.text(x(value), bottom + 16, label, anchor="middle", colour=SOFT, size=12)
    if np.isfinite(found.summary.effect):
        whole = x(found.summary.effect)
        board.line(whole, 24, whole, bottom, TREATED, 1, "4 4")
        board.text(whole, 16, w(f"alle {w.points(found.summary.effect)}", f"all {w.points(found.summary.effect)}"), anchor="middle", colour=TREATED, size=12)
    y = 32.0
    for split in found.splits:
        y += group
        board.text(8, y - 6, split.name, weight=600, halo=True)
        for part in split.parts:
            y += row_height
            _row(board, part.name, part.persons, part.curve, alpha, x, y - 8, w, right)
    board.text((left + right) / 2, height - 6, w("procentpoint", "percentage points"), anchor="middle", colour=SOFT, size=12)
    return board.markup()


def _row(board: Board, name: str, persons: float, curve: Curve | Refused, alpha: float, x, y: float, w: Words, right: float) -> None:  # type: ignore[no-untyped-def]
    label = f"{name} ({w.held(persons)})"
    if isinstance(curve, Refused):
        board.text(20, y, label, colour=SOFT)
        board.text(board.width - 8, y, w("for få til et tal", "too few for a number"), anchor="end", colour=SOFT, size=12)
        return
    low, high = (float(bound[0]) for bound in curve.interval(alpha))
    effect = float(curve.effect[0])
    numbers = f"{w.points(effect)} ({w.pair(w.points(low), w.points(high))})"
    line = y - 4
    if board.narrow:
        board.text(12, y - 12, label, size=12.5, halo=True)
        board.text(board.width - 8, y - 12, numbers, anchor="end", size=12, colour=SOFT, halo=True)
        line = y + 2
    else:
        board.text(20, y, label)
        board.text(board.width - 4, y, numbers, anchor="end", size=12.5)
    outside = low > 0 or high < 0
    if np.isfinite(low):
        board.line(x(low), line, x(high), line, TREATED if outside else SOFT, 2.5)
    board.dot(x(effect), line, TREATED if outside else SOFT, 4.5, hollow=not outside)


def tornado(bars: Sequence[tuple[str, float, float]], total: float, words: Words, width: float) -> str:
    """The total when one number at a time stands at the ends of its range, the widest first."""
    w, narrow = words, width < 500
    height = 44.0 if narrow else 30.0
    board = Board(width, 56 + height * len(bars) + 44, w("Hvad regnestykket hviler på", "What the account rests on"), w("Den bredeste bjælke er det tal, der betyder mest.", "The widest bar is the number that matters most."), f"tornado-{int(width)}")
    low, high = ends(total, *(end for bar in bars for end in bar[1:]), step=1.0)
    span = high - low
    left, right = (12.0, width - 12) if narrow else (200.0, width - 20)
    x = scale(low - 0.06 * span, high + 0.06 * span, left, right)
    bottom = 40 + height * len(bars)
    for value, label in marks(low - 0.06 * span, high + 0.06 * span, 3 if narrow else 6, w.number):
        if not left + 24 < x(value) < right - 24:
            continue
        board.line(x(value), 30, x(value), bottom, INK if abs(value) < 1e-9 else FAINT)
        board.text(x(value), bottom + 18, label, anchor="middle", colour=SOFT, size=12)
    for number, (name, low, high) in enumerate(bars):
        y = 40 + height * number + (20 if narrow else 4)
        board.text(12 if narrow else left - 12, y - 6 if narrow else y + 13, name, anchor="start" if narrow else "end", size=12.5, halo=True)
        first, second = sorted((low, high))
        board.box(x(first), y, max(x(total) - x(first), 0), 18, CONTROL)
        board.box(x(total), y, max(x(second) - x(total), 0), 18, TREATED)
    board.line(x(total), 26, x(total), bottom, INK, 1.5)
    board.text(x(total), 18, w(f"som regnet: {w.number(total)} kr.", f"as counted: {w.number(total)} kr."), anchor="middle", weight=600, size=12.5)
    board.text((left + right) / 2, board.height - 8, w("kroner pr. person for det offentlige", "kroner per person for the public"), anchor="middle", colour=SOFT, size=12)
    return board.markup()


def powers(tables: Sequence[tuple[str, float, Sequence[tuple[float, float, float]]]], wanted: float, words: Words, width: float) -> str:
    """The chance of finding a difference, by its size: one line when a single week is decided on beforehand, one for the whole curve."""
    w, narrow = words, width < 500
    count = len(tables)
    board = Board(width, 44 + 220 * count if narrow else 290, w("Hvor stor en forskel forsøget kunne vise", "How large a difference the trial could show"), w("Sandsynligheden for at finde en forskel efter dens størrelse.", "The chance of finding a difference, by its size."), f"power-{int(width)}")
    for number, (name, effect, rows) in enumerate(tables):
        top = 30.0 + 220 * number if narrow else 30.0
        left = 46.0 if narrow else 46.0 + number * (width - 10) / count
        right = width - 14 if narrow else (number + 1) * (width - 10) / count - 12
        bottom = top + 150 if narrow else 226.0
        most = max((abs(size) for size, _, _ in rows), default=0.0) or abs(effect) or 0.01
        x, y = scale(0, most, left, right), scale(0, 1, bottom, top)
        board.text(left - 42, top - 12, name, weight=600)
        for value, label in marks(0, 1, 5, lambda value: w.percent(value, 0)):
            board.line(left, y(value), right, y(value), INK if value == 0 else FAINT)
            board.text(left - 8, y(value) + 4, label, anchor="end", colour=SOFT, size=12)
        for value, label in marks(0, most, 5, lambda value: w.number(100 * value)):
            board.text(x(value), bottom + 18, label, anchor="middle", colour=SOFT, size=12)
        board.line(left, y(wanted), right, y(wanted), SOFT, 1, "2 3")
        for column, colour, dash in ((2, CONTROL, "7 5"), (1, TREATED, "")):
            board.curve([(x(abs(row[0])), y(row[column])) for row in rows], colour, 2.5, dash)
        chance = float(np.interp(abs(effect), [abs(row[0]) for row in rows], [row[1] for row in rows]))
        board.dot(x(abs(effect)), y(chance), TREATED, 4.5)
        board.text(x(abs(effect)) + 10, y(chance) + 16, w(f"ventet: {w.number(100 * abs(effect))}", f"expected: {w.number(100 * abs(effect))}"), size=12, colour=TREATED, weight=600, halo=True)
    board.text(width / 2, board.height - 8, w("Forskel i procentpoint. Fuld streg: én uge, valgt på forhånd. Stiplet: hele kurven", "Difference in points. Solid: one week, chosen beforehand. Dashed: whole curve") if not narrow else w("Forskel i procentpoint. Fuld: én uge. Stiplet: hele kurven", "Difference in points. Solid: one week. Dashed: whole curve"), anchor="middle", colour=SOFT, size=12)
    return board.markup()
