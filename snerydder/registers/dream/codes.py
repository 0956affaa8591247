"""The list of weekly codes: a data file one can replace, with how sure each line is.

Columns: code_from, code_to, label_da, label_en, group, on_transfer, education, employed, exit_or_censor, confidence, source, and
where needed valid_from, valid_to. The narrowest range wins. `sure` and `confirmed` may stand in a final run; `likely` and
`guess` must first be confirmed against the code book that came with the extract.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from snerydder.registers.faults import BadInput, some

SHIPPED = Path(__file__).with_name("codes.csv")
CONFIDENCE = ("confirmed", "sure", "likely", "guess")
FIRM = ("confirmed", "sure")
NEEDED = ("code_from", "code_to", "label_da", "label_en", "group", "on_transfer", "education", "exit_or_censor", "confidence")


@dataclass(frozen=True)
class Code:
    first: int
    last: int
    label: str
    label_en: str
    group: str
    on_transfer: bool
    education: bool
    leaves: bool  # dead, abroad or pensioned
    confidence: str

    @property
    def gone(self) -> bool:
        """Dead or abroad: a protocol may choose not to look at those weeks. A pensioner is still here."""
        return self.group in ("DEAD", "EMIG")


@dataclass(frozen=True)
class CodeList:
    file: Path
    rows: tuple[Code, ...]

    def find(self, code: int) -> Code | None:
        fitting = [row for row in self.rows if row.first <= code <= row.last]
        return min(fitting, key=lambda row: row.last - row.first, default=None)


def read(file: Path = SHIPPED) -> CodeList:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            table = list(csv.DictReader(opened))
    except FileNotFoundError:
        raise BadInput(file, "Kodelisten findes ikke.", mend="Ret [register] codes i protokollen, eller fjern linjen for at bruge den medfølgende.") from None
    if missing := [name for name in NEEDED if not table or name not in table[0]]:
        raise BadInput(file, f"Kolonnen {some(missing)} mangler.", expected="de samme kolonner som i den medfølgende codes.csv")
    return CodeList(file, tuple(_code(file, number, row) for number, row in enumerate(table, start=2) if row["code_from"].strip()))


def _code(file: Path, number: int, row: dict[str, str]) -> Code:
    where = f"række {number}"
    try:
        first, last = int(row["code_from"]), int(row["code_to"])
    except (ValueError, TypeError):
        raise BadInput(file, f"Koden {row['code_from']!r}-{row['code_to']!r} er ikke hele tal.", where, "tre cifre, fx 651") from None
    if not 0 < first <= last <= 999:
        raise BadInput(file, f"Kodeområdet {first}-{last} vender forkert eller er uden for 1-999.", where)
    if row["confidence"] not in CONFIDENCE:
        raise BadInput(file, f"Sikkerheden {row['confidence']!r} kendes ikke.", where, " eller ".join(CONFIDENCE), "Skriv confirmed, når koden er slået efter i kodebogen.")
    marks = {name: row[name].strip() == "1" for name in ("on_transfer", "education", "exit_or_censor")}
    return Code(first, last, row["label_da"], row["label_en"], row["group"], marks["on_transfer"], marks["education"], marks["exit_or_censor"], row["confidence"])
