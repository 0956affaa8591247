"""The list of weekly codes: a data file one can replace, with how sure each line is and when it holds.

Columns: scheme, code_from, code_to, label_da, label_en, group, on_transfer, education, employed, exit_or_censor, confidence,
source, and where needed valid_from and valid_to (dates). The narrowest range that holds in the week wins. `sure` and `confirmed`
may stand in a final run; `likely` and `guess` must first be confirmed against the code book that came with the extract.

The numbers of two schemes collide (511 is a start-up allowance in DREAM and a student in RAS), so a list holds one scheme only
and says which.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from snerydder.registers import weeks
from snerydder.registers.faults import BadInput, some

HERE = Path(__file__).parent
SHIPPED = {scheme: HERE / scheme / "codes.csv" for scheme in ("dream", "ras", "egen")}
SCHEMES = tuple(SHIPPED)
CONFIDENCE = ("confirmed", "sure", "likely", "guess")
FIRM = ("confirmed", "sure")
NEEDED = ("scheme", "code_from", "code_to", "label_da", "label_en", "group", "on_transfer", "education", "employed", "exit_or_censor", "confidence")
ALWAYS = (-(2**31), 2**31)  # weeks


@dataclass(frozen=True)
class Code:
    first: int
    last: int
    label: str
    label_en: str
    group: str
    on_transfer: bool
    education: bool
    employed: bool
    leaves: bool  # dead, abroad or pensioned
    confidence: str
    begin: int = ALWAYS[0]  # the first week the line holds
    end: int = ALWAYS[1]  # the first week it no longer does

    @property
    def dead(self) -> bool:
        return self.group == "DEAD"

    @property
    def abroad(self) -> bool:
        return self.group == "EMIG"

    @property
    def firm(self) -> bool:
        return self.confidence in FIRM


@dataclass(frozen=True)
class CodeList:
    file: Path
    scheme: str
    rows: tuple[Code, ...]

    def find(self, code: int, week: int | None = None) -> Code | None:
        """What the code means in the week; without a week, what it means at any time."""
        fitting = [row for row in self.rows if row.first <= code <= row.last and (week is None or row.begin <= week < row.end)]
        return min(fitting, key=lambda row: row.last - row.first, default=None)

    @property
    def edges(self) -> NDArray[np.int64]:
        """The weeks in which the list changes."""
        return np.array(sorted({edge for row in self.rows for edge in (row.begin, row.end)} - set(ALWAYS)), dtype=np.int64)

    def table(self, codes: Sequence[str], mark: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The edges, and for each stretch between them what the list says of each code (stretches × codes)."""
        edges = self.edges
        told = np.zeros((len(edges) + 1, len(codes)), dtype=bool)
        for stretch, week in enumerate([ALWAYS[0], *edges.tolist()]):
            for place, code in enumerate(codes):
                row = self.find(int(code), week) if code else None
                told[stretch, place] = row is not None and bool(getattr(row, mark))
        return edges, told


def read(file: Path | None = None, scheme: str = "dream") -> CodeList:
    """The list in `file`, or the one shipped for the scheme."""
    file = file or SHIPPED[scheme]
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            table = list(csv.DictReader(opened))
    except FileNotFoundError:
        raise BadInput(
            file, "Kodelisten findes ikke.", mend="Ret [register] codes i protokollen, eller fjern linjen for at bruge den medfølgende."
        ) from None
    except UnicodeDecodeError:
        raise BadInput(file, "Kodelisten er ikke gemt som UTF-8.", mend="Gem den igen med kodningen UTF-8.") from None
    if missing := [name for name in NEEDED if not table or name not in table[0]]:
        raise BadInput(file, f"Kolonnen {some(missing)} mangler.", expected="de samme kolonner som i den medfølgende codes.csv, adskilt af komma")
    numbered = [(number, row) for number, row in enumerate(table, start=2) if (row["code_from"] or "").strip()]
    for number, row in numbered:
        if row["scheme"] != scheme:
            raise BadInput(
                file,
                f"Koden {row['code_from']} hører til {row['scheme']!r}.",
                f"række {number}",
                f"{scheme!r}, som protokollen siger",
                "De to lister bruger de samme tal om forskellige ting: brug én ad gangen.",
            )
    rows = [(number, _code(file, number, row)) for number, row in numbered]
    _one_meaning(file, rows)
    return CodeList(file, scheme, tuple(row for _, row in rows))


def _code(file: Path, number: int, row: dict[str, str]) -> Code:
    where = f"række {number}"
    try:
        first, last = int(row["code_from"]), int(row["code_to"])
    except (ValueError, TypeError):
        raise BadInput(file, f"Koden {row['code_from']!r}-{row['code_to']!r} er ikke hele tal.", where, "tre cifre, fx 651") from None
    if not 0 < first <= last <= 999:
        raise BadInput(file, f"Kodeområdet {first}-{last} vender forkert eller er uden for 1-999.", where)
    if row["confidence"] not in CONFIDENCE:
        raise BadInput(
            file,
            f"Sikkerheden {row['confidence']!r} kendes ikke.",
            where,
            " eller ".join(CONFIDENCE),
            "Skriv confirmed, når koden er slået efter i kodebogen.",
        )
    for name in ("on_transfer", "education", "exit_or_censor"):
        if row[name] not in ("0", "1"):
            raise BadInput(file, f"{row[name]!r} er hverken ja eller nej.", f"{where}, kolonne {name}", "1 eller 0")
    on_transfer, education, employed, leaves = (row[name] == "1" for name in ("on_transfer", "education", "employed", "exit_or_censor"))
    begin, end = _valid(file, number, row)
    return Code(first, last, row["label_da"], row["label_en"], row["group"], on_transfer, education, employed, leaves, row["confidence"], begin, end)


def _valid(file: Path, number: int, row: dict[str, str]) -> tuple[int, int]:
    """Both days count, and a code stands for a week with one day in it."""
    days = {}
    for name in ("valid_from", "valid_to"):
        if text := (row.get(name) or "").strip():
            days[name] = weeks.day_of_text(text)
            if days[name] is None:
                raise BadInput(
                    file, f"{text!r} er ikke en dato.", f"række {number}, kolonne {name}", "fx 2014-01-01, eller tomt når der ikke er nogen grænse"
                )
    first, last = days.get("valid_from"), days.get("valid_to")
    if first and last and last < first:
        raise BadInput(file, f"Koden gælder til {last}, før den begynder {first}.", f"række {number}", "valid_from før valid_to")
    return weeks.week_of(first) if first else ALWAYS[0], weeks.week_of(last) + 1 if last else ALWAYS[1]


def _one_meaning(file: Path, rows: list[tuple[int, Code]]) -> None:
    """Two equally narrow lines about one code in one week would leave the meaning to their order."""
    for place, (number, one) in enumerate(rows):
        for other_number, other in rows[:place]:
            same = one.last - one.first == other.last - other.first and max(one.first, other.first) <= min(one.last, other.last)
            if same and max(one.begin, other.begin) < min(one.end, other.end):
                raise BadInput(
                    file,
                    f"Koden {max(one.first, other.first)} står to gange og gælder samtidig.",
                    f"række {other_number} og {number}",
                    "én linje om hver kode på hver tid",
                    "Behold den rigtige, eller giv dem hver sin tid i valid_from og valid_to.",
                )
