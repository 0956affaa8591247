"""Danish first, English beside it, and numbers as each language writes them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

MONTHS = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december")
MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
NARROW = "\u202f"
UNKNOWN = "–"  # there is no such number
HELD = "·"  # what the disclosure gate keeps back


@dataclass(frozen=True)
class Words:
    english: bool = False

    def __call__(self, danish: str, english: str) -> str:
        return english.replace("\u00a0%", "%").replace(" %", "%") if self.english else danish  # English sets the sign close

    @property
    def language(self) -> str:
        return "en" if self.english else "da"

    def number(self, value: float, decimals: int = 0) -> str:
        if not math.isfinite(value):
            return UNKNOWN if math.isnan(value) else "∞" if value > 0 else "−∞"
        text = f"{abs(value):,.{decimals}f}"
        if not self.english:
            text = text.translate(str.maketrans(",.", ".,"))
        return ("−" if value < 0 and float(f"{abs(value):.{decimals}f}") != 0 else "") + text

    def percent(self, share: float, decimals: int = 1) -> str:
        return f"{self.number(100 * share, decimals)}{'' if self.english else chr(160)}%"

    def points(self, share: float, decimals: int = 1, sign: bool = True) -> str:
        """Percentage points, with their sign."""
        text = self.number(100 * share, decimals)
        return f"+{text}" if sign and share > 0 and not text.startswith("−") and float(f"{100 * share:.{decimals}f}") != 0 else text

    def pair(self, low: str, high: str, between: str = "; ") -> str:
        """Two limits, or one dash where there are none."""
        return low if low == high == UNKNOWN else f"{low}{between}{high}"

    def p(self, value: float) -> str:
        smallest = 0.001
        return f"<\u00a0{self.number(smallest, 3)}" if value < smallest else self.number(value, 3)

    def p_is(self, value: float) -> str:
        """In a sentence: p = 0,043, or p < 0,001."""
        told = self.p(value)
        return f"p\u00a0{told}" if told.startswith("<") else f"p\u00a0=\u00a0{told}"

    def held(self, count: float) -> str:
        """A count that may be shown, or the mark of one held back."""
        return self.number(count) if math.isfinite(count) else HELD

    def kroner(self, value: float) -> str:
        return f"{self.number(value)}\u00a0kr."

    def day(self, day: date) -> str:
        return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}" if self.english else f"{day.day}. {MONTHS[day.month - 1]} {day.year}"

    def weeks(self, low: int, high: int) -> str:
        """From one week to another, or the one there is."""
        return self("uge ", "week " if low == high else "weeks ") + (f"{low}" if low == high else f"{low}-{high}")

    def week(self, name: str) -> str:
        """2012-W34 as one says it."""
        year, number = name.split("-W")
        return self(f"uge {int(number)} i {year}", f"week {int(number)} of {year}")
