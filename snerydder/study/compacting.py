"""`study compact FILE --out NAME.compact`: a register made compact once, for every study after; and its counts held against another engine's."""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snerydder.registers.faults import BadInput
from snerydder.registers.source import ENDS
from snerydder.study.progress import Progress

if TYPE_CHECKING:  # what counts is loaded by whoever counts: a help text should not wait for it
    from snerydder.panel import Spells

CELLS, WEEKS = 97, 104


def options(verbs: Any) -> None:
    verb = verbs.add_parser("compact", help="gør en registerfil kompakt")
    verb.add_argument(
        "register", type=Path, help="bred .parquet eller .csv; lang eller spells som .parquet; eller en .compact, der skal prøves efter"
    )
    verb.add_argument("--out", type=Path, help="den nye mappe, NAVN.compact")
    for name, default, words in (
        ("key", "pnr", "personens nøgle"),
        ("code", "code", "ydelseskoden"),
        ("week", "week", "ugen"),
        ("from", "begin", "forløbets første uge"),
        ("to", "end", "forløbets ende; --to-is siger, hvad der står der"),
    ):
        verb.add_argument(f"--{name}", dest=name + "_", default=default, help=f"kolonnen med {words}")
    verb.add_argument("--to-is", choices=ENDS, default="", help="last: kolonnen har forløbets sidste uge; after: den første uge efter")
    verb.add_argument("--spells", type=Path, help="skriv også spells som Parquet, til DuckDB, Spark og andre")
    verb.add_argument("--check-with", choices=("duckdb", "spark"), help="tæl det samme med en anden maskine; tallene skal være ens")
    verb.set_defaults(do=make)


def make(chosen: argparse.Namespace) -> int:
    from snerydder.registers import compact, compact_import

    folder = chosen.register
    if not folder.is_dir():
        if chosen.out is None:
            raise BadInput("study compact", "--out mangler.", expected="navnet på den nye mappe, fx dream.compact")
        folder = chosen.out
        columns, progress = compact_import.Columns(chosen.key_, chosen.code_, chosen.week_, chosen.from_, chosen.to_, chosen.to_is), Progress(100)
        progress.stage("gør registret kompakt")
        try:
            compact_import.make(chosen.register, folder, columns, lambda done, total: progress.step(100 * done // total - progress.done))
        finally:
            progress.close()
    manifest, spells = compact.read(folder), compact.open(folder)
    size = sum(one["bytes"] for one in manifest["files"].values())
    print(
        f"{folder}: {manifest['persons']} personer, {manifest['spells']} spells, {manifest['weeks']} uger fra {manifest['first_week']}, {len(manifest['codes']) - 1} koder, {size / 1e6:.1f} MB"
    )
    if chosen.spells or chosen.check_with:
        return _spells(chosen, folder, spells)
    return 0


def _spells(chosen: argparse.Namespace, folder: Path, spells: Spells) -> int:
    from snerydder.registers.engines import sql

    file = chosen.spells or folder.with_suffix(".spells.parquet")
    try:
        sql.spells_parquet(spells, file)
        return _same(chosen.check_with, spells, file) if chosen.check_with else 0
    finally:
        if not chosen.spells:
            file.unlink(missing_ok=True)


def _same(engine: str, spells: Spells, file: Path) -> int:
    """Everybody, two years from a week of each one's own, every code apart: the kernel's cube and the engine's."""
    import numpy as np
    import polars as pl

    from snerydder.registers import kernels
    from snerydder.registers.engines import sql

    for package in ("ibis", "pyspark" if engine == "spark" else "duckdb"):
        if find_spec(package) is None:
            raise BadInput(
                "study compact",
                f"--check-with {engine} kræver pakken {package}.",
                mend='Kør `python3 manage.py test --spark` én gang, eller installér med ".[engines]".',
            )
    n, codes = len(spells.persons), len(spells.codes) - 1
    rows = np.arange(n)
    start, cell = spells.first + rows * 13 % max(len(spells.covered) - WEEKS, 1), rows % CELLS
    ours = kernels.count(spells, rows, start, WEEKS, cell, CELLS, np.arange(codes + 1) - 1, codes)
    listed = {int(code): place for place, code in enumerate(spells.codes[1:])}
    asked = (file, pl.Series(spells.persons, dtype=pl.String), start, WEEKS, cell, CELLS, listed, codes)
    if engine == "spark":
        with sql.spark() as connection:
            theirs = sql.count(connection, *asked)
    else:
        theirs = sql.count(sql.duckdb(), *asked)
    same = np.array_equal(ours, theirs)
    print(
        f"{engine}: {ours.size} tal, {int(ours.sum())} personuger; "
        + ("alle ens" if same else f"{int((ours != theirs).sum())} forskellige, den største forskel {int(np.abs(ours - theirs).max())}")
    )
    return 0 if same else 1
