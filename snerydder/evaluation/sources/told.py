# da-file: the words of the sources, which are Danish, and ours beside them
"""What a run left behind, as the comparison asks for it. Read from the run's own files: nothing is counted again."""

from __future__ import annotations

import csv
import json
from functools import cached_property
from pathlib import Path
from typing import Any

FULL_TIME_MOST, PART_TIME_MOST = "flest fuldtid", "flest deltid"


class Told:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.results: dict[str, Any] = json.loads((folder / "results.json").read_text(encoding="utf-8"))

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as opened:
            return list(csv.DictReader(opened))

    @cached_property
    def weekly(self) -> dict[tuple[str, int], dict[str, float]]:
        rows = self.table("weekly")
        return {(row["outcome"], int(row["week"])): {name: float(value) for name, value in row.items() if value and name != "outcome"} for row in rows}

    @cached_property
    def balance(self) -> dict[str, tuple[float, float]]:
        return {row["name"]: (float(row["control"]), float(row["treated"])) for row in self.table("balance")}

    @cached_property
    def delivery(self) -> list[tuple[float, float]]:
        """The share with a mentor and the minutes, by week."""
        return [(float(row["share_with_contact"]), float(row["minutes"])) for row in self.table("delivery")]

    @cached_property
    def places(self) -> dict[str, dict[str, float]]:
        return {row["name"]: {name: float(value) for name, value in row.items() if name != "name"} for row in self.table("places")}

    @cached_property
    def subgroups(self) -> dict[tuple[str, str, str], dict[str, float]]:
        rows = self.table("subgroups")
        return {(row["outcome"], row["split"], row["part"]): {name: float(row[name]) for name in ("effect", "lower", "upper") if row[name]} for row in rows}

    def outcome(self, name: str) -> dict[str, Any]:
        return next(one for one in self.results["outcomes"] if one["name"] == name)

    def point(self, label: str) -> float:
        """The share of one point of the method."""
        one = next(each for each in self.results["points"] if each["label"] == label)
        return float(one["numerator"] / one["denominator"])

    def survey(self, place: int) -> float:
        return float(self.results["mapped"]["survey"][place]["share"])

    @property
    def courses(self) -> dict[str, Any]:
        return dict(self.results["mapped"]["courses"])

    def hired(self) -> dict[str, str]:
        """How each municipality hires: the four kinds of the talk."""
        return {name: _kind(place["full_time"], place["part_time"]) for name, place in self.places.items()}

    def load(self) -> dict[str, str]:
        """Participants per full-time mentor, in the talk's bands."""
        return {name: _band(place["per_full_time"]) for name, place in self.places.items()}


def _kind(full: float, part: float) -> str:
    if not part:
        return "kun fuldtid"
    return "lige mange" if full == part else FULL_TIME_MOST if full > part else PART_TIME_MOST


def _band(each: float) -> str:
    return "under 10" if each < 10 else "10-14" if each < 15 else "15-19" if each < 20 else "20+"
