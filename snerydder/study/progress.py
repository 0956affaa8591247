"""How far a run is: one line that moves for a person at a screen, one plain line a stage in a log."""

from __future__ import annotations

import sys
from typing import TextIO

WIDTH = 24
ENGLISH = {
    "opdigter forsøget": "inventing the trial", "læser registret": "reading the register", "finder udfaldene": "finding the outcomes", "trækker lod om": "drawing lots again",
    "regner effekterne": "counting the effects", "regner balance, indsats og økonomi": "counting balance, support and money", "tegner figurerne": "drawing the figures",
    "regner tider, kortlægning og styrke": "counting times, mapping and power", "sammenligner uden lodtrækning": "comparing without a lottery", "skriver tabeller og rapport": "writing tables and report",
}  # fmt: skip


class Progress:
    """`total` is a number of steps of about the same length; `stage` names what begins now."""

    def __init__(self, total: int = 0, to: TextIO | None = None, english: bool = False) -> None:
        self.english, self.total, self.done, self.to, self.said = english, max(total, 1), 0, to or sys.stderr, ""
        self.moving = self.to.isatty()

    def stage(self, what: str) -> None:
        what = ENGLISH.get(what, what) if self.english else what
        if what != self.said:
            self.said = what
            self._show() if self.moving else self.to.write(f"{what} ...\n")

    def step(self, steps: int = 1) -> None:
        self.done = min(self.total, self.done + steps)
        if self.moving:
            self._show()

    def close(self) -> None:
        if self.moving:
            self.to.write("\r\033[K")
            self.to.flush()

    def _show(self) -> None:
        full = WIDTH * self.done // self.total
        self.to.write(f"\r\033[K{'█' * full}{'░' * (WIDTH - full)} {100 * self.done // self.total:3d} %  {self.said}")
        self.to.flush()


class Silent(Progress):
    """For a program that calls the engine."""

    def stage(self, what: str) -> None:
        pass

    def step(self, steps: int = 1) -> None:
        pass
