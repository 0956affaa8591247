"""What the engine says of a protocol and of a delivery. It is loaded when it is asked for: most who visit the site never ask."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snerydder.evaluation.worker import PROTOCOL
from snerydder.registers.faults import BadInput

if TYPE_CHECKING:
    from snerydder.study.protocol import Protocol


def protocol(text: str) -> Protocol:
    """As the engine reads it. Raises BadInput."""
    from snerydder.study import new, protocol

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / PROTOCOL
        file.write_text(text, encoding="utf-8")
        if waiting := new.unfilled(file):
            number, line = waiting[0]
            told = f"{len(waiting)} linjer er ikke udfyldt endnu. Den første: {line.partition('#')[0].strip()}"
            raise BadInput(PROTOCOL, told, f"linje {number}", mend="Skriv jeres eget i stedet for UDFYLD.")
        return protocol.read(file)


def template(own: bool = False) -> str:
    """The engine's own, with explanations, for whoever begins with nothing: over a register, or the municipality's own outcome file."""
    from snerydder.study import new

    return new.template(own)


def weigh(folder: Path) -> dict[str, Any]:
    """The delivery's manifest, counted here and held against the senders': each sender of a part has a note of its own. Raises BadInput."""
    from snerydder.study import manifest

    notes = sorted(folder.glob("manifest*.json"))
    if not notes:
        expected, mend = "en fil, hvor afsenderen har talt filerne", "Afsenderen laver den med: snerydder study manifest FILER"
        raise BadInput(manifest.NAME, "Følgesedlen mangler.", expected=expected, mend=mend)
    return manifest.check(manifest.joined(manifest.read(note) for note in notes), folder)
