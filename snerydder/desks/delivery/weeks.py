"""The curves: of all whose week has come, how many had a mentor, how many had contact, and how long on average, nobody left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from snerydder.desks.delivery.courses import Part
from snerydder.study.report.curves import Frame, frame
from snerydder.study.report.svg import CONTROL, SOFT, TREATED, Board
from snerydder.ui.formats import antal

LEAST = 5  # of fewer persons no week is shown
WIDE, NARROW = 760.0, 360.0
YEAR = 52


@dataclass(frozen=True)
class Week:
    number: int
    persons: int
    mentor: float
    contact: float
    minutes: float
    shown: bool = True


def weeks(part: Part) -> list[Week]:
    """From the week of the start to the last that five persons have come to."""
    found = []
    for number, persons in enumerate(part.seen):
        if persons < LEAST:
            break  # fewer and fewer come so far
        found.append(Week(number, persons, part.mentor[number] / persons, part.contact[number] / persons, part.minutes[number] / persons))
    return found


def percent(value: float) -> str:
    return antal(round(100 * value)) + ("%" if get_language() == "en" else " %")


@dataclass(frozen=True)
class Line:
    label: str
    values: Sequence[float | None]
    colour: str = TREATED
    dash: str = ""


def shares(found: Sequence[Week], name: str = "andel") -> dict[str, str]:
    """Has a mentor, and had contact in the week: drawn for a wide and for a narrow page."""
    lines = [Line(_("Har en mentor"), [week.mentor for week in found], CONTROL, "7 5"), Line(_("Kontakt i ugen"), [week.contact for week in found])]
    return _both(name, _("Andel med mentor og med kontakt uge for uge"), said_of(found), lines, 1.0, percent)


def minutes(found: Sequence[Week], name: str = "minutter") -> dict[str, str]:
    values = [week.minutes for week in found]
    top = float(max(100, np.ceil(max(values, default=0) / 20) * 20))
    return _both(name, _("Minutter om ugen for hver, nuller talt med"), minutes_said(found), [Line("", values)], top, lambda value: antal(round(value)))


def arms(found: Mapping[str, Sequence[Week]]) -> dict[str, str]:
    """Contact in the week, arm by arm; where a week is held back the line is broken."""
    title = _("Andel med kontakt uge for uge i hver gruppe")
    return _both("arme", title, _("Alle, der er trukket lod om, er med. Uger med få personer er holdt tilbage."), _arm_lines(found, "contact"), 1.0, percent, _("Uger siden lodtrækningen"))


def arms_minutes(found: Mapping[str, Sequence[Week]]) -> dict[str, str]:
    lines = _arm_lines(found, "minutes")
    most = max((value for line in lines for value in line.values if value is not None), default=0)
    top = float(max(100, np.ceil(most / 20) * 20))
    title = _("Minutter om ugen for hver, nuller talt med")
    return _both("arme-minutter", title, _("Alle, der er trukket lod om, er med. Uger med få personer er holdt tilbage."), lines, top, lambda value: antal(round(value)), _("Uger siden lodtrækningen"))


def _arm_lines(found: Mapping[str, Sequence[Week]], name: str) -> list[Line]:
    looks = ((TREATED, ""), (CONTROL, "7 5"), (SOFT, "2 4"))
    return [
        Line(label, [getattr(week, name) if week.shown else None for week in curve], *looks[place % 3])
        for place, (label, curve) in enumerate(found.items())
    ]  # fmt: skip


def said_of(found: Sequence[Week]) -> str:
    """The talk's own span: from week 5 to week 40."""
    span = [week.contact for week in found if 5 <= week.number <= 40]
    if not span:
        return _("Der er kun få uger at se på endnu.")
    told = {"last": min(40, found[-1].number), "mean": percent(sum(span) / len(span)), "low": percent(min(span)), "high": percent(max(span))}
    return _("Uge 5-%(last)s: %(mean)s havde kontakt i ugen i gennemsnit, mindst %(low)s og højst %(high)s.") % told


def minutes_said(found: Sequence[Week]) -> str:
    span = [week.minutes for week in found if 5 <= week.number < YEAR]
    if not span:
        return _("Der er kun få uger at se på endnu.")
    return _("Uge 5-%(last)s: %(minutes)s minutter om ugen i gennemsnit.") % {"last": min(YEAR - 1, found[-1].number), "minutes": antal(round(sum(span) / len(span)))}


def _both(name: str, title: str, said: str, lines: Sequence[Line], top: float, label, axis: str = "") -> dict[str, str]:  # type: ignore[no-untyped-def]
    return {key: _drawn(f"{name}-{key}", width, title, said, lines, top, label, axis or _("Uger siden start")) for key, width in (("wide", WIDE), ("narrow", NARROW))}


def _drawn(name: str, width: float, title: str, said: str, lines: Sequence[Line], top: float, label, axis: str) -> str:  # type: ignore[no-untyped-def]
    board = Board(width, 310, title, said, name)
    last = max([1, *(len(line.values) - 1 for line in lines)])
    named = [line for line in lines if line.label]
    panel = frame(board, float(last), 0, top, 34 if named else 16, 250, label, True)
    if last > YEAR:
        board.line(panel.x(YEAR), panel.top, panel.x(YEAR), panel.bottom, SOFT, 1, "2 3")
        board.text(panel.x(YEAR) + 6, panel.top + 12, _("12 måneder"), colour=SOFT, size=12, halo=True)
    for line in lines:
        for piece in _pieces(line.values):
            board.curve([(panel.x(week), panel.y(value)) for week, value in piece], line.colour, 2.5, line.dash)
    _legend(board, panel, named)
    board.text((panel.left + panel.right) / 2, 294, axis, anchor="middle", colour=SOFT, size=12)
    return board.markup()


def _pieces(values: Sequence[float | None]) -> list[list[tuple[float, float]]]:
    """The unbroken stretches; a week that stands alone is a short stroke."""
    found: list[list[tuple[float, float]]] = [[]]
    for week, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append((float(week), float(value)))
    return [piece if len(piece) > 1 else [piece[0], (piece[0][0] + 0.4, piece[0][1])] for piece in found if piece]


def _legend(board: Board, panel: Frame, lines: Sequence[Line]) -> None:
    for place, line in enumerate(lines):
        x = panel.left + place * (150 if board.narrow else 200)
        board.line(x, 12, x + 26, 12, line.colour, 2.5, line.dash)
        board.text(x + 32, 16, line.label, colour=SOFT, size=12)


