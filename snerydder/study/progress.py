"""How far a run is: one line that moves for a person at a screen, one plain line a stage in a log."""

from __future__ import annotations

import sys
from typing import TextIO

WIDTH = 24


class Progress:
    """`total` is a number of steps of about the same length; `stage` names what begins now."""

    def __init__(self, total: int = 0, to: TextIO | None = None) -> None:
        self.total, self.done, self.to, self.said = max(total, 1), 0, to or sys.stderr, ""
        self.moving = self.to.isatty()

    def stage(self, what: str) -> None:
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
