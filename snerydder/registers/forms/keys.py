"""Two files about the same people whose keys were spelt by two programs."""

from __future__ import annotations

from collections.abc import Sequence, Set
from pathlib import Path

from snerydder.registers import formats
from snerydder.registers.faults import BadInput


def _plain(key: str) -> str:
    return key.lower().removesuffix(".0").replace("-", "").replace(" ", "").lstrip("0")


def refuse_lookalikes(file: Path, column: str, people: Sequence[str], wanted: Set[str], absent: Set[str]) -> None:
    """A drawn person who is here under another spelling is not a person who never had a benefit."""
    if not absent:
        return
    sought = {_plain(key): key for key in sorted(absent)}
    for row, person in enumerate(people):
        key = sought.get(_plain(person))
        if key is not None and person not in wanted:
            raise BadInput(
                file, f"Nøglen {key} fra lodtrækningen findes ikke her, men det gør {person}.", f"række {formats.row_number(file, row)}, kolonne {column}",
                "den samme nøgle, tegn for tegn, i begge filer", "Et nul foran, en bindestreg eller store bogstaver er gået tabt undervejs: skriv begge filer igen med nøglen som tekst.",
            )  # fmt: skip
