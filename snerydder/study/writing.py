"""Everything a run leaves behind: the report, its figures, its tables and where it came from."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from snerydder.effects.complier import Complier
from snerydder.effects.results import Refused
from snerydder.study import results_file, tables
from snerydder.study.compared import Compared, described, plain
from snerydder.study.findings import Delivery
from snerydder.study.gate import PublishedStudy
from snerydder.study.mapping import Courses
from snerydder.study.money import Money
from snerydder.study.progress import Progress, Silent
from snerydder.study.protocol import Protocol
from snerydder.study.report import account, compared, curves, durations, made, page, png, shapes, small, sure
from snerydder.study.words import Words

WIDTHS = {"wide": curves.WIDE, "narrow": curves.NARROW}


def figures(protocol: Protocol, published: PublishedStudy, words: Words) -> dict[str, dict[str, str]]:
    """Each figure for a wide page and for a narrow one."""
    found = published.trial
    drawn: dict[str, Callable[[float], str]] = {"flow": partial(shapes.flow, found, protocol.strata_name, words)}
    for one in found.outcomes:
        if np.isfinite(one.control).any():
            drawn[f"effect-{one.name}"] = partial(curves.effect, one, words)
        if one.splits:
            drawn[f"forest-{one.name}"] = partial(shapes.forest, one, protocol.alpha, words)
        if any(np.isfinite(panel.effect).any() for panel in one.panels):
            title = words(f"{one.short}: forskellen uge for uge i hver undergruppe", f"{one.short_en}: the difference week by week in each subgroup")
            drawn[f"parts-{one.name}"] = partial(small.multiples, one.panels, title, f"parts-{one.name}", words)
        if one is found.outcomes[0] and any(np.isfinite(panel.effect).any() for panel in one.by_place):
            title = words(f"{one.short}: forskellen uge for uge i hvert stratum", f"{one.short_en}: the difference week by week in each stratum")
            drawn[f"places-{one.name}"] = partial(small.multiples, one.by_place, title, f"places-{one.name}", words)
        if one.definitions:
            title = words(f"{one.short} målt på flere måder: forskellen uge for uge", f"{one.short_en} measured in several ways: the difference week by week")
            panels = [replace(row.panel, part=words(row.label, row.label_en)) for row in one.definitions]
            drawn[f"definitions-{one.name}"] = partial(small.multiples, panels, title, f"definitions-{one.name}", words)
        if one.receipt_band is not None and isinstance(one.complier, Complier) and np.isfinite(one.complier.curve.effect).any():
            drawn[f"late-{one.name}"] = partial(curves.receipt, one, one.complier.curve.effect, one.receipt_band, words)
    for looked, one in zip(found.looks, found.outcomes, strict=False):
        if not isinstance(looked, Refused):
            drawn[f"looks-{one.name}"] = partial(sure.looks_figure, looked, one, words)
    for kind in ("share", "minutes"):
        if found.delivery is not None and np.isfinite(getattr(found.delivery, kind)).any():
            drawn[kind] = partial(_delivery, found.delivery, words, kind)
    if not isinstance(found.reached, Refused):
        drawn["reached"] = partial(durations.reached, found.reached, found.outcomes, words)
    if not isinstance(found.benefit, Refused):
        drawn["benefit"] = partial(durations.benefit, found.benefit, words)
    if isinstance(found.mapped.courses, Courses):
        drawn["length"] = partial(durations.length, found.mapped.courses, words)
        drawn["follows"] = partial(durations.follows, found.mapped.courses, words)
    if not isinstance(found.power, Refused):
        asked = [(words(one.question.name, one.question.name_en), one.question.effect, one.table) for one in found.power]
        drawn["power"] = partial(shapes.powers, asked, protocol.power["wanted"], words)
    if isinstance(found.money, Money) and not isinstance(found.money.tornado, Refused):
        bars = [(account.bar_name(bar.name, words), bar.at_low, bar.at_high) for bar in found.money.tornado]
        drawn["tornado"] = partial(shapes.tornado, bars, found.money.views["public"].effect, words)
    return {name: {size: draw(width) for size, width in WIDTHS.items()} for name, draw in drawn.items()}


def _delivery(found: Delivery, words: Words, kind: str, width: float) -> str:
    return curves.delivery(found, words, width, kind)


def steps(protocol: Protocol) -> int:
    """About how many times `write` moves the line."""
    return 8 + 5 * len(protocol.outcomes)


def settled(folder: Path, protocol: Protocol, published: PublishedStudy, trace: dict[str, Any], english: bool = False, progress: Progress | None = None) -> Path:
    """All or nothing: written beside, then moved in place of the run before, whose tables must not be taken for this one's."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".skriver-") as made:
        write(Path(made), protocol, published, trace, english, progress)
        shutil.rmtree(folder / "figures", ignore_errors=True)
        for name in tables.COLUMNS:
            for kind in ("csv", "parquet"):
                (folder / f"{name}.{kind}").unlink(missing_ok=True)
        for file in sorted(Path(made).iterdir()):
            os.replace(file, folder / file.name)
    return folder / "report.html"


def write(folder: Path, protocol: Protocol, published: PublishedStudy, trace: dict[str, Any], english: bool = False, progress: Progress | None = None) -> Path:
    """The path of the report. Only what the gate has let through can be written."""
    if not isinstance(published, PublishedStudy):
        raise TypeError("the disclosure gate comes first: gate.apply")
    found = published.found
    words, progress = Words(english), progress or Silent()
    progress.stage("tegner figurerne")
    pictures = _compared(published, words) if isinstance(found, Compared) else figures(protocol, published, words)
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    for name, drawn in pictures.items():
        drawn |= {"name": name, "made": made.line(name, protocol, trace, words)}
        (folder / "figures" / f"{name}.svg").write_text(drawn["wide"], encoding="utf-8")
        (folder / "figures" / f"{name}.png").write_bytes(png.png(drawn["wide"]))
        progress.step()
    progress.stage("skriver tabeller og rapport")
    tables.write(folder, {"compared": plain(published.comparison), "described": described(published.comparison)} if isinstance(found, Compared) else tables.rows(protocol, published))
    (folder / "results.json").write_text(results_file.compared(published) if isinstance(found, Compared) else results_file.results(protocol, published), encoding="utf-8")
    (folder / "provenance.json").write_text(json.dumps(trace, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    report = folder / "report.html"
    markup = compared.markup(protocol, published, trace, pictures, words) if isinstance(found, Compared) else page.page(protocol, published, trace, pictures, words)
    report.write_text(markup, encoding="utf-8")
    progress.step()
    return report


def _compared(published: PublishedStudy, words: Words) -> dict[str, dict[str, str]]:
    found = published.comparison
    described_ = [one for one in found.outcomes if bool(np.isfinite(one.started).any())]
    told = {f"described-{one.name}": {size: compared.description(one, words, width) for size, width in WIDTHS.items()} for one in described_}
    shown = [one for one in found.outcomes if one.curve is not None and one.band is not None and bool(np.isfinite(one.curve.effect).any())]
    return told | {f"compared-{one.name}": {size: compared.figure(one, words, width) for size, width in WIDTHS.items()} for one in shown}
