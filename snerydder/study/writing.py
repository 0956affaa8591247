"""Everything a run leaves behind: the report, its figures, its tables and where it came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from snerydder.effects.complier import Complier
from snerydder.study import tables
from snerydder.study.findings import Findings
from snerydder.study.progress import Progress, Silent
from snerydder.study.protocol import Protocol
from snerydder.study.report import curves, page, png, shapes
from snerydder.study.report.words import Words

WIDTHS = {"wide": curves.WIDE, "narrow": curves.NARROW}


def figures(protocol: Protocol, found: Findings, words: Words) -> dict[str, dict[str, str]]:
    """Each figure for a wide page and for a narrow one."""
    drawn: dict[str, dict[str, str]] = {"flow": {name: shapes.flow(found, words, width) for name, width in WIDTHS.items()}}
    for one in found.outcomes:
        drawn[f"effect-{one.name}"] = {name: curves.effect(one, words, width) for name, width in WIDTHS.items()}
        if one.splits:
            drawn[f"forest-{one.name}"] = {name: shapes.forest(one, protocol.alpha, words, width) for name, width in WIDTHS.items()}
        if isinstance(one.complier, Complier):
            curve = one.complier.curve
            drawn[f"late-{one.name}"] = {
                name: curves.receipt(one, curve.effect, curve.error, one.band.pointwise, words, width) for name, width in WIDTHS.items()
            }
    if found.delivery:
        for kind in ("share", "minutes"):
            drawn[kind] = {name: curves.delivery(found.delivery, words, width, kind) for name, width in WIDTHS.items()}
    return drawn


def steps(protocol: Protocol) -> int:
    """About how many times `write` moves the line."""
    return 4 + 3 * len(protocol.outcomes)


def write(folder: Path, protocol: Protocol, found: Findings, trace: dict[str, Any], english: bool = False, progress: Progress | None = None) -> Path:
    """The path of the report."""
    words, progress = Words(english), progress or Silent()
    progress.stage("tegner figurerne")
    pictures = figures(protocol, found, words)
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    for name, drawn in pictures.items():
        (folder / "figures" / f"{name}.svg").write_text(drawn["wide"], encoding="utf-8")
        (folder / "figures" / f"{name}.png").write_bytes(png.png(drawn["wide"]))
        progress.step()
    progress.stage("skriver tabeller og rapport")
    tables.write(folder, protocol, found)
    (folder / "results.json").write_text(tables.results(protocol, found), encoding="utf-8")
    (folder / "provenance.json").write_text(json.dumps(trace, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    report = folder / "report.html"
    report.write_text(page.page(protocol, found, trace, pictures, words), encoding="utf-8")
    progress.step()
    return report
