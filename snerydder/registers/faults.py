"""Bad input as a sentence: which file, where in it, what was found, what was expected, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass
class BadInput(Exception):
    file: Path | str
    what: str
    where: str = ""  # "række 12, kolonne y_1253"
    expected: str = ""
    mend: str = ""

    def __str__(self) -> str:
        place = f"{self.file}" + (f", {self.where}" if self.where else "")
        parts = [f"{place}: {self.what}"]
        if self.expected:
            parts.append(f"Forventet: {self.expected}")
        if self.mend:
            parts.append(f"Gør: {self.mend}")
        return "\n  ".join(parts)


def some(values: list[str] | tuple[str, ...], most: int = 5) -> str:
    """A list short enough to read in a sentence."""
    shown = ", ".join(str(value) for value in values[:most])
    return shown if len(values) <= most else f"{shown} og {len(values) - most} til"
