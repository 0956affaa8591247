"""The other pictures: who went where, and the effect in each part of the target group."""

from __future__ import annotations

from snerydder.effects.results import Curve, Refused
from snerydder.study.findings import Findings, OutcomeFound
from snerydder.study.report.svg import CONTROL, FAINT, INK, PAPER, SOFT, TREATED, Board, scale, ticks
from snerydder.study.report.words import Words


def flow(found: Findings, words: Words, width: float) -> str:
    """From the draw to the analysis, after CONSORT."""
    w = words
    narrow = width < 500
    title = w("Fra lodtrækning til opgørelse", "From draw to analysis")
    board = Board(width, 330, title, w(f"{w.number(found.drawn)} trukket, {w.number(found.treated)} til mentor og {w.number(found.control)} til kontrol; alle er med i opgørelsen.",
                                       f"{w.number(found.drawn)} drawn, {w.number(found.treated)} to a mentor and {w.number(found.control)} to control; all are analysed."), f"flow-{int(width)}")  # fmt: skip
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
            w(f"Trukket lod om {w.number(found.drawn)}", f"Drawn: {w.number(found.drawn)}"),
            w(f"i {found.strata} kommuner", f"in {found.strata} strata"),
        ],
        INK,
    )
    board.curve([(middle, 66), (middle, 88)], SOFT, 1.2)
    board.curve([(left, 110), (left, 88), (right, 88), (right, 110)], SOFT, 1.2)
    received = (
        [
            w(f"{w.number(found.received)} fik kontakt", f"{w.number(found.received)} had contact"),
            w(f"{w.number(found.treated - found.received)} fik ikke", f"{w.number(found.treated - found.received)} had none"),
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
        [w(f"Kontrol {w.number(found.control)}", f"Control {w.number(found.control)}"), w("vanlig indsats", "usual effort")],
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
        f"{found.short}: effekt i undergrupper, gennemsnit af ugerne i sammendraget",
        f"{found.short_en}: effect in subgroups, mean of the summary weeks",
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
    ends = [bound[0] for curve in curves for bound in curve.interval(alpha)] + [0.0]
    left, right = (8.0, width - 8) if narrow else (250.0, width - 150)
    x = scale(min(ends) - 0.005, max(ends) + 0.005, left + 8, right - 8)
    bottom = height - 40
    for value in ticks(min(ends) - 0.005, max(ends) + 0.005, 5):
        board.line(x(value), 24, x(value), bottom, INK if abs(value) < 1e-12 else FAINT)
        board.text(x(value), bottom + 16, w.points(value, 0), anchor="middle", colour=SOFT, size=12)
    board.line(x(found.summary.effect), 24, x(found.summary.effect), bottom, TREATED, 1, "4 4")
    board.text(
        x(found.summary.effect),
        16,
        w(f"alle {w.points(found.summary.effect)}", f"all {w.points(found.summary.effect)}"),
        anchor="middle",
        colour=TREATED,
        size=12,
    )
    y = 32.0
    for split in found.splits:
        y += group
        board.text(8, y - 6, split.name, weight=600, halo=True)
        for part in split.parts:
            y += row_height
            _row(board, part.name, part.persons, part.curve, alpha, x, y - 8, w, right)
    board.text((left + right) / 2, height - 6, w("procentpoint", "percentage points"), anchor="middle", colour=SOFT, size=12)
    return board.markup()


def _row(board: Board, name: str, persons: int, curve: Curve | Refused, alpha: float, x, y: float, w: Words, right: float) -> None:  # type: ignore[no-untyped-def]
    label = f"{name} ({w.number(persons)})"
    if isinstance(curve, Refused):
        board.text(20, y, label, colour=SOFT)
        board.text(board.width - 8, y, w("for få til et tal", "too few for a number"), anchor="end", colour=SOFT, size=12)
        return
    low, high = (float(bound[0]) for bound in curve.interval(alpha))
    effect = float(curve.effect[0])
    numbers = f"{w.points(effect)} ({w.points(low)}; {w.points(high)})"
    line = y - 4
    if board.narrow:
        board.text(12, y - 12, label, size=12.5, halo=True)
        board.text(board.width - 8, y - 12, numbers, anchor="end", size=12, colour=SOFT, halo=True)
        line = y + 2
    else:
        board.text(20, y, label)
        board.text(board.width - 4, y, numbers, anchor="end", size=12.5)
    outside = low > 0 or high < 0
    board.line(x(low), line, x(high), line, TREATED if outside else SOFT, 2.5)
    board.dot(x(effect), line, TREATED if outside else SOFT, 4.5, hollow=not outside)
